"""The nomenclature and its search."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import NotFoundError
from data.model import Resource, ResourceFamily, Stream
from data.nomenclature import load_nomenclature, load_resources
from data.text import fold
from data.units import find_unit

RESOURCES = load_resources()
SUBSET = {
    *("20 01 08", "20 02 01", "20 03 02", "20 01 25", "02 01 03", "02 03 04", "02 05 01"),
    *("02 06 01", "02 07 04", "02 07 02", "15 01 01", "15 01 02", "15 01 03", "15 01 04"),
    *("15 01 07", "03 01 05", "17 02 01", "17 02 02", "17 02 03", "17 04 01", "17 04 02"),
    *("17 04 05", "20 01 01", "20 01 02", "20 01 38", "20 01 39", "20 01 40", "19 06 06"),
    "19 05 03",
}


def test_size_and_coverage() -> None:
    """Sixty to seventy resources cover the eight families and every stream."""
    assert 60 <= len(RESOURCES) <= 70
    assert {resource.family for resource in RESOURCES} == set(ResourceFamily)
    assert {resource.stream for resource in RESOURCES} == set(Stream)


def test_waste_codes_are_the_useful_subset() -> None:
    """Every waste code of the programme's sheet leads somewhere, and no other is used."""
    assert {code for resource in RESOURCES for code in resource.waste_codes} == SUBSET


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.id)
def test_entry_is_sound(resource: Resource) -> None:
    """Ids are slugs, units known, densities ordered, sources stated, substitutes elsewhere."""
    assert re.fullmatch(r"[a-z0-9_]+", resource.id)
    assert find_unit(resource.unit) is not None
    assert resource.source
    assert resource.id not in resource.substitutes
    densities = (
        resource.density_low_kg_per_l,
        resource.density_kg_per_l,
        resource.density_high_kg_per_l,
    )
    if resource.density_kg_per_l is None:
        assert densities == (None, None, None)
    else:
        assert 0 < (densities[0] or 0) <= (densities[1] or 0) <= (densities[2] or 0) < 3
    if resource.unit_mass_kg is not None:
        assert resource.hypothesis
    has_number = resource.density_kg_per_l or resource.unit_mass_kg
    assert resource.hypothesis is bool(has_number and resource.stream is not Stream.WATER)


def test_names_are_unique_once_folded() -> None:
    """Two resources never share a name."""
    names = [fold(resource.name) for resource in RESOURCES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("biodechets", "biowaste_kitchen"),
        ("Bio-déchets", "biowaste_kitchen"),
        ("biodéchtes", "biowaste_kitchen"),
        ("déchets de cantine", "biowaste_kitchen"),
        ("palette", "pallet_wood"),
        ("PALETTES", "pallet_wood"),
        ("plaettes", "pallet_wood"),
        ("palettes europe", "pallet_wood"),
        ("NaOH", "sodium_hydroxide"),
        ("hydroxyde de sodium", "sodium_hydroxide"),
        ("hydroxide de sodium", "sodium_hydroxide"),
        ("soude", "sodium_hydroxide"),
        ("caisses bois", "crate_wood"),
        ("caisse en bois", "crate_wood"),
        ("cagetes", "crate_wood"),
        ("cartons", "cardboard"),
        ("marc de raisin", "grape_marc"),
        ("marc raisin", "grape_marc"),
        ("sarments", "plant_trimmings"),
        ("drêches", "spent_grain"),
        ("huile de friture", "cooking_oil_used"),
        ("ferailles", "metal_scrap"),
        ("cuve inox", "tank_stainless"),
        ("portes et fenêtres", "joinery_reused"),
        ("chariot elevateur", "handling_equipment"),
        ("tontes", "biowaste_garden"),
        ("sciure", "sawdust"),
        ("20 01 08", "biowaste_kitchen"),
        ("17 04 02", "aluminium"),
        ("barriques", "barrel_oak"),
        ("eau de pluie", "water_reused"),
        ("recrutement", "shared_staff"),
        ("pallet_wood", "pallet_wood"),
        ("200 L de soude", "sodium_hydroxide"),
        ("3 palettes de cartons", "cardboard"),
        ("20 caisses de pommes", "fruit_vegetables"),
        ("fumié de cheval", "manure"),
    ],
)
def test_search_finds_first(query: str, expected: str) -> None:
    """What people really type leads to the right resource, first."""
    found = load_nomenclature().search(query)
    assert found
    assert found[0].id == expected


