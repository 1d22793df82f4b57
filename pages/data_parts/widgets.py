"""One widget a column; what is typed survives mistakes, conflicts and visits to other pages."""

import re
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from data.exchange.cells import read_day, read_list, write_list
from data.exchange.labels import label as word
from data.exchange.records import Column, Format, default_of, to_row
from data.exchange.tables import typed_text
from data.french import tidy
from data.model import Actor, Listing, PositionPrecision, Stream
from data.text import fold
from data.units import KNOWN_UNITS
from pages.data_parts.session import directory
from pages.ui import escape
from pages.ui.session import Snapshot

AT_TOWN_HALL: Final = "À la mairie de la commune (position approximative)"
AT_THE_ACTOR: Final = "Chez l’acteur"
AT_A_POINT: Final = "À des coordonnées précises"
_COORDINATES: Final = frozenset({"lon", "lat", "position_precision"})
_WIDE: Final = frozenset(
    {"activity", "competences", "description", "reliability_note", "source", "seasonality",
     "resource_ids", "contact", "address", "streams", "email"}
)  # fmt: skip
_LONG: Final = frozenset({"description", "reliability_note"})
_LISTS: Final = frozenset({"competences", "resource_ids", "streams"})
_CHOOSE: Final = "Choisir"

Errors = Mapping[str, str]
"""Sentences by column title."""


class Fields:
    """The widgets of one form: a prefix for their keys, what they start from, what is wrong.

    Args:
        base: the record being changed, or ``None`` for a new one.
    """

    def __init__(
        self, format_: Format[Any], prefix: str, base: Any, errors: Errors, records: Snapshot
    ) -> None:
        self._format = format_
        self._prefix = prefix
        self._base = base
        self._errors = errors
        self._records = records
        self._start = start_cells(format_, base, records)

    def group(self, attributes: tuple[str, ...]) -> None:
        """Draw some fields, two abreast where they are short."""
        narrow: list[str] = []
        for name in attributes:
            if name in _COORDINATES:
                continue
            if name in _WIDE:
                self._abreast(narrow)
                narrow = []
                self._field(name)
            else:
                narrow.append(name)
        self._abreast(narrow)
        if "lon" in attributes:
            self._position("position_precision" in attributes)

    def has_error(self, attributes: tuple[str, ...]) -> bool:
        """Tell whether something is wrong among these fields."""
        return any(self._format.column(name).title in self._errors for name in attributes)

    def _abreast(self, names: list[str]) -> None:
        for first in range(0, len(names), 2):
            for column, name in zip(st.columns(2), names[first : first + 2], strict=False):
                with column:
                    self._field(name)

    def _field(self, name: str) -> None:
        column = self._format.column(name)
        asked = self._base is None and column.required
        if column.personal and not asked and not self._shows_personal(column):
            return
        self._widget(column)
        error = self._errors.get(column.title)
        if error:
            st.markdown(f":red[:material/error: {escape.markdown(error)}]")

    def _shows_personal(self, column: Column) -> bool:
        return st.toggle(
            f"Voir et modifier {_with_article(column.title)} (donnée personnelle)",
            key=f"{self._prefix}-show-{column.attribute}",
            help="Caché par défaut, absent des exports. Préférez une adresse générique.",
        )

    def _widget(self, column: Column) -> None:
        key = self._prefix + column.attribute
        start = self._start.get(column.title, "")
        label = _label(column)
        keep: Any = {"key": key, "help": tidy(column.hint) or None, "persist_state": "session"}
        if column.attribute in _LISTS:
            self._list(column, label, start, keep)
            return
        options = self._options(column)
        if options is not None:
            shown = list(options) if start in options or not start else [*options, start]
            if not column.required and "" not in shown and not column.choices:
                shown.insert(0, "")
            st.selectbox(
                label,
                shown,
                index=shown.index(start) if start in shown else None,
                format_func=lambda value: options.get(value, value) or "–",
                placeholder=_CHOOSE,
                accept_new_options=column.attribute == "unit",
                **keep,
            )
        elif column.attribute in _LONG:
            st.text_area(label, start, max_chars=5000, height=90, **keep)
        else:
            hint = "jj/mm/aaaa" if column.read is read_day else None
            st.text_input(label, start, max_chars=2000, placeholder=hint, **keep)

    def _list(self, column: Column, label: str, start: str, keep: Any) -> None:
        chosen = list(read_list(start))
        if column.attribute == "resource_ids":
            names = {resource.id: resource.name for resource in self._records.resources}
            known = list(names)
        elif column.attribute == "streams":
            known = [word(stream) for stream in Stream]
            names = dict(zip(known, known, strict=True))
        else:
            names = {}
            known = sorted({word for actor in self._records.actors for word in actor.competences})
        keep = {**keep, "help": None}
        st.multiselect(
            label,
            [*known, *(item for item in chosen if item not in known)],
            default=chosen,
            format_func=lambda value: names.get(value, value),
            placeholder=_CHOOSE if names else "Choisir, ou écrire puis Entrée",
            accept_new_options=not names,
            **keep,
        )

    def _options(self, column: Column) -> dict[str, str] | None:
        """Options and how they are shown, or ``None`` for free text."""
        if column.choices:
            return {choice: choice for choice in column.choices}
        if column.attribute == "unit":
            return {unit: unit for unit in KNOWN_UNITS}
        if column.attribute == "treatment":
            treatments = (f for f in self._records.figures.values() if f.category == "treatment")
            return {figure.key: figure.label_fr for figure in treatments}
        return self._referred(column.reference.what) if column.reference else None

    def _referred(self, what: str) -> dict[str, str]:
        if what == "communes":
            return {code: c.name for code, c in sorted_by_name(self._records.commune)}
        if what == "ressources":
            return {id_: r.name for id_, r in sorted_by_name(self._records.resource)}
        return {id_: self._actor(actor) for id_, actor in sorted_by_name(self._records.actor)}

    def _actor(self, actor: Actor) -> str:
        commune = self._records.commune.get(actor.commune_code)
        return f"{actor.name} ({commune.name})" if commune else actor.name

    def _position(self, has_precision: bool) -> None:
        key = f"{self._prefix}where"
        usual = _usual_place(self._format)
        start = usual if _at_usual_place(self._base, self._records) else AT_A_POINT
        place = st.radio(
            "Position sur la carte",
            [usual, AT_A_POINT],
            index=[usual, AT_A_POINT].index(start),
            key=key,
            persist_state="session",
            help="Les coordonnées se lisent par exemple sur le Géoportail\u202f: clic droit, "
            "«\u00a0Adresse / Coordonnées du lieu\u00a0».",
        )
        if place == AT_A_POINT:
            self._abreast(["lon", "lat"])
            if has_precision:
                self._field("position_precision")


