"""From a file to a network."""

import threading
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from data.errors import InputError, SolveCancelledError
from data.model import Territory, TravelMode
from data.settings import ROOT
from geo.roads.contract import segment_metres
from geo.roads.network import load_network, read_info
from geo.roads.shelf import Kept, Wish, import_network, kept_networks, remove_network
from geo.territory import read_territory
from tests.geo.roads.conftest import Keep
from tests.geo.roads.worlds import World, grid, place

BIKE, VAN = TravelMode.BIKE, TravelMode.VAN


@pytest.fixture(scope="module")
def territory() -> Territory:
    """The real territory."""
    return read_territory(ROOT / "data" / "reference" / "territory.gpkg")


def test_points_on_the_way_disappear(keep: Keep) -> None:
    """A bent road between two crossings is one edge, with its bends and its whole length."""
    world = grid(2, 1000)
    world.node(50, 500, 300)
    world.node(51, 800, 300)
    world.way([1, 50, 51, 4])
    network = load_network(keep(world).path)
    assert network.node_count == 2
    assert len(network.edge_m) == 3
    bent = int(np.argmin(network.edge_m))
    assert network.edge_start[bent + 1] - network.edge_start[bent] == 4
    expected = np.hypot(500, 300) + 300 + np.hypot(200, 700)
    assert network.edge_m[bent] == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm.gz", ".osm", ".osm.bz2"])
def test_every_format_gives_the_same_network(tmp_path: Path, suffix: str) -> None:
    """PBF and XML, compressed or not, are the same roads."""
    kept = import_network(Wish(path=grid(3).write(tmp_path / f"x{suffix}")), tmp_path / "roads")
    assert kept.info.name == "x"
    assert kept.info.stats["bike"].edges == 8
    assert kept.info.stats["van"].km == pytest.approx(2.4, rel=2e-3)


def test_the_date_of_the_extract_is_kept(keep: Keep) -> None:
    """The date shown on screen is that of the data."""
    assert keep(grid(3)).info.date == "2026-03-01"


def test_an_island_is_left_out(keep: Keep) -> None:
    """Roads from which one cannot come back belong to no network."""
    world = grid(4)
    world.node(80, 5_000, 0)
    world.node(81, 5_200, 0)
    world.way([80, 81])
    world.node(90, 900, 0)
    world.way([4, 90], "primary", oneway="yes")
    info = keep(world).info
    assert info.stats["bike"].km == pytest.approx(4.8, rel=2e-3)
    assert info.stats["van"].km == pytest.approx(4.8, rel=2e-3)


def test_each_mode_has_its_own_network(keep: Keep) -> None:
    """A cycleway is for bikes, a motorway loop for vans."""
    world = grid(3)
    world.way([1, 5, 9], "cycleway")
    world.way([3, 5], "motorway", oneway="no")
    stats = keep(world).info.stats
    assert stats["bike"].km == pytest.approx(2.4 + 0.4 * 2**0.5, rel=2e-3)
    assert stats["van"].km == pytest.approx(2.4 + 0.2 * 2**0.5, rel=2e-3)


def test_a_bollard_closes_a_street_to_vans_only(keep: Keep) -> None:
    """Bikes pass a bollard; vans do not, and keep the longer side of the street."""
    world = grid(2, 1000)
    world.node(50, 300, 1, barrier="bollard")
    world.ways[0] = (world.ways[0][0], [1, 50, 2], world.ways[0][2])
    stats = keep(world).info.stats
    assert stats["bike"].km == pytest.approx(4.0, rel=2e-3)
    assert stats["van"].km == pytest.approx(3.7, rel=2e-3)


def test_restrictions_are_counted_and_kept_by_files(keep: Keep) -> None:
    """Only restrictions that name a way, a node and a way, and concern vans, are followed."""
    world = grid(2, 500)
    world.node(50, 250, -200)
    side = world.way([50, 1])
    out = world.ways[0][0]
    world.ban(side, 1, out, restriction="no_right_turn")
    world.ban(side, 1, out, restriction="no_right_turn", **{"except": "motorcar"})
    world.ban(side, 1, out, restriction="no_u_turn")
    world.way([50, 2])
    assert keep(world).info.restrictions == 1


def test_lengths_agree_with_the_ellipsoid() -> None:
    """Lengths of short segments are those of the geodesic, anywhere."""
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-170, 170, 200), rng.uniform(-75, 75, 200)
    lon2, lat2 = lon + rng.uniform(-0.02, 0.02, 200), lat + rng.uniform(-0.02, 0.02, 200)
    _, _, expected = Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)
    np.testing.assert_allclose(segment_metres(lon, lat, lon2, lat2), expected, rtol=2e-6)


def test_clipping_keeps_the_territory_and_its_surroundings(
    tmp_path: Path, territory: Territory
) -> None:
    """What lies farther than ten kilometres from the territory is not kept."""
    world = grid(3)
    far = len(world.nodes) + 1
    for step in range(12):
        world.node(far + step, 400, 2_000 + 10_000 * step)
    world.way([9, *range(far, far + 12)])
    world.way([*range(far + 11, far - 1, -1), 9])
    extract = world.write(tmp_path / "x.osm.pbf")
    whole = import_network(Wish(path=extract), tmp_path / "roads")
    clipped = import_network(Wish(path=extract, territory=territory), tmp_path / "roads")
    assert not whole.info.clipped
    assert clipped.info.clipped
    assert whole.info.bounds[3] > 45.8
    assert clipped.info.bounds[3] < 45.4
    assert clipped.info.key != whole.info.key


