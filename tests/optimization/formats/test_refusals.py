"""Bad files: a clear French sentence that says where and how to mend it, never a trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from optimization.formats.reading import read_instance
from tests.optimization.formats.files import line, read, small, solved, written


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Put the last value at the place that the others lead to."""
    *steps, key, value = path

    def change(content: Any) -> None:
        for step in steps:
            content = content[step]
        content[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set("matrices", "car", "durations", 2, [0, 1]), "ligne 2 : 4 valeurs"),
        (_set("matrices", "car", "durations", 1, 3, "loin"), "ligne 1, colonne 3 : .*loin"),
        (_set("matrices", "car", "durations", 1, 3, -5), "ligne 1, colonne 3"),
        (_set("matrices", "car", "durations", []), "une matrice"),
        (_set("matrices", {"bike": {"durations": line(4)}}), "profil .*car"),
        (_set("matrices", {"car": {}}), "matrice des durées manque"),
        (_set("jobs", 1, "id", 11), "même identifiant 11"),
        (_set("vehicles", 1, "id", 1), "véhicules ont le même identifiant 1"),
        (_set("jobs", 0, "time_windows", [[90, 20]]), "job 11.*finit avant de commencer"),
        (_set("jobs", 0, "time_windows", []), "la liste est vide"),
        (_set("jobs", 0, "time_windows", [[0]]), "début, fin"),
        (_set("jobs", 0, "location_index", 9), "job 11.*hors de la matrice"),
        (_set("jobs", 0, "location_index", None), "job 11.*lieu manque"),
        (_set("jobs", 0, "id", None), "un identifiant"),
        (_set("jobs", 0, "pickup", [1, 2]), "job 11 : 2 quantités au lieu de 1|quantités"),
        (_set("jobs", 0, "pickup", [-1]), "job 11.*trop petit"),
        (_set("jobs", 0, "service", "vite"), "job 11.*n’est pas un nombre"),
        (_set("jobs", 0, "priority", 101), "101 dépasse 100"),
        (_set("jobs", 0, "storage_days", 2), "storage_days"),
        (_set("jobs", 0, "service_per_type", {"van": 3}), "par type"),
        (_set("jobs", {"id": 1}), "une liste"),
        (_set("jobs", 0, 12), "un objet JSON"),
        (_set("vehicles", []), "aucun véhicule"),
        (_set("vehicles", 0, "start_index", 70), "véhicule 1.*hors de la matrice"),
        (_set("vehicles", 0, {"id": 1, "capacity": [4]}), "un départ ou une arrivée"),
        (_set("vehicles", 0, "capacity", []), "véhicule 1 : .*capacity.* 0 quantités"),
        (_set("vehicles", 0, "speed_factor", 9), "speed_factor"),
        (_set("vehicles", 0, "breaks", [{"id": 1}, {"id": 2}]), "une seule pause"),
        (_set("vehicles", 0, "breaks", [{"id": 1, "max_load": [1]}]), "charge limite"),
        (_set("vehicles", 0, "costs", {"per_km": 1}), "distances"),
        (_set("jobs", 0, "allowed_days", ["lundi"]), "days"),
        (
            _set("outlets", [{"id": 1, "location_index": 0}, {"id": 1, "location_index": 0}]),
            "exutoires",
        ),
        (_set("outlets", [{"id": 1, "location_index": 0, "weekly_capacity": 0}]), "fermé toute"),
    ],
)
def test_what_is_wrong_is_named(change: Callable[[dict[str, Any]], None], told: str) -> None:
    """Where, and what was expected."""
    content = small()
    change(content)
    with pytest.raises(InputError, match=told.replace(" :", ".:")) as caught:
        solved(content)
    assert caught.value.message.endswith(".")


def test_deliveries_do_not_go_with_outlets() -> None:
    """The job is named, with what to write instead."""
    content = small(outlets=[{"id": 1, "location_index": 0}])
    content["jobs"][1] = {"id": 12, "location_index": 2, "delivery": [1]}
    with pytest.raises(InputError, match=r"job 12.*exutoires"):
        solved(content)


