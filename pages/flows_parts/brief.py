"""The ten-second answer: how much enters, stays and leaves, and each stream in one line."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from data.french import NNBSP, number, percent, with_margin
from data.model import Stream
from geo.flows import Level, Measured, PlaceKind, Scope
from geo.flows.measures import STEPS
from geo.flows.places import OUTSIDE
from pages.flows_parts.view import FlowView, Picture
from pages.ui import symbols, wording
from pages.ui.escape import html
from pages.ui.palette import SCOPE, Theme

_SCOPES: Final = (Scope.INSIDE, Scope.ENTERING, Scope.LEAVING, Scope.UNKNOWN, Scope.OUTSIDE)
_ICONS: Final = {
    Scope.ENTERING: "fa-arrow-right-to-bracket",
    Scope.INSIDE: "fa-rotate",
    Scope.LEAVING: "fa-arrow-right-from-bracket",
    Scope.UNKNOWN: "fa-circle-question",
    Scope.OUTSIDE: "fa-right-left",
}
_HELP: Final = {
    Scope.ENTERING: "vient d’ailleurs",
    Scope.INSIDE: "part d’ici, arrive ici",
    Scope.LEAVING: "part ailleurs",
    Scope.UNKNOWN: "un des deux bouts n’est pas dit",
    Scope.OUTSIDE: "les deux bouts sont ailleurs",
}
_SHOWN: Final = 9
_NAMED: Final = 0.2
"""A place is named when it makes at least this share of a stream's arrivals or departures."""


def facts(kept: Picture, theme: Theme) -> None:
    """Draw the few big numbers above the map."""
    st.html(facts_html(kept, theme))


def facts_html(kept: Picture, theme: Theme) -> str:
    """Return what enters, stays and leaves, as HTML."""
    rows = totals(kept.measured, kept.links.frame["scope"]).to_dict("index")
    cells = []
    for scope in (Scope.ENTERING, Scope.INSIDE, Scope.LEAVING, Scope.UNKNOWN, Scope.OUTSIDE):
        row = rows.get(scope.value)
        if row is None:
            continue
        amount = _amount(row, kept.measured.unit)
        value, _, bounds = amount.partition(" (")
        note = f"({bounds}" if bounds else ""
        cells.append(
            f'<div class="cf-fact" style="--cf-here:{SCOPE[theme][scope.value]}">'
            f'<div><i class="fa-solid {_ICONS[scope]}" aria-hidden="true"></i> '
            f"{html(wording.FLOW_SCOPE[scope.value])}</div>"
            f"<strong>{html(value)}</strong> <span>{html(note)}</span>"
            f'<div class="cf-quiet">{html(_HELP[scope])} · {html(_count(row))}</div></div>'
        )
    return f'<div class="cf-flow-facts">{"".join(cells)}</div>'


def streams(view: FlowView, kept: Picture, theme: Theme) -> None:
    """Draw each stream in one line: how much, where it goes, from whom to whom."""
    st.html(streams_html(view, kept, theme))


def streams_html(view: FlowView, kept: Picture, theme: Theme) -> str:
    """Return the streams, the heaviest first, as HTML."""
    unit, frame = kept.measured.unit, kept.links.frame
    total = totals(kept.measured, frame["stream"]).sort_values("value", ascending=False)
    cross: dict[Hashable, dict[str, float]] = {key: {} for key in total.index}
    by_scope = totals(kept.measured, frame["stream"], frame["scope"])["value"].reset_index()
    for row in by_scope.to_dict("records"):
        cross[row["level_0"]][str(row["level_1"])] = float(row["value"])
    rows = []
    for key, row in list(total.to_dict("index").items())[:_SHOWN]:
        shares = cross[key]
        rows.append(
            f"<li>{_symbol(str(key))}<div>"
            f'<div class="cf-line"><span>{html(stream_label(str(key)))}</span> '
            f"<strong>{html(_amount(row, unit))}</strong></div>"
            f"{_stack(shares, theme)}"
            f'<div class="cf-quiet">{html(_story(view, kept, str(key), shares))}</div></div></li>'
        )
    rest = len(total) - _SHOWN
    more = f'<p class="cf-quiet">et {number(rest)} autres filières plus petites.</p>'
    return (
        '<article class="cf-card"><h2>Filière par filière</h2>'
        f"{_key(kept, theme)}"
        f'<ul class="cf-flows">{"".join(rows)}</ul>{more if rest > 0 else ""}'
        '<p class="cf-quiet">Cliquez sur une flèche, un lieu ou un ruban pour ne voir que ses '
        "flux.</p></article>"
    )


