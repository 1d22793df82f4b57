"""What Hypothesis draws of the programme: offers and needs, events, synergies, readers."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from data.model import (
    Attendance,
    AttendeeRole,
    Event,
    EventKind,
    Listing,
    ListingSource,
    Origin,
    Party,
    PartyRole,
    Period,
    Presence,
    Reliability,
    Side,
    StatusStep,
    Stream,
    Subscriber,
    Synergy,
    SynergyKind,
    SynergyStatus,
    Visibility,
)
from data.validate import NEED_A_REASON
from tests.exchange.strategies import CODES, RESOURCES, kept_text

_id = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
_maybe_id = st.none() | _id
_name = kept_text().filter(bool)
_day = st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.isoformat())
_maybe_day = st.just("") | _day
_amount = st.none() | st.floats(0, 1e9)
_percent = st.none() | st.integers(0, 100_000).map(lambda thousandths: thousandths / 1000)
_resource = st.sampled_from([resource.id for resource in RESOURCES])
_places: st.SearchStrategy[tuple[float | None, float | None]] = st.just((None, None)) | st.tuples(
    st.floats(-180, 180), st.floats(-90, 90)
)


def _built(cls: type[Any], /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build records whose longitude and latitude are given together or not at all."""

    def make(values: dict[str, Any]) -> Any:
        place = values.pop("place_of", None)
        if place is not None:
            values |= {"lon": place[0], "lat": place[1]}
        return cls(**values, revision=0)

    return st.fixed_dictionaries(fields).map(make)


def listings(actor_ids: list[str]) -> st.SearchStrategy[Listing]:
    """Offers and needs of these actors."""
    spans = st.tuples(_maybe_day, _maybe_day).map(
        lambda days: days if not (days[0] and days[1]) else (min(days), max(days))
    )
    drawn = _built(
        Listing,
        id=_id,
        actor_id=st.sampled_from(actor_ids),
        side=st.sampled_from(Side),
        resource_id=st.none() | _resource,
        label=_name,
        quantity=_amount,
        unit=st.sampled_from(["t", "kg", "m³", "bac 120 L", "palette", "h"]),
        period=st.none() | st.sampled_from(Period),
        uncertainty=_percent,
        quality=kept_text(),
        description=kept_text(),
        expires_on=_maybe_day,
        place_of=_places,
        contact_role=kept_text(),
        photo_id=_maybe_id,
        in_letter=st.booleans(),
        day=_maybe_day,
        listing_source=st.sampled_from(ListingSource),
        flow_id=_maybe_id,
        card_id=_maybe_id,
        reliability=st.sampled_from(Reliability),
        visibility=st.sampled_from(Visibility),
        source=kept_text(),
        origin=st.sampled_from(Origin),
    )
    return st.tuples(drawn, spans).map(lambda pair: _available(*pair))


def _available(listing: Listing, span: tuple[str, str]) -> Listing:
    return replace(listing, available_from=span[0], available_to=span[1])


events: st.SearchStrategy[Event] = _built(
    Event,
    id=_id,
    name=_name,
    day=_day,
    end_day=st.just(""),
    kind=st.sampled_from(EventKind),
    place=kept_text(),
    commune_code=st.sampled_from(["", *CODES]),
    place_of=_places,
    attendance=st.none() | st.integers(0, 10_000),
    reliability=st.sampled_from(Reliability),
    description=kept_text(),
    workshop_id=_maybe_id,
    source=kept_text(),
    origin=st.sampled_from(Origin),
)

_steps = st.builds(
    StatusStep,
    status=st.sampled_from(SynergyStatus),
    day=_day,
    who=kept_text(),
    reason=kept_text(),
)


def synergies(actor_ids: list[str]) -> st.SearchStrategy[Synergy]:
    """Synergies between these actors, and actors whose record is gone."""
    parties = st.builds(
        Party,
        actor_id=st.sampled_from([*actor_ids, "acteur-disparu"]),
        role=st.sampled_from(PartyRole),
        gain_eur_per_year=st.none() | st.floats(-1e9, 1e9),
        gain_note=kept_text(),
    )
    drawn = st.builds(
        Synergy,
        id=_id,
        title=_name,
        kind=st.sampled_from(SynergyKind),
        status=st.sampled_from(SynergyStatus),
        steps=st.lists(_steps, max_size=4).map(tuple),
        parties=st.lists(parties, max_size=3).map(tuple),
        resource_id=st.none() | _resource,
        description=kept_text(),
        owner=kept_text(),
        next_step=kept_text(),
        next_step_day=_maybe_day,
        reason=_name,
        mass_t_per_year=_amount,
        mass_uncertainty=_percent,
        reliability=st.sampled_from(Reliability),
        baseline_key=st.sampled_from(["", "landfill"]),
        distance_km=_amount,
        distance_source=kept_text(),
        offer_id=_maybe_id,
        need_id=_maybe_id,
        idea_id=_maybe_id,
        workshop_id=_maybe_id,
        visibility=st.sampled_from(Visibility),
        source=kept_text(),
        origin=st.sampled_from(Origin),
        revision=st.just(0),
    )
    return drawn.map(_consistent)


def _consistent(synergy: Synergy) -> Synergy:
    """Give the status of the last step, and no reason where none is needed half of the time."""
    status = synergy.steps[-1].status if synergy.steps else synergy.status
    reason = synergy.reason if status in NEED_A_REASON or len(synergy.title) % 2 else ""
    return replace(synergy, status=status, reason=reason)


subscribers: st.SearchStrategy[Subscriber] = _built(
    Subscriber,
    id=_id,
    name=_name,
    email=st.integers(1, 9999).map(lambda n: f"accueil{n}@exemple.fr"),
    actor_id=st.none(),
    commune_code=st.sampled_from(["", *CODES]),
    place_of=_places,
    radius_km=st.none() | st.floats(0.1, 1000),
    streams=st.lists(st.sampled_from(Stream), max_size=3, unique=True).map(tuple),
    consent_day=_maybe_day,
    consent_source=kept_text(),
    unsubscribed_day=_maybe_day,
    token=_name,
    origin=st.sampled_from(Origin),
)

attendances: st.SearchStrategy[Attendance] = st.builds(
    Attendance,
    id=_id,
    workshop_id=_id,
    name=_name,
    actor_id=st.none(),
    role=st.sampled_from(AttendeeRole),
    presence=st.sampled_from(Presence),
    table=st.integers(0, 200),
    origin=st.sampled_from(Origin),
    revision=st.just(0),
)
