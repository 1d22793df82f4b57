"""« Propositions »: pairs with their reasons, poolings, loops, the best sharing, hypotheses."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.french import NNBSP, number, quantity, significant, with_margin
from data.model import Listing, Side, Synergy
from data.synergies import already_followed, from_loop, from_match, from_pool
from optimization.matching import Allocation, Loop, Match, Pool
from optimization.proposals import Proposals
from pages.synergies_parts import actions, compute, pieces, state, to_round
from pages.synergies_parts.view import View
from pages.ui import escape, localtime, wording
from pages.ui.session import who

_MOST: Final = 10
_REASONS: Final = {
    "resource": "Ressource",
    "quantity": "Quantités",
    "distance": "Distance",
    "quality": "Qualité",
    "rhythm": "Rythme",
    "season": "Saison, dates",
}
_PAIRS, _ONE, _POOLS, _LOOPS, _SHARE, _GUESS = (
    "Meilleures paires",
    state.FOR_ONE,
    "Mutualisations",
    "Chaînes et boucles",
    "Partage d’ensemble",
    "Hypothèses",
)


def draw(view: View) -> None:
    """Draw the proposals."""
    if not view.listings:
        st.info(
            "Aucune offre ni besoin dans cette vue\u202f: saisissez-en, ou tirez-en des études de "
            "flux, dans la rubrique Offres et besoins.",
            icon=":material/info:",
        )
        return
    part = st.segmented_control(
        "Propositions",
        [_PAIRS, _ONE, _POOLS, _LOOPS, _SHARE, _GUESS],
        default=_PAIRS,
        required=True,
        key=state.PROPOSAL,
        label_visibility="collapsed",
        bind="query-params",
    )
    if part == _ONE:
        _for_one(view)
        return
    found = compute.proposals(view)
    if found is None:
        return
    sections: dict[str, Callable[[View, Proposals], None]] = {
        _PAIRS: _pairs,
        _POOLS: _pools,
        _LOOPS: _loops,
        _SHARE: _share,
        _GUESS: _hypotheses,
    }
    sections[part or _PAIRS](view, found)


def _pairs(view: View, found: Proposals) -> None:
    _left_out(found)
    if not found.matches:
        st.info("Aucune offre ne répond à un besoin pour l’instant.", icon=":material/info:")
        return
    st.caption(
        "Les points s’additionnent\u202f: ouvrez «\u00a0Pourquoi ce score\u00a0» pour refaire le "
        "compte."
    )
    _matches(view, found.matches, view.listing, "pair")


def _left_out(found: Proposals) -> None:
    if found.left_out:
        told = ", ".join(f"{number(count)} ({reason})" for reason, count in found.left_out.items())
        st.caption(f"Annonces que le rapprochement laisse de côté{NNBSP}: {escape.markdown(told)}.")


def _for_one(view: View) -> None:
    order = sorted(
        view.listings, key=lambda one: (one.side is Side.OFFER, view.listing_name(one).casefold())
    )
    ids = [listing.id for listing in order]
    chosen = st.selectbox(
        "Offre ou besoin",
        ids,
        index=None,
        key=state.LISTING,
        format_func=lambda id_: listing_title(view, view.listing.get(id_)),
        placeholder="Choisir un besoin, ou une offre",
    )
    if chosen is None:
        return
    found = compute.ranked(view, chosen)
    if found is None:
        return
    if not found:
        st.info(
            "Rien ne lui répond pour l’instant, ou elle n’est pas sur le marché (expirée, "
            "indisponible, mots non reconnus).",
            icon=":material/info:",
        )
        return
    _matches(view, found, view.listing, "one")


def listing_title(view: View, listing: Listing | None) -> str:
    """Name a listing in a list: side, resource, actor."""
    if listing is None:
        return "?"
    actor = view.names.get(listing.actor_id, "?")
    return f"{wording.SIDE[listing.side]}{NNBSP}: {view.listing_name(listing)} – {actor}"


def _matches(
    view: View,
    found: Sequence[Match],
    listings: dict[str, Listing],
    place: str,
    *,
    hypothetical: bool = False,
) -> None:
    pairs, groups = already_followed(view.synergies)
    key = f"synergies-more-{place}"
    shown = int(st.session_state.get(key, _MOST))
    for number_, match in enumerate(found[:shown]):
        offer, need = listings.get(match.offer_id), listings.get(match.need_id)
        if offer is None or need is None:
            continue
        with st.container(border=True, key=f"synergies-{place}-{number_}"):
            _match(view, match, offer, need, hypothetical=hypothetical)
            with st.container(horizontal=True, vertical_alignment="center"):
                known = pairs.get((offer.id, need.id))
                if known is None:
                    resource_id = offer.resource_id or need.resource_id
                    known = groups.get((resource_id, frozenset({offer.actor_id, need.actor_id})))
                follow = f"synergies-follow-{place}-{offer.id}-{need.id}"
                if known is not None:
                    _followed(known, follow)
                else:
                    st.button(
                        "Suivre",
                        icon=":material/add_task:",
                        key=follow,
                        on_click=_do_follow_pair,
                        args=(view, match, offer, need),
                    )
                with st.popover("Pourquoi ce score", icon=":material/functions:"):
                    _why(match)
    if len(found) > shown:
        st.button(
            f"En voir {min(_MOST, len(found) - shown)} de plus",
            key=f"{key}-go",
            on_click=_more,
            args=(key, shown),
        )


def _more(key: str, shown: int) -> None:
    st.session_state[key] = shown + _MOST


def _match(view: View, match: Match, offer: Listing, need: Listing, *, hypothetical: bool) -> None:
    badge = f":orange-badge[:material/science: {wording.HYPOTHESIS_BADGE}] " if hypothetical else ""
    giver = escape.markdown(view.names.get(offer.actor_id, "?"))
    taker = escape.markdown(view.names.get(need.actor_id, "?"))
    gives, takes = view.listing_name(offer), view.listing_name(need)
    what = escape.markdown(gives if gives == takes else f"{gives} pour {takes}")
    facts = [
        quantity(match.distance_km, "km", 1),
        _shared(match.shared_t_per_year, match.low, match.high),
    ]
    reasons = [
        escape.markdown(reason.text)
        for reason in sorted(match.reasons, key=lambda r: -r.points)
        if reason.points > 0
    ]
    st.markdown(
        f"{badge}**{number(match.score)}**/100 · **{what}**  \n"
        f"{giver} → {taker} · {' · '.join(escape.markdown(f) for f in facts if f)}  \n"
        f":gray[{' '.join(reasons)}]"
    )


def _shared(mass: float | None, low: float | None, high: float | None) -> str:
    if mass is None:
        return ""
    return with_margin(mass, mass if low is None else low, mass if high is None else high, "t/an")


def why_table(match: Match) -> pd.DataFrame:
    """Return the score as a sum that a person can do again."""
    rows: list[dict[str, str]] = [
        {
            "Critère": _REASONS.get(reason.key, reason.key),
            "Points": f"{number(reason.points)} sur {number(reason.most)}",
            "Pourquoi": escape.markdown(reason.text),
        }
        for reason in match.reasons
    ]
    rows.append(
        {
            "Critère": "**Total**",
            "Points": f"**{number(match.score)}** sur "
            f"{number(sum(reason.most for reason in match.reasons))}",
            "Pourquoi": "Somme des points",
        }
    )
    return pd.DataFrame(rows).set_index("Critère")


def _why(match: Match) -> None:
    st.table(why_table(match))
    st.caption(f"Distance{NNBSP}: {escape.markdown(match.distance_source)}.")


def _followed(synergy: Synergy, key: str) -> None:
    st.markdown(
        f":material/visibility: Déjà suivie{NNBSP}: {pieces.status_badge(synergy.status)}",
        width="content",
    )
    st.button(
        "Ouvrir",
        key=f"{key}-open",
        type="tertiary",
        on_click=state.open_synergy,
        args=(synergy.id,),
    )


def _do_follow_pair(view: View, match: Match, offer: Listing, need: Listing) -> None:
    stored = view.listing
    synergy = from_match(
        match,
        offer,
        need,
        names=view.names,
        resource_name=view.listing_name(offer),
        day=localtime.today().isoformat(),
        who=who(),
        known={id_ for id_ in (offer.id, need.id) if id_ in stored},
    )
    actions.create(synergy)


def _pools(view: View, found: Proposals) -> None:
    if not found.pools:
        st.info(
            "Aucun groupe d’au moins trois acteurs proches avec la même offre ou le même besoin.",
            icon=":material/info:",
        )
        return
    groups = already_followed(view.synergies)[1]
    for place, pool in enumerate(found.pools[: 3 * _MOST]):
        with st.container(border=True, key=f"synergies-pool-{place}"):
            _pool(view, pool)
            with st.container(horizontal=True, vertical_alignment="center"):
                key = f"synergies-follow-pool-{place}"
                known = groups.get((pool.resource_id or None, frozenset(pool.actor_ids)))
                if known is not None:
                    _followed(known, key)
                else:
                    st.button(
                        "Suivre", icon=":material/add_task:", key=key, on_click=_do_follow_pool,
                        args=(view, pool),
                    )  # fmt: skip
                if pool.side is Side.OFFER:
                    to_round.link(view, pool.resource_id, pool.actor_ids)


def _pool(view: View, pool: Pool) -> None:
    names = ", ".join(escape.markdown(view.names.get(each, "?")) for each in pool.actor_ids)
    st.markdown(f"**{escape.markdown(pool.text)}**  \n{names}")


def _do_follow_pool(view: View, pool: Pool) -> None:
    resource = view.snapshot.resource.get(pool.resource_id)
    mine = [view.listing[each] for each in pool.listing_ids if each in view.listing]
    name = resource.name if resource else (mine[0].label if mine else "Ressource")
    actions.create(
        from_pool(pool, mine, resource_name=name, day=localtime.today().isoformat(), who=who())
    )


def _loops(view: View, found: Proposals) -> None:
    if not found.loops:
        st.info("Aucune chaîne ni boucle pour l’instant.", icon=":material/info:")
        return
    groups = already_followed(view.synergies)[1]
    for place, loop in enumerate(found.loops[: 3 * _MOST]):
        with st.container(border=True, key=f"synergies-loop-{place}"):
            icon = ":material/sync:" if loop.closed else ":material/linear_scale:"
            scores = ", ".join(number(link.score) for link in loop.links)
            st.markdown(
                f"{icon} **{escape.markdown(loop.text)}**  \n"
                f":gray[Points de chaque maillon{NNBSP}: {scores}]"
            )
            key = f"synergies-follow-loop-{place}"
            known = groups.get((None, frozenset(loop.actor_ids)))
            with st.container(horizontal=True, vertical_alignment="center"):
                if known is not None:
                    _followed(known, key)
                else:
                    st.button(
                        "Suivre", icon=":material/add_task:", key=key, on_click=_do_follow_loop,
                        args=(view, loop),
                    )  # fmt: skip


def _do_follow_loop(view: View, loop: Loop) -> None:
    ids = dict.fromkeys(end for link in loop.links for end in (link.offer_id, link.need_id))
    actions.create(
        from_loop(
            loop.actor_ids,
            [view.listing[each] for each in ids if each in view.listing],
            names=view.names,
            text=loop.text,
            closed=loop.closed,
            day=localtime.today().isoformat(),
            who=who(),
        )
    )


def _share(view: View, found: Proposals) -> None:
    shared = found.allocation
    if not shared.lines:
        st.info(
            "Aucun partage possible\u202f: il faut des quantités connues des deux côtés.",
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True):
        st.metric("Matière gardée", quantity(shared.tonnes, "t/an", 1), border=True, width=190)
        st.metric("Transport (t.km/an)", number(shared.tonne_km, 0), border=True, width=190)
        st.metric("Échanges", number(len(shared.lines)), border=True, width=190)
    proof = (
        "Aucun autre partage ne garde plus de tonnes, ni autant avec moins de transport (prouvé)."
        if shared.proved
        else "Les paires les plus éloignées n’ont pas été regardées\u202f: ce partage n’est pas "
        "prouvé le meilleur."
    )
    st.caption(f"Le plus de tonnes gardées, puis le moins de tonnes-kilomètres. {proof}")
    st.dataframe(
        _lines(view, shared),
        hide_index=True,
        column_config=_localized("t/an", "km"),
        alt="Meilleur partage des offres entre les besoins",
    )
    if shared.left_over:
        st.markdown("**Ce qui reste**")
        rows = [
            {"Annonce": listing_title(view, view.listing.get(id_)), "t/an": significant(tonnes, 3)}
            for id_, tonnes in shared.left_over
        ]
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            column_config=_localized("t/an"),
            alt="Offres sans preneur et besoins sans réponse",
        )


def _localized(*names: str) -> dict[str, Any]:
    return {name: st.column_config.NumberColumn(format="localized") for name in names}


def _lines(view: View, shared: Allocation) -> pd.DataFrame:
    rows = []
    for line in shared.lines:
        offer, need = view.listing.get(line.offer_id), view.listing.get(line.need_id)
        if offer is None or need is None:
            continue
        rows.append(
            {
                "De": view.names.get(offer.actor_id, "?"),
                "Ressource": view.listing_name(offer),
                "Vers": view.names.get(need.actor_id, "?"),
                "t/an": significant(line.t_per_year, 3),
                "km": round(line.distance_km, 1),
            }
        )
    return pd.DataFrame(rows)


def _hypotheses(view: View, found: Proposals) -> None:
    st.warning(
        "Personne n’a dit cela. Ces paires sont déduites des codes d’activité\u202f: là où on l’a "
        "essayé, la plupart étaient fausses. À vérifier avant d’en parler à qui que ce soit.",
        icon=":material/science:",
    )
    if not found.hypotheses:
        st.info("Aucune hypothèse pour l’instant.", icon=":material/info:")
        return
    listings = {**view.listing, **{guess.id: guess for guess in found.guessed}}
    _matches(view, found.hypotheses, listings, "guess", hypothetical=True)
