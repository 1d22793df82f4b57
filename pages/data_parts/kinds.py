"""The kinds of records one can edit: how their columns are grouped, how their list looks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from data.exchange.actors import ACTORS
from data.exchange.collection import DEPOTS, OUTLETS, STOPS, VEHICLES
from data.exchange.flows import FLOWS
from data.exchange.records import Format
from data.french import NNBSP, clock, number, quantity, quote, with_margin
from data.model import Actor, Depot, Flow, Origin, Outlet, Stop, Vehicle
from data.text import fold
from data.units import annual_mass
from pages.ui import wording
from pages.ui.session import Snapshot

ORIGIN: Final = {
    Origin.FIELD: "Programme",
    Origin.DEMO_REAL: "Démonstration (réel)",
    Origin.DEMO_FICTIONAL: "Démonstration (exemple)",
}
NO_RESULT: Final = "–"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields drawn together; ``position`` stands for commune, place and precision."""

    title: str
    attributes: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A kind of record on this page.

    Attributes:
        slug: start of the widgets' keys.
        why: one sentence that says what these records are for.
        feminine: whether one says « une » rather than « un ».
        row: what the list shows of a record, by heading.
        title: how a record is called in the list of records to open.
        remark: a sentence drawn under the form from what is typed so far (the record, or None
            while something is missing).
    """

    format: Format[Any]
    slug: str
    why: str
    feminine: bool = False
    groups: tuple[Group, ...]
    row: Callable[[Any, Snapshot], dict[str, Any]]
    title: Callable[[Any, Snapshot], str]
    remark: Callable[[Any, Snapshot], str] | None = None

    @property
    def kind(self) -> type[Any]:
        """Class of the records."""
        return self.format.kind

    def none(self, rest: str) -> str:
        """Say that there is none: « Aucune annonce … »."""
        return f"{'Aucune' if self.feminine else 'Aucun'} {self.format.noun} {rest}"

    @property
    def one(self) -> str:
        """One of them: « une annonce »."""
        return f"{'une' if self.feminine else 'un'} {self.format.noun}"

    @property
    def attributes(self) -> frozenset[str]:
        """Fields that the form draws."""
        return frozenset(name for group in self.groups for name in group.attributes)

    def matches(self, record: Any, records: Snapshot, words: list[str]) -> bool:
        """Tell whether every folded word is somewhere in the record's row."""
        if not words:
            return True
        text = fold(" ".join(str(cell) for cell in self.row(record, records).values()))
        return all(word in text for word in words)


def _place(record: Any, records: Snapshot) -> str:
    commune = records.commune.get(record.commune_code)
    return commune.name if commune else record.commune_code


def _named(record: Any, records: Snapshot) -> str:
    return f"{record.name} ({_place(record, records)})"


def _actor_name(records: Snapshot, actor_id: str | None) -> str:
    actor = records.actor.get(actor_id or "")
    return actor.name if actor else ""


def _resource_name(records: Snapshot, resource_id: str) -> str:
    resource = records.resource.get(resource_id)
    return resource.name if resource else resource_id


def _actor_row(actor: Actor, records: Snapshot) -> dict[str, Any]:
    return {
        "Nom": actor.name,
        "Type": wording.ACTOR_KIND[actor.kind],
        "Commune": _place(actor, records),
        "Activité": actor.activity,
        "Compétences": ", ".join(actor.competences),
        "Flux": len(records.flows_of.get(actor.id, ())),
        "Visibilité": wording.VISIBILITY[actor.visibility],
        "Origine": ORIGIN[actor.origin],
    }


def _flow_row(flow: Flow, records: Snapshot) -> dict[str, Any]:
    resource = records.resource.get(flow.resource_id)
    mass = annual_mass(flow, resource, records.figures) if resource else None
    return {
        "Acteur": _actor_name(records, flow.actor_id),
        "Sens": wording.DIRECTION[flow.direction],
        "Ressource": _resource_name(records, flow.resource_id),
        "Libellé": flow.label,
        "Quantité": amount(flow),
        "Tonnes par an": float(f"{mass.t_per_year:.3g}") if mass else None,
        "Année": flow.year,
        "Fiabilité": wording.RELIABILITY[flow.reliability],
        "Visibilité": wording.VISIBILITY[flow.visibility],
        "Origine": ORIGIN[flow.origin],
    }


