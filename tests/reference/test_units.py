"""Units and yearly masses."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.figures import load_figures
from data.model import Direction, Flow, Period, Resource, ResourceFamily, Stream
from data.units import KNOWN_UNITS, PERIODS_PER_YEAR, UnitKind, annual_mass, find_unit, parse_unit

RESOURCE = Resource(
    id="matter",
    family=ResourceFamily.WASTE,
    stream=Stream.BIOWASTE,
    name="Palettes",
    density_kg_per_l=0.5,
    density_low_kg_per_l=0.4,
    density_high_kg_per_l=0.7,
    unit_mass_kg=25.0,
)
FLOW = Flow(id="f", actor_id="a", direction=Direction.OUT, resource_id="matter", quantity=10.0)


def mass(**changes: object) -> tuple[float, float, float] | None:
    """Low, central and high yearly mass of the sample flow with changes."""
    found = annual_mass(replace(FLOW, **changes), RESOURCE)  # type: ignore[arg-type]
    return None if found is None else (found.low, found.t_per_year, found.high)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("t", "t"),
        ("Tonnes", "t"),
        ("KG", "kg"),
        ("litres", "L"),
        ("m3", "m³"),
        ("m³", "m³"),
        ("pièces", "pièce"),
        ("Palettes", "palette"),
        ("bac 120 L", "bac 120 L"),
        ("Bacs de 240 litres", "bac 240 L"),
        ("bidons 20L", "bidon 20 L"),
        ("benne 10 m³", "benne 10 m³"),
        ("repas", "repas"),
        ("heures", "h"),
        ("m2", "m²"),
        ("kWh", "kWh"),
        ("MWh", "MWh"),
    ],
)
def test_units_are_understood(text: str, symbol: str) -> None:
    """Symbols, plurals, accents and containers with a size are read."""
    assert parse_unit(text).symbol == symbol


@pytest.mark.parametrize("text", ["", "  ", "zz", "bac", "bac 0 L", "bidon L", "tonneaux"])
def test_unknown_units_are_refused(text: str) -> None:
    """An unknown unit is named, with the row and the units understood."""
    assert find_unit(text) is None
    with pytest.raises(InputError, match="Unité inconnue") as caught:
        parse_unit(text, row=4)
    assert caught.value.row == 4
    assert "ligne 4" in str(caught.value)


def test_menu_units_are_stable() -> None:
    """Every unit of the menu is understood and keeps its own name."""
    for symbol in KNOWN_UNITS:
        assert parse_unit(symbol).symbol == symbol


@pytest.mark.parametrize(
    ("changes", "tonnes"),
    [
        ({"unit": "t"}, 10.0),
        ({"unit": "kg"}, 0.01),
        ({"unit": "kg", "period": Period.WEEK}, 0.52),
        ({"unit": "kg", "period": Period.WEEK, "periods_per_year": 36}, 0.36),
        ({"unit": "kg", "period": Period.DAY}, 3.65),
        ({"unit": "m³"}, 5.0),
        ({"unit": "bac 120 L", "period": Period.WEEK}, 10 * 120 * 0.5 * 52 / 1000),
        ({"unit": "pièce"}, 0.25),
        ({"unit": "palette", "period": Period.MONTH}, 3.0),
    ],
)
def test_annual_mass(changes: dict[str, object], tonnes: float) -> None:
    """Quantity × periods × mass of the unit."""
    found = mass(**changes)
    assert found is not None
    assert found[1] == pytest.approx(tonnes)


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": None},
        {"unit": ""},
        {"unit": "brouette"},
        {"unit": "h"},
        {"unit": "kWh"},
        {"unit": "repas"},
        {"unit": "bouteille"},
    ],
)
def test_unknown_is_none_not_zero(changes: dict[str, object]) -> None:
    """No quantity, no unit, no mass, or pieces of something else: unknown, never zero."""
    assert mass(**changes) is None


def test_missing_density_or_piece_mass_is_unknown() -> None:
    """A volume without density and a piece without mass weigh something unknown."""
    bare = replace(RESOURCE, density_kg_per_l=None, unit_mass_kg=None)
    assert annual_mass(replace(FLOW, unit="L"), bare) is None
    assert annual_mass(replace(FLOW, unit="pièce"), bare) is None


def test_zero_is_zero() -> None:
    """A flow known to be nil is not unknown."""
    assert mass(quantity=0.0) == (0.0, 0.0, 0.0)


def test_quadrature_of_quantity_and_density() -> None:
    """± 30 % on the quantity and 0.4-0.7 around 0.5 kg/L combine in quadrature, side by side."""
    low, middle, high = mass(unit="m³", uncertainty=0.3) or (0, 0, 0)
    assert middle == pytest.approx(5.0)
    assert low == pytest.approx(5 * (1 - math.hypot(0.3, 0.2)))
    assert high == pytest.approx(5 * (1 + math.hypot(0.3, 0.4)))


def test_piece_margin_comes_from_the_figures() -> None:
    """A user's margin on the mass of a piece reaches the result."""
    figures = load_figures().with_overrides({"piece_mass_margin": 0.5})
    found = annual_mass(replace(FLOW, unit="pièce"), RESOURCE, figures)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.125, 0.375))


@given(
    st.floats(min_value=0, max_value=1e6),
    st.sampled_from(["t", "kg", "L", "m³", "bac 120 L", "pièce"]),
    st.sampled_from(list(PERIODS_PER_YEAR)),
    st.floats(min_value=0, max_value=5),
    st.floats(min_value=0, max_value=5),
)
def test_range_holds_the_value_and_grows_with_uncertainty(
    quantity: float, unit: str, period: Period, small: float, more: float
) -> None:
    """0 ≤ low ≤ value ≤ high always, and a greater uncertainty never narrows the range."""
    tight = mass(quantity=quantity, unit=unit, period=period, uncertainty=small)
    wide = mass(quantity=quantity, unit=unit, period=period, uncertainty=small + more)
    assert tight is not None
    assert wide is not None
    assert 0 <= tight[0] <= tight[1] <= tight[2]
    assert wide[0] <= tight[0]
    assert wide[2] >= tight[2]


@given(st.floats(min_value=0.001, max_value=1e6))
def test_tonnes_and_kilograms_agree(tonnes: float) -> None:
    """The same mass in tonnes or kilograms weighs the same."""
    assert mass(quantity=tonnes, unit="t") == pytest.approx(mass(quantity=tonnes * 1000, unit="kg"))


def test_kinds() -> None:
    """Hours and surfaces have no mass; containers are volumes."""
    assert parse_unit("h").kind is UnitKind.OTHER
    assert parse_unit("bac 120 L").factor == 120
