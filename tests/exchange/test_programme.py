"""The programme as tables: import(export(x)) == x, mistakes named, nothing personal by accident."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo import load_demo
from data.exchange.directory import Directory
from data.exchange.importing import Preview, preview
from data.exchange.programme import (
    ATTENDANCES,
    EVENTS,
    LISTINGS,
    PROGRAMME,
    SUBSCRIBERS,
    SYNERGIES,
)
from data.exchange.records import Format, to_row
from data.exchange.tables import Sheet, csv_bytes, read_table, read_xlsx, xlsx_bytes
from data.exchange.template import template
from data.model import Listing, Subscriber, Synergy, SynergyStatus
from tests.exchange import programme as draw
from tests.exchange.strategies import RESOURCES, TERRITORY, actor, directory

FAST = settings(max_examples=25, deadline=None)
PEOPLE = (actor(), actor(id="voisin", name="Voisin", siret=""))
SECRET = "jeton-secret"  # noqa: S105
IDS = [person.id for person in PEOPLE]


def _back(
    format_: Format[Any], records: tuple[Any, ...], where: Directory, *, xlsx: bool
) -> tuple[Any, ...]:
    """Export records with everything, read the file into an empty store's preview."""
    rows = tuple(to_row(format_, record, where) for record in records)
    titles = format_.titles(personal=True)
    content = xlsx_bytes([Sheet(format_.nouns, titles, rows)]) if xlsx else csv_bytes(rows, titles)
    result = preview(format_, read_table(content), (), where)
    assert not result.errors, result.errors
    return result.new


@pytest.mark.parametrize(
    ("format_", "strategy"),
    [
        (LISTINGS, draw.listings(IDS)),
        (EVENTS, draw.events),
        (SYNERGIES, draw.synergies(IDS)),
        (SUBSCRIBERS, draw.subscribers),
        (ATTENDANCES, draw.attendances),
    ],
    ids=lambda value: getattr(value, "noun", ""),
)
@FAST
@given(st.data(), st.booleans())
def test_records_come_back(
    format_: Format[Any], strategy: st.SearchStrategy[Any], data: st.DataObject, xlsx: bool
) -> None:
    """Exporting records then importing them gives the same records, in CSV and in XLSX."""
    different = (lambda r: r.id, *(key for _, key in format_.keys))
    records = data.draw(st.lists(strategy, min_size=1, max_size=2, unique_by=different))
    assert _back(format_, tuple(records), directory(*PEOPLE), xlsx=xlsx) == tuple(records)


def test_every_field_has_a_column() -> None:
    """No field of a record is forgotten by its format (the revision belongs to the store)."""
    for format_ in PROGRAMME:
        columns = {column.attribute for column in format_.columns}
        assert columns == set(format_.kind.__dataclass_fields__) - {"revision"}


@pytest.mark.parametrize("format_", PROGRAMME, ids=lambda f: f.noun)
def test_the_demonstration_comes_back(format_: Format[Any]) -> None:
    """The whole demonstration survives a trip through a workbook, into an empty store."""
    demo = load_demo()
    where = Directory(territory=_wide(demo), actors=demo.actors, resources=RESOURCES)
    records = tuple(record for record in demo.records() if type(record) is format_.kind)
    assert records
    assert _back(format_, records, where, xlsx=True) == records


def _wide(demo: Any) -> Any:
    """The small territory with every commune the demonstration names."""
    (first, *others) = TERRITORY.communes
    codes = {getattr(r, "commune_code", "") for r in demo.records()} - {"", first.code}
    codes -= {other.code for other in others}
    more = tuple(dataclasses.replace(first, code=code, name=code) for code in sorted(codes))
    return dataclasses.replace(TERRITORY, communes=(*TERRITORY.communes, *more))


