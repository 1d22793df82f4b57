"""The letter in its three forms: nothing secret in any of them, nothing fetched from outside."""

import datetime as dt
import email
import io
import re
import zipfile
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from data.model import Letter, ListingSource, Side, Stream, Visibility
from optimization.programme.letter import (
    ANONYMOUS,
    Sources,
    for_reader,
    items,
    may_receive,
    why_not,
)
from pages.documents.letter_edition import Edition, letter_text
from pages.documents.letter_mail import letter_archive, letter_html, letter_message
from pages.documents.letter_sheet import letter_pdf
from tests.documents.letter_world import (
    COMMUNE,
    SENDER,
    TODAY,
    World,
    actor,
    listing,
    reader,
    worlds,
)


def parsed(message: bytes) -> EmailMessage:
    """Read a message back."""
    found = email.message_from_bytes(message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def everything(edition: Edition) -> str:
    """Return all that the message forms of an edition say."""
    message = parsed(letter_message(edition))
    parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
    return "\n".join(
        [*map(str, message.values()), *parts, letter_html(edition), letter_text(edition)]
    )


def pdf_text(edition: Edition) -> str:
    """Return the words of the PDF, without any blank."""
    pages = PdfReader(io.BytesIO(letter_pdf(edition))).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


def allowed(world: World, name: str) -> bool:
    """Say again, in other words than the gate, whether a listing may appear."""
    one = world.listings[name]
    owner = world.sources.actors.get(one.actor_id)
    return (
        one.in_letter
        and one.visibility in {Visibility.PUBLIC, Visibility.NETWORK}
        and owner is not None
        and owner.visibility in {Visibility.PUBLIC, Visibility.NETWORK}
        and one.listing_source is not ListingSource.GUESS
        and not (one.flow_id and one.flow_id in world.sources.secret_flows)
        and all(not day or dt.date.fromisoformat(day) >= TODAY
                for day in (one.expires_on, one.available_to))
    )  # fmt: skip


def secrets_of(world: World) -> list[str]:
    """List every word that must be in no edition."""
    hidden = [f"Contact-a-{name}" for name in world.listings]
    hidden += [f"Adresse-a-{name}" for name in world.listings]
    hidden += [f"Photo-{name}" for name in world.listings]
    hidden += ["annonce-disparue"]
    for name, one in world.listings.items():
        owner = world.sources.actors.get(one.actor_id)
        if owner is None or owner.visibility is not Visibility.PUBLIC:
            hidden.append(f"Nom-a-{name}")
        if not allowed(world, name):
            hidden += [f"{word}-{name}" for word in ("Mots", "Qualité", "Dit", "Rôle", "Nom-a")]
    return hidden


@given(worlds())
def test_nothing_secret_enters_a_message(world: World) -> None:
    """Confidential, expired, unconsented, guessed: no word of it is in any message form."""
    for who in (None, world.reader):
        edition = world.edition(who)
        said = everything(edition)
        for word in secrets_of(world):
            assert word not in said
        assert {one.listing_id for one in edition.items} <= {
            name for name in world.listings if allowed(world, name)
        }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_nothing_secret_enters_the_paper(world: World) -> None:
    """The PDF says no secret word either."""
    said = pdf_text(world.edition())
    for word in secrets_of(world):
        assert word not in said


@given(worlds())
def test_all_that_may_appear_does(world: World) -> None:
    """The gate refuses nothing else: the general edition has every listing that may appear."""
    found = {one.listing_id for one in world.edition().items}
    assert found == {name for name in world.listings if allowed(world, name)}


@given(worlds())
def test_numbers_survive_what_drops_out(world: World) -> None:
    """A listing has the same number in every edition, whatever is left out before it."""
    order = list(world.letter.listing_ids)
    general = {one.listing_id: one.number for one in world.edition().items}
    assert all(order[number - 1] == name for name, number in general.items())
    for one in world.edition(world.reader).items:
        assert general[one.listing_id] == one.number


@given(worlds())
def test_interests_and_radius(world: World) -> None:
    """A reader's edition holds only its streams, and all of them when it has no radius."""
    found = world.edition(world.reader).items
    wanted = world.reader.streams
    assert all(not wanted or one.stream is None or one.stream in wanted for one in found)
    anywhere = for_reader(
        world.edition().items, replace(world.reader, radius_km=None, streams=()), {}
    )
    assert anywhere == world.edition().items


def one_listing(**fields: object) -> World:
    """Return a letter of one listing."""
    one = listing("un", **fields)
    return World(
        listings={"un": one},
        sources=Sources(actors={"a-un": actor("a-un")}, resources={}, communes={"24037": COMMUNE}),
        letter=Letter(id="l", month="2026-11", listing_ids=("un",)),
        reader=reader(),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"in_letter": False}, "accord"),
        ({"visibility": Visibility.CONFIDENTIAL}, "confidentielle"),
        ({"visibility": Visibility.NETWORK}, ""),
        ({"expires_on": "2026-11-22"}, "expiration"),
        ({"expires_on": "2026-11-23"}, ""),
        ({"available_to": "2026-11-22"}, "disponible"),
        ({"listing_source": ListingSource.GUESS}, "hypothèse"),
    ],
)
def test_gate_says_why(fields: dict[str, object], reason: str) -> None:
    """Each refusal has its reason; the last day still counts."""
    world = one_listing(**fields)
    said = why_not(world.listings["un"], world.sources, TODAY)
    assert (reason in said) if reason else said == ""


