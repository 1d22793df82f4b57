"""Données, through the frame: nothing typed is lost, everything can be taken back."""

import dataclasses
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.exchange.actors import ACTORS, actor_rows
from data.exchange.directory import Directory
from data.exchange.tables import csv_bytes, read_xlsx
from data.exchange.template import template
from data.french import number
from data.model import (
    Actor,
    Card,
    Event,
    Flow,
    Listing,
    Origin,
    PositionPrecision,
    Stop,
    Subscriber,
    Synergy,
    Vehicle,
)
from data.store import Store
from tests.pages.data_visit import click, field, filled, messages, run, store, visit

__all__ = ["filled", "store"]

SCRIPT = "<img src=x onerror=alert(1)> **gras** [x](javascript:alert(1)) :red[y]"


def _named(store: Store, name: str) -> Actor:
    (found,) = store.list(Actor, name=name)
    return found


def _fill_actor(app: AppTest, name: str) -> None:
    field(app, "name").set_value(name)
    field(app, "kind").set_value("Entreprise")
    field(app, "college").set_value("Privé")
    field(app, "commune_code").set_value("24037")


def _open(app: AppTest, slug: str, record_id: str) -> AppTest:
    opener = next(box for box in app.selectbox if str(box.key).startswith(f"data-{slug}-open-"))
    opener.set_value(record_id)
    return run(app)


def test_an_actor_is_added_signed_and_taken_back(store: Store) -> None:
    """A new actor appears in the list, at the town hall, under the person's name; undo works."""
    app = visit("donnees")
    app.text_input(key="data-name").set_value("  Zoé   Durand ")
    run(app)
    click(app, "data-actor-add")
    _fill_actor(app, "Menuiserie du Quai")
    click(app, "data-actor-save")
    assert "« Menuiserie du Quai (Bergerac) » est enregistré." in messages(app.success)
    actor = _named(store, "Menuiserie du Quai")
    assert actor.position_precision is PositionPrecision.COMMUNE
    assert actor.origin is Origin.FIELD
    assert "Menuiserie du Quai" in list(app.dataframe[0].value["Nom"])
    assert store.history(Actor, actor.id)[0].who == "Zoé Durand"
    click(app, "data-undo")
    assert not store.list(Actor, name="Menuiserie du Quai")


def test_mistakes_are_in_french_and_the_form_is_kept(store: Store) -> None:
    """Every wrong field is named under it and beside the button; what was typed stays."""
    app = visit("donnees")
    click(app, "data-actor-add")
    field(app, "name").set_value("Essai")
    field(app, "siret").set_value("123")
    field(app, "where").set_value("À des coordonnées précises")
    run(app)
    field(app, "lon").set_value("est")
    field(app, "lat").set_value("44,85")
    before = store.revision()
    click(app, "data-actor-save")
    text = messages(app.error)
    for part in ("« Type »", "« Collège »", "« Commune »", "14 chiffres", "n’est pas un nombre"):
        assert part in text
    assert "5 points" in text
    assert field(app, "siret").value == "123"
    assert field(app, "lon").value == "est"
    assert store.revision() == before
    field(app, "siret").set_value("")
    field(app, "lon").set_value("0,48")
    field(app, "kind").set_value("Habitants")
    field(app, "college").set_value("Population")
    field(app, "commune_code").set_value("24037")
    click(app, "data-actor-save")
    assert _named(store, "Essai").lon == 0.48


def test_a_draft_survives_a_visit_elsewhere(store: Store) -> None:
    """Looking at another section and coming back finds the form as it was."""
    del store
    app = visit("donnees")
    click(app, "data-actor-add")
    field(app, "name").set_value("Brouillon")
    run(app)
    app.segmented_control(key="rubrique").set_value("Historique")
    run(app)
    app.segmented_control(key="rubrique").set_value("Acteurs")
    run(app)
    assert field(app, "name").value == "Brouillon"


def test_a_duplicate_is_refused_by_name(store: Store) -> None:
    """Adding an actor that exists already names the existing record."""
    known = store.list(Actor)[0]
    app = visit("donnees")
    click(app, "data-actor-add")
    _fill_actor(app, known.name.upper())
    field(app, "commune_code").set_value(known.commune_code)
    click(app, "data-actor-save")
    assert "Une fiche existe déjà avec le même nom et commune" in messages(app.error)


