"""The choices, in one straight line: what, which stops, which vehicles, go.

Everything is prefilled; the tables stay folded until someone wants to change them.
"""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from data import french
from data.errors import CartofluxError, InputError
from data.figures import Figures
from data.model import Outlet, Resource, Stop
from pages.rounds_parts import prefill, rules, tables
from pages.rounds_parts.around import show_locks
from pages.rounds_parts.columns import stop_columns, vehicle_columns
from pages.rounds_parts.editor import show_editor
from pages.rounds_parts.hypotheses import show_hypotheses
from pages.rounds_parts.remarks import show_remarks
from pages.rounds_parts.rule_columns import stop_rules, vehicle_rules
from pages.rounds_parts.rule_fields import (
    resource_name,
    resource_names,
    show_rules,
    vehicle_names,
)
from pages.rounds_parts.state import EditedTable, Form, RoundsState, fresh_form
from pages.rounds_parts.travel import Travels, show_choice, show_offsets
from pages.rounds_parts.trying import take_back
from pages.ui import escape, wording
from pages.ui.session import Snapshot, get_figures, get_store, snapshot

_SECONDS = (5, 10, 30, 60, 120)
_STOP_NAMES = (tables.INCLUDED, tables.NUMBER, tables.POINT)
_VEHICLE_NAMES = (tables.NAME, tables.COUNT, tables.MODE)
_BY_BIKE = (
    "Au départ, la page propose une tournée à vélo\u202f: les points à moins de "
    f"{french.kilometres(prefill.BIKE_REACH_M)} du dépôt à vol d’oiseau, sans utilitaire. Ce "
    "bouton coche tous les points et ajoute un véhicule de chaque sorte."
)
_STOP_FIELDS = frozenset(tables.STOP_COLUMNS) | {"Points", "Position", "Durée sur place"}
_VEHICLE_FIELDS = frozenset(tables.VEHICLE_COLUMNS) | {"Véhicules", "Incertitude des émissions"}


@st.fragment
def show_form(state: RoundsState, travels: Travels, submit: Callable[[RoundsState], None]) -> None:
    """Draw the form; ``submit`` is called with what is on screen when rounds are asked for."""
    records = snapshot()
    figures = get_figures()
    show_first_step(state, records)
    if not state.form.known_stops and not _addable(state.form, records):
        _nothing_to_collect(records.resource.get(state.form.resource_id))
        return
    show_stops_step(state, records, figures)
    show_vehicles_step(state, figures)
    show_rules(state, records)
    _last_step(state, travels, submit)


def show_first_step(state: RoundsState, records: Snapshot) -> None:
    """Ask for the resource, the depot, the outlets and the day."""
    form = state.form
    st.subheader("1. Que collecter, d’où partir, où vider\u202f?", anchor=False)
    what, depot, outlets, day = st.columns([3, 3, 6, 2])
    offered = prefill.collectable(records.resources, get_store().list(Stop), records.flows)
    ids = [resource.id for resource in offered]
    if form.resource_id not in ids:
        ids.append(form.resource_id)
    chosen = what.selectbox(
        "Ressource",
        ids,
        index=ids.index(form.resource_id),
        format_func=lambda id_: resource_name(records, id_),
        key=form.key("resource"),
        help="Les ressources qu’au moins un acteur déclare en sortie.",
    )
    if chosen != form.resource_id:
        _change_resource(state, chosen, records)
        st.rerun()
    depots = list(form.depots)
    form.depot_id = depot.selectbox(
        "Dépôt",
        depots,
        index=depots.index(form.depot_id) if form.depot_id in depots else None,
        format_func=lambda id_: form.depots[id_].name,
        key=form.key("depot"),
        placeholder="Aucun dépôt",
        help="Là où les véhicules commencent et finissent leur service.",
    )
    form.outlet_ids = outlets.multiselect(
        "Exutoires",
        list(form.outlets),
        default=[id_ for id_ in form.outlet_ids if id_ in form.outlets],
        format_func=lambda id_: _outlet_name(form.outlets[id_], form.resources),
        key=form.key("outlets"),
        placeholder="Choisir où vider",
        wrap=True,
        help="Où les véhicules vident leur chargement\u202f; le calcul choisit le plus commode.",
    )
    form.day = day.date_input(
        "Jour (facultatif)",
        value=form.day,
        format="DD/MM/YYYY",
        key=form.key("day"),
        help="Imprimé sur la feuille de route. Vide\u202f: un jour type.",
    )


