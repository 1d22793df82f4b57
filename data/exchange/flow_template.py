"""The spreadsheet to fill in: flows with examples, drop-downs and a help sheet."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from data.exchange.flow_import import EXAMPLE
from data.exchange.flows import FLOWS
from data.exchange.records import Column
from data.exchange.tables import csv_bytes
from data.french import NNBSP, tidy
from data.model import Actor, Resource, Territory
from data.units import KNOWN_UNITS

LEFT_OUT: Final = frozenset({"identifiant", "origine", "étude de flux"})
"""Columns of the export that nobody fills in by hand."""

_ROWS: Final = 2000
_HEAD: Final = PatternFill("solid", fgColor="FFE4EFE6")
_MUST: Final = PatternFill("solid", fgColor="FFCDE5D2")
_REFERENCES: Final = frozenset(
    {"identifiant de l’acteur", "identifiant de la ressource", "identifiant du partenaire"}
)

EXAMPLES: Final[tuple[dict[str, str], ...]] = (
    {
        "acteur": "Menuiserie des Tilleuls (exemple)",
        "commune de l’acteur": "Bergerac",
        "type de l’acteur": "Entreprise",
        "sens": "Sortant",
        "ressource": "Chutes de bois propres",
        "libellé": "chutes de chêne",
        "quantité": "3",
        "unité": "m³",
        "période": "mois",
        "incertitude (%)": "30",
        "périodes par an": "11",
        "année": "2025",
        "conditionnement": "benne 10 m³",
        "coût annuel (€)": "450",
        "nom du partenaire": "Récupérateur de Périgueux",
        "lieu du partenaire": "Périgueux",
        "code déchet": "03 01 05",
        "fiabilité": "déclaré",
        "note de fiabilité": "le gérant, en visite",
        "visibilité": "Réseau",
    },
    {
        "acteur": "Cantine du Barrage (exemple)",
        "commune de l’acteur": "Mouleydier",
        "type de l’acteur": "Collectivité, service public",
        "sens": "Sortant",
        "ressource": "biodéchets",
        "quantité": "2",
        "unité": "bac 120 L",
        "période": "semaine",
        "périodes par an": "36",
        "année": "2025",
        "saisonnalité": "1 | 0,5 | 1 | 0,5 | 1 | 1 | 0 | 0 | 1 | 0,75 | 1 | 0,5",
        "fiabilité": "estimé",
        "note de fiabilité": "140 g par repas, 60 repas par jour",
        "visibilité": "Public",
    },
)
"""Two rows that read as one would write them (invented)."""


def template_titles() -> tuple[str, ...]:
    """Headers of the spreadsheet to fill in, the ones a person needs."""
    return tuple(
        title for title in FLOWS.titles() if title not in LEFT_OUT and title not in _REFERENCES
    )


def template_csv() -> bytes:
    """Return the template as CSV; its example rows carry an identifier that imports ignore."""
    rows = [{"identifiant": f"{EXAMPLE}-{number}", **row} for number, row in enumerate(EXAMPLES, 1)]
    return csv_bytes(rows, ("identifiant", *template_titles()))


def template_xlsx(
    territory: Territory | None, actors: Sequence[Actor], resources: Sequence[Resource]
) -> bytes:
    """Return the template as a workbook: Flux (empty), Exemples, Aide, Listes (drop-downs)."""
    book = Workbook()
    page = book.active
    assert page is not None  # noqa: S101 (a new workbook has a sheet)
    page.title = "Flux"
    titles = template_titles()
    _head(page, titles)
    lists = book.create_sheet("Listes")
    choices = _choices(territory, actors, resources)
    for index, (title, words) in enumerate(choices.items(), start=1):
        letter = get_column_letter(index)
        lists[f"{letter}1"] = title
        for row, word in enumerate(words, start=2):
            _text(lists.cell(row=row, column=index), word)
        _drop_down(page, titles, title, f"Listes!${letter}$2:${letter}${len(words) + 1}")
    examples = book.create_sheet("Exemples", 1)
    _head(examples, titles)
    for row, example in enumerate(EXAMPLES, start=2):
        for column, title in enumerate(titles, start=1):
            if title in example:
                _text(examples.cell(row=row, column=column), example[title])
    _help(book.create_sheet("Aide", 2))
    lists.sheet_state = "hidden"
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def help_rows() -> list[tuple[str, str, str]]:
    """What each column accepts: title, whether it must be filled, and how."""
    rows = []
    for column in FLOWS.columns:
        if column.title in LEFT_OUT:
            continue
        if column.reference is None:
            rows.append((column.title, _must(column), _accepted(column)))
            continue
        what = {
            "acteur": "Nom de l’acteur tel qu’il est dans Cartoflux.",
            "ressource": "Nom, synonyme ou code déchet : « caisses bois », « NaOH », « 20 01 08 ».",
            "partenaire": "Nom de l’autre acteur, s’il est dans Cartoflux.",
        }[column.reference.named]
        rows.append((column.reference.named, _must(column), tidy(what)))
        rows.extend((c.title, "non", tidy(c.hint)) for c in column.reference.companions)
    return rows


def _must(column: Column) -> str:
    return "oui" if column.required else "non"


def _accepted(column: Column) -> str:
    hint = tidy(column.hint)
    if column.choices:
        return f"Au choix{NNBSP}: {', '.join(column.choices)}. {hint}".strip()
    if column.attribute == "unit":
        return f"Par exemple{NNBSP}: {', '.join(KNOWN_UNITS)}."
    return hint or "Texte libre."


def _choices(
    territory: Territory | None, actors: Sequence[Actor], resources: Iterable[Resource]
) -> dict[str, Sequence[str]]:
    words: dict[str, Sequence[str]] = {
        column.title: column.choices
        for column in FLOWS.columns
        if column.choices and column.title not in LEFT_OUT
    }
    words["unité"] = KNOWN_UNITS
    words["ressource"] = sorted(resource.name for resource in resources)
    for column in FLOWS.columns:
        for companion in column.reference.companions if column.reference else ():
            if companion.choices:
                words[companion.title] = companion.choices
    if actors:
        words["acteur"] = words["partenaire"] = sorted({actor.name for actor in actors})
    if territory is not None:
        words["commune de l’acteur"] = sorted(c.name for c in territory.communes)
    return words


def _drop_down(page: Any, titles: Sequence[str], title: str, where: str) -> None:
    strict = title in {"sens", "période", "fiabilité", "visibilité", "type de l’acteur"}
    rule = DataValidation(
        type="list",
        formula1=where,
        allow_blank=True,
        showErrorMessage=strict,
        errorTitle="Choix inconnu",
        error="Choisissez une valeur de la liste.",
    )
    page.add_data_validation(rule)
    letter = get_column_letter(titles.index(title) + 1)
    rule.add(f"{letter}2:{letter}{_ROWS}")


def _head(page: Any, titles: Sequence[str]) -> None:
    must = {row[0] for row in help_rows() if row[1] == "oui"}
    for column, title in enumerate(titles, start=1):
        cell = page.cell(row=1, column=column, value=title)
        cell.font = Font(bold=True)
        cell.fill = _MUST if title in must else _HEAD
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        page.column_dimensions[get_column_letter(column)].width = max(13, len(title) + 3)
        # SIRET and waste codes are text: a spreadsheet would eat their zeros.
        if title in {"SIRET de l’acteur", "code déchet"}:
            page.column_dimensions[get_column_letter(column)].number_format = "@"
    page.freeze_panes = "B2"


def _help(page: Any) -> None:
    page.append(["Colonne", "Obligatoire", "Ce qu’elle accepte"])
    for row in help_rows():
        page.append(list(row))
    for note in (
        "Une ligne par flux, dans la feuille « Flux » ; les autres feuilles ne sont pas lues.",
        "Quantité inconnue : laissez la cellule vide, jamais zéro.",
        "Un flux déjà connu est retrouvé par l’acteur, la ressource, le sens et l’année.",
        "Envoyer deux fois le même fichier ne change rien.",
    ):
        page.append([tidy(note)])
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    for letter, width in (("A", 30), ("B", 13), ("C", 110)):
        page.column_dimensions[letter].width = width


def _text(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"
