"""Build the demonstration from the territory, the figures and the nomenclature.

Deterministic: one seed, one order, coordinates rounded to five decimals.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from data.demo import collection
from data.demo.content import DemoData
from data.demo.events import events
from data.demo.flows import SOURCE, fictional_flows
from data.demo.kept import WINTER, taken_up_note
from data.demo.kinds import KINDS, SUFFIX, Kind
from data.demo.listings import listings
from data.demo.places import Place, Spots, by_code
from data.demo.readers import letter, subscribers
from data.demo.real import real_actors, real_flows
from data.demo.studies import studied, studies
from data.demo.synergies import invented_synergies, notes, real_synergies
from data.demo.workshop import example_workshop
from data.figures import Figures
from data.model import Actor, Origin, PositionPrecision
from data.nomenclature import Nomenclature
from data.text import slug

SEED: Final = 2024
_CITY: Final = 10_000
"""Population from which a commune is a city: wider, and without invented farms."""
_MAIN_SHARE = 0.76
"""Of the kitchens, how many lie in the main EPCI, where the rounds are."""
_CITY_RADIUS_M = 1_800.0
_TOWN_RADIUS_M = 450.0


def generate(
    places: Sequence[Place], figures: Figures, nomenclature: Nomenclature, seed: int = SEED
) -> DemoData:
    """Make the whole demonstration.

    Args:
        places: communes of the territory, ordered by code.
        figures: ratios, vehicles, containers.
        nomenclature: densities and masses.
        seed: same seed and inputs, same records.
    """
    random = Random(seed)  # noqa: S311 - invented examples, nothing secret
    spots = Spots(random)
    places_by_code = by_code(places)
    real = real_actors(places_by_code, spots)
    by_kind = _fictional_actors(places, real, spots, random)
    actors = (*real, *(actor for group in by_kind.values() for actor in group))
    visits = studies(by_kind)
    invented = studied(fictional_flows(by_kind, figures, nomenclature, random), visits)
    flows = (*real_flows(), *invented)
    actor_by_id = {actor.id: actor for actor in actors}
    start = collection.depot(places_by_code, spots)
    outlets = collection.outlets(actor_by_id, figures)
    fleet = collection.vehicles(figures)
    stops = collection.stops(flows, actor_by_id, start, figures, random)
    day = example_workshop(by_kind, nomenclature, random)
    market = listings(flows, actor_by_id, places_by_code)
    followed = (
        *real_synergies(actor_by_id),
        *invented_synergies(actor_by_id),
        *day.synergies,
    )
    taken_up = [
        synergy.id for synergy in day.synergies if "" < synergy.next_step_day < WINTER.isoformat()
    ]
    return DemoData(
        actors=actors,
        studies=visits,
        flows=flows,
        stops=stops,
        vehicles=fleet,
        depots=(start,),
        outlets=outlets,
        scenarios=(collection.scenario(start, outlets, fleet, stops),),
        workshops=day.workshops,
        attendances=day.attendances,
        cards=day.cards,
        ideas=day.ideas,
        listings=market,
        synergies=followed,
        notes=tuple(notes(dict.fromkeys(taken_up, taken_up_note()))),
        events=tuple(events()),
        subscribers=tuple(subscribers()),
        letters=(letter(market),),
    )


def _fictional_actors(
    places: Sequence[Place], real: Sequence[Actor], spots: Spots, random: Random
) -> dict[str, list[Actor]]:
    """Invented actors by kind, spread so that all actors together follow the population."""
    total = len(real) + sum(len(kind.names) for kind in KINDS)
    quotas = _quotas(places, real, total)
    main = max(quotas, key=lambda code: (quotas[code], code))
    central = sum(len(kind.names) for kind in KINDS if kind.central)
    first = _scaled(quotas, central, main)
    rest = {code: quota - first[code] for code, quota in quotas.items()}
    groups: dict[str, list[Actor]] = {kind.key: [] for kind in KINDS}
    for is_central, wanted in ((True, first), (False, rest)):
        given: Counter[str] = Counter()
        for kind in (kind for kind in KINDS if kind.central is is_central):
            taken: Counter[str] = Counter()
            for name in kind.names:
                epci = _behind(wanted, given)
                given[epci] += 1
                near = [place for place in places if place.epci_code == epci]
                place = _settle(kind, near, taken, random)
                taken[place.code] += 1
                groups[kind.key].append(_actor(kind, name, place, spots))
    return groups


def _scaled(quotas: Mapping[str, int], count: int, main: str) -> dict[str, int]:
    """Share ``count`` actors out: most to the main EPCI, the others by their quotas."""
    shared = count - round(count * _MAIN_SHARE)
    others = {code: quota for code, quota in quotas.items() if code != main}
    result = {code: round(shared * quota / sum(others.values())) for code, quota in others.items()}
    return {**result, main: count - sum(result.values())}


def _behind(wanted: Mapping[str, int], given: Mapping[str, int]) -> str:
    """The EPCI that lags most behind what it should get: every kind is spread over all four."""
    return max(wanted, key=lambda code: ((wanted[code] - given[code]) / max(wanted[code], 1), code))


def _quotas(places: Sequence[Place], real: Sequence[Actor], total: int) -> dict[str, int]:
    """Invented actors per EPCI: largest remainders on population, less the real ones there."""
    population: dict[str, int] = defaultdict(int)
    for place in places:
        population[place.epci_code] += place.population
    epci_of = {place.code: place.epci_code for place in places}
    shares = {
        code: total * people / sum(population.values()) for code, people in population.items()
    }
    quotas = {code: int(share) for code, share in shares.items()}
    missing = total - sum(quotas.values())
    for code in sorted(shares, key=lambda c: (quotas[c] - shares[c], c))[:missing]:
        quotas[code] += 1
    already = Counter(epci_of[actor.commune_code] for actor in real)
    return {code: max(0, quota - already[code]) for code, quota in sorted(quotas.items())}


def _settle(kind: Kind, places: Sequence[Place], taken: Mapping[str, int], random: Random) -> Place:
    """Choose a commune: by population for town businesses, evenly for rural ones."""
    free = [place for place in places if taken[place.code] < kind.most_per_commune] or list(places)
    if kind.rural:
        return random.choice([place for place in free if place.population < _CITY])
    fit = [place for place in free if place.population >= kind.least_population]
    fit = fit or [max(free, key=lambda place: (place.population, place.code))]
    return random.choices(fit, weights=[place.population for place in fit])[0]


def _actor(kind: Kind, name: str, place: Place, spots: Spots) -> Actor:
    if kind.rural:
        lon, lat = spots.anywhere(place)
    else:
        radius = _CITY_RADIUS_M if place.population >= _CITY else _TOWN_RADIUS_M
        lon, lat = spots.near_town_hall(place, radius)
    return Actor(
        id=f"exemple-{slug(name)}",
        name=name + SUFFIX,
        kind=kind.kind,
        college=kind.college,
        commune_code=place.code,
        lon=lon,
        lat=lat,
        position_precision=PositionPrecision.COMMUNE,
        activity=kind.activity,
        competences=kind.competences,
        naf_code=kind.naf_code,
        description="Acteur inventé pour la démonstration.",
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
    )
