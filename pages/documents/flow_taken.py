"""What is taken away: exactly what the Flux page shows at that moment, and the words for it."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from data import french
from data.french import NNBSP, number, with_margin
from data.model import Stream, Visibility
from data.text import fold
from geo.flows import SEASONS, UNDATED, FlowFilter, Level, Perimeter, Viewer
from pages.flows_parts import controls
from pages.flows_parts.choice import place_name
from pages.flows_parts.details import title as choice_title
from pages.flows_parts.state import Asked
from pages.flows_parts.view import FlowView, Picture
from pages.ui import wording

_FEW: Final = 3
_VOWELS: Final = "aeiouyh"
_LABELS: Final = {
    "streams": "Filière",
    "families": "Famille",
    "resources": "Ressource",
    "epcis": "EPCI",
    "communes": "Commune",
    "actors": "Acteur",
    "directions": "Sens",
    "reliabilities": "Fiabilité",
    "visibilities": "Visibilité",
    "years": "Année",
    "months": "Mois",
    "min_mass_t": "Masse",
    "known_only": "Quantités",
    "top": "Nombre",
}
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The picture on screen, and when.

    Attributes:
        view: what this viewer may see; nothing else is ever written to a file.
        asked: filters, measure, columns of the diagram, selection.
        kept: what the filters keep of the view.
        day: date written in every file; same arguments, same content.
    """

    view: FlowView
    asked: Asked
    kept: Picture
    day: dt.date

    @cached_property
    def shown(self) -> Picture:
        """What the filters keep, narrowed to the selection."""
        return self.kept.pick(self.asked.choice)

    @property
    def selection(self) -> Picture | None:
        """The selected part; ``None`` without a selection."""
        return self.shown if self.asked.choice else None

    @cached_property
    def title(self) -> str:
        """« Flux de bois – Bergerac »."""
        return french.tidy(f"{self._what} – {self._where}")

    @property
    def _what(self) -> str:
        chosen, choice = self.asked.filter, self.asked.choice
        words: list[str] = []
        if choice.stream:
            words = [_stream(choice.stream)]
        elif chosen.resources:
            words = [self.view.resource_names.get(r, r) for r in chosen.resources]
        elif chosen.streams:
            words = [_stream(s) for s in chosen.streams]
        elif chosen.families:
            words = [wording.RESOURCE_FAMILY[f] for f in chosen.families]
        if not words:
            return "Flux de matières"
        if len(words) > _FEW:
            return f"Flux de {len(words)} {'ressources' if chosen.resources else 'filières'}"
        text = _listed([word[:1].lower() + word[1:] for word in words])
        return f"Flux d’{text}" if fold(text)[:1] in _VOWELS else f"Flux de {text}"

    @property
    def _where(self) -> str:
        choice, chosen = self.asked.choice, self.asked.filter
        links, names = self.view.links, self.view.names
        if choice.place is not None:
            return self._official(choice.place)
        if choice.origin is not None or choice.destination is not None or choice.link is not None:
            return choice_title(self.view, choice).split(", ", maxsplit=1)[0]
        for ids, kind in (
            (chosen.actors, "actor"),
            (chosen.communes, "commune"),
            (chosen.epcis, "epci"),
        ):
            if len(ids) == 1:
                return self._official(f"{kind}:{ids[0]}")
            if ids and len(ids) <= _FEW:
                return _listed([place_name(links, f"{kind}:{one}", names) for one in ids])
            if ids:
                return f"{len(ids)} {_PLURALS[kind]}"
        return self.view.territory.name

    def _official(self, place: str) -> str:
        code = place.removeprefix("epci:")
        known = self.view.snapshot.epci
        return (
            known[code].name.replace("'", "’")
            if code in known
            else place_name(self.view.links, place, {})
        )

    @cached_property
    def perimeter(self) -> tuple[Perimeter, str]:
        """Whose balance this is: its kind and its place id."""
        choice, chosen = self.asked.choice, self.asked.filter
        place = choice.place or ""
        for ids, kind in (
            (chosen.actors, Perimeter.ACTOR),
            (chosen.communes, Perimeter.COMMUNE),
            (chosen.epcis, Perimeter.EPCI),
        ):
            if not place and len(ids) == 1:
                place = f"{kind.value}:{ids[0]}"
        kind_word = place.partition(":")[0]
        if kind_word in {Perimeter.ACTOR, Perimeter.COMMUNE, Perimeter.EPCI}:
            return Perimeter(kind_word), place
        return Perimeter.TERRITORY, "territory"

    @cached_property
    def level(self) -> Level:
        """How finely the drawing tells places apart: as finely as what was chosen."""
        chosen, choice = self.asked.filter, self.asked.choice
        ids = [p for p in (choice.place, choice.origin, choice.destination) if p]
        kinds = {one.partition(":")[0] for one in ids}
        if chosen.actors or "actor" in kinds or choice.link:
            return Level.ACTOR
        if chosen.communes or "commune" in kinds:
            return Level.COMMUNE
        return Level.EPCI

    @cached_property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Each criterion in use, in words: (« Filière », « Bois, Métal »)."""
        rows = [
            (_LABELS[name], self._said(name, getattr(self.asked.filter, name)))
            for name in _LABELS
            if getattr(self.asked.filter, name) != getattr(FlowFilter(), name)
        ]
        if self.asked.choice:
            rows.append(("Sélection", choice_title(self.view, self.asked.choice)))
        return tuple((label, french.tidy(words)) for label, words in rows)

    @property
    def filter_sentence(self) -> str:
        """Every criterion on one line; « Tous les flux » without any."""
        if not self.filters:
            return "Tous les flux connus, dernière année connue de chacun"
        return f"{NNBSP}; ".join(f"{label}{NNBSP}: {words}" for label, words in self.filters)

    def _said(self, name: str, value: Any) -> str:
        view = self.view
        words: Mapping[str, Callable[[Any], str]] = {
            "streams": _stream,
            "families": wording.RESOURCE_FAMILY.__getitem__,
            "resources": lambda one: view.resource_names.get(one, one),
            "epcis": lambda one: view.names.get(f"epci:{one}", one),
            "communes": lambda one: view.snapshot.commune[one].name,
            "actors": lambda one: view.actor_names.get(one, one),
            "directions": controls.DIRECTIONS.__getitem__,
            "reliabilities": wording.RELIABILITY.__getitem__,
            "visibilities": wording.VISIBILITY.__getitem__,
            "years": lambda one: "inconnue" if one == UNDATED else str(one),
        }
        if name == "months":
            whole = [s for s in SEASONS if set(SEASONS[s]) == set(value)]
            return (
                {"ete": "été"}.get(whole[0], whole[0])
                if whole
                else ", ".join(_MONTHS[month - 1] for month in value)
            )
        if name in words:
            return ", ".join(words[name](one) for one in value)
        if name == "min_mass_t":
            return f"au moins {number(value)}{NNBSP}t/an"
        return f"les {value} plus gros" if name == "top" else "connues seulement"

    @cached_property
    def total(self) -> str:
        """« 293 flux : 2 979 t/an (de … à …), plus 14 de quantité inconnue »."""
        shown = self.shown
        count, unknown = len(shown.links), shown.measured.unknown_count
        text = f"{number(count)}{NNBSP}flux"
        if count > unknown:
            text += f"{NNBSP}: {with_margin(*shown.measured.total(), shown.measured.unit)}"
        if unknown:
            text += f", plus {number(unknown)} de quantité inconnue, jamais comptés comme zéro"
        return text

    @cached_property
    def restricted(self) -> int:
        """How many flows in the files are not public (never any in the public view)."""
        frame = self.shown.links.frame
        return int((frame["visibility"] != Visibility.PUBLIC.value).sum())

    @property
    def warning(self) -> str:
        """Say that a file holds restricted flows; empty when it holds none."""
        if not self.restricted:
            return ""
        who = controls.VIEWERS[self.view.viewer].lower()
        count = number(self.restricted)
        return f"Vue {who}{NNBSP}: {count} flux non publics dans ce document, à ne pas diffuser."

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """What is not shown and why, one sentence each."""
        lines = [
            f"Filtre {french.quote(one.label)}{one.sentence.removeprefix(one.label)}."
            for one in self.kept.filtered.hidden
        ]
        if self.asked.choice and (rest := len(self.kept.links) - len(self.shown.links)):
            lines.append(f"Hors de la sélection{NNBSP}: {number(rest)} flux.")
        if self.view.release.sentence:
            lines.append(self.view.release.sentence)
        masked = int(self.shown.links.frame["protected"].sum())
        if masked:
            lines.append(
                f"{number(masked)} {wording.plural(masked, 'ligne')} de ce document "
                f"{'est une somme' if masked == 1 else 'sont des sommes'} de flux confidentiels "
                "(au moins trois acteurs, aucun au-dessus de 85 %)."
            )
        unknown = self.shown.measured.unknown_count
        if unknown:
            lines.append(
                f"{number(unknown)} flux de quantité inconnue sont listés sans être comptés."
            )
        return tuple(french.tidy(line) for line in lines)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Where everything comes from, with its vintage."""
        territory = self.view.territory
        years = sorted({int(y) for y in self.shown.links.frame["year"].dropna()})
        span = str(years[0]) if len(years) == 1 else f"{years[0]} à {years[-1]}" if years else ""
        flows = "Flux : déclarations et études de flux des acteurs du programme"
        lines = [f"{flows}, années {span}." if len(years) > 1 else f"{flows}, {span}."]
        if not years:
            lines = [f"{flows}, sans année."]
        if self.view.snapshot.has_demo:
            lines.append(
                "Données de démonstration : une partie des flux est fictive ou estimée, ce "
                "document n’est pas un constat."
            )
        if territory.boundary_vintage:
            lines.append(f"Contours : {territory.boundary_vintage}.")
        if territory.population_vintage:
            lines.append(f"{territory.population_vintage}.")
        return tuple(french.tidy(line) for line in lines)

    @property
    def date(self) -> str:
        """« 12/03/2026 »."""
        return french.date(self.day)

    @cached_property
    def stem(self) -> str:
        """Name of every file, plain letters only, with date and audience."""
        words = re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")[:70].strip("-")
        audience = (
            "" if self.view.viewer is Viewer.PUBLIC else f"-vue-{_AUDIENCE[self.view.viewer]}"
        )
        return f"{words or 'flux'}-{self.day.isoformat()}{audience}"


_PLURALS: Final = {"actor": "acteurs", "commune": "communes", "epci": "EPCI"}
_AUDIENCE: Final = {Viewer.NETWORK: "reseau", Viewer.TEAM: "equipe"}


def _stream(value: str) -> str:
    return wording.STREAM[Stream(value)]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} et {last}" if first else last