def sorted_by_name(things: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Pairs of id and thing, by name."""
    return sorted(things.items(), key=lambda pair: (pair[1].name.casefold(), pair[0]))


def start_cells(format_: Format[Any], base: Any, records: Snapshot) -> dict[str, str]:
    """What a form starts from: the record as it would be typed, or the defaults of a new one."""
    if base is not None:
        row = to_row(format_, base, directory(records))
        return {title: typed_text(cell) for title, cell in row.items()}
    cells = {}
    for column in format_.columns:
        value = default_of(format_, column)
        cells[column.title] = "" if value is None else typed_text(column.write(value))
    return cells


def typed_cells(format_: Format[Any], prefix: str, attributes: frozenset[str]) -> dict[str, str]:
    """What is on screen, by column title; a column that is not drawn is absent."""
    cells = {}
    usual = st.session_state.get(f"{prefix}where") == _usual_place(format_)
    for column in format_.columns:
        if column.attribute not in attributes:
            continue
        if usual and column.attribute in {"lon", "lat"}:
            cells[column.title] = ""
            continue
        if prefix + column.attribute not in st.session_state:
            continue
        value = st.session_state[prefix + column.attribute]
        cells[column.title] = write_list(value) if isinstance(value, list) else str(value or "")
    return cells


def screen_name(column: Column) -> str:
    """Name a column as the form does: « Acteur » for « identifiant de l’acteur »."""
    title = re.sub(r"^identifiant d(?:e la |e l’|u )", "", column.title)
    title = title.replace("code commune", "commune")
    return title[:1].upper() + title[1:]


def _label(column: Column) -> str:
    text = escape.markdown(screen_name(column))
    return f"{text} :red[\\*]" if column.required else text


def _with_article(title: str) -> str:
    return f"l’{title}" if fold(title)[0] in "aeiou" else f"le {title}"


def _usual_place(format_: Format[Any]) -> str:
    """Where a record without a position of its own stands."""
    return AT_THE_ACTOR if format_.kind is Listing else AT_TOWN_HALL


def _at_usual_place(base: Any, records: Snapshot) -> bool:
    if base is None or base.lon is None:
        return True
    if isinstance(base, Listing):
        return False
    commune = records.commune.get(base.commune_code)
    precision = getattr(base, "position_precision", PositionPrecision.COMMUNE)
    return (
        commune is not None
        and precision is PositionPrecision.COMMUNE
        and (base.lon, base.lat) == (commune.town_hall_lon, commune.town_hall_lat)
    )
