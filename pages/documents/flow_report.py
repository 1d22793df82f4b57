"""A dated A4 page « Flux de … », for a council: figures, map, largest flows, and their limits."""

from typing import Any, Final

import numpy as np
import pandas as pd

from data import french
from data.french import NNBSP, number, percent, with_margin
from data.model import Reliability
from geo.flows import Measure, Perimeter, balance, explain
from pages.documents.flow_drawing import map_picture
from pages.documents.flow_taken import Taken
from pages.documents.typesetting import printable, typeset
from pages.flows_parts import balance_part, controls, table
from pages.flows_parts.brief import totals
from pages.ui import wording
from pages.ui.palette import LIGHT, SCOPE

_LARGEST: Final = 8
_LONGEST_CELL: Final = 62
_FACTS: Final = (
    ("inputs", "Entrées", "tout ce qui est reçu", "entering"),
    ("outputs", "Sorties", "tout ce qui est fourni", "leaving"),
    ("inside", "Reste sur place", "fourni et reçu ici", "inside"),
    ("leaving", "Part ailleurs", "vers un lieu connu", "leaving"),
)


def flow_report(taken: Taken) -> bytes:
    """Return the PDF (A4, one page unless texts are very long).

    Args:
        taken: what is on screen, and the date to print; same arguments, same bytes.
    """
    content = {
        "title": printable(taken.title),
        "date": taken.date,
        "viewer": controls.VIEWERS[taken.view.viewer].lower(),
        "total": printable(taken.total),
        "filters": [[label, _long(words)] for label, words in taken.filters],
        "warning": taken.warning,
        "demo": taken.view.snapshot.has_demo,
        "balance": _balance(taken),
        "map": map_picture(taken).decode(),
        "alt": f"Carte : {taken.title}. Le tableau qui suit donne les plus gros flux.",
        "rows": _largest(taken),
        "more": max(0, len(taken.shown.links) - _LARGEST),
        "known": _known(taken),
        "share": _share_of(taken),
        "hidden": [_long(line) for line in taken.hidden],
        "measure": french.tidy(explain(taken.asked.measure, taken.view.snapshot.figures)),
        "mass": taken.asked.measure is Measure.MASS,
        "circularity": french.tidy(balance_part.CIRCULARITY_HELP),
        "sources": list(taken.sources),
    }
    return typeset("flow_report", content, taken.day)


def _long(words: str) -> str:
    """Keep a sentence of ours whole, whatever names it holds."""
    return " ".join(printable(piece) for piece in _pieces(words))


def _pieces(words: str) -> list[str]:
    pieces: list[str] = [""]
    for word in words.split(" "):
        if len(pieces[-1]) + len(word) > 120:  # noqa: PLR2004 - well under what `printable` cuts
            pieces.append(word)
        else:
            pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


def _balance(taken: Taken) -> dict[str, Any] | None:
    """Key figures of the perimeter, always in tonnes; ``None`` when nothing can be said."""
    perimeter, place = taken.perimeter
    found = balance(taken.shown.links, perimeter)
    mine = found[found["place"] == place].to_dict("records")
    if not mine:
        return None
    row = mine[0]
    facts = [
        {"label": label, "help": words, "color": SCOPE["light"][scope], **_amount(row, name)}
        for name, label, words, scope in _FACTS
    ]
    rate = row["circularity"]
    low, high = row["circularity_low"], row["circularity_high"]
    bounds = ""
    if np.isfinite(rate) and high - low > 0.005:  # noqa: PLR2004 - half a percent shows as none
        bounds = f"de {percent(low).removesuffix(f'{NNBSP}%')} à {percent(high)}"
    facts.append(
        {
            "label": "Circularité",
            "help": "déchets remis en usage ici",
            "color": LIGHT.primary,
            "value": percent(rate) if np.isfinite(rate) else "–",
            "bounds": bounds if np.isfinite(rate) else "on ne peut rien dire",
        }
    )
    unknown = [
        f"{_amount(row, name)['value']} {way}"
        for name, way in (("unknown_in", "reçues"), ("unknown_out", "fournies"))
        if row[f"{name}_t"]
    ]
    notes = [
        f"Avec un partenaire inconnu : {' et '.join(unknown)}." if unknown else "",
        f"{number(row['unknown_links'])} flux de quantité inconnue ne sont dans aucun total."
        if row["unknown_links"]
        else "",
    ]
    return {
        "of": "du territoire"
        if perimeter is Perimeter.TERRITORY
        else f"– {printable(str(row['name']))}",
        "facts": facts,
        "note": french.tidy(" ".join(note for note in notes if note)),
    }


def _amount(row: dict[Any, Any], name: str) -> dict[str, str]:
    text = with_margin(row[f"{name}_t"], row[f"{name}_low_t"], row[f"{name}_high_t"], "t/an")
    value, _, bounds = text.partition(" (")
    return {"value": value, "bounds": bounds.removesuffix(")")}


def _largest(taken: Taken) -> list[dict[str, str]]:
    shown = taken.shown
    words = table.rows(taken.view, shown)
    measured = shown.measured
    order = np.argsort(-np.nan_to_num(measured.value, nan=-1.0), kind="stable")[:_LARGEST]
    rows = []
    for i in order:
        row = words.iloc[int(i)]
        value = float(measured.value[i])
        amount = (
            with_margin(value, float(measured.low[i]), float(measured.high[i]), measured.unit)
            if np.isfinite(value)
            else "inconnu"
        )
        number_, _, bounds = amount.partition(" (")
        rows.append(
            {
                "resource": _cell(row["Ressource"]),
                "from": _cell(row["De"]),
                "to": _cell(row["Vers"]),
                "amount": number_,
                "bounds": bounds.removesuffix(")"),
                "known": str(row["Fiabilité"]),
                "year": "" if pd.isna(row["Année"]) else str(int(row["Année"])),
            }
        )
    return rows


def _cell(words: object) -> str:
    text = printable(str(words))
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1].rstrip() + "…"


_WHOLES: Final = {
    Measure.MASS: "de la masse",
    Measure.VOLUME: "du volume",
    Measure.TRIPS: "des trajets",
    Measure.COST: "du coût",
    Measure.TONNE_KM: "des tonnes-kilomètres",
    Measure.CO2E: "du CO₂ du transport",
}


def _share_of(taken: Taken) -> str:
    measured = taken.shown.measured
    return _WHOLES[measured.measure] if measured.total()[0] > 0 else "du nombre de flux"


def _known(taken: Taken) -> list[dict[str, Any]]:
    """How amounts are known, as shares of the measure (of the count when nothing is known)."""
    shown = taken.shown
    found = totals(shown.measured, shown.links.frame["reliability"]).to_dict("index")
    whole = sum(row["value"] for row in found.values() if np.isfinite(row["value"]))
    count = sum(int(row["links"]) for row in found.values())
    labels = {level.value: wording.RELIABILITY[level] for level in Reliability}
    rows = []
    for key, label in {**labels, "": "sommes confidentielles"}.items():
        row = found.get(key)
        if row is None:
            continue
        value = float(row["value"]) if np.isfinite(row["value"]) else 0.0
        share = value / whole if whole > 0 else int(row["links"]) / max(count, 1)
        rows.append(
            {
                "label": label,
                "share": round(share, 4),
                "text": percent(share),
                "links": f"{number(int(row['links']))}{NNBSP}flux",
                "style": key or "protected",
            }
        )
    return rows
