"""The facilitator's page, driven as a person would, on a store of its own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from data.model import (
    Actor,
    Attendance,
    AttendeeRole,
    Card,
    CardState,
    Idea,
    IdeaState,
    Listing,
    Presence,
    Side,
    Synergy,
    Workshop,
    WorkshopState,
)
from data.store import Store
from pages.routes import hall as hall_route
from pages.ui import localtime
from pages.ui.session import shared_store, snapshot
from pages.workshop_parts import hall, landing, live, proposals, welcome, writes
from tests.pages.asgi import get
from tests.store.samples import LAW, actor

DAY = "2026-11-23"


def _page() -> None:
    from pages import workshop_page  # noqa: PLC0415 (AppTest runs this body alone)

    workshop_page.render()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the session's store: territory and nomenclature, nobody in it."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'essai.db'}")
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    opened = shared_store()
    yield opened
    opened.close()


def _card(number: int, side: Side, label: str, resource_id: str | None, **more: Any) -> Card:
    given: dict[str, Any] = {
        "workshop_id": "a",
        "company": f"Société {number}",
        "table": 1 + number % 2,
        "received_at": f"2026-11-23T09:00:{number:02d}.000+00:00",
    }
    return Card(
        id=f"carte-{number}", side=side, label=label, resource_id=resource_id, **(given | more)
    )


@pytest.fixture
def workshop(store: Store) -> Workshop:
    """Give an open workshop with an offer and two needs of the same resource."""
    wooden = next(one for one in snapshot().nomenclature.search("palettes"))
    open_now = Workshop(
        id="a",
        name="Atelier d’essai",
        day=DAY,
        code="FGHJKM",
        tables=2,
        state=WorkshopState.OPEN,
        opens_at="2026-11-23T08:00:00+00:00",
        expires_at=datetime.max.replace(tzinfo=UTC).isoformat(),
    )
    with store.transaction(who="essai", what="départ") as tx:
        tx.put(open_now)
        tx.put(_card(1, Side.OFFER, "palettes perdues", wooden.id))
        tx.put(_card(2, Side.NEED, "palettes", wooden.id))
        tx.put(_card(3, Side.NEED, "palettes europe", wooden.id))
        for number in (1, 2, 3):
            tx.put(Attendance(id=f"p{number}", workshop_id="a", name=f"Société {number}"))
    return open_now


def _session(part: str = "Salle", **query: str) -> AppTest:
    test = AppTest.from_function(_page, default_timeout=60)
    test.query_params["atelier"] = "a"
    test.query_params["rubrique"] = part
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def _button(test: AppTest, key: str) -> Any:
    return next(one for one in test.button if one.key == key)


def test_prepare_then_open(store: Store) -> None:
    """A workshop is prepared from the form, has a code, and opens to the phones."""
    test = AppTest.from_function(_page, default_timeout=60).run()
    next(w for w in test.text_input if w.label == "Nom de l’atelier").set_value("Printemps")
    next(b for b in test.button if b.label == "Préparer cet atelier").click().run()
    made = store.list(Workshop)[0]
    assert (made.name, made.state, len(made.code)) == ("Printemps", WorkshopState.PREPARED, 6)
    _button(test, "workshop-open-doors").click().run()
    assert store.get(Workshop, made.id).state is WorkshopState.OPEN
    assert not test.exception


def test_room_shows_counts_and_door(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """The room reads companies, cards, the code and a proposal."""
    text = " ".join(str(one.proto.body) for one in _session().get("html"))
    assert "FGHJKM" in text
    assert "<strong>3</strong> <span>fiches</span>" in text
    assert "Société 1 → Société" in text


def test_keep_makes_a_synergy_once(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """Keeping a proposal writes an idea and one synergy with its owner; it is not offered again."""
    test = _session("Idées")
    next(w for w in test.text_input if w.key == "workshop-decide-owner").set_value("Camille")
    _button(test, "workshop-keep").click().run()
    ideas, synergies = store.list(Idea), store.list(Synergy)
    assert [idea.state for idea in ideas] == [IdeaState.KEPT]
    assert ideas[0].card_ids[0] == "carte-1"
    assert [(one.idea_id, one.owner, one.workshop_id) for one in synergies] == [
        (ideas[0].id, "Camille", "a")
    ]
    offered = hall.hall(store, "a")
    assert offered is not None
    left = proposals.proposals(offered, snapshot(), localtime.today())
    assert frozenset(ideas[0].card_ids) not in {one.key for one in left}


def test_reject_then_undo(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """A rejected proposal is remembered as such, and « Annuler » brings it back."""
    test = _session("Idées")
    _button(test, "workshop-reject").click().run()
    assert [idea.state for idea in store.list(Idea)] == [IdeaState.REJECTED]
    _button(test, "data-undo").click().run()
    assert store.list(Idea) == ()


def test_merge_joins_cards_and_companies(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """An idea merged into another leaves its cards and companies to it."""
    test = _session("Idées")
    _button(test, "workshop-keep").click().run()
    kept = store.list(Idea)[0]
    next(w for w in test.selectbox if w.key == "workshop-decide-into").select(kept.id).run()
    _button(test, "workshop-merge").click().run()
    merged = next(idea for idea in store.list(Idea) if idea.state is IdeaState.MERGED)
    target = store.get(Idea, kept.id)
    assert merged.merged_into == kept.id
    assert set(merged.card_ids) <= set(target.card_ids)
    assert set(merged.company_names) <= set(target.company_names)


def test_a_voiced_idea_becomes_a_synergy_with_parties(store: Store, workshop: Workshop) -> None:
    """It is about cards and other companies; kept, its synergy names giver, taker and partner."""
    people = [actor(f"acteur-{rank}", name=f"Société {rank}") for rank in (1, 2, 3)]
    with store.transaction(who="essai", what="acteurs") as tx:
        tx.put_all(people)
        for rank in (1, 2):
            tx.put(replace(store.get(Card, f"carte-{rank}"), actor_id=f"acteur-{rank}"))
        tx.put(replace(store.get(Attendance, "p3"), actor_id="acteur-3"))
        tx.put(_card(7, Side.OFFER, "fiche masquée", None, state=CardState.HIDDEN))
    test = _session("Idées")
    about, others = test.multiselect
    assert not [option for option in about.options if "fiche masquée" in option]
    next(w for w in test.text_input if w.label.startswith("L’idée")).set_value("Palettes du quai")
    about.set_value(["carte-1", "carte-2"])
    others.set_value(["Société 3"])
    next(b for b in test.button if b.label == "Ajouter").click().run()
    (idea,) = store.list(Idea)
    assert (idea.title, idea.card_ids) == ("Palettes du quai", ("carte-1", "carte-2"))
    assert idea.company_names == ("Société 1", "Société 2", "Société 3")
    now = hall.hall(store, workshop.id)
    assert now is not None
    writes.keep(now, idea, "Camille")
    (synergy,) = store.list(Synergy)
    assert [party.actor_id for party in synergy.parties] == [person.id for person in people]
    assert synergy.resource_id == store.get(Card, "carte-1").resource_id


def test_the_nearest_idea_is_one_key_away(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """M joins to the idea that shares cards; the synergy it already is gains the new party."""
    with store.transaction(who="essai", what="acteurs") as tx:
        for rank in (1, 2, 3):
            tx.put(actor(f"acteur-{rank}", name=f"Société {rank}"))
            tx.put(replace(store.get(Card, f"carte-{rank}"), actor_id=f"acteur-{rank}"))
    test = _session("Idées")
    _button(test, "workshop-keep").click().run()
    (before,) = store.list(Synergy)
    _button(test, "workshop-merge-nearest").click().run()
    (after,) = store.list(Synergy)
    assert after.parties[: len(before.parties)] == before.parties
    assert {party.actor_id for party in after.parties} == {"acteur-1", "acteur-2", "acteur-3"}
    assert sum(idea.state is IdeaState.MERGED for idea in store.list(Idea)) == 1


def test_moderated_cards_wait(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """A waiting card is neither counted nor projected before the facilitator says so."""
    with store.transaction(who="essai", what="fiche") as tx:
        tx.put(_card(4, Side.OFFER, "carton secret", None, state=CardState.WAITING))
    test = _session()
    assert "carton secret" not in " ".join(str(one.proto.body) for one in test.get("html"))
    test = _session("Fiches")
    _button(test, "workshop-show-carte-4").click().run()
    assert store.get(Card, "carte-4").state is CardState.SHOWN


def test_attendance_is_counted(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """A company represented and a facilitator are added from the page."""
    test = _session("Présences")
    next(w for w in test.text_input if w.label == "Ajouter à l’animation").set_value("Table 2")
    next(b for b in test.button if b.label == "Ajouter" and "facilitator" in str(b.key)).click()
    test.run()
    assert [one.name for one in store.list(Attendance, role=AttendeeRole.FACILITATOR)] == [
        "Table 2"
    ]
    line = store.get(Attendance, "p1")
    next(w for w in test.selectbox if w.key == f"workshop-presence-p1-{line.revision}").select(
        Presence.REPRESENTED
    ).run()
    assert store.get(Attendance, "p1").presence is Presence.REPRESENTED


def test_new_company_becomes_an_actor(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """A company met at the workshop becomes an actor, with the cards it sent."""
    test = _session("Présences")
    _button(test, "workshop-actor-p1").click().run()
    made = store.list(Actor)
    assert [one.name for one in made] == ["Société 1"]
    assert store.get(Card, "carte-1").actor_id == made[0].id
    assert store.get(Card, "carte-2").actor_id is None
    assert store.get(Attendance, "p1").actor_id == made[0].id


def test_pour_once(store: Store, workshop: Workshop) -> None:  # noqa: ARG001
    """Cards of known actors become offers and needs once; the others stay cards."""
    with store.transaction(who="essai", what="acteur") as tx:
        tx.put(actor())
        tx.put(_card(5, Side.OFFER, "sciure", None, actor_id="chai"))
    test = _session("Fin de journée")
    _button(test, "workshop-pour").click().run()
    _button(test, "workshop-pour").click().run()
    assert [one.card_id for one in store.list(Listing)] == ["carte-5"]


def test_anonymous_projection_names_nobody(store: Store, workshop: Workshop) -> None:
    """No company name reaches the projection once it is anonymous, map included."""
    with store.transaction(who="essai", what="anonyme") as tx:
        tx.put(replace(store.get(Workshop, workshop.id), anonymous=True))
    now = hall.hall(store, "a")
    assert now is not None
    found = proposals.proposals(now, snapshot(), localtime.today())
    assert found
    payload = str(landing.payload_of(now, found, snapshot(), theme="light"))
    page = " ".join(str(one.proto.body) for one in _session().get("html"))
    assert "Société" not in payload + page
    assert "Entreprise 1" in payload


def test_the_map_follows_few_lines(store: Store, workshop: Workshop) -> None:
    """The dozen ideas kept last and the proposals of the moment; the legend says so."""
    ideas = [
        Idea(
            id=f"i{rank:02d}",
            workshop_id=workshop.id,
            title=f"Idée {rank}",
            card_ids=("carte-1", "carte-2"),
            state=IdeaState.KEPT if rank < 30 else IdeaState.PROPOSED,
            made_at=f"2026-03-31T10:00:{rank:02d}+00:00",
        )
        for rank in range(40)
    ]
    with store.transaction(who="essai", what="idées") as tx:
        tx.put_all(ideas)
    now = hall.hall(store, "a")
    assert now is not None
    found = proposals.proposals(now, snapshot(), localtime.today())
    payload: Any = landing.payload_of(now, found[:2], snapshot(), theme="light")
    kept = [link["title"] for link in payload["links"] if link["kept"]]
    assert kept == [f"Idée {rank}" for rank in range(29, 17, -1)]
    assert len(payload["links"]) == len(kept) + len(found[:2])
    assert "12 dernières" in payload["legend"]["kept"]


def test_companies_of_unknown_place_are_at_the_hall(store: Store, workshop: Workshop) -> None:
    """Each has its own number, in order of arrival, and the hall's position; the map seats them."""
    now = hall.hall(store, workshop.id)
    assert now is not None
    payload: Any = landing.payload_of(now, (), snapshot(), theme="dark")
    assert [card["id"] for card in payload["cards"]] == [f"carte-{rank}" for rank in (1, 2, 3)]
    assert [card["who"] for card in payload["cards"]] == [1, 2, 3]
    assert not any(card["known"] for card in payload["cards"])
    there = [round(one, 5) for one in payload["hall"]["at"]]
    assert all(card["at"] == there for card in payload["cards"])


