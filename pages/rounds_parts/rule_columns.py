"""How each column of the finer rules is named, explained and edited."""

from collections.abc import Mapping

from streamlit import column_config as cc
from streamlit.elements.lib.column_types import ColumnConfig

from pages.rounds_parts import outlet_table, rules
from pages.rounds_parts.cells import NUMBER

_ADMITTED = "Les seuls véhicules qui peuvent y venir. Vide\u202f: tous."


def stop_rules(
    vehicles: Mapping[str, str], resources: Mapping[str, str]
) -> dict[str, ColumnConfig]:
    """Return the configuration of the finer rules of stops.

    Args:
        vehicles: names by id.
        resources: names by id of what is collected; shown only when there are several.
    """
    columns: dict[str, ColumnConfig] = {}
    if len(resources) > 1:
        columns[rules.RESOURCE] = cc.SelectboxColumn(
            options=list(resources),
            format_func=lambda id_: resources.get(str(id_), str(id_)),
            disabled=True,
            help="Ce qui est collecté à ce point.",
        )
    return columns | {
        rules.PER_CONTAINER: cc.NumberColumn(
            "Durée par contenant (s)",
            min_value=0,
            format="localized",
            help="S’ajoute à la durée sur place pour chaque contenant, en secondes.",
        ),
        rules.PRIORITY: cc.NumberColumn(
            "Priorité (0 à 9)",
            min_value=0,
            max_value=9,
            step=1,
            help="Quand tout ne peut pas être desservi, un point de priorité 3 pèse autant que "
            "quatre points ordinaires. Sans effet sur un point qui a une valeur.",
        ),
        rules.ACCESS: cc.SelectboxColumn(
            options=list(rules.ACCESSES), help="Rue piétonne, cour étroite, quai de camion…"
        ),
        rules.ADMITTED: cc.MultiselectColumn(
            options=list(vehicles),
            format_func=lambda id_: vehicles.get(id_, id_),
            width="medium",
            help=_ADMITTED,
        ),
    }


def vehicle_rules(depots: Mapping[str, str]) -> dict[str, ColumnConfig]:
    """Return the configuration of the finer rules of vehicles; ``depots`` are names by id."""

    def depot(help_: str) -> ColumnConfig:
        return cc.SelectboxColumn(
            options=list(depots),
            format_func=lambda id_: depots.get(str(id_), str(id_)),
            help=help_,
        )

    return {
        rules.START_DEPOT: depot("D’où il part. Vide\u202f: le dépôt choisi plus haut."),
        rules.END_DEPOT: depot("Où il finit. Vide\u202f: là d’où il part."),
        rules.MAX_STOPS: cc.NumberColumn(
            "Points au plus", min_value=1, step=1, help="Par service. Vide\u202f: sans limite."
        ),
        rules.MAX_TRIPS: cc.NumberColumn(
            "Vidages au plus", min_value=1, step=1, help="Par service. Vide\u202f: sans limite."
        ),
        rules.BREAK: cc.NumberColumn(
            "Pause (min)",
            min_value=0,
            format="localized",
            help="Payée, prise à un lieu de la tournée, hors service. Vide\u202f: pas de pause.",
        ),
        rules.BREAK_SPAN: cc.TextColumn(
            "Pause à prendre entre",
            help="Quand la pause doit commencer\u202f: 11:30–13:00. Une tournée rentrée avant n’en "
            "a pas besoin.",
        ),
        rules.RECHARGE: cc.NumberColumn(
            "Recharge (min)",
            min_value=0,
            format="localized",
            help="Durée d’une recharge complète, à un exutoire qui a une borne\u202f; elle rend "
            "toute l’autonomie.",
        ),
    }


def outlet_rules(vehicles: Mapping[str, str]) -> dict[str, ColumnConfig]:
    """Return the configuration of the table of outlets; ``vehicles`` are names by id."""
    return {
        NUMBER: cc.NumberColumn(
            width=40, format="%d", help="Le numéro de ligne cité par les messages."
        ),
        outlet_table.NAME: cc.TextColumn(pinned=True, width=250),
        outlet_table.HOURS: cc.TextColumn(
            help="Quand on peut y commencer à vider\u202f: 8:00–12:30, ou 8:00–11:30 ; "
            "14:00–16:00. Vide\u202f: à toute heure."
        ),
        outlet_table.CAPACITY: cc.NumberColumn(
            min_value=0,
            format="localized",
            help="Ce qu’il accepte par semaine. Vide\u202f: sans limite.",
        ),
        outlet_table.UNLOAD: cc.NumberColumn(
            "Durée de vidage (min)", min_value=0, format="localized"
        ),
        outlet_table.CHARGING: cc.CheckboxColumn(
            help="Un véhicule peut s’y recharger pendant qu’il vide."
        ),
        outlet_table.ADMITTED: cc.MultiselectColumn(
            options=list(vehicles),
            format_func=lambda id_: vehicles.get(id_, id_),
            width="medium",
            help="Les seuls véhicules qui peuvent y vider. Vide\u202f: tous.",
        ),
    }
