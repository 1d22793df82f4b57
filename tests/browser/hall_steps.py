"""What several journeys begin with: a workshop prepared, and opened to the phones."""

from contextlib import suppress

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

_TRIES = 4
_PATIENCE_MS = 15_000


def prepare_workshop(desk: Visitor, name: str) -> str:
    """Prepare a workshop from the list and open it; return its code.

    On a loaded machine a press may fall while the page is drawn again: a person presses again.
    """
    page = desk.open("/atelier")
    form = page.get_by_text("Préparer un atelier", exact=True)
    field = page.get_by_label("Nom de l’atelier")
    doors = page.get_by_role("button", name="Ouvrir aux téléphones")
    for _ in range(_TRIES):
        form.wait_for()
        if not field.is_visible():
            form.click()
        field.fill(name)
        desk.settle()
        page.get_by_role("button", name="Préparer cet atelier").click()
        with suppress(PlaywrightTimeoutError):
            doors.wait_for(timeout=_PATIENCE_MS)
            break
    code = page.locator(".cf-door-code")
    for _ in range(_TRIES):
        if doors.is_visible():
            doors.click()
        with suppress(PlaywrightTimeoutError):
            code.wait_for(timeout=_PATIENCE_MS)
            break
    expect(code).to_be_visible()
    return code.inner_text()