def test_changing_a_demonstration_actor_makes_it_ours(store: Store) -> None:
    """The screen says so beforehand; contact and unseen fields are untouched."""
    demo = next(a for a in store.list(Actor) if a.origin is Origin.DEMO_FICTIONAL)
    with store.transaction(who="essai", what="contact") as tx:
        demo = tx.put(dataclasses.replace(demo, contact="06 00 00 00 00"))
    app = _open(visit("donnees"), "actor", demo.id)
    assert "elle restera quand la démonstration sera retirée" in messages(app.info)
    assert "06 00" not in str([w.value for w in app.text_input])
    field(app, "activity").set_value("Bois de chauffage")
    click(app, "data-actor-save")
    after = store.get(Actor, demo.id)
    assert after == dataclasses.replace(
        demo, activity="Bois de chauffage", origin=Origin.FIELD, revision=demo.revision + 1
    )


def test_saving_without_a_change_writes_nothing(store: Store) -> None:
    """Opening and saving any record as it is leaves the store alone."""
    for slug, kind, rubric in (
        ("actor", Actor, "Acteurs"),
        ("flow", Flow, "Flux"),
        ("stop", Stop, "Collecte"),
    ):
        app = visit("donnees", rubrique=rubric)
        before = store.revision()
        _open(app, slug, store.list(kind)[0].id)
        click(app, f"data-{slug}-save")
        assert "rien n’a été écrit" in messages(app.success)
        assert store.revision() == before


def test_deleting_asks_counts_and_can_be_undone(store: Store) -> None:
    """Deletion says what goes along, asks once, and « Annuler » brings everything back."""
    flow = store.list(Flow)[0]
    victim = store.get(Actor, flow.actor_id)
    flows = len(store.list(Flow, actor_id=victim.id))
    app = _open(visit("donnees"), "actor", victim.id)
    click(app, "data-actor-delete")
    assert f"Ses {flows} flux" in messages(app.warning)
    click(app, "data-actor-delete-no")
    assert store.find(Actor, victim.id) is not None
    click(app, "data-actor-delete")
    click(app, "data-actor-delete-yes")
    assert store.find(Actor, victim.id) is None
    assert store.find(Flow, flow.id) is None
    click(app, "data-undo")
    assert store.get(Actor, victim.id).name == victim.name
    assert store.find(Flow, flow.id) is not None


def test_a_conflict_keeps_what_was_typed(store: Store) -> None:
    """Someone else saved meanwhile: the screen says who, shows both, and lets one choose."""
    actor = store.list(Actor)[0]
    app = _open(visit("donnees"), "actor", actor.id)
    with store.transaction(who="Paul", what="Saisie") as tx:
        tx.put(dataclasses.replace(actor, activity="version de Paul"))
    field(app, "activity").set_value("ma version")
    click(app, "data-actor-save")
    assert "modifiée entre-temps par Paul" in messages(app.warning)
    assert field(app, "activity").value == "ma version"
    both = app.dataframe[0].value
    assert list(both["Votre saisie"]) == ["ma version"]
    assert list(both["Fiche actuelle"]) == ["version de Paul"]
    click(app, "data-actor-force")
    assert store.get(Actor, actor.id).activity == "ma version"


def test_a_record_deleted_meanwhile_can_be_kept_as_new(store: Store) -> None:
    """The form of a deleted record is not lost: it can become a new record."""
    actor = store.list(Actor)[0]
    app = _open(visit("donnees"), "actor", actor.id)
    with store.transaction(who="Paul", what="Suppression") as tx:
        tx.delete(Actor, actor.id)
    field(app, "activity").set_value("ma version")
    click(app, "data-actor-save")
    assert "supprimée entre-temps par Paul" in messages(app.warning)
    click(app, "data-actor-force")
    (kept,) = store.list(Actor, name=actor.name)
    assert kept.activity == "ma version"


def test_a_flow_shows_its_mass_before_it_is_saved(store: Store) -> None:
    """A quantity becomes tonnes a year in front of one's eyes; unknown is said, never zero."""
    flow = next(f for f in store.list(Flow) if f.unit == "t" and f.quantity)
    app = _open(visit("donnees", rubrique="Flux"), "flow", flow.id)
    field(app, "quantity").set_value("12,5")
    field(app, "unit").set_value("kg")
    field(app, "period").set_value("semaine")
    field(app, "periods_per_year").set_value("40")
    run(app)
    assert "Soit environ 0,5 t" in messages(app.info)
    field(app, "quantity").set_value("")
    run(app)
    assert "jamais zéro" in messages(app.info)
    click(app, "data-flow-save")
    assert store.get(Flow, flow.id).quantity is None


