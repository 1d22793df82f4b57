"""What the map shows, as the one payload that ``pages/assets/actors.js`` draws."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from data.french import NNBSP, number, quantity
from data.model import Actor, ActorKind, Direction, PositionPrecision
from geo.layers import Choropleth, Measure, bounds, choropleth
from geo.select import Selected, Selection
from pages.map_parts.view import PublicView
from pages.ui import escape, icons, wording
from pages.ui.palette import ACTOR_KIND, Theme, surfaces

_KINDS: Final = tuple(ActorKind)
_KIND_INDEX: Final = {kind: index for index, kind in enumerate(_KINDS)}
_MIDDLE_DOT: Final = " · "

TITLES: Final[dict[Measure, str]] = {
    Measure.POPULATION: "Population municipale",
    Measure.DENSITY: "Densité (habitants par km²)",
    Measure.ACTORS: "Acteurs affichés",
}


def payload(
    view: PublicView, selection: Selection, kept: Selected, theme: Theme
) -> dict[str, escape.Json]:
    """Describe actors, colours of communes, legend and what to frame, for the browser."""
    actors = [_row(view, actor) for actor in kept.actors]
    focus = bounds(view.territory, selection.epci, selection.commune)
    west, south, east, north = focus
    fill = _fill(view, selection, kept, theme)
    return {
        "actors": actors,
        "actorsKey": _key(view, kept.actors),
        "kinds": [_kind(kind) for kind in _KINDS],
        "selected": selection.actor,
        "kept": _communes(view, selection),
        "epcis": [selection.epci] if selection.epci else None,
        "focus": [south, west, north, east],
        "focusKey": f"{selection.epci}/{selection.commune}",
        "fill": fill,
        "legend": _legend(kept.actors, fill),
    }


def _row(view: PublicView, actor: Actor) -> list[escape.Json]:
    lon, lat = view.position[actor.id]
    words = (actor.activity, view.commune_name(actor))
    return [
        actor.id,
        round(lat, 5),
        round(lon, 5),
        _KIND_INDEX[actor.kind],
        int(actor.position_precision is PositionPrecision.ADDRESS),
        actor.name,
        _MIDDLE_DOT.join(word for word in words if word),
    ]


def _key(view: PublicView, actors: Sequence[Actor]) -> str:
    ids = "\n".join(actor.id for actor in actors)
    return hashlib.sha256(f"{view.snapshot.key}\n{ids}".encode()).hexdigest()[:16]


def _kind(kind: ActorKind) -> dict[str, escape.Json]:
    return {
        "label": wording.ACTOR_KIND[kind],
        "color": ACTOR_KIND[kind],
        "shape": icons.ACTOR_SHAPE[kind],
        "icon": icons.ACTOR_KIND[kind].css_class,
    }


def _communes(view: PublicView, selection: Selection) -> list[str] | None:
    if selection.epci is None and selection.commune is None:
        return None
    return [
        commune.code
        for commune in view.territory.communes
        if selection.commune in (None, commune.code) and selection.epci in (None, commune.epci_code)
    ]


def _legend(actors: Sequence[Actor], fill: dict[str, escape.Json] | None) -> escape.Json:
    count = Counter(actor.kind for actor in actors)
    present = [kind for kind in _KINDS if count[kind]]
    vague = next((a for a in actors if a.position_precision is not PositionPrecision.ADDRESS), None)
    return {
        "title": "Légende",
        "kinds": [{**_kind(kind), "count": number(count[kind])} for kind in present],
        "approximate": {**_kind(vague.kind), "note": "Tirets\u202f: position approximative"}
        if vague
        else None,
        "fill": fill["legend"] if fill else None,
    }


def measured_direction(selection: Selection) -> Direction:
    """Tonnes are counted one way only: an input and the output it came from are one thing."""
    return selection.direction or Direction.OUT


def _fill(
    view: PublicView, selection: Selection, kept: Selected, theme: Theme
) -> dict[str, escape.Json] | None:
    if selection.measure is None:
        return None
    direction = measured_direction(selection)
    tonnes = view.tonnes_by_commune(kept.flows, direction)
    layer = choropleth(view.territory, kept.actors, tonnes, selection.measure)
    ramp = _ramp(theme, len(layer.edges) - 1)
    title = TITLES.get(
        selection.measure,
        "Tonnes sortantes par an" if direction is Direction.OUT else "Tonnes entrantes par an",
    )
    return {
        "colors": {code: ramp[index] for code, index in layer.classes},
        "values": {code: _value(layer, value) for code, value in layer.values},
        "legend": {
            "title": title,
            "classes": _classes(layer, ramp, theme),
            "note": layer.vintage
            or ("Flux de masse connue, acteurs affichés" if tonnes else "Aucune masse connue"),
        },
    }


def _ramp(theme: Theme, count: int) -> tuple[str, ...]:
    """Spread ``count`` classes over the whole ramp, so that few classes still contrast."""
    ramp = surfaces(theme).ramp
    if count <= 1:
        return (ramp[-2],)
    return tuple(ramp[round(i * (len(ramp) - 1) / (count - 1))] for i in range(count))


def _value(layer: Choropleth, value: float | None) -> str:
    if value is None:
        return "masse inconnue"
    decimals = 0 if layer.measure in {Measure.POPULATION, Measure.ACTORS} or value >= 10 else 1  # noqa: PLR2004
    unit = layer.unit
    if layer.measure is Measure.ACTORS:
        unit = wording.plural(int(value), "acteur")
    return quantity(value, unit, decimals)


def _classes(layer: Choropleth, ramp: Sequence[str], theme: Theme) -> list[escape.Json]:
    whole = layer.measure in {Measure.POPULATION, Measure.ACTORS}
    rows: list[escape.Json] = []
    last = len(layer.edges) - 2
    for index, (low, high) in enumerate(zip(layer.edges, layer.edges[1:], strict=False)):
        top = high - 1 if whole and index < last else high
        if low == 0:
            label = "0"  # zeros have a class of their own
        elif top <= low:
            label = number(low)
        else:
            label = f"{number(low)} à {number(top)}"
        rows.append({"color": ramp[index], "label": label})
    if any(value is None for _, value in layer.values):
        rows.append({"color": surfaces(theme).no_data, "label": f"inconnu{NNBSP}: aucune masse"})
    return rows
