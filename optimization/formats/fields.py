"""Reading JSON field by field, with French messages that say where and how to mend."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from data.errors import InputError
from data.french import quote, tidy
from optimization.formats.instance import Amounts, Id, Window, windowed

LARGEST = 2**40
"""Above it, a number is a mistake."""


def wrong(sentence: str, *, field: str = "Fichier") -> InputError:
    """A refusal to raise."""
    return InputError(tidy(sentence), field=field)


class Fields:
    """One JSON object.

    Args:
        value: the object.
        where: how to name it in messages, « job 3 ».

    Raises:
        InputError: it is not an object.
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise wrong(f"{where} : un objet JSON {{…}} est attendu.")
        self._value: Mapping[str, Any] = value
        self.where = where

    def has(self, key: str) -> bool:
        """Whether the key is there with something in it."""
        return self._value.get(key) is not None

    def raw(self, key: str) -> Any:
        """As read, ``None`` when absent."""
        return self._value.get(key)

    def refuse(self, key: str, why: str) -> InputError:
        """A refusal about one field."""
        return wrong(f"{self.where}, champ {quote(key)} : {why}.", field=key)

    def id(self, key: str = "id") -> Id:
        """A whole number, or a text."""
        value = self._value.get(key)
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            raise self.refuse(key, "un identifiant (nombre entier) est attendu")
        return value

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._value.get(key)
        return default if value is None else str(value)

    def number(self, key: str, default: float | None = None, *, least: float = 0) -> float:
        """A number, not negative unless said.

        Raises:
            InputError: absent without default, not a number, too small or too large.
        """
        value = self._value.get(key)
        if value is None:
            if default is None:
                raise self.refuse(key, "un nombre est attendu")
            return default
        return self._number(key, value, least)

    def whole(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number; 12.0 is one."""
        value = self.number(key, default, least=least)
        if value != int(value):
            raise self.refuse(key, f"un nombre entier est attendu, pas {value}")
        return int(value)

    def limit(self, key: str) -> int | None:
        """A whole number or nothing."""
        return self.whole(key) if self.has(key) else None

    def entries(self, key: str) -> Sequence[Any]:
        """A list, empty when absent."""
        value = self._value.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.refuse(key, "une liste [...] est attendue")
        return value

    def objects(self, key: str, name: str) -> list["Fields"]:
        """A list of objects, each named by its identifier or its rank."""
        found = []
        for rank, value in enumerate(self.entries(key), start=1):
            known = value.get("id") if isinstance(value, Mapping) else None
            label = f"{name} {known}" if isinstance(known, int | str) else f"{name} nº {rank}"
            found.append(Fields(value, label))
        return found

    def inside(self, key: str, where: str) -> "Fields":
        """An object within this one, empty when absent."""
        value = self._value.get(key)
        return Fields({} if value is None else value, where)

    def amounts(self, key: str) -> Amounts:
        """A list of quantities; a lone number stands for a list of one."""
        value = self._value.get(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        return tuple(self._number(key, entry, 0) for entry in values)

    def skills(self) -> frozenset[int]:
        """Whole numbers."""
        return frozenset(int(self._number("skills", value, 0)) for value in self.entries("skills"))

    def window(self, key: str) -> Window | None:
        """A pair of moments or nothing."""
        return self._window(key, self._value[key]) if self.has(key) else None

    def windows(self, key: str = "time_windows") -> tuple[Window, ...]:
        """Pairs of moments, sorted and merged; empty when absent.

        Raises:
            InputError: an empty list (always closed, or always open?), or a wrong pair.
        """
        if not self.has(key):
            return ()
        value = self.entries(key)
        if not value:
            raise self.refuse(
                key, "la liste est vide. Retirez-la s’il n’y a pas d’horaire à respecter"
            )
        if len(value) == 2 and not isinstance(value[0], list):  # noqa: PLR2004 - a lone pair
            value = [value]
        return windowed(tuple(self._window(key, pair) for pair in value))

    def place(self, key: str) -> tuple[float, float] | None:
        """Longitude and latitude, degrees, or nothing."""
        if not self.has(key):
            return None
        value = self.entries(key)
        if len(value) != 2:  # noqa: PLR2004 - a pair
            raise self.refuse(key, "[longitude, latitude] est attendu")
        lon, lat = (self._number(key, degrees, -180) for degrees in value)
        if abs(lon) > 180 or abs(lat) > 90:  # noqa: PLR2004 - the Earth
            raise self.refuse(
                key, f"[{lon}, {lat}] n’est pas sur Terre : [longitude, latitude] est attendu"
            )
        return lon, lat

    def _window(self, key: str, pair: object) -> Window:
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
            raise self.refuse(key, "[début, fin] est attendu")
        start, end = (self._number(key, moment, 0) for moment in pair)
        if start > end:
            raise self.refuse(key, f"le créneau [{start:g}, {end:g}] finit avant de commencer")
        return math.ceil(start), math.floor(end)

    def _number(self, key: str, value: object, least: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.refuse(key, "un nombre est attendu")
        try:
            number = float(value)
        except ValueError:
            raise self.refuse(key, f"{quote(str(value)[:40])} n’est pas un nombre") from None
        if not math.isfinite(number) or number > LARGEST:
            raise self.refuse(key, f"{value} est trop grand")
        if number < least:
            raise self.refuse(key, f"{number:g} est trop petit, au moins {least:g}")
        return int(number) if number == int(number) else number


def distinct(ids: Sequence[Id], name: str) -> None:
    """Refuse identifiers that appear twice.

    Raises:
        InputError: names the first of them.
    """
    seen: set[Id] = set()
    for one in ids:
        if one in seen:
            raise wrong(
                f"Deux {name} ont le même identifiant {one} : donnez à chacun le sien.", field="id"
            )
        seen.add(one)
