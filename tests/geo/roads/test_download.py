"""Fetching an extract from a site organised like Geofabrik's."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from data.errors import InputError, SolveCancelledError
from geo.roads.download import download_region
from geo.roads.regions import region_of

CONTENT = bytes(range(256)) * 8_000


class Site:
    """A small site; its attributes change what it answers.

    Attributes:
        asked: method, path and range of each request.
        lie: publish the checksum of something else.
        cut: close the connection after so many bytes of the extract.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.lie = False
        self.cut = 0
        self.resumes = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Serve the extract and its checksum."""
        wanted = request.headers.get("Range", "")
        self.asked.append((request.path, wanted))
        if request.path == "/europe/petit-latest.osm.pbf.md5":
            body = hashlib.md5(b"other" if self.lie else CONTENT).hexdigest().encode()  # noqa: S324
            self._send(request, 200, body + b"  petit-latest.osm.pbf\n")
        elif request.path == "/europe/petit-latest.osm.pbf":
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            if start >= len(CONTENT):
                self._send(request, 416, b"")
            elif wanted and self.resumes:
                self._send(request, 206, CONTENT[start:])
            else:
                self._send(request, 200, CONTENT)
        else:
            self._send(request, 404, b"")

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: self.cut] if self.cut and len(body) > 100 else body)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that runs for the time of a test."""
    one = Site()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


def test_an_extract_is_fetched_checked_and_not_fetched_twice(site: Site, tmp_path: Path) -> None:
    """The file is whole, the bar ends full, and the second time only the checksum is asked."""
    shares: list[float] = []
    path = download_region(
        "europe/petit", tmp_path, server=site.url, tell=lambda share, _: shares.append(share)
    )
    assert path.read_bytes() == CONTENT
    assert shares[-1] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["petit-latest.osm.pbf"]
    site.asked.clear()
    download_region("europe/petit", tmp_path, server=site.url)
    assert [path for path, _ in site.asked] == ["/europe/petit-latest.osm.pbf.md5"]


def test_an_interrupted_download_resumes(site: Site, tmp_path: Path) -> None:
    """What was received is kept; the next request asks for the rest only."""
    site.cut = 700_000
    with pytest.raises(InputError):
        download_region("europe/petit", tmp_path, server=site.url)
    (part,) = tmp_path.iterdir()
    have = part.stat().st_size
    assert 0 < have < len(CONTENT)
    site.cut = 0
    path = download_region("europe/petit", tmp_path, server=site.url)
    assert site.asked[-1] == ("/europe/petit-latest.osm.pbf", f"bytes={have}-")
    assert path.read_bytes() == CONTENT


def test_a_cancelled_download_can_be_resumed(site: Site, tmp_path: Path) -> None:
    """Cancelling stops between two blocks and loses nothing of what was received."""
    seen: list[float] = []
    with pytest.raises(SolveCancelledError):
        download_region(
            "europe/petit",
            tmp_path,
            server=site.url,
            tell=lambda share, _: seen.append(share),
            should_stop=lambda: len(seen) > 2,
        )
    (part,) = tmp_path.iterdir()
    assert 0 < part.stat().st_size < len(CONTENT)
    assert download_region("europe/petit", tmp_path, server=site.url).read_bytes() == CONTENT


def test_a_site_that_cannot_resume_sends_all_again(site: Site, tmp_path: Path) -> None:
    """A full answer to a request for the rest replaces what was there."""
    md5 = hashlib.md5(CONTENT).hexdigest()  # noqa: S324
    (tmp_path / f"petit-latest.osm.pbf.{md5}.part").write_bytes(b"x" * 1000)
    site.resumes = False
    assert download_region("europe/petit", tmp_path, server=site.url).read_bytes() == CONTENT


def test_a_bad_checksum_is_refused_and_forgotten(site: Site, tmp_path: Path) -> None:
    """A damaged extract is never kept, nor half of it."""
    site.lie = True
    with pytest.raises(InputError, match="somme de contrôle différente"):
        download_region("europe/petit", tmp_path, server=site.url)
    assert list(tmp_path.iterdir()) == []


def test_a_complete_part_is_only_checked(site: Site, tmp_path: Path) -> None:
    """A stop between the last byte and the check costs nothing."""
    md5 = hashlib.md5(CONTENT).hexdigest()  # noqa: S324
    (tmp_path / f"petit-latest.osm.pbf.{md5}.part").write_bytes(CONTENT)
    assert download_region("europe/petit", tmp_path, server=site.url).read_bytes() == CONTENT


def test_no_such_region(site: Site, tmp_path: Path) -> None:
    """A misspelt region is named."""
    with pytest.raises(InputError, match="europe/atlantide"):
        download_region("europe/atlantide", tmp_path, server=site.url)


@pytest.mark.parametrize("region", ["../secret", "Europe", "", "a b", "http://x"])
def test_what_is_no_region_is_never_asked(site: Site, tmp_path: Path, region: str) -> None:
    """Only plain names reach the network."""
    with pytest.raises(InputError, match="Geofabrik"):
        download_region(region, tmp_path, server=site.url)
    assert site.asked == []


def test_without_internet(tmp_path: Path) -> None:
    """The sentence says how to do without: fetch the file elsewhere, and import it."""
    with pytest.raises(InputError, match=r"pas d’accès à Internet.*importez le fichier"):
        download_region("europe/petit", tmp_path, server="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("codes", "region"),
    [
        (["24037", "24001", "33001"], "europe/france/aquitaine"),
        (["97411"], "europe/france/reunion"),
        (["2A004"], "europe/france/corse"),
        (["38185", "73065"], "europe/france/rhone-alpes"),
    ],
)
def test_the_region_of_a_territory(codes: list[str], region: str) -> None:
    """The extract proposed is the one that holds most communes."""
    assert region_of(codes) == region


def test_a_territory_of_nowhere() -> None:
    """Codes of no department: the person is asked for the region."""
    with pytest.raises(InputError, match="indiquez-la"):
        region_of(["99999"])
