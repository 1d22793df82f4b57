"""What a synergy brings: tonnes kept in use, euros for each party, kg CO₂e.

Emissions are told on separate lines and never subtracted from one another:

* ``baseline``: what the treatment the matter went to before would emit, ``m × f`` with ``m`` in
  tonnes a year and ``f`` the figure ``baseline_key`` (kg CO₂e/t). The table's treatment factors
  were published for putrescible waste: they are applied to biowaste and food only. These are
  emissions that no longer happen there.
* ``transport``: what carrying the matter between the parties emits, ``m × d × e`` with ``d`` the
  distance (km) and ``e`` the figure ``van_co2e_per_t_km``. These are emissions that happen.

What the taker's own treatment emits, and what making a new product would have emitted, are not
counted: no sourced factor is at hand. Saying so is part of the result.

Every quantity is a range. Extremes are combined with extremes, as in ``indicators``, which
overstates the width. The mass carries the synergy's own uncertainty (nothing is added when it
does not state one), the distance the margin of its source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from data import french
from data.figures import Figure, Figures
from data.french import NNBSP
from data.model import Reliability, Resource, Stream, Synergy, SynergyKind
from data.synergies.chain import DONE
from optimization.indicators import NOTHING, Estimate

PUTRESCIBLE: Final = frozenset({Stream.BIOWASTE, Stream.FOOD})
"""Streams the published treatment factors hold for."""

TREATMENTS: Final = "treatment"
"""Category of the figures a ``baseline_key`` may name."""

TRANSPORT_KEY: Final = "van_co2e_per_t_km"
DISTANCE_MARGIN_KEY: Final = "road_factor_leg_error_p90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """One line of emissions.

    Attributes:
        key: ``baseline`` or ``transport``.
        label: French, for the screen.
        kg_per_year: kg CO₂e a year; ``None`` when it cannot be told, ``why`` says the reason.
        formula: the reckoning with its numbers, in French; empty when it cannot be told.
        figures: keys of the figures used.
        avoided: True for emissions that no longer happen.
    """

    key: str
    label: str
    kg_per_year: Estimate | None
    formula: str = ""
    why: str = ""
    figures: tuple[str, ...] = ()
    avoided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyGain:
    """Euros a year for one party; ``None`` when nobody said (never zero)."""

    actor_id: str
    eur_per_year: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """What a synergy brings in a year.

    Attributes:
        realised: False while it is only a potential.
        tonnes: matter kept in use; ``None`` when unknown.
        reliability: how the tonnage is known.
        parties: in the order of the synergy's.
        eur_per_year: sum over the parties that said; ``None`` when none did.
        unknown_parties: how many did not say.
        emissions: see the module.
        hypotheses: keys of the figures used that no official source gives.
    """

    synergy_id: str
    realised: bool
    tonnes: Estimate | None
    reliability: Reliability
    parties: tuple[PartyGain, ...]
    eur_per_year: float | None
    unknown_parties: int
    emissions: tuple[Emission, ...]
    hypotheses: tuple[str, ...]

    def emission(self, key: str) -> Emission:
        """Give the line ``baseline`` or ``transport``."""
        return next(line for line in self.emissions if line.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Gains of several synergies together; what is unknown is counted, not guessed.

    Attributes:
        count: synergies.
        tonnes: sum of those that are known.
        tonnes_by: the same by how they are known.
        unknown_tonnes: synergies without a tonnage.
        avoided_kg: kg CO₂e a year no longer emitted by the former treatments.
        transport_kg: kg CO₂e a year emitted to carry the matter; never subtracted.
        unknown_avoided: synergies whose former treatment cannot be told.
        unknown_transport: synergies whose transport cannot be told.
        eur_per_year: sum over the parties that said; ``None`` when none did.
        unknown_parties: parties that did not say.
    """

    count: int
    tonnes: Estimate
    tonnes_by: tuple[tuple[Reliability, Estimate], ...]
    unknown_tonnes: int
    avoided_kg: Estimate
    transport_kg: Estimate
    unknown_avoided: int
    unknown_transport: int
    eur_per_year: float | None
    unknown_parties: int


def gains(synergy: Synergy, figures: Figures, resource: Resource | None) -> Gains:
    """Reckon what a synergy brings.

    Args:
        synergy: at any status; ``realised`` tells whether it is only a potential.
        figures: with users' values.
        resource: the synergy's own; ``None`` when it has none.
    """
    tonnes = _tonnes(synergy)
    lines = (
        _baseline(synergy, tonnes, figures, resource),
        _transport(synergy, tonnes, figures),
    )
    parties = tuple(
        PartyGain(
            actor_id=party.actor_id, eur_per_year=party.gain_eur_per_year, note=party.gain_note
        )
        for party in synergy.parties
    )
    said = [each.eur_per_year for each in parties if each.eur_per_year is not None]
    used = dict.fromkeys(key for line in lines for key in line.figures)
    return Gains(
        synergy_id=synergy.id,
        realised=synergy.status in DONE,
        tonnes=tonnes,
        reliability=synergy.reliability,
        parties=parties,
        eur_per_year=sum(said) if said else None,
        unknown_parties=len(parties) - len(said),
        emissions=lines,
        hypotheses=tuple(key for key in used if figures[key].is_hypothesis),
    )


