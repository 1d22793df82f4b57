"""Six measures, each with its unknowns and its range."""

import math

import numpy as np
import pytest
from hypothesis import given

from data.figures import load_figures
from data.model import Flow
from geo.flows import Measure, explain, measure_links
from geo.flows.measures import UNITS, road_km
from geo.projection import great_circle_m
from tests.geo.flows.worlds import RESOURCES, flow, flow_lists, law, links_of


def measured(measure: Measure, *flows: Flow) -> tuple[float, float, float]:
    """Value, low and high of the first link."""
    found = measure_links(links_of(*flows), measure, RESOURCES)
    return found.value[0], found.low[0], found.high[0]


@law
@given(flows=flow_lists())
def test_ranges_enclose_values_and_unknown_is_unknown_in_all_three(flows: list[Flow]) -> None:
    """Low <= value <= high, or all three unknown; totals count what is left out."""
    links = links_of(*flows)
    for measure in Measure:
        found = measure_links(links, measure, RESOURCES)
        known = ~np.isnan(found.value)
        assert (np.isnan(found.low) == ~known).all()
        assert (np.isnan(found.high) == ~known).all()
        slack = 1e-9 * (1 + np.abs(found.value[known]))
        assert (found.low[known] <= found.value[known] + slack).all()
        assert (found.value[known] <= found.high[known] + slack).all()
        assert found.unknown_count == int((~known).sum())
        assert found.unit == UNITS[measure]


def test_volume_from_mass_takes_the_density_range() -> None:
    """One tonne at 0.5 kg/L (0.4 to 0.8) is 2 m³, 1.25 to 2.5."""
    assert measured(Measure.VOLUME, flow(1, 0, 3)) == pytest.approx((2.0, 1.25, 2.5))


def test_a_volume_given_as_such_is_not_weighed_and_unweighed() -> None:
    """3 m³ ± 10 % stay 3 m³ ± 10 %, whatever the density."""
    found = measured(Measure.VOLUME, flow(1, 0, 3, quantity=3.0, unit="m³", uncertainty=0.1))
    assert found == pytest.approx((3.0, 2.7, 3.3))


def test_volume_is_unknown_without_density() -> None:
    """Nothing is invented."""
    assert math.isnan(measured(Measure.VOLUME, flow(1, 0, 3, resource_id="biowaste"))[0])


def test_trips_are_stated_or_loads_of_a_van() -> None:
    """Two visits a week are 104 trips; 6.5 t in loads of 650 kg are 10; 2 kg still take one."""
    assert measured(Measure.TRIPS, flow(1, 0, 3, visits_per_week=2)) == (104, 104, 104)
    found = measured(Measure.TRIPS, flow(1, 0, 3, quantity=6.5))
    assert found == pytest.approx((10, 6.5 / 0.8, 13))
    assert measured(Measure.TRIPS, flow(1, 0, 3, quantity=0.002))[0] == 1
    assert measured(Measure.TRIPS, flow(1, 0, 0))[0] == 0
    assert math.isnan(measured(Measure.TRIPS, flow(1, 0, 3, quantity=None))[0])


def test_cost_is_what_is_declared_even_a_gain() -> None:
    """Negative when the actor earns; unknown when silent."""
    assert measured(Measure.COST, flow(1, 0, 3, cost_eur_per_year=-50.0))[0] == -50.0
    assert math.isnan(measured(Measure.COST, flow(1, 0, 3))[0])


def test_tonne_kilometres_are_mass_times_road() -> None:
    """Great circle × road factor of its band, with the factor's range and the mass's."""
    straight = float(great_circle_m(0.02, 45.02, 0.25, 45.05))
    assert 15_000 < straight < 25_000
    found = measured(Measure.TONNE_KM, flow(1, 0, 3, quantity=2.0, uncertainty=0.5))
    assert 1.38 * straight < found[0] / 2 * 1000 < 1.45 * straight
    low = road_km(np.array([straight]), load_figures(), "low")[0]
    assert found[1] == pytest.approx(1.0 * low)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"partner_place": "Espagne"},
        {"partner_place": "hors territoire"},
        {"partner_place": "Bordeaux", "quantity": None},
    ],
)
def test_tonne_kilometres_are_unknown_without_both_ends_or_mass(fields: dict[str, object]) -> None:
    """Unknown partner, a whole country, nowhere in particular, unknown mass."""
    assert math.isnan(measured(Measure.TONNE_KM, flow(1, **fields))[0])


def test_two_actors_on_one_approximate_point_are_not_zero_kilometres_apart() -> None:
    """Both at the town hall: their distance is unknown; a loop's is zero."""
    assert math.isnan(measured(Measure.TONNE_KM, flow(1, 2, partner_place="01001"))[0])
    assert measured(Measure.TONNE_KM, flow(1, 0, 0))[0] == 0
    assert measured(Measure.TONNE_KM, flow(1, partner_place="Bordeaux"))[0] > 50


def test_transport_emissions_carry_the_factor_and_its_seventy_percent() -> None:
    """0.842 kg per t·km, ± 70 %, on top of the distance's own range."""
    sent = flow(1, 0, 3, uncertainty=0.0)
    distance, emissions = measured(Measure.TONNE_KM, sent), measured(Measure.CO2E, sent)
    assert emissions[0] == pytest.approx(distance[0] * 0.842)
    assert emissions[1] == pytest.approx(distance[1] * 0.842 * 0.3)
    assert emissions[2] == pytest.approx(distance[2] * 0.842 * 1.7)


def test_an_edited_figure_changes_the_measure_and_its_explanation() -> None:
    """A user's hypothesis is the one used and shown."""
    figures = load_figures().with_overrides({"van_payload": 500.0})
    found = measure_links(links_of(flow(1, 0, 3)), Measure.TRIPS, RESOURCES, figures)
    assert found.value[0] == 2
    assert "500\u202fkg" in explain(Measure.TRIPS, figures)


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_explains_itself(measure: Measure) -> None:
    """A sentence, in French, with the numbers used."""
    text = explain(measure)
    assert text.endswith(".")
    assert len(text) > 40
    assert ("0,842" in text and "70\u202f%" in text) == (measure is Measure.CO2E)
