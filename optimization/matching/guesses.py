"""What an activity usually gives or seeks: hypotheses to ask about, never facts.

Written from the project's knowledge of trades; no official table links activity codes (NAF
rév. 2) to resources. Kept apart from what people said by ``ListingSource.GUESS``.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from data.french import NNBSP, quote
from data.model import Actor, Listing, ListingSource, Reliability, Side, Visibility

GUESS_PREFIX: Final = "hypothese:"

USUAL: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "01.1": (("plant_trimmings", "plastic_agricultural"), ("compost", "crate_wood")),
    "01.13": (("vegetable_rejects", "plastic_agricultural"), ("compost", "crate_wood")),
    "01.21": (("plant_trimmings", "grape_marc"), ("compost", "shared_staff")),
    "01.4": (("manure",), ("straw", "animal_feed")),
    "02": (("wood_chips",), ("handling_equipment",)),
    "10.1": (("food_unsold", "cardboard"), ("packing_material",)),
    "10.3": (("vegetable_rejects", "cardboard"), ("fruit_vegetables", "crate_plastic")),
    "10.5": (("cardboard", "heat_waste"), ("cleaning_products",)),
    "10.71": (("food_unsold", "cardboard"), ("food_products",)),
    "11.02": (("grape_marc", "glass_bottle"), ("bottle_new", "barrel_oak", "sodium_hydroxide")),
    "11.05": (("spent_grain", "big_bag"), ("glass_bottle", "sodium_hydroxide")),
    "16.1": (("sawdust", "wood_offcuts"), ("timber",)),
    "16.2": (("wood_offcuts", "sawdust"), ("timber",)),
    "17": (("cardboard", "paper_office"), ("pallet_wood",)),
    "18.1": (("paper_office", "solvents_used"), ("pallet_wood",)),
    "20": (("plastic_rigid",), ("pallet_wood",)),
    "22": (("plastic_film", "pallet_wood"), ("packing_material",)),
    "23.7": (("rubble",), ("pallet_wood",)),
    "24": (("metal_scrap",), ("steel_stock",)),
    "25": (("metal_scrap", "pallet_wood"), ("steel_stock",)),
    "31": (("wood_offcuts", "sawdust"), ("timber", "packing_material")),
    "38": (("pallet_wood", "cardboard"), ("handling_equipment",)),
    "41": (("rubble", "wood_waste"), ("aggregate",)),
    "42": (("rubble",), ("aggregate",)),
    "43": (("rubble", "wood_waste"), ("joinery_reused",)),
    "43.32": (("wood_offcuts", "joinery_reused"), ("timber",)),
    "45.2": (("motor_oil_used", "metal_scrap"), ("textile_used",)),
    "46": (("pallet_wood", "plastic_film"), ("storage_space",)),
    "47.1": (("food_unsold", "cardboard", "plastic_film"), ("fruit_vegetables",)),
    "47.76": (("biowaste_garden", "plastic_rigid"), ("compost",)),
    "47.79": (("textile_used",), ("joinery_reused",)),
    "49.4": (("freight", "pallet_wood"), ("storage_space",)),
    "52.1": (("storage_space", "plastic_film"), ("pallet_wood",)),
    "55.1": (("biowaste_kitchen", "textile_used"), ("fruit_vegetables",)),
    "55.3": (("biowaste_garden",), ("wood_chips",)),
    "56.1": (("biowaste_kitchen", "cooking_oil_used", "glass_bottle"), ("fruit_vegetables",)),
    "56.2": (("biowaste_kitchen", "cooking_oil_used"), ("fruit_vegetables",)),
    "81.3": (("biowaste_garden", "wood_chips"), ("compost",)),
    "85": (("biowaste_kitchen", "paper_office"), ("fruit_vegetables",)),
    "87": (("biowaste_kitchen", "textile_used"), ("fruit_vegetables",)),
}
"""Beginning of an activity code → resources usually offered, usually sought."""


def guesses(actors: Iterable[Actor]) -> tuple[Listing, ...]:
    """What each actor may give or seek, from the longest code it begins with; no quantities.

    The programme's own network sees them at most; those of a confidential actor stay
    confidential.
    """
    return tuple(
        _guess(actor, prefix, side, resource_id)
        for actor in actors
        if (prefix := usual_prefix(actor.naf_code))
        for side, ids in zip((Side.OFFER, Side.NEED), USUAL[prefix], strict=True)
        for resource_id in ids
    )


def usual_prefix(naf_code: str) -> str:
    """Longest known beginning of an activity code, or an empty text."""
    code = naf_code.strip().upper()
    return max((one for one in USUAL if code.startswith(one)), key=len, default="")


def _guess(actor: Actor, prefix: str, side: Side, resource_id: str) -> Listing:
    hidden = actor.visibility is Visibility.CONFIDENTIAL
    activity = f" ({actor.activity})" if actor.activity else ""
    return Listing(
        id=f"{GUESS_PREFIX}{actor.id}:{side}:{resource_id}",
        actor_id=actor.id,
        side=side,
        resource_id=resource_id,
        listing_source=ListingSource.GUESS,
        reliability=Reliability.ESTIMATED,
        visibility=Visibility.CONFIDENTIAL if hidden else Visibility.NETWORK,
        source=f"Hypothèse{NNBSP}: usage de l’activité {quote(prefix)}{activity}, à vérifier",
        origin=actor.origin,
    )
