"""Selections: filters, and the address bar."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import (
    ActorKind,
    College,
    Direction,
    Flow,
    Resource,
    ResourceFamily,
    Stream,
    Territory,
)
from data.nomenclature import Nomenclature
from geo.layers import Measure
from geo.select import QUERY_KEYS, Selection, View
from tests.geo.conftest import make_actor

NOMENCLATURE = Nomenclature(
    (
        Resource(id="pallets", family=ResourceFamily.WASTE, stream=Stream.WOOD, name="Palettes"),
        Resource(id="peel", family=ResourceFamily.WASTE, stream=Stream.BIOWASTE, name="Épluchures"),
        Resource(id="hall", family=ResourceFamily.SPACE, stream=Stream.SHARED_MEANS, name="Salle"),
    )
)
ACTORS = (
    make_actor(0, name="Scierie", kind=ActorKind.COMPANY, commune="01000"),
    make_actor(
        1, name="Cantine", kind=ActorKind.PUBLIC_BODY, college=College.PUBLIC, commune="01001"
    ),
    make_actor(2, name="Jardin", kind=ActorKind.SSE, commune="01002"),
    make_actor(3, name="Ferme", kind=ActorKind.FARM, commune="01003"),
)


def flow(number: int, actor: int, resource: str, direction: Direction) -> Flow:
    """Make a flow."""
    return Flow(
        id=f"f{number}", actor_id=f"a{actor:04d}", direction=direction, resource_id=resource
    )


FLOWS = (
    flow(0, 0, "pallets", Direction.OUT),
    flow(1, 1, "peel", Direction.OUT),
    flow(2, 2, "peel", Direction.IN),
    flow(3, 2, "pallets", Direction.IN),
    flow(4, 1, "hall", Direction.OUT),
)


@pytest.mark.parametrize(
    ("selection", "actors", "flows"),
    [
        (Selection(), "0123", "01234"),
        (Selection(epci="111111111"), "01", "014"),
        (Selection(commune="01002"), "2", "23"),
        (Selection(epci="111111111", commune="01002"), "", ""),
        (Selection(kinds=frozenset({ActorKind.FARM, ActorKind.SSE})), "23", "23"),
        (Selection(colleges=frozenset({College.PUBLIC})), "1", "14"),
        (Selection(direction=Direction.OUT), "01", "014"),
        (Selection(families=frozenset({ResourceFamily.SPACE})), "1", "4"),
        (Selection(streams=frozenset({Stream.BIOWASTE})), "12", "12"),
        (Selection(streams=frozenset({Stream.BIOWASTE}), direction=Direction.IN), "2", "2"),
        (
            Selection(families=frozenset({ResourceFamily.WASTE}), streams=frozenset({Stream.WOOD})),
            "02",
            "03",
        ),
        (Selection(text="cantin"), "1", "14"),
        (Selection(text="chataignier"), "2", "23"),
        (Selection(actor="a0000"), "0123", "01234"),
    ],
)
def test_filters(squares: Territory, selection: Selection, actors: str, flows: str) -> None:
    """Each filter keeps the actors it should, and their matching flows."""
    kept = selection.apply(ACTORS, FLOWS, squares, NOMENCLATURE)
    assert "".join(a.id[-1] for a in kept.actors) == actors
    assert "".join(f.id[-1] for f in kept.flows) == flows


codes = st.from_regex(r"[0-9]{9}", fullmatch=True)
views = st.builds(View, st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 22))
selections = st.builds(
    Selection,
    epci=st.none() | codes,
    commune=st.none() | st.from_regex(r"[0-9][0-9AB][0-9]{3}", fullmatch=True),
    kinds=st.frozensets(st.sampled_from(ActorKind)),
    colleges=st.frozensets(st.sampled_from(College)),
    families=st.frozensets(st.sampled_from(ResourceFamily)),
    streams=st.frozensets(st.sampled_from(Stream)),
    direction=st.none() | st.sampled_from(Direction),
    text=st.text(max_size=200),
    actor=st.none() | st.text(min_size=1, max_size=100),
    background=st.none() | st.from_regex(r"[a-z]{1,9}(-[a-z0-9]{1,9})?", fullmatch=True),
    measure=st.none() | st.sampled_from(Measure),
    view=st.none() | views,
)


@given(selections)
def test_a_link_gives_the_same_page(selection: Selection) -> None:
    """Writing a selection to the address bar and reading it back changes nothing."""
    query = selection.to_query()
    assert list(query) == [key for key in QUERY_KEYS if key in query]
    assert Selection.from_query(query) == selection


@given(selections.filter(lambda s: s.text.isprintable() and (s.actor or "").isprintable()))
def test_a_link_survives_the_address_bar(selection: Selection) -> None:
    """So does a trip through a real query string."""
    query = dict(parse_qsl(urlencode(selection.to_query()), keep_blank_values=True))
    assert Selection.from_query(query) == selection


@given(st.dictionaries(st.sampled_from(QUERY_KEYS) | st.text(max_size=8), st.text(max_size=300)))
def test_any_query_is_read(query: dict[str, str]) -> None:
    """Whatever is in the address bar gives a selection, itself written and read alike."""
    selection = Selection.from_query(query)
    assert Selection.from_query(selection.to_query()) == selection


@pytest.mark.parametrize(
    "view",
    [
        "",
        "1,2",
        "a,b,c",
        "nan,0,3",
        "inf,0,3",
        "91,0,3",
        "0,181,3",
        "0,0,23",
        "0,0,-1",
        "1,2,3,4",
        "0,0,nan",
    ],
)
def test_views_that_make_no_sense(view: str) -> None:
    """A view off the globe or not a view is no view."""
    assert Selection.from_query({"vue": view}).view is None


def test_unknown_words_are_ignored() -> None:
    """Words of a newer or older version are dropped, the others kept."""
    selection = Selection.from_query(
        {
            "type": "ferme,licorne,entreprise",
            "sens": "oblique",
            "indicateur": "moral",
            "fond": "<script>",
            "epci": "CAB",
            "commune": "24037 ",
            "inconnu": "1",
        }
    )
    assert selection == Selection(kinds=frozenset({ActorKind.FARM, ActorKind.COMPANY}))


def test_endless_texts_are_cut() -> None:
    """A pasted novel is searched by its first 200 characters; an endless id is no id."""
    selection = Selection.from_query({"q": "a" * 5000, "acteur": "b" * 5000})
    assert selection.text == "a" * 200
    assert selection.actor is None


def test_a_link_of_another_territory_shows_this_one(squares: Territory) -> None:
    """Codes that are not of this territory do not empty the page."""
    query = {"epci": "200070647", "commune": "24037"}
    assert Selection.from_query(query).epci == "200070647"
    assert Selection.from_query(query, squares) == Selection()
    assert Selection.from_query({"epci": "111111111"}, squares).epci == "111111111"


def test_links_stay_readable() -> None:
    """A link is short, in French, and does not change with the order of choices."""
    selection = Selection(
        epci="200070647",
        kinds=frozenset({ActorKind.FARM, ActorKind.COMPANY}),
        direction=Direction.OUT,
        measure=Measure.DENSITY,
        view=View(44.85017, 0.484684, 12),
    )
    assert selection.to_query() == {
        "epci": "200070647",
        "type": "entreprise,ferme",
        "sens": "sortant",
        "indicateur": "densite",
        "vue": "44.85017,0.48468,12",
    }
