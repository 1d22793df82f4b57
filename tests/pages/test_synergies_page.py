"""The page Synergies, through the frame, on the demonstration."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from data.errors import InputError
from data.model import (
    Actor,
    Flow,
    Listing,
    Side,
    StatusStep,
    Stop,
    Synergy,
    SynergyKind,
    SynergyNote,
    SynergyStatus,
    Visibility,
)
from data.store import Store
from data.validate import LARGEST_PHOTO
from pages.rounds_parts import tables
from pages.synergies_parts import compute, listing_form, pictures
from pages.ui import localtime
from tests.pages.data_visit import click, filled, messages, run, store, visit

__all__ = ["filled", "store"]

DISCUSSED = "demo-synergie-fumier-maraichage"
POOLING = "demo-synergie-tournee-biodechets"


@pytest.fixture(autouse=True)
def at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit at the programme's own machine, which the test client does not."""
    monkeypatch.setattr("pages.synergies_parts.state.is_local", lambda: True)
    monkeypatch.setattr("pages.rounds_parts.arrival.is_local", lambda: True)


def _open(section: str = "", **query: str) -> AppTest:
    extra = {"rubrique": section} if section else {}
    return visit("synergies", **extra, **query)


def _texts(app: AppTest) -> str:
    return messages(
        [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    )


def _end(app: AppTest, kind: str, suffix: str) -> Any:
    """Find a widget by the end of its key (revisions are in the middle)."""
    return next(each for each in getattr(app, kind) if (each.key or "").endswith(suffix))


def _refuse(app: AppTest) -> str:
    return messages(app.error)


@pytest.mark.parametrize(
    "section",
    ["", "Offres et besoins", "Propositions", "Suivi", "Carte", "Avancement"],
)
@pytest.mark.usefixtures("store")
def test_every_section_opens_from_its_address(section: str) -> None:
    """The address bar says the section, and none of them fails on the demonstration."""
    app = _open(section)
    assert "pousser" in messages(app.title)
    chosen = next(each for each in app.segmented_control if each.key == "rubrique")
    assert chosen.value == (section or "À pousser")


@pytest.mark.parametrize("part", ["Pour une annonce", "Mutualisations", "Chaînes et boucles"])
@pytest.mark.usefixtures("store")
def test_every_kind_of_proposal_opens(part: str) -> None:
    """Each kind of proposal has its own address."""
    assert not _open("Propositions", propositions=part).error


@pytest.mark.usefixtures("store")
def test_the_best_sharing_shows_what_is_left() -> None:
    """Tonnes, tonne-kilometres, exchanges, and the listings nobody answers."""
    app = _open("Propositions", propositions="Partage d’ensemble")
    assert {metric.label for metric in app.metric} >= {
        "Matière gardée",
        "Transport (t.km/an)",
        "Échanges",
    }
    assert "Ce qui reste" in _texts(app)


@pytest.mark.usefixtures("store")
def test_hypotheses_are_a_list_apart_with_a_warning() -> None:
    """What activity codes suggest says that nobody said it."""
    app = _open("Propositions", propositions="Hypothèses")
    assert "Personne n’a dit cela" in _texts(app)
    assert "hypothèse" not in _texts(_open("Propositions"))


def test_a_pair_followed_is_written_once_and_marked(store: Store) -> None:
    """« Suivre » writes a synergy in one audited transaction; the pair is then « déjà suivie »."""
    app = _open("Propositions")
    before = {each.id for each in store.list(Synergy)}
    button = next(b for b in app.button if (b.key or "").startswith("synergies-follow-pair-"))
    button.click()
    run(app)
    (made,) = [each for each in store.list(Synergy) if each.id not in before]
    assert made.offer_id is not None
    assert made.need_id is not None
    assert [step.status for step in made.steps] == [SynergyStatus.IDEA]
    assert store.history(Synergy, made.id)[0].what.startswith("Nouvelle synergie")
    assert button.key not in {b.key for b in app.button}
    click(app, "data-undo")
    assert {each.id for each in store.list(Synergy)} == before


def _follow_keys(app: AppTest) -> list[str]:
    return [b.key for b in app.button if (b.key or "").startswith("synergies-follow-pair-")]


@pytest.mark.usefixtures("store")
def test_long_work_goes_to_a_worker_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the quick size: progress and « Annuler », then the same answers as at once."""
    at_once = _follow_keys(_open("Propositions"))
    monkeypatch.setattr(compute, "QUICK", 0)
    compute._known.clear()
    app = _open("Propositions")
    assert not _follow_keys(app)
    click(app, "synergies-cancel")
    click(app, "synergies-again")
    task = app.session_state["synergies-running"].task
    task.result(timeout_s=60)
    run(app)
    assert _follow_keys(app) == at_once


def test_leaving_the_chain_without_a_reason_is_refused(store: Store) -> None:
    """The refusal is a French sentence and nothing is written; with a reason it is, and undone."""
    app = _open("Suivi", synergie=DISCUSSED)
    _end(app, "selectbox", "-to").set_value(SynergyStatus.ABANDONED)
    next(b for b in app.button if b.label == "Changer le statut").click()
    run(app)
    assert "motif est obligatoire" in _refuse(app)
    assert store.get(Synergy, DISCUSSED).status is SynergyStatus.DISCUSSION
    _end(app, "selectbox", "-to").set_value(SynergyStatus.ABANDONED)
    next(t for t in app.text_input if "reason" in (t.key or "")).set_value("Trop loin")
    next(b for b in app.button if b.label == "Changer le statut").click()
    run(app)
    gone = store.get(Synergy, DISCUSSED)
    assert (gone.status, gone.reason) == (SynergyStatus.ABANDONED, "Trop loin")
    assert gone.steps[-1].day == localtime.today().isoformat()
    click(app, "data-undo")
    assert store.get(Synergy, DISCUSSED).status is SynergyStatus.DISCUSSION


def test_the_week_pushes_postpones_and_notes_in_one_click(store: Store) -> None:
    """From the list of the week: one step forward, a week later, a note."""
    today = localtime.today()
    late = store.get(Synergy, DISCUSSED)
    assert late.next_step_day < today.isoformat()
    app = _open()
    click(app, f"synergies-later-{DISCUSSED}-7")
    put_off = store.get(Synergy, DISCUSSED)
    assert put_off.next_step_day == (today + timedelta(days=7)).isoformat()
    click(app, "data-undo")
    click(app, f"synergies-push-{DISCUSSED}")
    assert store.get(Synergy, DISCUSSED).status is SynergyStatus.ABOUT_TO_BE_REALISED
    key = f"synergies-week-note-text-{DISCUSSED}"
    app.text_area(key=key).set_value("Appelé, rappeler mardi\nvers 9 h")
    click(app, f"{key}-go")
    notes = store.list(SynergyNote, synergy_id=DISCUSSED)
    assert any("rappeler mardi\nvers 9 h" in note.text for note in notes)


def test_everything_that_sleeps_can_be_seen(store: Store) -> None:
    """A dozen at first, more on demand: nothing is out of reach."""
    planned = [one for one in store.list(Synergy) if one.next_step_day > "2027"]
    with store.transaction(who="test", what="Plus rien de prévu") as tx:
        tx.put_all([replace(one, next_step_day="") for one in planned])
    app = _open()
    before = sum((b.key or "").startswith("synergies-open-") for b in app.button)
    click(app, "synergies-week-more-Ce qui dort-go")
    after = sum((b.key or "").startswith("synergies-open-") for b in app.button)
    assert after == before + 12


def test_a_listing_opens_without_the_table(store: Store) -> None:
    """The list beside the table opens an offer: a canvas is no place for a keyboard."""
    listing = next(one for one in store.list(Listing) if one.label == "Fumier composté")
    app = _open("Offres et besoins")
    next(box for box in app.selectbox if box.label == "Ouvrir une annonce").set_value(listing.id)
    run(app)
    assert "Fumier composté" in [box.value for box in app.text_input]


def test_how_long_until_sleep_is_a_setting(store: Store) -> None:
    """The number of weeks is kept in the store, for everyone."""
    app = _open()
    app.number_input(key="synergies-weeks").set_value(3)
    run(app)
    assert store.setting("synergies:weeks_asleep") == 3
    app.number_input(key="synergies-weeks").set_value(52)
    run(app)
    assert store.setting("synergies:weeks_asleep") == 52


def test_the_next_step_has_a_date_and_an_owner(store: Store) -> None:
    """A date without a step is refused; a plan is written."""
    app = _open("Suivi", synergie=POOLING)
    next(t for t in app.text_input if (t.key or "").endswith("-step")).set_value(" ")
    next(b for b in app.button if b.label == "Enregistrer").click()
    run(app)
    assert "ne dit pas quoi faire" in _refuse(app)
    next(t for t in app.text_input if (t.key or "").endswith("-step")).set_value("Visiter")
    next(b for b in app.button if b.label == "Enregistrer").click()
    run(app)
    assert store.get(Synergy, POOLING).next_step == "Visiter"


def test_the_sheet_is_completed_with_tonnes_and_euros(store: Store) -> None:
    """Numbers are read as French hands type them; gains then show the reckoning."""
    app = _open("Suivi", synergie=DISCUSSED)
    giver = store.get(Synergy, DISCUSSED).parties[0].actor_id
    for end, text in (("-mass", "12,5"), ("-margin", "20"), (f"-eur-{giver}", "1 200")):
        next(t for t in app.text_input if (t.key or "").endswith(end)).set_value(text)
    next(b for b in app.button if b.label == "Enregistrer la fiche").click()
    run(app)
    kept = store.get(Synergy, DISCUSSED)
    assert (kept.mass_t_per_year, kept.mass_uncertainty) == (12.5, 0.2)
    assert kept.parties[0].gain_eur_per_year == 1200
    assert "12,5 t/an (de 10 à 15)" in _texts(app).replace("\u202f", " ")
    next(t for t in app.text_input if (t.key or "").endswith("-mass")).set_value("beaucoup")
    next(b for b in app.button if b.label == "Enregistrer la fiche").click()
    run(app)
    assert "n’est pas un nombre" in _refuse(app)
    assert store.get(Synergy, DISCUSSED) == kept


def test_a_synergy_is_deleted_with_its_notes_and_comes_back(store: Store) -> None:
    """Deleting takes the notes along; undoing brings all back."""
    app = _open("Suivi", synergie=POOLING)
    notes = store.list(SynergyNote, synergy_id=POOLING)
    assert notes
    click(app, "synergies-delete")
    assert store.find(Synergy, POOLING) is None
    assert not store.list(SynergyNote, synergy_id=POOLING)
    click(app, "data-undo")
    assert store.get(Synergy, POOLING).title
    assert len(store.list(SynergyNote, synergy_id=POOLING)) == len(notes)


def test_typed_words_find_the_entry_of_the_nomenclature(store: Store) -> None:
    """« NaOH » finds soda lye; the actor's own words are kept beside it."""
    app = _open("Offres et besoins")
    click(app, "synergies-add-need")
    actor = store.list(Actor)[0]
    _end(app, "selectbox", "-actor").set_value(actor.id)
    _end(app, "text_input", "-words").set_value("NaOH en paillettes")
    run(app)
    _end(app, "text_input", "-words").set_value("NaOH")
    run(app)
    found = next(r for r in app.radio if "resource" in (r.key or ""))
    assert "soude" in found.options[0].lower()
    entry = found.value
    _end(app, "text_input", "-quantity").set_value("2,5")
    _end(app, "button", "-save").click()
    run(app)
    (made,) = [one for one in store.list(Listing) if one.label == "NaOH"]
    assert made.side is Side.NEED
    assert made.resource_id == entry
    assert (made.quantity, made.unit, made.actor_id) == (2.5, "t", actor.id)
    click(app, "data-undo")
    assert not [one for one in store.list(Listing) if one.label == "NaOH"]


def test_mistakes_in_a_listing_are_told_and_nothing_is_lost(store: Store) -> None:
    """No actor, no words, a bad number: each has its sentence, the form stays as typed."""
    count = store.count(Listing)
    app = _open("Offres et besoins")
    click(app, "synergies-add-offer")
    _end(app, "button", "-save").click()
    run(app)
    assert "De quel acteur" in _refuse(app)
    _end(app, "selectbox", "-actor").set_value(store.list(Actor)[0].id)
    _end(app, "text_input", "-words").set_value("caisses bois")
    _end(app, "text_input", "-quantity").set_value("des tas")
    _end(app, "button", "-save").click()
    run(app)
    assert "n’est pas un nombre" in _refuse(app)
    assert _end(app, "text_input", "-words").value == "caisses bois"
    assert store.count(Listing) == count


def test_a_listing_leads_to_what_answers_it(store: Store) -> None:
    """From a need opened to its ranked offers, in one click, each with a score out of 100."""
    need = next(
        one
        for one in store.list(Listing)
        if one.side is Side.NEED and "sur le marché" not in _answers_of(one.id)
    )
    app = _answers_page(need.id)
    chosen = next(each for each in app.selectbox if each.key == "annonce")
    assert chosen.value == need.id
    assert "/100" in _texts(app)


def _answers_page(listing_id: str) -> AppTest:
    app = _open("Offres et besoins")
    app.session_state["synergies-listing"] = listing_form.Draft(
        side=Side.NEED, listing_id=listing_id, number="essai"
    )
    run(app)
    return click(app, "synergies-listing-essai-answers")


def _answers_of(listing_id: str) -> str:
    return _texts(_answers_page(listing_id))


def test_flows_become_listings_once(store: Store) -> None:
    """What studies know is taken in one transaction; a second time nothing is left to take."""
    before = store.count(Listing)
    app = _open("Offres et besoins")
    click(app, "synergies-from-flows-go")
    after = store.count(Listing)
    assert after > before
    assert {one.id for one in store.list(Listing) if one.flow_id} >= {
        f"flux:{flow.id}" for flow in store.list(Flow)
    }
    click(app, "data-undo")
    assert store.count(Listing) == before


def test_what_is_confidential_follows_the_view(store: Store) -> None:
    """The team sees a confidential synergy, the network and the projector do not."""
    secret = replace(
        store.get(Synergy, DISCUSSED),
        title="Secret de fabrique",
        visibility=Visibility.CONFIDENTIAL,
    )
    with store.transaction(who="essai", what="essai") as transaction:
        transaction.put(secret)
    app = _open("Suivi", mots="Secret de fabrique")
    assert "Secret de fabrique" in _texts(app)
    next(s for s in app.selectbox if s.key == "synergies-viewer").set_value("network")
    run(app)
    assert "Secret de fabrique" not in _texts(app)
    assert "Secret" not in _texts(_open("Suivi", presentation="1"))
    hidden = _open("Suivi", synergie=DISCUSSED)
    next(s for s in hidden.selectbox if s.key == "synergies-viewer").set_value("public")
    run(hidden)
    assert "n’est pas visible dans cette vue" in _texts(hidden)


def test_from_elsewhere_only_what_is_public_is_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine sees the public view whatever it asks, without a way to choose."""
    monkeypatch.setattr("pages.synergies_parts.state.is_local", lambda: False)
    app = _open("Suivi", synergie=DISCUSSED)
    assert store.get(Synergy, DISCUSSED).visibility is Visibility.NETWORK
    assert "n’est pas visible dans cette vue" in _texts(app)
    assert "synergies-viewer" not in {each.key for each in app.selectbox}


def test_hostile_words_stay_words(store: Store) -> None:
    """Markup in titles, notes and reasons is shown literally."""
    bad = "<img src=x onerror=alert(1)> :red[x] $a$"
    synergy = replace(
        store.get(Synergy, DISCUSSED),
        title=bad,
        status=SynergyStatus.SUSPENDED,
        steps=(StatusStep(status=SynergyStatus.SUSPENDED, day="2026-01-05", reason=bad),),
        reason=bad,
    )
    with store.transaction(who="essai", what="essai") as transaction:
        transaction.put(synergy)
    app = _open("Suivi", synergie=DISCUSSED)
    raw = "\n".join(str(each.value) for each in [*app.markdown, *app.subheader, *app.warning])
    assert "<img" not in raw.replace("\\<img", "")
    assert ":red[x]" not in raw


def test_an_empty_store_says_where_to_begin(store: Store) -> None:
    """With no synergy and no listing each section explains what to do."""
    with store.transaction(who="essai", what="essai") as transaction:
        transaction.delete_all(SynergyNote, [each.id for each in store.list(SynergyNote)])
        transaction.delete_all(Synergy, [each.id for each in store.list(Synergy)])
        transaction.delete_all(Listing, [each.id for each in store.list(Listing)])
    assert "Rien à suivre" in _texts(_open("Suivi"))
    assert "Aucune offre ni besoin" in _texts(_open("Offres et besoins"))
    assert "Aucune offre ni besoin" in _texts(_open("Propositions"))
    assert "Aucune synergie" in _texts(_open("Avancement"))
    assert "Aucune synergie à dessiner" in _texts(_open("Carte"))


def test_a_typed_synergy_needs_two_actors(store: Store) -> None:
    """The form refuses one actor alone, then follows a pooling of two and opens it."""
    app = _open("Suivi")
    first, second = (actor.id for actor in store.list(Actor)[:2])
    app.text_input(key="synergies-typed-title").set_value("Benne commune")
    app.radio(key="synergies-typed-kind").set_value(SynergyKind.POOLING)
    app.multiselect(key="synergies-typed-actors").set_value([first])
    next(b for b in app.button if b.label == "Suivre cette synergie").click()
    run(app)
    assert "deux acteurs différents" in _refuse(app)
    app.text_input(key="synergies-typed-title").set_value("Benne commune")
    app.radio(key="synergies-typed-kind").set_value(SynergyKind.POOLING)
    app.multiselect(key="synergies-typed-actors").set_value([first, second])
    next(b for b in app.button if b.label == "Suivre cette synergie").click()
    run(app)
    (made,) = [each for each in store.list(Synergy) if each.title == "Benne commune"]
    assert app.query_params["synergie"] in (made.id, [made.id])


def test_a_pooling_opens_the_rounds_with_its_stops(store: Store) -> None:
    """Resource and actors of the address fill the form in: those stops only are ticked."""
    pooling = store.get(Synergy, POOLING)
    ids = [party.actor_id for party in pooling.parties]
    app = visit("tournees", ressource=str(pooling.resource_id), acteurs=",".join(ids))
    assert "4 acteurs à collecter ensemble" in messages(app.info)
    form = app.session_state["rounds"].form
    assert form.resource_id == pooling.resource_id
    ticked = form.stops.edited[form.stops.edited[tables.INCLUDED]]
    actor_of = {stop.id: stop.actor_id for stop in form.known_stops.values()}
    assert {actor_of[each] for each in ticked[tables.ID]} == set(ids)
    assert len(form.known_stops) >= len(
        [s for s in store.list(Stop) if s.resource_id == pooling.resource_id]
    )


@pytest.mark.usefixtures("store")
def test_a_round_asked_for_strangers_says_so() -> None:
    """A link to actors or a resource that are not here does not break the page."""
    app = visit("tournees", ressource="nulle-part", acteurs="personne,<b>x</b>")
    assert "ne sont pas ici" in messages(app.info)


def test_a_photo_is_reduced_and_loses_its_place() -> None:
    """A large picture becomes a small JPEG without EXIF; a text is refused in French."""
    out = io.BytesIO()
    picture = Image.effect_noise((2400, 1800), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "chez moi"
    picture.save(out, "JPEG", quality=95, exif=exif)
    assert out.tell() > LARGEST_PHOTO
    photo = pictures.photo_of(out.getvalue())
    assert len(photo.content) <= LARGEST_PHOTO
    with Image.open(io.BytesIO(photo.content)) as made:
        assert max(made.size) == 1280
        assert not made.getexif()
    with pytest.raises(InputError, match="pas une photo lisible"):
        pictures.photo_of(b"bonjour")
