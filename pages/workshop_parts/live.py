"""What the room sees: cards landing, counters, the proposals of the moment, the tables."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.french import number, quantity
from data.model import Card, SynergyKind
from pages.ui import chrome, escape, icons, localtime, maps, palette, wording
from pages.ui.session import get_store, snapshot, theme
from pages.workshop_parts import landing, welcome
from pages.workshop_parts.hall import Hall, hall
from pages.workshop_parts.proposals import Proposal, proposals

EVERY_S: Final = 1.0
"""Two seconds are promised between a phone's acknowledgement and the screen."""
_LATEST: Final = 6
_LATEST_PROJECTED: Final = 2
"""Fewer, and fewer tables: the proposals of the moment must have their place on a projector."""
_TABLES_PROJECTED: Final = 9
_HEIGHT: Final = 560


def draw(workshop_id: str) -> None:
    """Draw the room's screen; the map and the words each keep themselves up to date."""
    _words_above(workshop_id)
    left, right = st.columns([1.9, 1])
    with left, st.container(key="workshop-map"):
        maps.show_map(
            f"workshop-{workshop_id}",
            snapshot().territory,
            landing.layer(workshop_id, theme()),
            theme=theme(),
            height=_HEIGHT,
            scale=maps.LARGE if chrome.presenting() else 1.0,
            label="Carte des fiches de l’atelier",
            plugins=(landing.LandingAssets(),),
        )
    with right, st.container(key="workshop-side"):
        _words_beside(workshop_id)


@st.fragment(run_every=EVERY_S)
def _words_above(workshop_id: str) -> None:
    now = hall(get_store(), workshop_id)
    if now is None:
        st.warning("Cet atelier n’existe plus.", icon=":material/info:")
        return
    st.html(_counters(now, proposals(now, snapshot(), localtime.today())))


@st.fragment(run_every=EVERY_S)
def _words_beside(workshop_id: str) -> None:
    now = hall(get_store(), workshop_id)
    if now is None:
        return
    large = chrome.presenting()
    welcome.draw(now, large=large)
    best = proposals(now, snapshot(), localtime.today())[: landing.BEST]
    cards = now.shown[: _LATEST_PROJECTED if large else _LATEST]
    drawn = _latest(now, cards) + _tables(now, large=large) + _proposals(now, best)
    st.html(f'<div class="cf-projected">{drawn}</div>' if large else drawn)


def _counters(now: Hall, offered: Sequence[Proposal]) -> str:
    counts = (
        (len(now.companies), "entreprise", "entreprises"),
        (len(now.shown), "fiche", "fiches"),
        (len(now.ideas), "idée", "idées"),
        (len(now.kept), "idée retenue", "idées retenues"),
        (len(offered), "proposition", "propositions"),
    )
    facts = "".join(
        f"<li><strong>{number(count)}</strong> <span>{wording.plural(count, one, many)}</span></li>"
        for count, one, many in counts
    )
    waiting = (
        f'<p class="cf-quiet">{number(len(now.waiting))} '
        f"{wording.plural(len(now.waiting), 'fiche attend', 'fiches attendent')} d’être relues</p>"
        if now.waiting
        else ""
    )
    return f'<div class="cf-card cf-hall-counts"><ul>{facts}</ul>{waiting}</div>'


def _latest(now: Hall, cards: Sequence[Card]) -> str:
    rows = "".join(
        f'<li><span class="cf-side" style="background:{palette.SIDE[card.side]}">'
        f'<i class="{icons.SIDE[card.side].css_class}" aria-hidden="true"></i>'
        f"{wording.SIDE[card.side]}</span> <strong>{escape.html(card.label)}</strong>"
        f"{escape.html(amount(card))}<br><span class='cf-quiet'>"
        f"{escape.html(now.company_name(card))}</span></li>"
        for card in cards
    )
    if not rows:
        rows = "<li class='cf-quiet'>Les premières fiches apparaîtront ici.</li>"
    return f'<div class="cf-card"><h3>Dernières fiches</h3><ul class="cf-rows">{rows}</ul></div>'


def amount(card: Card) -> str:
    """Quantity of a card for the screen, with a leading comma; empty when unknown."""
    if card.quantity is None:
        return ""
    per = f" par {wording.PERIOD[card.period]}" if card.period else ", une fois"
    return f", {quantity(card.quantity, card.unit)}{per}"


def _proposals(now: Hall, offered: Sequence[Proposal]) -> str:
    if not offered:
        return ""
    rows = "".join(
        f"<li><strong>{escape.html(one.title(now))}</strong><br><span class='cf-quiet'>"
        f"{_why(one)}</span></li>"
        for one in offered
    )
    return (
        '<div class="cf-card cf-proposed"><h3>Propositions du moment</h3>'
        f'<ul class="cf-rows">{rows}</ul></div>'
    )


def _why(one: Proposal) -> str:
    if one.kind is SynergyKind.POOLING:
        return escape.html(one.reasons[0] if one.reasons else "À faire ensemble")
    return escape.html(f"{number(one.score, 0)} points sur 100 · {one.reasons[0]}")


def _tables(now: Hall, *, large: bool) -> str:
    counts = [(f"Table {one}" if one else "Sans table", n) for one, n in now.by_table.items()]
    if large and len(counts) > _TABLES_PROJECTED:
        others = counts[_TABLES_PROJECTED - 1 :]
        del counts[_TABLES_PROJECTED - 1 :]
        counts.append((f"{number(len(others))} autres", sum(n for _, n in others)))
    most = max((n for _, n in counts), default=0)
    rows = "".join(
        f"<li><span>{name}</span>"
        f'<span class="cf-gauge"><span style="width:{100 * count / most if most else 0:.0f}%">'
        f"</span></span><strong>{number(count)}</strong></li>"
        for name, count in counts
    )
    return (
        '<div class="cf-card"><h3>Fiches par table</h3>'
        f'<ul class="cf-rows cf-tables">{rows}</ul></div>'
    )