def test_actor_of_the_network_is_not_named_nor_placed() -> None:
    """An actor that is not public agreed to the letter: its offer appears, at the town hall."""
    world = one_listing()
    sources = replace(world.sources, actors={"a-un": actor("a-un", Visibility.NETWORK)})
    found = items(["un"], world.listings, sources, TODAY)[0]
    assert found.actor == ANONYMOUS
    assert (found.lon, found.lat) == (COMMUNE.town_hall_lon, COMMUNE.town_hall_lat)


def test_radius_is_measured_from_the_town_hall() -> None:
    """Five kilometres away is out of a radius of one, and within one of twenty."""
    world = one_listing()
    found = world.edition().items
    assert for_reader(found, reader(radius_km=1.0), world.sources.communes) == ()
    assert for_reader(found, reader(radius_km=20.0), world.sources.communes) == found
    assert for_reader(found, reader(streams=(Stream.GLASS,)), world.sources.communes) == found


@pytest.mark.parametrize(
    ("fields", "receives"),
    [
        ({}, True),
        ({"consent_day": ""}, False),
        ({"consent_day": "2026-12-01"}, False),
        ({"unsubscribed_day": "2026-09-30"}, False),
    ],
)
def test_consent_decides(fields: dict[str, object], receives: bool) -> None:
    """No consent yet, or gone: no letter."""
    assert may_receive(reader(**fields), TODAY) is receives


class _Outside(HTMLParser):
    """Collects whatever a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note tags and attributes that load something, or run."""
        if tag in {"script", "img", "link", "iframe", "object", "style", "form", "input"}:
            self.found.append(tag)
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name.startswith("on") or name in {"src", "background", "srcset"}
            or (name == "style" and "url(" in (value or ""))
        ]  # fmt: skip


HOSTILE = "<img src=x onerror=alert(1)>\"'</td><script>alert(2)</script>"


def test_mail_fetches_nothing_and_runs_nothing() -> None:
    """Hostile words stay words: no tag, no handler, no picture, no style sheet."""
    world = one_listing(label=HOSTILE, quality=HOSTILE, description=HOSTILE, contact_role=HOSTILE)
    edition = replace(
        world.edition(),
        letter=replace(world.letter, title=HOSTILE, introduction=HOSTILE, how_to_answer=HOSTILE),
        sender=replace(SENDER, name=HOSTILE, reply='"><script>@x.fr', base="javascript:alert(1)"),
        reader=reader(consent_source=HOSTILE),
    )
    page = _Outside()
    page.feed(letter_html(edition))
    assert page.found == []
    assert "javascript:" not in letter_html(edition)
    assert HOSTILE in letter_text(edition)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_headers_cannot_be_injected(title: str, name: str, source: str) -> None:
    """Whatever is typed, a message has only our headers and reads back."""
    world = one_listing()
    edition = replace(
        world.edition(),
        letter=replace(world.letter, title=title),
        sender=replace(SENDER, name=name),
        reader=reader(name=f"{name}\r\nBcc: tous@exemple.fr", consent_source=source),
    )
    message = parsed(letter_message(edition))
    assert message["Bcc"] is None
    assert set(message.keys()) <= {
        "Subject", "From", "Reply-To", "To", "List-Unsubscribe", "List-Unsubscribe-Post",
        "X-Unsent", "MIME-Version", "Content-Type",
    }  # fmt: skip


def test_message_has_two_forms_and_a_way_out() -> None:
    """A message has text, then HTML, its reader alone in « À », and a link to leave."""
    message = parsed(letter_message(one_listing().edition(reader())))
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["To"].addresses[0].addr_spec == "accueil@menuiserie.example"
    assert "carto.exemple.fr/lettre/desinscription/jeton-du-lecteur" in message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["X-Unsent"] == "1"


def test_without_a_public_address_one_answers_to_leave() -> None:
    """No address of ours that could be reached: the mail says to answer « désinscription »."""
    edition = replace(one_listing().edition(reader()), sender=replace(SENDER, base=""))
    message = parsed(letter_message(edition))
    assert message["List-Unsubscribe"] == "<mailto:eit@exemple.fr?subject=desinscription>"
    assert "répondez « désinscription »" in letter_text(edition)


def test_same_edition_same_bytes() -> None:
    """Files do not depend on the clock or on chance."""
    edition = one_listing().edition(reader())
    for make in (letter_message, letter_pdf, lambda one: letter_archive([one])):
        assert make(edition) == make(edition)


def test_archive_skips_readers_with_nothing() -> None:
    """One message a reader; none for who has nothing of interest."""
    world = one_listing()
    far = reader(id="far", radius_km=1.0)
    archive = letter_archive(world.edition(one) for one in (reader(), far))
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["lettre-2026-11-001-menuiserie.eml"]


def test_plain_text_of_a_letter() -> None:
    """The text form reads well."""
    text = letter_text(one_listing(side=Side.NEED).edition()).replace("\u202f", " ")
    assert "1. " in text
    assert "Mots-un" in text
    assert "3 t par an · Qualité-un" in text
    assert "Nom-a-un · Bergerac · demander : Rôle-un" in text
