"""Domain model to plain GeoJSON: what a map shows, without colours and without HTML.

Texts in the properties are the users' own words, unescaped: whoever makes HTML escapes them.
Coordinates are rounded to five decimals (about a metre).
"""

from geo.layers.actors import actors_layer, spread_positions
from geo.layers.choropleth import (
    Choropleth,
    Measure,
    choropleth,
    mass_by_commune,
)
from geo.layers.labels import TownLabel, labels_layer, town_labels
from geo.layers.synergies import synergies_layer
from geo.layers.territory import (
    bounds,
    communes_layer,
    epcis_layer,
    neighbours_layer,
    territory_layer,
)

__all__ = [
    "Choropleth",
    "Measure",
    "TownLabel",
    "actors_layer",
    "bounds",
    "choropleth",
    "communes_layer",
    "epcis_layer",
    "labels_layer",
    "mass_by_commune",
    "neighbours_layer",
    "spread_positions",
    "synergies_layer",
    "territory_layer",
    "town_labels",
]
