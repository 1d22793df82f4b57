"""Chains and loops: what one gives, the next takes, and gives something in turn."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from typing import Final

import networkx as nx

from data.french import NNBSP, number, quote
from optimization.matching.market import Market
from optimization.matching.model import Loop
from optimization.matching.ranking import rank
from optimization.matching.reasons import explain

LEAST_SCORE: Final = 50
"""Links below this score are not worth a loop."""
PER_NEED: Final = 3
"""Best offers of each need that may become a link."""
_STEP: Final = 5
_MOST_FOUND: Final = 20_000
"""Loops, or chains, looked at for one least score: a guard for very dense markets."""
_SHORTEST_CHAIN: Final = 3
"""Actors of the shortest chain: two would be a mere match."""

Path = tuple[str, ...]
"""Actors, each giving to the next."""


def loops(market: Market, longest: int = 4, *, limit: int = 50) -> tuple[Loop, ...]:
    """Loops of two to ``longest`` actors, then chains of three to ``longest``.

    Links are the three best offers of each need that score at least 50; one, the best, from one
    actor to another. A loop or chain is found once, whatever actor it starts from; of several
    with the same actors the best is kept; a chain whose actors are all in a kept loop is left
    out. As the weakest link decides the rank, the links are taken by decreasing score, five
    points at a time, until there are enough.

    Args:
        market: where the matches are.
        longest: most actors.
        limit: most loops; as many chains may follow.

    Returns:
        Loops then chains; within each, those whose weakest link is strongest, then more actors,
        then smallest ids.

    Raises:
        ValueError: ``longest`` is under 2.
    """
    if longest < 2:  # noqa: PLR2004
        raise ValueError("longest must be at least 2")
    graph = _graph(market)
    closed = _best(graph, lambda part: _cycles(part, longest), limit, closed=True)
    circles = [set(cycle) for cycle in closed]
    chains = _best(
        graph,
        lambda part: (
            path
            for path in _paths(part, longest)
            if not any(circle.issuperset(path) for circle in circles)
        ),
        limit,
        closed=False,
    )
    return (
        *(_loop(market, graph, cycle, closed=True) for cycle in closed),
        *(_loop(market, graph, path, closed=False) for path in chains),
    )


def _graph(market: Market) -> "nx.DiGraph[str]":
    """Actors and, between two of them, the best match one way: its score and rows."""
    links: dict[tuple[str, str], tuple[float, int, int]] = {}
    best = rank(market, per_need=PER_NEED)
    for score, offer, need in zip(
        best.scores.tolist(), best.offer_rows.tolist(), best.need_rows.tolist(), strict=True
    ):
        ends = (
            market.listings[market.offers.ids[offer]].actor_id,
            market.listings[market.needs.ids[need]].actor_id,
        )
        found = (-score, offer, need)
        if score >= LEAST_SCORE and (ends not in links or found < links[ends]):
            links[ends] = found
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (giver, taker), (lost, offer, need) in sorted(links.items()):
        graph.add_edge(giver, taker, score=-lost, rows=(offer, need))
    return graph


def _best(
    graph: "nx.DiGraph[str]",
    find: Callable[["nx.DiGraph[str]"], Iterable[Path]],
    limit: int,
    *,
    closed: bool,
) -> list[Path]:
    """The best path for each set of actors, best first, from as few links as it takes."""

    def rank_of(path: Path) -> tuple[float, int, Path]:
        ends = (*path, path[0]) if closed else path
        return -min(graph.edges[pair]["score"] for pair in pairwise(ends)), -len(path), path

    kept: dict[frozenset[str], Path] = {}
    for least in range(100 - _STEP, LEAST_SCORE - 1, -_STEP):
        part = nx.DiGraph([pair for pair in graph.edges if graph.edges[pair]["score"] >= least])
        kept = {}
        for path in sorted(islice(find(part), _MOST_FOUND), key=rank_of):
            kept.setdefault(frozenset(path), path)
        if len(kept) >= limit:
            break
    return list(kept.values())[:limit]


def _cycles(graph: "nx.DiGraph[str]", longest: int) -> Iterator[Path]:
    """Loops, each from its smallest actor."""
    for cycle in nx.simple_cycles(graph, length_bound=longest):
        start = cycle.index(min(cycle))
        yield (*cycle[start:], *cycle[:start])


def _paths(graph: "nx.DiGraph[str]", longest: int) -> Iterator[Path]:
    """Open paths without repetition."""
    for start in graph:
        stack: list[Path] = [(start,)]
        while stack:
            path = stack.pop()
            if len(path) >= _SHORTEST_CHAIN:
                yield path
            if len(path) < longest:
                stack += [(*path, after) for after in graph[path[-1]] if after not in path]


def _loop(market: Market, graph: "nx.DiGraph[str]", actors: Path, *, closed: bool) -> Loop:
    ends = (*actors, actors[0]) if closed else actors
    links = tuple(explain(market, *graph.edges[pair]["rows"]) for pair in pairwise(ends))
    names = [market.actors[one].name for one in ends]
    steps = "".join(
        f" → {quote(market.name_of(market.group_of[link.offer_id]))} → {taker}"
        for link, taker in zip(links, names[1:], strict=True)
    )
    what = f"{'Boucle' if closed else 'Chaîne'} de {number(len(actors))} acteurs"
    return Loop(
        links=links,
        actor_ids=actors,
        closed=closed,
        text=f"{what}{NNBSP}: {names[0]}{steps}.",
    )
