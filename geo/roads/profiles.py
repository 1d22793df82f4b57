"""What the tags of a way or of a point of it mean for a bike and for a van.

Speeds are those of an average rider on the flat (the scenario's speed scales them) and of a light
van in ordinary traffic; they are hypotheses, listed in ``docs/methode.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Tags = Mapping[str, str]

BIKE_BASE_KMH: Final = 15.0
"""The rider's speed that the bike profile stands for; another speed scales every time."""
PUSH_KMH: Final = 4.5
STEPS_KMH: Final = 2.0
SLOWEST_KMH: Final = 1.0
THROUGH_RIVERAINS: Final = 0.5
"""Factor on the speed where only residents and deliveries may drive: a detour is preferred."""
LEGAL_SHARE: Final = 0.85
"""Share of the posted speed that a van keeps on average along a road."""

# Highway class → (van km/h without a posted speed, most that a posted speed can give).
_VAN: Final[dict[str, tuple[float, float]]] = {
    "motorway": (105, 110),
    "motorway_link": (55, 70),
    "trunk": (85, 95),
    "trunk_link": (45, 60),
    "primary": (62, 76),
    "primary_link": (35, 50),
    "secondary": (56, 70),
    "secondary_link": (30, 45),
    "tertiary": (46, 60),
    "tertiary_link": (25, 40),
    "unclassified": (34, 50),
    "residential": (25, 40),
    "living_street": (12, 18),
    "service": (15, 25),
    "road": (25, 40),
    "track": (12, 20),
}
_BIKE: Final[dict[str, float]] = {
    "primary": 15,
    "primary_link": 15,
    "secondary": 15,
    "secondary_link": 15,
    "tertiary": 15,
    "tertiary_link": 15,
    "unclassified": 15,
    "residential": 15,
    "living_street": 13,
    "service": 14,
    "road": 14,
    "cycleway": 15,
    "track": 11.5,
    "path": 11,
}
_ONLY_IF_SAID: Final = {"trunk": 15.0, "trunk_link": 15.0, "busway": 15.0, "bridleway": 9.0}
"""Ridden only where a sign allows bikes."""
_PUSHED: Final = {"footway": 12.0, "pedestrian": 10.0, "steps": STEPS_KMH, "platform": PUSH_KMH}
"""Pushed, unless a sign allows riding, at this speed."""
_MAIN: Final = frozenset(_VAN) - {"service", "track", "road"}

_SURFACE: Final[dict[str, float]] = {
    "compacted": 13,
    "fine_gravel": 12,
    "gravel": 9.5,
    "unpaved": 9.5,
    "dirt": 9,
    "earth": 9,
    "ground": 9,
    "grass": 7,
    "grass_paver": 9,
    "sand": 5.5,
    "mud": 5.5,
    "sett": 10,
    "cobblestone": 9,
    "unhewn_cobblestone": 8,
    "pebblestone": 8,
    "rock": 6,
    "stepping_stones": 3,
    "wood": 12,
    "metal": 13,
}
_TRACKTYPE: Final = {"grade1": 15.0, "grade2": 12.5, "grade3": 11.0, "grade4": 9.0, "grade5": 7.0}
_SMOOTHNESS: Final = {
    "bad": 11.0,
    "very_bad": 8.0,
    "horrible": 5.5,
    "very_horrible": 4.0,
}
_PAVED: Final = frozenset(
    {"asphalt", "paved", "concrete", "concrete:plates", "concrete:lanes", "paving_stones"}
)
_VAN_SURFACE: Final = {"gravel": 30.0, "unpaved": 30.0, "dirt": 18.0, "ground": 18.0, "sett": 30.0}
_HARD_PATHS: Final = frozenset(
    {
        "mountain_hiking",
        "demanding_mountain_hiking",
        "alpine_hiking",
        "demanding_alpine_hiking",
        "difficult_alpine_hiking",
    }
)

_YES: Final = frozenset({"yes", "designated", "permissive", "official", "1", "true"})
_SERVED: Final = frozenset({"destination", "delivery", "customers"})
_NO: Final = frozenset(
    {
        "no",
        "private",
        "agricultural",
        "forestry",
        "emergency",
        "military",
        "use_sidepath",
        "permit",
        "residents",
        "psv",
        "bus",
        "0",
        "false",
    }
)
_FORWARD: Final = frozenset({"yes", "true", "1"})
_REVERSE: Final = frozenset({"-1", "reverse"})
_ROUND: Final = frozenset({"roundabout", "circular"})
_NOT_AGAINST: Final = ("motorway", "trunk", "primary", "secondary")

