"""What records may hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.fields import hints
from data.model import (
    Plan,
    Resource,
    ResourceFamily,
    Round,
    Stream,
    Territory,
    TimeWindow,
    Visit,
    VisitKind,
)
from data.rules import KIND_LABELS, LONGEST_NAME, RULES
from data.store import Store
from data.store.tables import KINDS, Setting
from data.validate import storable, validate
from tests import strategies
from tests.store.samples import (
    BIOWASTE,
    LAW,
    actor,
    content,
    flow,
    outlet,
    plan,
    put,
    scenario,
    stop,
    vehicle,
)

MODEL = [*KINDS, *strategies.NESTED, Territory]
NAN, INFINITY = float("nan"), float("inf")


def test_every_field_has_a_rule_and_every_class_a_name() -> None:
    """Every field of the model has its French name and limits, and no rule is left over."""
    fields = {name for kind in MODEL for name in hints(kind)}
    assert fields == set(RULES)
    assert set(MODEL) - {Setting} == set(KIND_LABELS)


def _resource(**fields: Any) -> Resource:
    return Resource(
        id="r", family=ResourceFamily.WASTE, stream=Stream.GLASS, name="Verre", **fields
    )


def _plan(**visit: Any) -> Plan:
    given: dict[str, Any] = {
        "kind": VisitKind.STOP,
        "place_id": "cantine",
        "arrival_s": 30_000,
        "wait_s": 0,
        "service_s": 300,
        "distance_m": 1_000,
        "travel_s": 240,
        "load_kg": 20.0,
        "load_containers": 1.0,
    }
    visits = (Visit(**(given | visit)),)
    return plan(rounds=(Round(vehicle_id="velo", vehicle_number=1, visits=visits),))


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (actor(id=""), "identifiant"),
        (actor(name=" \n"), "nom"),
        (actor(name="x" * (LONGEST_NAME + 1)), "nom"),
        (actor(name=None), "nom"),
        (actor(name=12), "nom"),
        (actor(description="\x00"), "description"),
        (actor(description="\ud800"), "description"),
        (actor(competences=("tri", "\x07")), "compétences"),
        (actor(competences=["tri"]), "compétences"),
        (actor(kind="company"), "type"),
        (actor(lat=90.1), "latitude"),
        (actor(lat=NAN), "latitude"),
        (actor(lat="44"), "latitude"),
        (actor(lat=True), "latitude"),
        (actor(lon=-INFINITY), "longitude"),
        (actor(revision=-1), "révision"),
        (flow(actor_id=None), "acteur"),
        (flow(actor_id=""), "acteur"),
        (flow(quantity=-0.5), "quantité"),
        (flow(quantity=1e300), "quantité"),
        (flow(quantity=INFINITY), "quantité"),
        (flow(unit=""), "unité"),
        (flow(uncertainty=-0.1), "incertitude"),
        (flow(year=12), "année"),
        (flow(year=2024.5), "année"),
        (flow(seasonality=(1.0,) * 11), "saisonnalité"),
        (flow(seasonality=(0.0,) * 12), "saisonnalité"),
        (flow(seasonality=(-1.0, *(1.0,) * 11)), "saisonnalité"),
        (stop(kg_per_visit=-20.0), "kilogrammes par passage"),
        (stop(windows=(TimeWindow(start_s=3_600, end_s=0),)), "fin du créneau"),
        (stop(windows=(TimeWindow(start_s=-1, end_s=0),)), "début du créneau"),
        (stop(windows=((0, 1),)), "créneaux horaires"),
        (stop(longest_storage_days=0), "durée maximale de stockage"),
        (vehicle(capacity_kg=0.0), "charge utile"),
        (vehicle(speed_kmh=0), "vitesse"),
        (vehicle(count=-1), "nombre de véhicules"),
        (vehicle(shift_end_s=28_800), "fin du service"),
        (outlet(weekly_capacity_kg=-1.0), "capacité hebdomadaire"),
        (outlet(resource_ids=("",)), "ressources acceptées"),
        (_resource(density_kg_per_l=0.5, density_high_kg_per_l=0.4), "masse volumique"),
        (scenario(day="demain"), "jour"),
        (scenario(vehicles=(vehicle(capacity_kg=-5.0),)), "charge utile"),
        (scenario(depot=None), "dépôt"),
        (scenario(depot=outlet()), "dépôt"),
        (scenario(assumptions=(("prix", NAN),)), "hypothèses"),
        (scenario(assumptions=(("prix",),)), "hypothèses"),
        (plan(created_at="hier"), "date de création"),
        (plan(cost_eur=NAN), "coût"),
        (_plan(load_kg=-3.0), "charge à bord"),
        (_plan(place_id=""), "lieu de la visite"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(record: Any, field: str) -> None:
    """A wrong value is refused with a French sentence that names the field."""
    with pytest.raises(InputError, match=f"« {field} »") as caught:
        validate(record)
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "record",
    [
        flow(quantity=None),
        flow(quantity=0.0),
        flow(cost_eur_per_year=-150.0),
        stop(windows=(TimeWindow(start_s=3_600, end_s=3_600),)),
        vehicle(shift_start_s=79_200, shift_end_s=108_000),
        vehicle(count=0),
        outlet(resource_ids=()),
        scenario(stops=(), vehicles=(), outlets=()),
        _plan(load_kg=-1e-12),
        actor(name="L’« Œuf » & <b>Cie</b> 😀", description="deux\nlignes\tet plus"),
    ],
)
def test_accepted(record: Any) -> None:
    """Unusual but possible situations are accepted."""
    validate(record)


def test_the_sentence_says_where() -> None:
    """Inside a scenario, the sentence leads to the nested record, names kept as written."""
    with pytest.raises(InputError) as caught:
        validate(scenario(name="ÉTÉ", stops=(stop(name="École JULES Ferry", kg_per_visit=-2.5),)))
    assert str(caught.value) == (
        "Scénario « ÉTÉ », point de collecte « École JULES Ferry » : le champ « kilogrammes par "
        "passage » doit être au moins égal à 0 (reçu : -2,5)."
    )


@given(st.text(st.characters(codec=None, categories=("Cc", "Cs", "Ll", "Zs", "So", "Cn"))))
@LAW
def test_storable_texts_can_be_written(text: str) -> None:
    """A text said to be storable has a UTF-8 form and no NUL, as both databases want."""
    if storable(text):
        assert "\x00" not in text
        text.encode()
    else:
        assert any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in text)


def test_the_store_applies_it_everywhere(store: Store) -> None:
    """Neither a put, a bulk put nor an update lets a wrong value in."""
    first = put(store, BIOWASTE, actor())[1]
    before = content(store)
    wrong = [actor("new", lat=NAN), actor(lat=NAN, revision=first.revision)]
    for record in wrong:
        for write in ("put", "put_all"):
            with (
                pytest.raises(InputError),
                store.transaction(who="Camille", what="Saisie") as tx,
            ):
                getattr(tx, write)(record if write == "put" else [record])
    assert content(store) == before
