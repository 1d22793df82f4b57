"""The form that keys in a synergy nobody proposed."""

import streamlit as st

from data.errors import InputError
from data.model import Party, PartyRole, SynergyKind, Visibility
from data.synergies import typed
from pages.data_parts.session import tell_error
from pages.synergies_parts import actions, state
from pages.synergies_parts.view import View
from pages.ui import localtime, wording
from pages.ui.session import who

_KEY = "synergies-typed"


def draw(view: View) -> None:
    """Draw the form."""
    actors = view.names
    ids = sorted(actors, key=lambda id_: actors[id_].casefold())
    resources = sorted(view.snapshot.resource, key=lambda id_: view.snapshot.resource[id_].name)
    with st.form(_KEY, border=False):
        st.text_input("Titre", key=f"{_KEY}-title", max_chars=200)
        st.radio(
            "Type",
            list(SynergyKind),
            key=f"{_KEY}-kind",
            format_func=wording.SYNERGY_KIND.__getitem__,
            horizontal=True,
            help="Substitution : ce que l’un ne veut plus sert à l’autre, le premier choisi donne. "
            "Mutualisation : plusieurs font la même chose ensemble.",
        )
        st.multiselect(
            "Acteurs, celui qui donne d’abord",
            ids,
            key=f"{_KEY}-actors",
            format_func=lambda id_: actors.get(id_, id_),
            placeholder="Choisir",
        )
        st.selectbox(
            "Ressource",
            resources,
            index=None,
            key=f"{_KEY}-resource",
            format_func=lambda id_: view.snapshot.resource[id_].name,
            placeholder="Choisir, si on la connaît",
        )
        st.text_area("Description", key=f"{_KEY}-description", max_chars=5000, height=80)
        st.selectbox(
            "Visibilité",
            list(Visibility),
            index=1,
            key=f"{_KEY}-visibility",
            format_func=wording.VISIBILITY.__getitem__,
        )
        st.form_submit_button("Suivre cette synergie", type="primary", on_click=_create)


def _create() -> None:
    held = st.session_state
    kind = SynergyKind(held[f"{_KEY}-kind"])
    chosen = list(held[f"{_KEY}-actors"])
    roles = [PartyRole.PARTNER] * len(chosen)
    if kind is SynergyKind.SUBSTITUTION and chosen:
        roles = [PartyRole.GIVER, *[PartyRole.TAKER] * (len(chosen) - 1)]
    try:
        synergy = typed(
            str(held[f"{_KEY}-title"] or ""),
            kind=kind,
            parties=[
                Party(actor_id=each, role=role) for each, role in zip(chosen, roles, strict=True)
            ],
            day=localtime.today().isoformat(),
            who=who(),
            resource_id=held[f"{_KEY}-resource"],
            description=str(held[f"{_KEY}-description"] or ""),
            visibility=held[f"{_KEY}-visibility"],
        )
    except InputError as error:
        tell_error(error)
        return
    if actions.create(synergy):
        state.open_synergy(synergy.id)
