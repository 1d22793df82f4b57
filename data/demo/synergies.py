"""Synergies outside the workshop: the three published ones, and examples along the chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.demo.flows import SOURCE
from data.demo.kept import STRAIGHT
from data.demo.kinds import SUFFIX
from data.demo.places import metres_between
from data.demo.real import REPORT
from data.french import tidy
from data.model import (
    Actor,
    Origin,
    Party,
    PartyRole,
    Reliability,
    StatusStep,
    Synergy,
    SynergyKind,
    SynergyNote,
    SynergyStatus,
    Visibility,
)

_WHO: Final = "Animatrice de la démarche"
_S = SynergyStatus
_GIVER, _TAKER, _PARTNER = PartyRole.GIVER, PartyRole.TAKER, PartyRole.PARTNER
_STAND_INS: Final = (
    "Synergie réelle, publiée sans le nom des entreprises, sans date précise et sans quantité : "
    "des acteurs inventés tiennent ici leur place, au 31 décembre de l’année publiée."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A synergy as typed here.

    Attributes:
        steps: status and day, oldest first.
        parties: actor, role, euros a year or None, where that comes from.
        notes: UTC time and text.
        shown: to everybody, so that officials see synergies too; its title says it is an example.
    """

    key: str
    title: str
    resource_id: str
    steps: tuple[tuple[SynergyStatus, str], ...]
    parties: tuple[tuple[str, PartyRole, float | None, str], ...]
    description: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, Any]
    shown: bool = False


_REAL: Final = (
    _Known(
        key="reel-synergie-palettes-caisses",
        title="Palettes et caisses en bois entre un maraîcher et un EHPAD",
        resource_id="crate_wood",
        steps=((_S.REALISED, "2022-12-31"),),
        parties=(
            ("residence-du-clos-des-roses", _GIVER, None, ""),
            ("maraichage-des-terres-douces", _TAKER, None, ""),
        ),
        description="Échange de palettes et de caisses en bois.",
        more={},
    ),
    _Known(
        key="reel-synergie-portes-fenetres",
        title="Portes et fenêtres entre un maraîcher et un menuisier",
        resource_id="joinery_reused",
        steps=((_S.REALISED, "2022-12-31"),),
        parties=(
            ("menuiserie-des-volets-bleus", _GIVER, None, ""),
            ("maraichage-des-terres-douces", _TAKER, None, ""),
        ),
        description="Échange de portes et de fenêtres.",
        more={},
    ),
    _Known(
        key="reel-synergie-cuves-inox",
        title="Cuves inox d’une entreprise de peinture pour une consigne de verre",
        resource_id="tank_stainless",
        steps=((_S.REALISED, "2022-12-31"),),
        parties=(
            ("ateliers-de-la-forge-neuve", _GIVER, None, ""),
            ("recyclerie-de-la-deuxieme-vie", _TAKER, None, ""),
        ),
        description="Cuves en inox récupérées par une association de consigne du verre.",
        more={},
    ),
)