def test_a_vehicle_with_an_impossible_shift_is_explained(store: Store) -> None:
    """A shift that ends before it starts names the field, and is not kept."""
    vehicle = store.list(Vehicle)[0]
    app = visit("donnees", rubrique="Collecte")
    app.segmented_control(key="collecte").set_value("Véhicules")
    run(app)
    _open(app, "vehicle", vehicle.id)
    field(app, "shift_end_s").set_value("5h")
    click(app, "data-vehicle-save")
    assert "Fin du service" in messages(app.error)
    assert store.get(Vehicle, vehicle.id) == vehicle


def test_the_demonstration_goes_in_one_click_and_leaves_empty_states(store: Store) -> None:
    """One button, its count, then lists that say what to do; undo brings it back."""
    app = visit("donnees", rubrique="Démonstration")
    total = int(app.dataframe[0].value["Démonstration"].sum())
    count = f"{number(total)} fiches"
    assert app.button(key="data-demo-remove").label == f"Retirer {count} de démonstration"
    click(app, "data-demo-remove")
    assert store.count(Actor) == 0
    assert count.replace("\u202f", " ") in messages(app.success)
    assert all(store.count(kind) == 0 for kind in (Listing, Synergy, Event, Subscriber, Card))
    for rubric, sentence in (
        ("Acteurs", "Aucun acteur pour l’instant"),
        ("Flux", "Aucun flux pour l’instant"),
        ("Collecte", "Aucun point de collecte pour l’instant"),
    ):
        app.segmented_control(key="rubrique").set_value(rubric)
        run(app)
        assert sentence in messages(app.info)
    click(app, "data-undo")
    assert store.count(Actor) > 100
    app.segmented_control(key="rubrique").set_value("Démonstration")
    run(app)
    click(app, "data-demo-remove")
    click(app, "data-demo-install")
    assert store.count(Actor) > 100


def test_an_import_is_previewed_written_at_once_and_undone(store: Store) -> None:
    """Mistakes stop everything; a good file is announced, written on demand, then undone."""
    app = visit("donnees", rubrique="Importer, exporter")
    uploader = app.file_uploader[0]
    uploader.set_value(("a.csv", "nom;type;collège;commune\n;x;y;z\n".encode(), "text/csv"))
    run(app)
    assert "4 erreurs : rien ne sera écrit" in messages(app.error)
    assert list(app.dataframe[0].value["Ligne"]) == [2, 2, 2, 2]
    known = store.list(Actor)[:3]
    rows = actor_rows([dataclasses.replace(known[0], activity="autre"), *known[1:]], _where())
    rows.append(
        {"nom": "Nouveau", "type": "Habitants", "collège": "Population", "commune": "Issigeac"}
    )
    app.file_uploader[0].set_value(("b.csv", csv_bytes(rows, ACTORS.titles()), "text/csv"))
    run(app)
    assert [metric.value for metric in app.metric] == ["1", "1", "2", "0"]
    assert store.get(Actor, known[0].id) == known[0]
    click(app, "data-import-go")
    assert "2 fiches importées" in messages(app.success)
    assert store.get(Actor, known[0].id).activity == "autre"
    click(app, "data-undo")
    assert store.get(Actor, known[0].id).activity == known[0].activity
    assert not store.list(Actor, name="Nouveau")


def _where() -> Directory:
    from pages.data_parts.session import directory  # noqa: PLC0415 (opens the store)

    return directory()


def test_the_history_reads_in_french_and_undoes(store: Store) -> None:
    """Before and after in the words of the screen, contacts hidden, one button to take back."""
    actor = store.list(Actor)[0]
    with store.transaction(who="Paul", what="Correction") as tx:
        tx.put(dataclasses.replace(actor, activity="pain", contact="06 11 22 33 44"))
    app = visit("donnees", rubrique="Historique")
    lines = app.dataframe[0].value
    assert lines["Qui"][0] == "Paul"
    chosen = store.transactions(limit=1)[0]
    app.selectbox(key="data-history-open").set_value(chosen.id)
    run(app)
    detail = app.dataframe[1].value.set_index("Champ")
    assert detail.loc["activité", "Avant"] == actor.activity
    assert detail.loc["activité", "Après"] == "pain"
    assert "06 11" not in detail.to_string()
    assert "contact" in detail.index
    click(app, f"data-history-undo-{chosen.id}")
    assert store.get(Actor, actor.id).activity == actor.activity


