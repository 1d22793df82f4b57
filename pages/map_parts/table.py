"""The same actors as a sortable table, and as files."""

import hashlib
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.exchange.tables import Row, Sheet, csv_bytes, xlsx_bytes
from data.french import significant
from data.model import Actor, Direction, Flow
from geo.exports import actors_geojson, actors_geopackage
from geo.select import Selected, Selection
from pages.map_parts import state
from pages.map_parts.card import amount
from pages.map_parts.view import PublicView
from pages.ui import icons, wording

_OUT: Final = "Sorties (t/an)"
_IN: Final = "Entrées (t/an)"
ACTOR_COLUMNS: Final = (
    "Nom",
    "Type",
    "Collège",
    "Commune",
    "EPCI",
    "Activité",
    "Compétences",
    "Flux",
    _OUT,
    _IN,
    "Position",
    "Adresse",
    "Latitude",
    "Longitude",
    "Site",
    "Source",
    "Origine",
)
"""Columns of files: an actor's contact is personal data and is never among them."""
FLOW_COLUMNS: Final = (
    "Acteur",
    "Sens",
    "Ressource",
    "Filière",
    "Quantité",
    "Tonnes par an",
    "Tonnes par an, au moins",
    "Tonnes par an, au plus",
    "Année",
    "Fiabilité",
    "Comment",
    "Source",
    "Origine",
)
_ON_SCREEN: Final = ACTOR_COLUMNS[:11]


def draw(view: PublicView, selection: Selection, kept: Selected) -> None:
    """Draw the table; a row chosen opens the card of its actor, and the other way round."""
    ids = tuple(actor.id for actor in kept.actors)
    frame = pd.DataFrame(
        [actor_row(view, actor) for actor in kept.actors], columns=list(_ON_SCREEN)
    )
    # Rows are numbers: another list of actors is another table, or a number kept from the list
    # before would open the wrong card.
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    key = f"map-table-{digest}"
    wanted = [ids.index(selection.actor)] if selection.actor in ids else []
    if _rows(key) != wanted:
        st.session_state[key] = {"selection": {"rows": wanted, "columns": [], "cells": []}}
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(460, 36 * (len(frame) + 1) + 3),
        on_select=partial(_choose, key, ids),
        selection_mode="single-row",
        column_config={
            _OUT: st.column_config.NumberColumn(format="localized"),
            _IN: st.column_config.NumberColumn(format="localized"),
        },
        placeholder="–",
        alt="Tableau des acteurs affichés sur la carte",
    )


def _rows(key: str) -> list[int]:
    held: Any = st.session_state.get(key) or {}
    return list(held.get("selection", {}).get("rows", []))


def _choose(key: str, ids: tuple[str, ...]) -> None:
    rows = _rows(key)
    state.open_card(ids[rows[0]] if rows and rows[0] < len(ids) else None)


def downloads(view: PublicView, kept: Selected) -> None:
    """Offer the filtered actors and their flows as files, made only when asked for."""
    actors, flows = kept.actors, kept.flows
    files = (
        ("GeoJSON", "geojson", "application/geo+json", partial(actors_geojson, actors, flows)),
        (
            "GeoPackage",
            "gpkg",
            "application/geopackage+sqlite3",
            partial(actors_geopackage, actors, flows),
        ),
        ("CSV", "csv", "text/csv", partial(actors_csv, view, kept)),
        (
            "Excel",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            partial(workbook, view, kept),
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="map-downloads"):
        st.markdown("Télécharger les acteurs affichés\u202f:", width="content")
        for label, extension, mime, make in files:
            st.download_button(
                label,
                make,
                file_name=f"acteurs.{extension}",
                mime=mime,
                icon=icons.MATERIAL_DOWNLOAD,
                on_click="ignore",
                key=f"map-download-{extension}",
            )


def actors_csv(view: PublicView, kept: Selected) -> bytes:
    """Return the actors as a CSV file for a French spreadsheet."""
    return csv_bytes([actor_row(view, actor) for actor in kept.actors], ACTOR_COLUMNS)


def workbook(view: PublicView, kept: Selected) -> bytes:
    """Return actors and flows as two sheets."""
    return xlsx_bytes(
        [
            Sheet(
                name="Acteurs",
                columns=ACTOR_COLUMNS,
                rows=tuple(actor_row(view, actor) for actor in kept.actors),
            ),
            Sheet(
                name="Flux",
                columns=FLOW_COLUMNS,
                rows=tuple(flow_row(view, flow) for flow in kept.flows),
            ),
        ]
    )


def actor_row(view: PublicView, actor: Actor) -> Row:
    """Return what files say of an actor, by column name."""
    flows = view.flows_of.get(actor.id, [])
    return {
        "Nom": actor.name,
        "Type": wording.ACTOR_KIND[actor.kind],
        "Collège": wording.COLLEGE[actor.college],
        "Commune": view.commune_name(actor),
        "EPCI": view.epci_name(actor),
        "Activité": actor.activity,
        "Compétences": ", ".join(actor.competences),
        "Flux": len(flows),
        _OUT: _rounded(view.tonnes(flows, Direction.OUT)),
        _IN: _rounded(view.tonnes(flows, Direction.IN)),
        "Position": wording.POSITION_PRECISION[actor.position_precision],
        "Adresse": actor.address,
        "Latitude": round(actor.lat, 5),
        "Longitude": round(actor.lon, 5),
        "Site": actor.website,
        "Source": actor.source,
        "Origine": wording.ORIGIN[actor.origin],
    }


def flow_row(view: PublicView, flow: Flow) -> Row:
    """Return what files say of a flow, by column name."""
    resource = view.snapshot.resource.get(flow.resource_id)
    mass = view.mass.get(flow.id)
    return {
        "Acteur": view.snapshot.actor[flow.actor_id].name,
        "Sens": wording.DIRECTION[flow.direction],
        "Ressource": resource.name if resource else flow.resource_id,
        "Filière": wording.STREAM[resource.stream] if resource else "",
        "Quantité": amount(view, flow),
        "Tonnes par an": _rounded(mass.t_per_year) if mass else None,
        "Tonnes par an, au moins": _rounded(mass.low) if mass else None,
        "Tonnes par an, au plus": _rounded(mass.high) if mass else None,
        "Année": flow.year,
        "Fiabilité": wording.RELIABILITY[flow.reliability],
        "Comment": flow.reliability_note,
        "Source": flow.source,
        "Origine": wording.ORIGIN[flow.origin],
    }


def _rounded(value: float | None) -> float | None:
    """Round to three significant digits, as far as these masses are ever known."""
    return None if value is None else significant(value, 3)
