"""Several days in one file: the extension ``days``, unfolded into plain vehicles and jobs.

Moments run from midnight before the first day. A vehicle becomes one a day, a job one a visit,
each visit in days of its own so that visits are spread; hours are those of a day, repeated.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from optimization.formats.fields import Fields, wrong

DAY_S = 86_400
NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Json = dict[str, Any]


def unfolded(content: Mapping[str, Any]) -> Json:
    """The same file without ``days``.

    Raises:
        InputError: the days, or what is allowed on them, make no sense.
    """
    file = Fields(content, "Le fichier")
    days = _days(file)
    plain: Json = {key: value for key, value in content.items() if key != "days"}
    if file.entries("shipments"):
        raise wrong(
            "Un fichier de plusieurs jours ne peut contenir d’envois (« shipments »).",
            field="shipments",
        )
    plain["vehicles"] = [
        _on_day(one, content["vehicles"][rank], day, days[day])
        for rank, one in enumerate(file.objects("vehicles", "véhicule"))
        for day in _allowed(one, days)
    ]
    plain["outlets"] = [
        {**value, **_repeated(one, _allowed(one, days))}
        for one, value in zip(
            file.objects("outlets", "exutoire"), file.entries("outlets"), strict=True
        )
    ]
    plain["jobs"] = [
        visit
        for one, value in zip(file.objects("jobs", "job"), file.entries("jobs"), strict=True)
        for visit in _visits(one, value, days)
    ]
    return plain


def _days(file: Fields) -> list[str]:
    """Names of the days: as given, or the first of the week."""
    given = file.raw("days")
    if isinstance(given, list):
        days = [str(day) for day in given]
    else:
        days = list(NAMES[: file.whole("days", least=1)])
        if len(days) < file.whole("days"):
            raise file.refuse("days", "sept jours au plus")
    if not 1 <= len(days) <= len(NAMES) or len(set(days)) < len(days):
        raise file.refuse("days", "de un à sept jours différents sont attendus")
    return days


def _allowed(one: Fields, days: Sequence[str]) -> list[int]:
    """Ranks of the days allowed, all by default."""
    names = [str(day) for day in one.entries("allowed_days")]
    for name in names:
        if name not in days:
            raise one.refuse("allowed_days", f"« {name} » n’est pas un des jours du fichier")
    if one.has("allowed_days") and not names:
        raise one.refuse("allowed_days", "aucun jour n’est permis")
    return [rank for rank, day in enumerate(days) if not names or day in names]


def _on_day(one: Fields, value: Json, day: int, name: str) -> Json:
    """A vehicle for one day; its hours, and its pauses', are that day's."""
    start, end = one.window("time_window") or (0, DAY_S)
    if end > DAY_S:
        raise one.refuse("time_window", "avec « days », les heures sont celles d’un jour")
    breaks = [
        {**pause, **_repeated(fields, [day])}
        for fields, pause in zip(
            one.objects("breaks", f"{one.where}, pause"), one.entries("breaks"), strict=True
        )
    ]
    return {
        **{key: field for key, field in value.items() if key != "allowed_days"},
        "id": f"{one.id()} {name}",
        "time_window": [day * DAY_S + start, day * DAY_S + end],
        "breaks": breaks,
    }


def _visits(one: Fields, value: Json, days: Sequence[str]) -> list[Json]:
    """One job a visit; each has its share of the allowed days, in a row."""
    allowed = _allowed(one, days)
    visits = one.whole("visits_per_week", 1, least=1)
    if visits > len(allowed):
        raise one.refuse(
            "visits_per_week", f"{visits} passages pour {len(allowed)} jours permis, un par jour"
        )
    kept = {
        key: field for key, field in value.items() if key not in {"allowed_days", "visits_per_week"}
    }
    made = []
    for visit in range(visits):
        first, last = (len(allowed) * edge // visits for edge in (visit, visit + 1))
        share = allowed[first:last]
        copy = {**kept, "time_windows": _spans(one, share)}
        if visits > 1:
            copy["id"] = f"{one.id()} ({visit + 1}/{visits})"
        made.append(copy)
    return made


def _repeated(one: Fields, days: Sequence[int]) -> Json:
    return {"time_windows": _spans(one, days)}


def _spans(one: Fields, days: Sequence[int]) -> list[list[int]]:
    """Hours of a day on each of those days; the whole day when there are none."""
    windows = one.windows() or ((0, DAY_S - 1),)
    if windows[-1][1] > DAY_S:
        raise one.refuse("time_windows", "avec « days », les heures sont celles d’un jour")
    return [[day * DAY_S + start, day * DAY_S + end] for day in days for start, end in windows]