@pytest.mark.parametrize("query", ["xyzzy", "qwertyuiop", "99 99 99"])
def test_search_admits_defeat(query: str) -> None:
    """Words of nowhere find nothing rather than anything."""
    assert load_nomenclature().search(query) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NaOH", "sodium_hydroxide"),
        ("lessive de soude à 30 %", "sodium_hydroxide"),
        ("caisses bois", "crate_wood"),
        ("palettes europe", "pallet_wood"),
        ("PALÈTES", "pallet_wood"),
        ("drèches de bierre", "spent_grain"),
        ("500 kg/mois de drêches", "spent_grain"),
        ("bac 240 L de biodéchets", "biowaste_kitchen"),
        ("10 big bags de granulés bois", "firewood"),
        ("big bags vides", "big_bag"),
        ("bois de chauffage", "firewood"),
        ("vieux cartons à donner", "cardboard"),
        ("barriqes", "barrel_oak"),
        ("sciure de bois de hêtre", "sawdust"),
        ("films plastic", "plastic_film"),
        ("plaquettes", "wood_chips"),
    ],
)
def test_classification(text: str, expected: str) -> None:
    """Workshop words lead to one entry, whatever the spelling, the amount or the container."""
    assert load_nomenclature().classify(text).resource_id == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "200 L",
        "???",
        "soudure",
        "caisse enregistreuse",
        "plaquettes de frein",
        "panneaux solaires",
        "palette de maquillage",
        "composants électroniques",
        "sacs de plâtre",
        "caisses",
        "xyzzy",
    ],
)
def test_classification_abstains(text: str) -> None:
    """What is something else, too vague or empty is left to a person, with alternatives."""
    assert load_nomenclature().classify(text).resource_id is None


def test_vague_words_give_alternatives() -> None:
    """« Caisses » could be of wood or plastic: both are proposed."""
    assert {"crate_wood", "crate_plastic"} <= set(
        load_nomenclature().classify("caisses").alternatives
    )


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.id)
def test_own_terms_are_never_classified_elsewhere(resource: Resource) -> None:
    """A name or synonym belongs to its own entry; its name is always recognised."""
    nomenclature = load_nomenclature()
    assert nomenclature.classify(resource.name).resource_id == resource.id
    for term in resource.synonyms:
        assert nomenclature.classify(term).resource_id == resource.id, term


@given(st.text(max_size=60))
def test_classification_never_crashes(text: str) -> None:
    """Any text has a confidence between 0 and 1, and never both an answer and itself beside."""
    found = load_nomenclature().classify(text)
    assert 0 <= found.confidence <= 1
    assert found.resource_id not in found.alternatives
    assert found == load_nomenclature().classify(text)


def test_the_longest_texts_are_read_quickly() -> None:
    """A pathological text ends: no expression backtracks without end."""
    for text in ("1" * 2_000, "de " * 700, "1 x 1 " * 300, "un " * 700 + "bac"):
        assert 0 <= load_nomenclature().classify(text).confidence <= 1


def test_every_name_and_synonym_finds_its_resource() -> None:
    """Each term of the vocabulary leads to its own resource, among the first three."""
    nomenclature = load_nomenclature()
    for resource in nomenclature:
        for term in (resource.name, *resource.synonyms):
            first = [found.id for found in nomenclature.search(term)[:3]]
            assert resource.id in first, (term, first)


def test_empty_search_gives_everything_in_order() -> None:
    """No text: the whole list, for a menu; the limit is kept."""
    assert load_nomenclature().search("  ") == list(RESOURCES)
    assert len(load_nomenclature().search("", limit=5)) == 5


@given(st.text(max_size=40))
def test_search_never_crashes(text: str) -> None:
    """Any text gives a list without duplicates."""
    found = [resource.id for resource in load_nomenclature().search(text)]
    assert len(set(found)) == len(found)


def test_get() -> None:
    """A known id gives its resource, an unknown one a French error."""
    assert load_nomenclature().get("cardboard").name == "Cartons d’emballage"
    assert "cardboard" in load_nomenclature()
    with pytest.raises(NotFoundError, match="nomenclature"):
        load_nomenclature().get("nothing")
