"""The same figures as tables: this period beside the one before, and counts by kind."""

import pandas as pd
import streamlit as st

from data.exchange.tables import Cell
from optimization.programme import ProgrammeFigures, Tally
from pages.report_parts.headlines import UNDATED
from pages.report_parts.view import difference


def comparison(found: ProgrammeFigures, before: ProgrammeFigures) -> list[dict[str, Cell]]:
    """Return one row a figure: now, before, difference, how it was counted."""
    rows: list[dict[str, Cell]] = []
    for fact in found.facts:
        former = before.fact(fact.key)
        dated = fact.key not in UNDATED
        rows.append(
            {
                "Chiffre": fact.label,
                found.span.label: fact.text,
                before.span.label: former.text if dated else "–",
                "Écart": difference(fact.value, former.value) if dated else "–",
                "Comment c’est compté": fact.how,
            }
        )
    return rows


def draw(found: ProgrammeFigures, before: ProgrammeFigures) -> None:
    """Draw the comparison, then the counts."""
    st.dataframe(
        pd.DataFrame(comparison(found, before)),
        hide_index=True,
        height=35 * (len(found.facts) + 1) + 2,
        alt="Tous les chiffres de la période, à côté de la période précédente",
    )
    shown = [one for one in (found.by_college, found.by_epci, found.by_event) if one.rows]
    for column, tally in zip(st.columns(max(len(shown), 1)), shown, strict=False):
        with column:
            st.subheader(tally.label, anchor=False, help=tally.rows[0].how)
            st.dataframe(
                pd.DataFrame(tally_rows(tally)), hide_index=True, alt=tally.label,
            )  # fmt: skip


def tally_rows(tally: Tally) -> list[dict[str, Cell]]:
    """Return one row a count."""
    return [
        {_heading(tally): row.label,
         "Nombre": int(row.value or 0)}
        for row in tally.rows
    ]  # fmt: skip


def _heading(tally: Tally) -> str:
    word = tally.label.partition(" par ")[2]
    return word[:1].upper() + word[1:] or "Rubrique"
