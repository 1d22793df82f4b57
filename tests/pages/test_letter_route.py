"""Leaving the letter by its link: a GET only asks, a POST writes, once."""

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from data.model import Subscriber
from data.store import Store
from pages.routes import letter
from tests.pages.asgi import Answer, get
from tests.pages.data_visit import filled, store

__all__ = ["filled", "store"]

PATH = "/lettre/desinscription/"


@pytest.fixture
def reader(store: Store) -> Subscriber:
    """Return a reader of the demonstration who still gets the letter."""
    return next(one for one in store.list(Subscriber) if one.token and not one.unsubscribed_day)


@pytest.fixture
def app() -> Starlette:
    """Return the route as an application."""
    return Starlette(routes=letter.routes())


def post(app: ASGIApp, path: str) -> Answer:
    """Send one empty POST request."""

    async def posting(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "method": "POST"}, receive, send)

    return get(posting, path)


def test_asking_writes_nothing(app: Starlette, store: Store, reader: Subscriber) -> None:
    """Mail programs open links to check them: a GET shows a button and changes nothing."""
    answer = get(app, PATH + reader.token)
    assert answer.status == 200
    assert b'method="post"' in answer.body
    assert store.get(Subscriber, reader.id) == reader


def test_pressing_leaves_once(app: Starlette, store: Store, reader: Subscriber) -> None:
    """A POST notes the day; a second one changes nothing and says the same."""
    first, second = post(app, PATH + reader.token), post(app, PATH + reader.token)
    assert first.status == second.status == 200
    assert first.body == second.body
    left = store.get(Subscriber, reader.id)
    assert left.unsubscribed_day
    assert left.revision == reader.revision + 1
    assert "déjà fait" in get(app, PATH + reader.token).body.decode()


def test_pages_show_nothing_of_the_reader(app: Starlette, reader: Subscriber) -> None:
    """Whoever holds the link learns no name and no address; nothing is kept or framed."""
    for answer in (get(app, PATH + reader.token), post(app, PATH + reader.token)):
        said = answer.body.decode()
        assert reader.email not in said
        assert reader.name not in said
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["inconnu-inconnu", "court", "x" * 500, "<script>alert(1)"])
def test_unknown_link(app: Starlette, store: Store, token: str) -> None:
    """An unknown link says what to do instead, and writes nothing."""
    before = store.revision()
    for answer in (get(app, PATH + token), post(app, PATH + token)):
        assert answer.status == 404
        assert b"<script>" not in answer.body
    assert store.revision() == before