def test_nothing_typed_becomes_markdown_or_html(store: Store) -> None:
    """A name full of tricks is shown literally wherever the page repeats it."""
    app = visit("donnees")
    click(app, "data-actor-add")
    _fill_actor(app, SCRIPT)
    click(app, "data-actor-save")
    actor = _named(store, SCRIPT)
    shown = [element.value for kind in (app.success, app.markdown, app.info) for element in kind]
    _open(app, "actor", actor.id)
    click(app, "data-actor-delete")
    for kind in (app.subheader, app.warning, app.markdown, app.caption):
        shown += [element.value for element in kind]
    for text in shown:
        if "onerror" in text:
            assert "\\<img" in text
            assert "\\[x\\]" in text
            assert "\\:red\\[" in text
    assert any("onerror" in text for text in shown)


def test_the_template_is_read_back_without_mistake() -> None:
    """The empty template has the right headers, and an aid sheet that explains each."""
    empty = template(ACTORS)
    assert read_xlsx(empty, "Acteurs").columns[0] == "nom"
    aid = read_xlsx(empty, "Aide")
    assert {row["Colonne"] for row in aid.rows} >= {"nom", "type", "collège", "SIRET"}


@pytest.mark.parametrize("rubric", ["Acteurs", "Flux", "Collecte", "Historique", "Démonstration"])
def test_a_section_has_an_address(store: Store, rubric: str) -> None:
    """A link with the section in it opens that section."""
    del store
    app = visit("donnees", rubrique=rubric)
    assert app.segmented_control(key="rubrique").value == rubric


def _programme(part: str) -> AppTest:
    app = visit("donnees", rubrique="Programme")
    app.segmented_control(key="programme").set_value(part)
    return run(app)


@pytest.mark.parametrize(
    ("part", "slug", "kind"),
    [
        ("Offres et besoins", "listing", Listing),
        ("Temps forts", "event", Event),
        ("Abonnements", "subscriber", Subscriber),
    ],
)
def test_what_the_programme_keeps_opens_and_saves_unchanged(
    store: Store, part: str, slug: str, kind: type[Any]
) -> None:
    """Each new list shows every record; opening any and saving it writes nothing."""
    app = _programme(part)
    records: tuple[Any, ...] = store.list(kind)
    assert len(app.dataframe[0].value) == len(records)
    before = store.revision()
    for record in (records[0], records[-1]):
        _open(app, slug, record.id)
        click(app, f"data-{slug}-save")
        assert "rien n’a été écrit" in messages(app.success)
    assert store.revision() == before


def test_a_need_is_typed_and_an_event_explains_its_date(store: Store) -> None:
    """A need without a known resource is kept in its own words; a wrong date says how to write."""
    app = _programme("Offres et besoins")
    click(app, "data-listing-add")
    field(app, "actor_id").set_value(store.list(Actor)[0].id)
    field(app, "side").set_value("Besoin")
    field(app, "label").set_value("bidules en bois")
    field(app, "period").set_value("une fois")
    field(app, "expires_on").set_value("31/12/2026")
    click(app, "data-listing-save")
    (kept,) = [x for x in store.list(Listing) if x.label == "bidules en bois"]
    assert (kept.resource_id, kept.period, kept.expires_on) == (None, None, "2026-12-31")
    assert (kept.lon, kept.origin) == (None, Origin.FIELD)
    app = _programme("Temps forts")
    click(app, "data-event-add")
    field(app, "name").set_value("Apéro")
    field(app, "day").set_value("demain")
    click(app, "data-event-save")
    assert "Écrivez par exemple 31/03/2026" in messages(app.error)
    field(app, "day").set_value("3/12/2026")
    click(app, "data-event-save")
    assert store.list(Event, name="Apéro")[0].day == "2026-12-03"


