"""The filter bar, and what it hides."""

from typing import Final

import streamlit as st

from data.french import NNBSP, number
from data.model import ActorKind, College, Direction, ResourceFamily, Stream
from geo.layers import Measure
from geo.select import Selected, Selection
from pages.map_parts import overlays, state
from pages.map_parts.view import PublicView
from pages.ui import chrome, escape, icons, wording

_NO_COLOR: Final = "Sans couleur"
MEASURES: Final[dict[Measure, str]] = {
    Measure.POPULATION: "Population",
    Measure.DENSITY: "Densité",
    Measure.ACTORS: "Nombre d’acteurs",
    Measure.TONNES: "Tonnes par an",
}


def bar(view: PublicView, selection: Selection) -> tuple[str, ...]:
    """Draw search, EPCI, colouring, the other filters behind one button, optional layers.

    Returns:
        The optional layers asked for.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="map-bar"):
        st.text_input(
            "Rechercher",
            key=state.TEXT,
            type="search",
            live="150ms",  # 250 by default: too long for an answer in half a second
            placeholder="Nom, activité, compétence…",
            icon=icons.MATERIAL_SEARCH,
            max_chars=100,
            width=280,
        )
        epci(view)
        st.selectbox(
            "Couleur des communes",
            [None, *Measure],
            key=state.MEASURE,
            format_func=lambda measure: MEASURES[measure] if measure else _NO_COLOR,
            placeholder=_NO_COLOR,
            width=190,
        )
        more = len(_behind_button(selection))
        with st.popover(
            f"Filtres ({more})" if more else "Filtres", icon=icons.MATERIAL_FILTER, key="map-more"
        ):
            _others(view, selection)
        layers = overlays.choose()
        st.button(
            "Présentation",
            key="map-present-button",
            icon=icons.MATERIAL_SCREEN,
            on_click=chrome.set_presenting,
            kwargs={"wanted": True},
            help="Plein écran, grands caractères\u202f: pour un vidéoprojecteur.",
        )
    return layers


def epci(view: PublicView) -> None:
    """Draw the choice of an EPCI."""
    st.pills(
        "EPCI",
        [one.code for one in view.territory.epcis],
        key=state.EPCI,
        format_func=lambda code: escape.markdown(view.snapshot.epci[code].short_name),
        help="\n\n".join(
            f"**{escape.markdown(one.short_name)}** – {escape.markdown(one.name)}"
            for one in view.territory.epcis
        ),
        on_change=_leave_commune,
    )


def _leave_commune() -> None:
    st.session_state[state.COMMUNE] = None


def _behind_button(selection: Selection) -> list[object]:
    chosen = (
        selection.commune,
        selection.kinds,
        selection.colleges,
        selection.families,
        selection.streams,
        selection.direction,
    )
    return [one for one in chosen if one]


def _others(view: PublicView, selection: Selection) -> None:
    names = {
        commune.code: commune.name
        for commune in view.territory.communes
        if selection.epci in (None, commune.epci_code)
    }
    if st.session_state.get(state.COMMUNE) not in names:
        st.session_state[state.COMMUNE] = None
    st.selectbox(
        "Commune",
        sorted(names, key=lambda code: names[code]),
        index=None,
        key=state.COMMUNE,
        format_func=lambda code: names.get(code, code),
        placeholder="Toutes les communes",
    )
    st.pills(
        "Type d’acteur",
        list(ActorKind),
        selection_mode="multi",
        key=state.KINDS,
        format_func=wording.ACTOR_KIND.__getitem__,
    )
    st.pills(
        "Collège",
        list(College),
        selection_mode="multi",
        key=state.COLLEGES,
        format_func=wording.COLLEGE.__getitem__,
        help="Collège de l’acteur dans la coopération territoriale.",
    )
    st.pills(
        "Sens du flux",
        list(Direction),
        key=state.DIRECTION,
        format_func=wording.DIRECTION.__getitem__,
        help="Vu de l’acteur\u202f: ce qui entre chez lui, ce qui en sort.",
    )
    st.multiselect(
        "Famille de ressources",
        list(ResourceFamily),
        key=state.FAMILIES,
        format_func=wording.RESOURCE_FAMILY.__getitem__,
        placeholder="Toutes les familles",
    )
    st.multiselect(
        "Filière",
        list(Stream),
        key=state.STREAMS,
        format_func=wording.STREAM.__getitem__,
        placeholder="Toutes les filières",
    )


def found(view: PublicView, selection: Selection, kept: Selected) -> None:
    """Say how many are found, what the filters hide, and offer to drop each of them."""
    active = state.active_filters(selection, _names(view))
    with st.container(horizontal=True, vertical_alignment="center", key="map-found"):
        st.markdown(sentence(view, kept))
        for label, without in active:
            more = len(view.select(without).actors) - len(kept.actors)
            st.button(
                escape.markdown(label),
                icon=icons.MATERIAL_CLEAR,
                key=f"map-drop-{label}",
                on_click=state.put,
                args=(without,),
                help=f"Retirer ce filtre\u202f: {number(more)} "
                f"{wording.plural(more, 'acteur')} de plus.",
            )
        if len(active) > 1:
            st.button(
                "Tout effacer",
                type="tertiary",
                on_click=state.put,
                args=(state.cleared(selection),),
            )


def sentence(view: PublicView, kept: Selected) -> str:
    """Return « **12 acteurs** sur 121, 34 flux ; 109 masqués par les filtres »."""
    shown, total = len(kept.actors), len(view.actors)
    flows = f"{number(len(kept.flows))} {wording.plural(len(kept.flows), 'flux', 'flux')}"
    people = f"**{number(shown)} {wording.plural(shown, 'acteur')}**"
    if shown == total and len(kept.flows) == len(view.flows):
        return f"{people}, {flows}"
    hidden = total - shown
    return (
        f"{people} sur {number(total)}, {flows}{NNBSP}; les filtres masquent "
        f"{number(hidden)} {wording.plural(hidden, 'acteur')}"
    )


def nobody(view: PublicView, selection: Selection) -> None:
    """Say that nobody matches, and which single filter to drop to find someone."""
    if not view.actors:
        st.info(
            "Aucun acteur n’est encore connu ici. Ajoutez le premier dans la page **Données**, "
            "ou importez-y un tableur\u202f; sa rubrique «\u00a0Démonstration\u00a0» installe "
            "des exemples.",
            icon=":material/info:",
        )
        return
    active = state.active_filters(selection, _names(view))
    ways = sorted(
        ((len(view.select(without).actors), label, without) for label, without in active),
        key=lambda way: -way[0],
    )
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="map-nobody"):
        all_at_once = "à tous ces filtres à la fois" if len(active) > 1 else "à cette demande"
        st.markdown(f"**Aucun acteur ne répond {all_at_once}.**", width="stretch")
        for count, label, without in ways:
            if count:
                st.button(
                    f"Retirer {escape.markdown(label)}\u202f: {number(count)} "
                    f"{wording.plural(count, 'acteur')}",
                    key=f"map-relax-{label}",
                    on_click=state.put,
                    args=(without,),
                )
        st.button(
            f"Revoir tout le territoire ({number(len(view.actors))} acteurs)",
            type="primary",
            on_click=state.put,
            args=(state.cleared(selection),),
        )


def _names(view: PublicView) -> dict[str, str]:
    epcis = {epci.code: epci.short_name for epci in view.territory.epcis}
    return epcis | {commune.code: commune.name for commune in view.territory.communes}
