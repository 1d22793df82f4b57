"""Rules of a line that neither loads nor times tell: access, resources, locks, counts."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from optimization.routing.problem import Feature, Problem

LINE_FEATURES = frozenset(Feature) - {Feature.PRIORITIES, Feature.BALANCE}
"""Rules that one line alone can break; breaks and recharges by its times."""


@dataclass(frozen=True, slots=True)
class _Lists:
    """The rules as plain lists, faster to read one by one."""

    allowed: list[list[bool]] | None
    outlet_allowed: list[list[bool]] | None
    resource: list[int] | None
    accepts: list[list[bool]]
    together: list[list[bool]]
    after: dict[int, int]
    """Of the stops of a piece: who comes next."""
    before: dict[int, int]


@lru_cache(maxsize=4)
def _lists(problem: Problem) -> _Lists:
    first = 1 + problem.n_outlets
    pairs = [(first + a, first + b) for piece in problem.locks for a, b in pairwise(piece)]
    return _Lists(
        allowed=None if problem.allowed is None else problem.allowed.tolist(),
        outlet_allowed=None if problem.outlet_allowed is None else problem.outlet_allowed.tolist(),
        resource=None if problem.resource is None else problem.resource.tolist(),
        accepts=[] if problem.accepts is None else problem.accepts.tolist(),
        together=[] if problem.together is None else problem.together.tolist(),
        after=dict(pairs),
        before={b: a for a, b in pairs},
    )


def line_keeps_rules(problem: Problem, kind: int, flat: tuple[int, ...]) -> bool:
    """Whether a vehicle of that kind may ride that line (locations between its depot ends).

    Loads and times are not looked at here.
    """
    rules, outlets = _lists(problem), problem.n_outlets
    vehicle = problem.kinds[kind]
    unloads = sum(location <= outlets for location in flat)
    if unloads > vehicle.max_trips or len(flat) - unloads > vehicle.max_stops:
        return False
    return (
        _access(rules, outlets, kind, flat)
        and (rules.resource is None or _resources(rules, outlets, flat))
        and (not rules.after or _pieces(rules, flat))
    )


def _access(rules: _Lists, outlets: int, kind: int, flat: tuple[int, ...]) -> bool:
    stops, sites = rules.allowed, rules.outlet_allowed
    for location in flat:
        if location > outlets:
            if stops is not None and not stops[location - 1 - outlets][kind]:
                return False
        elif sites is not None and not sites[location - 1][kind]:
            return False
    return True


def _resources(rules: _Lists, outlets: int, flat: tuple[int, ...]) -> bool:
    aboard: set[int] = set()
    for location in flat:
        if location > outlets:
            new = rules.resource[location - 1 - outlets] if rules.resource else 0
            if new not in aboard and not all(rules.together[new][old] for old in aboard):
                return False
            aboard.add(new)
        else:
            if not all(rules.accepts[location - 1][resource] for resource in aboard):
                return False
            aboard.clear()
    return True


def _pieces(rules: _Lists, flat: tuple[int, ...]) -> bool:
    """Each stop of a piece right after the one before it."""
    for at, location in enumerate(flat):
        follows, leads = rules.before.get(location), rules.after.get(location)
        if follows is not None and (at == 0 or flat[at - 1] != follows):
            return False
        if leads is not None and (at + 1 == len(flat) or flat[at + 1] != leads):
            return False
    return True


def spread_price(problem: Problem, durations_s: list[int]) -> tuple[int, int]:
    """What the difference between the longest and the shortest round weighs, and its excess.

    Returns:
        n€, and the seconds beyond the most allowed.
    """
    spread = max(durations_s) - min(durations_s) if durations_s else 0
    return problem.balance_neur * spread, max(0, spread - problem.max_spread_s)


def pieces(problem: Problem) -> dict[int, tuple[int, ...]]:
    """The piece that each locked stop belongs to."""
    return {stop: piece for piece in problem.locks for stop in piece}


def may_serve(problem: Problem, stop: int, kind: int, outlet: int) -> bool:
    """Whether a vehicle of that kind may bring what that stop holds to that outlet."""
    flat = (problem.stop_location(stop), problem.outlet_location(outlet))
    rules = _lists(problem)
    return _access(rules, problem.n_outlets, kind, flat) and (
        rules.resource is None or _resources(rules, problem.n_outlets, flat)
    )
