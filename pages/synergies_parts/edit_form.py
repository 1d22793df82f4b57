"""What is known of a synergy, to correct and complete: parties and euros, tonnes, distance."""

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from data.errors import InputError
from data.french import number, parse_number
from data.model import Party, PartyRole, Reliability, Synergy, SynergyKind, Visibility
from optimization.gains import TREATMENTS
from pages.data_parts.session import tell_error
from pages.synergies_parts import actions
from pages.synergies_parts.view import View
from pages.ui import escape, wording

_UNKNOWN: Final = "vide si inconnu"
_PERCENT: Final = 100


def draw(view: View, synergy: Synergy) -> None:
    """Draw the form."""
    figures = view.snapshot.figures
    resources = sorted(view.snapshot.resource, key=lambda id_: view.snapshot.resource[id_].name)
    names = view.names
    actors = sorted(names, key=lambda id_: names[id_].casefold())
    treatments = [figure.key for figure in figures.in_category(TREATMENTS)]
    mine = [party.actor_id for party in synergy.parties]
    key = f"synergies-edit-{synergy.id}-{synergy.revision}"
    with st.form(key, border=False):
        st.text_input("Titre", synergy.title, key=f"{key}-title", max_chars=200)
        st.text_area(
            "Description", synergy.description, key=f"{key}-description", max_chars=5000, height=90
        )
        st.radio(
            "Type",
            list(SynergyKind),
            index=list(SynergyKind).index(synergy.kind),
            key=f"{key}-kind",
            format_func=wording.SYNERGY_KIND.__getitem__,
            horizontal=True,
        )
        st.multiselect(
            "Acteurs, celui qui donne d’abord",
            actors,
            default=[each for each in mine if each in names],
            key=f"{key}-actors",
            format_func=lambda id_: names.get(id_, id_),
            placeholder="Choisir",
        )
        st.selectbox(
            "Ressource",
            resources,
            index=resources.index(synergy.resource_id)
            if synergy.resource_id in resources
            else None,
            key=f"{key}-resource",
            format_func=lambda id_: view.snapshot.resource[id_].name,
            placeholder="Choisir",
        )
        left, right = st.columns(2)
        left.text_input(
            "Tonnes par an", _typed(synergy.mass_t_per_year), key=f"{key}-mass",
            placeholder=_UNKNOWN, max_chars=30,
        )  # fmt: skip
        margin = synergy.mass_uncertainty
        right.text_input(
            "Incertitude (± %)",
            _typed(None if margin is None else margin * _PERCENT),
            key=f"{key}-margin",
            placeholder=_UNKNOWN,
            max_chars=30,
        )
        left.selectbox(
            "Ce tonnage est",
            list(Reliability),
            index=list(Reliability).index(synergy.reliability),
            key=f"{key}-reliability",
            format_func=wording.RELIABILITY.__getitem__,
        )
        right.text_input(
            "Distance (km)", _typed(synergy.distance_km), key=f"{key}-km",
            placeholder=_UNKNOWN, max_chars=30,
        )  # fmt: skip
        st.selectbox(
            "Avant, la matière allait en",
            treatments,
            index=treatments.index(synergy.baseline_key)
            if synergy.baseline_key in treatments
            else None,
            key=f"{key}-baseline",
            format_func=lambda one: figures[one].label_fr,
            placeholder="On ne sait pas",
            help="Le traitement de référence, pour compter les émissions qui n’ont plus lieu.",
        )
        for party in synergy.parties:
            _party(key, party, names)
        st.selectbox(
            "Visibilité",
            list(Visibility),
            index=list(Visibility).index(synergy.visibility),
            key=f"{key}-visibility",
            format_func=wording.VISIBILITY.__getitem__,
        )
        st.form_submit_button(
            "Enregistrer la fiche", key=f"{key}-go", type="primary", on_click=_save,
            args=(synergy, key),
        )  # fmt: skip


def _party(key: str, party: Party, names: dict[str, str]) -> None:
    name = names.get(party.actor_id, "?")
    left, right = st.columns(2)
    left.text_input(
        f"Gain de {escape.markdown(name)} (€/an)",
        _typed(party.gain_eur_per_year),
        key=f"{key}-eur-{party.actor_id}",
        placeholder=_UNKNOWN,
        max_chars=30,
        help="Ce qu’il économise ou gagne, moins ce qu’il paie. Négatif s’il y perd.",
    )
    right.text_input(
        "D’où vient ce chiffre",
        party.gain_note,
        key=f"{key}-note-{party.actor_id}",
        max_chars=300,
        placeholder="Facture, estimation de l’entreprise…",
    )


def _save(synergy: Synergy, key: str) -> None:
    try:
        changed = _read(synergy, key)
    except InputError as error:
        tell_error(error)
        return
    actions.change(synergy, **changed)


def _read(synergy: Synergy, key: str) -> dict[str, Any]:
    """Return the fields on screen.

    Raises:
        InputError: a number cannot be read, or the title is empty.
    """
    held = st.session_state
    title = " ".join(str(held[f"{key}-title"] or "").split())
    if not title:
        raise InputError("Donnez un titre à la synergie.", field="Titre")
    margin = _number(held[f"{key}-margin"], "Incertitude")
    kilometres = _number(held[f"{key}-km"], "Distance")
    kind = SynergyKind(held[f"{key}-kind"])
    return {
        "title": title,
        "description": str(held[f"{key}-description"] or "").strip(),
        "kind": kind,
        "parties": _parties(synergy, list(held[f"{key}-actors"]), kind, key),
        "resource_id": held[f"{key}-resource"],
        "mass_t_per_year": _number(held[f"{key}-mass"], "Tonnes par an"),
        "mass_uncertainty": None if margin is None else margin / _PERCENT,
        "reliability": Reliability(held[f"{key}-reliability"]),
        "distance_km": kilometres,
        "distance_source": synergy.distance_source
        if kilometres == synergy.distance_km
        else "Saisie",
        "baseline_key": held[f"{key}-baseline"] or "",
        "visibility": Visibility(held[f"{key}-visibility"]),
    }


def _parties(synergy: Synergy, chosen: list[str], kind: SynergyKind, key: str) -> tuple[Party, ...]:
    """Return the parties chosen: known ones keep their role, new ones get the usual one."""
    known = {party.actor_id: party for party in synergy.parties}
    found = []
    for place, actor_id in enumerate(chosen):
        usual = PartyRole.GIVER if place == 0 else PartyRole.TAKER
        party = known.get(
            actor_id,
            Party(actor_id=actor_id, role=usual),
        )
        if kind is SynergyKind.POOLING:
            party = replace(party, role=PartyRole.PARTNER)
        elif party.role is PartyRole.PARTNER and synergy.kind is SynergyKind.POOLING:
            party = replace(party, role=usual)
        if actor_id in known:
            party = replace(
                party,
                gain_eur_per_year=_number(st.session_state[f"{key}-eur-{actor_id}"], "Gain annuel"),
                gain_note=str(st.session_state[f"{key}-note-{actor_id}"] or "").strip(),
            )
        found.append(party)
    return tuple(found)


def _typed(value: float | None) -> str:
    return "" if value is None else number(value)


def _number(text: object, field: str) -> float | None:
    typed = str(text or "").strip()
    return parse_number(typed, field=field) if typed else None
