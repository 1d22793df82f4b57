"""Travel answered by an OSRM server, through its « table » and « route » services (HTTP, JSON).

With ``{mode}`` in its address the server is taken to have a bike and a car profile. Without, it is
taken to be a car server: bikes then follow its distances at their own speed.
"""

import http.client
import json
import math
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.errors import InputError
from data.french import NNBSP, tidy
from data.model import TravelMode
from geo.travel.source import UNREACHABLE, Place, TravelMatrix

TIMEOUT_S: Final = 20
BLOCK: Final = 50
"""Places in a row or column of one request: servers accept a hundred in all, unless told more."""
SERVER_BIKE_KMH: Final = 15.0
"""Speed on the flat of OSRM's bike profile; another speed scales its times."""
_MODE: Final = "{mode}"
_PROFILE: Final = {TravelMode.BIKE: "bike", TravelMode.VAN: "car"}
_MOST_PAIRS: Final = 1_000_000
_NO_WAY: Final = frozenset({"NoRoute", "NoTable", "NoSegment"})

Answer = tuple[float, float]
"""Metres and seconds; infinite where there is no way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsrmTravel:
    """Distances and times of an OSRM server.

    Attributes:
        url: address, up to the service's name, such as ``http://localhost:5000``.
        margin: relative error (p90) of a whole round's length.
    """

    url: str
    margin: float

    @property
    def name(self) -> str:
        """« Serveur OSRM », its host, with its margin."""
        host = urllib.parse.urlsplit(self.url.replace(_MODE, "mode")).hostname or self.url
        return f"Serveur OSRM {host} (±{NNBSP}{100 * self.margin:.0f}{NNBSP}%)"

    def matrix(self, places: Sequence[Place], mode: TravelMode, speed_kmh: float) -> TravelMatrix:
        """Travel between all pairs of places; what was asked before is not asked again.

        Raises:
            ValueError: ``speed_kmh`` is not positive.
            InputError: the server does not answer, or refuses.
        """
        if not speed_kmh > 0:
            raise ValueError("La vitesse doit être supérieure à zéro.")
        wanted = [_rounded(place) for place in places]
        with _asking:
            known = self._known(mode)
            self._ask(list(dict.fromkeys(wanted)), mode, known)
            pairs = np.array([[known[a, b] for b in wanted] for a in wanted], dtype=np.float64)
        pairs = pairs.reshape(len(wanted), len(wanted), 2)
        metres, seconds = pairs[:, :, 0], pairs[:, :, 1]
        if mode is TravelMode.BIKE:
            two_profiles = _MODE in self.url
            seconds = (
                seconds * (SERVER_BIKE_KMH / speed_kmh)
                if two_profiles
                else metres * (3.6 / speed_kmh)
            )
        return TravelMatrix(distance_m=_whole(metres), duration_s=_whole(seconds))

    def leg(self, a: Place, b: Place, mode: TravelMode) -> list[Place]:
        """The way that the server draws; a straight line where it has none."""
        key = (self.url, mode, _rounded(a), _rounded(b))
        with _asking:
            if key not in _legs:
                if len(_legs) > _MOST_PAIRS // 100:
                    _legs.clear()
                path = f"{_text([key[2], key[3]])}?overview=full&geometries=geojson"
                try:
                    answer = self._get("route", mode, path)
                except InputError:
                    return [a, b]  # a drawing is not worth an error
                routes = answer.get("routes") or [{}]
                _legs[key] = _line(routes[0])
            return [a, *_legs[key], b]

    def _known(self, mode: TravelMode) -> dict[tuple[Place, Place], Answer]:
        known = _tables.setdefault((self.url, mode), {})
        if len(known) > _MOST_PAIRS:
            known.clear()
        return known

    def _ask(
        self,
        places: list[Place],
        mode: TravelMode,
        known: dict[tuple[Place, Place], Answer],
    ) -> None:
        """Fill in what is missing: rows of new places, and columns for the others."""
        new = [place for place in places if (place, place) not in known]
        old = [place for place in places if (place, place) in known]
        missing = [place for place in old if any((place, other) not in known for other in old)]
        rows = new + missing
        found: dict[tuple[Place, Place], Answer] = {}
        for sources, targets in ((rows, places), (old, new)):
            for some in _blocks(sources):
                for others in _blocks(targets):
                    found |= self._table(some, others, mode)
        known.update(found)

    def _table(
        self, sources: list[Place], targets: list[Place], mode: TravelMode
    ) -> dict[tuple[Place, Place], Answer]:
        first = ";".join(str(i) for i in range(len(sources)))
        last = ";".join(str(len(sources) + i) for i in range(len(targets)))
        query = f"annotations=duration,distance&sources={first}&destinations={last}"
        answer = self._get("table", mode, f"{_text([*sources, *targets])}?{query}")
        if answer.get("code") in _NO_WAY:
            nothing = (math.inf, math.inf)
            return {(a, b): (0.0, 0.0) if a == b else nothing for a in sources for b in targets}
        try:
            metres = _numbers(answer["distances"], len(sources), len(targets))
            seconds = _numbers(answer["durations"], len(sources), len(targets))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                tidy(
                    "Le serveur OSRM n’a pas donné de distances : il faut OSRM 5.20 ou plus "
                    "récent, avec le service « table »."
                ),
                field="OSRM_URL",
            ) from error
        return {
            (a, b): (float(metres[i, j]), float(seconds[i, j])) if a != b else (0.0, 0.0)
            for i, a in enumerate(sources)
            for j, b in enumerate(targets)
        }

    def _get(self, service: str, mode: TravelMode, rest: str) -> dict[str, Any]:
        base = self.url.replace(_MODE, _PROFILE[mode]).rstrip("/")
        if not base.startswith(("http://", "https://")):
            raise InputError(
                tidy("L’adresse du serveur OSRM (OSRM_URL) doit commencer par http:// ou https://"),
                field="OSRM_URL",
            )
        profile = "bike" if mode is TravelMode.BIKE and _MODE in self.url else "driving"
        url = f"{base}/{service}/v1/{profile}/{rest}"
        request = urllib.request.Request(url, headers={"User-Agent": "Cartoflux"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                content = answer.read()
        except urllib.error.HTTPError as error:
            content = error.read()  # OSRM explains a refusal in JSON
        except (OSError, http.client.HTTPException) as error:
            raise _silent() from error
        try:
            found = json.loads(content)
        except ValueError as error:
            raise _silent() from error
        if not isinstance(found, dict) or found.get("code") not in {"Ok", *_NO_WAY}:
            code = found.get("code", "?") if isinstance(found, dict) else "?"
            raise InputError(
                tidy(
                    f"Le serveur OSRM refuse la demande (« {code} ») : vérifiez OSRM_URL et la "
                    "zone qu’il couvre, ou choisissez une autre source de distances."
                ),
                field="OSRM_URL",
            )
        return found


_asking = threading.RLock()
_tables: dict[tuple[str, TravelMode], dict[tuple[Place, Place], Answer]] = {}
_legs: dict[tuple[str, TravelMode, Place, Place], list[Place]] = {}


def _rounded(place: Place) -> Place:
    """Ten centimetres are enough, and make the same place the same question."""
    return round(float(place[0]), 6), round(float(place[1]), 6)


def _text(places: Sequence[Place]) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in places)


def _blocks(places: list[Place]) -> list[list[Place]]:
    return [places[i : i + BLOCK] for i in range(0, len(places), BLOCK)]


def _numbers(rows: Any, height: int, width: int) -> Any:
    """Numbers of a table; ``null`` means that there is no way."""
    table = np.array(rows, dtype=np.float64)
    if table.shape != (height, width):
        raise ValueError("a table of another shape")
    return np.where(np.isnan(table), np.inf, table)


def _line(route: dict[str, Any]) -> list[Place]:
    points = route.get("geometry", {}).get("coordinates", [])
    return [(float(lon), float(lat)) for lon, lat, *_ in points]


def _whole(values: Any) -> Any:
    missing = ~np.isfinite(values)
    return np.where(missing, UNREACHABLE, np.rint(np.where(missing, 0, values))).astype(np.int64)


def _silent() -> InputError:
    return InputError(
        tidy(
            "Le serveur OSRM ne répond pas : vérifiez OSRM_URL et votre réseau, ou choisissez une "
            "autre source de distances."
        ),
        field="OSRM_URL",
    )
