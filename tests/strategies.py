"""Hypothesis strategies for every record of the model, reusable by all tests.

Built from the model's types and ``data.rules.RULES``, so that a new field needs nothing here;
only rules that involve several fields are written out. Everything generated is valid.
"""

import dataclasses
from collections.abc import Callable
from enum import Enum
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.fields import hints, optional
from data.model import (
    Actor,
    Commune,
    DayFleet,
    Depot,
    Epci,
    Event,
    Flow,
    FlowStudy,
    Letter,
    Listing,
    Lock,
    Outlet,
    Party,
    Passage,
    Photo,
    Plan,
    Resource,
    Round,
    Scenario,
    StatusStep,
    Stop,
    Subscriber,
    Synergy,
    Territory,
    TimeWindow,
    UnservedStop,
    Vehicle,
    Visit,
    Week,
    WeekDay,
    Workshop,
)
from data.rules import LARGEST, RULES, Rule
from data.validate import PHOTO_TYPES

_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\té’œ <>&'\"%;😀"
)


def texts(*, required: bool = False, longest: int = 30) -> SearchStrategy[str]:
    """Any storable text: accents, markup, quotes, emoji, line breaks."""
    text = st.text(_CHARACTERS, max_size=longest)
    return text.filter(lambda value: bool(value.strip())) if required else text


def ids() -> SearchStrategy[str]:
    """Identifiers, plain or odd."""
    return st.one_of(st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), texts(required=True))


