"""Rounds on the map: colour, dash and number for each, stops in order, arrows for direction.

What is to be drawn is computed here as one JSON payload; ``assets/rounds.js`` draws it. Texts stay
plain text all the way: the browser shows them with ``textContent``.
"""

import math
from collections.abc import Collection, Sequence
from itertools import pairwise

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from data import french
from data.model import Depot, Outlet, Plan, Scenario, Visit, VisitKind
from geo.travel import Place, TravelSource
from pages.rounds_parts.sites import Site, Sites
from pages.routes import assets
from pages.ui import escape, icons, wording
from pages.ui.palette import Theme, round_style, surfaces

_MARGIN = 0.08
_LEAST = 0.002
"""Room around the rounds: a share of their extent, and at least these degrees."""
_SHORTEST_ARROWED = 0.0006
"""Degrees (some 50 m): on shorter legs an arrow would hide the stops."""


class RoundAssets(JSCSSMixin):
    """Brings the script that draws rounds into a map's page."""

    _template = Template("{% macro script(this, kwargs) %}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxRounds"
        self.default_js = [("cartoflux_rounds", assets.url("cartoflux", "rounds.js"))]
        self.default_css = []


class RoundLayer(folium.FeatureGroup):
    """The feature group that ``assets/rounds.js`` fills.

    Args:
        payload: see ``pages/assets/rounds.js``.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.rounds({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="rounds", control=False)
        self.payload_json = escape.script(payload)


def round_layer(
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    shown: Collection[int],
    *,
    theme: Theme,
) -> RoundLayer:
    """Build the layer of the rounds whose 0-based index is in ``shown``.

    Depot, outlets and stops left out are always there.
    """
    return RoundLayer(payload_of(plan, scenario, travel, shown, theme=theme))


def payload_of(
    plan: Plan,
    scenario: Scenario,
    travel: TravelSource,
    shown: Collection[int],
    *,
    theme: Theme,
) -> dict[str, escape.Json]:
    """Describe what to draw, in plain JSON; positions are ``[lat, lon]`` as Leaflet wants them."""
    colors = surfaces(theme)
    stops = {stop.id: stop for stop in scenario.stops}
    return {
        "key": f"{plan.id} {sorted(shown)}",
        "bounds": _bounds(plan, scenario, shown),
        "colors": {
            "paper": colors.background,
            "text": colors.text,
            "halo": colors.map_label_halo,
            "error": colors.error,
        },
        "rounds": [_round(plan, scenario, travel, index, theme=theme) for index in sorted(shown)],
        "legend": {
            "title": "Légende",
            "signs": [
                {"icon": icons.DEPOT.css_class, "label": "Dépôt"},
                {"icon": icons.OUTLET.css_class, "label": "Exutoire"},
            ],
            "stop": "Point de collecte, numéroté dans l’ordre de passage",
            "left": "Point laissé de côté",
        },
        "signs": [_sign(place) for place in (scenario.depot, *scenario.outlets)],
        "left": [
            {
                "at": _at(stops[left.stop_id]),
                "title": stops[left.stop_id].name,
                "lines": ["Laissé de côté", wording.UNSERVED_REASON[left.reason]],
            }
            for left in plan.unserved
        ],
    }


def _bounds(plan: Plan, scenario: Scenario, shown: Collection[int]) -> list[float]:
    """South, west, north, east of the rounds shown; of everything when all of them are."""
    sites = Sites(scenario)
    seen: list[Site] = [scenario.depot]
    seen += [sites.of(visit) for index in shown for visit in plan.rounds[index].visits]
    if len(shown) == len(plan.rounds):
        seen += scenario.stops
    lons, lats = [site.lon for site in seen], [site.lat for site in seen]
    high = _MARGIN * (max(lats) - min(lats)) + _LEAST
    wide = _MARGIN * (max(lons) - min(lons)) + _LEAST
    return [min(lats) - high, min(lons) - wide, max(lats) + high, max(lons) + wide]


def _round(
    plan: Plan, scenario: Scenario, travel: TravelSource, index: int, *, theme: Theme
) -> dict[str, escape.Json]:
    trip = plan.rounds[index]
    sites = Sites(scenario)
    vehicle = next(one for one in scenario.vehicles if one.id == trip.vehicle_id)
    legs: list[list[Place]] = []
    for before, after in pairwise(trip.visits):
        a, b = sites.of(before), sites.of(after)
        if (a.lon, a.lat) != (b.lon, b.lat):
            legs.append(list(travel.leg((a.lon, a.lat), (b.lon, b.lat), vehicle.mode)))
    style = round_style(index, theme)
    longest = max(legs, key=lambda leg: math.dist(leg[0], leg[-1]), default=None)
    return {
        "name": f"Tournée {index + 1}, {vehicle.name}",
        "short": f"T{index + 1}",
        "color": style.color,
        "dash": style.dash,
        "legs": [[[lat, lon] for lon, lat in leg] for leg in legs],
        "arrows": [_arrow(leg) for leg in legs if math.dist(leg[0], leg[-1]) > _SHORTEST_ARROWED],
        "badge": _leaflet(_along(longest, 0.4)[0]) if longest else None,
        "discs": _discs(index, trip.visits, sites),
    }


def _along(leg: Sequence[Place], share: float) -> tuple[Place, float]:
    """Return the point at a share of a leg's length, and the bearing there (degrees from north)."""
    steps = [(a, b, math.dist(_mercator(a), _mercator(b))) for a, b in pairwise(leg)]
    left = share * sum(length for _, _, length in steps)
    for a, b, length in steps:
        if length > 0 and left <= length:
            part = left / length
            (x1, y1), (x2, y2) = _mercator(a), _mercator(b)
            point = (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]))
            return point, math.degrees(math.atan2(x2 - x1, y2 - y1))
        left -= length
    return leg[-1], 0.0


