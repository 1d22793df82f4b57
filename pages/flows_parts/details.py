"""What is selected: which flows, how they are known, and the way back."""

import numpy as np
import streamlit as st

from data.french import NNBSP, number, with_margin
from data.model import Reliability, Stream
from geo.flows import MassGap
from pages.flows_parts import state
from pages.flows_parts.brief import stream_label
from pages.flows_parts.choice import Choice, place_name
from pages.flows_parts.view import FlowView, Picture
from pages.ui import escape, icons, symbols, wording
from pages.ui.escape import html

_SHOWN = 12
GAPS = {
    MassGap.QUANTITY.value: "quantité inconnue",
    MassGap.UNIT.value: "unité absente ou illisible : quantité non pesée",
    MassGap.NO_MASS.value: "unité sans masse (heures, m²…) : non pesé",
    MassGap.IMPLAUSIBLE.value: "quantité invraisemblable : à vérifier",
}
"""Why a mass is unknown."""


def title(view: FlowView, choice: Choice) -> str:
    """Say what is selected, in plain text."""
    links = view.links
    parts = []
    if choice.place is not None:
        parts.append(place_name(links, choice.place, view.names))
    if choice.origin is not None and choice.origin == choice.destination:
        parts.append(f"Reste sur place{NNBSP}: {place_name(links, choice.origin, view.names)}")
    elif choice.origin is not None and choice.destination is not None:
        ends = (choice.origin, choice.destination)
        parts.append(" → ".join(place_name(links, end, view.names) for end in ends))
    elif choice.origin is not None:
        parts.append(f"Depuis {place_name(links, choice.origin, view.names)}")
    elif choice.destination is not None:
        parts.append(f"Vers {place_name(links, choice.destination, view.names)}")
    if choice.stream is not None:
        known = choice.stream in {s.value for s in Stream}
        parts.append(stream_label(choice.stream if known else ""))
    if choice.family is not None:
        families = {f.value: label for f, label in wording.RESOURCE_FAMILY.items()}
        parts.append(families.get(choice.family, "Famille non dite"))
    if choice.scope is not None:
        parts.append(wording.FLOW_SCOPE.get(choice.scope, choice.scope))
    if choice.link is not None:
        parts.append("un flux du tableau")
    return ", ".join(parts)


def banner(view: FlowView, choice: Choice, picked: Picture) -> None:
    """Say above the map what is selected, with « revenir » and « effacer »."""
    with st.container(
        horizontal=True, vertical_alignment="center", key="flows-selected", border=True
    ):
        st.markdown(
            f":material/filter_alt: Sélection : **{escape.markdown(title(view, choice))}** – "
            f"{escape.markdown(_sum(picked))}"
        )
        if state.can_go_back():
            st.button("Sélection précédente", icon=icons.MATERIAL_BACK, on_click=state.go_back)
        st.button(
            "Effacer la sélection",
            icon=icons.MATERIAL_CLEAR,
            type="primary",
            on_click=state.choose,
            args=(Choice(),),
        )


def _sum(picked: Picture) -> str:
    count = f"{number(len(picked.links))} flux"
    if len(picked.links) == picked.measured.unknown_count:
        return f"{count} de quantité inconnue"
    return f"{count}, {with_margin(*picked.measured.total(), picked.measured.unit)}"


def card(view: FlowView, choice: Choice, picked: Picture) -> None:
    """Draw the selected flows, the heaviest first."""
    st.html(card_html(view, choice, picked))


def card_html(view: FlowView, choice: Choice, picked: Picture) -> str:
    """Return the selected flows as HTML; every text of a record goes through ``escape.html``."""
    measured = picked.measured
    order = np.argsort(-np.nan_to_num(measured.value, nan=-1.0), kind="stable")
    rows = "".join(_row(view, picked, int(i)) for i in order[:_SHOWN])
    rest = len(order) - _SHOWN
    more = f'<p class="cf-quiet">et {number(rest)} autres, dans le tableau.</p>'
    return (
        f'<article class="cf-card"><h2>{html(title(view, choice))}</h2>'
        f"<p>{html(_sum(picked))}</p>"
        f'<ul class="cf-flows">{rows}</ul>{more if rest > 0 else ""}</article>'
    )


def _row(view: FlowView, picked: Picture, i: int) -> str:
    frame, measured = picked.links.frame, picked.measured
    link = frame.iloc[i]
    ends = [end_name(view, picked, link, end) for end in ("origin", "destination")]
    way = " → ".join(ends) if ends[0] != ends[1] else f"reste chez {ends[0]}"
    value = measured.value[i]
    amount = (
        with_margin(value, measured.low[i], measured.high[i], measured.unit)
        if np.isfinite(value)
        else GAPS.get(link["gap"], "inconnu dans cette mesure")
    )
    year = "" if link.isna()["year"] else str(link["year"])
    notes = " · ".join(
        part for part in (year, link["treatment_code"], _declared(link["declared_by"])) if part
    )
    symbol = symbols.stream(Stream(link["stream"])) if link["stream"] else ""
    badge = reliability_badge(link["reliability"])
    return (
        f"<li>{symbol}<div><div><strong>{html(link['resource_name'])}</strong></div>"
        f"<div>{html(way)}</div><div>{html(amount)} {badge}</div>"
        f'<div class="cf-quiet">{html(notes)}</div></div></li>'
    )


def end_name(view: FlowView, picked: Picture, link: "object", end: str) -> str:
    """Name of one end of a link; the partner in the actor's words where that says more."""
    row: dict[str, str] = link.to_dict()  # type: ignore[attr-defined]
    name = place_name(picked.links, row[end], view.names)
    label = row["partner_label"]
    is_partner = row[f"{end}_actor"] == "" and not row["protected"]
    return f"{label} ({name})" if is_partner and label and label != name else name


def reliability_badge(level: str) -> str:
    """Return the badge of a reliability, empty for a protected sum."""
    if not level:
        return ""
    return (
        f'<span class="cf-badge cf-{level}">{html(wording.RELIABILITY[Reliability(level)])}</span>'
    )


def _declared(by: str) -> str:
    return {
        "origin": "dit par l’expéditeur",
        "destination": "dit par le destinataire",
        "both": "dit par les deux",
    }.get(by, "")
