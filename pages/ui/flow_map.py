"""Flows on a map: a folium plugin whose one payload holds the three levels.

``pages/assets/flowmap.js`` draws it on a canvas and switches level with the zoom, without a rerun.
Columns travel as arrays, masses with three significant digits; texts stay plain all the way: the
browser shows them with ``textContent``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

import folium
import numpy as np
import pandas as pd
from folium.elements import JSCSSMixin
from folium.template import Template

from data.french import quantity, significant
from data.model import Reliability, Stream, Territory
from geo.flows import Level, LevelMap, PlaceKind
from geo.flows.levels import RELIABILITIES
from pages.routes import assets
from pages.ui import escape, icons, maps, wording
from pages.ui.palette import Theme, stream_line, surfaces

SCALES: Final = (Level.EPCI, Level.COMMUNE, Level.ACTOR)
"""From the whole territory to the street, in the order the zoom goes through them."""

LEVEL_LABELS: Final = {Level.EPCI: "EPCI", Level.COMMUNE: "Communes", Level.ACTOR: "Acteurs"}

_WORDS: Final[Mapping[str, escape.Json]] = {
    "legend": "Légende",
    "width": "Largeur du trait (échelle des racines carrées)",
    "line": "Motif du trait : comment la quantité est connue",
    "reliability": [wording.RELIABILITY[Reliability(level)] for level in RELIABILITIES],
    "unknown": "quantité inconnue",
    "note": "La flèche va du fournisseur au destinataire. Anneau : ce qui reste sur place. "
    "Étiquette au bord : hors du territoire.",
    "level": "Niveau de détail",
    "auto": "Auto",
    "autoHelp": "Selon le zoom : de loin les EPCI, puis les communes, puis les acteurs",
    "motion": "Animation",
    "motionHelp": "Les points avancent dans le sens du flux",
    "stay": "sur place",
    "gets": "reçoit",
    "sends": "envoie",
    "inside": "reste sur place",
    "comesIn": "Entre",
    "goesOut": "Sort",
    "stays": "Reste sur place",
    "flows": "flux",
    "protected": "somme confidentielle d’au moins trois acteurs",
    "unknownOf": "de quantité inconnue",
    "beside": "Sur le même trajet :",
    "more": "autres filières",
    "click": "Cliquez pour filtrer toute la page",
}


class FlowAssets(JSCSSMixin):
    """Brings the scripts and styles of the flow map into a map's page."""

    _template = Template("{% macro script(this, kwargs) %}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxFlows"
        self.default_js = [
            ("cartoflux_flowdraw", assets.url("cartoflux", "flowdraw.js")),
            ("cartoflux_flowmap", assets.url("cartoflux", "flowmap.js")),
        ]
        self.default_css = [("cartoflux_flowmap_css", assets.url("cartoflux", "flowmap.css"))]


class FlowLayer(folium.FeatureGroup):
    """All flows of a map, as one payload for ``cartoflux.flows.show``.

    Args:
        payload: from :func:`flow_payload`.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.flows.show({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="flows", control=False)
        self.payload_json = escape.script(payload)


def flow_payload(
    levels: Mapping[Level, LevelMap],
    *,
    picked: Mapping[Level, LevelMap] | None = None,
    theme: Theme = "light",
    names: Mapping[str, str] | None = None,
    positions: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, escape.Json]:
    """Write flows as the browser wants them.

    Args:
        levels: one map a level, gathered ``by=("stream",)``.
        picked: those of the selection alone; the others are then drawn as grey shadows.
        theme: light or dark colours.
        names: shorter names by place id.
        positions: longitude and latitude by place id, for places drawn beside their own point.
    """
    order = {key: rank for rank, key in enumerate([*(s.value for s in Stream), ""])}
    colors = surfaces(theme)
    columns = (order, names or {}, positions or {})
    return {
        "unit": levels[Level.EPCI].unit,
        "streams": _streams(levels[Level.EPCI], theme),
        "levels": [_level(levels[level], *columns) for level in SCALES],
        "picked": [_level(picked[level], *columns) for level in SCALES] if picked else None,
        "ghost": _alpha(colors.muted, "38"),
        "bead": colors.marker_ring,
        "words": dict(_WORDS),
    }


def show_flows(
    key: str,
    territory: Territory | None,
    payload: escape.Json,
    *,
    theme: Theme,
    height: int,
    scale: float = 1.0,
    on_click: Callable[[str], None] | None = None,
) -> None:
    """Draw the flow map; ``on_click`` receives what :func:`read_click` understands."""
    maps.show_map(
        key,
        territory,
        FlowLayer(payload),
        theme=theme,
        height=height,
        scale=scale,
        label="Carte des flux ; le diagramme et le tableau sous la carte disent la même chose",
        on_click=on_click,
        plugins=[FlowAssets()],
    )


def read_click(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Read what was clicked: ``("lieu", (place,))`` or ``("lien", (origin, destination, stream))``.

    ``None`` for anything else: the browser is not to be believed.
    """
    kind, *parts = text.split("|")
    if len(parts) != {"lieu": 1, "lien": 3}.get(kind):
        return None
    return kind, tuple(unquote(part) for part in parts)


def _streams(level: LevelMap, theme: Theme) -> list[escape.Json]:
    total = (
        level.edges.groupby("stream")["value"].sum(min_count=1) if len(level.edges) else pd.Series()
    )
    rows: list[escape.Json] = [
        {
            "id": one.value,
            "label": wording.STREAM[one],
            "color": stream_line(one, theme),
            "icon": icons.STREAM[one].css_class,
            "value": _total(total, one.value, level.unit),
        }
        for one in Stream
    ]
    muted = surfaces(theme).muted
    told = _total(total, "", level.unit)
    rows.append(
        {
            "id": "",
            "label": "Filière non dite",
            "color": muted,
            "icon": "fa-solid fa-lock",
            "value": told,
        }
    )
    return rows


def _total(total: "pd.Series[float]", key: str, unit: str) -> str:
    return quantity(significant(float(total[key]), 3), unit) if key in total.index else ""


def _level(
    level: LevelMap,
    order: Mapping[str, int],
    names: Mapping[str, str],
    positions: Mapping[str, tuple[float, float]],
) -> dict[str, escape.Json]:
    nodes, edges = level.nodes, level.edges
    ids = [str(place) for place in nodes.index]
    at = [
        positions.get(place, (lon, lat))
        for place, lon, lat in zip(ids, nodes["lon"], nodes["lat"], strict=True)
    ]
    rank = pd.Index(RELIABILITIES).get_indexer(pd.Index(edges["reliability"]))
    return {
        "name": level.level.value,
        "label": LEVEL_LABELS[level.level],
        "nodes": {
            "id": ids,
            "name": [names.get(p, str(name)) for p, name in zip(ids, nodes["name"], strict=True)],
            "lon": _coordinates(lon for lon, _ in at),
            "lat": _coordinates(lat for _, lat in at),
            "kind": [
                _kind(k, inside=is_in)
                for k, is_in in zip(nodes["kind"], nodes["inside"], strict=True)
            ],
        },
        "edges": {
            "o": nodes.index.get_indexer(pd.Index(edges["origin"])).tolist(),
            "d": nodes.index.get_indexer(pd.Index(edges["destination"])).tolist(),
            "s": [order[str(stream)] for stream in edges["stream"]],
            "v": _three(edges["value"]),
            "lo": _three(edges["low"]),
            "hi": _three(edges["high"]),
            "n": edges["links"].tolist(),
            "u": edges["unknown"].tolist(),
            "r": rank.tolist(),
        },
    }


def _kind(kind: str, *, inside: bool) -> str:
    """Return a place's kind; an actor of ours that is elsewhere stands on the border as a gate."""
    return PlaceKind.GATE.value if kind == PlaceKind.ACTOR and not inside else kind


def _coordinates(values: Any) -> list[escape.Json]:
    """Degrees to five decimals (a metre); ``None`` where nothing can be drawn."""
    return [round(float(v), 5) if np.isfinite(v) else None for v in values]


def _three(column: "pd.Series[float]") -> list[escape.Json]:
    """Numbers with three significant digits, whole ones without a point; ``None`` = unknown."""
    values = np.asarray(column, dtype=np.float64)
    size = np.abs(np.nan_to_num(values))
    places = 2 - np.floor(np.log10(np.where(size > 0, size, 1.0)))
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    rounded: Sequence[float] = (np.rint(values * up / down) * down / up).tolist()
    return [
        None if v != v else int(v) if v.is_integer() else v  # noqa: PLR0124 (NaN)
        for v in rounded
    ]


def _alpha(color: str, alpha: str) -> str:
    return f"{color}{alpha}"
