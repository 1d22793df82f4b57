"""Sixty phones: each opens the page, looks words up, sends its cards and insists."""

import base64
import contextlib
import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_PATIENCE_S: Final = 12.0
_LONGEST_WAIT_S: Final = 8.0
_COMPANIES: Final = 34
_WORDS: Final = (
    *("palettes", "cartons", "bâches plastiques", "chutes de bois", "marc de raisin", "drêches"),
    *("un chariot élévateur", "un local sec", "des heures de camion", "fûts métalliques"),
)
_UNITS: Final = ("t", "kg", "palette", "m³", "h")
_PHOTO: Final = "data:image/jpeg;base64," + base64.b64encode(
    b"\xff\xd8\xff\xe0" + random.Random(3).randbytes(90_000)  # noqa: S311
).decode("ascii")


@dataclass(slots=True, kw_only=True)
class Errand:
    """One card to send.

    Attributes:
        due_s: when its author presses « Envoyer », seconds from the start.
        hang_up: drop the line after sending, before the answer, the first time.
        reply_s: duration of the request that was acknowledged.
        waited_s: from « Envoyer » to the acknowledgement, retries included.
    """

    id: str
    body: bytes
    due_s: float
    hang_up: bool = False
    attempts: int = 0
    reply_s: float | None = None
    waited_s: float = 0.0
    pressed_at: float = 0.0


def errands(
    phones: int, cards: int, seconds: float, *, photos: float, hang_ups: float, seed: int
) -> list[list[Errand]]:
    """Share cards out between phones, at times drawn over ``seconds``."""
    draw = random.Random(seed)  # noqa: S311
    shared: list[list[Errand]] = [[] for _ in range(phones)]
    for number in range(cards):
        phone = number % phones
        card_id = f"{seed:08x}{phone:08x}-{number:016x}"
        fields: dict[str, Any] = {
            "id": card_id,
            "entreprise": f"Entreprise de charge {phone % _COMPANIES:02d}",
            "table": phone % 8 + 1,
            "sens": draw.choice(("offre", "besoin")),
            "ressource": draw.choice(_WORDS),
            "quantite": draw.randint(1, 200),
            "unite": draw.choice(_UNITS),
            "periode": draw.choice(("", "week", "month", "year")),
            "precisions": f"Fiche numéro {number}",
            "fait_le": "2026-01-01T00:00:00Z",
        }
        if draw.random() < photos:
            fields["photo"] = _PHOTO
        shared[phone].append(
            Errand(
                id=card_id,
                body=json.dumps(fields).encode(),
                due_s=draw.uniform(0, seconds),
                hang_up=draw.random() < hang_ups,
            )
        )
    for own in shared:
        own.sort(key=lambda errand: errand.due_s)
    return shared


@dataclass(slots=True)
class Phone:
    """One participant."""

    host: str
    port: int
    code: str
    todo: Sequence[Errand]
    page_s: list[float] = field(default_factory=list)
    search_s: list[float] = field(default_factory=list)
    _line: http.client.HTTPConnection | None = None

    def live(self, start: float, end: float) -> None:
        """Send every card at its time, insisting until acknowledged or until ``end``."""
        self._get(f"/atelier/{self.code}", self.page_s)
        waiting: list[tuple[float, Errand]] = [(start + e.due_s, e) for e in self.todo]
        while waiting and time.perf_counter() < end:
            waiting.sort(key=lambda pair: pair[0])
            when, errand = waiting.pop(0)
            time.sleep(max(0.0, when - time.perf_counter()))
            if not errand.pressed_at:
                self._get(f"/atelier/{self.code}/ressources?q=pal", self.search_s)
                errand.pressed_at = time.perf_counter()
            if not self._send(errand):
                pause = min(_LONGEST_WAIT_S, 2.0 ** min(errand.attempts - 1, 5))
                waiting.append((time.perf_counter() + pause, errand))
        self._drop()

    def _send(self, errand: Errand) -> bool:
        errand.attempts += 1
        begun = time.perf_counter()
        try:
            line = self._open()
            line.request(
                "POST",
                f"/atelier/{self.code}/fiches",
                errand.body,
                {"Content-Type": "application/json"},
            )
            if errand.hang_up and errand.attempts == 1:
                time.sleep(0.05)
                self._drop()
                return False
            answer = line.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self._drop()
            return False
        if answer.status != http.HTTPStatus.OK or told.get("id") != errand.id:
            return False
        errand.reply_s = time.perf_counter() - begun
        errand.waited_s = time.perf_counter() - errand.pressed_at
        return True

    def _get(self, path: str, took: list[float]) -> None:
        for _ in range(2):  # the server closes a line that was idle: a browser opens another
            begun = time.perf_counter()
            try:
                line = self._open()
                line.request("GET", path, headers={"Accept": "text/html"})
                line.getresponse().read()
                took.append(time.perf_counter() - begun)
            except (OSError, http.client.HTTPException):
                self._drop()
            else:
                return

    def _open(self) -> http.client.HTTPConnection:
        if self._line is None:
            self._line = http.client.HTTPConnection(self.host, self.port, timeout=_PATIENCE_S)
        return self._line

    def _drop(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
            self._line = None


def send_all(phones: Sequence[Phone], seconds: float, grace_s: float) -> None:
    """Let every phone live in its own thread, for ``seconds`` and ``grace_s`` more at most."""
    start = time.perf_counter()
    threads = [
        threading.Thread(target=phone.live, args=(start, start + seconds + grace_s))
        for phone in phones
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
