"""Flows as spreadsheets: for whom, then the files."""

from typing import Final

import streamlit as st

from data.exchange.flows import FLOWS, flow_rows
from data.exchange.schema import schema_text
from data.exchange.tables import Row, Sheet, csv_bytes, xlsx_bytes
from data.french import number, tidy
from data.model import Flow
from geo.flows import Viewer
from geo.flows.confidentiality import VISIBLE
from pages.data_parts.session import directory
from pages.ui import icons, wording
from pages.ui.session import snapshot
from pages.ui.viewer import WIDGET, is_local, viewer

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIEWERS: Final = {Viewer.PUBLIC: "Publique", Viewer.NETWORK: "Réseau", Viewer.TEAM: "Équipe"}


def draw() -> None:
    """Draw the choice of reader and the downloads."""
    draw_viewer()
    who_looks = viewer()
    flows = visible_flows(who_looks)
    hidden = len(snapshot().flows) - len(flows)
    told = f"**{number(len(flows))} {wording.plural(len(flows), 'flux', 'flux')}**"
    if hidden:
        told += f" ; {number(hidden)} {wording.plural(hidden, 'flux réservé', 'flux réservés')} "
        told += "à une vue plus large, non exportés"
    st.markdown(tidy(f"{told}."))
    with st.container(horizontal=True):
        st.download_button(
            "Flux en Excel",
            lambda: xlsx_bytes([Sheet("Flux", FLOWS.titles(), _rows(flows))]),
            file_name="flux.xlsx",
            mime=XLSX,
            icon=icons.MATERIAL_DOWNLOAD,
            on_click="ignore",
            key="study-export-xlsx",
        )
        st.download_button(
            "Flux en CSV",
            lambda: csv_bytes(_rows(flows), FLOWS.titles()),
            file_name="flux.csv",
            mime="text/csv",
            icon=icons.MATERIAL_DOWNLOAD,
            on_click="ignore",
            key="study-export-csv",
        )
        draw_schema("export")
    st.caption(
        "Ces fichiers se réimportent à l’identique : l’identifiant de chaque ligne retrouve son "
        "flux. Ils ne contiennent aucun contact."
    )


def draw_viewer() -> None:
    """Draw the choice of who looks, on this machine only."""
    if not is_local():
        st.caption("Cartoflux est consulté à distance : seule la vue publique est ouverte.")
        return
    st.session_state.setdefault(WIDGET, viewer())
    st.segmented_control(
        "Pour qui est ce fichier ?",
        list(VIEWERS),
        key=WIDGET,
        format_func=VIEWERS.__getitem__,
        required=True,
        help="Publique : les flux publics seuls. Réseau : aussi ceux du réseau. Équipe : tout.",
    )


def draw_schema(where: str) -> None:
    """Draw the download of the published schema."""
    st.download_button(
        "Schéma des colonnes (JSON)",
        schema_text,
        file_name="flux.schema.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        type="tertiary",
        key=f"study-schema-{where}",
        help="Table Schema, pour qui veut vérifier un fichier ou le publier.",
    )


def visible_flows(who_looks: Viewer) -> tuple[Flow, ...]:
    """Flows that a viewer may have one by one: theirs and those of actors they may see."""
    records = snapshot()
    allowed = VISIBLE[who_looks]
    return tuple(
        flow
        for flow in records.flows
        if flow.visibility in allowed
        and all(
            records.actor[one].visibility in allowed
            for one in (flow.actor_id, flow.partner_id)
            if one in records.actor
        )
    )


def _rows(flows: tuple[Flow, ...]) -> tuple[Row, ...]:
    return tuple(flow_rows(flows, directory()))
