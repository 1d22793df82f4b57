"""The flows of each kind of invented actor: what goes in and out, how much, with whom."""

from collections.abc import Mapping
from typing import Final

from data.demo.recipe import Recipe
from data.demo.recipes_food import KITCHENS_AND_FARMS
from data.demo.recipes_trade import TRADES

RECIPES: Final[Mapping[str, tuple[Recipe, ...]]] = {**KITCHENS_AND_FARMS, **TRADES}
"""Kind key → its recipes; the order is part of what makes the demonstration repeatable."""
