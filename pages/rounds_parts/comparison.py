"""Two plans side by side."""

import pandas as pd
import streamlit as st

from data.figures import Figures
from data.model import VisitKind
from pages.rounds_parts.gains import gain_column
from pages.rounds_parts.shelf import Saved
from pages.rounds_parts.travel import Travels
from pages.ui import escape


def show_comparison(
    a: Saved,
    b: Saved,
    travels: Travels,
    figures: Figures,
    *,
    names: tuple[str, str] | None = None,
) -> None:
    """Draw two plans' measures, then which stops only one of them serves.

    Args:
        a: the first.
        b: the second.
        travels: where their distances come from.
        figures: the figures table.
        names: how to call them; by their own names by default.
    """
    called = names or (f"A\u202f: {a.plan.name}", f"B\u202f: {b.plan.name}")
    columns: dict[str, dict[str, str]] = {
        escape.markdown(name): gain_column(one.plan, one.scenario, travels.of(one.plan), figures)
        for name, one in zip(called, (a, b), strict=True)
    }
    st.table(pd.DataFrame(columns))
    for line in differences(a, b, names):
        st.markdown(line)


def differences(a: Saved, b: Saved, names: tuple[str, str] | None = None) -> list[str]:
    """Say which stops only one of two plans serves (Markdown)."""
    called = dict(zip((a.plan.id, b.plan.id), names or (a.plan.name, b.plan.name), strict=True))
    served = {one.plan.id: _served(one) for one in (a, b)}
    lines = []
    for mine, other in ((a, b), (b, a)):
        only = sorted(
            name
            for stop_id, name in served[mine.plan.id].items()
            if stop_id not in served[other.plan.id]
        )
        if only:
            listed = ", ".join(escape.markdown(name) for name in only)
            who = escape.markdown(called[mine.plan.id])
            lines.append(f"Desservis seulement par **{who}**\u202f: {listed}")
    return lines or ["Les deux plans desservent les mêmes points."]


def _served(one: Saved) -> dict[str, str]:
    names = {stop.id: stop.name for stop in one.scenario.stops}
    return {
        visit.place_id: names[visit.place_id]
        for trip in one.plan.rounds
        for visit in trip.visits
        if visit.kind is VisitKind.STOP
    }
