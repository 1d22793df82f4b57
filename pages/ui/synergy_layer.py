"""Synergies on a map: what is to be drawn as one payload, for ``pages/assets/synergies.js``.

Texts stay plain all the way: the browser shows them with ``textContent``.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from data.french import number, quantity
from data.model import Actor, SynergyStatus
from data.synergies import CHAIN, OUT
from geo.layers.geojson import GeoJson
from pages.routes import assets
from pages.ui import escape, wording
from pages.ui.palette import Theme, surfaces, synergy_style

_THIN: Final = 2
_USUAL: Final = 3
_THICK: Final = 6
_FAINT: Final = frozenset({SynergyStatus.IDEA, SynergyStatus.TO_EXPLORE, *OUT})
"""Many and uncertain: thinner, and under the others."""
_LEAST: Final = 0.01
"""Degrees around a single place."""


class SynergyAssets(JSCSSMixin):
    """Brings the script that draws synergies into a map's page."""

    _template = Template("{% macro script(this, kwargs) %}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxSynergies"
        self.default_js = [("cartoflux_synergies", assets.url("cartoflux", "synergies.js"))]
        self.default_css = []


class SynergyLayer(folium.FeatureGroup):
    """The feature group that ``assets/synergies.js`` fills.

    Args:
        payload: from :func:`payload_of`.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.synergies({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="synergies", control=False)
        self.payload_json = escape.script(payload)


def weight_of(status: SynergyStatus) -> int:
    """Return how thick a status is drawn, pixels: « pérenne » is the thicker of the solid two."""
    if status is SynergyStatus.LASTING:
        return _THICK
    return _THIN if status in _FAINT else _USUAL


def payload_of(
    layer: GeoJson, actors: Mapping[str, Actor], *, theme: Theme, legend: bool = True
) -> dict[str, escape.Json]:
    """Describe what to draw, in plain JSON.

    Args:
        layer: from ``geo.layers.synergies_layer``.
        actors: by id.
        theme: light or dark colours.
        legend: False when another layer draws the legend and the framing.
    """
    # The farther along, the later it is drawn, so the higher it lies.
    order = {status: place for place, status in enumerate((*OUT, *CHAIN))}
    features: Sequence[Mapping[str, Any]] = sorted(
        layer["features"], key=lambda one: order[SynergyStatus(one["properties"]["status"])]
    )
    colors = surfaces(theme)
    counts = Counter(SynergyStatus(f["properties"]["status"]) for f in features)
    nodes: dict[tuple[float, float], dict[str, escape.Json]] = {}
    for one in features:
        _add_nodes(nodes, one, actors)
    positions = [point for one in features for line in _lines(one) for point in line]
    ids = "\n".join(str(one["id"]) for one in features)
    return {
        "key": hashlib.sha256(ids.encode()).hexdigest()[:16],
        "bounds": _bounds(positions) if legend and positions else None,
        "colors": {"halo": colors.map_label_halo, "text": colors.text, "muted": colors.muted},
        "links": [_link(one, theme) for one in features],
        "nodes": list(nodes.values()),
        "legend": {"title": "Légende", "rows": legend_rows(counts, theme)} if legend else None,
    }


def legend_rows(counts: Mapping[SynergyStatus, int], theme: Theme) -> list[escape.Json]:
    """Return one row for each status present: colour, dash, thickness, name and count."""
    rows: list[escape.Json] = []
    for status, name in wording.SYNERGY_STATUS.items():
        if counts.get(status):
            style = synergy_style(status, theme)
            rows.append(
                {
                    "color": style.color,
                    "dash": style.dash,
                    "weight": weight_of(status),
                    "label": f"{name} ({number(counts[status])})",
                }
            )
    return rows


def _link(one: Mapping[str, Any], theme: Theme) -> escape.Json:
    known = one["properties"]
    status = SynergyStatus(known["status"])
    style = synergy_style(status, theme)
    arrow = " → " if known["directed"] else " · "
    words = [wording.SYNERGY_STATUS[status], arrow.join(known["names"])]
    if known["tonnes"] is not None:
        words.append(quantity(known["tonnes"], "t/an"))
    return {
        "id": known["id"],
        "title": known["title"],
        "words": words,
        "color": style.color,
        "dash": style.dash,
        "weight": weight_of(status),
        "lines": _lines(one),
    }


def _lines(one: Mapping[str, Any]) -> list[list[list[float]]]:
    """Positions as Leaflet wants them: latitude first."""
    return [[[lat, lon] for lon, lat in line] for line in one["geometry"]["coordinates"]]


def _add_nodes(
    nodes: dict[tuple[float, float], dict[str, escape.Json]],
    one: Mapping[str, Any],
    actors: Mapping[str, Actor],
) -> None:
    """Add a dot for each party of a synergy, and one for the hub of a pooling."""
    lines, known = one["geometry"]["coordinates"], one["properties"]
    for actor_id, (lon, lat) in known["places"].items():
        node = nodes.setdefault(
            (lon, lat),
            {"at": [lat, lon], "hub": False, "name": actors[actor_id].name, "words": []},
        )
        words = node["words"]
        if isinstance(words, list):
            words.append(known["title"])
    if len(lines) > 1 and not known["directed"]:
        lon, lat = lines[0][1]
        nodes.setdefault((lon, lat), {"at": [lat, lon], "hub": True, "name": "", "words": []})


def _bounds(positions: Sequence[Any]) -> escape.Json:
    lats = [lat for lat, _ in positions]
    lons = [lon for _, lon in positions]
    return [min(lats) - _LEAST, min(lons) - _LEAST, max(lats) + _LEAST, max(lons) + _LEAST]
