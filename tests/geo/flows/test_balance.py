"""Inputs, outputs and what stays: the sums hold, the rates say what they mean."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from data.model import Direction, Flow
from geo.flows import Perimeter, balance, check_balance, monthly_profile
from geo.flows.balance import BOUNDS
from tests.geo.flows.worlds import SUMMER, flow, flow_lists, law, links_of

IN = Direction.IN


def row(*flows: Flow, place: str = "territory", perimeter: Perimeter = Perimeter.TERRITORY) -> Any:
    """Balance of one place."""
    table = balance(links_of(*flows), perimeter)
    return table.set_index("place").loc[place]


@law
@given(flows=flow_lists())
def test_parts_make_the_whole_in_every_perimeter(flows: list[Flow]) -> None:
    """Inputs, outputs and stock follow from their parts; ranges enclose; rates are in 0 … 1."""
    links = links_of(*flows)
    for perimeter in Perimeter:
        table = balance(links, perimeter)
        for bound in BOUNDS:
            into = table[[f"{p}{bound}_t" for p in ("inside", "entering", "unknown_in")]].sum(
                axis=1
            )
            assert into.to_numpy() == pytest.approx(table[f"inputs{bound}_t"].to_numpy(), abs=1e-5)
        stock = (table["inputs_t"] - table["outputs_t"]).to_numpy()
        assert stock == pytest.approx(table["stock_t"].to_numpy(), abs=1e-5)
        for name in ("inputs_t", "outputs_t", "stock_t", "local_share", "circularity"):
            stem = name.removesuffix("_t")
            unit = "_t" if name.endswith("_t") else ""
            known = table[table[name].notna()]
            assert (known[f"{stem}_low{unit}"].fillna(0) <= known[name] + 1e-6).all()
            assert (known[name] <= known[f"{stem}_high{unit}"].fillna(1) + 1e-6).all()
        for rate in ("local_share", "circularity"):
            assert table[rate].dropna().between(0, 1).all()


@law
@given(flows=flow_lists())
def test_the_territory_is_its_epcis_without_what_goes_between_them(flows: list[Flow]) -> None:
    """What enters the EPCI enters the territory, or comes from another EPCI."""
    links = links_of(*flows)
    whole, parts = balance(links), balance(links, Perimeter.EPCI)
    between = links.frame[
        (links.frame["scope"] == "inside")
        & (links.frame["origin_epci"] != links.frame["destination_epci"])
    ]["mass_t"].sum()
    for sign in ("entering_t", "leaving_t"):
        assert parts[sign].sum() == pytest.approx(whole[sign].sum() + between, abs=1e-5)
    assert parts["inside_t"].sum() == pytest.approx(whole["inside_t"].sum() - between, abs=1e-5)
    for sign in ("unknown_in_t", "unknown_out_t"):
        assert parts[sign].sum() == pytest.approx(whole[sign].sum(), abs=1e-5)


@law
@given(flows=flow_lists())
def test_splits_add_up_to_the_unsplit_balance(flows: list[Flow]) -> None:
    """By stream, resource or year: the same tonnes."""
    links = links_of(*flows)
    whole = balance(links)["inputs_t"].sum()
    for split in (("stream",), ("resource_id",), ("year",), ("year", "family")):
        parts = balance(links, split=split)
        assert parts["inputs_t"].sum() == pytest.approx(whole, abs=1e-5)
        assert not parts.duplicated(["place", *split]).any()


def test_a_small_balance_by_hand() -> None:
    """One link of each kind, seen from the west."""
    flows = (
        flow(1, 0, 1, quantity=1.0),
        flow(2, 0, 4, quantity=10.0, uncertainty=0.1),
        flow(3, 4, 0, quantity=100.0, uncertainty=0.1),
        flow(4, 0, quantity=1000.0),
        flow(5, 0, direction=IN, quantity=None),
    )
    west = row(*flows, place="epci:111111111", perimeter=Perimeter.EPCI)
    assert (west["inside_t"], west["entering_t"], west["leaving_t"]) == (1, 100, 10)
    assert (west["unknown_in_t"], west["unknown_out_t"]) == (0, 1000)
    assert (west["inputs_t"], west["outputs_t"], west["stock_t"]) == (101, 1011, -910)
    assert west["stock_low_t"] == pytest.approx(90 - 11 - 1000)
    assert west["stock_high_t"] == pytest.approx(110 - 9 - 1000)
    assert (west["links"], west["unknown_links"]) == (5, 1)
    assert west["local_share"] == pytest.approx(1 / 101)


def test_circularity_is_recovered_waste_over_matter_received() -> None:
    """After Eurostat: neither disposal, nor energy recovery, nor water count as loops."""
    waste = {"resource_id": "biowaste"}
    found = row(
        flow(1, 0, 3, quantity=20.0, treatment_code="R3", **waste),
        flow(2, 0, 4, quantity=10.0, **waste),
        flow(3, 1, 3, quantity=10.0, treatment_code="D5", **waste),
        flow(4, 1, 4, quantity=10.0, treatment_code="R1", **waste),
        flow(5, 0, direction=IN, partner_place="Bordeaux", quantity=50.0),
        flow(6, 0, partner_place="Bordeaux", quantity=500.0, **waste),
    )
    assert found["circularity"] == pytest.approx(30 / 100)
    assert found["circularity_low"] == pytest.approx(20 / 100)
    assert found["circularity_high"] == pytest.approx(30 / 100)


@pytest.mark.parametrize("fields", [{"quantity": None}, {"resource_id": "room", "quantity": 5.0}])
def test_a_rate_without_denominator_is_not_a_number(fields: dict[str, Any]) -> None:
    """Nothing known came in: no rate, rather than zero or a crash."""
    assert math.isnan(row(flow(1, 0, 3, **fields))["circularity"])


def test_no_flow_no_balance() -> None:
    """An empty table with its columns."""
    table = balance(links_of(), split=("year",))
    assert len(table) == 0
    assert {"place", "name", "year", "stock_low_t", "circularity_high"} <= set(table.columns)


def test_actors_outside_have_a_balance_of_their_own_only() -> None:
    """They count among actors, not in any commune or EPCI."""
    links = links_of(flow(1, 0, 6))
    assert set(balance(links, Perimeter.ACTOR)["place"]) == {"actor:a0000", "actor:a0006"}
    assert set(balance(links, Perimeter.COMMUNE)["place"]) == {"commune:01000"}


def test_years_follow_each_other() -> None:
    """Year by year, undated flows last and apart."""
    links = links_of(
        flow(1, 0, 3, year=2022), flow(2, 0, 3, year=2023, quantity=2.0), flow(3, 0, 4)
    )
    table = balance(links, split=("year",))
    assert table["year"].fillna(0).tolist() == [2022, 2023, 0]
    assert table["inside_t"].tolist() == [1.0, 2.0, 1.0]


@law
@given(flows=flow_lists())
def test_the_twelve_months_make_the_year(flows: list[Flow]) -> None:
    """The profile's sum is the known total."""
    links = links_of(*flows)
    profile = monthly_profile(links)
    assert list(profile.index) == list(range(1, 13))
    assert profile.to_numpy().sum() == pytest.approx(links.total_t(), rel=1e-9, abs=1e-6)


