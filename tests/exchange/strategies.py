"""What Hypothesis draws: a small territory and the records of it, as the application keeps them."""

from typing import Any

import shapely
from hypothesis import strategies as st

from data.exchange.cells import clean
from data.exchange.directory import Directory
from data.model import (
    Actor,
    ActorKind,
    College,
    Commune,
    Depot,
    Direction,
    Epci,
    Flow,
    Origin,
    Outlet,
    Period,
    PositionPrecision,
    Reliability,
    Stop,
    Territory,
    TimeWindow,
    TravelMode,
    Vehicle,
    Visibility,
)
from data.nomenclature import load_resources


def _commune(code: str, name: str, lon: float, lat: float) -> Commune:
    return Commune(
        code=code,
        name=name,
        epci_code="200070647",
        population=1000,
        area_km2=10.0,
        town_hall_lon=lon,
        town_hall_lat=lat,
        boundary_wkb=shapely.box(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05).wkb,
    )


TERRITORY = Territory(
    name="Essai",
    epcis=(Epci(code="200070647", name="CA Bergeracoise", short_name="CAB"),),
    communes=(
        _commune("24037", "Bergerac", 0.48, 44.85),
        _commune("24223", "Issigeac", 0.61, 44.73),
        _commune("24487", "Saint-Pierre-d'Eyraud", 0.32, 44.85),
    ),
)
CODES = tuple(commune.code for commune in TERRITORY.communes)
RESOURCES = load_resources()


def actor(**changes: Any) -> Actor:
    """Return a plausible actor, with some fields changed."""
    fields: dict[str, Any] = {
        "id": "menuiserie",
        "name": "Menuiserie du Port",
        "kind": ActorKind.COMPANY,
        "college": College.PRIVATE,
        "commune_code": "24037",
        "lon": 0.481,
        "lat": 44.851,
        "position_precision": PositionPrecision.ADDRESS,
        "siret": "73282932000074",
        "contact": "port@exemple.fr",
    }
    return Actor(**{**fields, **changes})


def outside(lon: float, lat: float) -> str | None:
    """Tell that a position is outside the small territory (a plain box, for tests)."""
    inside = 0.2 <= lon <= 0.7 and 44.6 <= lat <= 45.0
    return None if inside else "Cette position est hors du territoire."


def directory(*actors: Actor) -> Directory:
    """Return a directory of the small territory."""
    return Directory(territory=TERRITORY, actors=actors, resources=RESOURCES)


def kept_text(longest: int = 40) -> st.SearchStrategy[str]:
    """Text as the store keeps it: printable or line ends, composed, trimmed."""
    alphabet = st.one_of(
        st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff"),
        st.sampled_from("=+-@'\t\n;\",|\\＝"),
    )
    return st.text(alphabet, max_size=longest).map(clean)


_name = kept_text().filter(bool)
_id = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
_lon = st.floats(-180, 180)
_lat = st.floats(-90, 90)
_positive = st.floats(0, 1e9)
# As many digits as anyone types: a seventeenth would be lost when 0.3 is written 30 %.
_percent = st.integers(0, 100_000).map(lambda thousandths: thousandths / 1000)
_listed = st.lists(kept_text().filter(bool), max_size=4).map(tuple)
_windows = st.lists(
    st.tuples(st.integers(0, 86_400), st.integers(0, 86_400)).map(
        lambda ends: TimeWindow(start_s=min(ends), end_s=max(ends))
    ),
    max_size=3,
).map(tuple)
_resource = st.sampled_from([resource.id for resource in RESOURCES])


def _siret(number: int) -> str:
    body = f"{number:013d}"
    luhn = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(body))
    return body + str(-luhn % 10)


