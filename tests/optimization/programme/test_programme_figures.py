"""Figures of the programme over a period, counted from records built here."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import load_figures
from data.model import (
    Actor,
    ActorKind,
    Attendance,
    College,
    Event,
    EventKind,
    FlowStudy,
    Party,
    PartyRole,
    Plan,
    PositionPrecision,
    Round,
    StatusStep,
    StudyState,
    Synergy,
    SynergyStatus,
    Visibility,
    Visit,
    VisitKind,
    Workshop,
)
from data.nomenclature import load_resources
from optimization.programme import ProgrammeFigures, Records, programme_figures

S = SynergyStatus
RESOURCES = {one.id: one for one in load_resources()}
FOOD_WASTE = next(one.id for one in RESOURCES.values() if one.stream.value == "biowaste")


def actor(name: str, commune: str = "24037", college: College = College.PRIVATE) -> Actor:
    """Return one actor."""
    return Actor(
        id=name, name=name, kind=ActorKind.COMPANY, college=college, commune_code=commune,
        lon=0.5, lat=44.8, position_precision=PositionPrecision.ADDRESS,
    )  # fmt: skip


def synergy(name: str, *steps: tuple[SynergyStatus, str], **fields: object) -> Synergy:
    """Return one synergy with these steps."""
    written = tuple(StatusStep(status=status, day=day, reason="r") for status, day in steps)
    made = Synergy(
        id=name, title=name, steps=written, reason="r",
        status=written[-1].status if written else S.IDEA,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def count(records: Records, first: str, last: str) -> ProgrammeFigures:
    """Count between two ISO dates."""
    return programme_figures(
        records,
        start=dt.date.fromisoformat(first),
        end=dt.date.fromisoformat(last),
        resources=RESOURCES,
        figures=load_figures(),
    )


def test_final_studies_of_the_period_only() -> None:
    """Drafts and visits of other days do not count; drafts are told."""
    study = FlowStudy(id="1", actor_id="a", day="2026-03-01", state=StudyState.FINAL)
    records = Records(
        actors=(actor("a"), actor("b")),
        studies=(
            study,
            replace(study, id="2", day="2025-12-31"),
            replace(study, id="3", state=StudyState.DRAFT),
        ),
    )
    found = count(records, "2026-01-01", "2026-12-31")
    assert found.fact("studies").ids == ("1",)
    assert found.fact("active").ids == ("a",)
    assert found.fact("actors").value == 2
    assert any("brouillon" in note for note in found.notes)


def test_attendance_sums_only_what_was_counted() -> None:
    """An event without a count is an event, and is told apart; nobody counted is unknown."""
    event = Event(id="1", name="Soirée", day="2026-03-01", kind=EventKind.EVENING, attendance=40)
    silent = replace(event, id="2", attendance=None)
    found = count(Records(events=(event, silent)), "2026-01-01", "2026-12-31")
    assert (found.fact("events").value, found.fact("attendance").value) == (2, 40)
    assert "1 temps fort sans comptage" in found.fact("attendance").how.replace("\u202f", " ")
    alone = count(Records(events=(silent,)), "2026-01-01", "2026-12-31")
    assert alone.fact("attendance").value is None


def test_event_counts_in_the_period_it_begins() -> None:
    """An event over New Year's Eve counts once, in the year it begins."""
    event = Event(id="1", name="Forum", day="2025-12-30", end_day="2026-01-02")
    records = Records(events=(event,))
    assert count(records, "2025-01-01", "2025-12-31").fact("events").value == 1
    assert count(records, "2026-01-01", "2026-12-31").fact("events").value == 0


def test_statuses_at_the_end_and_passed_through() -> None:
    """The last day's status is one thing, the statuses gone through another."""
    records = Records(
        synergies=(
            synergy("a", (S.IDEA, "2025-06-01"), (S.DISCUSSION, "2026-02-01"),
                    (S.REALISED, "2026-05-01")),
            synergy("b", (S.IDEA, "2025-06-01")),
            synergy("c", (S.IDEA, "2027-01-01")),
            synergy("d"),
        )
    )  # fmt: skip
    found = count(records, "2026-01-01", "2026-12-31")
    at_end = {row.key.partition(":")[2]: row.ids for row in found.by_status.rows if row.ids}
    assert at_end == {"realised": ("a",), "idea": ("b",)}
    entered = {row.key.partition(":")[2]: row.ids for row in found.entered.rows if row.ids}
    assert entered == {"discussion": ("a",), "realised": ("a",)}
    assert found.fact("realised").ids == ("a",)
    assert found.fact("synergies").value == 2
    assert any("sans étape datée" in note for note in found.notes)


def test_tonnes_by_the_days_at_work() -> None:
    """Half a year of 10 t/an is worth about 5 t, with the synergy's own margin."""
    made = synergy("a", (S.REALISED, "2026-07-02"), mass_t_per_year=10.0, mass_uncertainty=0.2)
    found = count(Records(synergies=(made,)), "2026-01-01", "2026-12-31")
    tonnes = found.fact("tonnes")
    assert tonnes.value == pytest.approx(10 * 183 / 365.25)
    assert (tonnes.low, tonnes.high) == pytest.approx((8 * 183 / 365.25, 12 * 183 / 365.25))
    assert found.fact("rate").value == 10


def test_events_to_come_are_shown_and_not_counted() -> None:
    """An event planned for next month is on the line of time, and in no figure yet."""
    past = Event(id="1", name="Soirée", day="2026-03-01", attendance=40)
    records = Records(events=(past, replace(past, id="2", day="2026-12-10", attendance=None)))
    found = programme_figures(
        records,
        start=dt.date(2026, 1, 1),
        end=dt.date(2026, 12, 31),
        today=dt.date(2026, 11, 23),
    )
    assert [one.id for one in found.events] == ["1", "2"]
    assert found.fact("events").ids == ("1",)
    assert any("à venir" in note for note in found.notes)


