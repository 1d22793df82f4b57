"""Where distances and times come from: the choice, its margin, and who is off the roads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from data import french
from data.errors import CartofluxError, InputError
from data.figures import Figures
from data.model import Depot, Outlet, Plan, Scenario, Stop, TravelMode
from data.settings import read_settings
from geo.travel import TravelSource
from geo.travel.roads import FARTHEST_M, RoadTravel
from geo.travel.sources import STRAIGHT, available_sources, proposed_source
from pages.rounds_parts.state import Form, RoundsState
from pages.ui import escape, wording

_MOST_NAMED: Final = 5
_WORTH_SAYING_M: Final = 50
_NO_ROADS: Final = (
    "Aucun réseau routier ne couvre le dépôt\u202f: les distances sont estimées. Importez-en un "
    "dans la page Données, rubrique Routes."
)


@dataclass(frozen=True)
class Travels:
    """The sources at hand and the one in use."""

    sources: Mapping[str, TravelSource]
    key: str

    @property
    def used(self) -> TravelSource:
        """The one in use."""
        return self.sources[self.key]

    def of(self, plan: Plan) -> TravelSource:
        """The source a plan was made with, or the one in use when it is no longer there."""
        return self.sources[self.key_of(plan)]

    def key_of(self, plan: Plan) -> str:
        """The key of that source."""
        named = (key for key, one in self.sources.items() if one.name == plan.travel_source)
        return next(named, self.key)


def get_travels(state: RoundsState, figures: Figures) -> Travels:
    """Return the sources, with the person's choice or the best for the depot."""
    sources = available_sources(read_settings(), figures)
    if state.travel_key in sources:
        return Travels(sources, state.travel_key)
    depot = state.form.depots.get(state.form.depot_id or "")
    return Travels(
        sources, proposed_source(sources, None if depot is None else (depot.lon, depot.lat))
    )


def show_choice(state: RoundsState, travels: Travels) -> None:
    """Draw the choice when there is one, and always what is in use."""
    if len(travels.sources) > 1:
        keys = list(travels.sources)
        chosen = st.selectbox(
            "Distances et durées",
            keys,
            index=keys.index(travels.key),
            format_func=lambda key: travels.sources[key].name,
            key=state.form.key(f"travel-{travels.key}"),
        )
        if chosen != travels.key:
            state.travel_key = chosen
            st.rerun(scope="app")
    used = travels.used
    caption = (
        f"Distances et durées\u202f: {escape.markdown(used.name)}. La vraie tournée peut être "
        f"plus longue ou plus courte de {french.percent(used.margin)}."
    )
    if travels.key == STRAIGHT:
        caption += f" {_NO_ROADS}"
    st.caption(caption)


def show_offsets(form: Form, travel: TravelSource) -> None:
    """Draw how far each place is from the roads, when a road network is in use."""
    if not isinstance(travel, RoadTravel):
        return
    outlets = [form.outlets[id_] for id_ in form.outlet_ids if id_ in form.outlets]
    depot = form.depots.get(form.depot_id or "")
    places: list[Stop | Outlet | Depot] = [*form.known_stops.values(), *outlets]
    if depot is not None:
        places.append(depot)
    located = [(place.lon, place.lat) for place in places]
    try:
        metres = {mode: travel.offsets_m(located, mode) for mode in TravelMode}
    except CartofluxError as error:
        st.error(escape.markdown(error), icon=":material/error:")
        return
    worst = max((float(values.max()) for values in metres.values() if len(values)), default=0.0)
    if worst <= _WORTH_SAYING_M:
        return
    with st.expander(
        f"Écart entre les points et les routes (jusqu’à {_distance(worst)})",
        icon=":material/near_me:",
    ):
        st.caption(
            "Chaque point est rattaché à la route la plus proche\u202f; cet écart n’est pas compté "
            f"dans les distances. Au-delà de {_distance(FARTHEST_M)}, le point ne peut pas être "
            "desservi."
        )
        table = pd.DataFrame(
            [
                {
                    "Point": place.name,
                    "À vélo": _distance(metres[TravelMode.BIKE][at]),
                    "En utilitaire": _distance(metres[TravelMode.VAN][at]),
                    "far": max(values[at] for values in metres.values()),
                }
                for at, place in enumerate(places)
            ]
        )
        far = table[table["far"] > _WORTH_SAYING_M].sort_values("far", ascending=False)
        st.dataframe(far.drop(columns="far"), hide_index=True, width="stretch")


def require_near(scenario: Scenario, travel: TravelSource) -> None:
    """Refuse places that no vehicle can reach by road.

    Raises:
        InputError: names them, with their distance to the nearest road.
    """
    if not isinstance(travel, RoadTravel):
        return
    places: list[Stop | Outlet | Depot] = [scenario.depot, *scenario.outlets, *scenario.stops]
    located = [(place.lon, place.lat) for place in places]
    modes = {vehicle.mode for vehicle in scenario.vehicles if vehicle.count > 0}
    every = [travel.offsets_m(located, mode) for mode in modes]
    if not every:
        return
    nearest = [min(float(values[at]) for values in every) for at in range(len(places))]
    far = [
        (place, metres)
        for place, metres in zip(places, nearest, strict=True)
        if metres > FARTHEST_M
    ]
    if far:
        raise InputError(_too_far(far), field="Position")


def _too_far(far: Sequence[tuple[Stop | Outlet | Depot, float]]) -> str:
    named = [
        f"{french.quote(place.name)} ({_distance(metres)})" for place, metres in far[:_MOST_NAMED]
    ]
    if len(far) > _MOST_NAMED:
        named.append(f"{len(far) - _MOST_NAMED} autres")
    verb = wording.plural(len(far), "est", "sont")
    return french.tidy(
        f"{', '.join(named)} {verb} à plus de {_distance(FARTHEST_M)} de toute route du réseau : "
        "corrigez la position dans la page Données, décochez, ou choisissez une autre source de "
        "distances."
    )


def _distance(metres: float) -> str:
    return french.kilometres(metres) if metres < float("inf") else "aucune route"
