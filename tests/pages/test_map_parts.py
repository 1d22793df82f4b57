"""What the map page says of actors and flows: payload, card, summary, files."""

import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from data.demo import load_demo
from data.figures import load_figures
from data.model import (
    Actor,
    ActorKind,
    College,
    Direction,
    Flow,
    PositionPrecision,
    Reliability,
    Visibility,
)
from data.nomenclature import load_resources
from data.settings import read_settings
from geo.layers import Measure
from geo.select import Selection
from geo.territory import read_territory
from pages.map_parts import card, content, filters, summary, table
from pages.map_parts.view import PublicView
from pages.ui.session import Snapshot

TERRITORY = read_territory(read_settings().territory_path)
DEMO = load_demo()
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
BERGERAC = next(c for c in TERRITORY.communes if c.name == "Bergerac")


def view_of(actors: tuple[Actor, ...], flows: tuple[Flow, ...] = ()) -> PublicView:
    """Return the public view of a store that holds these records."""
    snapshot = Snapshot(
        revision=1,
        key="test",
        territory=TERRITORY,
        actors=actors,
        flows=flows,
        resources=load_resources(),
        figures=load_figures(),
    )
    return PublicView(snapshot=snapshot, territory=TERRITORY)


@pytest.fixture(scope="module")
def demo() -> PublicView:
    """Return the view of the demonstration data."""
    return view_of(DEMO.actors, DEMO.flows)


