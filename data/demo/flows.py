"""Turn recipes into the flows of the invented actors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from data.demo.amounts import Amount
from data.demo.places import metres_between
from data.demo.recipe import Near, Outside, Partner, Recipe
from data.demo.recipes import RECIPES
from data.figures import Figures
from data.model import Actor, Flow, Origin
from data.nomenclature import Nomenclature

_YEARS = (2023, 2024, 2025, None)
SOURCE = "Exemple inventé pour la démonstration"


def fictional_flows(
    actors: Mapping[str, Sequence[Actor]],
    figures: Figures,
    nomenclature: Nomenclature,
    random: Random,
) -> tuple[Flow, ...]:
    """Give every invented actor the flows of its kind.

    Args:
        actors: kind key → actors of that kind, in a fixed order.
        figures: the ratios.
        nomenclature: densities and masses.
        random: the only source of chance; same seed, same flows.
    """
    flows = []
    for kind, recipes in RECIPES.items():
        for rank, actor in enumerate(actors.get(kind, ())):
            chosen = [recipe for i, recipe in enumerate(recipes) if (rank + i) % recipe.every == 0]
            for number, recipe in enumerate(chosen, start=1):
                amount = recipe.amount(random, figures, nomenclature.get(recipe.resource_id))
                flow = _flow(f"{actor.id}-{number}", actor, recipe, amount, random)
                flows.append(_with_partner(flow, actor, random.choice(recipe.partners), actors))
    return tuple(flows)


def _flow(flow_id: str, actor: Actor, recipe: Recipe, amount: Amount, random: Random) -> Flow:
    return Flow(
        id=flow_id,
        actor_id=actor.id,
        direction=recipe.direction,
        resource_id=recipe.resource_id,
        label=recipe.label,
        quantity=None if amount.quantity is None else float(amount.quantity),
        unit=amount.unit,
        period=amount.period,
        uncertainty=amount.uncertainty,
        periods_per_year=amount.periods_per_year,
        visits_per_week=random.choice(recipe.visits) if recipe.visits else None,
        year=random.choice(_YEARS),
        seasonality=recipe.seasonality,
        packaging=recipe.packaging,
        waste_code=recipe.waste_code,
        treatment_code=recipe.treatment_code,
        reliability=amount.reliability,
        reliability_note=amount.note,
        visibility=recipe.visibility,
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
    )


def _with_partner(
    flow: Flow, actor: Actor, partner: Partner, actors: Mapping[str, Sequence[Actor]]
) -> Flow:
    if isinstance(partner, Outside):
        return replace(flow, partner_name=partner.name, partner_place=partner.place)
    if isinstance(partner, Near):
        others = (other for other in actors[partner.kind] if other.id != actor.id)
        nearest = min(
            others, key=lambda o: (metres_between(actor.lon, actor.lat, o.lon, o.lat), o.id)
        )
        return replace(flow, partner_id=nearest.id, partner_place=nearest.commune_code)
    return flow
