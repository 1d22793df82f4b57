"""Two optional layers of the map, « Temps forts » and « Synergies », with their tables.

While both are off nothing of them is read, sent or loaded: their records, their scripts and their
styles arrive with the first one that is asked for (the map then mounts once more, at its view).
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import folium
import pandas as pd
import streamlit as st
from folium.elements import JSCSSMixin
from folium.template import Template

from data.french import NNBSP, date, number
from data.model import Event, EventKind, Synergy, SynergyStatus
from geo.flows import Viewer
from geo.flows.confidentiality import VISIBLE
from geo.layers.events import events_layer
from geo.layers.synergies import synergies_layer
from geo.select import Selection
from pages.map_parts import state
from pages.map_parts.state import EVENTS, SYNERGIES
from pages.map_parts.view import PublicView
from pages.routes import assets
from pages.ui import escape, icons, viewer, wording
from pages.ui.palette import Theme
from pages.ui.session import get_store
from pages.ui.synergy_layer import SynergyAssets, SynergyLayer, legend_rows, payload_of

_VIEWERS: Final = {
    Viewer.PUBLIC: "Le public",
    Viewer.NETWORK: "Le réseau",
    Viewer.TEAM: "L’équipe",
}
_LABELS: Final = {EVENTS: "Temps forts", SYNERGIES: "Synergies"}


class EventAssets(JSCSSMixin):
    """Brings the script and styles of the optional layers into a map's page."""

    _template = Template("{% macro script(this, kwargs) %}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CartofluxEvents"
        self.default_js = [("cartoflux_events", assets.url("cartoflux", "events.js"))]
        self.default_css = [("cartoflux_events_css", assets.url("cartoflux", "events.css"))]


class EventLayer(folium.FeatureGroup):
    """The feature group that ``assets/events.js`` fills; it also writes the layers' legend."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "cartoflux.events({{ this._parent.get_name() }}, {{ this.payload_json }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: escape.Json) -> None:
        super().__init__(name="events", control=False)
        self.payload_json = escape.script(payload)


@dataclass(frozen=True, kw_only=True)
class Overlays:
    """What the optional layers show: records of one revision, narrowed to the selection.

    Attributes:
        wanted: names of the layers asked for; empty = none, and nothing else is looked at.
        reserved: synergies that this viewer may not see.
    """

    view: PublicView
    wanted: tuple[str, ...]
    events: tuple[Event, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    reserved: int = 0

    @cached_property
    def _links(self) -> dict[str, Any]:
        # Only public actors have a position on this map: the others' synergies are not drawn.
        actors = {one.id: one for one in self.view.actors}
        return synergies_layer(self.synergies, actors, positions=self.view.position)

    @cached_property
    def _points(self) -> dict[str, Any]:
        return events_layer(self.events, self.view.territory)

    def groups(self, theme: Theme) -> list[folium.FeatureGroup]:
        """Return the feature groups to add after the map's own content."""
        if not self.wanted:
            return []
        groups: list[folium.FeatureGroup] = []
        rows: list[escape.Json] = []
        if self.events:
            rows.append(
                {
                    "icon": icons.EVENT_KIND[EventKind.OTHER].css_class,
                    "label": f"Temps fort ({number(len(self._points['features']))})",
                }
            )
        if self.synergies:
            links = self._links
            actors = {one.id: one for one in self.view.actors}
            payload = payload_of(links, actors, theme=theme, legend=False)
            nodes = payload["nodes"]
            # Actors are on this map already; only the middles of poolings are added.
            hubs = [n for n in nodes if isinstance(n, dict) and n["hub"]] if nodes else []  # type: ignore[union-attr]
            groups.append(SynergyLayer({**payload, "nodes": hubs}))
            counts = Counter(SynergyStatus(f["properties"]["status"]) for f in links["features"])
            rows += legend_rows(counts, theme)
        groups.append(
            EventLayer(
                {
                    "events": [_event(one) for one in self._points["features"]],
                    "legend": rows,
                    "words": {"events": "temps forts"},
                }
            )
        )
        return groups

    @property
    def plugins(self) -> Sequence[JSCSSMixin]:
        """Scripts and styles to bring; none while the layers are off."""
        return (SynergyAssets(), EventAssets()) if self.wanted else ()

    @property
    def mount(self) -> str:
        """Name of the map: one with these scripts is another than one without."""
        return "map-layers" if self.wanted else "map"

    def on_click(self, open_card: Callable[[str], None]) -> Callable[[str], None]:
        """Return what a click does: a synergy's line opens no actor's card."""
        known = self.view.position

        def clicked(one: str) -> None:
            if one in known:
                open_card(one)

        return clicked if self.wanted else open_card

    def tables(self) -> None:
        """Draw the same things in tables."""
        if EVENTS in self.wanted:
            st.header("Les temps forts de la carte", anchor=False)
            rows = [_row(one["properties"]) for one in self._points["features"]]
            if rows:
                st.dataframe(
                    pd.DataFrame(rows), hide_index=True, placeholder="–",
                    alt="Tableau des temps forts de la carte",
                )  # fmt: skip
            else:
                st.caption("Aucun temps fort ici.")
        if SYNERGIES in self.wanted:
            st.header("Les synergies de la carte", anchor=False)
            links = [one["properties"] for one in self._links["features"]]
            if links:
                st.dataframe(
                    pd.DataFrame([_link(one) for one in links]), hide_index=True, placeholder="–",
                    column_config={
                        "Tonnes par an": st.column_config.NumberColumn(format="localized")
                    },
                    alt="Tableau des synergies de la carte",
                )  # fmt: skip
            else:
                st.caption("Aucune synergie à montrer ici.")

    def note(self) -> None:
        """Say under the map which synergies are not on it, and why."""
        if SYNERGIES not in self.wanted:
            return
        undrawn = len(self.synergies) - len(self._links["features"])
        notes = (
            (self.reserved, "réservée à d’autres vues", "réservées à d’autres vues"),
            (undrawn, "sans deux acteurs publics connus", "sans deux acteurs publics connus"),
        )
        said = [
            f"{number(count)} {wording.plural(count, one, several)}"
            for count, one, several in notes
            if count
        ]
        if said:
            st.caption(f"Synergies qui ne sont pas sur la carte{NNBSP}: {', '.join(said)}.")
        if viewer.is_local():
            st.session_state.setdefault(viewer.WIDGET, viewer.viewer())
            st.segmented_control(
                "Qui regarde\u202f?",
                list(Viewer),
                key=viewer.WIDGET,
                format_func=_VIEWERS.__getitem__,
                required=True,
                help="Ne vaut que pour les synergies. Ce choix reste sur ce poste et dans cette "
                "session\u202f: un lien partagé ne le contient jamais.",
            )


def _event(one: dict[str, Any]) -> escape.Json:
    known = one["properties"]
    lon, lat = one["geometry"]["coordinates"]
    row = _row(known)
    people = known["attendance"]
    lines = [
        f"{row['Type']}, {row['Date']}",
        str(row["Lieu"]),
        f"{number(people)} {wording.plural(people, 'participant')}" if people is not None else "",
        "Placé à la mairie" if known["approximate"] else "",
    ]
    return {
        "at": [lat, lon],
        "name": known["name"],
        "icon": icons.EVENT_KIND[EventKind(known["kind"])].css_class,
        "lines": [line for line in lines if line],
    }


def _row(known: dict[str, Any]) -> dict[str, Any]:
    last = f" au {date(known['end_day'])}" if known["end_day"] else ""
    place = dict.fromkeys(part for part in (known["place"], known["commune"]) if part)
    return {
        "Date": f"{date(known['day'])}{last}",
        "Temps fort": known["name"],
        "Type": wording.EVENT_KIND[EventKind(known["kind"])],
        "Lieu": ", ".join(place),
        "Participants": known["attendance"],
    }


def _link(known: dict[str, Any]) -> dict[str, Any]:
    return {
        "Synergie": known["title"],
        "Statut": wording.SYNERGY_STATUS[SynergyStatus(known["status"])],
        "Acteurs": ", ".join(known["names"]),
        "Tonnes par an": known["tonnes"],
    }


def choose() -> tuple[str, ...]:
    """Draw the choice of layers; `state` keeps it in the address bar."""
    chosen = st.pills(
        "Ajouter à la carte",
        list(_LABELS),
        selection_mode="multi",
        key=state.LAYERS,
        format_func=_LABELS.__getitem__,
        help="Les temps forts du programme, et les synergies reliées par des traits selon leur "
        "statut.",
    )
    return tuple(chosen)


def overlays(view: PublicView, selection: Selection, wanted: tuple[str, ...]) -> Overlays:
    """Return what the layers show here; with none wanted, the store is not even asked."""
    if not wanted:
        return Overlays(view=view, wanted=())
    events, synergies = _records()
    inside = {
        one.code
        for one in view.territory.communes
        if selection.commune in (None, one.code) and selection.epci in (None, one.epci_code)
    }
    whole = selection.commune is None and selection.epci is None
    home = {one.id: one.commune_code for one in view.snapshot.actors}
    near = [
        one
        for one in synergies
        if whole or any(home.get(party.actor_id) in inside for party in one.parties)
    ]
    seen = [one for one in near if one.visibility in VISIBLE[_audience()]]
    return Overlays(
        view=view,
        wanted=wanted,
        events=tuple(one for one in events if whole or one.commune_code in inside)
        if EVENTS in wanted
        else (),
        synergies=tuple(seen) if SYNERGIES in wanted else (),
        reserved=len(near) - len(seen) if SYNERGIES in wanted else 0,
    )


def _audience() -> Viewer:
    return viewer.viewer()


_held: dict[str, tuple[int, tuple[Event, ...], tuple[Synergy, ...]]] = {}
_lock = threading.Lock()


def _records() -> tuple[tuple[Event, ...], tuple[Synergy, ...]]:
    """Read events and synergies, once per revision for all sessions."""
    store = get_store()
    revision = store.revision()
    key = str(id(store))
    with _lock:
        found = _held.get(key)
        if found is None or found[0] != revision:
            found = (revision, store.list(Event), store.list(Synergy))
            _held.clear()
            _held[key] = found
    return found[1], found[2]
