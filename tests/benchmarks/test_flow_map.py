"""The flow map's payload at 300, 3 000 and 20 000 flows, against folium lines in the same run.

Times and sizes are printed, never asserted: machines differ. Run with ``-s`` to read the table.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import folium
import pytest
from folium.plugins import AntPath

from data.demo import load_demo
from data.model import Actor, Flow
from data.nomenclature import load_resources
from data.settings import read_settings
from geo.flows import FlowFilter, Level, Links, Measure, apply_filter, build_links
from geo.flows.measures import measure_links
from geo.territory import read_territory
from pages.flows_parts.view import Picture
from pages.ui import maps
from pages.ui.flow_map import FlowLayer, flow_payload

SIZES = (300, 3_000, 20_000)
NAIVE_MOST = 3_000
ACTORS = 500
DEMO = load_demo()
TERRITORY = read_territory(read_settings().territory_path)


def many(count: int) -> tuple[list[Actor], list[Flow]]:
    """Copy the demonstration: 500 actors, ``count`` flows between them, every place inside."""
    inside = {commune.code for commune in TERRITORY.communes}
    known = [actor for actor in DEMO.actors if actor.commune_code in inside]
    actors = [
        replace(actor, id=f"a{i}", lon=actor.lon + (i // len(known)) * 2e-3)
        for i, actor in zip(range(ACTORS), known * (ACTORS // len(known) + 1), strict=False)
    ]
    flows = [
        replace(
            DEMO.flows[i % len(DEMO.flows)],
            id=f"f{i}",
            actor_id=f"a{(i * 7) % ACTORS}",
            partner_id=f"a{(i * 7 + 1 + i // ACTORS) % ACTORS}",
            year=2024,
        )
        for i in range(count)
    ]
    return actors, flows


def ours(links: Links) -> str:
    """Filter, measure, gather at three levels, write the payload: all that a click computes."""
    filtered = apply_filter(links, FlowFilter())
    kept = Picture(filtered=filtered, measured=measure_links(filtered.links, Measure.MASS))
    return FlowLayer(flow_payload(kept.levels)).payload_json


def naive(links: Links, line: Callable[..., folium.PolyLine]) -> str:
    """One folium object a flow, as tutorials do."""
    figure = maps.base_map(TERRITORY)
    places = links.places
    ends = [
        places[["lat", "lon"]].loc[links.frame[end]].to_numpy().tolist()
        for end in ("origin", "destination")
    ]
    for start, stop, name in zip(*ends, links.frame["resource_name"], strict=True):
        line([start, stop], tooltip=name).add_to(figure)
    html: str = figure.get_root().render()
    return html


def timed(make: Callable[[], str]) -> tuple[float, int]:
    """Seconds and bytes of one run."""
    start = time.perf_counter()
    text = make()
    return time.perf_counter() - start, len(text.encode())


@pytest.mark.parametrize("count", SIZES)
def test_payload_and_build(count: int) -> None:
    """The payload holds every flow once a level; its cost is printed beside folium's own."""
    actors, flows = many(count)
    links = build_links(flows, actors, TERRITORY, load_resources())
    seconds, size = timed(lambda: ours(links))
    print(f"\n{count} flux : {size / 1e3:.0f} ko, {seconds * 1e3:.0f} ms")  # noqa: T201
    if count <= NAIVE_MOST:
        base_seconds, base_size = timed(lambda: maps.base_map(TERRITORY).get_root().render())
        for name, line in (("PolyLine", folium.PolyLine), ("AntPath", AntPath)):
            took, weight = timed(lambda line=line: naive(links, line))  # type: ignore[misc]
            took, weight = took - base_seconds, weight - base_size
            print(  # noqa: T201
                f"  {name} : {weight / 1e3:.0f} ko, {took * 1e3:.0f} ms"
                f" ({weight / size:.1f} fois plus lourd, {took / seconds:.1f} fois plus lent)"
            )
    filtered = apply_filter(links, FlowFilter()).links
    kept = Picture(
        filtered=apply_filter(links, FlowFilter()),
        measured=measure_links(filtered, Measure.MASS),
    )
    for level in Level:
        assert int(kept.levels[level].edges["links"].sum()) == len(filtered)
