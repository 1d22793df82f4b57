"""Small scenarios on a grid, by hand and at random, and a three-line travel source."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from data.model import (
    Depot,
    Outlet,
    Scenario,
    Stop,
    TimeWindow,
    TravelMode,
    Vehicle,
)
from geo.travel import Place, TravelMatrix

HOUR = 3600
RESOURCE = "biowaste_kitchen"


class GridTravel:
    """Degrees taken for kilometres, along streets at right angles: easy to reckon by hand."""

    name = "Grille"
    margin = 0.1

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:  # noqa: ARG002
        """Sum of the two coordinates' differences, kilometres."""
        at = np.array(places, dtype=float).reshape(-1, 2)
        metres = 1000 * np.abs(at[:, None, :] - at[None, :, :]).sum(axis=2)
        return TravelMatrix(
            distance_m=np.rint(metres).astype(np.int64),
            duration_s=np.rint(metres * 3.6 / speed_kmh).astype(np.int64),
        )

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:  # noqa: ARG002
        """By the corner."""
        return [a, (b[0], a[1]), b]


GRID = GridTravel()


def window(start_h: float, end_h: float) -> TimeWindow:
    """From hours of the day."""
    return TimeWindow(start_s=round(start_h * HOUR), end_s=round(end_h * HOUR))


def stop(number: int, x: float, y: float, **changes: Any) -> Stop:
    """A stop of 20 kg in one container, 300 s, at any time."""
    return replace(
        Stop(
            id=f"stop-{number}",
            actor_id=None,
            resource_id=RESOURCE,
            name=f"Point {number}",
            commune_code="24037",
            lon=x,
            lat=y,
            kg_per_visit=20.0,
        ),
        **changes,
    )


def bike(**changes: Any) -> Vehicle:
    """Two bikes: 100 kg, 6 containers, 15 km/h, 8 h to 12 h, 5 € + 30 €/h + 0.10 €/km."""
    return replace(
        Vehicle(
            id="bike",
            name="Vélo",
            mode=TravelMode.BIKE,
            capacity_kg=100.0,
            capacity_containers=6.0,
            speed_kmh=15.0,
            shift_start_s=8 * HOUR,
            shift_end_s=12 * HOUR,
            count=2,
            cost_eur_per_shift=5.0,
            cost_eur_per_hour=30.0,
            cost_eur_per_km=0.1,
            co2e_kg_per_km=0.01,
            co2e_uncertainty=0.5,
        ),
        **changes,
    )


def van(**changes: Any) -> Vehicle:
    """One van: 500 kg, 20 containers, 30 km/h, 8 h to 17 h, 20 € + 35 €/h + 0.30 €/km."""
    return replace(
        bike(
            id="van",
            name="Utilitaire",
            mode=TravelMode.VAN,
            capacity_kg=500.0,
            capacity_containers=20.0,
            speed_kmh=30.0,
            shift_end_s=17 * HOUR,
            count=1,
            cost_eur_per_shift=20.0,
            cost_eur_per_hour=35.0,
            cost_eur_per_km=0.3,
            co2e_kg_per_km=0.5,
        ),
        **changes,
    )


def outlet(number: int = 1, x: float = 1.0, y: float = 0.0, **changes: Any) -> Outlet:
    """An outlet one kilometre east of the depot, open all day, ten minutes to unload."""
    return replace(
        Outlet(
            id=f"outlet-{number}",
            actor_id=None,
            name=f"Compostage {number}",
            commune_code="24037",
            lon=x,
            lat=y,
            resource_ids=(RESOURCE,),
            treatment="composting_local",
        ),
        **changes,
    )


def scenario(stops: Sequence[Stop], **changes: Any) -> Scenario:
    """Two bikes, one outlet, depot at the origin."""
    return replace(
        Scenario(
            id="scenario",
            name="Essai",
            resource_id=RESOURCE,
            stops=tuple(stops),
            vehicles=(bike(),),
            depot=Depot(id="depot", name="Dépôt", commune_code="24037", lon=0.0, lat=0.0),
            outlets=(outlet(),),
            time_limit_s=600.0,
        ),
        **changes,
    )


TEN_STOPS = scenario(
    [
        stop(
            n,
            (n * 7) % 5 - 2,
            (n * 3) % 7 - 3,
            kg_per_visit=15.0 + 3 * n,
            windows=((), (window(8, 10),), (window(9, 11.5),))[n % 3],
        )
        for n in range(10)
    ],
    vehicles=(bike(count=3), van()),
)
"""Mixed fleet, several trips a shift, some windows."""

_HALF_HOURS = st.integers(16, 34)
_WINDOWS = st.one_of(
    st.just(()),
    st.lists(
        st.tuples(_HALF_HOURS, st.integers(1, 8)).map(
            lambda pair: window(pair[0] / 2, (pair[0] + pair[1]) / 2)
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
)


@st.composite
def scenarios(draw: st.DrawFn, *, most_stops: int = 7) -> Scenario:
    """Valid scenarios, feasible or not: tight shifts, ranges, windows and outlets included."""
    coordinate = st.integers(-5, 5)
    stops = [
        stop(
            number,
            draw(coordinate),
            draw(coordinate),
            kg_per_visit=draw(st.sampled_from([0.0, 5.0, 12.3, 36.4, 60.0, 110.0])),
            containers_per_visit=float(draw(st.integers(0, 4))),
            visits_per_week=draw(st.sampled_from([0.5, 1.0, 2.0])),
            service_s=draw(st.sampled_from([0, 300, 900])),
            windows=draw(_WINDOWS),
            skip_value_eur=draw(st.sampled_from([None, None, None, 2.0, 15.0])),
        )
        for number in range(draw(st.integers(1, most_stops)))
    ]
    fleet: tuple[Vehicle, ...] = (
        bike(
            count=draw(st.integers(1, 3)),
            range_m=draw(st.sampled_from([None, 20_000, 40_000])),
            shift_end_s=draw(st.sampled_from([10, 12, 16])) * HOUR,
        ),
    )
    if draw(st.booleans()):
        fleet += (van(count=draw(st.integers(0, 1))),)
    outlets = tuple(
        outlet(
            number,
            draw(coordinate),
            draw(coordinate),
            windows=draw(st.sampled_from([(), (window(8, 10), window(11, 18))])),
            weekly_capacity_kg=draw(st.sampled_from([None, None, 80.0])),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    return scenario(stops, vehicles=fleet, outlets=outlets, seed=draw(st.integers(0, 5)))
