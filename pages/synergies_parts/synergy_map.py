"""« Carte »: synergies as links by status, and the same in a table."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from data.french import number
from data.model import Synergy
from geo.layers import spread_positions, synergies_layer
from pages.synergies_parts import board, filters, state
from pages.synergies_parts.view import View
from pages.ui import chrome, icons, maps, wording
from pages.ui.session import theme
from pages.ui.synergy_layer import SynergyAssets, SynergyLayer, payload_of

_HEIGHT: Final = 620


def draw(view: View) -> None:
    """Draw the map and its table."""
    if chrome.presenting():
        _map(view, view.synergies, scale=maps.LARGE)
        return
    kept = filters.draw(view)
    if not kept:
        st.info(
            "Aucune synergie à dessiner, avec ces filtres et dans cette vue.",
            icon=icons.MATERIAL_FILTER,
        )
        return
    drawn = _map(view, kept, scale=1.0)
    missing = len(kept) - drawn
    if missing:
        words = wording.plural(missing, "synergie n’est", "synergies ne sont")
        st.caption(
            f"{number(missing)} {words} pas sur la carte, faute de deux acteurs connus\u202f; "
            "le tableau les contient."
        )
    st.header("Les mêmes synergies en tableau", anchor=False)
    lines = board.rows(view, kept)
    columns = ["Synergie", "Statut", "Parties", "EPCI", "Ressource", "t/an", "Fiabilité"]
    st.dataframe(
        pd.DataFrame(lines)[columns],
        hide_index=True,
        column_config={"t/an": st.column_config.NumberColumn(format="localized")},
        placeholder="–",
        alt="Tableau des synergies de la carte",
    )


def _map(view: View, kept: Sequence[Synergy], *, scale: float) -> int:
    """Draw the map and return how many synergies are on it."""
    colors = theme()
    actors = view.snapshot.actor
    layer = synergies_layer(kept, actors, positions=spread_positions(view.snapshot.actors))
    maps.show_map(
        "synergies",
        view.snapshot.territory,
        SynergyLayer(payload_of(layer, actors, theme=colors)),
        theme=colors,
        height=_HEIGHT,
        scale=scale,
        label="Carte des synergies\u202f; le tableau sous la carte dit la même chose",
        on_click=state.open_synergy,
        plugins=(SynergyAssets(),),
    )
    return len(layer["features"])
