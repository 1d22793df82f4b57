"""Demonstration data: real actors from published facts, and invented ones marked « (exemple) ».

The CSV files beside this module are written by ``python -m data.demo`` and committed.
"""

from functools import cache
from pathlib import Path

from data.demo.content import DemoData
from data.demo.files import from_files
from data.demo.install import DEMO_ORIGINS, DemoReport, install_into, remove
from data.store import Store

FOLDER = Path(__file__).resolve().parent

__all__ = ["DEMO_ORIGINS", "DemoData", "DemoReport", "install", "load_demo", "remove"]


@cache
def load_demo() -> DemoData:
    """Read the committed demonstration (once per process)."""
    return from_files(FOLDER)


def install(store: Store, who: str) -> DemoReport:
    """Put the committed demonstration into a store, in one transaction.

    Skipped whole, with a report that says so, when the store's territory is another one.
    """
    return install_into(store, load_demo(), who)
