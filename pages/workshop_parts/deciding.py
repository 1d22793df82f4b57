"""Keep, merge or set aside, one idea at a time, from the keyboard."""

from dataclasses import dataclass

import streamlit as st

from data.french import NNBSP, number, quote, tidy
from data.model import Card, CardState, Idea, SynergyKind
from data.text import fold
from pages.ui import escape, localtime, wording
from pages.ui.session import snapshot
from pages.workshop_parts import writes
from pages.workshop_parts.hall import Hall
from pages.workshop_parts.live import amount
from pages.workshop_parts.proposals import Proposal, proposals

_PLACE = "workshop-decide-place"
_OWNER = "workshop-decide-owner"
_INTO = "workshop-decide-into"
_SHOWN = "workshop-kept-shown"
_AT_FIRST = 10
"""Ideas kept shown at first: each has its field, and a day keeps dozens."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An idea to decide on: already written, or a proposal that would become one."""

    idea: Idea
    proposal: Proposal | None = None


def candidates(now: Hall) -> list[Candidate]:
    """List what waits for a decision: the room's ideas first, then the proposals."""
    voiced = [Candidate(idea=idea) for idea in now.undecided]
    offered = [
        Candidate(idea=writes.idea_of(now, one), proposal=one)
        for one in proposals(now, snapshot(), localtime.today())
    ]
    return voiced + offered


def draw(now: Hall) -> None:
    """Draw the idea to decide on, then those already kept."""
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _decide(now)
    with right:
        _say(now)
        _kept(now)


def _decide(now: Hall) -> None:
    waiting = candidates(now)
    if not waiting:
        st.info(
            tidy(
                "Rien à décider pour l’instant. Les propositions viennent dès que deux fiches se "
                "répondent ; les idées de la salle s’ajoutent à droite."
            ),
            icon=":material/check:",
        )
        return
    place = min(int(st.session_state.get(_PLACE, 0)), len(waiting) - 1)
    one = waiting[place]
    with st.container(border=True, key="workshop-decide"):
        st.caption(f"{number(place + 1)} sur {number(len(waiting))}")
        st.subheader(escape.markdown(one.idea.title), anchor=False)
        _cards(now, one)
        st.text_input(
            "Qui prend la suite\u202f?",
            key=_OWNER,
            max_chars=120,
            placeholder="Prénom, rôle ou entreprise",
        )
        with st.container(horizontal=True):
            st.button(
                "Garder",
                key="workshop-keep",
                type="primary",
                icon=":material/check:",
                shortcut="G",
                on_click=_keep,
                args=(now, one),
            )
            st.button(
                "Écarter",
                key="workshop-reject",
                icon=":material/close:",
                shortcut="E",
                on_click=writes.reject,
                args=(one.idea,),
            )
            st.button(
                "Suivante",
                key="workshop-next",
                icon=":material/skip_next:",
                shortcut="S",
                on_click=_go,
                args=((place + 1) % len(waiting),),
                disabled=len(waiting) < 2,  # noqa: PLR2004
            )
            st.button(
                "Précédente",
                key="workshop-previous",
                icon=":material/skip_previous:",
                shortcut="P",
                on_click=_go,
                args=((place - 1) % len(waiting),),
                disabled=len(waiting) < 2,  # noqa: PLR2004
            )
        _merging(now, one)


def _cards(now: Hall, one: Candidate) -> None:
    for card_id in one.idea.card_ids:
        card = now.card.get(card_id)
        if card is not None:
            words = f" – {card.words}" if card.words else ""
            st.markdown(
                f"- **{wording.SIDE[card.side]}** de {escape.markdown(card.company)}{NNBSP}: "
                f"{escape.markdown(card.label + amount(card) + words)}"
            )
    if one.proposal is None:
        st.caption(f"Idée de {escape.markdown(one.idea.proposed_by or 'la salle')}")
        return
    if one.proposal.kind is SynergyKind.SUBSTITUTION:
        st.caption(
            f"Proposée par Cartoflux, {number(one.proposal.score, 0)} points sur 100{NNBSP}: "
            + escape.markdown(" · ".join(one.proposal.reasons))
        )
    else:
        st.caption(
            "Proposée par Cartoflux, à faire ensemble : "
            + escape.markdown(" · ".join(one.proposal.reasons))
        )


