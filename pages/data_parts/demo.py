"""The demonstration: how much there is, take it away in one click, put it back."""

import dataclasses
from typing import Any, Final

import pandas as pd
import streamlit as st

from data import demo
from data.errors import CartofluxError
from data.french import number, tidy
from data.model import (
    Actor,
    Attendance,
    Card,
    Depot,
    Event,
    Flow,
    FlowStudy,
    Idea,
    Letter,
    Listing,
    Outlet,
    Plan,
    Scenario,
    Stop,
    Subscriber,
    Synergy,
    SynergyNote,
    Vehicle,
    Week,
    Workshop,
)
from data.rules import KIND_LABELS
from pages.data_parts.session import tell, tell_error
from pages.ui import icons, wording
from pages.ui.session import get_store, who

_KINDS: Final[tuple[type[Any], ...]] = (
    Actor,
    FlowStudy,
    Flow,
    Stop,
    Vehicle,
    Depot,
    Outlet,
    Scenario,
    Plan,
    Week,
    Listing,
    Workshop,
    Attendance,
    Card,
    Idea,
    Synergy,
    SynergyNote,
    Event,
    Subscriber,
    Letter,
)


@dataclasses.dataclass(frozen=True)
class _Count:
    kind: type[Any]
    demo: int
    field: int


def draw() -> None:
    """Draw the counts, and the button that fits."""
    counts = [_count(kind) for kind in _KINDS]
    total = sum(one.demo for one in counts)
    st.markdown(
        tidy(
            "La démonstration montre des acteurs réels décrits d’après des sources publiées, et "
            "des exemples inventés dont le nom finit par « (exemple) ». Elle ne se mélange jamais "
            "aux données du programme : une fiche que vous modifiez devient la vôtre, et reste."
        )
    )
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Fiches": KIND_LABELS[one.kind].capitalize(),
                    "Démonstration": one.demo,
                    "Programme": one.field,
                }
                for one in counts
            ]
        ),
        hide_index=True,
        width=480,
        alt="Nombre de fiches de démonstration et du programme",
    )
    if total:
        st.button(
            f"Retirer {number(total)} {wording.plural(total, 'fiche')} de démonstration",
            key="data-demo-remove",
            type="primary",
            icon=icons.MATERIAL_DEMO,
            on_click=_remove,
        )
        st.caption("Un seul clic\u202f; «\u00a0Annuler\u00a0» remet tout en place.")
    st.button(
        "Remettre ce qui manque de la démonstration" if total else "Installer la démonstration",
        key="data-demo-install",
        icon=":material/restart_alt:",
        on_click=_install,
    )


def _count(kind: type[Any]) -> _Count:
    records = get_store().list(kind)
    in_demo = sum(record.origin in demo.DEMO_ORIGINS for record in records)
    return _Count(kind, in_demo, len(records) - in_demo)


def _remove() -> None:
    _do(demo.remove)


def _install() -> None:
    _do(demo.install)


def _do(action: Any) -> None:
    try:
        report: demo.DemoReport = action(get_store(), who())
    except CartofluxError as error:
        tell_error(error)
        return
    # The report does not give its transaction: it is the latest one with our name and purpose.
    mine = (
        one.id
        for one in get_store().transactions(limit=5)
        if report.done and one.who == who() and "démonstration" in one.what
    )
    tell(report.message, good=report.done or None, undo=next(mine, None))