def total(found: Iterable[Gains]) -> Sum:
    """Add gains up; ranges add end to end."""
    each = tuple(found)
    by: dict[Reliability, Estimate] = dict.fromkeys(Reliability, NOTHING)
    for one in each:
        if one.tonnes is not None:
            by[one.reliability] += one.tonnes
    avoided = [one.emission("baseline").kg_per_year for one in each]
    carried = [one.emission("transport").kg_per_year for one in each]
    euros = [one.eur_per_year for one in each if one.eur_per_year is not None]
    return Sum(
        count=len(each),
        tonnes=_sum(by.values()),
        tonnes_by=tuple(by.items()),
        unknown_tonnes=sum(one.tonnes is None for one in each),
        avoided_kg=_sum(avoided),
        transport_kg=_sum(carried),
        unknown_avoided=sum(kg is None for kg in avoided),
        unknown_transport=sum(kg is None for kg in carried),
        eur_per_year=sum(euros) if euros else None,
        unknown_parties=sum(one.unknown_parties for one in each),
    )


def _sum(estimates: Iterable[Estimate | None]) -> Estimate:
    found = NOTHING
    for each in estimates:
        if each is not None:
            found += each
    return found


def _tonnes(synergy: Synergy) -> Estimate | None:
    mass = synergy.mass_t_per_year
    if mass is None:
        return None
    margin = synergy.mass_uncertainty or 0.0
    return Estimate(value=mass, low=mass * max(0.0, 1 - margin), high=mass * (1 + margin))


def _baseline(
    synergy: Synergy, tonnes: Estimate | None, figures: Figures, resource: Resource | None
) -> Emission:
    label = "Traitement évité"
    figure = figures.get(synergy.baseline_key)
    why = ""
    if tonnes is None:
        why = "Le tonnage est inconnu."
    elif not synergy.baseline_key:
        why = f"On ne sait pas ce que devenait la matière avant{NNBSP}: indiquez son traitement."
    elif figure is None or figure.category != TREATMENTS:
        why = "Le traitement indiqué n’est pas dans la table des hypothèses."
    elif resource is None or resource.stream not in PUTRESCIBLE:
        why = (
            "Les facteurs publiés valent pour les déchets putrescibles, pas pour cette matière"
            f"{NNBSP}: rien n’est compté."
        )
    if why or figure is None or tonnes is None:
        return Emission(key="baseline", label=label, kg_per_year=None, why=why, avoided=True)
    kg = tonnes.times(_of(figure))
    return Emission(
        key="baseline",
        label=f"{label} ({figure.label_fr.lower()})",
        kg_per_year=kg,
        formula=f"{_written(tonnes, 't/an')} × {_figure(figure)} = {_written(kg, 'kg CO₂e/an')}",
        figures=(figure.key,),
        avoided=True,
    )


def _transport(synergy: Synergy, tonnes: Estimate | None, figures: Figures) -> Emission:
    label = "Transport entre les parties"
    why = ""
    if synergy.kind is SynergyKind.POOLING:
        why = f"Une mutualisation n’a pas de trajet unique{NNBSP}: la page Tournées le calcule."
    elif tonnes is None:
        why = "Le tonnage est inconnu."
    elif synergy.distance_km is None:
        why = "La distance est inconnue."
    if why or tonnes is None or synergy.distance_km is None:
        return Emission(key="transport", label=label, kg_per_year=None, why=why)
    factor, margin = figures[TRANSPORT_KEY], figures.value(DISTANCE_MARGIN_KEY)
    km = synergy.distance_km
    distance = Estimate(value=km, low=km * max(0.0, 1 - margin), high=km * (1 + margin))
    kg = tonnes.times(distance).times(_of(factor))
    return Emission(
        key="transport",
        label=label,
        kg_per_year=kg,
        formula=(
            f"{_written(tonnes, 't/an')} × {_written(distance, 'km')} × {_figure(factor)} = "
            f"{_written(kg, 'kg CO₂e/an')}"
        ),
        figures=(TRANSPORT_KEY, DISTANCE_MARGIN_KEY),
    )


def _of(figure: Figure) -> Estimate:
    return Estimate(value=figure.value, low=figure.low, high=figure.high)


def _figure(figure: Figure) -> str:
    # As published: rounding a factor would make the reckoning wrong when done again by hand.
    written = french.quantity(figure.value, figure.unit.replace("kgCO2e", "kg CO₂e"))
    if figure.low == figure.high:
        return written
    return f"{written} (de {french.number(figure.low)} à {french.number(figure.high)})"


def _written(estimate: Estimate, unit: str) -> str:
    return french.with_margin(estimate.value, estimate.low, estimate.high, unit)
