"""The sources of distances at hand, and the one to propose first."""

from collections.abc import Mapping
from typing import Final

from data.figures import Figures
from data.settings import Settings
from geo.roads.shelf import kept_networks
from geo.travel.great_circle import GreatCircleTravel
from geo.travel.osrm import OsrmTravel
from geo.travel.roads import RoadTravel
from geo.travel.source import Place, TravelSource

STRAIGHT: Final = "straight"
OSRM: Final = "osrm"
_MARGIN: Final = "road_network_round_margin"


def available_sources(settings: Settings, figures: Figures) -> dict[str, TravelSource]:
    """Return the sources by key: road networks (latest first), the OSRM server, the fallback."""
    margin = figures.value(_MARGIN)
    found: dict[str, TravelSource] = {
        kept.info.key: RoadTravel(path=kept.path.resolve(), info=kept.info, margin=margin)
        for kept in kept_networks(settings.roads_dir)
    }
    if settings.osrm_url:
        found[OSRM] = OsrmTravel(url=settings.osrm_url, margin=margin)
    found[STRAIGHT] = GreatCircleTravel(figures)
    return found


def proposed_source(sources: Mapping[str, TravelSource], start: Place | None) -> str:
    """Return the key of the first source that knows where rounds start; the fallback otherwise."""
    for key, source in sources.items():
        if not isinstance(source, RoadTravel) or (start is not None and source.info.covers(*start)):
            return key
    return STRAIGHT
