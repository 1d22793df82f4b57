"""What the Flux page may show, computed once per revision, viewer and filter."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from data.model import Territory
from geo.flows import (
    Filtered,
    FlowFilter,
    Level,
    LevelMap,
    Links,
    Measure,
    Measured,
    Release,
    Viewer,
    aggregate,
    apply_filter,
    build_links,
    measure_links,
    release,
)
from geo.layers import spread_positions
from pages.flows_parts.choice import Choice
from pages.ui.session import Snapshot

Key = TypeVar("Key")
Value = TypeVar("Value")

_KEPT_VIEWS: Final = 6
_KEPT_PICTURES: Final = 24


@dataclass(frozen=True, kw_only=True)
class FlowView:
    """One revision of the store, as one viewer may see it."""

    snapshot: Snapshot
    territory: Territory
    viewer: Viewer
    release: Release

    @property
    def links(self) -> Links:
        """Every link this viewer may see."""
        return self.release.links

    @cached_property
    def names(self) -> dict[str, str]:
        """Short names of EPCI by place id."""
        return {f"epci:{one.code}": one.short_name for one in self.territory.epcis}

    @cached_property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Where actors inside are drawn, as on the Carte page."""
        inside = self.links.places["inside"]
        spread = spread_positions(self.snapshot.actors)
        return {
            place: at
            for actor_id, at in spread.items()
            if bool(inside.get(place := f"actor:{actor_id}", False))
        }

    @cached_property
    def actor_names(self) -> dict[str, str]:
        """Names by actor id, of the actors met in flows this viewer sees."""
        places = self.links.places
        met = places[places["actor_id"] != ""]
        return dict(zip(met["actor_id"], met["name"].astype(str), strict=True))

    @cached_property
    def resource_names(self) -> dict[str, str]:
        """Names by resource id, of the resources met."""
        frame = self.links.frame
        met = frame[frame["resource_id"] != ""].drop_duplicates("resource_id")
        return dict(zip(met["resource_id"], met["resource_name"].astype(str), strict=True))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The links that the filters keep, measured.

    Attributes:
        filtered: links kept and the account of the others.
        measured: what is counted, in the links' order.
    """

    filtered: Filtered
    measured: Measured

    @property
    def links(self) -> Links:
        """Links kept."""
        return self.filtered.links

    @cached_property
    def levels(self) -> Mapping[Level, LevelMap]:
        """The three levels of the map."""
        return {level: aggregate(self.links, level, ("stream",), self.measured) for level in Level}

    def narrow(self, mask: npt.NDArray[np.bool_]) -> "Picture":
        """Keep the links of a mask."""
        measured = self.measured
        return Picture(
            filtered=replace(self.filtered, links=self.links.where(mask)),
            measured=replace(
                measured,
                value=measured.value[mask],
                low=measured.low[mask],
                high=measured.high[mask],
            ),
        )

    def pick(self, choice: Choice) -> "Picture":
        """Keep what a selection asks for; itself when nothing is chosen."""
        return self.narrow(choice.mask(self.links)) if choice else self


_lock = threading.RLock()
_all: OrderedDict[str, Links] = OrderedDict()
_views: OrderedDict[tuple[str, Viewer], FlowView] = OrderedDict()
_pictures: OrderedDict[tuple[str, Viewer, FlowFilter, Measure], Picture] = OrderedDict()


def flow_view(snapshot: Snapshot, viewer: Viewer) -> FlowView | None:
    """Return the view of this revision for a viewer; ``None`` without a territory."""
    territory = snapshot.territory
    if territory is None:
        return None
    with _lock:
        view = _views.get((snapshot.key, viewer))
        if view is None:
            links = _all.get(snapshot.key)
            if links is None:
                links = build_links(
                    snapshot.flows,
                    snapshot.actors,
                    territory,
                    snapshot.resources,
                    figures=snapshot.figures,
                )
                _keep(_all, snapshot.key, links, 2)
            view = FlowView(
                snapshot=snapshot,
                territory=territory,
                viewer=viewer,
                release=release(links, viewer),
            )
            _keep(_views, (snapshot.key, viewer), view, _KEPT_VIEWS)
        return view


def picture(view: FlowView, chosen: FlowFilter, measure: Measure) -> Picture:
    """Return what a filter keeps of a view, measured; shared by all sessions."""
    key = (view.snapshot.key, view.viewer, chosen, measure)
    with _lock:
        found = _pictures.get(key)
        if found is None:
            filtered = apply_filter(view.links, chosen)
            measured = measure_links(
                filtered.links, measure, view.snapshot.resources, view.snapshot.figures
            )
            found = Picture(filtered=filtered, measured=measured)
            _keep(_pictures, key, found, _KEPT_PICTURES)
        _pictures.move_to_end(key)
        return found


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
