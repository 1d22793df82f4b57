"""A whole record ↔ a row: the columns of a kind, and every mistake of a row at once."""

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeVar

from data.errors import InputError
from data.exchange.cells import Reader, Writer, clean
from data.exchange.directory import Directory, only
from data.exchange.labels import choices, label, read_choice
from data.exchange.tables import Cell
from data.french import NNBSP, quote
from data.rules import RULES
from data.text import fold, slug
from data.validate import validate

R = TypeVar("R")

Values = dict[str, Any]
"""Values by attribute, for the columns that the file has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A column beside a reference that says more of the thing referred to.

    Attributes:
        write: its cell, from the id of the thing.
        choices: the words understood, when they are few.
    """

    title: str
    write: Callable[[Directory, str], Cell]
    hint: str = ""
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


Resolver = Callable[[Directory, Mapping[str, str]], str | None]
"""Id of the thing that the cells of a row (by title) name together; ``None`` when they are all
empty. An ``InputError`` may name one of the columns in its ``field``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column that names another thing.

    Attributes:
        find: ids that a text stands for (an ``InputError`` when none).
        what: plural noun for the message « désigne plusieurs … ».
        named: a second column with the name in words, written for the reader's comfort and read
            when the first is empty; ``name`` gives it from an id.
        companions: further columns that help to recognise the thing, used by ``resolve``.
    """

    find: Callable[[Directory, str], tuple[str, ...]]
    what: str
    named: str
    name: Callable[[Directory, str], str]
    companions: tuple[Companion, ...] = ()
    resolve: Resolver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a kind of record.

    Attributes:
        title: header, as written.
        attribute: field of the record.
        required: an empty cell is a mistake; otherwise it means the field's default.
        personal: left out of files unless asked for.
        reference: what the column points to, if it points to something.
        also: other headers understood.
        choices: the words understood, when they are few.
        hint: one line of help for forms.
        none: the word for « no value », where an empty cell stands for another default.
    """

    title: str
    attribute: str
    read: Reader = str
    write: Writer = lambda value: value
    required: bool = False
    personal: bool = False
    reference: Reference | None = None
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    hint: str = ""
    none: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """Headers written: the column's own and that of the name beside it."""
        if self.reference is None:
            return (self.title,)
        beside = (companion.title for companion in self.reference.companions)
        return (self.title, self.reference.named, *beside)


def choice(
    title: str,
    attribute: str,
    kind: type[StrEnum],
    *,
    required: bool = False,
    also: tuple[str, ...] = (),
) -> Column:
    """Make the column of an enumeration."""
    return Column(
        title=title,
        attribute=attribute,
        read=lambda text: read_choice(text, kind),
        write=label,
        required=required,
        also=also,
        choices=choices(kind),
    )


Completer = Callable[[Values, Any, Directory], Iterable[InputError]]
"""Fills in values that follow from others (given the record changed, or None), in place; yields
mistakes that involve several columns."""


@dataclass(frozen=True, kw_only=True)
class Format(Generic[R]):
    """How a kind of record is written in a table.

    Attributes:
        noun: French noun for messages, with its plural.
        keys: ways to recognise a record without its id, best first; each gives ``None`` when the
            record has no such key. The best key that both records have decides.
        loose: a weaker way to recognise a record, used for a row without id when no key answers
            and exactly one record and one row of the file have it.
        doubt: something a person should look at in a record that is otherwise right.
    """

    kind: type[R]
    noun: str
    nouns: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, Callable[[R], Any]], ...] = ()
    loose: Callable[[R], Any] | None = None
    complete: Completer = lambda _values, _base, _directory: ()
    doubt: Callable[[R, Directory], str | None] = lambda _record, _directory: None

    def titles(self, *, personal: bool = False) -> tuple[str, ...]:
        """Headers of a file, in order."""
        return tuple(
            title
            for column in self.columns
            if personal or not column.personal
            for title in column.titles
        )

    def titled(self, title: str) -> Column:
        """Column of a header."""
        return next(column for column in self.columns if title in column.titles)

    def column(self, attribute: str) -> Column:
        """Column of an attribute."""
        return next(column for column in self.columns if column.attribute == attribute)


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[R]):
    """What a row says: a record, or every mistake found in it."""

    record: R | None
    errors: tuple[InputError, ...] = ()


def to_row(format_: Format[R], record: R, directory: Directory) -> dict[str, Cell]:
    """Write a record as cells by header (personal columns included; the caller picks headers)."""
    row: dict[str, Cell] = {}
    for column in format_.columns:
        value = getattr(record, column.attribute)
        row[column.title] = (column.none or None) if value is None else column.write(value)
        if column.reference:
            row[column.reference.named] = column.reference.name(directory, value) if value else None
            for companion in column.reference.companions:
                row[companion.title] = companion.write(directory, value) if value else None
    return row


