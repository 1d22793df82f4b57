"""Material flows: from declarations to links, levels, measures, balances and what may be shown.

The order of work::

    links = build_links(flows, actors, territory, resources)   # once per store revision
    seen = release(links, viewer).links                        # once per viewer
    kept = apply_filter(seen, chosen)                          # at each choice
    aggregate(kept.links, Level.EPCI), balance(kept.links), sankey(kept.links) …

Everything after ``release`` reads the release alone: that is what keeps secrets.
"""

from geo.flows.balance import Perimeter, balance, monthly_profile
from geo.flows.confidentiality import Release, Viewer, release
from geo.flows.filters import (
    SEASONS,
    UNDATED,
    Filtered,
    FlowDirection,
    FlowFilter,
    Hidden,
    apply_filter,
)
from geo.flows.gates import OutsidePlace, load_outside_places
from geo.flows.levels import Level, LevelMap, aggregate
from geo.flows.lines import flows_lines_frame
from geo.flows.links import Links, MassGap, Scope, build_links
from geo.flows.mass_check import Imbalance, check_balance
from geo.flows.measures import Measure, Measured, explain, measure_links
from geo.flows.pairs import Disagreement
from geo.flows.places import PlaceKind
from geo.flows.query import from_query, to_query
from geo.flows.sankey import BY_DIRECTION, BY_EPCI, FULL, Sankey, Stage, sankey

__all__ = [
    "BY_DIRECTION",
    "BY_EPCI",
    "FULL",
    "SEASONS",
    "UNDATED",
    "Disagreement",
    "Filtered",
    "FlowDirection",
    "FlowFilter",
    "Hidden",
    "Imbalance",
    "Level",
    "LevelMap",
    "Links",
    "MassGap",
    "Measure",
    "Measured",
    "OutsidePlace",
    "Perimeter",
    "PlaceKind",
    "Release",
    "Sankey",
    "Scope",
    "Stage",
    "Viewer",
    "aggregate",
    "apply_filter",
    "balance",
    "build_links",
    "check_balance",
    "explain",
    "flows_lines_frame",
    "from_query",
    "load_outside_places",
    "measure_links",
    "monthly_profile",
    "release",
    "sankey",
    "to_query",
]
