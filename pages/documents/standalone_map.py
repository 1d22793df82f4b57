"""The flow map as one HTML file that opens from a USB stick, with no server and no network.

Everything is inside: Leaflet, our scripts, the territory, the flows on screen, the icons' font. A
content security policy in the file forbids every request and every script but these, told by
their digests: a text that would slip out of its data could still not run.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.french import NNBSP, with_margin
from geo.flows.levels import ends_at
from pages.documents.flow_taken import Taken
from pages.flows_parts import table
from pages.routes.assets import OWN_ASSETS
from pages.routes.background import publish
from pages.ui import escape, icons, maps
from pages.ui.escape import html
from pages.ui.flow_map import SCALES, flow_payload
from pages.ui.palette import Theme, css_variables

_LEAFLET: Final = ("xstatic.pkg.leaflet", "leaflet.js", "leaflet.css")
_ICONS: Final = ("xstatic.pkg.font_awesome", "webfonts/fa-solid-900.woff2")
_OWN_CSS: Final = ("map.css", "flowmap.css")
_BEFORE_MAP: Final = ("view.js", "takeaway.js")
_AFTER: Final = ("map.js", "flowdraw.js", "flowmap.js")
_LOCK: Final = ("fa-lock", "\uf023")
_HEADINGS: Final = ("Ressource", "De", "Vers", "Quantité", "Sens", "Fiabilité", "Année")
_STYLE: Final = """
html, body { height: auto; overflow: auto; background: var(--cf-background); color: var(--cf-text); }
body { font: 15px/1.45 "Source Sans 3", "Source Sans", system-ui, sans-serif; }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 12px 16px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 8px 0 4px; }
h2 { font-size: 1.15rem; margin: 20px 0 6px; }
header p { margin: 2px 0; }
.quiet, footer { color: var(--cf-muted); }
.warning { color: var(--cf-error); font-weight: 700; }
.demo { display: inline-block; background: var(--cf-notice); color: var(--cf-on-notice); border-radius: 4px; padding: 1px 8px; font-weight: 650; }
#map { height: min(72vh, 680px); min-height: 360px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--cf-border); vertical-align: top; }
#clear { font: inherit; min-height: 34px; padding: 0 12px; border-radius: 8px; border: 1px solid var(--cf-primary); background: var(--cf-primary); color: var(--cf-on-primary); cursor: pointer; }
#clear[hidden] { display: none; }
@media (max-width: 639px) { header, main, footer { padding: 8px; } #map { height: 62vh; } }
"""  # noqa: E501 - one rule a line


def standalone_map(taken: Taken, theme: Theme = "light") -> bytes:
    """Return the map as one HTML file (about 0.9 MB, and 0.3 kB a flow).

    Args:
        taken: what is on screen, and the date to print; same arguments, same bytes.
        theme: light or dark colours.
    """
    scripts = [
        _vendor(*_LEAFLET[:2]),
        publish(taken.view.territory).script,
        *(_own(name) for name in _BEFORE_MAP),
        "cartoflux.takeaway.settle();",
        *(_own(name) for name in _AFTER),
        f"cartoflux.takeaway.open({escape.script(_content(taken, theme))});",
    ]
    head = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html(_policy(scripts))}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html(taken.title)}</title><style>{_styles()}</style></head><body>"
    )
    body = _header(taken) + _main() + _footer(taken)
    run = "".join(f"<script>{_closed(script)}</script>" for script in scripts)
    return f"{head}{body}{run}</body></html>\n".encode()


def _policy(scripts: Sequence[str]) -> str:
    """Forbid everything but what is in the file."""
    allowed = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in scripts
    )
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _closed(script: str) -> str:
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("A script would end before its end.")
    return script


@cache
def _vendor(package: str, path: str) -> str:
    return _read(Path(str(files(package))) / "data" / path)


@cache
def _own(name: str) -> str:
    return _read(OWN_ASSETS / name)


def _read(path: Path) -> str:
    # Browsers read CRLF as LF, and digests must agree.
    return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")


@cache
def _styles() -> str:
    """Style sheets of the map, without a single address."""
    leaflet = "\n".join(
        line for line in _vendor(_LEAFLET[0], _LEAFLET[2]).splitlines() if "url(" not in line
    )
    font = (Path(str(files(_ICONS[0]))) / "data" / _ICONS[1]).read_bytes()
    glyphs = {one.css_class.split()[-1]: one.glyph for one in icons.STREAM.values()}
    glyphs[_LOCK[0]] = _LOCK[1]
    rules = "".join(
        f'.{name}::before{{content:"\\{ord(glyph):x}"}}' for name, glyph in glyphs.items()
    )
    symbols = (
        "@font-face{font-family:cf-icons;font-weight:900;src:url(data:font/woff2;base64,"
        f"{base64.b64encode(font).decode()}) format('woff2')}}"
        ".fa-solid{font-family:cf-icons;font-weight:900;font-style:normal;line-height:1}" + rules
    )
    return "\n".join([leaflet, symbols, *(_own(name) for name in _OWN_CSS), _STYLE])


def _header(taken: Taken) -> str:
    warning = f'<p class="warning">{html(taken.warning)}</p>' if taken.warning else ""
    demo = '<span class="demo">Données de démonstration</span>'
    return (
        f"<header><h1>{html(taken.title)}</h1><p><strong>{html(taken.total)}</strong></p>"
        f'<p class="quiet">{html(taken.filter_sentence)} · établi le {html(taken.date)} '
        f"{demo if taken.view.snapshot.has_demo else ''}</p>{warning}</header>"
    )


def _main() -> str:
    headings = "".join(f'<th scope="col">{html(one)}</th>' for one in _HEADINGS)
    return (
        '<main><div><div id="map"></div></div><h2>Les flux, du plus gros au plus petit</h2>'
        '<p><span id="count" role="status"></span> '
        '<button id="clear" type="button" hidden>Revoir tous les flux</button></p>'
        f'<div class="scroll"><table><thead><tr>{headings}</tr></thead>'
        '<tbody id="rows"></tbody></table></div></main>'
    )


def _footer(taken: Taken) -> str:
    lines = [*taken.hidden, *taken.sources]
    items = "".join(f"<p>{html(line)}</p>" for line in lines)
    made = html(f"Fait avec Cartoflux{NNBSP}; cette carte s’ouvre sans internet.")
    return f"<footer>{items}<p>{made}</p></footer>"


def _content(taken: Taken, theme: Theme) -> escape.Json:
    view = taken.view
    background = publish(view.territory)
    south, west, north, east = background.bounds
    payload = flow_payload(
        taken.kept.levels,
        picked=taken.selection.levels if taken.selection else None,
        theme=theme,
        names=view.names,
        positions=view.positions,
    )
    words = payload["words"]
    if isinstance(words, dict):
        payload["words"] = {**words, "click": "Cliquez pour ne lister que ces flux sous la carte"}
    places, rows = _rows(taken)
    return {
        "center": [(south + north) / 2, (west + east) / 2],
        "options": {
            "label": "Carte des flux ; le tableau sous la carte dit la même chose",
            "scale": 1.0,
            "zoomSnap": 0.25,
            "dark": theme == "dark",
            "bounds": list(background.bounds),
            "attribution": html(maps.attribution(view.territory)),
            "tiles": [],
            "words": dict(maps.WORDS),
            "colors": css_variables(theme),
        },
        "payload": payload,
        "places": places,
        "rows": rows,
        "words": {"flows": "flux", "first": "les {} plus gros sont listés"},
    }


def _rows(taken: Taken) -> tuple[list[escape.Json], list[escape.Json]]:
    """Ids of the places met, and the rows of the table with the ranks of their ends."""
    shown = taken.shown
    links, measured = shown.links, shown.measured
    words = table.rows(taken.view, shown)
    ends = np.stack([np.stack(ends_at(links, level)) for level in SCALES])
    met, ranks = np.unique(ends, return_inverse=True)
    ranks = ranks.reshape(ends.shape)
    order = np.argsort(-np.nan_to_num(measured.value, nan=-1.0), kind="stable")
    columns: list[list[Any]] = [words[name].tolist() for name in ("Ressource", "De", "Vers")]
    amounts = [
        with_margin(value, low, high, measured.unit) if np.isfinite(value) else "inconnue"
        for value, low, high in zip(
            measured.value.tolist(), measured.low.tolist(), measured.high.tolist(), strict=True
        )
    ]
    years = [str(int(year)) if np.isfinite(year) else "" for year in _floats(words["Année"])]
    columns += [amounts, words["Sens"].tolist(), words["Fiabilité"].tolist(), years]
    streams = links.frame["stream"].tolist()
    rows: list[escape.Json] = [
        {
            "cells": [str(column[i]) for column in columns],
            "stream": str(streams[i]),
            "o": ranks[:, 0, i].tolist(),
            "d": ranks[:, 1, i].tolist(),
        }
        for i in order.tolist()
    ]
    return [str(links.places.index[i]) for i in met.tolist()], rows


def _floats(column: Any) -> list[float]:
    found: list[float] = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan).tolist()
    return found
