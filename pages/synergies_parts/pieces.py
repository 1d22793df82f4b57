"""A synergy in one or two lines, and the small things several sections draw."""

from typing import Final

from data.french import NNBSP, date, quantity, with_margin
from data.model import Reliability, Synergy, SynergyStatus
from data.synergies import last_sign
from pages.synergies_parts.view import View
from pages.ui import escape, icons, wording

_COLORS: Final = {
    SynergyStatus.IDEA: "gray",
    SynergyStatus.TO_EXPLORE: "yellow",
    SynergyStatus.DISCUSSION: "blue",
    SynergyStatus.ABOUT_TO_BE_REALISED: "violet",
    SynergyStatus.REALISED: "green",
    SynergyStatus.LASTING: "green",
    SynergyStatus.SUSPENDED: "orange",
    SynergyStatus.ABANDONED: "red",
}
"""Streamlit's own names of colours; the icon and the word say it too."""

_RELIABILITY: Final = {
    Reliability.MEASURED: ":green-badge[:material/straighten: mesuré]",
    Reliability.DECLARED: ":blue-badge[:material/record_voice_over: déclaré]",
    Reliability.ESTIMATED: ":orange-badge[:material/calculate: estimé]",
}


def status_badge(status: SynergyStatus) -> str:
    """Return a status as Markdown: colour, icon and word."""
    name = wording.SYNERGY_STATUS[status]
    return f":{_COLORS[status]}-badge[{icons.SYNERGY_STATUS[status]} {name}]"


def reliability_badge(reliability: Reliability) -> str:
    """Return how a quantity is known, as Markdown: colour, icon and word."""
    return _RELIABILITY[reliability]


def parties(view: View, synergy: Synergy) -> str:
    """Name the parties in order, as Markdown."""
    names = [escape.markdown(view.names.get(each.actor_id, "?")) for each in synergy.parties]
    arrow = " → " if {p.role.value for p in synergy.parties} == {"giver", "taker"} else " · "
    return arrow.join(names) or "Parties à préciser"


def tonnes(synergy: Synergy) -> str:
    """Write the yearly mass with its range; empty when unknown."""
    mass = synergy.mass_t_per_year
    if mass is None:
        return ""
    if not synergy.mass_uncertainty:
        return quantity(mass, "t/an")
    margin = synergy.mass_uncertainty
    return with_margin(mass, mass * max(0.0, 1 - margin), mass * (1 + margin), "t/an")


def about(view: View, synergy: Synergy) -> str:
    """Say the resource and the mass, as Markdown; empty when neither is known."""
    resource = view.snapshot.resource.get(synergy.resource_id or "")
    words = [resource.name if resource else "", tonnes(synergy)]
    return " · ".join(escape.markdown(word) for word in words if word)


def next_step(synergy: Synergy) -> str:
    """Say the next step, its date and who takes it, as Markdown; empty without any."""
    if not synergy.next_step:
        return ""
    when = f"**{date(synergy.next_step_day)}**{NNBSP}: " if synergy.next_step_day else ""
    by = f" ({escape.markdown(synergy.owner)})" if synergy.owner else ""
    return f":material/event: {when}{escape.markdown(synergy.next_step)}{by}"


def silence(view: View, synergy: Synergy) -> str:
    """Say when it last gave a sign of life."""
    day = last_sign(synergy, view.notes.get(synergy.id, ()))
    return f"Dernier signe de vie le {date(day)}" if day else "Aucun signe de vie daté"
