"""The Lettre page in a real Chromium, offline: preview, files, and the way out by the link."""

import email
import email.message
import io
import zipfile
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import WAIT_MS, Server, Visitor, run_server, visit


def no_harm(visitor: Visitor) -> None:
    """Check that nothing broke in the page and nothing was asked from outside."""
    assert visitor.errors == []
    assert visitor.outside == []


@pytest.mark.parametrize(
    ("name", "start", "ending"),
    [
        ("PDF", b"%PDF", ".pdf"),
        ("Message (.eml)", b"Subject:", ".eml"),
        ("HTML", b"<!DOCTYPE html>", ".html"),
        ("Texte", b"\xef\xbb\xbf", ".txt"),
    ],
)
def test_files_of_an_edition(visitor: Visitor, name: str, start: bytes, ending: str) -> None:
    """Each form of the letter downloads under a good name."""
    page = visitor.open("/lettre")
    expect(page.locator(".st-key-letter-mail")).to_contain_text("Dans cette lettre")
    with page.expect_download(timeout=WAIT_MS) as coming:
        page.locator(".st-key-letter-files").get_by_role("button", name=name, exact=True).click()
    assert coming.value.suggested_filename == f"lettre-2026-11{ending}"
    assert Path(coming.value.path()).read_bytes().startswith(start)
    no_harm(visitor)


def test_preview_follows_the_words(visitor: Visitor) -> None:
    """What is typed shows in the preview at once, hostile words as words."""
    page = visitor.open("/lettre")
    area = page.get_by_role("textbox", name="Introduction")
    area.fill('<img src=x onerror="window.hurt=1"> Bonjour à tous')
    area.press("Control+Enter")
    mail = page.locator(".st-key-letter-mail")
    expect(mail.get_by_text("Bonjour à tous")).to_be_visible()
    assert page.evaluate("window.hurt") is None
    assert mail.locator("img").count() == 0
    no_harm(visitor)


def test_mail_reads_on_a_phone_without_internet(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    """The message's HTML, opened alone on a phone, asks nothing and does not run off the side."""
    with visit(chromium, server.url) as desk:
        page = desk.open("/lettre")
        with page.expect_download(timeout=WAIT_MS) as coming:
            page.locator(".st-key-letter-files").get_by_role("button", name="HTML").click()
        coming.value.save_as(tmp_path / "lettre.html")
    context = chromium.new_context(viewport={"width": 390, "height": 800}, offline=True)
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "lettre.html").as_uri())
        expect(page.get_by_role("heading", name="Comment répondre")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [url for url in asked if not url.startswith("file:")] == []
    finally:
        context.close()


def test_phone(chromium: Browser, server: Server) -> None:
    """On a phone the page does not run off the side."""
    with visit(chromium, server.url, width=390, height=800) as phone:
        page = phone.open("/lettre")
        expect(page.locator(".st-key-letter-mail")).to_contain_text("Dans cette lettre")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("document.documentElement.clientWidth")
        no_harm(phone)


def test_reader_leaves_by_the_link(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Sender set, archive taken, the link of one message followed: the next archive has no more."""
    with (
        run_server(tmp_path_factory.mktemp("letter")) as server,
        visit(chromium, server.url) as desk,
    ):
        page = desk.open("/lettre?rubrique=Abonnements")
        page.get_by_text("Expéditeur", exact=True).click()
        page.get_by_role("textbox", name="Adresse de réponse").fill("eit@exemple.fr")
        page.get_by_role("textbox", name="Adresse publique de ce Cartoflux").fill(server.url)
        page.locator(".st-key-letter-sender-save button").click()
        expect(page.get_by_text("L’expéditeur est enregistré.").first).to_be_visible()
        messages = archive(desk)
        club = next(one for one in messages if "club" in str(one["To"]))
        link = next(
            part.strip("<> ") for part in str(club["List-Unsubscribe"]).split(",") if "http" in part
        )
        page.goto(link)
        page.get_by_role("button", name="Me désinscrire").click()
        expect(page.get_by_role("heading", name="C’est fait")).to_be_visible()
        after = archive(desk)
        assert len(after) == len(messages) - 1
        assert not [one for one in after if "club" in str(one["To"])]
        no_harm(desk)


def archive(desk: Visitor) -> list[email.message.EmailMessage]:
    """Take one message a reader away, and read them."""
    page = desk.open("/lettre")
    with page.expect_download(timeout=WAIT_MS) as coming:
        page.get_by_role("button", name="Un message par abonné·e").click()
    content = Path(coming.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return [
            email.message_from_bytes(held.read(name), policy=policy.default)
            for name in held.namelist()
        ]
