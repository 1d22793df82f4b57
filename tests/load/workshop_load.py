"""Sixty phones send 600 cards in ten minutes while five sessions watch.

    .venv/bin/python -m tests.load.workshop_load                 # ten minutes
    .venv/bin/python -m tests.load.workshop_load --minutes 2     # the same cards, five times faster
    .venv/bin/python -m tests.load.workshop_load --minutes 2 --kill

A server of its own is started on a database of its own. ``--kill`` kills it (``kill -9``) in the
middle and starts it again. One card in ten carries a photo; one in thirty is sent over a line
that breaks before the answer. Fails when a card is lost or doubled; figures are printed.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.model import Attendance
from tests.load.hall import Hall, running
from tests.load.phones import Phone, errands, send_all
from tests.load.watcher import Watcher

GOAL_MS = 300
_GRACE_S = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to do to the server."""

    phones: int = 60
    cards: int = 600
    seconds: float = 600.0
    watchers: int = 5
    kill: bool = False
    phones_only: bool = False
    demo: bool = True
    photos: float = 0.1
    hang_ups: float = 1 / 30
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: times in milliseconds.

    Attributes:
        lost: ids acknowledged or sent that the store does not hold.
        doubled: cards in the store beyond one per card sent.
        replies: durations of the acknowledged requests of cards sent in one attempt.
        waits: from « Envoyer » to the acknowledgement, of the cards that needed several.
    """

    sent: int
    acknowledged: int
    stored: int
    lost: tuple[str, ...]
    doubled: int
    companies: int
    replies: tuple[float, ...]
    waits: tuple[float, ...]
    pages: tuple[float, ...]
    searches: tuple[float, ...]
    redraws: tuple[float, ...]
    joined: int
    machine_load: tuple[float, float]


def run(load: Load, var_dir: Path) -> Outcome:
    """Start a server, load it, and compare what was sent with what the store holds."""
    before = os.getloadavg()[0]
    with running(var_dir, phones_only=load.phones_only, demo=load.demo) as hall:
        workshop = hall.open_doors("Atelier sous charge")
        shared = errands(
            load.phones,
            load.cards,
            load.seconds,
            photos=load.photos,
            hang_ups=load.hang_ups,
            seed=load.seed,
        )
        phones = [Phone("127.0.0.1", hall.port, workshop.code, own) for own in shared]
        query = f"atelier={workshop.id}&presentation=1"
        looked_at = f"/salle/{workshop.id}/carte.json"
        watchers = [Watcher(hall.url, "atelier", query, looked_at) for _ in range(load.watchers)]
        stop = threading.Event()
        watching = threading.Thread(target=_watch, args=(watchers, stop))
        watching.start()
        accident = threading.Timer(load.seconds / 2, _kill, args=(hall,))
        if load.kill:
            accident.start()
        try:
            send_all(phones, load.seconds, _GRACE_S)
        finally:
            if load.kill:
                accident.join()
            stop.set()
            watching.join()
        stored = hall.cards(workshop)
        with hall.store() as store:
            companies = len(store.list(Attendance, workshop_id=workshop.id))
    every = [errand for own in shared for errand in own]
    ids = {card.id for card in stored}
    return Outcome(
        sent=len(every),
        acknowledged=sum(errand.reply_s is not None for errand in every),
        stored=len(stored),
        lost=tuple(errand.id for errand in every if errand.id not in ids),
        doubled=len(stored) - len({card.words for card in stored}),
        companies=companies,
        replies=_ms(e.reply_s for e in every if e.reply_s is not None and e.attempts == 1),
        waits=_ms(e.waited_s for e in every if e.reply_s is not None and e.attempts > 1),
        pages=_ms(second for phone in phones for second in phone.page_s),
        searches=_ms(second for phone in phones for second in phone.search_s),
        redraws=_ms(second for watcher in watchers for second in watcher.runs),
        joined=sum(watcher.joined for watcher in watchers),
        machine_load=(before, os.getloadavg()[0]),
    )


def _ms(seconds: Iterable[float]) -> tuple[float, ...]:
    return tuple(1000 * second for second in seconds)


def _kill(hall: Hall) -> None:
    hall.kill()
    hall.start()


def _watch(watchers: Sequence[Watcher], stop: threading.Event) -> None:
    async def all_of_them() -> None:
        tasks = [asyncio.ensure_future(watcher.watch()) for watcher in watchers]
        await asyncio.to_thread(stop.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(all_of_them())


def percentiles(times: Sequence[float]) -> str:
    """Write the median, the 95th and 99th percentiles and the maximum of times in ms."""
    if len(times) < 2:
        return "—" if not times else f"{times[0]:.0f}"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return (
        f"n={len(times):<5} p50 {cuts[49]:7.0f}   p95 {cuts[94]:7.0f}   p99 {cuts[98]:7.0f}"
        f"   max {max(times):7.0f}"
    )


def report(load: Load, outcome: Outcome) -> str:
    """Write the figures, and whether the goal is met."""
    lines = (
        (
            f"{load.phones} phones, {load.cards} cards in {load.seconds:.0f} s, {load.watchers} "
            f"sessions watching{', server killed in the middle' if load.kill else ''}"
            f"{', phones’ listener' if load.phones_only else ''}"
        ),
        (
            f"{os.cpu_count()} cores, load average {outcome.machine_load[0]:.1f} before, "
            f"{outcome.machine_load[1]:.1f} after"
        ),
        (
            f"sent {outcome.sent}, acknowledged {outcome.acknowledged}, stored {outcome.stored}, "
            f"lost {len(outcome.lost)}, doubled {outcome.doubled}, companies {outcome.companies}"
        ),
        "milliseconds",
        f"  acknowledgement, one attempt      {percentiles(outcome.replies)}",
        f"  acknowledgement, several attempts {percentiles(outcome.waits)}",
        f"  page of the form                  {percentiles(outcome.pages)}",
        f"  suggestions                       {percentiles(outcome.searches)}",
        (
            f"  redraw of a watching session      {percentiles(outcome.redraws)}"
            f"   (connections: {outcome.joined})"
        ),
    )
    return "\n".join(lines)


def sound(outcome: Outcome) -> bool:
    """Tell whether nothing was lost and nothing doubled."""
    return (
        not outcome.lost
        and not outcome.doubled
        and outcome.sent == outcome.acknowledged == outcome.stored
    )


def main() -> int:
    """Run the load asked for on the command line; 1 when a card is lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--cards", type=int, default=600)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--watchers", type=int, default=5)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--phones-only", action="store_true", help="the phones' own listener")
    options = parser.parse_args()
    load = Load(
        phones=options.phones,
        cards=options.cards,
        seconds=60 * options.minutes,
        watchers=0 if options.phones_only else options.watchers,
        kill=options.kill,
        phones_only=options.phones_only,
    )
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(load, Path(folder))
    print(report(load, outcome))  # noqa: T201 – what the command is for
    return 0 if sound(outcome) else 1


if __name__ == "__main__":
    sys.exit(main())