_INVENTED: Final = (
    _Known(
        key="dreches",
        shown=True,
        title="Drêches de brasserie pour l’élevage",
        resource_id="spent_grain",
        steps=(
            (_S.IDEA, "2025-03-04"), (_S.TO_EXPLORE, "2025-03-18"), (_S.DISCUSSION, "2025-04-22"),
            (_S.ABOUT_TO_BE_REALISED, "2025-05-20"), (_S.REALISED, "2025-06-16"),
            (_S.LASTING, "2026-06-16"),
        ),
        parties=(
            ("brasserie-du-houblon-sauvage", _GIVER, 900.0, "Enlèvement évité (exemple)"),
            ("ferme-des-blondes-paisibles", _TAKER, 1_400.0, "Aliment non acheté (exemple)"),
        ),
        description="L’éleveur passe deux fois par semaine.",
        notes=(
            ("2025-06-16T08:00:00+00:00", "Premier enlèvement, tout s’est bien passé."),
            ("2026-06-16T09:30:00+00:00", "Un an sans interruption : synergie pérenne."),
        ),
        more={"mass_t_per_year": 18.0, "mass_uncertainty": 0.3, "baseline_key": "landfill"},
    ),
    _Known(
        key="bouteilles",
        shown=True,
        title="Bouteilles vides des restaurants pour la brasserie",
        resource_id="glass_bottle",
        steps=(
            (_S.IDEA, "2025-10-07"), (_S.TO_EXPLORE, "2025-10-21"), (_S.DISCUSSION, "2026-02-03"),
            (_S.ABOUT_TO_BE_REALISED, "2026-04-14"), (_S.REALISED, "2026-09-08"),
        ),
        parties=(
            ("le-comptoir-des-cordeliers", _GIVER, 120.0, "Moins de bacs à sortir (exemple)"),
            ("brasserie-du-houblon-sauvage", _TAKER, 640.0, "Bouteilles non achetées (exemple)"),
        ),
        notes=(("2026-11-02T14:00:00+00:00", "Deux mois de reprise, 900 bouteilles comptées."),),
        more={
            "mass_t_per_year": 2.2, "mass_uncertainty": 0.3,
            "next_step": "Compter les bouteilles sur un trimestre", "next_step_day": "2026-12-08",
        },
    ),
    _Known(
        key="palettes-brasserie",
        shown=True,
        title="Palettes de la conserverie pour la brasserie",
        resource_id="pallet_wood",
        steps=(
            (_S.IDEA, "2026-06-02"), (_S.TO_EXPLORE, "2026-06-16"), (_S.DISCUSSION, "2026-09-22"),
            (_S.ABOUT_TO_BE_REALISED, "2026-11-17"),
        ),
        parties=(
            ("conserverie-de-la-vallee-gourmande", _GIVER, None, ""),
            ("brasserie-du-houblon-sauvage", _TAKER, None, ""),
        ),
        notes=(("2026-11-17T10:00:00+00:00", "Accord de principe, reste le transport."),),
        more={
            "mass_t_per_year": 4.5, "mass_uncertainty": 0.3,
            "next_step": "Faire le premier enlèvement", "next_step_day": "2026-11-26",
        },
    ),
    _Known(
        key="tournee-biodechets",
        shown=True,
        title="Collecte commune des biodéchets du centre de Bergerac",
        resource_id="biowaste_kitchen",
        steps=(
            (_S.IDEA, "2026-09-15"), (_S.TO_EXPLORE, "2026-10-01"), (_S.DISCUSSION, "2026-11-05"),
        ),
        parties=(
            ("restaurant-du-vieux-pont", _PARTNER, None, ""),
            ("bistrot-de-la-halle", _PARTNER, None, ""),
            ("la-cantine-du-port", _PARTNER, None, ""),
            ("le-four-a-noix", _PARTNER, None, ""),
        ),
        description="Une seule tournée à vélo pour quatre cuisines voisines.",
        notes=(("2026-11-05T16:00:00+00:00", "Les quatre cuisines veulent le mardi matin."),),
        more={
            "kind": SynergyKind.POOLING, "baseline_key": "landfill",
            "next_step": "Envoyer le plan de tournée", "next_step_day": "2026-11-20",
        },
    ),
    _Known(
        key="fumier-maraichage",
        title="Fumier composté pour les planches de légumes",
        resource_id="manure",
        steps=((_S.IDEA, "2026-07-07"), (_S.TO_EXPLORE, "2026-07-21"),
               (_S.DISCUSSION, "2026-09-01")),
        parties=(
            ("ferme-des-blondes-paisibles", _GIVER, None, ""),
            ("maraichage-des-terres-douces", _TAKER, None, ""),
        ),
        more={
            "mass_t_per_year": 15.0, "mass_uncertainty": 0.4,
            "next_step": "Faire analyser le fumier", "next_step_day": "2026-10-12",
        },
    ),
    _Known(
        key="cagettes-ferme",
        title="Cagettes de la résidence pour la ferme",
        resource_id="crate_wood",
        steps=((_S.IDEA, "2026-08-18"), (_S.TO_EXPLORE, "2026-09-08")),
        parties=(
            ("residence-les-tourterelles", _GIVER, None, ""),
            ("jardin-des-quatre-vents", _TAKER, None, ""),
        ),
        more={"next_step": "Appeler la cuisine"},
    ),
    _Known(
        key="chaleur-serres",
        title="Chaleur des groupes froids pour chauffer un atelier",
        resource_id="heat_waste",
        steps=((_S.IDEA, "2026-11-12"),),
        parties=(
            ("conserverie-de-la-vallee-gourmande", _GIVER, None, ""),
            ("imprimerie-des-quatre-couleurs", _TAKER, None, ""),
        ),
        more={"next_step": "Demander un relevé de température", "next_step_day": "2026-12-03"},
    ),
    _Known(
        key="chariot-partage",
        title="Chariot élévateur partagé entre deux ateliers",
        resource_id="handling_equipment",
        steps=((_S.IDEA, "2026-04-07"), (_S.TO_EXPLORE, "2026-04-21"),
               (_S.DISCUSSION, "2026-06-09"), (_S.SUSPENDED, "2026-09-29")),
        parties=(
            ("chaudronnerie-des-trois-rivets", _PARTNER, None, ""),
            ("les-ateliers-du-rabot", _PARTNER, None, ""),
        ),
        more={
            "kind": SynergyKind.POOLING,
            "reason": "L’assureur étudie le contrat ; reprise prévue au printemps.",
            "next_step": "Rappeler l’assureur", "next_step_day": "2027-03-02",
        },
    ),
    _Known(
        key="cartons-domaine",
        title="Cartons du magasin pour les expéditions d’un domaine",
        resource_id="cardboard",
        steps=((_S.IDEA, "2026-02-10"), (_S.TO_EXPLORE, "2026-02-24"),
               (_S.ABANDONED, "2026-05-26")),
        parties=(
            ("superette-de-la-bastide", _GIVER, None, ""),
            ("clos-du-pigeonnier", _TAKER, None, ""),
        ),
        more={"reason": "Les cartons imprimés ne conviennent pas aux expéditions de vin."},
    ),
)  # fmt: skip


