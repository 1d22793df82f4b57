"""How each column of the two tables is named, explained and edited."""

from streamlit import column_config as cc
from streamlit.elements.lib.column_types import ColumnConfig

from data.figures import Figures
from pages.rounds_parts import tables
from pages.rounds_parts.hypotheses import hint


def stop_columns(figures: Figures) -> dict[str, ColumnConfig]:
    """Return the configuration of the stops' table."""
    return {
        tables.INCLUDED: cc.CheckboxColumn(
            pinned=True, width=75, help="Décochez pour laisser ce point hors du calcul."
        ),
        tables.NUMBER: cc.NumberColumn(
            width=40, format="%d", help="Le numéro de ligne cité par les messages."
        ),
        tables.POINT: cc.TextColumn(pinned=True, width=250, help="Le point de collecte."),
        tables.COMMUNE: cc.TextColumn(width="small"),
        tables.KG: cc.NumberColumn(
            format="localized", help="Ce qu’il y a à prendre à chaque passage, en kg."
        ),
        tables.CONTAINERS: cc.NumberColumn(
            format="localized",
            help="Place occupée à chaque passage, comptée comme la capacité des véhicules.\n\n"
            + hint(figures, "container_bin", "biowaste_density"),
        ),
        tables.VISITS: cc.NumberColumn(
            format="localized",
            help="Sert à compter ce que l’exutoire reçoit par semaine.\n\n"
            + hint(figures, "bike_collection_visits_per_week"),
        ),
        tables.SERVICE: cc.NumberColumn(format="localized", help=hint(figures, "service_time")),
        tables.WINDOWS: cc.TextColumn(
            help="Quand on peut y passer\u202f: 8:00–11:30, ou 8:00–11:30 ; 14:00–16:00. "
            "Vide\u202f: à toute heure."
        ),
        tables.VALUE: cc.NumberColumn(
            format="localized",
            help="Ce que coûterait de ne pas le desservir, en euros. Vide\u202f: à desservir "
            "si c’est possible.",
        ),
        tables.LON: cc.NumberColumn(format="%.5f", help="Degrés\u202f; vers l’est, positif."),
        tables.LAT: cc.NumberColumn(format="%.5f", help="Degrés\u202f; vers le nord, positif."),
    }


def vehicle_columns(figures: Figures) -> dict[str, ColumnConfig]:
    """Return the configuration of the vehicles' table."""
    return {
        tables.NAME: cc.TextColumn(pinned=True, width=190),
        tables.COUNT: cc.NumberColumn(
            width=95, step=1, format="%d", help="Combien sont disponibles ce jour-là."
        ),
        tables.MODE: cc.SelectboxColumn(
            options=list(tables.MODES), help="Décide des distances\u202f: vélo ou route."
        ),
        tables.CAPACITY_KG: cc.NumberColumn(
            format="localized", help=hint(figures, "bike_payload", "van_payload")
        ),
        tables.CAPACITY_CONTAINERS: cc.NumberColumn(
            format="localized", help=hint(figures, "container_bins_per_trailer")
        ),
        tables.SPEED: cc.NumberColumn(
            format="localized", help=hint(figures, "bike_speed_loaded", "bike_speed", "van_speed")
        ),
        tables.SHIFT_START: cc.TextColumn(help="Heure de départ au plus tôt\u202f: 8:00."),
        tables.SHIFT_END: cc.TextColumn(help="Heure de retour au plus tard\u202f: 12:00."),
        tables.RANGE: cc.NumberColumn(
            format="localized",
            help="Distance permise par service. Vide\u202f: sans limite.\n\n"
            + hint(figures, "bike_range"),
        ),
        tables.COST_SHIFT: cc.NumberColumn(
            format="localized", help="Coût fixe dès que le véhicule sort."
        ),
        tables.COST_HOUR: cc.NumberColumn(
            format="localized", help=hint(figures, "bike_cost_per_hour", "van_cost_per_hour")
        ),
        tables.COST_KM: cc.NumberColumn(
            format="localized", help="Carburant ou électricité, entretien."
        ),
        tables.CO2E: cc.NumberColumn(
            format="localized", help=hint(figures, "bike_co2e_per_km", "van_co2e_per_km")
        ),
        tables.CO2E_MARGIN: cc.NumberColumn(
            format="localized", help="En plus ou en moins, autour des émissions."
        ),
    }
