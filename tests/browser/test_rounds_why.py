"""Planners ask why: the proved minimum, a change on trial, a round kept and planned around."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_map_journeys import no_harm
from tests.browser.test_rounds_journeys import propose, wait_for_plan

COMPUTED_MS = 120_000
MINIMUM = re.compile(r"au-dessus du minimum possible|Optimal")
LEFT_OUT = re.compile(r"points? laissés? de côté")


def only_outlet(visitor: Visitor, name: str) -> None:
    """Choose one outlet, with the keyboard."""
    field = visitor.page.get_by_role("combobox", name=re.compile("^Exutoires|Exutoires$")).first
    field.click()
    for _ in range(4):
        field.press("Backspace")
    field.type(name)
    field.press("Enter")
    field.press("Escape")
    visitor.settle()


def wait_for_another_plan(page: Page) -> None:
    """Wait for the computation under way to end, and for its plan."""
    expect(page.get_by_role("button", name="Annuler le calcul")).to_be_hidden(timeout=COMPUTED_MS)
    wait_for_plan(page)


def test_bound_why_try_keep_and_plan_around(visitor: Visitor) -> None:
    """An outlet too small leaves stops out: why, a change tried and taken back, a round kept."""
    page = visitor.open("/tournees")
    page.get_by_role("button", name="Tout inclure").click()
    visitor.settle()
    only_outlet(visitor, "EHPAD")
    propose(page, "5 s")
    wait_for_plan(page)
    expect(page.get_by_text(MINIMUM).first).to_be_visible(timeout=COMPUTED_MS)
    expect(page.get_by_text("les seuls points desservis")).to_be_visible()
    expect(page.get_by_role("heading", name=LEFT_OUT)).to_be_visible()
    expect(page.get_by_text("Le plus petit changement").first).to_be_visible(timeout=COMPUTED_MS)

    page.get_by_role("button", name="Essayer ce changement").first.click()
    expect(page.get_by_text("À l’essai dans le formulaire")).to_be_visible()
    page.get_by_role("button", name="Proposer les tournées").click()
    wait_for_another_plan(page)
    expect(page.get_by_text("Comparer avec le plan d’avant")).to_be_visible()
    page.get_by_role("button", name="Reprendre ce changement").click()
    expect(page.get_by_text("À l’essai dans le formulaire")).to_be_hidden()

    page.locator("summary", has_text="Pourquoi ce plan").click()
    page.get_by_role("button", name="Chiffrer les règles").click()
    page.get_by_role("button", name="Arrêter là").click(timeout=COMPUTED_MS)
    expect(page.get_by_role("button", name="Chiffrer de nouveau")).to_be_visible(
        timeout=COMPUTED_MS
    )

    page.locator("summary", has_text="Garder, déplacer").click()
    page.get_by_text("Garder la tournée 1", exact=True).click()
    visitor.settle()
    page.get_by_role("button", name="Recalculer autour").click()
    expect(page.get_by_role("button", name="Annuler le calcul")).to_be_visible()
    wait_for_another_plan(page)
    expect(page.get_by_text("Garder la tournée 1", exact=True)).to_be_visible()
    expect(page.get_by_text("par vos choix sur le plan précédent")).to_be_visible()
    page.locator("summary", has_text="Comparer avec le plan d’avant").click()
    page.get_by_role("button", name="Revenir au plan d’avant").click()
    expect(page.get_by_text("par vos choix sur le plan précédent")).to_be_hidden()
    no_harm(visitor)
