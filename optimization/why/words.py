"""Changes, said in French."""

from typing import Final

from data.french import clock, euros, kilometres, number, quote, tidy
from data.model import Scenario, Vehicle
from optimization.why.changes import Change, Lever, changed
from optimization.why.found import Answer


def say_change(change: Change, scenario: Scenario, *, spare: tuple[Vehicle, ...] = ()) -> str:
    """A change as something to do: « finir le service de « Vélo » 30 min plus tard (12 h 30) »."""
    vehicles = {one.id: one for one in (*spare, *scenario.vehicles)}
    named = {stop.id: stop.name for stop in scenario.stops}
    named |= {outlet.id: outlet.name for outlet in scenario.outlets}
    named |= {id_: one.name for id_, one in vehicles.items()}
    who, amount = quote(named[change.subject_id]), change.amount
    if change.lever in {Lever.SHIFT_LATER, Lever.SHIFT_EARLIER}:
        after = next(
            one for one in changed(scenario, change).vehicles if one.id == change.subject_id
        )
        if change.lever is Lever.SHIFT_LATER:
            text = f"finir le service de {who} {number(amount)} min plus tard"
            return tidy(f"{text} ({clock(after.shift_end_s)})")
        text = f"commencer le service de {who} {number(amount)} min plus tôt"
        return tidy(f"{text} ({clock(after.shift_start_s)})")
    if change.lever is Lever.VEHICLE:
        known = any(one.id == change.subject_id and one.count for one in scenario.vehicles)
        return tidy(f"sortir un {who} de plus" if known else f"sortir {who}")
    if change.lever in _HOURS:
        text = _HOURS[change.lever].format(who=who, n=number(amount))
        return tidy(f"{text}{_spans(change, scenario)}")
    return tidy(_PLAIN[change.lever].format(who=who, n=number(amount), eur=euros(amount)))


def say_answer(answer: Answer) -> str:
    """What a change takes: « 12,40 € et 3,2 km de plus »."""
    sign = "de plus" if answer.cost_eur >= 0 else "de moins"
    distance = kilometres(abs(answer.metres))
    more = "de plus" if answer.metres >= 0 else "de moins"
    if sign == more:
        return tidy(f"{euros(abs(answer.cost_eur))} et {distance} {sign}")
    return tidy(f"{euros(abs(answer.cost_eur))} {sign}, {distance} {more}")


def _spans(change: Change, scenario: Scenario) -> str:
    after = changed(scenario, change)
    places = {stop.id: stop.windows for stop in after.stops}
    places |= {outlet.id: outlet.windows for outlet in after.outlets}
    windows = places[change.subject_id]
    return f" ({', '.join(f'{clock(w.start_s)} – {clock(w.end_s)}' for w in windows)})"


_HOURS: Final = {
    Lever.WINDOW_LATER: "prolonger le créneau de {who} de {n} min",
    Lever.WINDOW_EARLIER: "ouvrir le créneau de {who} {n} min plus tôt",
    Lever.OUTLET_LATER: "garder {who} ouvert {n} min de plus",
    Lever.OUTLET_EARLIER: "ouvrir {who} {n} min plus tôt",
}
_PLAIN: Final = {
    Lever.CAPACITY_KG: "porter {n} kg de plus dans {who}",
    Lever.CONTAINERS: "ajouter une place de {n} contenant(s) dans {who}",
    Lever.RANGE: "donner {n} km d’autonomie de plus à {who}",
    Lever.MAX_STOPS: "laisser {who} faire un point de plus",
    Lever.MAX_TRIPS: "laisser {who} vider une fois de plus",
    Lever.ACCESS: "ouvrir l’accès de {who} à tous les véhicules",
    Lever.VALUE: "donner {eur} de valeur de plus à {who}, ce que coûte son détour",
    Lever.LOCK: "ne plus imposer la place de {who}",
    Lever.OUTLET_KG: "livrer {n} kg de plus par semaine à {who}",
    Lever.OUTLET_ACCEPTS: "faire accepter cette ressource par {who}",
}
