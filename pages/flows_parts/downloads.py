"""Take away what is on screen: page for a council, pictures, offline map, tables, GIS files.

Each file is made in a thread of its own when its button is pressed, never before. What it holds
is fixed when the page is drawn: same filters, same selection, same confidentiality.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from pages.documents import flow_drawing, flow_files
from pages.documents.flow_report import flow_report
from pages.documents.flow_taken import Taken
from pages.documents.standalone_map import standalone_map
from pages.flows_parts.state import Asked
from pages.flows_parts.view import FlowView, Picture
from pages.ui import escape, icons, localtime


@dataclass(frozen=True, slots=True)
class File:
    """One button.

    Attributes:
        ending: end of the file's name, with its extension.
        make: what is on screen → the file.
    """

    key: str
    label: str
    ending: str
    mime: str
    make: Callable[[Taken], bytes]
    help: str
    icon: str = icons.MATERIAL_DOWNLOAD


def map_png(taken: Taken) -> bytes:
    """Return the map as a picture."""
    return flow_drawing.png(flow_drawing.map_svg(taken), taken.day)


def sankey_png(taken: Taken) -> bytes:
    """Return the diagram as a picture."""
    return flow_drawing.png(flow_drawing.sankey_svg(taken), taken.day)


_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FILES: Final[tuple[tuple[str, tuple[File, ...]], ...]] = (
    (
        "Pour montrer",
        (
            File(
                "pdf", "Page pour un conseil (PDF)", ".pdf", "application/pdf", flow_report,
                "Une page A4 datée : chiffres clés avec leur fourchette, carte, plus gros flux, ce "
                "qui n’est pas montré, sources.", ":material/print:",
            ),
            File(
                "html", "Carte hors ligne (HTML)", ".html", "text/html", standalone_map,
                "Un seul fichier, à ouvrir d’un double clic, même d’une clé USB et sans internet.",
                icons.MATERIAL_MAP,
            ),
            File(
                "map-png", "Carte (PNG)", "-carte.png", "image/png", map_png,
                "Image pour un diaporama ou un courriel.", ":material/image:",
            ),
            File(
                "sankey-png", "Diagramme (PNG)", "-diagramme.png", "image/png", sankey_png,
                "Le diagramme en rubans, en image.", ":material/image:",
            ),
        ),
    ),
    (
        "Pour retravailler",
        (
            File(
                "xlsx", "Tableau (XLSX)", ".xlsx", _XLSX, flow_files.flows_xlsx,
                "Tableur, avec une feuille « À lire » : filtres, réserves, sources.",
            ),
            File("csv", "Tableau (CSV)", ".csv", "text/csv", flow_files.flows_csv, "Texte, UTF-8."),
            File(
                "gpkg", "QGIS (GeoPackage)", ".gpkg", "application/geopackage+sqlite3",
                flow_files.flows_geopackage, "Une ligne par flux, unités dans les colonnes.",
            ),
            File(
                "geojson", "QGIS, umap (GeoJSON)", ".geojson", "application/geo+json",
                flow_files.flows_geojson, "Une ligne par flux, unités dans les propriétés.",
            ),
            File(
                "map-svg", "Carte (SVG)", "-carte.svg", "image/svg+xml", flow_drawing.map_svg,
                "Dessin vectoriel à retoucher, les textes restent des textes.",
            ),
            File(
                "sankey-svg", "Diagramme (SVG)", "-diagramme.svg", "image/svg+xml",
                flow_drawing.sankey_svg, "Dessin vectoriel à retoucher.",
            ),
        ),
    ),
)  # fmt: skip
"""Every file on offer, in two groups."""


def draw(view: FlowView, asked: Asked, kept: Picture, day: dt.date | None = None) -> None:
    """Draw one button a file.

    Args:
        view: what this viewer may see.
        asked: filters, measure, selection, columns of the diagram.
        kept: what the filters keep.
        day: date written in the files; today's by default.
    """
    today = day or localtime.today()
    taken = Taken(view=view, asked=asked, kept=kept, day=today)
    st.header("Emporter")
    st.markdown(
        f"**{escape.markdown(taken.title)}** : exactement ce qui est à l’écran, avec la date, les "
        "filtres, les sources et ce qui est masqué."
    )
    if taken.warning:
        st.warning(escape.markdown(taken.warning), icon=":material/lock:")
    for heading, files in FILES:
        with st.container(horizontal=True, vertical_alignment="center", key=f"flows-get-{heading}"):
            st.markdown(heading, width=130)
            for file in files:
                st.download_button(
                    file.label,
                    partial(file.make, taken),
                    file_name=f"{taken.stem}{file.ending}",
                    mime=file.mime,
                    icon=file.icon,
                    type="primary" if file.key == "pdf" else "secondary",
                    key=f"flows-get-{file.key}",
                    on_click="ignore",
                    help=file.help,
                )
