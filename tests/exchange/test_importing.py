"""Importing a file: every mistake named, a preview first, all or nothing."""

from pathlib import Path

import pytest

from data.errors import ConflictError, InputError
from data.exchange.actors import ACTORS, actor_rows
from data.exchange.directory import Directory
from data.exchange.importing import Preview, duplicate_of, preview, write
from data.exchange.tables import csv_bytes, read_csv
from data.model import Actor, Origin, PositionPrecision
from data.store import Store, open_store
from tests.exchange.strategies import TERRITORY, actor, outside

WHERE = Directory(territory=TERRITORY, outside=outside)
HEADER = "nom;type;collège;commune;longitude;latitude;SIRET;code NAF;site web;visibilité"
GOOD = "Menuiserie du Port;Entreprise;Privé;Bergerac;0,48;44,85;73282932000074;16.23Z;;Public"


def _plain(text: str) -> str:
    """Return a sentence with ordinary blanks, as one would type it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _preview(text: str, *existing: Actor) -> Preview[Actor]:
    return preview(ACTORS, read_csv(text.encode()), existing, WHERE)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store with the small territory."""
    opened = open_store(f"sqlite:///{tmp_path / 'essai.db'}")
    opened.save_territory(TERRITORY, who="essai")
    return opened


@pytest.mark.parametrize(
    ("position", "cell", "column", "hint"),
    [
        (0, "", "nom", "obligatoire"),
        (1, "Entreprize", "type", "« Entreprise »"),
        (1, "", "type", "obligatoire"),
        (2, "Mixte", "collège", "« Population »"),
        (3, "Bergerak", "commune", "« Bergerac »"),
        (3, "Bordeaux", "commune", "n’est pas dans le territoire"),
        (3, "", "commune", "obligatoire"),
        (4, "abc", "longitude", "n’est pas un nombre"),
        (4, "", "longitude", "videz les deux"),
        (4, "250", "longitude", "180"),
        (4, "2,35", "longitude", "hors du territoire"),
        (5, "nan", "latitude", "n’est pas un nombre"),
        (5, "", "latitude", "videz les deux"),
        (6, "7328293200007", "SIRET", "14 chiffres"),
        (6, "73282932000075", "SIRET", "clé de contrôle"),
        (7, "boulanger", "code NAF", "10.71C"),
        (8, "javascript:alert(1)", "site web", "https://"),
        (9, "secret", "visibilité", "« Confidentiel »"),
    ],
)
def test_each_mistake_names_its_row_and_column(
    position: int, cell: str, column: str, hint: str
) -> None:
    """A wrong cell gives one sentence with the row, the column and the way out."""
    cells = GOOD.split(";")
    cells[position] = cell
    result = _preview(f"{HEADER}\r\nA;Habitants;Population;Issigeac;;;;;;\r\n{';'.join(cells)}\r\n")
    (error,) = result.errors
    assert error.row == 3
    assert error.field == column
    assert _plain(error.message).startswith(f"Ligne 3, colonne « {column} »")
    assert hint in _plain(error.message)


def test_all_mistakes_come_at_once() -> None:
    """Twelve mistakes in five rows are all found in one reading."""
    bad = (
        ";Boutique;Privée;Bordeaux;1;2;123;x;y;z\r\n"  # 8: the position needs no commune
        f"{GOOD}\r\n"
        "B;Entreprise;Privé;Issigeac;44,85;0,48;;;;\r\n"
        f"{GOOD.replace('Menuiserie du Port', 'Autre nom')}\r\n"
        "C;Ferme;Privé;Bergerac;0,48;;;;ftp://x;\r\n"
    )
    result = _preview(f"{HEADER}\r\n{bad}")
    rows = [error.row for error in result.errors]
    assert rows.count(2) == 9
    assert rows.count(4) == 1
    assert rows.count(5) == 1
    assert rows.count(6) == 2
    assert "inversées" in next(e.message for e in result.errors if e.row == 4)
    assert "doublon de la ligne 3 (même SIRET)" in next(
        e.message for e in result.errors if e.row == 5
    )


def test_missing_columns_are_named() -> None:
    """A file without an obligatory column is refused once, not once a row."""
    result = _preview("nom;couleur\r\nA;bleu\r\nB;rouge\r\n")
    assert [error.field for error in result.errors] == ["type", "collège", "code commune"]
    assert "« commune »" in _plain(result.errors[2].message)
    assert [_plain(note) for note in result.notes] == ["Colonne ignorée : « couleur »."]


def test_new_actor_without_position_is_at_the_town_hall() -> None:
    """An actor known by its commune only is placed at the town hall, and says so."""
    result = _preview(f"{HEADER}\r\nA;Habitants;Population;st pierre d’eyraud;;;;;;\r\n")
    (new,) = result.new
    assert (new.lon, new.lat) == (0.32, 44.85)
    assert new.position_precision is PositionPrecision.COMMUNE
    assert new.origin is Origin.FIELD


