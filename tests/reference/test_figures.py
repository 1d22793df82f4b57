"""The figures table."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.figures import CATEGORIES, UNITS, Figure, load_figures, read_figures

ENTRIES = list(load_figures().values())


@pytest.mark.parametrize("figure", ENTRIES, ids=lambda figure: figure.key)
def test_entry_is_complete(figure: Figure) -> None:
    """Every entry has an ordered range, a known unit, a label, a source, a date, a confidence."""
    assert figure.low <= figure.value <= figure.high
    assert math.isfinite(figure.value)
    assert figure.unit in UNITS
    assert figure.category in CATEGORIES
    assert figure.confidence in {"H", "M", "B"}
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", figure.date)
    assert figure.label_fr[0].isupper()
    assert len(figure.source) > 5
    assert re.fullmatch(r"[a-z0-9_]+", figure.key)


def test_units_and_categories_are_all_used() -> None:
    """No unit or category is declared for nothing."""
    assert {figure.unit for figure in ENTRIES} == UNITS
    assert {figure.category for figure in ENTRIES} == set(CATEGORIES)


@pytest.mark.parametrize(
    ("key", "value", "low", "high", "confidence"),
    [
        ("biowaste_restaurant_per_meal", 0.14, 0.14, 0.20, "H"),
        ("biowaste_canteen_per_meal", 0.20, 0.20, 0.20, "M"),
        ("biowaste_density", 0.5, 0.4, 0.7, "B"),
        ("composting_site_weekly_cap", 1000, 1000, 1000, "H"),
        ("transport_declaration_kg", 500, 500, 500, "H"),
        ("bike_payload", 180, 180, 250, "H"),
        ("bike_co2e_per_km", 0.011, 0.0055, 0.0165, "M"),
        ("diesel_co2e_per_l", 3.10, 2.79, 3.41, "H"),
        ("landfill", 692, 346, 1038, "H"),
        ("composting_local", 9, 0, 18, "H"),
        ("methanisation", 173, 0, 346, "H"),
        ("road_factor_van_0_2", 1.55, 1.333, 1.767, "M"),
        ("road_factor_bike_20_up", 1.25, 1.075, 1.425, "M"),
        ("road_factor_round_margin", 0.14, 0.11, 0.14, "M"),
    ],
)
def test_published_values(key: str, value: float, low: float, high: float, confidence: str) -> None:
    """The values agree with the programme's reference sheet."""
    figure = load_figures()[key]
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, low, high))
    assert figure.confidence == confidence
    assert figure.is_hypothesis is (confidence != "H")


def test_van_emissions_follow_from_fuel() -> None:
    """Kilometre emissions equal consumption times the fuel's factor, to the rounding printed."""
    figures = load_figures()
    product = figures.value("van_fuel_per_km") * figures.value("diesel_co2e_per_l")
    assert figures.value("van_co2e_per_km") == pytest.approx(product, abs=0.005)


def test_roads_are_never_shorter_than_straight_lines() -> None:
    """Factors exceed one even at the low end, and fall with distance."""
    for mode in ("van", "bike"):
        factors = [
            load_figures()[f"road_factor_{mode}_{band}"]
            for band in ("0_2", "2_5", "5_10", "10_20", "20_up")
        ]
        assert all(factor.low > 1 for factor in factors)
        values = [factor.value for factor in factors]
        assert values == sorted(values, reverse=True)


@given(st.floats(min_value=0, max_value=1e9))
def test_override_keeps_the_range_true(value: float) -> None:
    """A user's value is used, marked, and stays within a range that only widens."""
    before = load_figures()["biowaste_density"]
    after = load_figures().with_overrides({"biowaste_density": value})["biowaste_density"]
    assert after.value == value
    assert after.low <= min(before.low, value)
    assert after.high >= max(before.high, value)
    assert after.edited is (value != before.value)
    assert load_figures()["biowaste_density"] == before


def test_override_ignores_keys_of_another_version() -> None:
    """A setting left by an older version does not stop the application."""
    assert dict(load_figures().with_overrides({"gone": 1.0})) == dict(load_figures())


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_override_refuses_nonsense(value: float) -> None:
    """A negative or infinite hypothesis is refused, and named."""
    with pytest.raises(InputError, match="Densité des biodéchets"):
        load_figures().with_overrides({"biowaste_density": value})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("value = 1", "value = 9"), "false"),
        (('unit = "kg"', 'unit = "stone"'), "unknown unit"),
        (('confidence = "H"', 'confidence = "X"'), "confidence"),
        (('source = "s"', 'source = ""'), "source"),
    ],
)
def test_broken_entry_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    """A table with a wrong range, unit, confidence or source does not load."""
    entry = (
        '[x]\nvalue = 1\nlow = 0\nhigh = 2\nunit = "kg"\nlabel_fr = "X"\nsource = "s"\n'
        'date = "2026"\nconfidence = "H"\ncategory = "vehicle"\n'
    )
    path = tmp_path / "figures.toml"
    path.write_text(entry, encoding="utf-8")
    assert read_figures(path)["x"].value == 1
    path.write_text(entry.replace(*change), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_figures(path)