def test_neither_address_nor_token_leaves_unless_asked_for() -> None:
    """A subscriber's e-mail and unsubscription secret are personal columns."""
    assert not {"adresse électronique", "jeton"} & set(SUBSCRIBERS.titles())
    assert {"adresse électronique", "jeton"} <= set(SUBSCRIBERS.titles(personal=True))
    reader = Subscriber(id="lecteur", name="Mairie", email="accueil@exemple.fr", token=SECRET)
    rows = [to_row(SUBSCRIBERS, reader, directory())]
    text = csv_bytes(rows, SUBSCRIBERS.titles()).decode()
    assert "exemple.fr" not in text
    assert SECRET not in text


def test_a_file_without_addresses_leaves_them_as_they_are() -> None:
    """Importing an export without personal columns changes nothing else."""
    reader = Subscriber(id="lecteur", name="Mairie", email="accueil@exemple.fr", token=SECRET)
    rows = [{**to_row(SUBSCRIBERS, reader, directory()), "nom": "Mairie d’Issigeac"}]
    table = read_table(csv_bytes(rows, SUBSCRIBERS.titles()))
    result = preview(SUBSCRIBERS, table, (reader,), directory())
    (change,) = result.changed
    assert change.titles == ("nom",)
    assert (change.after.email, change.after.token) == (reader.email, reader.token)


def _read(format_: Format[Any], *lines: str) -> Preview[Any]:
    return preview(format_, read_table("\n".join(lines).encode()), (), directory(*PEOPLE))


def test_what_people_write_is_understood() -> None:
    """Names, synonyms, French dates and short words give the record one expects."""
    result = _read(
        LISTINGS,
        "acteur;offre ou besoin;ressource;quantité;unité;période;expire le;accord pour la lettre",
        "Menuiserie du Port;propose;NaOH;12,5;kg;une fois;31/12/2026;Oui",
        "voisin;Recherche;caisses bois;;;;;",
    )
    assert not result.errors
    first, second = result.new
    assert isinstance(first, Listing)
    assert (first.resource_id, first.quantity, first.period) == ("sodium_hydroxide", 12.5, None)
    assert (first.expires_on, first.in_letter) == ("2026-12-31", True)
    assert (second.resource_id, second.quantity, second.in_letter) == ("crate_wood", None, False)


def test_a_new_subscriber_gets_a_secret_of_its_own() -> None:
    """Each new reader has an unguessable token; without consent, the preview says so."""
    result = _read(
        SUBSCRIBERS,
        "nom;courriel;date du consentement",
        "Mairie;mairie@exemple.fr;12/03/2026",
        "Garage;garage@exemple.fr;",
    )
    one, other = result.new
    assert len(one.token) > 20
    assert one.token != other.token
    assert len(result.notes) == 1
    assert "n’a pas de date de consentement" in result.notes[0]


