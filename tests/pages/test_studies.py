"""The flow-study form, driven as a person would, on a store of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.model import Difficulty, Flow, FlowStudy, Origin, StudyState, StudyStep
from data.store import Store, open_store
from pages.ui.session import shared_store
from tests.exchange.strategies import RESOURCES, TERRITORY, actor

RESOURCE = {resource.id: resource for resource in RESOURCES}


def _page() -> None:
    from pages import studies_page  # noqa: PLC0415 (AppTest runs this body alone)

    studies_page.render()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the session's store: the small territory, the nomenclature, one actor."""
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'essai.db'}")
    monkeypatch.setenv("CARTOFLUX_DEMO", "0")
    url = f"sqlite:///{tmp_path / 'essai.db'}"
    with open_store(url) as empty:
        empty.save_territory(TERRITORY, who="essai")
    opened = shared_store()
    with opened.transaction(who="essai", what="départ") as tx:
        tx.put_all([r for r in RESOURCES if opened.find(type(r), r.id) is None])
        tx.put(actor())
    yield opened
    opened.close()


def _session(study_id: str = "") -> AppTest:
    """Open the page in a new browser tab, maybe at the address of a study."""
    test = AppTest.from_function(_page, default_timeout=60)
    if study_id:
        test.query_params["etude"] = study_id
    return test.run()


def _widget(test: AppTest, kind: str, end: str) -> Any:
    found = [w for w in test.get(kind) if str(w.key).endswith(end)]
    assert found, f"no {kind} …{end}: {[w.key for w in test.get(kind)]}"
    return found[0]


def _begin() -> AppTest:
    test = _session()
    _widget(test, "button", "study-new").click().run()
    _widget(test, "selectbox", "-actor").select("menuiserie").run()
    _widget(test, "text_input", "-surveyor").set_value("Camille").run()
    _widget(test, "button", "next-0").click().run()
    assert not test.exception
    return test


def _type_line(test: AppTest, words: str, quantity: str, unit: str, period: str) -> None:
    _widget(test, "text_input", "-words").set_value(words).run()
    _widget(test, "text_input", "-quantity").set_value(quantity).run()
    _widget(test, "selectbox", "-unit").select(unit).run()
    _widget(test, "selectbox", "-period").select(period).run()


def test_draft_reload_finish(store: Store) -> None:
    """A draft survives a reload, line in progress included; validated, its flows are stored."""
    test = _begin()
    _type_line(test, "caisses bois", "40", "caisse", "mois")
    assert "par an" in " ".join(info.value for info in test.info)
    _widget(test, "button", "-add").click().run()
    assert not test.exception
    _type_line(test, "NaOH", "200", "kg", "mois")
    _widget(test, "button", "save-1").click().run()
    (draft,) = store.list(FlowStudy)
    assert draft.state is StudyState.DRAFT
    assert draft.step is StudyStep.FLOWS
    assert len(draft.lines) == 2
    assert store.count(Flow) == 0

    again = _session(draft.id)
    assert not again.exception
    _widget(again, "button", "next-1").click().run()
    _widget(again, "text_input", "-other").set_value("Pas de quai").run()
    again.session_state[_widget(again, "button_group", "difficulties").key] = [
        Difficulty.WOOD_PALLETS
    ]
    again.run()
    _widget(again, "button", "next-2").click().run()
    _widget(again, "button", "validate").click().run()
    assert not again.exception
    (study,) = store.list(FlowStudy)
    assert study.state is StudyState.FINAL
    assert study.other_difficulties == "Pas de quai"
    assert study.difficulties == (Difficulty.WOOD_PALLETS,)
    flows = {flow.resource_id: flow for flow in store.list(Flow, study_id=study.id)}
    assert {flow.quantity for flow in flows.values()} == {40.0, 200.0}
    assert {RESOURCE[resource_id].name for resource_id in flows} == {
        "Caisses et cagettes en bois",
        "Soude",
    }
    assert all(flow.actor_id == "menuiserie" for flow in flows.values())


