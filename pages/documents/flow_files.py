"""The flows on screen as tables (CSV, XLSX) and as lines for QGIS (GeoJSON, GeoPackage)."""

import json
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely

from data.exchange.tables import Cell, Row, Sheet, csv_bytes, xlsx_bytes
from data.french import NNBSP
from geo.exports import ATTRIBUTION
from geo.flows import Measure, explain, flows_lines_frame
from pages.documents.flow_taken import Taken
from pages.documents.svg import clean
from pages.flows_parts import table
from pages.flows_parts.details import GAPS
from pages.ui import wording

LAYER: Final = "flux"
_DEGREE_DIGITS: Final = 6
"""A tenth of a metre."""
_ENDS: Final = (("De", "origin"), ("Vers", "destination"))
_MASSES: Final = {
    "Masse (t/an)": "mass_t",
    "Masse, au moins (t/an)": "mass_low_t",
    "Masse, au plus (t/an)": "mass_high_t",
}
_SUM: Final = "somme de flux confidentiels"
_LAST: Final = "Source et réserves"


def flows_csv(taken: Taken) -> bytes:
    """Return the flows as a CSV file for a French spreadsheet, one row a flow."""
    columns, rows = _rows(taken)
    note = note_of(taken)
    return csv_bytes([{**row, _LAST: note} for row in rows], [*columns, _LAST])


def flows_xlsx(taken: Taken) -> bytes:
    """Return the flows as a workbook: the table, and a sheet that says what it is."""
    columns, rows = _rows(taken)
    about: list[Row] = [{"Quoi": label, "Dit": words} for label, words in about_rows(taken)]
    return xlsx_bytes(
        [Sheet("Flux", columns, rows), Sheet("À lire", ("Quoi", "Dit"), tuple(about))]
    )


