"""The territory: EPCI and their communes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A French commune.

    Attributes:
        code: INSEE code, five characters.
        boundary_wkb: polygon or multipolygon, WKB, EPSG:4326.
        town_hall_lon: longitude of the town hall (or a point inside, when unknown), degrees.
        town_hall_lat: latitude, degrees.
        area_km2: area computed in the legal projection (EPSG:2154 in mainland France).
        population: « population municipale » of ``Territory.population_vintage``.
    """

    code: str
    name: str
    epci_code: str
    population: int
    area_km2: float
    town_hall_lon: float
    town_hall_lat: float
    boundary_wkb: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Epci:
    """An inter-municipal body (SIREN as code)."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """EPCI and communes with the vintage and licence of what describes them.

    ``neighbours`` are the communes that touch the territory, for the grey background only.
    """

    name: str
    epcis: tuple[Epci, ...]
    communes: tuple[Commune, ...]
    neighbours: tuple[Commune, ...] = ()
    population_vintage: str = ""
    boundary_vintage: str = ""
    sources: tuple[str, ...] = ()
