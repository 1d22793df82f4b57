"""The places of a scenario, found from a plan's visits."""

from data.model import Depot, Outlet, Scenario, Stop, Visit, VisitKind

Site = Depot | Outlet | Stop


class Sites:
    """Where each visit of a plan takes place; ids are unique within a kind only."""

    def __init__(self, scenario: Scenario) -> None:
        self._depots = {depot.id: depot for depot in reversed(scenario.all_depots)}
        self._outlets = {outlet.id: outlet for outlet in scenario.outlets}
        self._stops = {stop.id: stop for stop in scenario.stops}

    def of(self, visit: Visit) -> Site:
        """Return the place of a visit."""
        if visit.kind is VisitKind.STOP:
            return self._stops[visit.place_id]
        if visit.kind is VisitKind.UNLOAD:
            return self._outlets[visit.place_id]
        return self._depots[visit.place_id]