def real_synergies(actors: Mapping[str, Actor]) -> Iterator[Synergy]:
    """Give the three synergies the programme published; invented actors stand in."""
    for known in _REAL:
        yield _synergy(
            known,
            actors,
            id=known.key,
            description=tidy(f"{known.description} {_STAND_INS}"),
            source=REPORT,
            origin=Origin.DEMO_REAL,
            visibility=Visibility.PUBLIC,
        )


def invented_synergies(actors: Mapping[str, Actor]) -> Iterator[Synergy]:
    """Give examples of every status; on 23 November 2026 some sleep and some are due."""
    for known in _INVENTED:
        yield _synergy(
            known,
            actors,
            id=f"demo-synergie-{known.key}",
            description=tidy(known.description),
            source=SOURCE,
            origin=Origin.DEMO_FICTIONAL,
            visibility=Visibility.PUBLIC if known.shown else Visibility.NETWORK,
        )


def notes(kept: Mapping[str, str]) -> Iterator[SynergyNote]:
    """Give what was written about the examples.

    Args:
        kept: a further note by id of the synergy, of the autumn of 2026.
    """
    written = [(f"demo-synergie-{known.key}", *note) for known in _INVENTED for note in known.notes]
    written += [
        (synergy_id, f"2026-10-{rank % 28 + 1:02d}T09:00:00+00:00", text)
        for rank, (synergy_id, text) in enumerate(kept.items())
    ]
    for rank, (synergy_id, at, text) in enumerate(written, start=1):
        yield SynergyNote(
            id=f"demo-note-{rank:02d}",
            synergy_id=synergy_id,
            at=at,
            text=tidy(text),
            who=_WHO,
            origin=Origin.DEMO_FICTIONAL,
        )


def _synergy(known: _Known, actors: Mapping[str, Actor], **facts: Any) -> Synergy:
    parties = tuple(
        Party(actor_id=f"exemple-{actor}", role=role, gain_eur_per_year=gain, gain_note=tidy(note))
        for actor, role, gain, note in known.parties
    )
    first, last = (actors[party.actor_id] for party in (parties[0], parties[-1]))
    reason = known.more.get("reason", "")
    last_step = len(known.steps) - 1
    return Synergy(
        title=known.title + (SUFFIX if known.shown else ""),
        status=known.steps[-1][0],
        steps=tuple(
            StatusStep(status=status, day=day, who=_WHO, reason=reason if rank == last_step else "")
            for rank, (status, day) in enumerate(known.steps)
        ),
        parties=parties,
        resource_id=known.resource_id,
        owner=_WHO,
        distance_km=round(metres_between(first.lon, first.lat, last.lon, last.lat) / 1000, 1),
        distance_source=STRAIGHT,
        reliability=Reliability.ESTIMATED,
        **facts,
        **known.more,
    )