@pytest.mark.parametrize("state", list(StudyState))
def test_an_example_taken_over_is_no_example_any_more(store: Store, state: StudyState) -> None:
    """Looked at, a study of the demonstration stays one; changed, it is the programme's."""
    example = FlowStudy(
        id="demo-1", actor_id="menuiserie", day="2026-11-17", state=state,
        step=StudyStep.DIFFICULTIES, origin=Origin.DEMO_FICTIONAL,
    )  # fmt: skip
    with store.transaction(who="essai", what="exemple") as tx:
        tx.put(example)
    look = _session("demo-1")
    _widget(look, "button", "save-2").click().run()
    assert store.get(FlowStudy, "demo-1").origin is Origin.DEMO_FICTIONAL
    _widget(look, "text_input", "-other").set_value("Pas de quai").run()
    _widget(look, "button", "save-2").click().run()
    assert not look.exception
    changed = store.get(FlowStudy, "demo-1")
    assert (changed.origin, changed.other_difficulties) == (Origin.FIELD, "Pas de quai")


def test_a_mistake_loses_nothing_and_is_named(store: Store) -> None:
    """A line that cannot be read stays as typed; the draft keeps it, the review leads back."""
    test = _begin()
    _type_line(test, "cartons", "deux", "kg", "mois")
    _widget(test, "button", "-add").click().run()
    assert "quantité" in test.error[0].value
    assert _widget(test, "text_input", "-quantity").value == "deux"
    _widget(test, "button", "next-1").click().run()
    _widget(test, "button", "next-2").click().run()
    assert "Flux n° 1" in test.error[0].value
    _widget(test, "button", "validate").click().run()
    assert store.count(Flow) == 0
    assert store.list(FlowStudy)[0].state is StudyState.DRAFT
    _widget(test, "button", "fix-1").click().run()
    _widget(test, "text_input", "-quantity").set_value("2").run()
    _widget(test, "button", "-add").click().run()
    _widget(test, "button", "next-1").click().run()
    _widget(test, "button", "next-2").click().run()
    _widget(test, "button", "validate").click().run()
    assert store.count(Flow) == 1


def test_two_people_on_one_study(store: Store) -> None:
    """Whoever saves second is told who was faster, and keeps what was typed."""
    test = _begin()
    (study,) = store.list(FlowStudy)
    with store.transaction(who="Paul", what="Saisie") as tx:
        tx.put(replace(study, notes="vu par Paul"))
    _type_line(test, "cartons", "2", "kg", "mois")
    _widget(test, "button", "save-1").click().run()
    assert "Paul" in test.warning[0].value
    assert store.get(FlowStudy, study.id).notes == "vu par Paul"
    _widget(test, "button", "overwrite").click().run()
    assert len(store.get(FlowStudy, study.id).lines) == 1


def test_a_final_study_is_reopened_from_its_flows(store: Store) -> None:
    """Looking at a final study changes nothing; changing a line updates the same flow."""
    test = _begin()
    _type_line(test, "cartons", "2", "kg", "mois")
    _widget(test, "button", "-add").click().run()
    _widget(test, "button", "next-1").click().run()
    _widget(test, "button", "next-2").click().run()
    _widget(test, "button", "validate").click().run()
    (study,) = store.list(FlowStudy)
    (flow,) = store.list(Flow)
    revision = store.revision()
    look = _session(study.id)
    _widget(look, "button", "-back").click().run()
    assert store.revision() == revision
    change = _session(study.id)
    step = _widget(change, "button", "previous-3")
    step.click().run()
    _widget(change, "button", "previous-2").click().run()
    _widget(change, "button", "edit-0").click().run()
    _widget(change, "text_input", "-quantity").set_value("3").run()
    _widget(change, "button", "-add").click().run()
    assert store.get(Flow, flow.id).quantity == 2.0
    _widget(change, "button", "next-1").click().run()
    _widget(change, "button", "next-2").click().run()
    _widget(change, "button", "validate").click().run()
    (again,) = store.list(Flow)
    assert (again.id, again.quantity) == (flow.id, 3.0)
    assert store.get(FlowStudy, study.id).state is StudyState.FINAL