def flows_geojson(taken: Taken) -> bytes:
    """Return the flows as lines, RFC 7946; a flow that is drawn nowhere has a null geometry."""
    frame = _lines(taken)
    collection = {
        "type": "FeatureCollection",
        "name": LAYER,
        **{_plain(label): words for label, words in about_rows(taken)},
        "features": [
            {
                "type": "Feature",
                "id": row["lien"],
                "geometry": None if line is None else shapely.geometry.mapping(line),
                "properties": row,
            }
            for row, line in zip(_records(frame), frame.geometry, strict=True)
        ],
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def flows_geopackage(taken: Taken) -> bytes:
    """Return the flows as a GeoPackage of lines (layer ``flux``, EPSG:4326)."""
    frame = _lines(taken)
    for column in frame.columns.difference(["geometry"]):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = pd.Series(_cells(frame[column]), index=frame.index, dtype=object)
    notes = {_plain(label).upper(): words for label, words in about_rows(taken)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flux.gpkg"
        pyogrio.write_dataframe(
            frame,
            path,
            layer=LAYER,
            driver="GPKG",
            geometry_type="LineString",
            dataset_metadata=notes,
            layer_metadata={"DESCRIPTION": taken.title, **notes},
        )
        _dated(path, f"{taken.day.isoformat()}T00:00:00.000Z")
        return path.read_bytes()


def about_rows(taken: Taken) -> list[tuple[str, str]]:
    """Say what a file is, label and words: title, date, filters, what is masked, sources."""
    rows = [
        ("Titre", taken.title),
        ("Date", taken.date),
        ("Filtres", taken.filter_sentence),
        ("Total", taken.total),
        ("Mesure", explain(taken.asked.measure, taken.view.snapshot.figures)),
        ("Non montré", " ".join(taken.hidden)),
        ("Diffusion", taken.warning),
        ("Sources", " ".join(taken.sources)),
        ("Attribution", ATTRIBUTION),
    ]
    return [(label, words) for label, words in rows if words]


def note_of(taken: Taken) -> str:
    """Say on one line where a table comes from and with what reserves."""
    parts = [f"Cartoflux, {taken.date}", taken.filter_sentence, taken.warning, *taken.sources]
    return " | ".join(part for part in parts if part)


def _rows(taken: Taken) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows of the table, the heaviest first; empty cells for the unknown."""
    shown, view = taken.shown, taken.view
    links = shown.links
    frame = links.frame
    words = table.rows(view, shown)
    data: dict[str, Any] = {name: words[name] for name in ("Ressource", "Filière", "Famille")}
    communes = {c.code: c.name for c in view.territory.communes}
    for label, end in _ENDS:
        data[label] = words[label]
        data[f"{label}{NNBSP}: commune"] = [communes.get(c, "") for c in frame[f"{end}_commune"]]
        data[f"{label}{NNBSP}: EPCI"] = [
            view.names.get(f"epci:{code}", "") for code in frame[f"{end}_epci"]
        ]
    for label, column in _MASSES.items():
        data[label] = frame[column]
    measured = shown.measured
    if measured.measure is not Measure.MASS:
        name = _MEASURES[measured.measure]
        data[f"{name} ({measured.unit})"] = _rounded(measured.value)
        data[f"{name}, au moins ({measured.unit})"] = _rounded(measured.low)
        data[f"{name}, au plus ({measured.unit})"] = _rounded(measured.high)
    for label in ("Sens", "Fiabilité", "Année", "Partenaire (mots de l’acteur)", "Remarque"):
        data[label] = words[label]
    visibility = {key.value: text for key, text in wording.VISIBILITY.items()}
    data["Visibilité"] = [
        _SUM if protected else visibility[value]
        for value, protected in zip(frame["visibility"], frame["protected"], strict=True)
    ]
    data["Code de traitement"] = frame["treatment_code"]
    table_frame = pd.DataFrame(data, index=frame.index)
    order = np.argsort(-np.nan_to_num(measured.value, nan=-1.0), kind="stable")
    columns = tuple(table_frame.columns)
    lists = [_cells(table_frame[column].iloc[order]) for column in columns]
    rows: list[Row] = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    return columns, tuple(rows)


_MEASURES: Final = {
    Measure.VOLUME: "Volume",
    Measure.TRIPS: "Trajets",
    Measure.COST: "Coût",
    Measure.TONNE_KM: "Tonnes-kilomètres",
    Measure.CO2E: "CO₂ du transport",
}


def _rounded(values: npt.NDArray[np.float64]) -> list[float]:
    """Six significant digits: computed values have no more to say."""
    return [float(f"{value:.6g}") for value in values]


def _cells(column: "pd.Series[Any]") -> list[Cell]:
    """Plain values, no control characters; ``None`` for what is not known."""
    return [
        None if missing else clean(value) if isinstance(value, str) else value
        for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]


def _lines(taken: Taken) -> Any:
    """Return the lines, with the measure on screen when it is not the mass."""
    shown = taken.shown
    frame = flows_lines_frame(shown.links, taken.view.territory)
    measured = shown.measured
    if measured.measure is not Measure.MASS:
        stem, unit = _STEMS[measured.measure]
        for position, (ending, values) in enumerate(
            (("", measured.value), ("_min", measured.low), ("_max", measured.high))
        ):
            frame.insert(position, f"{stem}{ending}_{unit}", _rounded(values))
    for column, words in _WORDS.items():
        frame[column] = [words.get(str(code), "") for code in frame[column]]
    frame.loc[frame["agregat_confidentiel"].to_numpy(dtype=bool), "visibilite"] = _SUM
    frame["geometry"] = shapely.transform(
        frame.geometry.to_numpy(), lambda xy: np.round(xy, _DEGREE_DIGITS)
    )
    frame["source"] = note_of(taken)
    return frame


_STEMS: Final = {
    Measure.VOLUME: ("volume", "m3_an"),
    Measure.TRIPS: ("trajets", "an"),
    Measure.COST: ("cout", "eur_an"),
    Measure.TONNE_KM: ("transport", "t_km_an"),
    Measure.CO2E: ("co2e_transport", "kg_an"),
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "filiere": {key.value: text for key, text in wording.STREAM.items()},
    "famille": {key.value: text for key, text in wording.RESOURCE_FAMILY.items()},
    "sens": wording.FLOW_SCOPE,
    "fiabilite": {key.value: text for key, text in wording.RELIABILITY.items()},
    "visibilite": {key.value: text for key, text in wording.VISIBILITY.items()},
    "declare_par": {
        "origin": "expéditeur",
        "destination": "destinataire",
        "both": "les deux",
    },
    "masse_inconnue_car": GAPS,
}
"""French words instead of our codes, column by column."""


def _records(frame: Any) -> list[dict[str, Any]]:
    columns = [column for column in frame.columns if column != "geometry"]
    lists = [_cells(frame[column]) for column in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def _plain(label: str) -> str:
    return {"Non montré": "non_montre"}.get(label, label.lower())


def _dated(path: Path, when: str) -> None:
    """Write the date of the document instead of the clock's, so that the same data is the same."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_contents SET last_change = ?", (when,))
        base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (when,))
