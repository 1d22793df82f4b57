"""The diagram of flows: heights computed here, drawn and clicked in ``assets/sankey.js``.

Plotly's Sankey cannot tell Streamlit which ribbon was clicked, hence this small one. A node has
the height of its mass, at least two pixels: 2 kg stay visible beside a million tonnes.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from data.french import NNBSP, quantity, significant, with_margin
from data.model import ResourceFamily, Stream
from geo.flows import Sankey, Scope, Stage, sankey
from geo.flows.places import OUTSIDE, UNKNOWN
from pages.flows_parts.brief import stream_label
from pages.flows_parts.choice import Choice
from pages.flows_parts.view import FlowView, Picture
from pages.routes.assets import OWN_ASSETS
from pages.ui import wording
from pages.ui.palette import SCOPE, Theme, stream_line, surfaces

HEADINGS: Final = {
    Stage.ORIGIN: "D’où ça part",
    Stage.FAMILY: "Famille",
    Stage.STREAM: "Filière",
    Stage.SCOPE: "Où ça va",
    Stage.DESTINATION: "Où ça arrive",
}
_TOP: Final = 26.0
_GAP: Final = 9.0
_LEAST: Final = 2.0
_LINE: Final = 19.0
"""Height of a node's name, pixels: names must not overlap."""
_BODY: Final = 300.0
_KEY: Final = "flows-sankey"


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "cartoflux_sankey",
        js=(OWN_ASSETS / "sankey.js").read_text(encoding="utf-8"),
        css=(OWN_ASSETS / "sankey.css").read_text(encoding="utf-8"),
    )


def draw(
    view: FlowView,
    kept: Picture,
    picked: Picture | None,
    stages: Sequence[Stage],
    *,
    theme: Theme,
    on_choice: Callable[[Choice], None],
) -> None:
    """Draw the diagram; a ribbon or a node clicked becomes a choice."""
    data = payload(view, kept, picked, tuple(stages), theme)

    def clicked() -> None:
        choice = read_click(getattr(st.session_state[_KEY], "clicked", None))
        if choice is not None:
            on_choice(choice)

    _component()(key=_KEY, data=data, on_clicked_change=clicked, height=int(data["height"]) + 4)


def read_click(text: Any) -> Choice | None:
    """Read the id of a ribbon or a node; ``None`` for anything else."""
    try:
        parts = json.loads(text)
        choice = {Stage(kind): str(key) for kind, key in parts}
    except (TypeError, ValueError):
        return None
    ends = (choice.get(Stage.ORIGIN), choice.get(Stage.DESTINATION))
    return Choice(
        origin=ends[0],
        destination=ends[1],
        stream=choice.get(Stage.STREAM),
        family=choice.get(Stage.FAMILY),
        scope=choice.get(Stage.SCOPE),
        whole_outside=OUTSIDE in ends,
    )


def payload(
    view: FlowView,
    kept: Picture,
    picked: Picture | None,
    stages: tuple[Stage, ...],
    theme: Theme,
) -> dict[str, Any]:
    """Compute nodes and ribbons in pixels of height, colours and texts."""
    diagram = sankey(kept.links, stages, kept.measured)
    on = _on(picked, stages) if picked else None
    nodes, ribbons = diagram.nodes, diagram.ribbons
    height, top, bottom, scale = _heights(diagram)
    labels = [
        _label(view, kind, key) for kind, key in zip(nodes["kind"], nodes["key"], strict=True)
    ]
    colors = [
        _color(kind, key, theme) for kind, key in zip(nodes["kind"], nodes["key"], strict=True)
    ]
    used = {"out": top.copy(), "in": top.copy()}
    drawn = []
    for row in ribbons.to_dict("records"):
        source, target = int(row["source"]), int(row["target"])
        known = np.isfinite(row["value"])
        thick = max(1.0, float(row["value"]) * scale) if known else 1.0
        y0, ty0 = used["out"][source], used["in"][target]
        used["out"][source] += thick
        used["in"][target] += thick
        ids = (nodes["id"].iloc[source], nodes["id"].iloc[target])
        amount = (
            with_margin(row["value"], row["low"], row["high"], diagram.unit)
            if known
            else "quantité inconnue"
        )
        drawn.append(
            {
                "source": source,
                "id": json.dumps([_condition(nodes, source), _condition(nodes, target)]),
                "y0": round(y0, 1),
                "y1": round(y0 + thick, 1),
                "ty0": round(ty0, 1),
                "ty1": round(ty0 + thick, 1),
                "color": colors[_colored(stages, source, target, nodes)],
                "title": f"{labels[source]} → {labels[target]}{NNBSP}: {amount}, "
                f"{row['links']} flux",
                "on": on is None or ids in on,
                "unknown": not known,
            }
        )
    lit = None if on is None else {one for pair in on for one in pair}
    return {
        "height": height,
        "label": f"Diagramme des flux, en {diagram.unit}",
        "headings": [HEADINGS[stage] for stage in stages],
        "ribbons": drawn,
        "nodes": [
            {
                "id": json.dumps([_condition(nodes, i)]),
                "stage": int(nodes["stage"].iloc[i]),
                "label": labels[i],
                "amount": _amount(diagram, i),
                "title": f"{labels[i]}{NNBSP}: {_amount(diagram, i)}",
                "color": colors[i],
                "y0": round(float(top[i]), 1),
                "y1": round(float(bottom[i]), 1),
                "on": lit is None or nodes["id"].iloc[i] in lit,
            }
            for i in range(len(nodes))
        ],
    }


