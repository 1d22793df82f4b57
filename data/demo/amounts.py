"""How the quantities of invented flows are computed, each with a note that states its ratio.

A rule takes the random source, the figures and the resource; it gives an :class:`Amount`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from data.figures import Figures
from data.french import number, quantity, tidy
from data.model import Period, Reliability, Resource
from data.units import find_unit

PERIOD_NAMES: Final = {
    Period.DAY: "jour",
    Period.WEEK: "semaine",
    Period.MONTH: "mois",
    Period.QUARTER: "trimestre",
    Period.YEAR: "an",
}
SCHOOL_WEEKS: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity with everything that says how it is known."""

    quantity: float | None
    unit: str
    period: Period = Period.YEAR
    periods_per_year: float | None = None
    uncertainty: float | None = None
    reliability: Reliability
    note: str


Rule = Callable[[Random, Figures, Resource], Amount]


def meals(figure: str, per_day: tuple[int, int], days: tuple[int, int], weeks: int) -> Rule:
    """Weekly kitchen waste of a restaurant: meals a day × days a week × ratio."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        ratio = figures[figure]
        count, open_days = random.randrange(*per_day, 5), random.randint(*days)
        return _estimate(
            count * open_days * ratio.value,
            f"Ratio : {number(ratio.value * 1000)} g par repas ({ratio.source}). "
            f"Hypothèse : {count} repas par jour, {open_days} jours par semaine, "
            f"{weeks} semaines par an.",
            period=Period.WEEK,
            periods_per_year=weeks,
            uncertainty=0.4,
        )

    return rule


def beds(low: int, high: int) -> Rule:
    """Weekly kitchen waste of a care home: residents × 7 days × ratio."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        ratio = figures["biowaste_care_home_per_resident_day"]
        residents = random.randrange(low, high, 5)
        return _estimate(
            residents * 7 * ratio.value,
            f"Ratio : {number(ratio.value)} kg par résident et par jour ({ratio.source}). "
            f"Hypothèse : {residents} résidents.",
            period=Period.WEEK,
            uncertainty=0.4,
        )

    return rule


def school() -> Rule:
    """Weekly kitchen waste of a school, during school weeks only."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        ratio = figures["biowaste_school_per_week"]
        size = random.choice((0.5, 0.75, 1.0))
        return _estimate(
            ratio.value * size,
            f"Ratio : {number(ratio.value)} kg par école et par semaine ({ratio.source}). "
            f"Hypothèse : {number(size * 100)} % de la taille de ce cas, "
            f"{SCHOOL_WEEKS} semaines d’école par an.",
            period=Period.WEEK,
            periods_per_year=SCHOOL_WEEKS,
            uncertainty=0.5,
        )

    return rule


def households(low: int, high: int) -> Rule:
    """Yearly putrescible waste of the residents who bring it to a shared composter."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        ratio = figures["biowaste_household_per_inhabitant_year"]
        people = random.randrange(low, high, 5)
        return _estimate(
            people * ratio.value,
            f"Ratio : {number(ratio.value)} kg par habitant et par an ({ratio.source}). "
            f"Hypothèse : {people} habitants participent et apportent tout.",
            uncertainty=0.4,
        )

    return rule


def pieces(unit: str, low: int, high: int, period: Period, step: int = 1) -> Rule:
    """Containers or pieces counted; their mass follows from the nomenclature's own ratio."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        count = random.randrange(low, high + 1, step)
        kind = find_unit(unit)
        if kind is None:
            raise ValueError(f"Unknown unit {unit!r}")
        if resource.unit_mass_kg and kind.factor == 1:
            ratio = f"{quantity(resource.unit_mass_kg, 'kg')} par {unit}"
        elif resource.density_kg_per_l:
            ratio = f"densité {quantity(resource.density_kg_per_l, 'kg/L')}, contenants pleins"
        else:
            raise ValueError(f"No mass for {resource.id} in {unit!r}")
        return Amount(
            quantity=count,
            unit=unit,
            period=period,
            uncertainty=0.3,
            reliability=Reliability.ESTIMATED,
            note=tidy(
                f"Ratio : {ratio} (nomenclature). Hypothèse : {number(count)} × {unit} "
                f"par {PERIOD_NAMES[period]}."
            ),
        )

    return rule


def declared(unit: str, low: int, high: int, step: int, period: Period = Period.YEAR) -> Rule:
    """Invent what a company would declare; the note says that it is invented."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        return Amount(
            quantity=random.randrange(low, high + 1, step),
            unit=unit,
            period=period,
            uncertainty=0.2,
            reliability=Reliability.DECLARED,
            note=tidy("Exemple fictif : quantité inventée, personne ne l’a déclarée."),
        )

    return rule


def unknown(unit: str) -> Rule:
    """Leave the quantity unknown, as on a first visit."""

    def rule(random: Random, figures: Figures, resource: Resource) -> Amount:  # noqa: ARG001
        return Amount(
            quantity=None,
            unit=unit,
            reliability=Reliability.DECLARED,
            note="Quantité inconnue, à relever lors d’une visite (exemple fictif).",
        )

    return rule


def _estimate(
    kilograms: float,
    note: str,
    *,
    period: Period = Period.YEAR,
    periods_per_year: float | None = None,
    uncertainty: float,
) -> Amount:
    return Amount(
        quantity=round(kilograms, 1),
        unit="kg",
        period=period,
        periods_per_year=periods_per_year,
        uncertainty=uncertainty,
        reliability=Reliability.ESTIMATED,
        note=tidy(note),
    )