def _merging(now: Hall, one: Candidate) -> None:
    others = [idea for idea in (*now.kept, *now.undecided) if idea.id != one.idea.id]
    if not others:
        return
    by_id = {idea.id: idea for idea in sorted(others, key=lambda idea: -likeness(one.idea, idea))}
    nearest = next(iter(by_id.values()))
    if likeness(one.idea, nearest):
        st.button(
            f"Mettre avec l’idée la plus proche{NNBSP}: {quote(escape.markdown(nearest.title))}",
            key="workshop-merge-nearest",
            icon=":material/merge:",
            shortcut="M",
            on_click=writes.merge,
            args=(one.idea, nearest),
        )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Mettre avec une autre idée",
        list(by_id),
        index=None,
        format_func=lambda one: by_id[one].title if one in by_id else one,
        placeholder="Choisissez l’idée qui portera la suite, les plus proches d’abord",
        key=_INTO,
    )
    right.button(
        "Mettre ensemble",
        key="workshop-merge",
        icon=":material/merge:",
        on_click=_merge,
        args=(one.idea, by_id.get(chosen or "")),
        disabled=chosen is None,
        width="stretch",
    )


def likeness(one: Idea, other: Idea) -> int:
    """How near two ideas are: cards in common count most, then the resource, then companies."""
    cards = len(set(one.card_ids) & set(other.card_ids))
    same = one.resource_id is not None and one.resource_id == other.resource_id
    return 6 * cards + 3 * same + len(set(one.company_names) & set(other.company_names))


def _keep(now: Hall, one: Candidate) -> None:
    owner = " ".join(str(st.session_state.get(_OWNER) or "").split())
    writes.keep(now, one.idea, owner)
    st.session_state[_OWNER] = ""


def _merge(idea: Idea, into: Idea | None) -> None:
    if into is not None:
        writes.merge(idea, into)
        st.session_state[_INTO] = None


def _go(place: int) -> None:
    st.session_state[_PLACE] = place


def _say(now: Hall) -> None:
    with (
        st.expander("Ajouter une idée de la salle", icon=":material/add:"),
        st.form("workshop-say", border=False, clear_on_submit=True),
    ):
        title = st.text_input("L’idée, en une phrase", max_chars=200)
        by_id = {card.id: card for card in now.cards if card.state is not CardState.HIDDEN}
        cards = st.multiselect(
            "Fiches dont elle parle",
            sorted(by_id, key=lambda one: (fold(by_id[one].company), fold(by_id[one].label))),
            format_func=lambda one: _card_name(by_id[one]),
            placeholder="Une entreprise, une ressource…",
            help="Donneur et preneur viennent des fiches : la synergie aura ses parties.",
        )
        companies = st.multiselect(
            "Autres entreprises concernées",
            [one.name for one in now.companies],
            placeholder="Choisissez",
        )
        table = st.number_input("Table", 0, now.workshop.tables, 0, help="0 = toute la salle")
        if st.form_submit_button("Ajouter"):
            if title.strip():
                words = " ".join(title.split())
                writes.say_idea(now, words, tuple(cards), tuple(companies), int(table))
                st.rerun()
            st.error("Écrivez l’idée en une phrase.")


def _card_name(card: Card) -> str:
    return f"{card.company} – {wording.SIDE[card.side].lower()} – {card.label}"


def _kept(now: Hall) -> None:
    st.subheader(f"Idées retenues ({number(len(now.kept))})", anchor=False)
    if not now.kept:
        st.caption("Celles que vous garderez deviendront des synergies à suivre.")
        return
    most = int(st.session_state.get(_SHOWN, _AT_FIRST))
    for idea in now.kept[:most]:
        with st.container(border=True, key=f"workshop-kept-{idea.id}"):
            st.markdown(f"**{escape.markdown(idea.title)}**")
            key = f"workshop-owner-{idea.id}"
            st.text_input(
                "Responsable",
                value=idea.owner,
                key=key,
                max_chars=120,
                placeholder="Personne pour l’instant",
                on_change=_assign,
                args=(idea.id, key),
            )

    if len(now.kept) > most:
        st.button(
            f"En voir {number(min(_AT_FIRST, len(now.kept) - most))} de plus",
            key="workshop-kept-more",
            type="tertiary",
            on_click=_more,
            args=(most,),
        )


def _more(most: int) -> None:
    st.session_state[_SHOWN] = most + _AT_FIRST


def _assign(idea_id: str, key: str) -> None:
    writes.assign(idea_id, " ".join(str(st.session_state.get(key) or "").split()))
