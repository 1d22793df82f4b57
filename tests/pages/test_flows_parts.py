"""What the Flux page is made of: selection, map payload, diagram, sentences."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import load_figures
from data.french import NNBSP
from data.model import Direction, Flow, Reliability
from geo.flows import (
    FlowFilter,
    Level,
    Links,
    Measure,
    Viewer,
    aggregate,
    apply_filter,
    measure_links,
)
from geo.flows.places import OUTSIDE
from geo.flows.sankey import BY_EPCI, FULL
from pages.flows_parts import brief, details, sankey_chart, table
from pages.flows_parts.choice import KEY, Choice
from pages.flows_parts.view import FlowView, Picture, flow_view, picture
from pages.ui import escape
from pages.ui.flow_map import SCALES, FlowLayer, flow_payload, read_click
from pages.ui.session import Snapshot
from tests.geo.flows.worlds import ACTORS, RESOURCES, SQUARES

NASTY = "<img src=x onerror=alert(1)>{{7*7}}</script>"

texts = st.none() | st.text(max_size=30)
choices = st.builds(
    Choice,
    place=texts,
    origin=texts,
    destination=texts,
    stream=texts,
    family=texts,
    scope=texts,
    link=texts,
    whole_outside=st.booleans(),
)


def flow(number: int, actor: int, **changes: object) -> Flow:
    """Make a flow of an actor of the small world."""
    base = {
        "id": f"f{number}",
        "actor_id": ACTORS[actor].id,
        "direction": Direction.OUT,
        "resource_id": "wood",
        "quantity": 10.0,
        "year": 2024,
    }
    return Flow(**{**base, **changes})  # type: ignore[arg-type]


FLOWS = (
    flow(1, 0, partner_id=ACTORS[2].id, quantity=1_000_000.0, uncertainty=0.25),
    flow(2, 0, partner_place="Bordeaux", quantity=0.002, resource_id="biowaste"),
    flow(3, 3, partner_id=ACTORS[0].id, reliability=Reliability.MEASURED),
    flow(4, 4, partner_id=ACTORS[4].id, resource_id="pallets", unit="kg"),
    flow(5, 5, quantity=None),
    flow(6, 1, quantity=3.0, unit=""),
    flow(7, 2, partner_name=NASTY, partner_place="Bordeaux", quantity=2.0),
)


def world(flows: tuple[Flow, ...] = FLOWS, key: str = "world") -> FlowView:
    """Return the small world as its team sees it."""
    snapshot = Snapshot(
        revision=1,
        key=key,
        territory=SQUARES,
        actors=ACTORS,
        flows=flows,
        resources=RESOURCES,
        figures=load_figures(),
    )
    view = flow_view(snapshot, Viewer.TEAM)
    assert view is not None
    return view


@pytest.fixture(scope="module")
def view() -> FlowView:
    """Return the seven flows."""
    return world()


@pytest.fixture(scope="module")
def kept(view: FlowView) -> Picture:
    """Return them all, in tonnes."""
    return picture(view, FlowFilter(), Measure.MASS)


def ids(links: Links) -> set[str]:
    """Ids of links."""
    return set(links.frame["link_id"])


@given(choices)
def test_a_choice_survives_the_address_bar(choice: Choice) -> None:
    """Whatever is selected reads back the same from the address."""
    assert Choice.from_query(choice.to_query()) == choice


@given(st.text(max_size=80))
def test_any_address_reads(text: str) -> None:
    """A hand-made address never fails."""
    assert isinstance(Choice.from_query({KEY: text}), Choice)


def test_a_place_is_found_at_every_level(kept: Picture) -> None:
    """An EPCI, a commune, an actor and a gate each select the links that touch them."""
    assert ids(kept.pick(Choice(place="epci:111111111")).links) >= {"f1", "f2", "f3", "f6", "f7"}
    assert ids(kept.pick(Choice(origin="commune:01002")).links) == {"f3"}
    assert ids(kept.pick(Choice(place=f"actor:{ACTORS[4].id}")).links) == {"f4"}
    assert ids(kept.pick(Choice(destination="gate:bordeaux")).links) == {"f2", "f7"}


def test_the_diagram_s_outside_gathers_every_gate(kept: Picture) -> None:
    """« Hors territoire » of the diagram is every gate; on the map it is one place."""
    gathered = Choice(destination=OUTSIDE, whole_outside=True)
    assert ids(kept.pick(gathered).links) == {"f2", "f7"}
    assert len(kept.pick(Choice(destination=OUTSIDE)).links) == 0


def test_a_selection_keeps_measure_and_links_together(kept: Picture) -> None:
    """What is selected weighs what its links weigh."""
    picked = kept.pick(Choice(stream="biowaste"))
    assert picked.measured.total()[0] == pytest.approx(0.002)
    assert len(picked.measured.value) == len(picked.links)


def test_every_level_of_the_map_has_the_same_total(kept: Picture) -> None:
    """Three significant digits apart, EPCI, communes and actors carry the same mass."""
    payload = json.loads(json.dumps(flow_payload(kept.levels)))
    totals = [sum(v for v in level["edges"]["v"] if v) for level in payload["levels"]]
    assert [level["name"] for level in payload["levels"]] == ["epci", "commune", "actor"]
    assert totals == pytest.approx([kept.measured.total()[0]] * 3, rel=0.005)


def test_a_million_tonnes_and_two_kilos_are_both_sent(kept: Picture) -> None:
    """Rounding never makes a small flow vanish, and an unknown one is null, not zero."""
    edges = flow_payload(kept.levels)["levels"][2]["edges"]  # type: ignore[index,call-overload]
    assert {1_000_000, 0.002} <= set(edges["v"])
    assert edges["v"].count(None) == 2
    assert 0 not in edges["v"]


def test_columns_of_the_map_have_one_length(kept: Picture) -> None:
    """Every column of edges and of nodes is as long as the others."""
    for level in flow_payload(kept.levels, picked=kept.levels)["picked"]:  # type: ignore[union-attr]
        for group in ("nodes", "edges"):
            assert len({len(column) for column in level[group].values()}) == 1  # type: ignore[index,union-attr,call-overload]


def test_an_actor_outside_is_a_gate(view: FlowView) -> None:
    """An actor of ours that is elsewhere stands on the border, as a gate."""
    far = world((flow(1, 6, partner_id=ACTORS[0].id),), "far")
    levels = picture(far, FlowFilter(), Measure.MASS).levels
    nodes = flow_payload(levels, positions=view.positions)["levels"][2]["nodes"]  # type: ignore[index,call-overload]
    assert nodes["kind"][nodes["id"].index(f"actor:{ACTORS[6].id}")] == "gate"


def test_no_text_escapes_the_script(kept: Picture) -> None:
    """Names from users are never HTML nor template in what st_folium evaluates."""
    nasty = flow_payload(kept.levels, names={"epci:111111111": NASTY})
    script = FlowLayer(nasty).payload_json
    assert "<img" not in script
    assert "{{" not in script
    assert "</script" not in script
    card = details.card_html(world(), Choice(link="f7"), kept.pick(Choice(link="f7")))
    assert "<img" not in card
    assert "&lt;img" in card


def test_clicks_are_read_with_care() -> None:
    """A click names a place or a link; anything else is ignored."""
    assert read_click("lieu|actor%3Aa%7Cb") == ("lieu", ("actor:a|b",))
    assert read_click("lien|a|b|wood") == ("lien", ("a", "b", "wood"))
    for rubbish in ("", "lieu", "lien|a|b", "autre|a", "lieu|a|b"):
        assert read_click(rubbish) is None


def test_ribbons_fill_their_nodes(view: FlowView, kept: Picture) -> None:
    """Ribbons start and end within the height of the nodes they join, give or take a pixel each."""
    data = sankey_chart.payload(view, kept, None, FULL, "light")
    for ribbon in data["ribbons"]:
        node = data["nodes"][ribbon["source"]]
        assert ribbon["y0"] >= node["y0"] - 0.2
        assert ribbon["y1"] <= node["y1"] + len(data["ribbons"])
    assert all(node["y1"] - node["y0"] >= 1.9 for node in data["nodes"])


def test_names_of_the_diagram_do_not_overlap(view: FlowView, kept: Picture) -> None:
    """Middles of the nodes of one column are a line of text apart."""
    data = sankey_chart.payload(view, kept, None, FULL, "dark")
    for stage in range(3):
        middles = [(n["y0"] + n["y1"]) / 2 for n in data["nodes"] if n["stage"] == stage]
        assert all(b - a >= 14 for a, b in pairwise(middles))


def test_a_ribbon_clicked_selects_what_it_carries(view: FlowView, kept: Picture) -> None:
    """Each ribbon's id leads back to links of exactly its mass."""
    data = sankey_chart.payload(view, kept, None, BY_EPCI, "light")
    masses = []
    for ribbon in data["ribbons"]:
        choice = sankey_chart.read_click(ribbon["id"])
        assert choice is not None
        masses.append(kept.pick(choice).measured.total()[0])
    assert sum(masses) == pytest.approx(kept.measured.total()[0])
    assert sankey_chart.read_click("[[1]]") is None
    assert sankey_chart.read_click(None) is None


