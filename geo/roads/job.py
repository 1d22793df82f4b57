"""The import as work for another process: plain arguments in, what is kept out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.roads.download import download_region
from geo.roads.shelf import Kept, Wish, import_network

Tell = Callable[[dict[str, Any]], None]
_DOWNLOADING = 0.5


def import_job(tell: Tell, should_stop: Callable[[], bool], wish: Wish, directory: Path) -> Kept:
    """Build a network; runs in the worker."""
    return import_network(wish, directory, tell=_teller(tell, 0.0), should_stop=should_stop)


def download_job(
    tell: Tell,
    should_stop: Callable[[], bool],
    place: tuple[str, str],
    wish: Wish,
    directory: Path,
) -> Kept:
    """Fetch an extract and build its network; runs in the worker.

    Args:
        tell: see ``optimization.worker``.
        should_stop: idem.
        place: server and region.
        wish: its path is the folder for the extract.
        directory: of the networks.
    """
    server, region = place
    extract = download_region(
        region,
        wish.path,
        server=server,
        tell=lambda share, what: tell({"share": _DOWNLOADING * share, "message": what}),
        should_stop=should_stop,
    )
    return import_network(
        replace(wish, path=extract),
        directory,
        tell=_teller(tell, _DOWNLOADING),
        should_stop=should_stop,
    )


def _teller(tell: Tell, begin: float) -> Callable[[float, str], None]:
    return lambda share, what: tell({"share": begin + (1 - begin) * share, "message": what})