def test_many_tables_are_summed_up_on_the_projector(store: Store, workshop: Workshop) -> None:
    """Eight tables and « the others »: the proposals keep their place."""
    with store.transaction(who="essai", what="tables") as tx:
        tx.put(replace(store.get(Workshop, workshop.id), tables=30))
    now = hall.hall(store, workshop.id)
    assert now is not None
    projected, beside = (live._tables(now, large=large) for large in (True, False))
    assert projected.count("<li>") == 9
    assert beside.count("<li>") == len(now.by_table) > 29
    assert f"{len(now.by_table) - 8} autres" in projected


@LAW
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_qr_is_a_picture_of_the_address_only(tail: str) -> None:
    """Whatever the address, its QR code is one SVG without script or link."""
    drawn = welcome.qr_svg(f"http://192.0.2.1:8501/atelier/{tail[:40]}")
    assert drawn.startswith("<svg")
    assert "<script" not in drawn
    assert tail not in drawn or len(tail) < 3


def test_map_route_answers_once_per_change(store: Store, workshop: Workshop) -> None:
    """The hall's map asks again and again: a bare 304 until something lands."""
    app = Starlette(routes=hall_route.routes())
    here = hall_route.address(workshop.id, "light").partition("?")[0]
    first = get(app, here)
    assert {card["id"] for card in json.loads(first.body)["cards"]} == {
        "carte-1",
        "carte-2",
        "carte-3",
    }
    etag = first.headers["etag"]
    again = get(app, here, if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    with store.transaction(who="essai", what="fiche") as tx:
        tx.put(_card(6, Side.OFFER, "sciure", None))
    after = get(app, here, if_none_match=etag)
    assert "carte-6" in {card["id"] for card in json.loads(after.body)["cards"]}
    assert get(app, "/salle/inconnu/carte.json").status == 404