def of(kind: type[Any], **fixed: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Valid records of any class of the model.

    Args:
        kind: the class.
        fixed: strategies for the fields that matter to the test.
    """
    fields = {name: _field(name, hint) for name, hint in hints(kind).items() if name not in fixed}
    if kind in _SEVERAL:
        fields |= {name: each for name, each in _SEVERAL[kind]().items() if name not in fixed}
    built = st.fixed_dictionaries(fields | fixed)
    repair = _REPAIRS.get(kind, dict)
    return built.map(lambda values: kind(**repair(values)))


def actors(**fixed: SearchStrategy[Any]) -> SearchStrategy[Actor]:
    """Valid actors."""
    return of(Actor, **fixed)


def resources(**fixed: SearchStrategy[Any]) -> SearchStrategy[Resource]:
    """Valid entries of the nomenclature."""
    return of(Resource, **fixed)


def flows(**fixed: SearchStrategy[Any]) -> SearchStrategy[Flow]:
    """Valid flows; give ``actor_id``, ``partner_id`` and ``resource_id`` to store them."""
    return of(Flow, **fixed)


def stops(**fixed: SearchStrategy[Any]) -> SearchStrategy[Stop]:
    """Valid stops."""
    return of(Stop, **fixed)


def vehicles(**fixed: SearchStrategy[Any]) -> SearchStrategy[Vehicle]:
    """Valid vehicles."""
    return of(Vehicle, **fixed)


def depots(**fixed: SearchStrategy[Any]) -> SearchStrategy[Depot]:
    """Valid depots."""
    return of(Depot, **fixed)


def outlets(**fixed: SearchStrategy[Any]) -> SearchStrategy[Outlet]:
    """Valid outlets."""
    return of(Outlet, **fixed)


def scenarios(**fixed: SearchStrategy[Any]) -> SearchStrategy[Scenario]:
    """Valid scenarios with a few stops and vehicles (not necessarily solvable)."""
    return of(Scenario, **fixed)


def plans(**fixed: SearchStrategy[Any]) -> SearchStrategy[Plan]:
    """Well-formed plans (not necessarily feasible)."""
    return of(Plan, **fixed)


def territories() -> SearchStrategy[Territory]:
    """Well-formed territories; boundaries are any bytes."""
    return of(
        Territory,
        epcis=st.lists(of(Epci), max_size=3, unique_by=lambda epci: epci.code).map(tuple),
        communes=st.lists(of(Commune), max_size=4, unique_by=lambda c: c.code).map(tuple),
        neighbours=st.just(()),
    )


def _field(name: str, hint: Any) -> SearchStrategy[Any]:
    inner, may_be_none = optional(hint)
    value = _value(name, inner, RULES.get(name, Rule(name)))
    return st.one_of(st.none(), value) if may_be_none else value


def _value(name: str, hint: Any, rule: Rule) -> SearchStrategy[Any]:
    if name == "revision":
        return st.just(0)
    if get_origin(hint) is tuple:
        return _tuple(name, get_args(hint), rule)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return of(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint is str:
        return ids() if name.endswith("id") else texts(required=rule.required)
    simple: dict[Any, Callable[[], SearchStrategy[Any]]] = {
        bool: st.booleans,
        bytes: lambda: st.binary(max_size=40),
        int: lambda: st.integers(_whole(rule.low), _whole(rule.high)),
        float: lambda: st.floats(rule.low, rule.high, exclude_min=rule.above),
    }
    return simple[hint]()


def _tuple(name: str, parts: tuple[Any, ...], rule: Rule) -> SearchStrategy[Any]:
    if parts[-1] is Ellipsis:
        return st.lists(_value(name, parts[0], rule), max_size=3).map(tuple)
    return st.tuples(*(_value(name, part, rule) for part in parts))


def _whole(bound: float) -> int:
    return int(max(-LARGEST, min(bound, 2**53)))


def _several_in_flow() -> dict[str, SearchStrategy[Any]]:
    weights = st.lists(st.floats(0.001, 100), min_size=12, max_size=12).map(tuple)
    return {"seasonality": st.one_of(st.just(()), weights)}


def _several_in_scenario() -> dict[str, SearchStrategy[Any]]:
    return {"day": st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))}


def _several_in_plan() -> dict[str, SearchStrategy[Any]]:
    return {"created_at": st.datetimes().map(lambda at: at.isoformat())}


def _several_in_week() -> dict[str, SearchStrategy[Any]]:
    return _several_in_plan() | {"monday": _day(maybe=True)}


def _several_in_study() -> dict[str, SearchStrategy[Any]]:
    return {"day": st.dates().map(lambda day: day.isoformat())}


def _day(*, maybe: bool = False) -> SearchStrategy[str]:
    day = st.dates().map(lambda each: each.isoformat())
    return st.one_of(st.just(""), day) if maybe else day


def _several_in_listing() -> dict[str, SearchStrategy[Any]]:
    days = ("available_from", "available_to", "expires_on", "day")
    return {name: _day(maybe=True) for name in days} | {"label": texts(required=True)}


def _several_in_photo() -> dict[str, SearchStrategy[Any]]:
    return {
        "media_type": st.sampled_from(sorted(PHOTO_TYPES)),
        "content": st.binary(min_size=1, max_size=40),
    }


def _several_in_workshop() -> dict[str, SearchStrategy[Any]]:
    moment = st.one_of(st.just(""), st.datetimes().map(lambda at: at.isoformat()))
    return {"day": _day(), "opens_at": moment, "expires_at": moment}


def _several_in_event() -> dict[str, SearchStrategy[Any]]:
    return {"day": _day(), "end_day": st.just("")}


def _several_in_subscriber() -> dict[str, SearchStrategy[Any]]:
    return {
        "email": st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
        "consent_day": _day(maybe=True),
        "unsubscribed_day": _day(maybe=True),
    }


def _several_in_letter() -> dict[str, SearchStrategy[Any]]:
    return {"month": st.dates().map(lambda day: day.isoformat()[:7])}


_SEVERAL: dict[type[Any], Callable[[], dict[str, SearchStrategy[Any]]]] = {
    Flow: _several_in_flow,
    FlowStudy: _several_in_study,
    Scenario: _several_in_scenario,
    Plan: _several_in_plan,
    Week: _several_in_week,
    Listing: _several_in_listing,
    Photo: _several_in_photo,
    Workshop: _several_in_workshop,
    StatusStep: lambda: {"day": _day()},
    Synergy: lambda: {"next_step_day": _day(maybe=True), "reason": texts(required=True)},
    Event: _several_in_event,
    Subscriber: _several_in_subscriber,
    Letter: _several_in_letter,
}


def _ordered(*names: str, apart: int = 0) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def repair(values: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in names if values[name] is not None]
        in_order = sorted(values[name] for name in given)
        ordered = dict(zip(given, in_order, strict=True))
        if apart and in_order[0] == in_order[-1]:
            ordered[given[0]], ordered[given[-1]] = 0, in_order[0] + apart
        return values | ordered

    return repair


def _consistent_listing(values: dict[str, Any]) -> dict[str, Any]:
    first, last = values["available_from"], values["available_to"]
    if first and last and first > last:
        values = values | {"available_from": last, "available_to": first}
    if values["lon"] is None or values["lat"] is None:
        values = values | {"lon": None, "lat": None}
    return values


def _last_step_is_status(values: dict[str, Any]) -> dict[str, Any]:
    steps = values["steps"]
    return values | {"status": steps[-1].status} if steps else values


_REPAIRS: dict[type[Any], Callable[[dict[str, Any]], dict[str, Any]]] = {
    TimeWindow: _ordered("start_s", "end_s"),
    Vehicle: lambda values: _ordered("break_from_s", "break_until_s")(
        _ordered("shift_start_s", "shift_end_s", apart=1)(
            values | {"shift_start_s": min(values["shift_start_s"], 86_400)}
        )
    ),
    Listing: _consistent_listing,
    Synergy: _last_step_is_status,
    Resource: _ordered("density_low_kg_per_l", "density_kg_per_l", "density_high_kg_per_l"),
}

NESTED = (
    Lock,
    Party,
    StatusStep,
    TimeWindow,
    Visit,
    Round,
    UnservedStop,
    Commune,
    Epci,
    Passage,
    DayFleet,
    WeekDay,
)
"""Classes that live inside records."""
