"""The few numbers of what is on screen, when no card is open."""

import streamlit as st

from data.french import NNBSP, number, quantity, significant
from data.model import Direction
from geo.select import Selected, Selection
from pages.map_parts.content import measured_direction
from pages.map_parts.view import PublicView
from pages.ui import symbols, wording
from pages.ui.escape import html
from pages.ui.palette import STREAM

_SHOWN = 6


def draw(view: PublicView, selection: Selection, kept: Selected) -> None:
    """Draw the summary of the selection."""
    st.html(summary_html(view, selection, kept))


def summary_html(view: PublicView, selection: Selection, kept: Selected) -> str:
    """Return name, inhabitants, actors, and tonnes by stream, as HTML."""
    communes = [
        commune
        for commune in view.territory.communes
        if selection.commune in (None, commune.code) and selection.epci in (None, commune.epci_code)
    ]
    population = sum(commune.population for commune in communes)
    area = sum(commune.area_km2 for commune in communes)
    facts = [
        (number(len(communes)), wording.plural(len(communes), "commune")),
        (number(population), "habitants"),
        (number(round(area)), "km²"),
        (number(len(kept.actors)), wording.plural(len(kept.actors), "acteur")),
        (number(len(kept.flows)), "flux"),
    ]
    shown = "".join(
        f"<li><strong>{html(value)}</strong> <span>{html(word)}</span></li>"
        for value, word in facts
    )
    return (
        f'<article class="cf-card"><h2>{html(_name(view, selection))}</h2>'
        f'<ul class="cf-facts">{shown}</ul>'
        f"{_streams(view, selection, kept)}"
        '<p class="cf-quiet">Cliquez sur un acteur, sur la carte ou dans le tableau, pour ouvrir '
        f"sa fiche.</p><p class=cf-quiet>{html(view.territory.population_vintage)}.</p></article>"
    )


def _name(view: PublicView, selection: Selection) -> str:
    if selection.commune:
        return view.snapshot.commune[selection.commune].name
    if selection.epci:
        return view.snapshot.epci[selection.epci].name
    return view.territory.name


def _streams(view: PublicView, selection: Selection, kept: Selected) -> str:
    direction = measured_direction(selection)
    streams = view.tonnes_by_stream(kept.flows, direction)
    word = "sortantes" if direction is Direction.OUT else "entrantes"
    unknown = sum(flow.direction is direction and flow.id not in view.mass for flow in kept.flows)
    if not streams:
        return f'<h3>Tonnes {word}</h3><p class="cf-quiet">Aucun flux de masse connue ici.</p>'
    total = sum(tonnes for _, tonnes in streams)
    most = streams[0][1] or 1.0
    rows = "".join(
        f"<li>{symbols.stream(stream)}<div>"
        f"<div>{html(wording.STREAM[stream])} "
        f"<strong>{html(quantity(significant(tonnes, 3), 't/an'))}</strong></div>"
        f'<div class="cf-bar" style="width:{max(100 * tonnes / most, 1):.0f}%;'
        f'background:{STREAM[stream]}"></div></div></li>'
        for stream, tonnes in streams[:_SHOWN]
    )
    rest = len(streams) - _SHOWN
    notes = []
    if rest > 0:
        notes.append(
            f"et {number(rest)} {wording.plural(rest, 'autre filière', 'autres filières')}"
        )
    if unknown:
        notes.append(f"{number(unknown)} flux sans masse connue ne sont pas comptés")
    if view.reserved:
        notes.append(f"{number(view.reserved)} flux réservés au réseau ne sont pas montrés")
    note = f'<p class="cf-quiet">{html(f"{NNBSP}; ".join(notes))}.</p>' if notes else ""
    heading = f"Tonnes {word}{NNBSP}: environ {quantity(significant(total, 3), 't/an')}"
    return f'<h3>{html(heading)}</h3><ul class="cf-flows">{rows}</ul>{note}'
