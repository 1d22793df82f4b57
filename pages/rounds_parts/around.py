"""« Garder, déplacer, recalculer autour »: decide about the plan shown, then plan again."""

import streamlit as st

from data.figures import Figures
from data.model import Lock, Plan, Round, Scenario, Vehicle
from geo.travel import TravelSource
from pages.rounds_parts.choices import (
    is_kept,
    keep_round,
    place_stop,
    placed,
    release,
    release_round,
)
from pages.rounds_parts.comparison import show_comparison
from pages.rounds_parts.job import submit
from pages.rounds_parts.shelf import Saved
from pages.rounds_parts.state import RoundsState, Shown
from pages.rounds_parts.travel import Travels
from pages.ui import escape, wording
from pages.ui.session import snapshot

_HELP = (
    "Ses points restent ensemble, dans cet ordre, sur ce véhicule\u202f; d’autres points peuvent "
    "s’y ajouter avant ou après."
)
_Seat = tuple[str, int]
"""A vehicle and its number among those alike."""


def show_around(state: RoundsState, travel: TravelSource, figures: Figures) -> None:
    """Draw what can be kept or moved, and the button that plans around it."""
    shown = state.shown
    if shown is None or not shown.plan.rounds:
        return
    with st.expander(
        "Garder, déplacer, recalculer autour",
        expanded=bool(state.form.locks),
        icon=":material/lock:",
    ):
        _rounds(state, shown.plan)
        _placing(state, shown)
        _placed(state, shown)
        if st.button(
            "Recalculer autour",
            key="rounds-around",
            icon=":material/route:",
            disabled=state.running is not None or not state.form.locks,
            help="Propose un nouveau plan avec les choix du formulaire\u202f; ce que vous gardez "
            "ou placez ici est respecté. Le plan d’avant reste à portée de clic.",
        ):
            submit(state, travel, figures, snapshot().territory)
            st.rerun()


def _rounds(state: RoundsState, plan: Plan) -> None:
    with st.container(horizontal=True):
        for index, trip in enumerate(plan.rounds):
            key = f"rounds-keep-{plan.id}-{index}"
            # Placing a stop elsewhere also undoes a box: what is imposed decides, not the box.
            st.session_state[key] = is_kept(state.form.locks, trip)
            st.checkbox(
                f"Garder la tournée {index + 1}",
                key=key,
                help=_HELP,
                on_change=_switch,
                args=(state, trip),
            )


def _switch(state: RoundsState, trip: Round) -> None:
    locks = state.form.locks
    change = release_round if is_kept(locks, trip) else keep_round
    state.form.locks = change(locks, trip)


def _placing(state: RoundsState, shown: Shown) -> None:
    names = {stop.id: stop.name for stop in shown.scenario.stops}
    seats = seat_names(shown.plan, shown.scenario)
    which, where, go = st.columns([4, 4, 2], vertical_alignment="bottom")
    stop_id = which.selectbox(
        "Placer un point",
        list(names),
        index=None,
        format_func=lambda id_: names[id_],
        placeholder="Choisir un point",
        key=f"rounds-place-stop-{shown.plan.id}",
    )
    seat = where.selectbox(
        "Dans la tournée de",
        list(seats),
        index=None,
        format_func=lambda one: seats[one],
        placeholder="Choisir une tournée",
        key=f"rounds-place-seat-{shown.plan.id}",
    )
    if go.button(
        "Placer",
        key="rounds-place",
        icon=":material/move_down:",
        disabled=stop_id is None or seat is None,
        width="stretch",
    ):
        assert stop_id is not None  # noqa: S101 - the button is disabled otherwise
        assert seat is not None  # noqa: S101
        state.form.locks = place_stop(state.form.locks, stop_id, *seat)
        st.rerun()


def seat_names(plan: Plan, scenario: Scenario) -> dict[_Seat, str]:
    """Return every vehicle that can ride, by its round where it has one."""
    riding = {
        (trip.vehicle_id, trip.vehicle_number): index + 1 for index, trip in enumerate(plan.rounds)
    }
    seats = [(v, number) for v in scenario.vehicles for number in range(1, v.count + 1)]

    def name(vehicle: Vehicle, number: int) -> str:
        alike = f" n°\u202f{number}" if vehicle.count > 1 else ""
        rank = riding.get((vehicle.id, number))
        where = f"Tournée {rank}" if rank else "Nouvelle tournée"
        return f"{where}\u202f: {vehicle.name}{alike}"

    named = {(v.id, number): name(v, number) for v, number in seats}
    return dict(sorted(named.items(), key=lambda item: riding.get(item[0], len(named) + 1)))


def _placed(state: RoundsState, shown: Shown) -> None:
    names = {stop.id: stop.name for stop in shown.scenario.stops}
    names |= {id_: stop.name for id_, stop in state.form.known_stops.items()}
    vehicles = {one.id: one.name for one in shown.scenario.vehicles}
    for lock in placed(state.form.locks, shown.plan.rounds):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"- {escape.markdown(say_lock(lock, names, vehicles))}")
            if st.button("Libérer", key=f"rounds-free-{lock.stop_ids[0]}", type="tertiary"):
                state.form.locks = release(state.form.locks, lock.stop_ids)
                st.rerun()


def say_lock(lock: Lock, names: dict[str, str], vehicles: dict[str, str]) -> str:
    """Say what is imposed: who, and on which vehicle."""
    who = ", puis ".join(names.get(id_, id_) for id_ in lock.stop_ids)
    if lock.vehicle_id is None:
        return f"{who}\u202f: à la suite"
    vehicle = vehicles.get(lock.vehicle_id, lock.vehicle_id)
    number = f" n°\u202f{lock.vehicle_number}" if lock.vehicle_number else ""
    return f"{who}\u202f: sur {vehicle}{number}"


def show_locks(state: RoundsState) -> None:
    """Recall in the form what is imposed, with a way to forget it all."""
    count = sum(len(lock.stop_ids) for lock in state.form.locks)
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/lock: {count} {wording.plural(count, 'point')} "
            f"{wording.plural(count, 'gardé')} ou {wording.plural(count, 'placé')} par vos choix "
            "sur le plan précédent."
        )
        if st.button("Tout libérer", key="rounds-free-all", type="tertiary"):
            state.form.locks = ()
            st.rerun()


def show_before(state: RoundsState, travels: Travels, figures: Figures) -> None:
    """Compare the plan shown with the one it replaced, and offer the way back."""
    now, before = state.shown, state.previous
    if now is None or before is None or not now.plan.rounds or before.plan.id == now.plan.id:
        return
    with st.expander("Comparer avec le plan d’avant", icon=":material/compare_arrows:"):
        show_comparison(
            Saved(before.plan, before.scenario),
            Saved(now.plan, now.scenario),
            travels,
            figures,
            names=("Avant", "Maintenant"),
        )
        if st.button("Revenir au plan d’avant", key="rounds-back", icon=":material/undo:"):
            state.form.locks = before.scenario.locks
            state.show(Shown(before.plan, before.scenario), replaces=now)
            st.rerun()
