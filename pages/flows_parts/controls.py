"""The filter bar, what is found, and what the filters hide."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from data.french import NNBSP, number, with_margin
from data.model import Reliability, ResourceFamily, Stream
from geo.flows import SEASONS, UNDATED, FlowDirection, FlowFilter, Measure, Viewer, explain
from pages.flows_parts import state
from pages.flows_parts.state import WIDGETS, Asked
from pages.flows_parts.view import FlowView, Picture
from pages.ui import escape, icons, viewer, wording

MEASURES: Final = {
    Measure.MASS: "Tonnes par an",
    Measure.VOLUME: "Mètres cubes par an",
    Measure.TRIPS: "Trajets par an",
    Measure.COST: "Euros par an",
    Measure.TONNE_KM: "Tonnes-kilomètres",
    Measure.CO2E: "CO₂ du transport",
}
DIRECTIONS: Final = {
    FlowDirection.IN: "Arrive dans le lieu choisi",
    FlowDirection.OUT: "Part du lieu choisi",
    FlowDirection.INSIDE: "Reste sur le territoire",
    FlowDirection.ENTERING: "Entre sur le territoire",
    FlowDirection.LEAVING: "Sort du territoire",
    FlowDirection.UNKNOWN: "Partenaire inconnu",
}
VIEWERS: Final = {
    Viewer.PUBLIC: "Publique",
    Viewer.NETWORK: "Réseau",
    Viewer.TEAM: "Équipe",
}
_SEASON_LABELS: Final = {
    "hiver": "Hiver",
    "printemps": "Printemps",
    "ete": "Été",
    "automne": "Automne",
}
_TOPS: Final = (10, 25, 50, 100, 300)
_LABELS: Final = {
    "years": "Année",
    "families": "Famille",
    "streams": "Filière",
    "resources": "Ressource",
    "epcis": "EPCI",
    "communes": "Commune",
    "actors": "Acteur",
    "directions": "Sens",
    "reliabilities": "Fiabilité",
    "months": "Saison",
    "known_only": "Quantités connues",
    "min_mass_t": "Masse minimale",
    "top": "Les plus gros",
    "visibilities": "Visibilité",
}
_ON_BAR: Final = ("streams", "epcis")


def bar(view: FlowView, asked: Asked) -> None:
    """Draw streams, EPCI, what is counted, and the other filters behind one button."""
    streams(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="flows-bar"):
        epcis(view)
        st.selectbox(
            "Compter en",
            list(Measure),
            key=state.MEASURE,
            format_func=MEASURES.__getitem__,
            width=210,
            help=escape.markdown(explain(asked.measure, view.snapshot.figures)),
        )
        more = len([name for name in active(asked.filter) if name not in _ON_BAR])
        with st.popover(
            f"Filtres ({more})" if more else "Filtres", icon=icons.MATERIAL_FILTER, key="flows-more"
        ):
            _others(view)
        with st.popover(f"Vue : {VIEWERS[view.viewer].lower()}", icon=":material/visibility:"):
            _viewer()
        st.button(
            "Présentation",
            icon=icons.MATERIAL_SCREEN,
            on_click=state.set_presenting,
            kwargs={"wanted": True},
            help="Plein écran, grands caractères : pour un vidéoprojecteur.",
        )


def streams(view: FlowView) -> None:
    """Draw the choice of streams, the heaviest first."""
    frame = view.links.frame
    mass = frame.groupby("stream")["mass_t"].sum().to_dict()
    met = sorted((s for s in Stream if s.value in mass), key=lambda s: -mass[s.value])
    chosen = st.session_state.get(WIDGETS["streams"]) or []
    st.pills(
        "Filière",
        [*met, *(one for one in chosen if one not in met)],
        selection_mode="multi",
        key=WIDGETS["streams"],
        format_func=wording.STREAM.__getitem__,
        label_visibility="collapsed",
    )


def epcis(view: FlowView) -> None:
    """Draw the choice of EPCI."""
    st.pills(
        "EPCI",
        [one.code for one in view.territory.epcis],
        selection_mode="multi",
        key=WIDGETS["epcis"],
        format_func=lambda code: view.snapshot.epci[code].short_name,
        help="\n\n".join(
            f"**{escape.markdown(one.short_name)}** – {escape.markdown(one.name)}"
            for one in view.territory.epcis
        ),
    )


def _viewer() -> None:
    if not viewer.is_local():
        st.markdown("Cartoflux est consulté à distance : seule la vue publique est ouverte.")
        return
    st.session_state.setdefault(state.VIEWER, viewer.viewer())
    st.segmented_control(
        "Qui regarde l’écran ?",
        list(Viewer),
        key=state.VIEWER,
        format_func=VIEWERS.__getitem__,
        required=True,
    )
    st.caption(
        "Publique : les flux publics, et des sommes d’au moins trois acteurs pour les autres. "
        "Réseau : aussi les flux du réseau. Équipe : tout. Ce choix reste sur ce poste et dans "
        "cette session ; un lien partagé ne le contient jamais."
    )


def _multiselect(
    label: str, name: str, options: list[Any], word: Callable[[Any], str], none: str
) -> None:
    st.multiselect(label, options, key=WIDGETS[name], format_func=word, placeholder=none)


def _others(view: FlowView) -> None:
    communes = {c.code: c.name for c in view.territory.communes}
    actors, resources = view.actor_names, view.resource_names
    st.pills(
        "Sens",
        list(FlowDirection),
        selection_mode="multi",
        key=WIDGETS["directions"],
        format_func=DIRECTIONS.__getitem__,
    )
    st.pills(
        "Fiabilité",
        list(Reliability),
        selection_mode="multi",
        key=WIDGETS["reliabilities"],
        format_func=wording.RELIABILITY.__getitem__,
    )
    st.pills(
        "Saison",
        list(SEASONS),
        selection_mode="multi",
        key=state.SEASON,
        format_func=_SEASON_LABELS.__getitem__,
        help="Les quantités deviennent celles de ces mois.",
    )
    years = [*view.links.years]
    if bool(view.links.frame["year"].isna().any()):
        years.append(UNDATED)
    _multiselect("Année", "years", years, _year, "La dernière connue de chaque flux")
    _multiselect(
        "Famille de ressources",
        "families",
        list(ResourceFamily),
        wording.RESOURCE_FAMILY.__getitem__,
        "Toutes les familles",
    )
    _multiselect(
        "Ressource", "resources", _sorted(resources), resources.__getitem__, "Toutes les ressources"
    )
    _multiselect(
        "Commune", "communes", _sorted(communes), communes.__getitem__, "Toutes les communes"
    )
    _multiselect("Acteur", "actors", _sorted(actors), actors.__getitem__, "Tous les acteurs")
    with st.container(horizontal=True):
        st.number_input(
            "Masse minimale (t/an)", min_value=0.0, step=1.0, key=WIDGETS["min_mass_t"], width=180
        )
        top = st.session_state.get(WIDGETS["top"])
        options = sorted({*_TOPS, *([int(top)] if top else [])})
        st.selectbox(
            "Les plus gros flux",
            [None, *options],
            key=WIDGETS["top"],
            format_func=lambda n: "Tous" if n is None else f"Les {n} plus gros",
            width=180,
        )
    st.toggle("Seulement les quantités connues", key=WIDGETS["known_only"])


def _year(year: int) -> str:
    return "Année inconnue" if year == UNDATED else str(year)


def _sorted(names: Mapping[str, str]) -> list[str]:
    return sorted(names, key=lambda key: (names[key].casefold(), key))


def active(chosen: FlowFilter) -> list[str]:
    """Names of the criteria in use."""
    empty = FlowFilter()
    return [name for name in _LABELS if getattr(chosen, name) != getattr(empty, name)]


def found(view: FlowView, asked: Asked, kept: Picture) -> None:
    """Say what is shown and what is hidden, and offer to drop each filter."""
    names = active(asked.filter)
    with st.container(horizontal=True, vertical_alignment="center", key="flows-found"):
        st.markdown(sentence(view, kept))
        for name in names:
            without = replace(asked.filter, **{name: getattr(FlowFilter(), name)})
            st.button(
                escape.markdown(_chip(view, name, getattr(asked.filter, name))),
                icon=icons.MATERIAL_CLEAR,
                key=f"flows-drop-{name}",
                on_click=state.set_filter,
                args=(without,),
                help="Retirer ce filtre",
            )
        if len(names) > 1:
            st.button(
                "Tout effacer",
                type="tertiary",
                on_click=state.set_filter,
                args=(FlowFilter(),),
            )
        _hidden(view, kept)


def _hidden(view: FlowView, kept: Picture) -> None:
    lines = [one.sentence for one in kept.filtered.hidden]
    if not state.asked().filter.years and any(one.field == "years" for one in kept.filtered.hidden):
        lines.append(
            "Sans année choisie, seule la dernière année connue de chaque flux est montrée, pour "
            "ne pas additionner plusieurs années."
        )
    if view.release.sentence:
        lines.append(view.release.sentence)
    if not lines:
        return
    with st.popover("Ce qui n’est pas montré", icon=":material/visibility_off:"):
        for line in lines:
            st.markdown(f"- {escape.markdown(line)}")


def _chip(view: FlowView, name: str, value: Any) -> str:
    """« Bois », « CAB », « Année : 2 choisies »."""
    words: Mapping[str, Callable[[Any], str]] = {
        "streams": wording.STREAM.__getitem__,
        "families": wording.RESOURCE_FAMILY.__getitem__,
        "epcis": lambda code: view.snapshot.epci[code].short_name,
        "communes": lambda code: view.snapshot.commune[code].name,
        "actors": view.actor_names.__getitem__,
        "resources": view.resource_names.__getitem__,
        "directions": DIRECTIONS.__getitem__,
        "reliabilities": wording.RELIABILITY.__getitem__,
        "years": _year,
    }
    if isinstance(value, tuple):
        if name == "months":
            whole = [label for key, label in _SEASON_LABELS.items() if {*SEASONS[key]} <= {*value}]
            return ", ".join(whole) or f"{len(value)} mois"
        if len(value) == 1 and name in words:
            return words[name](value[0])
        return f"{_LABELS[name]} ({len(value)})"
    if name == "min_mass_t":
        return f"Au moins {number(value)}{NNBSP}t/an"
    return f"Les {value} plus gros" if name == "top" else _LABELS[name]


def sentence(view: FlowView, kept: Picture) -> str:
    """Return « **293 flux** sur 300, 2 979 t/an (de … à …), dont 14 de quantité inconnue »."""
    shown, total = len(kept.links), len(view.links)
    text = f"**{number(shown)} flux**" + (f" sur {number(total)}" if shown != total else "")
    if shown > kept.measured.unknown_count:
        amount = with_margin(*kept.measured.total(), kept.measured.unit)
        text += f"{NNBSP}: **{escape.markdown(amount)}**"
    unknown = kept.measured.unknown_count
    if unknown:
        text += f", plus {number(unknown)} de quantité inconnue, {_shown_apart(unknown)}"
    hidden = kept.filtered.hidden_count
    if hidden:
        text += f"{NNBSP}; les filtres en masquent {number(hidden)}"
    return text


def _shown_apart(count: int) -> str:
    return f"{wording.plural(count, 'montré')} sans être {wording.plural(count, 'compté')}"


def nothing(view: FlowView, asked: Asked) -> None:
    """Say that no flow matches, and which filter to drop to see some."""
    with st.container(border=True, key="flows-nothing"):
        if not len(view.links):
            st.markdown("**Aucun flux n’est encore connu sur ce territoire.**")
            st.markdown(
                "La page Données permet d’importer un tableau de flux ou de saisir une étude de "
                "flux ; la carte se remplira aussitôt."
            )
            return
        st.markdown("**Aucun flux ne répond à tous ces filtres à la fois.**")
        for name in active(asked.filter):
            without = replace(asked.filter, **{name: getattr(FlowFilter(), name)})
            st.button(
                f"Retirer « {escape.markdown(_chip(view, name, getattr(asked.filter, name)))} »",
                key=f"flows-relax-{name}",
                on_click=state.set_filter,
                args=(without,),
            )
        st.button(
            f"Revoir les {number(len(view.links))} flux",
            type="primary",
            on_click=state.set_filter,
            args=(FlowFilter(),),
        )
