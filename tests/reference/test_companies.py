"""Companies recognised by name: linked when there is no doubt, suggested otherwise."""

import pytest

from data.companies import Companies
from data.model import Visibility
from tests.store.samples import actor

ACTORS = (
    actor("chai", name="Chai du Barail"),
    actor("menuiserie", name="SARL Menuiserie Élan (exemple)"),
    actor("dupont-a", name="SARL Dupont"),
    actor("dupont-b", name="EARL Dupont"),
    actor("twin-a", name="La Grange"),
    actor("twin-b", name="La Grange"),
    actor("secret", name="Chaiserie secrète", visibility=Visibility.CONFIDENTIAL),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Chai du Barail", "chai"),
        ("  chai du  BARAIL ", "chai"),
        ("menuiserie elan", "menuiserie"),
        ("SARL Menuiserie Élan", "menuiserie"),
        ("EARL Menuiserie Élan", None),
        ("Chai du Baril", None),
        ("Chai", None),
        ("Dupont", None),
        ("sarl dupont", "dupont-a"),
        ("La Grange", None),
        ("Inconnue", None),
        ("…", None),
        ("", None),
    ],
)
def test_recognised_only_without_a_doubt(typed: str, found: str | None) -> None:
    """Case, accents and a legal form left out are forgiven; a doubt is never resolved."""
    assert Companies(ACTORS).recognise(typed) == found


def test_a_choice_counts_when_it_bears_the_name() -> None:
    """Of two namesakes the one picked is kept; an id that bears another name is not believed."""
    companies = Companies(ACTORS)
    assert companies.recognise("La Grange", "twin-b") == "twin-b"
    assert companies.recognise("La Grange", "chai") is None


def test_suggestions_are_public_and_forgiving() -> None:
    """What begins so comes first, a slip is forgiven, a confidential name never shows."""
    companies = Companies(ACTORS)
    assert [a.id for a in companies.suggest("chai")] == ["chai"]
    assert [a.id for a in companies.suggest("barail")] == ["chai"]
    assert companies.suggest("menuisrie")[0].id == "menuiserie"
    assert companies.suggest("") == companies.suggest("zzzzzz") == ()
    assert len(companies.suggest("a", limit=2)) <= 2
