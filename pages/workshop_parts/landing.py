"""Cards landing on the map, and the ideas that join them, as one payload for ``landing.js``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from data.french import number
from data.model import Side
from pages.routes import assets
from pages.routes.hall import address
from pages.ui import escape, icons, localtime, palette, wording
from pages.ui.palette import Theme, surfaces
from pages.ui.session import Snapshot, shared_store, snapshot
from pages.workshop_parts.hall import Hall, hall, place, position
from pages.workshop_parts.proposals import Proposal, proposals

EVERY_MS: Final = 1_000
"""Two seconds are promised between a phone's acknowledgement and the screen."""
BEST: Final = 3
"""Proposals drawn on the map, and listed beside it."""
_KEPT_DRAWN: Final = 12
"""Ideas kept drawn as lines: with eighty, nobody could follow one."""
_ROOM = 0.02
"""Degrees kept around the cards."""


class LandingAssets(JSCSSMixin):
    """Brings the script and the styles of landing cards into a map's page."""

    _template = Template("{% macro script(this, kwargs) %}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxLanding"
        self.default_js = [("cartoflux_landing", assets.url("cartoflux", "landing.js"))]
        self.default_css = [("cartoflux_landing_css", assets.url("cartoflux", "landing.css"))]


class LandingLayer(folium.FeatureGroup):
    """The feature group that ``assets/landing.js`` fills."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.landing({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="landing", control=False)
        self.payload_json = escape.script(payload)


def layer(workshop_id: str, theme: Theme) -> LandingLayer:
    """Build the layer of a workshop: it asks for its content itself, every second."""
    return LandingLayer({"address": address(workshop_id, theme), "every_ms": EVERY_MS})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the map shows at this instant.

    Attributes:
        token: the same as long as nothing on the map changes.
    """

    hall: Hall
    best: tuple[Proposal, ...]
    records: Snapshot

    @property
    def token(self) -> Any:
        """Equal when the map is the same."""
        return (self.hall, self.best, self.records.key)

    def payload(self, theme: Theme) -> dict[str, escape.Json]:
        """Describe what to draw."""
        return payload_of(self.hall, self.best, self.records, theme=theme)


def seen(workshop_id: str) -> Seen | None:
    """Give what the map shows; ``None`` when there is no such workshop."""
    now = hall(shared_store(), workshop_id)
    if now is None:
        return None
    records = snapshot()
    today = localtime.today()
    return Seen(hall=now, best=proposals(now, records, today)[:BEST], records=records)


def payload_of(
    now: Hall, offered: Sequence[Proposal], records: Snapshot, *, theme: Theme
) -> dict[str, escape.Json]:
    """Describe what to draw, in plain JSON; positions are ``[lat, lon]`` as Leaflet wants them."""
    colors = surfaces(theme)
    at: dict[str, list[float]] = {}
    cards: list[escape.Json] = []
    for card in reversed(now.shown):
        lon, lat, known = position(now, card, records)
        at[card.id] = [round(lat, 5), round(lon, 5)]
        cards.append(
            {
                "id": card.id,
                "at": at[card.id],
                "who": now.company_number(card),
                "known": known,
                "side": card.side.value,
                "title": card.label,
                "lines": [
                    f"{wording.SIDE[card.side]}, {now.company_name(card)}",
                    "" if known else "Lieu inconnu : placée autour de la salle",
                ],
            }
        )
    lon, lat = place(now.workshop, records)
    seen = [*at.values(), [lat, lon]]
    lats, lons = [one[0] for one in seen], [one[1] for one in seen]
    return {
        "bounds": [min(lats) - _ROOM, min(lons) - _ROOM, max(lats) + _ROOM, max(lons) + _ROOM],
        "hall": {
            "at": [lat, lon],
            "title": now.workshop.place or now.workshop.name,
            "about": "Autour : les entreprises dont le lieu est inconnu, ou caché",
            "icon": icons.HALL.css_class,
        },
        "cards": cards,
        "links": _links(now, offered),
        "sides": {
            side.value: {
                "color": palette.SIDE[side],
                "icon": icons.SIDE[side].css_class,
                "shape": icons.SIDE_SHAPE[side],
                "label": f"{wording.SIDE[side]}s",
                "count": number(sum(card.side is side for card in now.shown)),
            }
            for side in Side
        },
        "colors": {
            "kept": colors.primary,
            "proposed": colors.selected,
            "halo": colors.map_label_halo,
            "text": colors.text,
        },
        "legend": {
            "title": "Légende",
            "kept": _kept_words(len(now.kept)),
            "proposed": "Proposition du moment (tirets)",
        },
    }


def _links(now: Hall, offered: Sequence[Proposal]) -> list[escape.Json]:
    """Describe the last ideas kept and the proposals of the moment; more would be a web."""
    links: list[escape.Json] = [
        {"cards": list(idea.card_ids), "kept": True, "title": now.idea_title(idea)}
        for idea in now.kept[:_KEPT_DRAWN]
    ]
    links += [
        {"cards": [card.id for card in one.cards], "kept": False, "title": one.title(now)}
        for one in offered
    ]
    return links


def _kept_words(count: int) -> str:
    if count <= _KEPT_DRAWN:
        return "Idée retenue (trait plein)"
    return f"Idée retenue (trait plein, les {number(_KEPT_DRAWN)} dernières)"
