"""Gains of a synergy: ranges in order, nothing invented, nothing netted, the sum by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import load_figures
from data.model import (
    Party,
    PartyRole,
    Reliability,
    Resource,
    ResourceFamily,
    Stream,
    Synergy,
    SynergyKind,
    SynergyStatus,
)
from optimization.gains import TREATMENTS, gains, total
from optimization.indicators import Estimate

FIGURES = load_figures()
TREATMENT_KEYS = [figure.key for figure in FIGURES.in_category(TREATMENTS)]
BIOWASTE = Resource(
    id="b", family=ResourceFamily.WASTE, stream=Stream.BIOWASTE, name="Biodéchets", unit="t"
)
WOOD = replace(BIOWASTE, id="w", stream=Stream.WOOD, name="Palettes")
CASE = Synergy(
    id="s",
    title="Biodéchets",
    status=SynergyStatus.REALISED,
    parties=(
        Party(actor_id="a", role=PartyRole.GIVER, gain_eur_per_year=1200.0, gain_note="Facture"),
        Party(actor_id="b", role=PartyRole.TAKER),
    ),
    mass_t_per_year=10.0,
    mass_uncertainty=0.2,
    baseline_key="landfill",
    distance_km=5.0,
)


def _ordered(estimate: Estimate | None) -> bool:
    return estimate is None or 0 <= estimate.low <= estimate.value <= estimate.high


synergies = st.builds(
    Synergy,
    id=st.uuids().map(str),
    title=st.just("S"),
    kind=st.sampled_from(SynergyKind),
    status=st.sampled_from(SynergyStatus),
    mass_t_per_year=st.none() | st.floats(0, 1e6),
    mass_uncertainty=st.none() | st.floats(0, 100),
    reliability=st.sampled_from(Reliability),
    baseline_key=st.sampled_from(["", "inconnu", "van_speed", *TREATMENT_KEYS]),
    distance_km=st.none() | st.floats(0, 1e4),
    parties=st.lists(
        st.builds(
            Party,
            actor_id=st.uuids().map(str),
            role=st.sampled_from(PartyRole),
            gain_eur_per_year=st.none() | st.integers(-10_000, 10_000).map(float),
        ),
        max_size=3,
    ).map(tuple),
)
RESOURCES = st.sampled_from([None, BIOWASTE, WOOD])


@given(synergies, RESOURCES)
def test_ranges_are_in_order_and_every_gap_says_why(
    synergy: Synergy, resource: Resource | None
) -> None:
    """Low, value and high never cross; a line without a number says why, one with shows how."""
    found = gains(synergy, FIGURES, resource)
    assert _ordered(found.tonnes)
    for line in found.emissions:
        assert _ordered(line.kg_per_year)
        assert (line.kg_per_year is None) == bool(line.why)
        assert (line.kg_per_year is None) != bool(line.formula)
        assert set(line.figures) <= set(FIGURES)


@given(synergies, RESOURCES)
def test_unknown_stays_unknown_and_nothing_weighs_nothing(
    synergy: Synergy, resource: Resource | None
) -> None:
    """Without a tonnage there is no emission at all; with zero tonnes every emission is zero."""
    unknown = gains(replace(synergy, mass_t_per_year=None), FIGURES, resource)
    assert unknown.tonnes is None
    assert all(line.kg_per_year is None for line in unknown.emissions)
    nothing = gains(replace(synergy, mass_t_per_year=0.0), FIGURES, resource)
    zero = Estimate(value=0.0, low=0.0, high=0.0)
    assert all(line.kg_per_year in (None, zero) for line in nothing.emissions)


@given(synergies, st.floats(0, 100))
def test_a_wider_doubt_gives_a_wider_range(synergy: Synergy, more: float) -> None:
    """Adding uncertainty on the mass never narrows any range nor moves any value."""
    sure = gains(replace(synergy, mass_uncertainty=None), FIGURES, BIOWASTE)
    doubtful = gains(replace(synergy, mass_uncertainty=more), FIGURES, BIOWASTE)
    for before, after in zip(sure.emissions, doubtful.emissions, strict=True):
        if before.kg_per_year is not None and after.kg_per_year is not None:
            assert after.kg_per_year.low <= before.kg_per_year.low
            assert after.kg_per_year.high >= before.kg_per_year.high
            assert after.kg_per_year.value == before.kg_per_year.value


@given(st.lists(synergies, max_size=6))
def test_a_sum_counts_each_once(found: list[Synergy]) -> None:
    """Known and unknown make the whole; tonnes by how they are known make all tonnes."""
    each = [gains(one, FIGURES, BIOWASTE) for one in found]
    summed = total(each)
    assert summed.count == len(found)
    known = [one.tonnes.value for one in each if one.tonnes is not None]
    assert summed.unknown_tonnes == len(found) - len(known)
    assert summed.tonnes.value == pytest.approx(sum(known))
    assert sum(part.value for _, part in summed.tonnes_by) == pytest.approx(summed.tonnes.value)
    assert _ordered(summed.tonnes)
    assert _ordered(summed.avoided_kg)
    assert _ordered(summed.transport_kg)


def test_ten_tonnes_no_longer_buried_by_hand() -> None:
    """10 t (8 to 12) × 692 kg/t (346 to 1 038); 5 km (2.5 to 7.5) × 0.842 kg/t.km ± 70 %."""
    found = gains(CASE, FIGURES, BIOWASTE)
    assert found.realised
    baseline, transport = found.emissions
    assert baseline.avoided
    assert not transport.avoided
    assert baseline.kg_per_year is not None
    assert (baseline.kg_per_year.low, baseline.kg_per_year.value, baseline.kg_per_year.high) == (
        pytest.approx((8 * 346, 6920, 12 * 1038))
    )
    assert transport.kg_per_year is not None
    assert transport.kg_per_year.value == pytest.approx(42.1)
    assert transport.kg_per_year.low == pytest.approx(8 * 2.5 * 0.2526)
    assert transport.kg_per_year.high == pytest.approx(12 * 7.5 * 1.4314)
    assert "× 692" in baseline.formula
    assert found.eur_per_year == 1200
    assert found.unknown_parties == 1
    assert found.hypotheses == ("road_factor_leg_error_p90",)


def test_wood_gets_no_putrescible_factor() -> None:
    """The table's factors hold for putrescibles: pallets are told in tonnes only."""
    line = gains(CASE, FIGURES, WOOD).emission("baseline")
    assert line.kg_per_year is None
    assert "putrescibles" in line.why


def test_a_potential_is_not_a_gain() -> None:
    """Before it is realised, the same numbers are only a potential."""
    assert not gains(replace(CASE, status=SynergyStatus.DISCUSSION), FIGURES, BIOWASTE).realised
