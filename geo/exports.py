"""Actors and flows as files for GIS software: GeoJSON (RFC 7946) and GeoPackage.

Two rules for whatever leaves: no contact (personal data), and nothing confidential, whoever asks.
Properties have short French names without accents, the habit of French open data.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from data.model import Actor, Flow, Visibility
from geo.projection import GEOGRAPHIC_CRS

ATTRIBUTION: Final = (
    "Cartoflux, données du programme. Positions approximatives là où la précision le dit. "
    "Fond de référence : IGN – Admin Express ; INSEE (Licence Ouverte 2.0)."
)
LICENCE: Final = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

_ACTOR_COLUMNS: Final = {
    "id": "id",
    "name": "nom",
    "kind": "type",
    "college": "college",
    "activity": "activite",
    "competences": "competences",
    "commune_code": "code_commune",
    "address": "adresse",
    "position_precision": "precision",
    "naf_code": "code_naf",
    "naf_version": "version_naf",
    "siret": "siret",
    "website": "site_web",
    "description": "description",
    "visibility": "visibilite",
    "source": "source",
    "origin": "origine",
}
_FLOW_COLUMNS: Final = {
    "id": "id",
    "actor_id": "acteur_id",
    "direction": "sens",
    "resource_id": "ressource_id",
    "label": "libelle",
    "quantity": "quantite",
    "unit": "unite",
    "period": "periode",
    "uncertainty": "incertitude",
    "periods_per_year": "periodes_par_an",
    "year": "annee",
    "partner_id": "partenaire_id",
    "partner_name": "partenaire",
    "partner_place": "lieu_partenaire",
    "waste_code": "code_dechet",
    "treatment_code": "code_traitement",
    "reliability": "fiabilite",
    "reliability_note": "note_fiabilite",
    "visibility": "visibilite",
    "source": "source",
    "origin": "origine",
}
_NUMBERS: Final = frozenset({"quantite", "incertitude", "periodes_par_an", "annee"})


def actors_geojson(actors: Iterable[Actor], flows: Iterable[Flow] | None = None) -> bytes:
    """Write actors as a GeoJSON FeatureCollection (RFC 7946: longitude, latitude, WGS 84).

    Args:
        actors: the actors wanted; confidential ones are left out.
        flows: their flows, added to each actor as a list under ``flux``; flows that are
            confidential or of an actor left out are left out too.
    """
    shown, kept = _public(actors, flows or ())
    by_actor: dict[str, list[dict[str, Any]]] = {actor.id: [] for actor in shown}
    for flow in kept:
        by_actor[flow.actor_id].append(_properties(flow, _FLOW_COLUMNS))
    features = []
    for actor in shown:
        properties = _properties(actor, _ACTOR_COLUMNS)
        if flows is not None:
            properties["flux"] = by_actor[actor.id]
        features.append(
            {
                "type": "Feature",
                "id": actor.id,
                "geometry": {"type": "Point", "coordinates": [actor.lon, actor.lat]},
                "properties": properties,
            }
        )
    collection = {
        "type": "FeatureCollection",
        "name": "acteurs",
        "attribution": ATTRIBUTION,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def actors_geopackage(actors: Iterable[Actor], flows: Iterable[Flow] | None = None) -> bytes:
    """Write a GeoPackage: layer ``actors`` (points, EPSG:4326) and table ``flows``.

    The table joins the layer by ``acteur_id``; it is there, empty, even without flows. What is
    left out is as in :func:`actors_geojson`.
    """
    shown, kept = _public(actors, flows or ())
    points = gpd.GeoDataFrame(
        _frame(shown, _ACTOR_COLUMNS),
        geometry=shapely.points([(actor.lon, actor.lat) for actor in shown])
        if shown
        else gpd.GeoSeries([], dtype="geometry"),
        crs=GEOGRAPHIC_CRS,
    )
    notes = {"ATTRIBUTION": ATTRIBUTION, "LICENCE": LICENCE, "LICENCE_URL": LICENCE_URL}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acteurs.gpkg"
        pyogrio.write_dataframe(
            points,
            path,
            layer="actors",
            driver="GPKG",
            geometry_type="Point",
            dataset_metadata=notes,
            layer_metadata={"DESCRIPTION": "Acteurs du territoire", **notes},
        )
        pyogrio.write_dataframe(
            _frame(kept, _FLOW_COLUMNS),
            path,
            layer="flows",
            driver="GPKG",
            append=True,
            layer_metadata={"DESCRIPTION": "Flux des acteurs (acteur_id)", **notes},
        )
        return path.read_bytes()


def _public(
    actors: Iterable[Actor], flows: Iterable[Flow]
) -> tuple[tuple[Actor, ...], tuple[Flow, ...]]:
    shown = tuple(a for a in actors if a.visibility is not Visibility.CONFIDENTIAL)
    known = {actor.id for actor in shown}
    kept = (f for f in flows if f.visibility is not Visibility.CONFIDENTIAL)
    return shown, tuple(flow for flow in kept if flow.actor_id in known)


def _properties(record: Actor | Flow, columns: dict[str, str]) -> dict[str, Any]:
    return {title: _plain(getattr(record, name)) for name, title in columns.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    # Members of an enumeration are texts; a plain one is what every reader expects.
    return str(value) if isinstance(value, str) else value


def _frame(records: Iterable[Actor | Flow], columns: dict[str, str]) -> Any:
    """One column an attribute, typed even when empty; lists joined by « | »."""
    rows = [_properties(record, columns) for record in records]
    data = {}
    for title in columns.values():
        cells = [row[title] for row in rows]
        if title in _NUMBERS:
            data[title] = pd.Series(cells, dtype="Int64" if title == "annee" else "Float64")
        else:
            texts = [" | ".join(cell) if isinstance(cell, list) else cell for cell in cells]
            data[title] = pd.Series(texts, dtype="object")
    return pd.DataFrame(data)
