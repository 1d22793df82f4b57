"""Flows from a person's spreadsheet: every mistake named, the file handed back, all or nothing."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from data.errors import ConflictError, InputError, SolveCancelledError
from data.exchange import flow_import
from data.exchange.flow_import import FlowPreview, prepare, write
from data.exchange.flow_template import EXAMPLES, template_csv, template_titles, template_xlsx
from data.exchange.flows import FLOWS, flow_rows
from data.exchange.markup import AUTHOR, LIST_SHEET, RED
from data.exchange.schema import SCHEMA_PATH, flow_schema, schema_text
from data.exchange.tables import Sheet, csv_bytes, read_table, xlsx_bytes
from data.model import Actor, Direction, Flow
from data.store import Store, open_store
from tests.exchange.strategies import RESOURCES, TERRITORY, actor, actors, directory, flows

PORT = actor()
CADET = actor(id="cadet", name="Le Cadet", siret="", commune_code="24223")
TWIN_A = actor(id="twin-a", name="Boulangerie", siret="", commune_code="24037")
TWIN_B = actor(id="twin-b", name="Boulangerie", siret="", commune_code="24223")
WHERE = directory(PORT, CADET, TWIN_A, TWIN_B)
TITLES = ("identifiant", "identifiant de l’acteur", *template_titles(), "remarque à nous")
GOOD = {
    "acteur": "Menuiserie du Port",
    "sens": "Sortant",
    "ressource": "cartons",
    "quantité": "12,5",
    "unité": "kg",
    "période": "semaine",
    "année": "2025",
    "remarque à nous": "gardez-moi",
}

MISTAKES: tuple[tuple[dict[str, str], str, str], ...] = (
    # what is written, the column at fault, what the sentence says
    ({"acteur": ""}, "acteur", "obligatoire"),
    ({"acteur": "Menuiserie du Prot"}, "acteur", "Menuiserie du Port"),
    ({"acteur": "Inconnu total"}, "acteur", "Pour le créer"),
    ({"acteur": "Boulangerie"}, "acteur", "plusieurs acteurs"),
    ({"identifiant de l’acteur": "fantome", "acteur": ""}, "identifiant de l’acteur", "fantome"),
    ({"identifiant de l’acteur": "cadet"}, "acteur", "contredit"),
    ({"SIRET de l’acteur": "123"}, "SIRET de l’acteur", "14 chiffres"),
    ({"SIRET de l’acteur": "73282932000075"}, "SIRET de l’acteur", "clé de contrôle"),
    ({"acteur": "", "SIRET de l’acteur": "35600000000048"}, "SIRET de l’acteur", "aucun acteur"),
    ({"acteur": "Le Cadet", "SIRET de l’acteur": "73282932000074"}, "acteur", "contredit"),
    ({"commune de l’acteur": "Bergerak"}, "commune de l’acteur", "Bergerac"),
    ({"commune de l’acteur": "Issigeac"}, "acteur", "est connu à Bergerac"),
    (
        {
            "acteur": "Menuiserie du Portt",
            "commune de l’acteur": "Bergerac",
            "type de l’acteur": "Entreprise",
        },
        "acteur",
        "ressemble à",
    ),
    ({"sens": ""}, "sens", "obligatoire"),
    ({"sens": "vers dehors"}, "sens", "Entrant"),
    ({"ressource": ""}, "ressource", "obligatoire"),
    ({"ressource": "palettes"}, "ressource", "Palettes en bois"),
    ({"ressource": "xyzzy"}, "ressource", "nomenclature"),
    ({"quantité": "beaucoup"}, "quantité", "n’est pas un nombre"),
    ({"quantité": "-4"}, "quantité", "au moins égal à 0"),
    ({"quantité": "1e15"}, "quantité", "n’est pas un nombre"),
    ({"unité": ""}, "unité", "obligatoire"),
    ({"unité": "brouette"}, "unité", "Écrivez l’une de celles-ci"),
    ({"période": ""}, "période", "obligatoire"),
    ({"période": "lustre"}, "période", "trimestre"),
    ({"incertitude (%)": "environ"}, "incertitude (%)", "n’est pas un nombre"),
    ({"incertitude (%)": "-10"}, "incertitude (%)", "au moins égal à 0"),
    ({"périodes par an": "400"}, "périodes par an", "366"),
    ({"passages par semaine": "2000"}, "passages par semaine", "1000"),
    ({"année": "deux mille"}, "année", "n’est pas une année"),
    ({"année": "25"}, "année", "quatre chiffres"),
    ({"année": "31/02/2025"}, "année", "calendrier"),
    ({"saisonnalité": "1 | 2 | 3"}, "saisonnalité", "douze"),
    ({"saisonnalité": " | ".join(["0"] * 12)}, "saisonnalité", "non tous nuls"),
    ({"coût annuel (€)": "gratuit"}, "coût annuel (€)", "n’est pas un nombre"),
    ({"partenaire": "Récupérateur"}, "partenaire", "nom du partenaire"),
    ({"code déchet": "20 01"}, "code déchet", "six chiffres"),
    ({"fiabilité": "sûr"}, "fiabilité", "mesuré"),
    ({"visibilité": "secret"}, "visibilité", "Confidentiel"),
    ({"identifiant": "pas bon !"}, "identifiant", "identifiant"),
)
"""Forty mistakes, one a row."""


def plain(text: str) -> str:
    """Return a sentence with ordinary blanks, as one would type it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def workbook(rows: list[dict[str, Any]], titles: tuple[str, ...] = TITLES) -> bytes:
    """Make a person's workbook: a sheet of flows, and one of their own."""
    return xlsx_bytes(
        [
            Sheet("Flux", titles, tuple(rows)),
            Sheet("Mes notes", ("note",), ({"note": "à moi"},)),
        ]
    )