def test_a_summer_flow_peaks_in_july() -> None:
    """Half of it in July, nothing in winter."""
    profile = monthly_profile(links_of(flow(1, 0, 3, quantity=4.0, seasonality=SUMMER)))
    assert profile["inside_t"][7] == 2.0
    assert profile["inside_t"][1] == 0.0
    assert isinstance(profile, pd.DataFrame)


def test_the_mass_check_names_the_actor_at_fault() -> None:
    """10 t in, 30 t out, both ± 10 %: said in French, with the flows compared."""
    links = links_of(
        flow(1, 0, direction=IN, partner_place="Bordeaux", quantity=10.0, uncertainty=0.1),
        flow(2, 0, 3, quantity=30.0, uncertainty=0.1),
        flow(3, 1, direction=IN, partner_place="Bordeaux", quantity=30.0, uncertainty=0.1),
        flow(4, 1, 3, quantity=29.0, uncertainty=0.1),
    )
    (found,) = check_balance(links)
    assert (found.actor_id, found.in_t, found.out_t) == ("a0000", 10.0, 30.0)
    assert found.flow_ids == ("f0001", "f0002")
    for word in ("Aulne", "bois", "10\u202ft/an", "30\u202ft/an", "20\u202ft/an", "une entrée"):
        assert word in found.sentence


@pytest.mark.parametrize(
    ("came", "went"),
    [
        ({"quantity": 10.0, "uncertainty": 0.6}, {"quantity": 20.0, "uncertainty": 0.3}),
        ({"quantity": None}, {"quantity": 30.0}),
        ({"quantity": 10.0}, {"quantity": 13.0}),
        ({"quantity": 10.0, "year": 2022}, {"quantity": None, "year": 2022}),
        (
            {"quantity": 10.0, "resource_id": "biowaste"},
            {"quantity": 50.0, "resource_id": "biowaste"},
        ),
    ],
)
def test_the_mass_check_accuses_nobody_without_proof(
    came: dict[str, Any], went: dict[str, Any]
) -> None:
    """Ranges that meet, an unknown input, no stated uncertainty, matter that rots."""
    links = links_of(
        flow(1, 0, direction=IN, partner_place="Bordeaux", **came), flow(2, 0, 3, **went)
    )
    assert check_balance(links) == ()


def test_the_mass_check_compares_an_actors_own_words() -> None:
    """What others say of it, a loop with itself and past years are not its declarations."""
    links = links_of(
        flow(1, 0, 3, quantity=30.0, year=2023),
        flow(2, 3, 0, quantity=1.0),
        flow(3, 0, 0, quantity=500.0),
        flow(4, 0, direction=IN, partner_place="Bordeaux", quantity=1.0, year=2021),
        flow(5, 0, direction=IN, partner_place="Bordeaux", quantity=30.0, year=2023),
    )
    assert check_balance(links) == ()


def test_the_widest_gap_comes_first_and_stock_is_hinted_at() -> None:
    """More in than out: perhaps a stock."""
    links = links_of(
        flow(1, 0, direction=IN, partner_place="Bordeaux", quantity=20.0),
        flow(2, 0, 3, quantity=5.0),
        flow(3, 1, direction=IN, partner_place="Bordeaux", quantity=200.0),
        flow(4, 1, 3, quantity=5.0),
    )
    found = check_balance(links)
    assert [i.actor_id for i in found] == ["a0001", "a0000"]
    assert "stockée" in found[0].sentence
