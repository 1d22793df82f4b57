"""Arriving from a pooling: the address says the resource and the actors, the form is filled in.

``/tournees?ressource=<id>&acteurs=<id>,<id>``: the page Synergies writes such links.
"""

import math
from dataclasses import replace
from typing import Final

import streamlit as st

from data.french import NNBSP, number
from data.model import Listing, Stop
from geo.flows import Viewer
from geo.flows.confidentiality import VISIBLE
from pages.rounds_parts import prefill, tables
from pages.rounds_parts.state import EditedTable, RoundsState, fresh_form
from pages.ui import escape
from pages.ui.session import get_store, snapshot
from pages.ui.viewer import is_local

RESOURCE: Final = "ressource"
ACTORS: Final = "acteurs"
_TOLD: Final = "rounds-arrived"
_MOST: Final = 500


def arrive(state: RoundsState) -> None:
    """Fill the form in from the address, once; the form left behind is kept for its resource."""
    resource_id, asked = st.query_params.get(RESOURCE, ""), st.query_params.get(ACTORS, "")
    if asked:
        st.query_params.pop(ACTORS, None)
        st.query_params.pop(RESOURCE, None)
        told = _fill(state, resource_id, asked.split(",")[:_MOST])
        st.session_state[_TOLD] = (told, state.form.version)
    held: tuple[str, int] | None = st.session_state.get(_TOLD)
    if held is not None and held[1] == state.form.version:
        st.info(escape.markdown(held[0]), icon=":material/hub:")


def _fill(state: RoundsState, resource_id: str, actor_ids: list[str]) -> str:
    """Fill the form in, and say so."""
    records, store = snapshot(), get_store()
    allowed = VISIBLE[Viewer.TEAM if is_local() else Viewer.PUBLIC]
    resource = records.resource.get(resource_id)
    actors = [
        actor
        for id_ in dict.fromkeys(actor_ids)
        if (actor := records.actor.get(id_)) is not None and actor.visibility in allowed
    ]
    if resource is None or not actors:
        return (
            "Ce lien demande une ressource ou des acteurs qui ne sont pas ici"
            f"{NNBSP}: choisissez-les ci-dessous."
        )
    listings = [
        one for one in store.list(Listing, resource_id=resource_id) if one.visibility in allowed
    ]
    chosen = prefill.pooled_stops(
        actors,
        stops=store.list(Stop),
        flows=records.flows,
        listings=listings,
        resource=resource,
        figures=records.figures,
    )
    fresh = fresh_form(store, records, resource_id, state.form.version + 1)
    ids = frozenset(stop.id for stop in chosen)
    others = [stop for id_, stop in fresh.known_stops.items() if id_ not in ids]
    shown = [*chosen, *others]
    state.drafts[state.form.resource_id] = state.form
    state.form = replace(
        fresh,
        stops=EditedTable.of(tables.stops_table(shown, records.commune, ids)),
        vehicles=EditedTable.of(tables.vehicles_table(list(fresh.known_vehicles.values()))),
        known_stops={stop.id: stop for stop in shown},
    )
    state.shown, state.error = None, None
    missing = sum(math.isnan(stop.kg_per_visit) for stop in chosen)
    ask = (
        f" {number(missing)} quantités restent à saisir dans le tableau des points."
        if missing
        else ""
    )
    return (
        f"Depuis une synergie{NNBSP}: {number(len(actors))} acteurs à collecter ensemble "
        f"({resource.name}).{ask}"
    )