def good(**changes: str) -> dict[str, Any]:
    """Return a right row, with some cells changed."""
    return {**GOOD, **changes}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store with the small territory, the nomenclature and the actors."""
    opened = open_store(f"sqlite:///{tmp_path / 'essai.db'}")
    opened.save_territory(TERRITORY, who="essai")
    with opened.transaction(who="essai", what="départ") as tx:
        tx.put_all([*RESOURCES, PORT, CADET, TWIN_A, TWIN_B])
    return opened


def _prepare(store: Store, content: bytes, name: str = "flux.xlsx") -> FlowPreview:
    where = replace(directory(), actors=store.list(Actor))
    return prepare(content, name, where, store.list(Flow), revision=store.revision())


def _mistaken_rows() -> list[dict[str, Any]]:
    rows = [good(libellé="juste")]
    for number, (cells, _, _) in enumerate(MISTAKES):
        rows.append({**GOOD, "libellé": f"faute {number}", **cells})
    return rows


def test_there_are_forty_different_mistakes() -> None:
    """The file has forty rows with one mistake each, no two alike."""
    assert len(MISTAKES) == 40
    assert len({(tuple(sorted(cells.items()))) for cells, _, _ in MISTAKES}) == 40


def test_forty_mistakes_are_all_named() -> None:
    """Each of the forty is found, with its row, its column and the way out, and nothing else."""
    result = prepare(workbook(_mistaken_rows()), "flux.xlsx", WHERE, ())
    found = {error.row: error for error in result.errors}
    report = "\n".join(f"{row}: {error.message}" for row, error in sorted(found.items()))
    assert len(result.errors) == 40, report
    assert result.rejected == 40
    for number, (_, column, says) in enumerate(MISTAKES):
        error = found[number + 3]
        assert error.field == column, report
        assert says in plain(error.message), report
        assert plain(error.message).startswith(f"Ligne {number + 3}"), report


def test_marked_file_cell_by_cell() -> None:
    """The file comes back with exactly the wrong cells red and commented, the rest untouched."""
    content = workbook(_mistaken_rows())
    result = prepare(content, "flux.xlsx", WHERE, ())
    assert result.marked is not None
    before, after = (load_workbook(io.BytesIO(one)) for one in (content, result.marked))
    assert after.sheetnames == [*before.sheetnames, LIST_SHEET]
    assert after["Mes notes"]["A2"].value == "à moi"
    places = {title: index for index, title in enumerate(TITLES, start=1)}
    wrong = {(number + 3, places[column]) for number, (_, column, _) in enumerate(MISTAKES)}
    for line in before["Flux"].iter_rows():
        for cell in line:
            now = after["Flux"].cell(row=cell.row, column=cell.column)
            assert now.value == cell.value
            marked = now.comment is not None
            assert marked == ((cell.row, cell.column) in wrong), now.coordinate
            assert (now.fill.fgColor.rgb == RED) == marked
            if marked:
                assert now.comment.author == AUTHOR
                assert len(now.comment.text) > 10
    assert after[LIST_SHEET].max_row == 41


def test_corrected_file_imports(store: Store) -> None:
    """The marked file, once corrected in place, is accepted; marks and list are ignored."""
    result = _prepare(store, workbook([good(), good(libellé="b", ressource="palettes")]))
    assert result.marked is not None
    book = load_workbook(io.BytesIO(result.marked))
    page = book["Flux"]
    column = TITLES.index("ressource") + 1
    page.cell(row=3, column=column).value = "Palettes en bois"
    out = io.BytesIO()
    book.save(out)
    again = _prepare(store, out.getvalue())
    assert not again.errors
    assert len(again.new) == 2


def test_marking_twice_forgets_the_first_marks() -> None:
    """A cell corrected meanwhile loses its mark when the file is read again."""
    first = prepare(workbook([good(unité="brouette")]), "f.xlsx", WHERE, ()).marked
    assert first is not None
    book = load_workbook(io.BytesIO(first))
    page = book["Flux"]
    page.cell(row=2, column=TITLES.index("unité") + 1).value = "kg"
    page.cell(row=2, column=TITLES.index("année") + 1).value = "hier"
    out = io.BytesIO()
    book.save(out)
    second = prepare(out.getvalue(), "f.xlsx", WHERE, ()).marked
    assert second is not None
    page = load_workbook(io.BytesIO(second))["Flux"]
    assert page.cell(row=2, column=TITLES.index("unité") + 1).comment is None
    assert page.cell(row=2, column=TITLES.index("année") + 1).comment is not None


def test_marked_csv_executes_nothing() -> None:
    """A CSV file comes back as a workbook whose formula-like texts are texts."""
    rows = [good(libellé="=HYPERLINK(1)", unité="brouette")]
    result = prepare(csv_bytes(rows, TITLES), "f.csv", WHERE, ())
    assert result.marked is not None
    page = load_workbook(io.BytesIO(result.marked))["Flux"]
    cell = page.cell(row=2, column=TITLES.index("libellé") + 1)
    assert cell.data_type == "s"
    assert cell.value == "=HYPERLINK(1)"


_world = st.lists(actors, min_size=1, max_size=3, unique_by=lambda a: a.id).flatmap(
    lambda who: st.tuples(
        st.just(who),
        st.lists(flows([a.id for a in who]), max_size=4, unique_by=lambda flow: flow.id),
    )
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_world, st.booleans())
def test_import_of_export_changes_nothing(
    world: tuple[list[Actor], list[Flow]], as_workbook: bool
) -> None:
    """Whatever the flows, the exported file read again announces no change at all."""
    who, what = world
    stored = [replace(flow, revision=1) for flow in what]
    where = directory(*who)
    rows = flow_rows(stored, where)
    content = (
        xlsx_bytes([Sheet("Flux", FLOWS.titles(), tuple(rows))])
        if as_workbook
        else csv_bytes(rows, FLOWS.titles())
    )
    if not rows:
        return
    result = prepare(content, "flux", where, stored)
    assert [error.message for error in result.errors] == []
    assert (result.new, result.changed, result.actors) == ((), (), ())
    assert result.unchanged == len(stored)


def test_same_file_twice_changes_nothing(store: Store) -> None:
    """A second import of a file without identifiers writes nothing, actors included."""
    rows = [
        good(),
        good(ressource="biodéchets", libellé="épluchures"),
        good(
            acteur="Scierie Neuve",
            **{"commune de l’acteur": "Issigeac", "type de l’acteur": "Entreprise"},
        ),
        good(
            acteur="Scierie neuve",
            sens="Entrant",
            **{"commune de l’acteur": "24223", "type de l’acteur": "Entreprise"},
        ),
    ]
    first = _prepare(store, workbook(rows))
    assert [a.name for a in first.actors] == ["Scierie Neuve"]
    assert write(store, first, who="Zoé", what="Import") is not None
    assert store.count(Flow) == 4
    revision = store.revision()
    again = _prepare(store, workbook(rows))
    assert (again.unchanged, again.writes) == (4, 0)
    assert write(store, again, who="Zoé", what="Import") is None
    assert store.revision() == revision


def test_a_changed_label_is_the_same_flow(store: Store) -> None:
    """Same actor, resource, direction and year: a row without id changes the flow there is."""
    write(store, _prepare(store, workbook([good(libellé="vieux")])), who="Z", what="I")
    result = _prepare(store, workbook([good(libellé="neuf", quantité="13")]))
    (change,) = result.changed
    assert change.titles == ("libellé", "quantité")
    two = _prepare(store, workbook([good(libellé="neuf"), good(libellé="vieux")]))
    assert (len(two.new), two.unchanged, len(two.changed)) == (1, 1, 0)


def test_actors_are_recognised_by_siret_then_name_and_place(store: Store) -> None:
    """A SIRET is enough; a name shared by two actors needs its commune."""
    result = _prepare(
        store,
        workbook(
            [
                good(acteur="", **{"SIRET de l’acteur": "732 829 320 00074"}),
                good(acteur="boulangerie", **{"commune de l’acteur": "ISSIGEAC"}),
            ]
        ),
    )
    assert [flow.actor_id for flow in result.new] == ["menuiserie", "twin-b"]
    assert not result.errors


def _crash_after(count: int) -> Callable[[float, str], None]:
    heard = 0

    def tell(_share: float, _what: str) -> None:
        nonlocal heard
        heard += 1
        if heard > count:
            raise RuntimeError("power cut")

    return tell


def test_a_crash_in_the_middle_leaves_everything_as_before(store: Store) -> None:
    """Six hundred rows, cut after the second batch: none is there, nor in the history."""
    rows = [good(libellé=f"lot {i}") for i in range(600)]
    prepared = _prepare(store, workbook(rows))
    revision = store.revision()
    with pytest.raises(RuntimeError, match="power cut"):
        write(store, prepared, who="Z", what="I", tell=_crash_after(2))
    assert (store.count(Flow), store.revision()) == (0, revision)
    write(store, prepared, who="Z", what="I")
    assert store.count(Flow) == 600


def test_cancelling_writes_nothing(store: Store) -> None:
    """A person who gives up while rows are being written finds the store as it was."""
    prepared = _prepare(store, workbook([good(libellé=f"lot {i}") for i in range(600)]))
    answers = iter([False, False, True])
    with pytest.raises(SolveCancelledError):
        write(store, prepared, who="Z", what="I", should_stop=lambda: next(answers))
    assert store.count(Flow) == 0
    with pytest.raises(SolveCancelledError):
        prepare(workbook([good()]), "f.xlsx", WHERE, (), should_stop=lambda: True)


def test_a_store_that_moved_is_not_written(store: Store) -> None:
    """Between preview and import somebody wrote: nothing is written, and it is said."""
    prepared = _prepare(store, workbook([good()]))
    with store.transaction(who="Paul", what="Saisie") as tx:
        tx.put(actor(id="autre", name="Autre", siret=""))
    with pytest.raises(ConflictError, match="aperçu"):
        write(store, prepared, who="Z", what="I")
    assert store.count(Flow) == 0


def test_an_import_can_be_undone(store: Store) -> None:
    """One undo takes the whole import back, created actors included."""
    row = good(
        acteur="Scierie", **{"commune de l’acteur": "Bergerac", "type de l’acteur": "Entreprise"}
    )
    number = write(store, _prepare(store, workbook([row])), who="Z", what="I")
    assert number is not None
    store.undo(number, who="Z")
    assert (store.count(Flow), store.count(Actor)) == (0, 4)


def test_progress_is_told(store: Store) -> None:
    """The share done only grows, from 0 up to 1."""
    heard: list[float] = []
    prepared = prepare(
        workbook([good(libellé=f"lot {i}") for i in range(600)]),
        "f.xlsx",
        WHERE,
        (),
        revision=store.revision(),
        tell=lambda share, _what: heard.append(share),
    )
    assert heard == sorted(heard)
    assert heard[-1] > 0.5
    heard.clear()
    write(store, prepared, who="Z", what="I", tell=lambda share, _what: heard.append(share))
    assert heard == sorted(heard)
    assert heard[-1] == 1


def test_the_template_is_accepted_empty_and_its_examples_left_out() -> None:
    """The CSV template imports nothing; the workbook's examples read right once copied."""
    assert prepare(template_csv(), "m.csv", WHERE, ()).rows == 0
    book = load_workbook(io.BytesIO(template_xlsx(TERRITORY, [PORT], RESOURCES)))
    assert book.sheetnames == ["Flux", "Exemples", "Aide", "Listes"]
    assert book["Listes"].sheet_state == "hidden"
    rules = book["Flux"].data_validations.dataValidation
    assert len(rules) >= 8
    assert [cell.value for cell in book["Flux"][1]] == list(template_titles())
    page = book["Flux"]
    for row, example in enumerate(EXAMPLES, start=2):
        for column, title in enumerate(template_titles(), start=1):
            page.cell(row=row, column=column).value = example.get(title)
        page.cell(
            row=row, column=template_titles().index("commune de l’acteur") + 1
        ).value = "Issigeac"
    out = io.BytesIO()
    book.save(out)
    result = prepare(out.getvalue(), "m.xlsx", WHERE, ())
    assert [plain(error.message) for error in result.errors] == []
    assert (len(result.new), len(result.actors)) == (2, 2)