def _outlet_name(outlet: Outlet, resources: Sequence[str]) -> str:
    accepts = set(resources) & set(outlet.resource_ids)
    return outlet.name if accepts else f"{outlet.name} (n’accepte pas)"


def _change_resource(state: RoundsState, resource_id: str, records: Snapshot) -> None:
    """Open the form of another resource, as it was left if it was seen before."""
    state.drafts[state.form.resource_id] = state.form
    version = state.form.version + 1
    draft = state.drafts.get(resource_id)
    if draft is None:
        draft = fresh_form(get_store(), records, resource_id)
    draft.reopen(version)
    state.form, state.error, state.warnings = draft, None, ()


def _nothing_to_collect(resource: Resource | None) -> None:
    name = french.quote(resource.name) if resource else "cette ressource"
    st.info(
        f"Aucun point de collecte pour {escape.markdown(name)}, et aucun acteur ne déclare cette "
        "ressource en sortie. Ajoutez un flux sortant à un acteur dans la page **Données**, "
        "ou choisissez une autre ressource ci-dessus.",
        icon=":material/info:",
    )


def show_stops_step(state: RoundsState, records: Snapshot, figures: Figures) -> None:
    """Ask which stops, in a folded table."""
    form = state.form
    st.subheader("2. Quels points de collecte\u202f?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="rounds-stops-summary"):
        summary = st.empty()
        if form.leaves_out and st.button(
            "Tout inclure",
            key=form.key("everything"),
            type="tertiary",
            icon=":material/select_all:",
            help=_BY_BIKE,
        ):
            form.include_everything()
            st.rerun()
    with st.expander(
        "Voir et modifier les points",
        expanded=_is_about(state.error, _STOP_FIELDS),
        icon=":material/edit:",
    ):
        more = _more(form.key("more-stops"), form.stops)
        columns = stop_columns(figures)
        finer = stop_rules(vehicle_names(form), resource_names(form, records))
        if more:
            columns = {name: columns[name] for name in _STOP_NAMES} | finer
        elif rules.RESOURCE in finer:
            columns[rules.RESOURCE] = finer[rules.RESOURCE]
        show_editor(
            form.stops,
            form.key("stops-more" if more else "stops"),
            columns,
            disabled=(tables.NUMBER, tables.POINT, tables.COMMUNE),
        )
        _add_stop(state, records, figures)
    summary.markdown(_stops_summary(form.stops.edited))


def _more(key: str, table: EditedTable) -> bool:
    """Draw the switch between ordinary columns and finer rules; say which of these are in use."""
    used = rules.in_use(table.edited)
    more = st.toggle(
        "Règles de plus",
        key=key,
        help="Montre les règles fines à la place des colonnes ordinaires, qui restent comme elles "
        "sont. Laissées vides, elles ne changent rien.",
    )
    if used and not more:
        st.caption(f"Règles de plus en vigueur\u202f: {', '.join(used).lower()}.")
    return more


def _stops_summary(table: pd.DataFrame) -> str:
    ticked = table[table[tables.INCLUDED].fillna(value=False).astype(bool)]
    kg = float(ticked[tables.KG].fillna(0).sum())
    containers = float(ticked[tables.CONTAINERS].fillna(0).sum())
    room = f"{french.number(containers, 1 if containers >= 1 else None)} contenants"
    points = f"**{len(ticked)} {wording.plural(len(ticked), 'point')}** sur {len(table)}"
    return f"{points}, {french.quantity(kg, 'kg', 0)}, {room}"


def _add_stop(state: RoundsState, records: Snapshot, figures: Figures) -> None:
    form = state.form
    choices = _addable(form, records)
    if not choices:
        return
    pick, go = st.columns([4, 1], vertical_alignment="bottom")
    actor_id = pick.selectbox(
        "Ajouter un acteur qui a cette ressource en sortie",
        list(choices),
        index=None,
        format_func=lambda id_: choices[id_],
        placeholder="Choisir un acteur",
        key=form.key("add"),
        help="Les kg par visite sont calculés depuis sa masse annuelle déclarée, sur 52 semaines.",
    )
    if go.button("Ajouter", key=form.key("add-go"), disabled=actor_id is None) and actor_id:
        stop = prefill.stop_from_actor(
            records.actor[actor_id],
            records.flows_of.get(actor_id, ()),
            records.resource[form.resource_id],
            figures,
        )
        form.add_stop(stop, records.commune)
        st.rerun()


def _addable(form: Form, records: Snapshot) -> dict[str, str]:
    actors = prefill.without_stop(
        records.actor, records.flows, form.known_stops.values(), form.resource_id
    )
    return {actor.id: actor.name for actor in actors}


def show_vehicles_step(state: RoundsState, figures: Figures) -> None:
    """Ask which vehicles, in a folded table."""
    form = state.form
    st.subheader("3. Avec quels véhicules\u202f?", anchor=False)
    summary = st.empty()
    with st.expander(
        "Voir et modifier les véhicules",
        expanded=_is_about(state.error, _VEHICLE_FIELDS),
        icon=":material/edit:",
    ):
        columns = vehicle_columns(figures)
        more = _more(form.key("more-vehicles"), form.vehicles)
        if more:
            names = {id_: depot.name for id_, depot in form.depots.items()}
            columns = {name: columns[name] for name in _VEHICLE_NAMES} | vehicle_rules(names)
        show_editor(
            form.vehicles,
            form.key("vehicles-more" if more else "vehicles"),
            columns,
            num_rows="fixed" if more else "dynamic",
        )
        show_hypotheses(figures)
    summary.markdown(_vehicles_summary(form.vehicles.edited))


def _vehicles_summary(table: pd.DataFrame) -> str:
    counts = table[tables.COUNT].fillna(0)
    used = [
        f"**{french.number(count)} ×** {escape.markdown(name)}"
        for name, count in zip(table[tables.NAME].fillna(""), counts, strict=True)
        if count > 0
    ]
    return ", ".join(used) or "Aucun véhicule"


def _last_step(state: RoundsState, travels: Travels, submit: Callable[[RoundsState], None]) -> None:
    form = state.form
    st.subheader("4. Proposer", anchor=False)
    _show_tried(state)
    show_locks(state)
    if state.error is not None:
        st.error(explain(state.error), icon=":material/error:")
    show_remarks(state.warnings)
    go, limit, source = st.columns([3, 2, 6], vertical_alignment="bottom")
    pressed = go.button(
        "Proposer les tournées",
        type="primary",
        icon=":material/route:",
        key="rounds-propose",
        disabled=state.running is not None,
        width="stretch",
    )
    form.seconds = limit.selectbox(
        "Temps de calcul",
        sorted({*_SECONDS, form.seconds}),
        index=sorted({*_SECONDS, form.seconds}).index(form.seconds),
        format_func=french.duration,
        key=form.key("seconds"),
    )
    with source:
        show_choice(state, travels)
    show_offsets(form, travels.used)
    if pressed:
        submit(state)
        st.rerun()


def _show_tried(state: RoundsState) -> None:
    """Say which change was just tried, with a way back."""
    if state.form.before is None or not state.tried:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(
            f"À l’essai dans le formulaire\u202f: {escape.markdown(state.tried)}.",
            icon=":material/edit:",
        )
        if st.button("Reprendre ce changement", key="rounds-untry", icon=":material/undo:"):
            state.form, state.tried = take_back(state.form), ""
            st.rerun()


def explain(error: CartofluxError) -> str:
    """Say what is wrong and where (Markdown)."""
    if not isinstance(error, InputError) or not error.field:
        return escape.markdown(error)
    where = french.quote(error.field) + (f", ligne {error.row}" if error.row else "")
    return f"**{escape.markdown(where)}**\u202f: {escape.markdown(error)}"


def _is_about(error: CartofluxError | None, fields: frozenset[str]) -> bool:
    return isinstance(error, InputError) and error.field in fields