def _mercator(place: Place) -> tuple[float, float]:
    """Project as web maps do, so that an arrow's angle is the line's on screen."""
    lon, lat = math.radians(place[0]), math.radians(place[1])
    return lon, math.log(math.tan(math.pi / 4 + lat / 2))


def _arrow(leg: Sequence[Place]) -> dict[str, escape.Json]:
    point, bearing = _along(leg, 0.62)
    return {"at": _leaflet(point), "bearing": round(bearing)}


def _discs(index: int, visits: Sequence[Visit], sites: Sites) -> list[dict[str, escape.Json]]:
    """One disc a position: two stops at one place share it, with both numbers."""
    here: dict[tuple[float, float], list[tuple[int, Visit]]] = {}
    stops = [visit for visit in visits if visit.kind is VisitKind.STOP]
    for number, visit in enumerate(stops, 1):
        site = sites.of(visit)
        here.setdefault((site.lon, site.lat), []).append((number, visit))
    return [
        {
            "at": [lat, lon],
            "label": "·".join(str(number) for number, _ in found),
            "title": " ; ".join(sites.of(visit).name for _, visit in found),
            "lines": [
                f"Tournée {index + 1}, arrêt {number} à {french.clock(visit.arrival_s)}, "
                f"{french.quantity(visit.load_kg, 'kg', 0)} à bord en partant"
                for number, visit in found
            ],
        }
        for (lon, lat), found in here.items()
    ]


def _sign(site: Depot | Outlet) -> dict[str, escape.Json]:
    icon, kind = (icons.DEPOT, "Dépôt") if isinstance(site, Depot) else (icons.OUTLET, "Exutoire")
    return {"at": _at(site), "icon": icon.css_class, "title": site.name, "lines": [kind]}


def _at(site: Site) -> list[float]:
    return [site.lat, site.lon]


def _leaflet(place: Place) -> list[float]:
    return [round(place[1], 6), round(place[0], 6)]
