"""Search a directory as people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import Actor
from geo.search import search_actors
from tests.geo.conftest import make_actor

PLACES = {"01000": "Eymet", "01001": "Sigoulès-et-Flaugeac"}
DIRECTORY = (
    make_actor(0, name="Le Bistrot du Temple", activity="Restaurant traditionnel"),
    make_actor(1, name="L'Attache Rapide", activity="Collecte de biodéchets à vélo"),
    make_actor(2, name="Menuiserie Éloi", competences=("Agencement", "Débit de bois")),
    make_actor(3, name="EHPAD La Madeleine", activity="Maison de retraite", commune="01001"),
    make_actor(4, name="Bois et Compagnie", activity="Négoce"),
)


def found(text: str) -> list[str]:
    """Names found, best first."""
    return [a.name for a in search_actors(DIRECTORY, text, PLACES)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bistrot", "Le Bistrot du Temple"),
        ("BISTROT TEMPLE", "Le Bistrot du Temple"),
        ("bistort", "Le Bistrot du Temple"),
        ("restaurnt", "Le Bistrot du Temple"),
        ("eloi", "Menuiserie Éloi"),
        ("Ménuiserie", "Menuiserie Éloi"),
        ("biodechet", "L'Attache Rapide"),
        ("l’attache", "L'Attache Rapide"),
        ("velo", "L'Attache Rapide"),
        ("madel", "EHPAD La Madeleine"),
        ("sigoules", "EHPAD La Madeleine"),
        ("agencemen", "Menuiserie Éloi"),
        ("déchets", "L'Attache Rapide"),
    ],
)
def test_accents_typos_and_beginnings(text: str, first: str) -> None:
    """Accents, case, a typo, an apostrophe or an unfinished word do not prevent finding."""
    assert found(text)[0] == first


def test_a_name_comes_before_a_skill() -> None:
    """The one called « bois » comes before the one who cuts it."""
    assert found("bois") == ["Bois et Compagnie", "Menuiserie Éloi"]


def test_every_word_must_be_there() -> None:
    """More words narrow the answer, whichever field each is in."""
    assert found("ehpad sigoules") == ["EHPAD La Madeleine"]
    assert found("ehpad eymet") == []


def test_nothing_like_it() -> None:
    """A word that resembles nothing finds nothing; punctuation alone neither."""
    assert found("zzzz") == []
    assert found("?!") == []


def test_a_blank_text_finds_everyone() -> None:
    """No text is no filter."""
    assert search_actors(DIRECTORY, "  ", PLACES) == DIRECTORY


def test_another_directory_is_not_answered_from_the_latest() -> None:
    """Changing the directory changes the answer, even with equal names."""
    other = (make_actor(8, name="Bistrot d'ailleurs"),)
    assert found("bistrot") == ["Le Bistrot du Temple"]
    assert search_actors(other, "bistrot") == other
    assert found("bistrot") == ["Le Bistrot du Temple"]


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    """Whatever is typed gives actors of the directory, each at most once."""
    answer = search_actors(DIRECTORY, text, PLACES)
    assert len({a.id for a in answer}) == len(answer)
    assert set(answer) <= set(DIRECTORY)


@given(st.sampled_from(DIRECTORY))
def test_a_whole_name_finds_its_actor_first(actor: Actor) -> None:
    """Typing a name in full always puts that actor first."""
    assert search_actors(DIRECTORY, actor.name, PLACES)[0] is actor
