"""The published description of the flow file, in the Table Schema format.

``python -m data.exchange.schema`` writes ``docs/schemas/flux.schema.json`` from the very columns
that exports and imports use.
"""

import json
from typing import Any, Final

from data.exchange import cells
from data.exchange.flow_import import EXAMPLE
from data.exchange.flows import FLOWS
from data.exchange.records import Column
from data.french import tidy
from data.rules import RULES
from data.settings import ROOT
from data.units import KNOWN_UNITS

SCHEMA_PATH: Final = ROOT / "docs" / "schemas" / "flux.schema.json"

_NUMBERS: Final = {cells.read_number, cells.read_percent}
_NUMBER: Final = {"type": "number", "decimalChar": ",", "groupChar": " "}
_PATTERNS: Final = {
    "id": r"[\w.:-]{1,120}",
    "waste_code": r"\d{2} ?\d{2} ?\d{2} ?\*?",
    "seasonality": r"[^|]+(\|[^|]+){11}",
    "siret": r"\d{14}",
}


def flow_schema() -> dict[str, Any]:
    """Return the schema of the flow file, as JSON values."""
    fields: list[dict[str, Any]] = []
    for column in FLOWS.columns:
        fields.append(_field(column))
        if column.reference is None:
            continue
        fields.append({"name": column.reference.named, "type": "string"})
        for companion in column.reference.companions:
            field: dict[str, Any] = {
                "name": companion.title,
                "type": "string",
                "description": tidy(companion.hint),
            }
            if companion.choices:
                field["constraints"] = {"enum": list(companion.choices)}
            elif "SIRET" in companion.title:
                field["constraints"] = {"pattern": _PATTERNS["siret"]}
            fields.append(field)
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "flux",
        "title": "Flux de matières",
        "description": tidy(
            "Ce qui entre chez un acteur et ce qui en sort : une ligne par flux. L’acteur, la "
            "ressource et le partenaire se donnent par leur identifiant ou par leur nom. "
            f"Une ligne dont l’identifiant commence par « {EXAMPLE} » est un exemple, ignoré."
        ),
        "version": "1.0.0",
        "missingValues": [""],
        "fields": fields,
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(flow_schema(), ensure_ascii=False, indent=2) + "\n"


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.title, **_type(column)}
    hint = column.hint
    if column.attribute == "unit":
        hint = f"Par exemple : {', '.join(KNOWN_UNITS)}."
    if hint:
        field["description"] = tidy(hint)
    constraints: dict[str, Any] = {}
    # A reference may be given by the name beside it: no single cell is obligatory.
    if column.required and column.reference is None:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.attribute in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.attribute]
    if field["type"] in {"number", "integer"}:
        constraints |= _bounds(column)
    if constraints:
        field["constraints"] = constraints
    return field


def _type(column: Column) -> dict[str, Any]:
    if column.read in _NUMBERS:
        return dict(_NUMBER)
    return {"type": "integer"} if column.read is cells.read_year else {"type": "string"}


def _bounds(column: Column) -> dict[str, float]:
    rule = RULES[column.attribute]
    scale = 100 if column.read is cells.read_percent else 1
    bounds = {}
    if rule.low in {0, 1900}:
        bounds["minimum"] = rule.low
    if rule.high <= 10_000:  # noqa: PLR2004
        bounds["maximum"] = rule.high * scale
    return bounds


if __name__ == "__main__":
    SCHEMA_PATH.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA_PATH.write_text(schema_text(), encoding="utf-8")
