"""Flows of the small made-up world, as if on screen."""

import datetime as dt
from dataclasses import replace
from typing import Any

from data.figures import load_figures
from data.model import Flow, Visibility
from geo.flows import FlowFilter, Measure, Viewer
from pages.documents.flow_taken import Taken
from pages.flows_parts.choice import Choice
from pages.flows_parts.state import Asked
from pages.flows_parts.view import flow_view, picture
from pages.ui.session import Snapshot
from tests.geo.flows.worlds import ACTORS, RESOURCES, SQUARES, flow

TERRITORY = replace(
    SQUARES, boundary_vintage="contours d’essai", population_vintage="populations d’essai"
)
DAY = dt.date(2026, 3, 12)
HOSTILE = (
    '</script><script>window.harmed=1</script>{{ x }}\x00 <!-- & \' " #eval(read("/etc/hosts"))'
)

FLOWS: tuple[Flow, ...] = (
    flow(1, 0, 2, quantity=120.0, year=2023),
    flow(2, 2, None, partner_place="Bordeaux", quantity=40.0, resource_id="pallets", unit="t"),
    flow(3, 0, 0, quantity=15.0, resource_id="biowaste"),
    flow(4, 3, 4, quantity=None),
    flow(5, 4, None, partner_name=HOSTILE, quantity=7.0),
    flow(6, 5, 1, quantity=777.5, visibility=Visibility.CONFIDENTIAL, source="secret"),
    flow(7, 1, 3, quantity=55.5, visibility=Visibility.NETWORK),
)
SECRET = ("777", "f0006")
"""What only the team may read, anywhere in a file."""


def taken(
    *flows: Flow,
    viewer: Viewer = Viewer.PUBLIC,
    measure: Measure = Measure.MASS,
    choice: Choice | None = None,
    diagram: str = "complet",
    **chosen: Any,
) -> Taken:
    """Return what is on screen for these flows, these filters and this viewer."""
    flows = flows or FLOWS
    snapshot = Snapshot(
        revision=1,
        key=f"documents-{hash(flows)}",
        territory=TERRITORY,
        actors=ACTORS,
        flows=flows,
        resources=RESOURCES,
        figures=load_figures(),
    )
    view = flow_view(snapshot, viewer)
    assert view is not None
    asked = Asked(
        filter=FlowFilter(**chosen), measure=measure, choice=choice or Choice(), diagram=diagram
    )
    return Taken(view=view, asked=asked, kept=picture(view, asked.filter, measure), day=DAY)
