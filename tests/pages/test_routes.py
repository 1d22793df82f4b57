"""The plain routes: assets from this server, the background, health, the French shell."""

import json
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from data.model import Territory
from data.settings import read_settings
from geo.territory import read_territory
from pages.routes import all_routes, assets, health
from pages.routes.background import publish
from pages.routes.shell import FrenchShell
from tests.pages.asgi import get


@pytest.fixture(scope="module")
def app() -> Starlette:
    """Return our routes as an application."""
    return Starlette(routes=all_routes())


@pytest.fixture(scope="module")
def territory() -> Territory:
    """Return the territory that ships with the project."""
    return read_territory(read_settings().territory_path)


@pytest.mark.parametrize(
    ("folder", "path", "kind"),
    [
        ("leaflet", "leaflet.js", "javascript"),
        ("leaflet", "leaflet.css", "text/css"),
        ("leaflet", "images/layers.png", "image/png"),
        ("jquery", "jquery.min.js", "javascript"),
        ("markercluster", "leaflet.markercluster.js", "javascript"),
        ("fontawesome", "css/solid.min.css", "text/css"),
        ("fontawesome", "webfonts/fa-solid-900.woff2", "font/woff2"),
        ("cartoflux", "map.js", "javascript"),
        ("cartoflux", "map.css", "text/css"),
    ],
)
def test_asset_has_right_type_and_long_cache(
    app: Starlette, folder: str, path: str, kind: str
) -> None:
    """Each file the map needs comes from here, with its type, to be kept for a year."""
    answer = get(app, assets.url(folder, path))
    assert answer.status == 200
    assert kind in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.body) > 100


def test_asset_address_holds_a_version() -> None:
    """A new version has a new address, or browsers would keep the old file for a year."""
    assert assets.url("leaflet", "leaflet.js").split("/")[3][0].isdigit()
    assert len(assets.url("cartoflux", "map.js").split("/")[3]) == 10


def test_unknown_asset_is_refused() -> None:
    """A missing file is found out when the page is built, not by a blank map."""
    with pytest.raises(FileNotFoundError):
        assets.url("leaflet", "nothing.js")


def test_nothing_above_the_folder_is_served(app: Starlette) -> None:
    """A path that climbs out of the folder finds nothing."""
    root = assets.url("cartoflux", "map.js").removesuffix("map.js")
    assert get(app, root + "../frame.py").status == 404


def test_background_is_served_where_it_says(app: Starlette, territory: Territory) -> None:
    """The published background is a script with every commune, every EPCI and their names."""
    background = publish(territory)
    answer = get(app, background.url)
    assert answer.status == 200
    assert "javascript" in answer.headers["content-type"]
    prefix = b"window.cartofluxTerritory="
    assert answer.body.startswith(prefix)
    payload = json.loads(answer.body.removeprefix(prefix).rstrip(b";"))
    assert len(payload["communes"]) == len(payload["towns"]) == len(territory.communes)
    assert len(payload["epcis"]) == len(territory.epcis)
    assert {town["name"] for town in payload["towns"]} == {c.name for c in territory.communes}
    south, west, north, east = background.bounds
    assert all(south <= c.town_hall_lat <= north for c in territory.communes)
    assert all(west <= c.town_hall_lon <= east for c in territory.communes)


def test_unknown_background_is_not_found(app: Starlette) -> None:
    """An address from another territory is a plain 404."""
    assert get(app, "/territory/0123456789ab/background.js").status == 404


def test_health_says_ok(app: Starlette) -> None:
    """The health route opens the store and gives its revision."""
    answer = get(app, "/health")
    payload = json.loads(answer.body)
    assert answer.status == 200
    assert payload["status"] == "ok"
    assert payload["store"] is True
    assert payload["revision"] > 0
    assert payload["version"] == health.VERSION


def test_health_says_when_the_store_is_down(
    app: Starlette, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A store that cannot be opened gives 503 and no detail of ours."""
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("CARTOFLUX_VAR", str(tmp_path / "file"))
    answer = get(app, "/health")
    assert answer.status == 503
    assert json.loads(answer.body)["status"] == "error"
    assert str(tmp_path).encode() not in answer.body


def test_no_route_collides_with_streamlit() -> None:
    """``st.App`` refuses reserved prefixes: it accepts all of ours."""
    st.App("pages/frame.py", routes=all_routes())


@pytest.fixture(scope="module")
def shell() -> Starlette:
    """Return Streamlit's own HTML page behind our middleware."""
    static = Path(st.__file__).parent / "static"
    app = Starlette(middleware=[Middleware(FrenchShell)])
    app.routes.append(Route("/text", lambda _request: PlainTextResponse('<html lang="en">')))
    app.mount("/component/map", StaticFiles(directory=static, html=True))
    app.mount("/", StaticFiles(directory=static, html=True))
    return app


def test_page_speaks_french(shell: Starlette) -> None:
    """The page says it is in French, has our title, a skip link and the icons."""
    answer = get(shell, "/", accept="text/html", accept_encoding="gzip")
    page = answer.body.decode()
    assert '<html lang="fr">' in page
    assert "<title>Cartoflux</title>" in page
    assert "Activez JavaScript" in page
    assert 'href="#contenu"' in page
    assert assets.url("fontawesome", "css/solid.min.css") in page
    assert assets.url("cartoflux", "french.js") in page
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert "etag" not in answer.headers


def test_everything_else_is_untouched(shell: Starlette) -> None:
    """A script, or a text that merely looks like a page, comes through as it is."""
    assert get(shell, "/text", accept="text/html").body == b'<html lang="en">'
    assert b"contenu" not in get(shell, "/component/map/index.html", accept="text/html").body
    icon = get(shell, "/favicon.png", accept="image/png")
    assert icon.body == (Path(st.__file__).parent / "static" / "favicon.png").read_bytes()
