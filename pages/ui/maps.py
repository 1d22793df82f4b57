"""Maps that work with no internet: folium with every script served by our own routes.

Three rules, each from a measured trap: nothing of folium's CDN lists is left; what changes goes
through one :class:`Content` layer (one JSON payload drawn by ``pages/assets/actors.js``), so that
the browser keeps its map and its view; user text travels as JSON and is shown by ``textContent``.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import folium
import streamlit as st
from folium.elements import JSCSSMixin
from folium.template import Template
from streamlit_folium import st_folium

from data.french import NNBSP
from data.model import Territory
from pages.routes import assets
from pages.routes.background import Background, publish
from pages.ui import escape
from pages.ui.palette import Theme, css_variables

LARGE: Final = 1.5
"""Scale of names, markers and legend on a projector."""

BASE_JS: Final = (
    ("leaflet", assets.url("leaflet", "leaflet.js")),
    ("jquery", assets.url("jquery", "jquery.min.js")),
)
BASE_CSS: Final = (("leaflet_css", assets.url("leaflet", "leaflet.css")),)
_OWN_SCRIPTS: Final = ("view", "map", "actors")
"""In the order they need each other."""
_OWN_JS: Final = (
    ("markercluster", assets.url("markercluster", "leaflet.markercluster.js")),
    *((f"cartoflux_{name}", assets.url("cartoflux", f"{name}.js")) for name in _OWN_SCRIPTS),
)
_OWN_CSS: Final = (
    ("markercluster_css", assets.url("markercluster", "MarkerCluster.css")),
    ("fontawesome_css", assets.url("fontawesome", "css/fontawesome.min.css")),
    ("fontawesome_solid_css", assets.url("fontawesome", "css/solid.min.css")),
    ("cartoflux_map_css", assets.url("cartoflux", "map.css")),
)

TILES: Final[tuple[escape.Json, ...]] = (
    {
        "name": "Plan IGN (en ligne)",
        "url": "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile"
        "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
        "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "attribution": "© IGN",
        "maxZoom": 19,
    },
    {
        "name": "OpenStreetMap (en ligne)",
        "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "attribution": "© les contributeurs d’OpenStreetMap",
        "maxZoom": 19,
    },
)
"""Backgrounds from the internet, offered but off: nothing breaks without them."""

WORDS: Final = {
    "vector": "Fond Cartoflux (hors ligne)",
    "tilesFailed": f"Ce fond vient d’internet, qui ne répond pas{NNBSP}: le fond Cartoflux suffit.",
    "actors": "acteurs",
    "zoomIn": "Agrandir",
    "zoomOut": "Réduire",
    "layers": "Choisir le fond de carte",
    "below": "Sa fiche est sous la carte.",
}


class _Start(JSCSSMixin):
    """Draws the background once per mount, and brings our scripts and styles."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "cartoflux.start({{ this._parent.get_name() }}, {{ this.options_json }});"
        "{% endmacro %}"
    )

    def __init__(self, options: escape.Json, background: Background | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxStart"
        self.options_json = escape.script(options)
        territory = [("cartoflux_territory", background.url)] if background else []
        self.default_js = [*territory, *_OWN_JS]
        self.default_css = list(_OWN_CSS)


class Content(folium.FeatureGroup):
    """Everything on the map that changes, as one payload for ``cartoflux.show``.

    Args:
        payload: see ``cartoflux.show`` in ``pages/assets/actors.js``; texts are plain, unescaped.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.show({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="content", control=False)
        self.payload_json = escape.script(payload)


def base_map(
    territory: Territory | None,
    *,
    theme: Theme = "light",
    scale: float = 1.0,
    label: str = "Carte du territoire",
) -> folium.Map:
    """Build an empty map of the territory; cheap, since its outlines are served by a route.

    Args:
        territory: ``None`` gives an empty sea of grey, with tiles still on offer.
        theme: light or dark colours.
        scale: size of names, markers and legend; :data:`LARGE` for a projector.
        label: what a screen reader calls the map.
    """
    background = publish(territory) if territory else None
    figure = folium.Map(
        location=_middle(background),
        zoom_start=10,
        tiles=None,
        max_zoom=19,
        min_zoom=7,
        zoom_control=True,
        control_scale=False,
    )
    # Trap: without a tile layer, MarkerCluster reads maxZoom from the map's own options.
    figure.options["maxZoom"] = 19
    figure.default_js = list(BASE_JS)
    figure.default_css = list(BASE_CSS)
    _Start(_options(territory, background, theme, scale, label), background).add_to(figure)
    return figure


def show_map(
    key: str,
    territory: Territory | None,
    layer: folium.FeatureGroup | Sequence[folium.FeatureGroup],
    *,
    theme: Theme,
    height: int,
    scale: float = 1.0,
    label: str = "Carte du territoire",
    on_click: Callable[[str], None] | None = None,
    plugins: Sequence[JSCSSMixin] = (),
) -> None:
    """Draw a map.

    Panning and zooming never rerun the page: the view is kept in the address bar by the browser.

    Args:
        key: names this map; another key is another mount.
        territory: drawn as the background.
        layer: a :class:`Content`, or folium feature groups (escape their texts yourself).
        theme: a change of theme mounts the map anew.
        height: pixels; ``pages.css`` may shorten it on small screens.
        scale: size of names, markers and legend.
        label: what a screen reader calls the map.
        on_click: called with the id of the object clicked, before the page is drawn again.
        plugins: bring further scripts and styles, loaded after those of every map.
    """
    figure = base_map(territory, theme=theme, scale=scale, label=label)
    for plugin in plugins:
        plugin.add_to(figure)
    mark = publish(territory).url if territory else ""
    # st_folium's own hash overlooks much of the script: whatever must remount is in the key.
    mount = hashlib.sha256(f"{key}|{theme}|{scale}|{mark}".encode()).hexdigest()[:12]
    name = f"{key}-{mount}"

    def changed() -> None:
        clicked = _clicked(st.session_state.get(name))
        if clicked is not None and on_click is not None:
            on_click(clicked)

    st_folium(
        figure,
        key=name,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=layer if isinstance(layer, folium.FeatureGroup) else list(layer),
        on_change=changed,
    )


def _clicked(answer: Any) -> str | None:
    """Read what ``actors.js`` sent: ``{"id": …, "click": a mark that changes at every click}``."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("id"), str):
        return None
    return str(answer["id"])


def _middle(background: Background | None) -> tuple[float, float]:
    if background is None:
        return 46.5, 2.5  # the middle of France
    south, west, north, east = background.bounds
    return (south + north) / 2, (west + east) / 2


def _options(
    territory: Territory | None,
    background: Background | None,
    theme: Theme,
    scale: float,
    label: str,
) -> escape.Json:
    return {
        "label": label,
        "scale": scale,
        "zoomSnap": 0.25,
        "dark": theme == "dark",
        "bounds": list(background.bounds) if background else None,
        "attribution": escape.html(attribution(territory)),
        "tiles": list(TILES),
        "words": WORDS,
        "colors": css_variables(theme),
    }


def attribution(territory: Territory | None) -> str:
    """Name the producers of the background, with their dates (Licence Ouverte 2.0)."""
    if territory is None:
        return "Leaflet"
    dated = (territory.boundary_vintage, territory.population_vintage, "Licence Ouverte 2.0")
    return f"{NNBSP}; ".join(part for part in dated if part) + " | Leaflet"
