"""An OSRM server as a source of distances, against a small server that speaks its format."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from data.errors import InputError
from data.model import TravelMode
from geo.travel import TravelSource, osrm
from geo.travel.osrm import BLOCK, OsrmTravel
from geo.travel.source import UNREACHABLE

Place = tuple[float, float]
BIKE, VAN = TravelMode.BIKE, TravelMode.VAN


class Server:
    """Distances of 100 km a degree, 10 m/s; counts what it is asked.

    Attributes:
        island: places east of this longitude are cut off.
        broken: answer this instead, with this status.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.cells = 0
        self.island = math.inf
        self.broken: tuple[int, bytes] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                status, body = outer.broken or (200, json.dumps(outer.answer(self.path)).encode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> dict[str, object]:
        """Answer « table » and « route » as documented."""
        parts = urlsplit(path)
        *_, service, version, _profile, text = parts.path.split("/")
        assert version == "v1"
        places = [tuple(map(float, one.split(","))) for one in text.split(";")]
        query = parse_qs(parts.query)
        if service == "route":
            (x1, y1), (x2, y2) = places
            line = [[x1, y1], [x2, y1], [x2, y2]]
            geometry = {"type": "LineString", "coordinates": line}
            return {"code": "Ok", "routes": [{"geometry": geometry}]}
        assert len(places) <= 2 * BLOCK
        sources, targets = (
            [places[int(i)] for i in query[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        self.cells += len(sources) * len(targets)
        metres = [[self._metres(a, b) for b in targets] for a in sources]
        seconds = [[None if m is None else m / 10 for m in row] for row in metres]
        return {"code": "Ok", "distances": metres, "durations": seconds}

    def _metres(self, a: tuple[float, ...], b: tuple[float, ...]) -> float | None:
        if (a[0] > self.island) != (b[0] > self.island):
            return None
        return 100_000 * (abs(a[0] - b[0]) + abs(a[1] - b[1]))


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs for the time of a test."""
    one = Server()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


def _places(count: int) -> list[Place]:
    return [(round(0.4 + 0.001 * i, 6), round(44.8 + 0.0005 * (i % 7), 6)) for i in range(count)]


def test_a_large_table_is_asked_in_blocks(server: Server) -> None:
    """120 places are more than a server takes at once; the whole is put together."""
    source: TravelSource = OsrmTravel(url=server.url, margin=0.05)
    places = _places(120)
    matrix = source.matrix(places, VAN, 30)
    lonlat = np.array(places)
    expected = 100_000 * np.abs(lonlat[:, None] - lonlat).sum(axis=2)
    np.testing.assert_allclose(matrix.distance_m, expected, atol=0.6)
    np.testing.assert_allclose(matrix.duration_s, expected / 10, atol=0.6)
    assert len(server.paths) == 9
    assert all("/table/v1/driving/" in path for path in server.paths)


def test_a_stop_added_costs_one_row_and_one_column(server: Server) -> None:
    """What was asked before is not asked again."""
    source = OsrmTravel(url=server.url, margin=0.05)
    source.matrix(_places(40), VAN, 30)
    server.cells = 0
    source.matrix(_places(41), VAN, 30)
    assert server.cells == 41 + 40
    source.matrix(_places(41)[::-1], VAN, 60)
    assert server.cells == 81


def test_bikes(server: Server) -> None:
    """A server with both profiles gives bike times, scaled; a car server gives distances only."""
    places = _places(3)
    both = OsrmTravel(url=f"{server.url}/routed-{{mode}}", margin=0.05)
    slow, fast = (both.matrix(places, BIKE, speed).duration_s for speed in (7.5, 15))
    np.testing.assert_allclose(slow, 2 * fast, atol=1)
    assert server.paths[-1].startswith("/routed-bike/table/v1/bike/")
    cars = OsrmTravel(url=server.url, margin=0.05).matrix(places, BIKE, 18)
    np.testing.assert_allclose(cars.duration_s, cars.distance_m / 5, atol=1)


def test_an_island(server: Server) -> None:
    """Places without a way are unreachable, both ways; the others are not touched."""
    server.island = 0.4015
    matrix = OsrmTravel(url=server.url, margin=0.05).matrix(_places(4), VAN, 30)
    assert matrix.distance_m[0, 3] == matrix.duration_s[3, 0] == UNREACHABLE
    assert matrix.distance_m[0, 1] < UNREACHABLE
    assert (np.diag(matrix.distance_m) == 0).all()


def test_the_line_follows_the_server(server: Server) -> None:
    """Legs are the server's, asked once."""
    source = OsrmTravel(url=server.url, margin=0.05)
    a, b = (0.4, 44.8), (0.5, 44.9)
    assert source.leg(a, b, VAN) == [a, a, (0.5, 44.8), b, b]
    source.leg(a, b, VAN)
    assert len(server.paths) == 1


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (400, b'{"code": "TooBig", "message": "x"}', "refuse la demande.*TooBig"),
        (400, b'{"code": "InvalidUrl"}', "InvalidUrl"),
        (500, b"<html>", "ne répond pas"),
        (200, b"[]", "refuse"),
        (200, b'{"code": "Ok", "durations": [[0]]}', "5.20"),
        (200, b'{"code": "Ok", "durations": [[0]], "distances": [["x"]]}', "5.20"),
    ],
)
def test_answers_that_help_nobody(server: Server, status: int, body: bytes, sentence: str) -> None:
    """Whatever the server says, people read a sentence; nothing wrong is remembered."""
    source = OsrmTravel(url=server.url, margin=0.05)
    server.broken = (status, body)
    with pytest.raises(InputError, match=sentence):
        source.matrix(_places(3), VAN, 30)
    server.broken = None
    assert source.matrix(_places(3), VAN, 30).distance_m[0, 1] > 0


def test_no_way_at_all(server: Server) -> None:
    """« NoTable » means that nothing is joined to anything."""
    server.broken = (400, b'{"code": "NoTable"}')
    matrix = OsrmTravel(url=server.url, margin=0.05).matrix(_places(2), VAN, 30)
    assert matrix.distance_m.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]


def test_a_server_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: a sentence for the matrix, a straight line for the drawing."""
    monkeypatch.setattr(osrm, "TIMEOUT_S", 1)
    source = OsrmTravel(url="http://127.0.0.1:9", margin=0.05)
    with pytest.raises(InputError, match="ne répond pas"):
        source.matrix(_places(2), VAN, 30)
    a, b = _places(2)
    assert source.leg(a, b, VAN) == [a, b]


def test_an_address_that_is_none() -> None:
    """Only web addresses are asked."""
    with pytest.raises(InputError, match="http://"):
        OsrmTravel(url="file:///etc/passwd", margin=0.05).matrix(_places(2), VAN, 30)


def test_small_questions_and_the_name(server: Server) -> None:
    """No place asks nothing; the name says the host and the margin."""
    source = OsrmTravel(url=server.url, margin=0.05)
    assert source.matrix([], VAN, 30).distance_m.shape == (0, 0)
    assert server.paths == []
    assert source.name == "Serveur OSRM 127.0.0.1 (±\u202f5\u202f%)"
