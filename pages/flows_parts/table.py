"""The same flows as a sortable table; a row chosen is a selection like another."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from data.french import NNBSP, number
from data.model import Reliability, ResourceFamily, Stream
from pages.flows_parts.choice import Choice
from pages.flows_parts.details import GAPS
from pages.flows_parts.view import FlowView, Picture
from pages.ui import wording

_SHOWN: Final = 2000
_DIGITS: Final = 3


def draw(
    view: FlowView, shown: Picture, choice: Choice, on_choice: Callable[[Choice], None]
) -> None:
    """Draw the table of the links kept and selected, the heaviest first."""
    order = np.argsort(-np.nan_to_num(shown.measured.value, nan=-1.0), kind="stable")[:_SHOWN]
    frame = rows(view, shown).iloc[order]
    ids = tuple(shown.links.frame["link_id"].iloc[order])
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    key = f"flows-table-{digest}"
    wanted = [ids.index(choice.link)] if choice.link in ids else []
    if _rows(key) != wanted:
        st.session_state[key] = {"selection": {"rows": wanted, "columns": [], "cells": []}}
    value = _value_column(shown)
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(460, 36 * (len(frame) + 1) + 3),
        on_select=partial(_choose, key, ids, choice, on_choice),
        selection_mode="single-row",
        column_config={
            "Ressource": st.column_config.TextColumn(pinned=True),
            value: st.column_config.NumberColumn(format="localized"),
            "au moins": st.column_config.NumberColumn(format="localized"),
            "au plus": st.column_config.NumberColumn(format="localized"),
            "Année": st.column_config.NumberColumn(format="%d"),
        },
        placeholder="–",
        alt="Tableau des flux affichés sur la carte",
    )
    hidden = len(shown.links) - len(frame)
    if hidden > 0:
        st.caption(
            f"Les {number(_SHOWN)} plus gros sur {number(len(shown.links))}{NNBSP}; filtrez pour "
            "voir les autres."
        )


def rows(view: FlowView, shown: Picture) -> pd.DataFrame:
    """Return the links as people read them, in the links' order."""
    frame, places = shown.links.frame, shown.links.places
    names = {str(place): str(name) for place, name in places["name"].items()} | view.names
    streams = {s.value: wording.STREAM[s] for s in Stream}
    families = {f.value: wording.RESOURCE_FAMILY[f] for f in ResourceFamily}
    levels = {r.value: wording.RELIABILITY[r] for r in Reliability}
    measured = shown.measured
    data: dict[str, Any] = {
        "Ressource": frame["resource_name"],
        "Filière": frame["stream"].map(streams).fillna("non dite"),
        "De": frame["origin"].map(names),
        "Vers": frame["destination"].map(names),
        _value_column(shown): _three(measured.value),
        "au moins": _three(measured.low),
        "au plus": _three(measured.high),
        "Sens": frame["scope"].map(wording.FLOW_SCOPE),
        "Fiabilité": frame["reliability"].map(levels).fillna("somme confidentielle"),
        "Année": frame["year"],
        "Partenaire (mots de l’acteur)": frame["partner_label"],
        "Famille": frame["family"].map(families).fillna("non dite"),
        "Remarque": [GAPS.get(gap, "") for gap in frame["gap"]],
    }
    return pd.DataFrame(data)


def _value_column(shown: Picture) -> str:
    return f"Quantité ({shown.measured.unit})"


def _three(values: Any) -> list[float | None]:
    return [float(f"{v:.{_DIGITS}g}") if np.isfinite(v) else None for v in values]


def _rows(key: str) -> list[int]:
    held: Any = st.session_state.get(key) or {}
    return list(held.get("selection", {}).get("rows", []))


def _choose(
    key: str, ids: tuple[str, ...], choice: Choice, on_choice: Callable[[Choice], None]
) -> None:
    chosen = _rows(key)
    link = ids[chosen[0]] if chosen and chosen[0] < len(ids) else None
    on_choice(replace(choice, link=link))