def test_an_extract_of_elsewhere_says_how_to_keep_it(tmp_path: Path, territory: Territory) -> None:
    """Nothing within the territory: the sentence tells both ways out."""
    extract = grid(3, origin=(900_000, 0)).write(tmp_path / "ailleurs.osm.pbf")
    with pytest.raises(InputError, match=r"ne touche pas le territoire.*--keep-all"):
        import_network(Wish(path=extract, territory=territory), tmp_path / "roads")
    assert kept_networks(tmp_path / "roads") == ()


def test_the_same_content_is_built_once(tmp_path: Path) -> None:
    """A copy under another name finds the network already there; another content does not."""
    directory = tmp_path / "roads"
    first = import_network(Wish(path=grid(3).write(tmp_path / "a.osm.pbf")), directory)
    (tmp_path / "b.osm.pbf").write_bytes((tmp_path / "a.osm.pbf").read_bytes())
    again = import_network(Wish(path=tmp_path / "b.osm.pbf"), directory)
    other = import_network(Wish(path=grid(4).write(tmp_path / "c.osm.pbf")), directory)
    assert not first.reused
    assert again.reused
    assert again.path == first.path
    assert other.path != first.path
    assert {kept.info.name for kept in kept_networks(directory)} == {"a", "c"}


def test_a_damaged_file_on_the_shelf_is_passed_over_then_built_again(tmp_path: Path) -> None:
    """Half a file is no network: the list skips it, the import replaces it."""
    wish = Wish(path=grid(3).write(tmp_path / "a.osm.pbf"))
    kept = import_network(wish, tmp_path / "roads")
    kept.path.write_bytes(kept.path.read_bytes()[:500])
    assert kept_networks(tmp_path / "roads") == ()
    with pytest.raises(InputError, match="introuvable ou illisible"):
        load_network(kept.path)
    assert not import_network(wish, tmp_path / "roads").reused
    assert read_info(kept.path) == kept.info


def test_removing_leaves_nothing(keep: Keep) -> None:
    """The file goes with everything remembered beside it."""
    kept = keep(grid(3))
    (kept.path.parent / f"{kept.info.key}-bike.pairs.npz").write_bytes(b"x")
    remove_network(kept)
    assert list(kept.path.parent.iterdir()) == []


def _file(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("vide.osm.pbf", b"", "est vide"),
        ("faux.osm.pbf", b"Ceci n'est pas une carte. " * 40, "est illisible"),
        ("faux.osm", b"<html><body>Page non trouv\xc3\xa9e</body></html>", "est illisible"),
        ("faux.osm.gz", b"\x1f\x8bpas du gzip", "est illisible"),
        ("tableau.xlsx", b"PK", "n’est pas un extrait OpenStreetMap"),
        ("rien.osm", b'<osm version="0.6"></osm>', "ne contient aucune route"),
    ],
)
def test_files_that_are_no_extract(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    """Each wrong file gets a sentence that names it and says what to do."""
    with pytest.raises(InputError, match=sentence) as refused:
        import_network(Wish(path=_file(tmp_path, name, content)), tmp_path / "roads")
    assert name in str(refused.value)
    assert kept_networks(tmp_path / "roads") == ()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_extract_is_refused(tmp_path: Path, share: float) -> None:
    """A download cut short never becomes a network with holes."""
    content = grid(20).write(tmp_path / "a.osm.pbf").read_bytes()
    cut = _file(tmp_path, "coupe.osm.pbf", content[: int(share * len(content))])
    with pytest.raises(InputError, match=r"coupe.osm.pbf.*(illisible|aucune route)"):
        import_network(Wish(path=cut), tmp_path / "roads")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is said so."""
    with pytest.raises(InputError, match=r"absent.osm.pbf.*n’existe pas"):
        import_network(Wish(path=tmp_path / "absent.osm.pbf"), tmp_path / "roads")


def test_a_file_without_any_road(tmp_path: Path) -> None:
    """Only a footpath closed to all: no network, and a sentence."""
    world = World()
    world.node(1, 0, 0)
    world.node(2, 100, 0)
    world.way([1, 2], "footway", access="private")
    with pytest.raises(InputError, match="aucune route"):
        import_network(Wish(path=world.write(tmp_path / "a.osm.pbf")), tmp_path / "roads")


def test_a_cancelled_import_keeps_nothing(tmp_path: Path) -> None:
    """Cancelling leaves no file behind."""
    stop = threading.Event()

    def tell(_share: float, what: str) -> None:
        if "carrefours" in what:
            stop.set()

    with pytest.raises(SolveCancelledError, match="annulé"):
        import_network(
            Wish(path=grid(5).write(tmp_path / "a.osm.pbf")),
            tmp_path / "roads",
            tell=tell,
            should_stop=stop.is_set,
        )
    assert kept_networks(tmp_path / "roads") == ()


def test_progress_only_grows(tmp_path: Path) -> None:
    """The bar never goes backwards, and ends full."""
    shares: list[float] = []
    import_network(
        Wish(path=grid(12).write(tmp_path / "a.osm.pbf")),
        tmp_path / "roads",
        tell=lambda share, _: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_bounds_tell_what_is_covered(keep: Keep) -> None:
    """A depot outside the extract is known before any computation."""
    kept: Kept = keep(grid(3))
    assert kept.info.covers(*place(200, 200))
    assert not kept.info.covers(*place(5_000, 200))
