"""The nomenclature's entries."""

from dataclasses import dataclass
from enum import StrEnum


class ResourceFamily(StrEnum):
    """The eight families of industrial ecology practice."""

    MATERIAL = "material"
    WASTE = "waste"
    ENERGY = "energy"
    WATER = "water"
    EQUIPMENT = "equipment"
    SPACE = "space"
    SKILL = "skill"
    LOGISTICS = "logistics"


class Stream(StrEnum):
    """What a resource is made of (« filière »): the colour key of flow maps."""

    BIOWASTE = "biowaste"
    WOOD = "wood"
    PAPER_CARDBOARD = "paper_cardboard"
    PLASTIC = "plastic"
    METAL = "metal"
    GLASS = "glass"
    MINERAL = "mineral"
    TEXTILE = "textile"
    CHEMICAL = "chemical"
    FOOD = "food"
    ENERGY = "energy"
    WATER = "water"
    SHARED_MEANS = "shared_means"
    """Equipment, spaces, skills, logistics: shared rather than consumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of the controlled vocabulary, read from ``data/reference/resources.toml``.

    Attributes:
        density_kg_per_l: bulk density with its range; ``None`` where mass has no meaning.
        co2e_kg_per_t: production or treatment factor of the default outlet, if sourced.
        hypothesis: True when a number here was read in no official source.
        substitutes: ids of the resources this one can replace.
    """

    id: str
    family: ResourceFamily
    stream: Stream
    name: str
    synonyms: tuple[str, ...] = ()
    waste_codes: tuple[str, ...] = ()
    unit: str = "t"
    density_kg_per_l: float | None = None
    density_low_kg_per_l: float | None = None
    density_high_kg_per_l: float | None = None
    unit_mass_kg: float | None = None
    """Mass of one piece (a pallet, a tank), for quantities counted in pieces."""
    co2e_kg_per_t: float | None = None
    substitutes: tuple[str, ...] = ()
    source: str = ""
    hypothesis: bool = False