def test_an_address_is_asked_for_and_hidden_afterwards(store: Store) -> None:
    """A new reader's e-mail is typed at once; later it shows on demand, and never in history."""
    app = _programme("Abonnements")
    click(app, "data-subscriber-add")
    field(app, "name").set_value("Mairie d’essai")
    field(app, "email").set_value("accueil@essai.example")
    field(app, "consent_day").set_value("12/03/2026")
    click(app, "data-subscriber-save")
    (kept,) = store.list(Subscriber, name="Mairie d’essai")
    assert (kept.email, kept.consent_day) == ("accueil@essai.example", "2026-03-12")
    assert len(kept.token) > 20
    _open(app, "subscriber", kept.id)
    assert "accueil@essai" not in str([w.value for w in app.text_input])
    assert not any("accueil@essai" in frame.value.to_string() for frame in app.dataframe)
    assert not any(kept.token in frame.value.to_string() for frame in app.dataframe)


def test_a_file_of_another_kind_is_imported(store: Store) -> None:
    """The kind chosen decides how the file is read; the preview shows its own columns."""
    app = visit("donnees", rubrique="Importer, exporter")
    app.selectbox(key="data-import-kind").set_value(2)
    run(app)
    app.file_uploader[0].set_value(
        ("t.csv", "nom;premier jour;commune\nApéro;3/12/2026;Issigeac\n".encode(), "text/csv")
    )
    run(app)
    assert list(app.dataframe[0].value["premier jour"]) == ["03/12/2026"]
    click(app, "data-import-go")
    assert store.list(Event, name="Apéro")[0].commune_code == "24212"


def test_our_own_workbook_comes_back_sheet_by_sheet(store: Store) -> None:
    """The complete export, read as offers and needs, changes nothing."""
    del store
    app = visit("donnees", rubrique="Importer, exporter")
    app.selectbox(key="data-import-kind").set_value(1)
    run(app)
    from pages.data_parts.exchange import workbook  # noqa: PLC0415 (opens the store)

    content = workbook(contacts=False)
    readers = read_xlsx(content, "Abonnements")
    assert len(readers.rows) == 8
    assert not any("@" in cell for row in readers.rows for cell in row.values())
    app.file_uploader[0].set_value(("tout.xlsx", content, "application/octet-stream"))
    run(app)
    assert [metric.value for metric in app.metric] == ["0", "0", "90", "0"]


def test_forgetting_asks_twice_and_cannot_be_undone(store: Store) -> None:
    """The box must be ticked; then neither the list, the history nor « Annuler » give it back."""
    reader = store.list(Subscriber)[0]
    with store.transaction(who="Paul", what="Correction") as tx:
        tx.put(dataclasses.replace(reader, radius_km=12.0))
    app = _programme("Abonnements")
    _open(app, "subscriber", reader.id)
    click(app, "data-subscriber-forget")
    assert "Rien ne pourra les rétablir" in messages(app.error)
    assert app.button(key="data-subscriber-forget-yes").disabled
    click(app, "data-subscriber-forget-no")
    click(app, "data-subscriber-forget")
    app.checkbox(key=f"data-subscriber-forget-sure-{reader.id}").check()
    run(app)
    click(app, "data-subscriber-forget-yes")
    assert "effacée définitivement" in messages(app.success)
    assert not [button for button in app.button if button.key == "data-undo"]
    assert store.find(Subscriber, reader.id) is None
    latest, correction = store.transactions(limit=2)
    app = visit("donnees", rubrique="Historique")
    for one in (latest, correction):
        app.selectbox(key="data-history-open").set_value(one.id)
        run(app)
        assert list(app.dataframe[1].value["Avant"]) == ["(effacé définitivement)"]
        assert reader.name not in app.dataframe[1].value.to_string()
    click(app, f"data-history-undo-{correction.id}")
    assert "effacée définitivement" in messages(app.error)
    assert store.find(Subscriber, reader.id) is None


def test_only_what_may_be_about_a_person_can_be_forgotten(store: Store) -> None:
    """An actor offers it; a flow does not."""
    app = _open(visit("donnees"), "actor", store.list(Actor)[0].id)
    assert app.button(key="data-actor-forget")
    app = _open(visit("donnees", rubrique="Flux"), "flow", store.list(Flow)[0].id)
    assert not [button for button in app.button if button.key == "data-flow-forget"]