MISTAKES = [
    (LISTINGS, "acteur;offre ou besoin;libellé", "Menuiserie du Port;don;x", "Offre"),
    (LISTINGS, "acteur;offre ou besoin;ressource", "voisin;Offre;palétte volante", "libellé"),
    (LISTINGS, "acteur;offre ou besoin;libellé", "voisin;Offre;", "vos mots"),
    (LISTINGS, "acteur;offre ou besoin;libellé", "inconnu;Offre;x", "n’existe pas"),
    (LISTINGS, "acteur;offre ou besoin;libellé;période", "voisin;Offre;x;lustre", "une fois"),
    (LISTINGS, "acteur;offre ou besoin;libellé;accord pour la lettre", "voisin;Offre;x;peut-être",
     "ni oui ni non"),
    (LISTINGS, "acteur;offre ou besoin;libellé;longitude", "voisin;Offre;x;0,5", "latitude"),
    (LISTINGS, "acteur;offre ou besoin;libellé;disponible à partir du;disponible jusqu’au",
     "voisin;Offre;x;02/03/2026;01/03/2026", "précéder"),
    (EVENTS, "nom;premier jour", "Apéro;31/02/2026", "31/03/2026"),
    (EVENTS, "nom;premier jour;dernier jour", "Apéro;02/03/2026;01/03/2026", "précéder"),
    (EVENTS, "nom;premier jour;nombre de participants", "Apéro;02/03/2026;-3", "au moins"),
    (EVENTS, "nom;premier jour;commune", "Apéro;02/03/2026;Bordeaux", "territoire"),
    (SYNERGIES, "titre;statut", "Palettes;Suspendue", "motif"),
    (SYNERGIES, "titre;statut;étapes", "Palettes;Réalisée;02/03/2026 ; Idée", "dernière étape"),
    (SYNERGIES, "titre;étapes", "Palettes;Idée", "jour ; statut"),
    (SYNERGIES, "titre;parties", "Palettes;Chez Personne !  ; Donne", "n’existe pas"),
    (SYNERGIES, "titre;parties", "Palettes;voisin ; mange", "Donne"),
    (SUBSCRIBERS, "nom;courriel", "Mairie;mairie", "accueil@exemple.fr"),
    (SUBSCRIBERS, "nom;courriel;filières", "Mairie;m@exemple.fr;Bois | Licornes", "Biodéchets"),
    (SUBSCRIBERS, "nom;courriel;rayon (km)", "Mairie;m@exemple.fr;0", "supérieur"),
    (ATTENDANCES, "nom", "Menuiserie", "obligatoire"),
    (ATTENDANCES, "identifiant de l’atelier;nom;table", "a;Menuiserie;deux", "nombre"),
]  # fmt: skip


@pytest.mark.parametrize(("format_", "header", "line", "fix"), MISTAKES)
def test_a_mistake_names_its_row_its_column_and_the_way_out(
    format_: Format[Any], header: str, line: str, fix: str
) -> None:
    """Every mistake stops the import with a French sentence that says where and what to do."""
    padding = ";" * (header.count(";") - line.count(";"))
    row = line if "étapes" in header or "parties" in header else line + padding
    row = ";".join(f'"{cell}"' for cell in _cells(header, row))
    result = _read(format_, header, row)
    assert not result.writes
    (error, *_) = result.errors
    assert error.row in {1, 2}
    assert "colonne" in error.message
    assert fix in " ".join(e.message for e in result.errors)


def _cells(header: str, row: str) -> list[str]:
    """Cut a row; the last column keeps its semicolons."""
    return row.split(";", header.count(";"))


def test_a_status_moves_with_a_step() -> None:
    """A row that adds a step to a known synergy moves its status; the steps before stay."""
    known = next(s for s in load_demo().synergies if s.status is SynergyStatus.TO_EXPLORE)
    demo = load_demo()
    where = Directory(territory=_wide(demo), actors=demo.actors, resources=RESOURCES)
    row = to_row(SYNERGIES, known, where)
    row["étapes"] = f"{row['étapes']} | 24/11/2026 ; En discussion ; Zoé"
    row["statut"] = "en discussion"
    table = read_table(csv_bytes([row], SYNERGIES.titles()))
    (change,) = preview(SYNERGIES, table, (known,), where).changed
    assert isinstance(change.after, Synergy)
    assert change.after.status is SynergyStatus.DISCUSSION
    assert change.after.steps[:-1] == known.steps
    assert (change.after.steps[-1].day, change.after.steps[-1].who) == ("2026-11-24", "Zoé")


@pytest.mark.parametrize("format_", PROGRAMME, ids=lambda f: f.noun)
def test_a_template_is_read_back_and_explains_itself(format_: Format[Any]) -> None:
    """Every header of the template is understood, and « Aide » says what each accepts."""
    content = template(format_)
    empty = read_xlsx(content)
    result = preview(format_, empty, (), directory())
    assert not result.errors
    assert not result.notes
    assert not {"identifiant", "origine", "jeton"} & set(empty.columns)
    explained = {row["Colonne"] for row in read_xlsx(content, "Aide").rows}
    assert explained <= set(empty.columns)
    required = {column.title for column in format_.columns if column.required}
    assert required <= explained
