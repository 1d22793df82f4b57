"""Small records for tests of the store."""

from typing import Any

from hypothesis import HealthCheck, settings

from data.model import (
    Actor,
    ActorKind,
    Card,
    College,
    Depot,
    Direction,
    Flow,
    Idea,
    Listing,
    Outlet,
    Photo,
    Plan,
    PositionPrecision,
    Resource,
    ResourceFamily,
    Scenario,
    Side,
    Stop,
    Stream,
    Synergy,
    TravelMode,
    Vehicle,
    Workshop,
)
from data.store import Store
from data.store.tables import KINDS

LAW = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""How laws are tested here: the same examples everywhere, on machines of any speed."""

BIOWASTE = Resource(
    id="biowaste", family=ResourceFamily.WASTE, stream=Stream.BIOWASTE, name="Biodéchets"
)


def actor(id: str = "chai", **fields: Any) -> Actor:  # noqa: A002
    """Make an actor."""
    given: dict[str, Any] = {
        "name": "Chai du Barail",
        "kind": ActorKind.COMPANY,
        "college": College.PRIVATE,
        "commune_code": "24037",
        "lon": 0.48,
        "lat": 44.85,
        "position_precision": PositionPrecision.STREET,
    }
    return Actor(id=id, **(given | fields))


def flow(id: str = "marc", **fields: Any) -> Flow:  # noqa: A002
    """Make a flow of the actor « chai »."""
    given: dict[str, Any] = {
        "actor_id": "chai",
        "direction": Direction.OUT,
        "resource_id": "biowaste",
        "quantity": 12.5,
    }
    return Flow(id=id, **(given | fields))


def stop(id: str = "cantine", **fields: Any) -> Stop:  # noqa: A002
    """Make a stop of no actor."""
    given: dict[str, Any] = {
        "actor_id": None,
        "resource_id": "biowaste",
        "name": "Cantine",
        "commune_code": "24037",
        "lon": 0.48,
        "lat": 44.85,
        "kg_per_visit": 20.0,
    }
    return Stop(id=id, **(given | fields))


def vehicle(**fields: Any) -> Vehicle:
    """Make a bike."""
    given: dict[str, Any] = {
        "id": "velo",
        "name": "Vélo cargo",
        "mode": TravelMode.BIKE,
        "capacity_kg": 150.0,
        "capacity_containers": 6.0,
        "speed_kmh": 15.0,
        "shift_start_s": 28_800,
        "shift_end_s": 43_200,
    }
    return Vehicle(**(given | fields))


DEPOT = Depot(id="depot", name="Dépôt", commune_code="24037", lon=0.48, lat=44.85)


def outlet(**fields: Any) -> Outlet:
    """Make a composting site run by nobody in particular."""
    given: dict[str, Any] = {
        "id": "compost",
        "actor_id": None,
        "name": "Plateforme",
        "commune_code": "24037",
        "lon": 0.5,
        "lat": 44.86,
        "resource_ids": ("biowaste",),
    }
    return Outlet(**(given | fields))


def scenario(**fields: Any) -> Scenario:
    """Make a scenario of one stop, one bike."""
    given: dict[str, Any] = {
        "id": "lundi",
        "name": "Lundi",
        "resource_id": "biowaste",
        "stops": (stop(),),
        "vehicles": (vehicle(),),
        "depot": DEPOT,
        "outlets": (outlet(),),
    }
    return Scenario(**(given | fields))


def plan(**fields: Any) -> Plan:
    """Make an empty plan of that scenario."""
    given: dict[str, Any] = {
        "id": "plan",
        "scenario_id": "lundi",
        "name": "Plan du lundi",
        "created_at": "2026-03-31T08:00:00+00:00",
        "rounds": (),
        "unserved": (),
        "travel_source": "vol d’oiseau",
        "travel_margin": 0.1,
        "engine": "or-tools",
        "cost_eur": 42.0,
    }
    return Plan(**(given | fields))


WORKSHOP = Workshop(id="atelier", name="Atelier", day="2026-03-31", code="PALETTE")

MEETING: tuple[Any, ...] = (
    Photo(id="photo", media_type="image/png", content=b"image"),
    WORKSHOP,
    Card(id="fiche", workshop_id="atelier", company="Chai", side=Side.OFFER, label="palettes"),
    Idea(id="idee", workshop_id="atelier", title="Palettes contre cagettes"),
    Listing(id="annonce", actor_id="chai", side=Side.OFFER, resource_id="biowaste"),
    Synergy(id="palettes", title="Palettes contre cagettes", workshop_id="atelier"),
)
"""A workshop of the actor « chai » and what came of it; needs the sample actor and resource."""


def put(store: Store, *records: Any, what: str = "Saisie") -> Any:
    """Put records in one transaction; gives back the only one, or all."""
    with store.transaction(who="Camille", what=what) as tx:
        written = tx.put_all(records)
    return written[0] if len(written) == 1 else written


def content(store: Store) -> dict[str, dict[str, Any]]:
    """Give everything the store holds, but for the revision numbers."""
    everything: dict[str, dict[str, Any]] = {}
    for kind, keeper in KINDS.items():
        everything[kind.__name__] = {
            record.id: {
                name: getattr(record, name)
                for name in keeper.table.c.keys()  # noqa: SIM118
                if name != "revision"
            }
            for record in store.list(kind)
        }
    return everything