actors = st.builds(
    Actor,
    id=_id,
    name=_name,
    kind=st.sampled_from(ActorKind),
    college=st.sampled_from(College),
    commune_code=st.sampled_from(CODES),
    lon=_lon,
    lat=_lat,
    position_precision=st.sampled_from(PositionPrecision),
    activity=kept_text(),
    competences=_listed,
    naf_code=st.sampled_from(["", "10.71C", "01.21Z"]),
    naf_version=_name,
    siret=st.one_of(st.just(""), st.integers(0, 10**13 - 1).map(_siret)),
    address=kept_text(),
    website=st.sampled_from(["", "https://exemple.fr/a?b=1", "www.exemple.fr"]),
    contact=kept_text(),
    description=kept_text(),
    visibility=st.sampled_from(Visibility),
    source=kept_text(),
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)


def flows(actor_ids: list[str]) -> st.SearchStrategy[Flow]:
    """Flows between these actors."""
    some = st.sampled_from(actor_ids)
    maybe = st.none() | _positive
    return st.builds(
        Flow,
        id=_id,
        actor_id=some,
        direction=st.sampled_from(Direction),
        resource_id=_resource,
        label=kept_text(),
        quantity=maybe,
        unit=st.sampled_from(["t", "kg", "m³", "bac 120 L", "palette", "h"]),
        period=st.sampled_from(Period),
        uncertainty=st.none() | _percent,
        periods_per_year=st.none() | st.floats(0, 366),
        visits_per_week=st.none() | st.floats(0, 1000),
        year=st.none() | st.integers(1900, 2200),
        seasonality=st.just(()) | st.tuples(*[st.floats(0.01, 100)] * 12),
        packaging=kept_text(),
        quality=kept_text(),
        cost_eur_per_year=st.none() | st.floats(-1e9, 1e9),
        partner_id=st.none() | some,
        partner_name=kept_text(),
        partner_place=kept_text(),
        waste_code=st.sampled_from(["", "20 01 08", "15 01 10*"]),
        treatment_code=kept_text(5),
        reliability=st.sampled_from(Reliability),
        reliability_note=kept_text(),
        visibility=st.sampled_from(Visibility),
        source=kept_text(),
        study_id=st.none() | _id,
        origin=st.sampled_from(Origin),
        revision=st.just(0),
    )


stops = st.builds(
    Stop,
    id=_id,
    actor_id=st.none(),
    resource_id=_resource,
    name=_name,
    commune_code=st.sampled_from(CODES),
    lon=_lon,
    lat=_lat,
    kg_per_visit=_positive,
    containers_per_visit=_positive,
    visits_per_week=st.floats(0, 1000),
    service_s=st.integers(0, 86_400),
    windows=_windows,
    longest_storage_days=st.integers(1, 3660),
    skip_value_eur=st.none() | _positive,
    address=kept_text(),
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)

vehicles = st.builds(
    Vehicle,
    id=_id,
    name=_name,
    mode=st.sampled_from(TravelMode),
    capacity_kg=st.floats(0.1, 1e6),
    capacity_containers=_positive,
    speed_kmh=st.floats(0.1, 200),
    shift_start_s=st.integers(0, 40_000),
    shift_end_s=st.integers(40_001, 172_800),
    count=st.integers(0, 1000),
    range_m=st.none() | st.integers(0, 10**7),
    cost_eur_per_shift=_positive,
    cost_eur_per_hour=_positive,
    cost_eur_per_km=_positive,
    co2e_kg_per_km=_positive,
    co2e_uncertainty=_percent,
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)

depots = st.builds(
    Depot,
    id=_id,
    name=_name,
    commune_code=st.sampled_from(CODES),
    lon=_lon,
    lat=_lat,
    address=kept_text(),
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)

outlets = st.builds(
    Outlet,
    id=_id,
    actor_id=st.none(),
    name=_name,
    commune_code=st.sampled_from(CODES),
    lon=_lon,
    lat=_lat,
    resource_ids=st.lists(_resource, min_size=1, max_size=3, unique=True).map(tuple),
    windows=_windows,
    weekly_capacity_kg=st.none() | _positive,
    unload_s=st.integers(0, 86_400),
    treatment=kept_text(),
    address=kept_text(),
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)