def _heights(diagram: Sankey) -> tuple[int, Any, Any, float]:
    """Whole height, top and bottom of every node, and pixels for one unit of the measure."""
    nodes = diagram.nodes
    values = nodes["value"].to_numpy(dtype=np.float64)
    stages = nodes["stage"].to_numpy()
    most = max((values[stages == s].sum() for s in np.unique(stages)), default=0.0)
    scale = _BODY / most if most > 0 else 0.0
    thick = np.maximum(values * scale, _LEAST)
    step = np.maximum(thick + _GAP, _LINE)
    height = max((step[stages == s].sum() for s in np.unique(stages)), default=0.0)
    top = np.zeros(len(nodes))
    for stage in np.unique(stages):
        here = np.flatnonzero(stages == stage)
        spare = (height - step[here].sum()) / max(len(here), 1)
        starts = _TOP + np.concatenate([[0.0], np.cumsum(step[here] + spare)[:-1]])
        top[here] = starts + (step[here] + spare - thick[here]) / 2
    return round(_TOP + height), top, top + thick, scale


def _on(picked: Picture, stages: tuple[Stage, ...]) -> set[tuple[str, str]]:
    """Ends of the ribbons in which some selected link flows."""
    diagram = sankey(picked.links, stages, picked.measured)
    ids = diagram.nodes["id"].to_list()
    pairs = zip(diagram.ribbons["source"], diagram.ribbons["target"], strict=True)
    return {(ids[source], ids[target]) for source, target in pairs}


def _condition(nodes: pd.DataFrame, i: int) -> list[str]:
    return [str(nodes["kind"].iloc[i]), str(nodes["key"].iloc[i])]


def _amount(diagram: Sankey, i: int) -> str:
    ribbons = diagram.ribbons
    mine = ribbons[(ribbons["source"] == i) | (ribbons["target"] == i)]
    if len(mine) and bool(mine["value"].isna().all()):
        return "quantité inconnue"
    return quantity(significant(float(diagram.nodes["value"].iloc[i]), 3), diagram.unit)


def _label(view: FlowView, kind: str, key: str) -> str:
    if kind == Stage.STREAM:
        return stream_label(key)
    if kind == Stage.FAMILY:
        return wording.RESOURCE_FAMILY[ResourceFamily(key)] if key else "Famille non dite"
    if kind == Stage.SCOPE:
        return wording.FLOW_SCOPE[key]
    return view.names.get(key) or str(view.links.places["name"].get(key, key))


def _color(kind: str, key: str, theme: Theme) -> str:
    colors = surfaces(theme)
    if kind == Stage.STREAM and key:
        return stream_line(Stream(key), theme)
    if kind == Stage.SCOPE:
        return SCOPE[theme][key]
    if key == OUTSIDE:
        return colors.map_epci_line
    if key in {UNKNOWN, ""}:
        return SCOPE[theme][Scope.UNKNOWN.value]
    return colors.primary


def _colored(stages: tuple[Stage, ...], source: int, target: int, nodes: pd.DataFrame) -> int:
    """Which of its two nodes gives a ribbon its colour: stream, then direction, then origin."""
    for stage in (Stage.STREAM, Stage.SCOPE):
        if stage in stages:
            for i in (source, target):
                if nodes["kind"].iloc[i] == stage.value:
                    return i
    return source
