"""« Règles de plus » of a whole plan: outlets, what is collected together, balance."""

from itertools import combinations

import streamlit as st

from data.errors import InputError
from data.model import Stop
from pages.rounds_parts import outlet_table, prefill, tables
from pages.rounds_parts.cells import is_blank
from pages.rounds_parts.editor import show_editor
from pages.rounds_parts.rule_columns import outlet_rules
from pages.rounds_parts.state import Form, RoundsState
from pages.ui.session import Snapshot, get_store

_FIELDS = frozenset(outlet_table.COLUMNS) | {
    "Équilibre",
    "Ressources à ne pas mélanger",
    "Choix imposés",
}


def vehicle_names(form: Form) -> dict[str, str]:
    """Return the names of the vehicles on screen by id, those added by hand left out."""
    table = form.vehicles.edited
    return {
        id_: str(name)
        for id_, name in zip(table[tables.ID], table[tables.NAME], strict=True)
        if not is_blank(id_) and not is_blank(name)
    }


def resource_names(form: Form, records: Snapshot) -> dict[str, str]:
    """Return the names of what is collected by id, the main resource first."""
    return {id_: resource_name(records, id_) for id_ in form.resources}


def resource_name(records: Snapshot, resource_id: str) -> str:
    """Return the name of a resource, its id when it is unknown."""
    resource = records.resource.get(resource_id)
    return resource.name if resource else resource_id


def show_rules(state: RoundsState, records: Snapshot) -> None:
    """Draw the folded rules that are neither of a stop nor of a vehicle."""
    form = state.form
    about = isinstance(state.error, InputError) and state.error.field in _FIELDS
    used = form.other_resources or form.balance_eur_per_hour or form.max_spread_min is not None
    with st.expander(
        "Règles de plus\u202f: exutoires, ressources ensemble, équilibre",
        expanded=about or bool(used),
        icon=":material/rule:",
    ):
        show_editor(
            form.sites,
            form.key("sites"),
            outlet_rules(vehicle_names(form)),
            disabled=(tables.NUMBER, outlet_table.NAME),
        )
        _together(state, records)
        _balance(form)


def _together(state: RoundsState, records: Snapshot) -> None:
    form = state.form
    also, apart = st.columns(2)
    stops = get_store().list(Stop)
    offered = [
        one.id
        for one in prefill.collectable(records.resources, stops, records.flows)
        if one.id != form.resource_id
    ]
    offered += [id_ for id_ in form.other_resources if id_ not in offered]
    chosen = also.multiselect(
        "Autres ressources collectées dans les mêmes tournées",
        offered,
        default=form.other_resources,
        format_func=lambda id_: resource_name(records, id_),
        key=form.key("also"),
        placeholder="Aucune autre",
        help="Leurs points rejoignent le tableau. Un chargement est vidé entier au même exutoire, "
        "qui doit accepter tout ce qui est à bord.",
    )
    if chosen != form.other_resources:
        form.collect_also(chosen, stops, records.commune)
        st.rerun()
    pairs = list(combinations(form.resources, 2))
    form.incompatible = apart.multiselect(
        "À ne jamais mélanger à bord",
        pairs,
        default=[pair for pair in form.incompatible if pair in pairs],
        format_func=lambda pair: " et ".join(resource_name(records, id_) for id_ in pair),
        key=form.key("apart"),
        placeholder="Tout peut être mélangé",
        disabled=not pairs,
        help="Sans rapport avec une seule ressource.",
    )


def _balance(form: Form) -> None:
    weight, most = st.columns(2)
    form.balance_eur_per_hour = weight.number_input(
        "Équilibre entre tournées (€ par heure d’écart)",
        min_value=0.0,
        value=float(form.balance_eur_per_hour),
        step=5.0,
        format="%0.0f",
        key=form.key("balance"),
        help="Ce que pèse dans le choix du plan une heure d’écart entre la plus longue et la plus "
        "courte tournée. Rien n’est payé. 0\u202f: sans importance.",
    )
    form.max_spread_min = most.number_input(
        "Écart maximal entre tournées (min)",
        min_value=0,
        value=form.max_spread_min,
        step=15,
        key=form.key("spread"),
        placeholder="Sans limite",
        help="Entre la plus longue et la plus courte. Vide\u202f: sans limite.",
    )