def test_days_to_come_keep_nothing() -> None:
    """In the middle of a year, the tonnes are those of the days gone by, and a note says so."""
    made = synergy("a", (S.REALISED, "2025-01-01"), mass_t_per_year=10.0)
    records = Records(synergies=(made,))
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    half = programme_figures(records, start=first, end=last, today=dt.date(2026, 6, 30))
    assert half.fact("tonnes").value == pytest.approx(10 * 181 / 365.25)
    assert any("pas finie" in note for note in half.notes)
    to_come = programme_figures(records, start=first, end=last, today=dt.date(2025, 6, 30))
    assert to_come.fact("tonnes").value == 0


def test_carbon_from_the_gains_of_each_synergy() -> None:
    """CO₂e avoided is the formula of the gains; an unknown former treatment is told, not zero."""
    figures = load_figures()
    treatment = figures.in_category("treatment")[0]
    made = synergy(
        "a", (S.REALISED, "2025-01-01"), mass_t_per_year=12.0, resource_id=FOOD_WASTE,
        baseline_key=treatment.key,
    )  # fmt: skip
    records = Records(synergies=(made,))
    found = count(records, "2026-01-01", "2026-12-31").fact("co2e")
    assert found.value == pytest.approx(12 * treatment.value / 1000 * 365 / 365.25)
    unknown = count(
        Records(synergies=(replace(made, baseline_key=""),)), "2026-01-01", "2026-12-31"
    ).fact("co2e")
    assert unknown.value is None
    assert "dont on ne peut rien dire" in unknown.how


def test_confidential_masses_never_leave() -> None:
    """A confidential synergy counts as one, and adds nothing to tonnes nor CO₂e."""
    made = synergy(
        "a", (S.REALISED, "2025-01-01"), mass_t_per_year=12.0, visibility=Visibility.CONFIDENTIAL
    )
    found = count(Records(synergies=(made,)), "2026-01-01", "2026-12-31")
    assert found.fact("synergies").value == 1
    assert found.fact("tonnes").value == found.fact("rate").value == 0
    assert any("confidentielle" in note for note in found.notes)


def test_last_plan_of_a_scenario_counts() -> None:
    """Two plans of one scenario are drafts of the same rounds: the last one counts."""
    visit = Visit(
        kind=VisitKind.END, place_id="d", arrival_s=0, wait_s=0, service_s=0, distance_m=12_000,
        travel_s=0, load_kg=0, load_containers=0,
    )  # fmt: skip
    plan = Plan(
        id="p1", scenario_id="s", name="P", created_at="2026-03-01T08:00:00+00:00", unserved=(),
        rounds=(Round(vehicle_id="v", vehicle_number=1, visits=(visit,)),), travel_source="t",
        travel_margin=0.25, engine="e", cost_eur=1.0,
    )  # fmt: skip
    later = replace(plan, id="p2", created_at="2026-03-02T08:00:00+00:00")
    found = count(Records(plans=(plan, later)), "2026-01-01", "2026-12-31")
    assert found.fact("rounds").ids == ("p2",)
    km = found.fact("km")
    assert (km.value, km.low, km.high) == (12, 9, 15)


def test_an_epci_keeps_its_own() -> None:
    """Narrowed to communes, only their actors, workshops and synergies remain."""
    records = Records(
        actors=(actor("in"), actor("out", commune="99999")),
        workshops=(Workshop(id="w", name="W", day="2026-03-01", code="A", commune_code="99999"),),
        attendances=(Attendance(id="x", workshop_id="w", name="E", actor_id="in"),),
        synergies=(
            synergy("both", (S.IDEA, "2026-01-01"),
                    parties=(Party(actor_id="in", role=PartyRole.GIVER),
                             Party(actor_id="out", role=PartyRole.TAKER))),
            synergy("far", (S.IDEA, "2026-01-01"),
                    parties=(Party(actor_id="out", role=PartyRole.GIVER),)),
        ),
    )  # fmt: skip
    found = count(records.within({"24037"}), "2026-01-01", "2026-12-31")
    assert found.fact("actors").ids == ("in",)
    assert found.fact("workshops").value == 0
    assert found.fact("synergies").ids == ("both",)


DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


@given(
    st.lists(
        st.tuples(st.lists(st.tuples(st.sampled_from(S), DAYS), max_size=4), st.floats(0, 1e4)),
        max_size=6,
    ),
    st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 30)),
)
def test_halves_of_a_period_add_up(
    made: list[tuple[list[tuple[SynergyStatus, dt.date]], float]], cut: dt.date
) -> None:
    """Cut anywhere, the tonnes and days of two halves are those of the whole period."""
    records = Records(
        synergies=tuple(
            synergy(
                f"s{n}", *sorted(((s, d.isoformat()) for s, d in steps), key=lambda p: p[1]),
                mass_t_per_year=mass,
            )
            for n, (steps, mass) in enumerate(made)
        )
    )  # fmt: skip
    after = cut + dt.timedelta(days=1)
    whole = count(records, "2025-01-01", "2026-12-31")
    halves = [
        count(records, "2025-01-01", cut.isoformat()),
        count(records, after.isoformat(), "2026-12-31"),
    ]
    assert whole.fact("tonnes").value == pytest.approx(
        sum(half.fact("tonnes").value or 0 for half in halves)
    )
    assert halves[1].by_status == whole.by_status
    for fact in whole.facts:
        assert fact.how.endswith(".")
        assert fact.unit
