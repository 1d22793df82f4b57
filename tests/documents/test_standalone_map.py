"""The offline map as a file: everything inside, nothing outside, no text that runs."""

import base64
import hashlib
import json
import re

import pytest

from geo.flows import Viewer
from pages.documents.standalone_map import standalone_map
from tests.documents.flow_world import HOSTILE, SECRET, taken
from tests.geo.flows.worlds import flow


def scripts(page: str) -> list[str]:
    """Return the source of every script of the page."""
    return re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)


def test_the_page_asks_nothing_from_outside() -> None:
    """No attribute or style loads anything; the policy in the page would stop it anyway."""
    page = standalone_map(taken()).decode()
    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r"<(?:link|img|iframe|object|embed|base)\b", page.split("<script>")[0])
    assert not re.search(r"\bsrc=|@import|<script [^>]*>", page.split("<script>")[0])
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL))
    assert set(re.findall(r"url\((.{5})", styles)) == {"data:"}


def test_only_our_scripts_may_run() -> None:
    """The policy lists the digest of each script of the file, and no other."""
    page = standalone_map(taken()).decode()
    found = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in scripts(page)
    }
    allowed = set(re.findall(r"sha256-([A-Za-z0-9+/=]+)", page.split("<style>")[0]))
    assert len(found) == 9
    assert allowed == found


def test_hostile_text_cannot_end_a_script() -> None:
    """Names with « </script> » leave the number of scripts as it is, and travel as data."""
    hostile = taken(
        flow(1, 0, None, partner_place=HOSTILE, partner_name=HOSTILE, quantity=3.0),
        flow(2, 0, None, partner_place="<!--<script>", partner_name="<!--", quantity=3.0),
    )
    page = standalone_map(hostile).decode()
    assert page.lower().count("<script") == len(scripts(page)) == 9
    assert "<script>window.harmed" not in page


def test_the_table_matches_the_map() -> None:
    """Rows hold ranks of places at the three levels, in the order of the mass."""
    last = scripts(standalone_map(taken()).decode())[-1]
    content = json.loads(last.removeprefix("cartoflux.takeaway.open(").removesuffix(");"))
    assert len(content["rows"]) == 5
    first = content["rows"][0]
    ends = [content["places"][rank] for rank in first["o"]]
    assert ends == ["epci:111111111", "commune:01000", "actor:a0000"]
    assert first["cells"][1:3] == ["Aulne", "Cornouiller"]
    assert content["rows"][-1]["cells"][3] == "inconnue"


def test_masked_stays_masked() -> None:
    """The public file holds no amount or id of a restricted flow; the team's says it does."""
    public = standalone_map(taken()).decode()
    assert not any(secret in public.split("takeaway.open")[-1] for secret in SECRET)
    team = standalone_map(taken(viewer=Viewer.TEAM)).decode()
    assert "à ne pas diffuser" in team


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_same_screen_same_bytes(theme: str) -> None:
    """The file depends on what is on screen, the theme and the date, on nothing else."""
    made = [standalone_map(taken(), theme) for _ in range(2)]  # type: ignore[arg-type]
    assert made[0] == made[1]
