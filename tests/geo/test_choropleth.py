"""Classes that read well and hold something."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.model import Direction, Flow, Territory
from data.nomenclature import load_nomenclature
from geo.layers import Measure, choropleth, mass_by_commune
from geo.layers.choropleth import CLASSES, class_edges, class_of, readable
from tests.geo.conftest import make_actor

amounts = st.one_of(st.just(0.0), st.floats(1e-3, 1e7), st.integers(0, 500).map(float))


@given(st.lists(amounts, min_size=1, max_size=200))
def test_classes_cover_every_value_and_none_is_empty(values: list[float]) -> None:
    """Limits rise, span all values, and every class holds at least one."""
    edges = class_edges(values)
    assert list(edges) == sorted(set(edges))
    assert edges[0] <= min(values)
    assert max(values) <= edges[-1]
    assert 1 <= len(edges) - 1 <= CLASSES
    classes = [class_of(v, edges) for v in values]
    assert set(classes) == set(range(len(edges) - 1))
    for value, number in zip(values, classes, strict=True):
        assert edges[number] <= value <= edges[number + 1]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=200))
def test_counts_have_whole_limits_and_none_is_apart(values: list[int]) -> None:
    """Limits of counts are whole; zero shares its class with no other count."""
    edges = class_edges([float(v) for v in values], whole=True)
    assert all(edge == int(edge) for edge in edges)
    if 0 in values and any(values):
        zero = class_of(0.0, edges)
        assert all(class_of(float(v), edges) != zero for v in values if v)


@given(st.floats(1e-3, 1e9))
def test_readable_numbers(value: float) -> None:
    """A readable number has one digit and a half and is within a quarter of the value."""
    rounded = readable(value)
    assert rounded == pytest.approx(value, rel=0.26)
    step = 0.5 * 10 ** math.floor(math.log10(value))
    assert rounded / step == pytest.approx(round(rounded / step), abs=1e-6)


def test_population_of_the_real_territory(territory: Territory) -> None:
    """128 communes of very uneven size fall into five classes of about a fifth each."""
    result = choropleth(territory, (), {}, Measure.POPULATION)
    assert result.edges == (30, 150, 300, 450, 850, 30_000)
    sizes = np.bincount([number for _, number in result.classes])
    assert sizes.min() >= 20
    assert result.unit == "habitants"
    assert result.vintage == territory.population_vintage


def test_density(squares: Territory) -> None:
    """Density is inhabitants over square kilometres."""
    result = choropleth(squares, (), {}, Measure.DENSITY)
    assert dict(result.values)["01003"] == pytest.approx(400 / 87)
    assert result.unit == "hab./km²"


def test_actors_are_counted_where_they_are(squares: Territory) -> None:
    """A commune without an actor counts zero; there is no vintage to show."""
    actors = [make_actor(i, commune="01001") for i in range(3)]
    result = choropleth(squares, actors, {}, Measure.ACTORS)
    assert dict(result.values) == {"01000": 0, "01001": 3, "01002": 0, "01003": 0}
    assert dict(result.classes)["01000"] < dict(result.classes)["01001"]
    assert result.vintage == ""


def test_unknown_is_not_zero(squares: Territory) -> None:
    """A commune without a known flow has no value and no class."""
    result = choropleth(squares, (), {"01001": 12.5}, Measure.TONNES)
    assert dict(result.values)["01000"] is None
    assert [code for code, _ in result.classes] == ["01001"]


def test_nothing_known_at_all(squares: Territory) -> None:
    """With no value there is no class, and nothing breaks."""
    result = choropleth(squares, (), {}, Measure.TONNES)
    assert result.edges == ()
    assert result.classes == ()


def test_mass_by_commune() -> None:
    """Tonnes add up by commune; a flow without a known quantity adds nothing, not zero."""
    nomenclature = load_nomenclature()
    resource = next(iter(nomenclature)).id
    actors = [make_actor(1), make_actor(2), make_actor(3, commune="01003")]

    def flow(number: int, actor: int, quantity: float | None) -> Flow:
        return Flow(
            id=f"f{number}",
            actor_id=f"a{actor:04d}",
            direction=Direction.OUT,
            resource_id=resource,
            quantity=quantity,
        )

    flows = [flow(1, 1, 2.0), flow(2, 2, 3.5), flow(3, 3, None), flow(4, 77, 9.0)]
    assert mass_by_commune(actors, flows, nomenclature) == {"01000": pytest.approx(5.5)}