def actor(**changes: object) -> Actor:
    """Return a plain actor, with some fields changed."""
    plain = Actor(
        id="a",
        name="Atelier",
        kind=ActorKind.COMPANY,
        college=College.PRIVATE,
        commune_code=BERGERAC.code,
        lon=BERGERAC.town_hall_lon,
        lat=BERGERAC.town_hall_lat,
        position_precision=PositionPrecision.ADDRESS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def flow(**changes: object) -> Flow:
    """Return a flow of the plain actor, with some fields changed."""
    plain = Flow(
        id="f",
        actor_id="a",
        direction=Direction.OUT,
        resource_id=load_resources()[0].id,
        quantity=12.0,
        unit="t",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)


def test_card_escapes_every_field() -> None:
    """Hostile text in every field of an actor and a flow stays text."""
    fields = ["name", "activity", "address", "website", "description", "source", "commune_code"]
    texts = dict.fromkeys(fields, HOSTILE)
    hostile = actor(**texts, competences=(HOSTILE,))
    dirty = flow(
        label=HOSTILE,
        unit=HOSTILE,
        partner_name=HOSTILE,
        partner_place=HOSTILE,
        reliability_note=HOSTILE,
        source=HOSTILE,
    )
    view = view_of((hostile,), (dirty,))
    reader = _Tags()
    reader.feed(card.card_html(view, hostile))
    assert reader.tags <= {"article", "h2", "h3", "p", "ul", "li", "div", "span", "i", "strong"} | {
        "br"
    }
    assert reader.names <= {"class", "style", "aria-hidden"}


def test_contact_is_nowhere() -> None:
    """Personal contacts are on no card, in no payload and in no file."""
    phone = "06 00 00 00 00"
    view = view_of((actor(contact=phone),), (flow(),))
    kept = view.select(Selection())
    book = load_workbook(io.BytesIO(table.workbook(view, kept)))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert phone not in card.card_html(view, view.actors[0])
    assert phone not in str(content.payload(view, Selection(), kept, "light"))
    assert phone.encode() not in table.actors_csv(view, kept)
    assert not any(phone in cell for cell in cells)


def test_reserved_records_are_not_shown() -> None:
    """What is reserved to the network or the team is on neither map nor table, and is counted."""
    hidden = actor(id="b", visibility=Visibility.NETWORK)
    flows = (
        flow(),
        flow(id="g", visibility=Visibility.CONFIDENTIAL),
        flow(id="h", actor_id="b"),
    )
    view = view_of((actor(), hidden), flows)
    assert [one.id for one in view.actors] == ["a"]
    assert [one.id for one in view.flows] == ["f"]
    assert view.reserved == 2


def test_partner_that_is_reserved_keeps_its_name() -> None:
    """The card of a public actor does not name a partner that is not public."""
    hidden = actor(id="b", name="Discret", visibility=Visibility.CONFIDENTIAL)
    view = view_of((actor(), hidden), (flow(partner_id="b"),))
    assert "Discret" not in card.card_html(view, view.actors[0])


@pytest.mark.parametrize("level", Reliability)
def test_reliability_is_seen_and_said(level: Reliability) -> None:
    """Each reliability has its word and its own look."""
    badge = card.reliability(level)
    words = {"measured": "mesuré", "declared": "déclaré", "estimated": "estimé"}
    assert words[level.value] in badge
    assert f"cf-{level.value}" in badge


def test_unknown_quantity_is_not_zero() -> None:
    """A flow of unknown quantity says so, and adds nothing to a sum."""
    view = view_of((actor(),), (flow(quantity=None),))
    assert "quantité inconnue" in card.card_html(view, view.actors[0])
    assert view.tonnes(view.flows, Direction.OUT) is None
    assert table.actor_row(view, view.actors[0])["Sorties (t/an)"] is None


def test_payload_says_each_actor_once(demo: PublicView) -> None:
    """Every actor kept is in the payload, at its commune, with its kind and its precision."""
    kept = demo.select(Selection())
    payload = content.payload(demo, Selection(), kept, "light")
    rows = payload["actors"]
    assert isinstance(rows, list)
    assert [row[0] for row in rows] == [one.id for one in kept.actors]
    kinds = payload["kinds"]
    assert isinstance(kinds, list)
    for row, one in zip(rows, kept.actors, strict=True):
        assert kinds[row[3]]["icon"].startswith("fa-solid fa-")
        assert abs(row[1] - one.lat) < 0.01
        assert row[4] == (one.position_precision is PositionPrecision.ADDRESS)


def test_key_changes_with_the_actors_only(demo: PublicView) -> None:
    """The browser redraws actors when the list changes, not when the colours do."""
    everyone, farms = Selection(), Selection(kinds=frozenset({ActorKind.FARM}))
    colored = Selection(measure=Measure.DENSITY)

    def key(selection: Selection) -> object:
        return content.payload(demo, selection, demo.select(selection), "light")["actorsKey"]

    assert key(everyone) == key(colored)
    assert key(everyone) != key(farms)


@pytest.mark.parametrize("measure", Measure)
def test_legend_explains_every_colour(demo: PublicView, measure: Measure) -> None:
    """Each colour on a commune is in the legend, which names the measure and its vintage."""
    selection = Selection(measure=measure)
    payload = content.payload(demo, selection, demo.select(selection), "light")
    fill = payload["fill"]
    assert isinstance(fill, dict)
    legend = fill["legend"]
    explained = {one["color"] for one in legend["classes"]}
    assert set(fill["colors"].values()) <= explained
    assert set(fill["values"]) == {commune.code for commune in TERRITORY.communes}
    assert legend["title"]
    if measure in {Measure.POPULATION, Measure.DENSITY}:
        assert legend["note"] == TERRITORY.population_vintage


def test_tonnes_are_counted_one_way(demo: PublicView) -> None:
    """Shading by tonnes follows the direction chosen, outputs by default."""
    for direction, word in ((None, "sortantes"), (Direction.IN, "entrantes")):
        selection = Selection(measure=Measure.TONNES, direction=direction)
        kept = demo.select(selection)
        fill = content.payload(demo, selection, kept, "light")["fill"]
        assert isinstance(fill, dict)
        assert word in fill["legend"]["title"]
        total = demo.tonnes(kept.flows, direction or Direction.OUT)
        assert total == pytest.approx(
            sum(demo.tonnes_by_commune(kept.flows, direction or Direction.OUT).values())
        )


def test_sentence_counts(demo: PublicView) -> None:
    """The sentence agrees in number and says what is hidden."""
    kept = demo.select(Selection(text="zzzz"))
    assert filters.sentence(demo, kept).startswith("**0 acteur** sur")
    assert f"masquent {len(demo.actors)} acteurs" in filters.sentence(demo, kept)
    assert "masque" not in filters.sentence(demo, demo.select(Selection()))


def test_summary_adds_up(demo: PublicView) -> None:
    """The summary of an EPCI gives its own inhabitants."""
    code = TERRITORY.epcis[0].code
    selection = Selection(epci=code)
    html = summary.summary_html(demo, selection, demo.select(selection))
    population = sum(c.population for c in TERRITORY.communes if c.epci_code == code)
    assert f"{population:,}".replace(",", "\u202f") in html


def test_workbook_has_actors_and_flows(demo: PublicView) -> None:
    """The workbook opens with both sheets, one row a record."""
    kept = demo.select(Selection())
    book = load_workbook(io.BytesIO(table.workbook(demo, kept)))
    assert book.sheetnames == ["Acteurs", "Flux"]
    assert book["Acteurs"].max_row == len(kept.actors) + 1
    assert book["Flux"].max_row == len(kept.flows) + 1
