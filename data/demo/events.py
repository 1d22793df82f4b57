"""Events of the programme: those published for 2022, and invented ones of 2026.

No position was published: each stands at its commune's town hall. Moments published with their
month only (« en juin 2022 ») are left out.
"""

from collections.abc import Iterator
from typing import Final

from data.demo import workshop
from data.demo.flows import SOURCE
from data.demo.kinds import SUFFIX
from data.demo.real import BERGERAC, EYMET, LALINDE, REPORT, SAINT_PIERRE
from data.french import tidy
from data.model import Event, EventKind, Origin, Reliability

_PLACE_UNKNOWN: Final = "Lieu non publié : placé par défaut à la mairie de Bergerac."
_IN_BERGERAC: Final = "Placé à la mairie de Bergerac."

_PRESENTATION, _VISIT = EventKind.PRESENTATION, EventKind.VISIT
_EVENING, _CONFERENCE = EventKind.EVENING, EventKind.CONFERENCE
_COMMITTEE = EventKind.COMMITTEE

_REAL: Final = (
    ("presentation-ccpsp", "Réunion de présentation de la démarche EIT", "2022-03-28", "",
     _PRESENTATION, "Communauté de communes de Portes Sud Périgord", EYMET, 30,
     "Une trentaine d’acteurs économiques très divers ; nombre approché. Lieu exact à vérifier."),
    ("visite-lagabrielle", "Visite de l’espace Lagabrielle et du PTCE par la Région", "2022-04-01",
     "", _VISIT, "Espace Lagabrielle, Bergerac", BERGERAC, None,
     f"Visite d’une vice-présidente de la Région. {_IN_BERGERAC}"),
    ("visite-biodechets", "Visite des acteurs du biodéchet de Bergerac", "2022-04-06", "", _VISIT,
     "EHPAD La Madeleine, Alimentation générale, Le Bistrot du Temple", BERGERAC, None,
     f"Pour les élus, avec le Sycoteb, chez trois acteurs du biodéchet. {_IN_BERGERAC}"),
    ("apero-eit", "Apéro de l’EIT", "2022-04-13", "", _EVENING, "", BERGERAC, None,
     f"Élus, industriels et acteurs de l’ESS ; le nom Coop’R y est né. {_PLACE_UNKNOWN}"),
    ("visite-methaniseur", "Visite du méthaniseur de Saint-Pierre-d’Eyraud", "2022-05-15", "",
     _VISIT, "Méthaniseur de Saint-Pierre-d’Eyraud", SAINT_PIERRE, None,
     "Pour trouver un exutoire à une expérience de couches compostables. Placée à la mairie."),
    ("presentation-clubs", "Réunion de présentation aux clubs d’entreprises", "2022-09-08", "",
     _PRESENTATION, "", BERGERAC, 15,
     f"Une quinzaine d’acteurs, avec Work’IN B et Le Cadet ; nombre approché. {_PLACE_UNKNOWN}"),
    ("journees-cooperation", "Journée inspiration coopération et Fête des transitions",
     "2022-12-09", "2022-12-10", _CONFERENCE, "", BERGERAC, None,
     f"Deux jours de tables rondes et d’ateliers de co-développement. {_PLACE_UNKNOWN}"),
)  # fmt: skip

_INVENTED: Final = (
    ("visite-compostage", "Visite d’une plateforme de compostage", "2026-09-17", _VISIT,
     BERGERAC, 22),
    ("comite-automne", "Comité de coopération d’automne", "2026-10-06", _COMMITTEE, LALINDE, 31),
    ("apero-ressources", "Apéro des ressources à partager", "2026-11-05", _EVENING, EYMET, 27),
    ("formation-tri", "Formation commune au tri", "2026-11-19", EventKind.TRAINING, BERGERAC, 12),
    ("atelier-hiver", "Atelier synergies d’hiver", "2026-12-10", EventKind.WORKSHOP, BERGERAC,
     None),
)  # fmt: skip


def events() -> Iterator[Event]:
    """Give the events by date, real ones first."""
    for key, name, day, end_day, kind, place, commune, attendance, words in _REAL:
        yield Event(
            id=f"reel-{key}",
            name=name,
            day=day,
            end_day=end_day,
            kind=kind,
            place=place,
            commune_code=commune,
            attendance=attendance,
            reliability=Reliability.ESTIMATED if attendance else Reliability.DECLARED,
            description=tidy(words),
            source=REPORT,
            origin=Origin.DEMO_REAL,
        )
    yield Event(
        id="demo-temps-fort-atelier",
        name="Atelier synergies" + SUFFIX,
        day=workshop.DAY,
        kind=EventKind.WORKSHOP,
        place="Salle communale" + SUFFIX,
        commune_code=BERGERAC,
        description="L’atelier d’exemple ; sa date est inventée.",
        workshop_id=workshop.ID,
        source=SOURCE,
        origin=Origin.DEMO_FICTIONAL,
    )
    for key, name, day, kind, commune, attendance in _INVENTED:
        yield Event(
            id=f"demo-temps-fort-{key}",
            name=name + SUFFIX,
            day=day,
            kind=kind,
            commune_code=commune,
            attendance=attendance,
            description="Moment inventé pour la démonstration.",
            source=SOURCE,
            origin=Origin.DEMO_FICTIONAL,
        )