def test_published_schema_is_in_step() -> None:
    """The committed Table Schema is what the columns say today."""
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text()
    names = [field["name"] for field in flow_schema()["fields"]]
    assert tuple(names) == FLOWS.titles()


def test_schema_says_the_same_choices() -> None:
    """An enumeration of the schema lists the words that imports read."""
    fields = {field["name"]: field for field in flow_schema()["fields"]}
    assert fields["sens"]["constraints"]["enum"] == list(FLOWS.column("direction").choices)
    assert fields["sens"]["constraints"]["required"]
    assert fields["quantité"]["type"] == "number"
    assert fields["incertitude (%)"]["constraints"]["maximum"] == 10_000


def test_reading_back_one_exported_flow() -> None:
    """The plain case, by eye: a file of one flow says actor, place and resource in words."""
    flow = Flow(
        id="f1", actor_id="menuiserie", direction=Direction.OUT, resource_id="cardboard", revision=1
    )
    (row,) = read_table(csv_bytes(flow_rows([flow], WHERE), FLOWS.titles())).rows
    assert row["acteur"] == "Menuiserie du Port"
    assert row["commune de l’acteur"] == "Bergerac"
    assert row["SIRET de l’acteur"] == "73282932000074"


def test_preview_of_a_file_with_mistakes_is_never_written(store: Store) -> None:
    """Writing a preview that has mistakes raises the first of them."""
    prepared = _prepare(store, workbook([good(), good(unité="brouette")]))
    assert len(prepared.new) == 1
    with pytest.raises(InputError, match="brouette"):
        write(store, prepared, who="Z", what="I")
    assert store.count(Flow) == 0


def test_summary_reads_as_a_sentence() -> None:
    """What an import would do fits in one French sentence."""
    said = flow_import.summary(prepare(workbook([good()]), "f.xlsx", WHERE, ()))
    assert plain(said) == "1 ligne lue : 1 nouveau flux."


def test_empty_workbook_is_refused() -> None:
    """A workbook without anything in it says so."""
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(InputError, match="vide"):
        prepare(out.getvalue(), "f.xlsx", WHERE, ())