_BLOCKS_VAN: Final = frozenset(
    {
        "bollard",
        "block",
        "cycle_barrier",
        "motorcycle_barrier",
        "jersey_barrier",
        "kissing_gate",
        "stile",
        "turnstile",
        "log",
        "debris",
        "planter",
        "chain",
        "full-height_turnstile",
        "horse_stile",
        "hampshire_gate",
    }
)
_BLOCKS_BIKE: Final = frozenset({"kissing_gate", "stile", "turnstile", "full-height_turnstile"})
_NODE_DELAY_S: Final = {
    "traffic_signals": 10.0,
    "stop": 4.0,
    "give_way": 2.0,
    "mini_roundabout": 2.0,
    "crossing": 0.5,
}
_LEVEL_CROSSING_S: Final = 4.0
_GATE_S: Final = 15.0

JUNCTION_S: Final = {"bike": 1.5, "van": 2.5}
"""Average time lost where three streets or more meet: looking, giving way, turning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Speeds along a way, km/h; zero where it may not be taken.

    Attributes:
        forward: in the direction the way is drawn; ``bike_forward``, ``van_forward``, and so on.
        main: a street, whose meeting with others makes a junction (not a drive or a path).
        roundabout: part of a roundabout, where leaving costs nothing more.
    """

    bike_forward: float
    bike_backward: float
    van_forward: float
    van_backward: float
    pushed: bool
    main: bool
    roundabout: bool

    @property
    def usable(self) -> bool:
        """Someone may take it, in one direction at least."""
        return any((self.bike_forward, self.bike_backward, self.van_forward, self.van_backward))


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRules:
    """What a point of a way does: lost seconds, and whether it stops someone."""

    delay_s: float = 0.0
    blocks_bike: bool = False
    blocks_van: bool = False


def way_rules(tags: Tags) -> Rules:
    """Read the tags of a way; see the module for what the speeds stand for."""
    highway = tags.get("highway", "")
    roundabout = tags.get("junction") in _ROUND
    bike, pushed = (0.0, False) if _closed(tags) else _bike_speed(highway, tags)
    van = 0.0 if _closed(tags) else _van_speed(highway, tags)
    forward, backward = _directions(tags, roundabout)
    bike_forward, bike_backward = _bike_directions(tags, bike, pushed, (forward, backward))
    return Rules(
        bike_forward=bike_forward,
        bike_backward=bike_backward,
        van_forward=van if forward else 0.0,
        van_backward=van if backward else 0.0,
        pushed=pushed,
        main=highway in _MAIN,
        roundabout=roundabout,
    )


def point_rules(tags: Tags) -> PointRules:
    """Read the tags of a point that lies on a way."""
    barrier = tags.get("barrier", "")
    delay = _NODE_DELAY_S.get(tags.get("highway", ""), 0.0)
    if tags.get("railway") == "level_crossing":
        delay = _LEVEL_CROSSING_S
    if not barrier:
        return PointRules(delay_s=delay)
    bike = _allowed(tags, ("access", "vehicle", "bicycle"))
    van = _allowed(tags, ("access", "vehicle", "motor_vehicle", "motorcar"))
    return PointRules(
        delay_s=delay + (_GATE_S if "gate" in barrier else 0.0),
        blocks_bike=bike is False or (bike is None and barrier in _BLOCKS_BIKE),
        blocks_van=van is False or (van is None and barrier in _BLOCKS_VAN),
    )


def exempts_vans(tags: Tags) -> bool:
    """Whether a turn restriction spares cars and vans."""
    words = {word.strip() for word in tags.get("except", "").split(";")}
    return bool(words & {"motorcar", "motor_vehicle", "vehicle", "goods", "delivery"})


def _closed(tags: Tags) -> bool:
    return (
        tags.get("area") == "yes"
        or tags.get("impassable") == "yes"
        or tags.get("smoothness") == "impassable"
    )


def _allowed(tags: Tags, keys: tuple[str, ...]) -> bool | None:
    """Tell what the most precise sign says; ``None`` where there is none."""
    for key in reversed(keys):
        value = tags.get(key)
        if value is None:
            continue
        if value in _NO:
            return False
        if value in _YES or value in _SERVED:
            return True
    return None


def _bike_speed(highway: str, tags: Tags) -> tuple[float, bool]:
    """Speed of a bike along the way, and whether it is pushed."""
    said = _allowed(tags, ("access", "vehicle", "bicycle"))
    foot = _allowed(tags, ("access", "foot"))
    own = tags.get("bicycle", "")
    riding = _BIKE.get(highway, 0.0)
    walkable = (riding > 0 or highway in _PUSHED or highway == "bridleway") and foot is not False
    if tags.get("motorroad") == "yes" or tags.get("sac_scale") in _HARD_PATHS:
        return 0.0, False
    if highway in _PUSHED:
        allowed = own in _YES and highway not in {"steps", "platform"}
        riding = _PUSHED[highway] if allowed else 0.0
    elif highway in _ONLY_IF_SAID:
        riding = _ONLY_IF_SAID[highway] if own in _YES else 0.0
    dismount = own == "dismount" or tags.get("sac_scale") == "hiking"
    if riding == 0 or dismount or said is False:
        on_foot = walkable and (said is not False or foot is True or own in {"no", "use_sidepath"})
        if own in {"private", "use_sidepath"} or not on_foot:
            return 0.0, False
        return (STEPS_KMH if highway == "steps" else PUSH_KMH), True
    return max(min(riding, _rolling(highway, tags)), PUSH_KMH * 0.8), False