def totals(measured: Measured, *keys: "pd.Series[Any]") -> pd.DataFrame:
    """Sum a measure by some columns of the links.

    Returns:
        Index the keys; ``value``, ``low``, ``high`` (NaN when nothing is known), ``links`` and
        ``unknown`` (how many).
    """
    unknown = np.isnan(measured.value)
    data = pd.DataFrame(
        {
            **{name: measured.steps(name) for name in ("value", "low", "high")},
            "links": 1,
            "unknown": unknown.astype(np.int64),
        }
    )
    grouped = data.groupby([key.to_numpy(dtype=object) for key in keys]).sum()
    for name in ("value", "low", "high"):
        known = grouped["links"] > grouped["unknown"]
        grouped[name] = (grouped[name] / STEPS[measured.measure]).where(known)
    return grouped


def stream_label(key: str) -> str:
    """Name of a stream on screen."""
    return wording.STREAM[Stream(key)] if key else "Filière non dite"


def _symbol(key: str) -> str:
    return symbols.stream(Stream(key)) if key else ""


def _amount(row: Mapping[Hashable, Any], unit: str) -> str:
    if np.isnan(row["value"]):
        return "quantité inconnue"
    return with_margin(row["value"], row["low"], row["high"], unit)


def _count(row: Mapping[Hashable, Any]) -> str:
    links, unknown = int(row["links"]), int(row["unknown"])
    return f"{number(links)} flux" + (f", {number(unknown)} inconnus" if unknown else "")


def _stack(shares: dict[str, float], theme: Theme) -> str:
    known = {key: value for key, value in shares.items() if value > 0}
    whole = sum(known.values())
    if not whole:
        return ""
    parts = "".join(
        f'<span class="cf-scope cf-scope-{scope.value}" '
        f'style="width:{100 * known[scope.value] / whole:.1f}%;'
        f'background-color:{SCOPE[theme][scope.value]}"></span>'
        for scope in _SCOPES
        if scope.value in known
    )
    return f'<div class="cf-stack" aria-hidden="true">{parts}</div>'


def _key(kept: Picture, theme: Theme) -> str:
    met = set(kept.links.frame["scope"])
    words = {
        Scope.INSIDE: "reste",
        Scope.ENTERING: "entre",
        Scope.LEAVING: "sort",
        Scope.UNKNOWN: "partenaire inconnu",
        Scope.OUTSIDE: "ailleurs",
    }
    parts = "".join(
        f'<li><span class="cf-scope cf-scope-{scope.value}" '
        f'style="background-color:{SCOPE[theme][scope.value]}"></span>{words[scope]}</li>'
        for scope in _SCOPES
        if scope.value in met
    )
    return f'<ul class="cf-flow-key">{parts}</ul>'


def _story(view: FlowView, kept: Picture, stream: str, shares: dict[str, float]) -> str:
    """« 45 % reste ; vient surtout de la CAB ; va surtout à Bordeaux »."""
    known = {key: value for key, value in shares.items() if value > 0}
    whole = sum(known.values())
    if not whole:
        return "aucune quantité connue"
    parts = []
    stays = known.get(Scope.INSIDE.value, 0.0) / whole
    parts.append(f"{percent(stays)} reste" if stays else "rien ne reste")
    edges = kept.levels[Level.EPCI].edges
    here = edges[(edges["stream"] == stream) & ~edges["ring"] & edges["value"].notna()]
    for column, word in (("origin", "vient surtout de"), ("destination", "va surtout à")):
        known_ends = here[~here[column].isin(_nowhere(kept))]
        by_place = known_ends.groupby(column)["value"].sum()
        if len(by_place) and by_place.max() >= _NAMED * whole:
            place = str(by_place.idxmax())
            away = "vient surtout d’ailleurs" if column == "origin" else "va surtout ailleurs"
            parts.append(away if place == OUTSIDE else f"{word} {_name(view, kept, place)}")
    return f"{NNBSP}; ".join(parts)


def _nowhere(kept: Picture) -> list[str]:
    places = kept.links.places
    return list(places.index[places["kind"] == PlaceKind.UNKNOWN])


def _name(view: FlowView, kept: Picture, place: str) -> str:
    return view.names.get(place) or str(kept.links.places["name"].get(place, place))