def amount(flow: Flow) -> str:
    """Write a flow's quantity as declared: « 60 bacs 120 L par semaine »."""
    if flow.quantity is None:
        return "inconnue"
    return f"{quantity(flow.quantity, flow.unit)} par {wording.PERIOD[flow.period]}"


def _flow_title(flow: Flow, records: Snapshot) -> str:
    what = flow.label or _resource_name(records, flow.resource_id)
    sense = wording.DIRECTION[flow.direction].lower()
    return f"{_actor_name(records, flow.actor_id)} – {what} ({sense})"


def _flow_mass(flow: Flow | None, records: Snapshot) -> str:
    if flow is None:
        return ""
    if flow.quantity is None:
        return "Quantité inconnue\u202f: ce flux sera montré «\u00a0inconnu\u00a0», jamais zéro."
    resource = records.resource.get(flow.resource_id)
    mass = annual_mass(flow, resource, records.figures) if resource else None
    if mass is None:
        return (
            f"Cette quantité ne se convertit pas en tonnes\u202f: {quote(flow.unit)} n’a pas "
            "de masse connue pour cette ressource."
        )
    text = with_margin(mass.t_per_year, mass.low, mass.high, "t")
    return f"Soit environ {text} par an."


def _stop_row(stop: Stop, records: Snapshot) -> dict[str, Any]:
    return {
        "Nom": stop.name,
        "Commune": _place(stop, records),
        "Ressource": _resource_name(records, stop.resource_id),
        "Kg par passage": stop.kg_per_visit,
        "Bacs par passage": stop.containers_per_visit,
        "Passages par semaine": stop.visits_per_week,
        "Créneaux": _hours(stop.windows),
        "Acteur": _actor_name(records, stop.actor_id),
        "Origine": ORIGIN[stop.origin],
    }


def _vehicle_row(vehicle: Vehicle, records: Snapshot) -> dict[str, Any]:
    del records
    return {
        "Nom": vehicle.name,
        "Déplacement": wording.TRAVEL_MODE[vehicle.mode],
        "Nombre": vehicle.count,
        "Charge utile (kg)": vehicle.capacity_kg,
        "Bacs": vehicle.capacity_containers,
        "Vitesse (km/h)": vehicle.speed_kmh,
        "Service": f"{clock(vehicle.shift_start_s)} – {clock(vehicle.shift_end_s)}",
        "Origine": ORIGIN[vehicle.origin],
    }


def _depot_row(depot: Depot, records: Snapshot) -> dict[str, Any]:
    return {
        "Nom": depot.name,
        "Commune": _place(depot, records),
        "Adresse": depot.address,
        "Origine": ORIGIN[depot.origin],
    }


def _outlet_row(outlet: Outlet, records: Snapshot) -> dict[str, Any]:
    weekly = outlet.weekly_capacity_kg
    return {
        "Nom": outlet.name,
        "Commune": _place(outlet, records),
        "Ressources acceptées": ", ".join(_resource_name(records, i) for i in outlet.resource_ids),
        "Capacité par semaine": "sans limite" if weekly is None else f"{number(weekly)}{NNBSP}kg",
        "Horaires": _hours(outlet.windows),
        "Origine": ORIGIN[outlet.origin],
    }


def _hours(windows: Any) -> str:
    return ", ".join(f"{clock(w.start_s)} – {clock(w.end_s)}" for w in windows) or "à toute heure"


_POSITION = ("commune_code", "address", "lon", "lat")

