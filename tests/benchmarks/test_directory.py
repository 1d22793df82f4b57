"""Searching and filtering 2 000 actors, beside what a plain loop would do."""

import time
from collections.abc import Callable

from rapidfuzz import fuzz

from data.model import Actor, Direction, ResourceFamily
from data.settings import read_settings
from geo.search import ActorIndex
from geo.select import Selection
from geo.territory import read_territory
from tests.geo.conftest import make_actor
from tests.geo.test_search import DIRECTORY, PLACES
from tests.geo.test_select import NOMENCLATURE, flow

ACTORS = 2_000
FLOWS = 5_000
TYPED = "bistort du tmeple"
CLOSE = 80.0


def best_of_five(make: Callable[[], object]) -> float:
    """Seconds of the fastest of five runs."""
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        make()
        spent.append(time.perf_counter() - start)
    return min(spent)


def test_search_beside_rapidfuzz_on_every_actor() -> None:
    """The index finds at least what comparing the words with every actor finds."""
    actors = tuple(
        make_actor(
            i,
            name=f"{DIRECTORY[i % 5].name} {i}",
            activity=f"{DIRECTORY[i % 5].activity} numéro {i % 97}",
            commune=f"0100{i % 2}",
        )
        for i in range(ACTORS)
    )
    index = ActorIndex(actors, PLACES)

    def every_actor() -> list[Actor]:
        return [a for a in actors if fuzz.partial_ratio(TYPED, a.name.lower()) >= CLOSE]

    assert set(every_actor()) <= set(index.search(TYPED))
    fast, slow = best_of_five(lambda: index.search(TYPED)), best_of_five(every_actor)
    print(  # noqa: T201
        f"\n{ACTORS} acteurs, « {TYPED} » : {fast * 1e3:.1f} ms ;"
        f" rapidfuzz sur chacun {slow * 1e3:.1f} ms, rapport {slow / fast:.1f}"
    )


def test_selection_beside_one_pass_over_the_flows() -> None:
    """A selection by EPCI, family and words, in passes over the flows."""
    territory = read_territory(read_settings().territory_path)
    communes = [commune.code for commune in territory.communes]
    actors = tuple(
        make_actor(i, name=f"Acteur {i} du bois", commune=communes[i % len(communes)])
        for i in range(ACTORS)
    )
    flows = tuple(
        flow(i, i % ACTORS, ("pallets", "peel", "hall")[i % 3], Direction.OUT) for i in range(FLOWS)
    )
    selection = Selection(
        epci=territory.epcis[0].code, families=frozenset({ResourceFamily.WASTE}), text="acteur boi"
    )
    assert selection.apply(actors, flows, territory, NOMENCLATURE).actors
    fast = best_of_five(lambda: selection.apply(actors, flows, territory, NOMENCLATURE))
    once = best_of_five(lambda: [f for f in flows if f.resource_id == "pallets"])
    print(  # noqa: T201
        f"\n{ACTORS} acteurs, {FLOWS} flux : sélection {fast * 1e3:.1f} ms,"
        f" {fast / once:.0f} passages sur les flux"
    )
