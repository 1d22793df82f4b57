"""The card of an actor: who, where (and how sure), what it can do, its flows, from which source."""

from collections.abc import Iterable

import streamlit as st

from data.french import NNBSP, number, quantity, quote, significant, with_margin
from data.model import Actor, Direction, Flow, Origin, Reliability
from data.text import fold
from pages.map_parts import state
from pages.map_parts.view import PublicView
from pages.ui import icons, symbols, wording
from pages.ui.escape import html, link

_ARROW = {Direction.OUT: "fa-arrow-up-right-from-square", Direction.IN: "fa-arrow-right-to-bracket"}
_HEADINGS = {Direction.OUT: "Flux sortants", Direction.IN: "Flux entrants"}


def draw(view: PublicView, actor: Actor) -> None:
    """Draw the card, with the button that closes it."""
    with st.container(horizontal=True, horizontal_alignment="right", key="map-card-close"):
        st.button(
            "Fermer la fiche",
            icon=icons.MATERIAL_CLEAR,
            type="tertiary",
            on_click=state.open_card,
            args=(None,),
        )
    st.html(card_html(view, actor))


def card_html(view: PublicView, actor: Actor) -> str:
    """Return the card as HTML; every text of the record goes through ``escape.html``."""
    flows = view.flows_of.get(actor.id, [])
    parts = [
        '<article class="cf-card">',
        f"<h2>{html(actor.name)}</h2>",
        _identity(actor),
        _paragraph(actor.activity),
        _paragraph(actor.description),
        _competences(actor),
        _place(view, actor),
        *(
            _flows(view, flows, direction, actor.origin)
            for direction in (Direction.OUT, Direction.IN)
        ),
        "" if flows else '<p class="cf-quiet">Aucun flux connu pour cet acteur.</p>',
        _source(actor),
        "</article>",
    ]
    return "".join(parts)


def _identity(actor: Actor) -> str:
    return (
        f"<p>{symbols.actor_kind(actor.kind)} "
        f"{html(wording.ACTOR_KIND[actor.kind])} · collège "
        f"{html(wording.COLLEGE[actor.college].lower())}{_origin(actor.origin)}</p>"
    )


def _paragraph(text: str) -> str:
    return f"<p>{html(text)}</p>" if text.strip() else ""


def _origin(origin: Origin) -> str:
    if origin is Origin.FIELD:
        return ""
    return f' <span class="cf-badge cf-demo">{html(wording.ORIGIN[origin])}</span>'


def _competences(actor: Actor) -> str:
    if not actor.competences:
        return ""
    chips = "".join(f'<li class="cf-chip">{html(one)}</li>' for one in actor.competences)
    return f'<h3>Compétences</h3><ul class="cf-chips">{chips}</ul>'


def _place(view: PublicView, actor: Actor) -> str:
    address, commune = actor.address.strip(), view.commune_name(actor)
    if fold(address).endswith(fold(commune)):
        commune = ""  # « 2 rue du Port, 24100 Bergerac » says it already
    where = ", ".join(html(part) for part in (address, commune) if part)
    epci = view.epci_name(actor)
    site = link(actor.website)
    web = (
        f'<p><a href="{html(site)}" target="_blank" rel="noopener noreferrer">{html(site)}</a></p>'
        if site
        else ""
    )
    return (
        f"<h3>Où</h3><p>{where}{f' ({html(epci)})' if epci else ''}<br>"
        f'<span class="cf-quiet">Position '
        f"{html(wording.POSITION_PRECISION[actor.position_precision])}</span></p>{web}"
    )


def _flows(
    view: PublicView, flows: Iterable[Flow], direction: Direction, same_origin: Origin
) -> str:
    chosen = [flow for flow in flows if flow.direction is direction]
    if not chosen:
        return ""
    mass = view.mass
    chosen.sort(key=lambda flow: -(mass[flow.id].t_per_year if flow.id in mass else -1.0))
    total = view.tonnes(chosen, direction)
    heading = f"{_HEADINGS[direction]}{NNBSP}: {number(len(chosen))}"
    if total is not None:
        heading += f", environ {quantity(significant(total, 3), 't/an')}"
    rows = "".join(_flow(view, flow, same_origin) for flow in chosen)
    return (
        f'<h3><i class="fa-solid {_ARROW[direction]}" aria-hidden="true"></i> {html(heading)}</h3>'
        f'<ul class="cf-flows">{rows}</ul>'
    )


def _flow(view: PublicView, flow: Flow, same_origin: Origin) -> str:
    resource = view.snapshot.resource.get(flow.resource_id)
    name = resource.name if resource else flow.resource_id
    symbol = symbols.stream(resource.stream) if resource else ""
    own_words = quote(flow.label) if flow.label and flow.label != name else ""
    origin = "" if flow.origin is same_origin else _origin(flow.origin)
    context = " · ".join(part for part in (_partner(view, flow), str(flow.year or "")) if part)
    return (
        f"<li>{symbol}<div>"
        f"<div><strong>{html(name)}</strong> {html(own_words)}</div>"
        f"<div>{html(amount(view, flow))} {reliability(flow.reliability)}{origin}</div>"
        f"{_quiet(context)}{_quiet(flow.reliability_note or flow.source)}"
        "</div></li>"
    )


def _quiet(text: str) -> str:
    return f'<div class="cf-quiet">{html(text)}</div>' if text else ""


def reliability(level: Reliability) -> str:
    """Return the badge of a reliability: plain, outlined or dashed, always with its word."""
    return f'<span class="cf-badge cf-{level.value}">{html(wording.RELIABILITY[level])}</span>'


def amount(view: PublicView, flow: Flow) -> str:
    """Return the flow's size: tonnes a year with their margin, else in its own unit."""
    mass = view.mass.get(flow.id)
    if mass is not None:
        return with_margin(mass.t_per_year, mass.low, mass.high, "t/an")
    if flow.quantity is None:
        return "quantité inconnue"
    return f"{quantity(flow.quantity, flow.unit)} par {wording.PERIOD[flow.period]}"


def _partner(view: PublicView, flow: Flow) -> str:
    partner = view.snapshot.actor.get(flow.partner_id) if flow.partner_id else None
    public = partner is not None and partner.id in view.position
    name = partner.name if partner is not None and public else flow.partner_name
    commune = view.snapshot.commune.get(flow.partner_place)
    place = commune.name if commune else flow.partner_place
    text = ", ".join(part for part in (name, place) if part)
    if not text:
        return ""
    return f"{'vers' if flow.direction is Direction.OUT else 'depuis'} {text}"


def _source(actor: Actor) -> str:
    if not actor.source:
        return '<p class="cf-quiet">Source non renseignée.</p>'
    return f'<p class="cf-quiet">Source{NNBSP}: {html(actor.source)}</p>'