def test_the_selection_lights_its_ribbons(view: FlowView, kept: Picture) -> None:
    """With a selection, only the ribbons it flows through stay coloured."""
    picked = kept.pick(Choice(stream="biowaste"))
    data = sankey_chart.payload(view, kept, picked, FULL, "light")
    lit = [ribbon for ribbon in data["ribbons"] if ribbon["on"]]
    assert 0 < len(lit) < len(data["ribbons"])


def test_an_empty_world_draws(view: FlowView) -> None:
    """No flow at all: map, diagram and table are empty, not broken."""
    nothing = picture(view, FlowFilter(streams=()), Measure.MASS).narrow(
        np.zeros(len(view.links.frame), dtype=bool)
    )
    assert flow_payload(nothing.levels)["levels"][0]["edges"]["v"] == []  # type: ignore[index,call-overload]
    assert sankey_chart.payload(view, nothing, None, FULL, "light")["nodes"] == []
    assert table.rows(view, nothing).empty


def test_unknown_quantities_are_said(view: FlowView, kept: Picture) -> None:
    """A missing quantity and a missing unit each say why, and are never zero."""
    remarks = dict(
        zip(kept.links.frame["link_id"], table.rows(view, kept)["Remarque"], strict=True)
    )
    assert remarks["f5"] == "quantité inconnue"
    assert remarks["f6"].startswith("unité absente")
    html = brief.facts_html(kept, "light")
    assert "2 inconnus" in html


