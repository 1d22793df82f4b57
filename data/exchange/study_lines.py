"""A flow study being keyed in: lines as typed, what they weigh, and the flows they become."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.errors import InputError
from data.exchange.directory import Directory
from data.exchange.flows import FLOWS
from data.exchange.labels import read_choice
from data.exchange.records import Reading, default_of, read_record, to_row
from data.exchange.tables import typed_text
from data.figures import Figures
from data.french import NNBSP, number, quote, with_margin
from data.model import Direction, Flow, FlowStudy, Origin, Period, StudyState
from data.units import annual_mass, find_unit, periods_per_year

Line = dict[str, str]
"""A flow as typed, by field; ``words`` is what was asked of the nomenclature, ``removed`` marks a
stored flow that the study drops."""

WORDS: Final = "words"
REMOVED: Final = "removed"
_OWN: Final = {WORDS, REMOVED, "id", "revision"}
_LEFT_OUT: Final = {"actor_id", "study_id", "origin"}
_NAMES: Final = {
    Period.DAY: ("jour", "jours"),
    Period.WEEK: ("semaine", "semaines"),
    Period.MONTH: ("mois", "mois"),
    Period.QUARTER: ("trimestre", "trimestres"),
    Period.YEAR: ("an", "an"),
}


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What validating a study would write.

    Attributes:
        errors: mistakes; ``row`` is the number of the line.
    """

    flows: tuple[Flow, ...] = ()
    deleted: tuple[tuple[str, int], ...] = ()
    errors: tuple[InputError, ...] = ()


def blank_line(year: int) -> Line:
    """A new line: what a flow is unless told otherwise, and the year of the visit."""
    line = {}
    for column in FLOWS.columns:
        if column.attribute in _LEFT_OUT or column.attribute == "id":
            continue
        value = default_of(FLOWS, column)
        line[column.attribute] = "" if value is None else typed_text(column.write(value))
    line["direction"] = typed_text(FLOWS.column("direction").write(Direction.OUT))
    line["year"] = str(year)
    return line


def line_of(flow: Flow, directory: Directory) -> Line:
    """A stored flow as it would be typed."""
    row = to_row(FLOWS, flow, directory)
    line = {
        column.attribute: typed_text(row[column.title])
        for column in FLOWS.columns
        if column.attribute not in _LEFT_OUT
    }
    line["revision"] = str(flow.revision)
    line[WORDS] = _resource_name(flow.resource_id, directory)
    return line