def test_three_binding_quantities_are_refused() -> None:
    """Two at most."""
    content = small()
    for vehicle in content["vehicles"]:
        vehicle["capacity"] = [4, 4, 4]
    for job in content["jobs"]:
        job["pickup"] = [2, 2, 2]
    with pytest.raises(InputError, match="3 quantités"):
        solved(content)


def test_an_outlet_closed_all_week_is_refused() -> None:
    """Its hours never meet those of a vehicle."""
    content = small(outlets=[{"id": "quai", "location_index": 0, "time_windows": [[9000, 9900]]}])
    for vehicle in content["vehicles"]:
        vehicle["time_window"] = [0, 3600]
    with pytest.raises(InputError, match=r"quai.*fermé toute la semaine"):
        solved(content)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set("jobs", 2, "pickup", [40]), "plus que la capacité"),
        (_set("jobs", 2, "time_windows", [[9000, 9100]]), "Créneau 9000 – 9100"),
        (_set("matrices", "car", "durations", 0, 3, None), "hors du réseau"),
    ],
)
def test_what_cannot_be_done_is_left_out_with_its_reason(
    change: Callable[[dict[str, Any]], None], told: str
) -> None:
    """Too heavy for all, at hours that never meet, on an island: the rest is planned."""
    content = small()
    for vehicle in content["vehicles"]:
        vehicle["time_window"] = [0, 3600]
    change(content)
    plan = solved(content)
    (left,) = plan["unassigned"]
    assert left["id"] == 13
    assert told in left["reason"]
    assert plan["indicators"]["served"] == 2


def test_an_island_without_hours_is_not_ridden_to() -> None:
    """Nor through: the untimed plan never uses the missing legs."""
    content = small()
    for row in content["matrices"]["car"]["durations"][:2]:
        row[3] = None
    content["matrices"]["car"]["durations"][2][3] = 900
    content["vehicles"] = [{**content["vehicles"][0], "capacity": [9]}]
    content["jobs"] = content["jobs"][1:]
    plan = solved(content)
    assert [step.get("id") for step in plan["routes"][0]["steps"][1:-1]] == [12]
    assert "sans chemin" in plan["remarks"][0]


def test_an_asymmetric_matrix_is_no_fault() -> None:
    """One-way streets exist."""
    content = small(jobs=[{"id": 1, "location_index": 1}])
    content["matrices"]["car"]["durations"][0][1] = 777
    assert solved(content)["summary"]["cost"] == 877


def test_hours_over_weeks_are_refused() -> None:
    """More than eleven days."""
    content = small()
    content["jobs"][0]["time_windows"] = [[0, 10], [2_000_000, 2_000_010]]
    with pytest.raises(InputError, match="onze jours"):
        solved(content)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", "{", "JSON valide"),
        ("b.json", "[1, 2]", "un objet JSON"),
        ("c.json", '{"bonjour": 1}', "problème de tournées"),
        ("d.json", "   ", "est vide"),
        ("e.vrp", "bonjour", "lisible"),
        ("f.txt", "0 1 2\n3 4", "lisible"),
    ],
)
def test_other_files_are_named(tmp_path: Path, name: str, text: str, told: str) -> None:
    """Whatever they hold."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_instance(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    """As is what is no text."""
    (tmp_path / "octets.json").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match="existe pas"):
        read_instance(tmp_path / "absent.json")
    with pytest.raises(InputError, match="Impossible de lire"):
        read_instance(tmp_path)
    with pytest.raises(InputError, match="UTF-8"):
        read_instance(tmp_path / "octets.json")


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    """As some spreadsheets write."""
    path = written(tmp_path, small())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_instance(path).jobs) == 3


def test_the_earth_is_bounded() -> None:
    """Latitude and longitude swapped are told apart where they can be."""
    content = {"vehicles": [{"id": 1, "start": [48.7, 200]}], "jobs": []}
    with pytest.raises(InputError, match=r"longitude, latitude|trop"):
        read(content)