def test_facts_carry_their_uncertainty(kept: Picture) -> None:
    """The big numbers read « 1 000 000 t/an (de 750 000 à 1 250 000) »."""
    html = brief.facts_html(kept, "light")
    assert (
        f"1{NNBSP}000{NNBSP}010{NNBSP}t/an" in html or f"1{NNBSP}000{NNBSP}000{NNBSP}t/an" in html
    )
    assert "(de 750" in html


def test_titles_say_what_is_selected(view: FlowView) -> None:
    """A selection reads in plain words, places by their short names."""
    way = Choice(origin="epci:111111111", destination="gate:bordeaux", stream="wood")
    assert details.title(view, way) == "CO → Bordeaux, Bois"
    loop = Choice(origin="epci:222222222", destination="epci:222222222")
    assert details.title(view, loop) == f"Reste sur place{NNBSP}: CE"
    assert "lieu inconnu" in details.title(view, Choice(place="actor:nobody"))
    assert escape.markdown(NASTY) not in details.title(view, Choice(stream=NASTY))


def test_all_measures_draw(view: FlowView) -> None:
    """Every measure makes a map of the same links."""
    for measure in Measure:
        chosen = apply_filter(view.links, FlowFilter())
        measured = measure_links(chosen.links, measure, RESOURCES)
        levels = {level: aggregate(chosen.links, level, ("stream",), measured) for level in SCALES}
        assert flow_payload(levels)["unit"] == measured.unit
        assert len(levels[Level.ACTOR].edge_of_link) == len(chosen.links)