def pack(lines: Iterable[Mapping[str, str]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Lines as the study keeps them; empty cells are left out."""
    return tuple(
        tuple((name, text) for name, text in sorted(line.items()) if text) for line in lines
    )


def unpack(study: FlowStudy) -> list[Line]:
    """Lines of a study."""
    return [dict(line) for line in study.lines]


def reopened(study: FlowStudy, flows: Iterable[Flow], directory: Directory) -> FlowStudy:
    """A final study as a draft again, its lines written from its flows as they are now."""
    lines = pack(line_of(flow, directory) for flow in flows)
    return dataclasses.replace(study, state=StudyState.DRAFT, lines=lines)


def read_line(
    line: Mapping[str, str],
    study: FlowStudy,
    directory: Directory,
    base: Flow | None = None,
    row: int | None = None,
) -> Reading[Flow]:
    """Read a line: the flow it makes, or every mistake in it."""
    cells = {}
    for column in FLOWS.columns:
        if column.attribute in _LEFT_OUT:
            continue
        cells[column.title] = line.get(column.attribute, "")
    cells[FLOWS.column("actor_id").title] = study.actor_id
    if base is None:
        cells[FLOWS.column("id").title] = ""
    if not line.get("resource_id", "") and line.get(WORDS, ""):
        cells["ressource"] = line[WORDS]
    reading = read_record(FLOWS, cells, directory, base, row)
    if reading.record is None:
        return reading
    record = dataclasses.replace(reading.record, study_id=study.id, origin=Origin.FIELD)
    if line.get("revision") and base is not None:
        # The store compares it: somebody may have changed the flow since the study was reopened.
        record = dataclasses.replace(record, revision=int(line["revision"]))
    return Reading(record=record)


def finish(
    study: FlowStudy, lines: Iterable[Line], directory: Directory, stored: Mapping[str, Flow]
) -> Finished:
    """Turn all lines into flows; nothing is written.

    Args:
        study: the study.
        lines: its lines, as typed.
        directory: what the lines refer to.
        stored: the study's flows in the store, by id.
    """
    flows: list[Flow] = []
    deleted: list[tuple[str, int]] = []
    errors: list[InputError] = []
    for row, line in enumerate(lines, start=1):
        flow_id = line.get("id", "")
        base = stored.get(flow_id)
        if line.get(REMOVED):
            if base is not None:
                deleted.append((flow_id, int(line.get("revision") or base.revision)))
            continue
        reading = read_line(line, study, directory, base, row)
        errors += reading.errors
        if reading.record is not None and reading.record != base:
            flows.append(reading.record)
    return Finished(flows=tuple(flows), deleted=tuple(deleted), errors=tuple(errors))


def title(line: Mapping[str, str], directory: Directory) -> str:
    """How a line is called: the actor's words, else the resource."""
    name = _resource_name(line.get("resource_id", ""), directory)
    label = line.get("label", "") or line.get(WORDS, "")
    if label and name and label != name:
        return f"{name} ({label})"
    return name or label or "Flux sans nom"


def amount(line: Mapping[str, str]) -> str:
    """The quantity as typed: « 2 palettes par semaine »."""
    if not line.get("quantity", "").strip():
        return "quantité inconnue"
    return f"{line['quantity']}{NNBSP}{line.get('unit', '')} par {line.get('period', '')}"


def weight(line: Mapping[str, str], directory: Directory, figures: Figures) -> str:
    """What a line weighs in a year, with its range and how it is counted, as far as it is typed.

    One sentence for the screen, whatever is missing.
    """
    if not line.get("quantity", "").strip():
        return f"Quantité inconnue{NNBSP}: ce flux sera montré « inconnu », jamais zéro."
    resource = directory.resource.get(line.get("resource_id", ""))
    if resource is None:
        return "Choisissez la ressource pour voir les tonnes par an."
    try:
        flow = _weighed(line)
    except InputError as error:
        return f"Pas encore de tonnes par an{NNBSP}: {error.message}"
    mass = annual_mass(flow, resource, figures)
    if mass is None:
        why = (
            f"{quote(line['unit'])} n’a pas de masse connue pour cette ressource"
            if find_unit(flow.unit)
            else "l’unité n’est pas connue"
        )
        return f"Pas de tonnes par an{NNBSP}: {why}. La quantité est gardée telle quelle."
    times = periods_per_year(flow)
    one, several = _NAMES[flow.period]
    counted = (
        ""
        if flow.period is Period.YEAR and times == 1
        else f"{NNBSP}: {number(flow.quantity or 0)} × {number(times)} "
        f"{several if times > 1 else one}"
    )
    return f"Soit {with_margin(mass.t_per_year, mass.low, mass.high, 't')} par an{counted}."


def _weighed(line: Mapping[str, str]) -> Flow:
    """The flow that a line makes as far as its mass goes."""
    numbers: dict[str, Any] = {}
    for name in ("quantity", "periods_per_year", "uncertainty"):
        text = line.get(name, "").strip()
        column = FLOWS.column(name)
        numbers[name] = column.read(text) if text else None
    return Flow(
        id="-",
        actor_id="-",
        direction=Direction.OUT,
        resource_id=line.get("resource_id", ""),
        unit=line.get("unit", ""),
        period=read_choice(line.get("period", "") or "an", Period),
        **numbers,
    )


def is_started(line: Mapping[str, str]) -> bool:
    """Tell whether something was typed that would be missed."""
    return any(
        line.get(name, "").strip()
        for name in (WORDS, "resource_id", "quantity", "label", "partner_name", "packaging")
    )


def _resource_name(resource_id: str, directory: Directory) -> str:
    resource = directory.resource.get(resource_id)
    return resource.name if resource else ""