def test_headers_forgive_case_accents_and_order() -> None:
    """« NOM », « Type » and « Raison sociale » are understood."""
    result = _preview("COMMUNE;College;TYPE;Raison sociale\r\nIssigeac;prive;ess;Le Cadet\r\n")
    assert [actor.name for actor in result.new] == ["Le Cadet"]


def test_preview_tells_new_changed_unchanged() -> None:
    """A row is matched by SIRET, else by name and commune; only differences are announced."""
    known = actor(revision=3, source="visite")
    twin = actor(id="b", name="Le Cadet", siret="", revision=1)
    result = _preview(
        "nom;type;collège;commune;SIRET\r\n"
        "Menuiserie du Port SARL;Entreprise;Privé;Bergerac;732 829 320 00074\r\n"
        "LE CADET;Entreprise;Privé;Bergerac;\r\n"
        "Nouveau;Entreprise;Privé;Bergerac;\r\n",
        known,
        twin,
    )
    assert [record.name for record in result.new] == ["Nouveau"]
    first, second = result.changed
    assert first.titles == ("nom",)
    assert first.after.id == known.id
    assert first.after.source == "visite"
    assert first.after.contact == known.contact
    assert first.after.position_precision is known.position_precision
    assert second.titles == ("nom",)
    assert not result.errors


def test_same_name_with_another_siret_is_another_actor() -> None:
    """Two shops of one chain in one commune differ by their SIRET."""
    other = GOOD.replace("73282932000074", "35600000000048")
    result = _preview(f"{HEADER}\r\n{other}\r\n", actor(name="Menuiserie du Port"))
    assert len(result.new) == 1


def test_taking_the_siret_of_another_actor_is_refused() -> None:
    """Changing a record so that it becomes a duplicate of another names that other."""
    first = actor(revision=1)
    second = actor(id="b", name="Le Cadet", siret="", revision=1)
    result = _preview("identifiant;SIRET\r\nb;73282932000074\r\n", first, second)
    (error,) = result.errors
    assert "même SIRET que la fiche « Menuiserie du Port »" in _plain(error.message)
    assert duplicate_of(ACTORS, actor(id="new"), [first]) is not None
    assert duplicate_of(ACTORS, first, [first, second]) is None


def test_changing_a_demonstration_record_makes_it_ours() -> None:
    """A demonstration actor changed by a file becomes field data; unchanged it stays demo."""
    demo = actor(origin=Origin.DEMO_REAL, revision=1)
    text = csv_bytes(actor_rows([demo], WHERE), ACTORS.titles()).decode("utf-8-sig")
    assert _preview(text, demo).unchanged == (demo,)
    (change,) = _preview(text.replace("du Port", "du Quai"), demo).changed
    assert change.after.origin is Origin.FIELD
    ours = actor(revision=1)
    assert _preview(text, ours).unchanged == (ours,)


def test_importing_the_same_file_twice_changes_nothing(store: Store) -> None:
    """The second import of a file writes nothing, and no transaction."""
    text = f"{HEADER}\r\n{GOOD}\r\nA;Habitants;Population;Issigeac;;;;;;\r\n"
    assert write(store, _preview(text), who="Zoé", what="Import") is not None
    before = store.revision()
    again = _preview(text, *store.list(Actor))
    assert len(again.unchanged) == 2
    assert write(store, again, who="Zoé", what="Import") is None
    assert store.revision() == before


def test_nothing_is_written_when_anything_is_wrong(store: Store) -> None:
    """One mistake, or one conflict, and no row is kept."""
    with pytest.raises(InputError):
        write(
            store, _preview(f"{HEADER}\r\n{GOOD}\r\n;;;;;;;;;\r\nX;;;;;;;;;\r\n"), who="Z", what="I"
        )
    assert store.count(Actor) == 0
    with store.transaction(who="Zoé", what="Saisie") as tx:
        kept = tx.put(actor())
    stale = _preview("identifiant;activité\r\nmenuiserie;bois\r\nx;\r\n", kept)
    assert stale.errors  # the unknown id lacks every obligatory cell
    planned = _preview(
        "identifiant;nom;type;collège;commune;activité\r\n"
        "menuiserie;Menuiserie du Port;Entreprise;Privé;Bergerac;bois\r\n"
        ";Nouveau;Entreprise;Privé;Bergerac;\r\n",
        kept,
    )
    with store.transaction(who="Paul", what="Saisie") as tx:
        tx.put(kept)
    with pytest.raises(ConflictError):
        write(store, planned, who="Zoé", what="Import")
    assert [a.id for a in store.list(Actor)] == ["menuiserie"]
