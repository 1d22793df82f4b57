"""From a pooling to the rounds page, its stops, resource and quantities filled in."""

from collections.abc import Sequence

import streamlit as st

from data.model import Synergy, SynergyKind
from pages.synergies_parts.view import View
from pages.ui import icons

_FEWEST = 2


def draw(view: View, synergy: Synergy) -> None:
    """Draw the way to the rounds page, for a pooling with a resource."""
    if synergy.kind is SynergyKind.POOLING and synergy.resource_id:
        link(view, synergy.resource_id, [party.actor_id for party in synergy.parties])


def link(view: View, resource_id: str, actor_ids: Sequence[str]) -> None:
    """Draw a link to the rounds page with these actors' stops filled in."""
    known = [each for each in actor_ids if each in view.names]
    if len(known) < _FEWEST or resource_id not in view.snapshot.resource:
        return
    st.page_link(
        _rounds(),
        label=f"Préparer la tournée ({len(known)} points)",
        icon=icons.MATERIAL_ROUNDS,
        query_params={"ressource": resource_id, "acteurs": ",".join(known)},
        help="Ouvre la page Tournées avec ces acteurs, cette ressource et leurs quantités.",
    )


def _rounds() -> "st.Page":
    """Return the rounds page, known by its address only."""
    return st.Page(lambda: None, title="Tournées", url_path="tournees")