def _rolling(highway: str, tags: Tags) -> float:
    """Most that the ground allows a bike, km/h on the scale of ``BIKE_BASE_KMH``."""
    surface, limit = tags.get("surface", ""), BIKE_BASE_KMH
    if surface in _SURFACE:
        limit = _SURFACE[surface]
    elif surface not in _PAVED and "tracktype" in tags:
        limit = _TRACKTYPE.get(tags["tracktype"], limit)
    elif surface not in _PAVED and highway in {"track", "path"}:
        limit = _BIKE[highway]
    return min(limit, _SMOOTHNESS.get(tags.get("smoothness", ""), limit))


def _van_speed(highway: str, tags: Tags) -> float:
    if highway not in _VAN:
        return 0.0
    keys = ("access", "vehicle", "motor_vehicle", "motorcar")
    said = _allowed(tags, keys)
    if said is False:
        return 0.0
    hard = tags.get("tracktype") == "grade1" or tags.get("surface") in _PAVED
    if highway == "track" and not (hard or _allowed(tags, ("motor_vehicle", "motorcar"))):
        return 0.0
    usual, most = _VAN[highway]
    posted = posted_kmh(tags)
    speed = usual if posted is None else min(LEGAL_SHARE * posted, most)
    if tags.get("service") in {"driveway", "parking_aisle", "drive-through", "alley"}:
        speed = min(speed, 12.0)
    speed = min(speed, _VAN_SURFACE.get(tags.get("surface", ""), speed))
    value = next((tags[key] for key in reversed(keys) if key in tags), "")
    return max(speed * (THROUGH_RIVERAINS if value in _SERVED else 1.0), SLOWEST_KMH)


def posted_kmh(tags: Tags) -> float | None:
    """Read a posted speed: « 50 », « 30 mph », « FR:urban », « walk »."""
    text = tags.get("maxspeed") or tags.get("maxspeed:type") or tags.get("source:maxspeed") or ""
    text = text.split(";")[0].strip().lower()
    named = {
        "urban": 50.0,
        "rural": 80.0,
        "zone20": 20.0,
        "zone30": 30.0,
        "walk": 7.0,
        "living_street": 20.0,
    }
    if text.split(":")[-1] in named:
        return named[text.split(":")[-1]]
    figure, _, unit = text.partition(" ")
    if unit == "" and figure.endswith("mph"):
        figure, unit = figure.removesuffix("mph"), "mph"
    try:
        value = float(figure)
    except ValueError:
        return None
    value *= 1.609344 if unit == "mph" else 1.0
    return value if 3 <= value <= 200 else None  # noqa: PLR2004 (anything else is a slip)


def _directions(tags: Tags, roundabout: bool) -> tuple[bool, bool]:
    oneway = tags.get("oneway", "")
    if oneway in _FORWARD:
        return True, False
    if oneway in _REVERSE:
        return False, True
    if oneway == "reversible":
        return False, False
    if oneway == "" and (roundabout or tags.get("highway") in {"motorway", "motorway_link"}):
        return True, False
    return True, True


def _bike_directions(
    tags: Tags, speed: float, pushed: bool, open_: tuple[bool, bool]
) -> tuple[float, float]:
    """Speeds of a bike both ways: contraflow lanes, and pushing against a one-way street."""
    highway, (forward, backward) = tags.get("highway", ""), open_
    if pushed or highway in {"footway", "steps", "pedestrian", "platform"}:
        own = tags.get("oneway:bicycle", "")
        forward, backward = (True, False) if own in _FORWARD else (True, True)
        return speed if forward else PUSH_KMH, speed if backward else PUSH_KMH
    if (forward and backward) or speed == 0:
        own = tags.get("oneway:bicycle", "")
        if own in _FORWARD and forward:
            return speed, 0.0
        return (speed if forward else 0.0), (speed if backward else 0.0)
    if _contraflow(tags):
        return speed, speed
    on_foot = not highway.startswith(_NOT_AGAINST) and tags.get("junction") not in _ROUND
    against = min(PUSH_KMH, speed) if on_foot and tags.get("foot") != "no" else 0.0
    return (speed if forward else against), (speed if backward else against)


def _contraflow(tags: Tags) -> bool:
    if tags.get("oneway:bicycle") in {"no", "0", "false", "-1"}:
        return True
    sides = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
    if any(tags.get(side, "").startswith("opposite") for side in sides):
        return True
    return any(
        tags.get(side, "no") not in {"no", "none", "separate"}
        and tags.get(f"{side}:oneway") in {"no", "-1"}
        for side in sides
    )
