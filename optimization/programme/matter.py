"""Matter kept in use and emissions of realised synergies, over the days they were at work."""

from collections.abc import Mapping, Sequence

from data.figures import Figures
from data.french import number, tidy
from data.model import Resource, Synergy, Visibility
from data.synergies import DONE
from optimization.gains import gains
from optimization.indicators import Estimate
from optimization.programme.fact import Fact, some
from optimization.programme.period import Span
from optimization.programme.records import Records
from optimization.programme.steps import status_on, working_days

DAYS_A_YEAR = 365.25
_KG = 1000.0
_NO_MASS = ("synergie sans tonnage connu n’y est pas", "synergies sans tonnage connu n’y sont pas")

Range = tuple[float, float, float]
"""Value, lower end, upper end."""


def matter_facts(
    records: Records,
    span: Span,
    past: Span | None,
    figures: Figures | None,
    resources: Mapping[str, Resource],
) -> tuple[Fact, ...]:
    """Count the matter kept in use and the emissions over a period.

    Args:
        records: what the report is made from; confidential synergies are left aside.
        span: the period; its last day decides the yearly rate.
        past: the part of it that is over, ``None`` when none is.
        figures: for emissions, left out without it.
        resources: the nomenclature by id.
    """
    open_ones = [one for one in records.synergies if one.visibility is not Visibility.CONFIDENTIAL]
    at_work = [one for one in open_ones if status_on(one, span.end) in DONE]
    worked = [(one, days) for one in open_ones if past and (days := working_days(one, past))]
    facts = [
        _summed(
            "rate", "Tonnes gardées, rythme annuel", "t/an",
            [(one, mass_of(one)) for one in at_work],
            "Somme des tonnages annuels des synergies réalisées ou pérennes au dernier jour",
            _NO_MASS,
        ),
        _summed(
            "tonnes", "Tonnes gardées pendant la période", "t",
            [(one, _times(mass_of(one), days / DAYS_A_YEAR)) for one, days in worked],
            "Tonnage annuel de chaque synergie réalisée, au prorata des jours de la période où "
            f"elle l’était (année de {number(DAYS_A_YEAR)} jours)",
            _NO_MASS,
        ),
    ]  # fmt: skip
    if figures is None:
        return tuple(facts)
    gained = [
        (one, gains(one, figures, resources.get(one.resource_id or "")), days)
        for one, days in worked
    ]
    for key, line, label, how in (
        (
            "co2e", "baseline", "CO₂e évité pendant la période",
            (
                "Émissions du traitement d’avant qui n’ont plus lieu (formule et hypothèses sur "
                "la fiche de chaque synergie), au prorata des jours où elle était réalisée"
            ),
        ),
        (
            "transport", "transport", "CO₂e du transport des synergies",
            (
                "Émissions du transport entre les parties, au prorata des mêmes jours ; jamais "
                "retranchées du CO₂e évité"
            ),
        ),
    ):  # fmt: skip
        facts.append(
            _summed(
                key, label, "t CO₂e",
                [
                    (one, _times(_range(gain.emission(line).kg_per_year), days / DAYS_A_YEAR / _KG))
                    for one, gain, days in gained
                ],
                how,
                (
                    "synergie dont on ne peut rien dire n’y est pas",
                    "synergies dont on ne peut rien dire n’y sont pas",
                ),
            )
        )  # fmt: skip
    return tuple(facts)


def mass_of(synergy: Synergy) -> Range | None:
    """Return its yearly tonnage with its range; ``None`` when unknown."""
    mass = synergy.mass_t_per_year
    if mass is None:
        return None
    margin = synergy.mass_uncertainty or 0.0
    return mass, mass * max(0.0, 1 - margin), mass * (1 + margin)


def _range(estimate: Estimate | None) -> Range | None:
    return (estimate.value, estimate.low, estimate.high) if estimate else None


def _times(amount: Range | None, factor: float) -> Range | None:
    if amount is None:
        return None
    value, low, high = amount
    return value * factor, low * factor, high * factor


def _summed(  # noqa: PLR0917 - each call reads like a row of a table
    key: str,
    label: str,
    unit: str,
    amounts: Sequence[tuple[Synergy, Range | None]],
    how: str,
    silent: tuple[str, str],
) -> Fact:
    """Add ranges up, worst with worst; what is unknown is told, and unknown alone is unknown."""
    known = [(one, amount) for one, amount in amounts if amount is not None]
    missing = len(amounts) - len(known)
    value, low, high = (sum(amount[i] for _, amount in known) for i in range(3))
    bounds = " ; les bornes additionnent celles de chacune" if known else ""
    apart = f" ; {some(missing, *silent)}" if missing else ""
    return Fact(
        key=key,
        label=label,
        value=None if missing and not known else value,
        low=low if known else None,
        high=high if known else None,
        unit=unit,
        how=tidy(f"{how}{bounds}{apart}."),
        kind=Synergy,
        ids=tuple(one.id for one, _ in known),
    )