def header_map(format_: Format[Any], columns: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Match a file's headers with the format's, forgiving case and accents.

    Returns:
        The file's header for each header of the format, and the file's headers not understood.
    """
    known: dict[str, str] = {}
    for column in format_.columns:
        for title in column.titles:
            known[fold(title)] = title
        for title in (*column.also, column.attribute):
            known.setdefault(fold(title), column.title)
        for companion in column.reference.companions if column.reference else ():
            for title in companion.also:
                known.setdefault(fold(title), companion.title)
    found: dict[str, str] = {}
    strange: list[str] = []
    for header in columns:
        match = known.get(fold(header).rstrip(" *"))
        if match is None or match in found:
            strange.append(header)
        else:
            found[match] = header
    return found, strange


def read_values(
    format_: Format[Any], cells: Mapping[str, str], directory: Directory, row: int | None = None
) -> tuple[Values, list[InputError]]:
    """Read the cells of a row (by the format's headers), gathering every mistake."""
    values: Values = {}
    errors: list[InputError] = []
    for column in format_.columns:
        if not any(title in cells for title in column.titles):
            continue
        try:
            value = _read_cell(column, cells, directory)
        except InputError as error:
            errors.append(located(error.message, _title_at_fault(column, cells, error), row))
            continue
        values[column.attribute] = default_of(format_, column) if value is _EMPTY_CELL else value
    return values, errors


def build(
    format_: Format[R],
    values: Values,
    directory: Directory,
    base: R | None = None,
    row: int | None = None,
) -> Reading[R]:
    """Make a record from values, over ``base`` when it changes an existing one."""
    errors = [
        located(error.message, error.field, row)
        for error in format_.complete(values, base, directory)
    ]
    if base is None:
        missing = [c for c in format_.columns if c.required and c.attribute not in values]
        errors += [located(_MISSING_COLUMN, column.title, row) for column in missing]
    if errors:
        return Reading(record=None, errors=tuple(errors))
    if base is not None:
        kept = {**values, "id": base.id}  # type: ignore[attr-defined]
        record = dataclasses.replace(base, **kept)  # type: ignore[type-var]
    else:
        if not values.get("id"):
            name = values.get("name") or values.get("label") or values.get("title")
            values["id"] = new_id(str(name or format_.noun))
        record = format_.kind(**values)
    try:
        validate(record)
    except InputError as error:
        return Reading(record=None, errors=(_as_column_error(format_, error, row),))
    return Reading(record=record)


def _as_column_error(format_: Format[Any], error: InputError, row: int | None) -> InputError:
    """Name the column where the model's own rules name the field."""
    for column in format_.columns:
        if RULES[column.attribute].label == error.field:
            fault = error.message.split(f"le champ « {error.field} » ", 1)[-1]
            return located(fault, column.title, row)
    return located(error.message, "", row)


def read_record(
    format_: Format[R],
    cells: Mapping[str, str],
    directory: Directory,
    base: R | None = None,
    row: int | None = None,
) -> Reading[R]:
    """Read one row or one form: a record, or all its mistakes."""
    values, errors = read_values(format_, cells, directory, row)
    reading = build(format_, values, directory, base, row) if not errors else None
    if reading is not None:
        return reading
    # Mistakes that involve several columns are named too, when all of these could be read.
    readable = not {error.field for error in errors} & _PLACE
    more = format_.complete(dict(values), base, directory) if readable else ()
    together = (located(error.message, error.field, row) for error in more)
    return Reading(record=None, errors=(*errors, *together))


def located(message: str, title: str, row: int | None) -> InputError:
    """Make the error of a cell: row, column, what is wrong, what to do."""
    body = message[:1].upper() + message[1:] if row is None and not title else message
    where = [f"Ligne {row}"] if row is not None else []
    where += [f"colonne {quote(title)}" if row is not None else quote(title)] if title else []
    text = f"{', '.join(where)}{NNBSP}: {body}" if where else body
    return InputError(text, field=title, row=row)


@cache
def default_of(format_: Format[Any], column: Column) -> Any:
    """Value that an empty cell stands for."""
    field = next(f for f in dataclasses.fields(format_.kind) if f.name == column.attribute)
    return None if field.default is dataclasses.MISSING else field.default


def new_id(name: str) -> str:
    """Make an identifier that can be read in a link and is never given twice."""
    return f"{slug(name)[:48].strip('-') or 'fiche'}-{uuid.uuid4().hex[:8]}"


def _title_at_fault(column: Column, cells: Mapping[str, str], error: InputError) -> str:
    """Name a column that the file has: the one the error names, else the first there is."""
    if error.field in column.titles and error.field in cells:
        return error.field
    present = [title for title in column.titles if title in cells]
    filled = [title for title in present if clean(cells[title])]
    if column.reference is not None and not filled and column.reference.named in present:
        return column.reference.named  # people write names, not identifiers
    return (filled or present or [column.title])[0]


_PLACE = {"longitude", "latitude"}
_MISSING_COLUMN = "colonne obligatoire, absente. Ajoutez-la et remplissez-la."
_EMPTY_CELL = object()
_EMPTY = "valeur obligatoire, à remplir."


def _read_cell(column: Column, cells: Mapping[str, str], directory: Directory) -> Any:
    text = clean(cells.get(column.title, ""))
    if column.reference is None:
        if text:
            return None if column.none and fold(text) == fold(column.none) else column.read(text)
        if column.required:
            raise InputError(_EMPTY)
        return _EMPTY_CELL
    reference = column.reference
    if reference.resolve is not None:
        resolved = reference.resolve(directory, cells)
        if resolved is None and column.required:
            raise InputError(_EMPTY)
        return _EMPTY_CELL if resolved is None else resolved
    name = clean(cells.get(reference.named, ""))
    if not text and not name:
        if column.required:
            raise InputError(_EMPTY)
        return _EMPTY_CELL
    if not text:
        return only(reference.find(directory, name), name, reference.what)
    found = only(reference.find(directory, text), text, reference.what)
    if name and found not in reference.find(directory, name):
        raise InputError(
            f"{quote(text)} et {quote(name)} (colonne {quote(reference.named)}) se contredisent. "
            "Corrigez l’un, ou videz l’un des deux."
        )
    return found
