"""The icon of a thing, the same on every page.

``ACTOR_KIND`` and ``STREAM`` are Font Awesome 6 glyphs (class names and code points) for maps and
documents; ``MATERIAL_*`` are Streamlit's own bundled symbols for widgets. Neither needs internet.
"""

from dataclasses import dataclass
from typing import Final, Literal

from data.model import ActorKind, EventKind, Side, Stream, SynergyStatus

Shape = Literal["square", "circle", "shield", "diamond", "hexagon"]


@dataclass(frozen=True, slots=True)
class Icon:
    """A Font Awesome glyph: ``css_class`` goes in ``class=``, ``glyph`` is the character."""

    css_class: str
    glyph: str


def _solid(name: str, code: int) -> Icon:
    return Icon(f"fa-solid fa-{name}", chr(code))


ACTOR_KIND: dict[ActorKind, Icon] = {
    ActorKind.COMPANY: _solid("industry", 0xF275),
    ActorKind.SSE: _solid("handshake-angle", 0xF4C4),
    ActorKind.PUBLIC_BODY: _solid("landmark", 0xF66F),
    ActorKind.FARM: _solid("tractor", 0xF722),
    ActorKind.RESIDENTS: _solid("people-roof", 0xE537),
}

ACTOR_SHAPE: dict[ActorKind, Shape] = {
    ActorKind.COMPANY: "square",
    ActorKind.SSE: "circle",
    ActorKind.PUBLIC_BODY: "shield",
    ActorKind.FARM: "diamond",
    ActorKind.RESIDENTS: "hexagon",
}

STREAM: dict[Stream, Icon] = {
    Stream.BIOWASTE: _solid("apple-whole", 0xF5D1),
    Stream.WOOD: _solid("tree", 0xF1BB),
    Stream.PAPER_CARDBOARD: _solid("box", 0xF466),
    Stream.PLASTIC: _solid("bottle-water", 0xE4C5),
    Stream.METAL: _solid("gears", 0xF085),
    Stream.GLASS: _solid("wine-bottle", 0xF72F),
    Stream.MINERAL: _solid("cubes", 0xF1B3),
    Stream.TEXTILE: _solid("shirt", 0xF553),
    Stream.CHEMICAL: _solid("flask", 0xF0C3),
    Stream.FOOD: _solid("wheat-awn", 0xE2CD),
    Stream.ENERGY: _solid("bolt", 0xF0E7),
    Stream.WATER: _solid("droplet", 0xF043),
    Stream.SHARED_MEANS: _solid("people-carry-box", 0xF4CE),
}

SIDE: dict[Side, Icon] = {
    Side.OFFER: _solid("hand-holding", 0xF4BD),
    Side.NEED: _solid("magnifying-glass", 0xF002),
}
SIDE_SHAPE: dict[Side, Shape] = {Side.OFFER: "circle", Side.NEED: "diamond"}

EVENT_KIND: dict[EventKind, Icon] = {
    EventKind.PRESENTATION: _solid("person-chalkboard", 0xE53D),
    EventKind.VISIT: _solid("person-walking", 0xF554),
    EventKind.EVENING: _solid("moon", 0xF186),
    EventKind.COMMITTEE: _solid("users", 0xF0C0),
    EventKind.WORKSHOP: _solid("lightbulb", 0xF0EB),
    EventKind.TRAINING: _solid("graduation-cap", 0xF19D),
    EventKind.CONFERENCE: _solid("microphone", 0xF130),
    EventKind.OTHER: _solid("calendar-day", 0xF783),
}

HALL: Final = _solid("people-roof", 0xE537)
DEPOT: Final = _solid("house-flag", 0xE50D)
OUTLET: Final = _solid("recycle", 0xF1B8)
STOP: Final = _solid("location-dot", 0xF3C5)
BIKE: Final = _solid("bicycle", 0xF206)
VAN: Final = _solid("truck", 0xF0D1)

MATERIAL_MAP: Final = ":material/map:"
MATERIAL_ROUNDS: Final = ":material/pedal_bike:"
MATERIAL_FLOWS: Final = ":material/swap_calls:"
MATERIAL_LETTER: Final = ":material/mail:"
MATERIAL_REPORT: Final = ":material/analytics:"
MATERIAL_SYNERGIES: Final = ":material/hub:"
MATERIAL_WORKSHOP: Final = ":material/groups:"
MATERIAL_STUDIES: Final = ":material/assignment:"
MATERIAL_DATA: Final = ":material/table_chart:"
MATERIAL_ABOUT: Final = ":material/info:"
MATERIAL_FILTER: Final = ":material/filter_list:"
MATERIAL_SEARCH: Final = ":material/search:"
MATERIAL_DOWNLOAD: Final = ":material/download:"
MATERIAL_CLEAR: Final = ":material/close:"
MATERIAL_SCREEN: Final = ":material/slideshow:"
MATERIAL_BACK: Final = ":material/arrow_back:"
MATERIAL_PLACE: Final = ":material/location_on:"
MATERIAL_DEMO: Final = ":material/science:"

SYNERGY_STATUS: Final[dict[SynergyStatus, str]] = {
    SynergyStatus.IDEA: ":material/lightbulb:",
    SynergyStatus.TO_EXPLORE: ":material/search:",
    SynergyStatus.DISCUSSION: ":material/forum:",
    SynergyStatus.ABOUT_TO_BE_REALISED: ":material/handshake:",
    SynergyStatus.REALISED: ":material/check_circle:",
    SynergyStatus.LASTING: ":material/verified:",
    SynergyStatus.SUSPENDED: ":material/pause_circle:",
    SynergyStatus.ABANDONED: ":material/cancel:",
}
