"""Pieces of the page Synergies without a page: the map's payload, a round's first stops."""

import json
import math

import pytest

from data.figures import load_figures
from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    Listing,
    Party,
    PartyRole,
    Period,
    PositionPrecision,
    Side,
    Stop,
    Synergy,
    SynergyStatus,
)
from data.nomenclature import load_resources
from geo.layers import synergies_layer
from pages.rounds_parts.prefill import pooled_stops
from pages.ui.synergy_layer import SynergyLayer, payload_of, weight_of

BIOWASTE = next(one for one in load_resources() if one.id == "biowaste_kitchen")
FIGURES = load_figures()
HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}"


def _actor(name: str, lon: float = 0.5) -> Actor:
    return Actor(
        id=name,
        name=f"{name} {HOSTILE}",
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code="24037",
        lon=lon,
        lat=44.85,
        position_precision=PositionPrecision.ADDRESS,
    )


def _stop(actor_id: str, resource_id: str = BIOWASTE.id) -> Stop:
    return Stop(
        id=f"stop-{actor_id}-{resource_id}",
        actor_id=actor_id,
        resource_id=resource_id,
        name=actor_id,
        commune_code="24037",
        lon=0.5,
        lat=44.85,
        kg_per_visit=40.0,
        containers_per_visit=1.0,
        visits_per_week=2.0,
    )


def test_hostile_names_never_close_the_script() -> None:
    """What goes to the browser is ASCII JSON without a bracket of markup or a template mark."""
    actors = {"a": _actor("a"), "b": _actor("b", 0.6)}
    parties = (
        Party(actor_id="a", role=PartyRole.GIVER),
        Party(actor_id="b", role=PartyRole.TAKER),
    )
    one = Synergy(id="s", title=HOSTILE, status=SynergyStatus.LASTING, parties=parties)
    payload = payload_of(synergies_layer([one], actors), actors, theme="light")
    script = SynergyLayer(payload).payload_json
    assert "<" not in script
    assert "{{" not in script
    (link,) = json.loads(script)["links"]
    assert link["title"] == HOSTILE
    assert link["weight"] == weight_of(SynergyStatus.LASTING) > weight_of(SynergyStatus.REALISED)
    assert len(json.loads(script)["nodes"]) == 2


def test_the_surest_links_lie_on_top_and_the_legend_counts_them() -> None:
    """Ideas are drawn before what is realised; the legend has one row a status present."""
    actors = {name: _actor(name, 0.4 + 0.1 * place**2) for place, name in enumerate("abc")}
    partners = tuple(Party(actor_id=name, role=PartyRole.PARTNER) for name in actors)
    found = [
        Synergy(id=status, title=status, status=status, parties=partners)
        for status in (SynergyStatus.REALISED, SynergyStatus.IDEA, SynergyStatus.ABANDONED)
    ]
    payload = payload_of(synergies_layer(found, actors), actors, theme="dark")
    seen = json.loads(json.dumps(payload))
    assert [link["id"] for link in seen["links"]] == ["abandoned", "idea", "realised"]
    assert [row["label"] for row in seen["legend"]["rows"]] == [
        "Idée (1)",
        "Réalisée (1)",
        "Abandonnée (1)",
    ]
    assert sum(node["hub"] for node in seen["nodes"]) == 1


def test_a_pooled_stop_comes_from_a_stop_a_flow_an_offer_in_that_order() -> None:
    """Known stops stay as they are; else the flow, else the offer gives the kilograms a visit."""
    actors = [_actor(name) for name in ("known", "flowing", "offering", "silent")]
    flow = Flow(
        id="f",
        actor_id="flowing",
        direction=Direction.OUT,
        resource_id=BIOWASTE.id,
        quantity=10.4,
        visits_per_week=2.0,
    )
    offers = [
        Listing(
            id=actor_id,
            actor_id=actor_id,
            side=Side.OFFER,
            resource_id=BIOWASTE.id,
            quantity=104.0,
            unit="kg",
            period=Period.WEEK,
        )
        for actor_id in ("offering", "flowing")
    ]
    once = Listing(
        id="once",
        actor_id="silent",
        side=Side.OFFER,
        resource_id=BIOWASTE.id,
        quantity=9.0,
        period=None,
    )
    found = pooled_stops(
        actors,
        stops=[_stop("known"), _stop("known", "pallet"), _stop("stranger")],
        flows=[flow],
        listings=[*offers, once],
        resource=BIOWASTE,
        figures=FIGURES,
    )
    kg = {stop.actor_id: stop.kg_per_visit for stop in found}
    usual = FIGURES.value("bike_collection_visits_per_week")
    assert [stop.actor_id for stop in found] == ["known", "flowing", "offering", "silent"]
    assert kg["known"] == 40
    assert kg["flowing"] == pytest.approx(100)
    assert kg["offering"] == pytest.approx(104 / usual)
    assert math.isnan(kg["silent"])
