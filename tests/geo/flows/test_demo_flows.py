"""The demonstration's own flows go through the whole chain."""

import pytest

from data.demo import load_demo
from data.model import Territory
from data.nomenclature import load_resources
from geo.flows import (
    BY_EPCI,
    FlowFilter,
    Level,
    Measure,
    Viewer,
    aggregate,
    apply_filter,
    balance,
    build_links,
    flows_lines_frame,
    measure_links,
    release,
    sankey,
)


@pytest.mark.parametrize("viewer", Viewer)
def test_every_view_of_the_demonstration(territory: Territory, viewer: Viewer) -> None:
    """Links, release, filter, levels, balance, diagram and lines agree on the tonnes."""
    demo, resources = load_demo(), load_resources()
    links = build_links(demo.flows, demo.actors, territory, resources)
    behind = sorted(flow_id for ids in links.frame["flow_ids"] for flow_id in ids)
    assert behind == sorted(flow.id for flow in demo.flows)
    assert set(links.frame["gap"]) <= {"", "no_mass", "quantity_unknown"}, "units are all read"

    seen = release(links, viewer)
    if viewer is Viewer.TEAM:
        assert seen.links.total_t() == links.total_t()
    kept = apply_filter(seen.links, FlowFilter()).links
    total = kept.total_t()
    for level in Level:
        assert aggregate(kept, level).edges["value"].sum() == pytest.approx(total)
    row = balance(kept).iloc[0]
    assert row["inputs_t"] + row["leaving_t"] + row["unknown_out_t"] == pytest.approx(total)
    drawn = sankey(kept, BY_EPCI).nodes
    assert drawn.loc[drawn["stage"] == 0, "value"].sum() == pytest.approx(total)
    assert flows_lines_frame(kept, territory)["masse_t_an"].sum() == pytest.approx(total)
    for measure in Measure:
        found = measure_links(kept, measure, resources)
        assert len(found.value) == len(kept)
