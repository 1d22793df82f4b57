"""Filters of the follow-up: EPCI, status, owner, words; kept in the address bar."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.model import Synergy
from data.synergies import STATUS_NAMES
from data.text import fold
from pages.synergies_parts.view import View
from pages.ui import icons

_NOBODY: Final = "Sans responsable"


def draw(view: View) -> tuple[Synergy, ...]:
    """Draw the filters and return the synergies they keep."""
    owners = sorted({s.owner for s in view.synergies if s.owner}, key=fold)
    if any(not s.owner for s in view.synergies):
        owners.append(_NOBODY)
    epcis = {epci.short_name: epci.code for epci in view.snapshot.epci.values()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="synergies-filters"):
        text = st.text_input(
            "Rechercher",
            key="mots",
            type="search",
            live=True,
            icon=icons.MATERIAL_SEARCH,
            placeholder="Titre, acteur, ressource…",
            max_chars=100,
            width=260,
            bind="query-params",
        )
        places = st.multiselect(
            "EPCI", list(epcis), key="epci", placeholder="Tous", width=220, bind="query-params"
        )
        statuses = st.multiselect(
            "Statut",
            list(STATUS_NAMES.values()),
            key="statut",
            placeholder="Tous",
            width=260,
            bind="query-params",
        )
        who = st.multiselect(
            "Responsable",
            owners,
            key="responsable",
            placeholder="Tous",
            width=220,
            bind="query-params",
        )
    codes = {epcis[name] for name in places}
    words = fold(text or "").split()
    return tuple(
        synergy
        for synergy in view.synergies
        if (not codes or codes & view.epcis[synergy.id])
        and (not statuses or STATUS_NAMES[synergy.status] in statuses)
        and _owned(synergy, who)
        and (not words or all(word in _text(view, synergy) for word in words))
    )


def _owned(synergy: Synergy, wanted: Sequence[str]) -> bool:
    return not wanted or (synergy.owner or _NOBODY) in wanted


def _text(view: View, synergy: Synergy) -> str:
    resource = view.snapshot.resource.get(synergy.resource_id or "")
    names = (view.names.get(party.actor_id, "") for party in synergy.parties)
    return fold(
        " ".join(
            (
                synergy.title,
                synergy.description,
                synergy.next_step,
                synergy.owner,
                resource.name if resource else "",
                *names,
            )
        )
    )
