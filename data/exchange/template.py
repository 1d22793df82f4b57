"""The empty workbook of a kind of record, with a sheet that explains each column."""

from typing import Any, Final

from data.exchange.cells import read_identifier
from data.exchange.records import Column, Format
from data.exchange.tables import Row, Sheet, xlsx_bytes
from data.french import quote, tidy

_COLUMN, _REQUIRED, _ACCEPTED = "Colonne", "Obligatoire", "Ce qu’elle accepte"
_NOT_TYPED: Final = frozenset({"id", "origin", "token"})


def template(format_: Format[Any]) -> bytes:
    """Return an XLSX workbook: the columns to fill in, then « Aide ».

    Columns that only an export can fill (identifiers of other records, origin) are left out.
    """
    typed = [column for column in format_.columns if _is_typed(column)]
    titles = tuple(title for column in typed for title in column.titles)
    help_rows: list[Row] = [
        {
            _COLUMN: column.title,
            _REQUIRED: "oui" if column.required else "non",
            _ACCEPTED: tidy(_accepted(column)),
        }
        for column in typed
    ]
    return xlsx_bytes(
        [
            Sheet(name=format_.nouns.capitalize(), columns=titles, rows=()),
            Sheet(name="Aide", columns=(_COLUMN, _REQUIRED, _ACCEPTED), rows=tuple(help_rows)),
        ]
    )


def file_name(format_: Format[Any]) -> str:
    """Name a template: « modele_temps_forts.xlsx »."""
    return f"modele_{format_.nouns.replace(' ', '_')}.xlsx"


def _is_typed(column: Column) -> bool:
    if column.attribute in _NOT_TYPED:
        return False
    return column.required or column.reference is not None or column.read is not read_identifier


def _accepted(column: Column) -> str:
    if column.reference:
        what = "le code INSEE" if column.attribute == "commune_code" else "l’identifiant"
        return f"{what}, ou le nom dans la colonne {quote(column.reference.named)}"
    words = ", ".join(column.choices)
    return " – ".join(filter(None, (words, column.hint))) or "texte libre"
