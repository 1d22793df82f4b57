"""Maps need nothing from the internet, and carry user text without running it."""

import json
import re
from typing import Any

import pytest
import streamlit_folium
from starlette.applications import Starlette

from data.settings import read_settings
from geo.territory import read_territory
from pages.routes import all_routes
from pages.ui import maps
from tests.pages.asgi import get

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 'hi' }} _feature_group_0 alert(coords);"
TERRITORY = read_territory(read_settings().territory_path)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Draw a map whose payload is hostile; return what the browser would receive."""
    received: dict[str, Any] = {}
    monkeypatch.setattr(streamlit_folium, "_component_func", received.update)
    maps.show_map(
        "test", TERRITORY, maps.Content({"name": HOSTILE, "actors": []}), theme="light", height=400
    )
    return received


def test_every_script_and_style_is_ours(sent: dict[str, Any]) -> None:
    """Each link of the map is a path of this server, and answers."""
    app = Starlette(routes=all_routes())
    links = [*sent["js_links"], *sent["css_links"]]
    assert len(links) >= 8
    for link in links:
        assert link.startswith("/")
        assert get(app, link).status == 200, link


def test_nothing_else_comes_from_outside(sent: dict[str, Any]) -> None:
    """The only addresses in the whole page are those of the tiles on offer."""
    text = "\n".join(str(sent[part]) for part in ("script", "header", "html", "feature_group"))
    tiles = {re.sub(r"[?].*", "", str(tile["url"])) for tile in maps.TILES}
    found = {re.sub(r"[?\\].*", "", url) for url in re.findall(r"https?://[^\s\"'<>]+", text)}
    assert found == tiles


def test_whole_html_page_is_offline_too() -> None:
    """A map saved as a file by folium names no content delivery network either."""
    html = maps.base_map(TERRITORY).get_root().render()
    for host in ("cdn", "jsdelivr", "cloudflare", "unpkg", "googleapis", "bootstrap"):
        assert host not in html


def test_tiles_name_their_producer() -> None:
    """IGN and OpenStreetMap are attributed in the words their licences ask for."""
    assert [tile["attribution"] for tile in maps.TILES] == [
        "© IGN",
        "© les contributeurs d’OpenStreetMap",
    ]


def test_background_names_its_producers_and_dates() -> None:
    """The vector background says IGN and INSEE, with their vintages."""
    text = maps.attribution(TERRITORY)
    assert "IGN" in text
    assert TERRITORY.population_vintage in text
    assert TERRITORY.boundary_vintage in text


def test_user_text_stays_a_string(sent: dict[str, Any]) -> None:
    """A hostile name closes no element, and comes out of the script as it went in."""
    group = sent["feature_group"]
    assert "<" not in group
    literal = re.search(r'"name":("(?:[^"\\]|\\.)*")', group)
    assert literal is not None
    assert json.loads(literal.group(1)) == HOSTILE


def test_no_pan_or_zoom_is_reported(sent: dict[str, Any]) -> None:
    """Nothing is returned by itself: only our own click message reruns the page."""
    assert sent["returned_objects"] == []


def test_map_without_territory() -> None:
    """With no territory the map is still there, empty, with tiles on offer."""
    html = maps.base_map(None).get_root().render()
    assert "cartoflux.start" in html
    assert "/territory/" not in html


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"id": "a", "click": "1"}, "a"),
        ({"id": 3}, None),
        ({}, None),
        (None, None),
        ("a", None),
    ],
)
def test_only_our_own_message_is_a_click(answer: object, expected: str | None) -> None:
    """Whatever else the browser may send is ignored."""
    assert maps._clicked(answer) == expected