ACTOR_SPEC: Final = Spec(
    format=ACTORS,
    slug="actor",
    why="Les entreprises, associations, collectivités, fermes et habitants de la carte.",
    groups=(
        Group(title="Qui", attributes=("name", "kind", "college", "activity", "competences")),
        Group(title="Où", attributes=(*_POSITION, "position_precision")),
        Group(
            title="D’où vient l’information, qui peut la voir", attributes=("source", "visibility")
        ),
        Group(
            title="Pour en savoir plus",
            attributes=("description", "website", "siret", "naf_code", "naf_version", "contact"),
            folded=True,
        ),
    ),
    row=_actor_row,
    title=_named,
)

FLOW_SPEC: Final = Spec(
    format=FLOWS,
    slug="flow",
    why="Ce qui entre chez un acteur et ce qui en sort, avec ce qu’on en sait.",
    groups=(
        Group(title="Quoi", attributes=("actor_id", "direction", "resource_id", "label")),
        Group(
            title="Combien",
            attributes=(
                "quantity",
                "unit",
                "period",
                "periods_per_year",
                "year",
                "uncertainty",
                "reliability",
                "reliability_note",
            ),
        ),
        Group(
            title="D’où vient l’information, qui peut la voir", attributes=("source", "visibility")
        ),
        Group(
            title="L’autre côté",
            attributes=("partner_id", "partner_name", "partner_place"),
            folded=True,
        ),
        Group(
            title="Conditions",
            attributes=(
                "packaging",
                "quality",
                "visits_per_week",
                "seasonality",
                "cost_eur_per_year",
                "waste_code",
                "treatment_code",
            ),
            folded=True,
        ),
    ),
    row=_flow_row,
    title=_flow_title,
    remark=_flow_mass,
)

COLLECTION_SPECS: Final = (
    Spec(
        format=STOPS,
        slug="stop",
        why="Les lieux où une tournée passe chercher quelque chose.",
        groups=(
            Group(title="Quoi", attributes=("name", "actor_id", "resource_id")),
            Group(title="Où", attributes=_POSITION),
            Group(
                title="Combien, et quand",
                attributes=(
                    "kg_per_visit",
                    "containers_per_visit",
                    "visits_per_week",
                    "service_s",
                    "windows",
                    "longest_storage_days",
                    "skip_value_eur",
                ),
            ),
        ),
        row=_stop_row,
        title=_named,
    ),
    Spec(
        format=VEHICLES,
        slug="vehicle",
        why="Ce qui roule\u202f: charge, vitesse, horaires, coûts.",
        groups=(
            Group(title="Le véhicule", attributes=("name", "mode", "count")),
            Group(
                title="Ce qu’il peut",
                attributes=(
                    "capacity_kg",
                    "capacity_containers",
                    "speed_kmh",
                    "range_m",
                    "shift_start_s",
                    "shift_end_s",
                ),
            ),
            Group(
                title="Ce qu’il coûte et ce qu’il émet",
                attributes=(
                    "cost_eur_per_shift",
                    "cost_eur_per_hour",
                    "cost_eur_per_km",
                    "co2e_kg_per_km",
                    "co2e_uncertainty",
                ),
            ),
        ),
        row=_vehicle_row,
        title=lambda vehicle, _: str(vehicle.name),
    ),
    Spec(
        format=DEPOTS,
        slug="depot",
        why="Là où les véhicules commencent et finissent leur service.",
        groups=(
            Group(title="Le dépôt", attributes=("name",)),
            Group(title="Où", attributes=_POSITION),
        ),
        row=_depot_row,
        title=_named,
    ),
    Spec(
        format=OUTLETS,
        slug="outlet",
        why="Là où l’on vide\u202f: composteur, plateforme, méthaniseur.",
        groups=(
            Group(title="L’exutoire", attributes=("name", "actor_id", "resource_ids")),
            Group(title="Où", attributes=_POSITION),
            Group(
                title="Ce qu’il accepte, et quand",
                attributes=("weekly_capacity_kg", "windows", "unload_s", "treatment"),
            ),
        ),
        row=_outlet_row,
        title=_named,
    ),
)
