"""How long a card takes from its acknowledgement to the projected page, in a full hall.

    .venv/bin/python -m tests.load.landing_delay                 # 300 cards already there
    .venv/bin/python -m tests.load.landing_delay --cards 600

A server of its own receives the cards through the phones' route; Chromium projects the workshop
at 1920 × 1080 on the same machine. Fails when one card takes more than two seconds.
"""

import argparse
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Frame, Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.load.hall import Hall, running
from tests.load.phones import Phone, errands, send_all

GOAL_MS = 2000
_PHONES = 60
_FILLING_S = 20.0
_ON_MAP = """words => Object.values(window).some(one => {
  const landing = one && one.cartoflux && one.cartoflux.landing;
  return landing && typeof landing.key === "string" && landing.key.includes(words);
})"""


def measure(hall: Hall, cards: int, tries: int) -> tuple[list[float], list[float]]:
    """Return, in milliseconds, when each card was in the list, and in the list and on the map."""
    workshop = hall.open_doors("Salle pleine")
    shared = errands(_PHONES, cards, _FILLING_S, photos=0, hang_ups=0, seed=5)
    phones = [Phone("127.0.0.1", hall.port, workshop.code, own) for own in shared]
    send_all(phones, _FILLING_S, 60.0)
    listed, mapped = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{hall.url}/atelier?atelier={workshop.id}&presentation=1")
        page.wait_for_selector(".cf-projected", timeout=60_000)
        frame = _map(page)
        for rank in range(tries):
            words = f"essai numéro {rank} de {cards}"
            _send(hall, workshop.code, rank, words)
            began = time.perf_counter()
            page.wait_for_function(
                "words => document.body.innerText.includes(words)", arg=words, polling=30
            )
            listed.append(1000 * (time.perf_counter() - began))
            frame.wait_for_function(_ON_MAP, arg=words, polling=30)
            mapped.append(1000 * (time.perf_counter() - began))
            page.wait_for_timeout(500 + 37 * rank)
        browser.close()
    return listed, mapped


def _map(page: Page) -> Frame:
    frame = page.wait_for_selector("iframe[title='streamlit_folium.st_folium']").content_frame()
    if frame is None:
        raise RuntimeError("The projected page has no map.")
    frame.wait_for_selector(".cf-landing", timeout=60_000)
    return frame


def _send(hall: Hall, code: str, rank: int, words: str) -> None:
    body = {
        "id": f"{9:016x}-{rank:016x}",
        "entreprise": f"Entreprise chronométrée {rank % 5}",
        "table": 1,
        "sens": "offre",
        "ressource": words,
        "quantite": 3,
        "unite": "palette",
        "periode": "month",
        "fait_le": "2026-01-01T00:00:00Z",
    }
    line = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    line.request(
        "POST",
        f"/atelier/{code}/fiches",
        json.dumps(body),
        {"Content-Type": "application/json"},
    )
    answer = line.getresponse()
    if answer.status not in {200, 201}:
        raise RuntimeError(f"The card was not received: {answer.status} {answer.read()[:200]!r}")
    line.close()


def main() -> int:
    """Measure what the command line asks for; 1 when a card is late."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=300, help="already there")
    parser.add_argument("--tries", type=int, default=12)
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as hall:
        listed, mapped = measure(hall, options.cards, options.tries)
    print(  # noqa: T201 – what the command is for
        f"{options.cards} cards already there, {options.tries} more; {os.cpu_count()} cores, "
        f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after\n"
        f"milliseconds after the acknowledgement\n"
        f"  in the list             p50 {statistics.median(listed):6.0f}   max {max(listed):6.0f}\n"
        f"  in the list, on the map p50 {statistics.median(mapped):6.0f}   max {max(mapped):6.0f}"
    )
    return 0 if max(mapped) <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
