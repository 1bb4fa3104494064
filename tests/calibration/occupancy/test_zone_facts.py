"""Opening hours, ground and gates beside the counters: nobody is in a shut site, and impossible counts are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from calibration.observation import Observation, ObservationTable
from calibration.occupancy import OUTSIDE, Counter, Followed, ZoneFacts, follow, foresee
from calibration.occupancy.counters import layout_of
from calibration.occupancy.following import series_of
from models.crowd.sites import VisitSite
from models.emergency.resources.shift import Shift
from twin.zones_now import facts_of

BEGIN = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
HOURS = (Shift(9 * 60, 17 * 60),)
DOORS = [
    Counter("in", "person_count", OUTSIDE, "hall", 1.0, 0.05, "t"),
    Counter("out", "person_count", "hall", OUTSIDE, 1.0, 0.05, "t"),
    Counter("cam", "presence", "hall", "hall", 1.0, 0.1, "t"),
]


def told(hours: int, *, last_in: int = 17, burst: float = 0.0, seen: float | None = None) -> ObservationTable:
    """From 9 o'clock on 20 come and 12 leave in five minutes; the door out tells nothing after 17:00."""
    table = ObservationTable(keep_s=1e6)
    for period in range(12 * hours):
        at = BEGIN + timedelta(seconds=300 * period)
        came = 20.0 + period % 3 if 9 <= at.hour < last_in else 0.0
        left = 12.0 + period % 2 if 9 <= at.hour < 17 else 0.0
        came += burst if period == 40 else 0.0
        for name, size in (("in", came), ("out", left)):
            table.add(Observation(name, "person_count", at, 300.0, size, "good", at))
        if seen is not None and (period in (50, 51) or seen < 1000.0):
            table.add(Observation("cam", "presence", at, 0.0, seen + period, "good", at))
    return table


def followed(table: ObservationTable, facts: ZoneFacts, hours: int = 11) -> Followed:
    layout = layout_of(DOORS if any(one.sensor_id == "cam" for one in table) else DOORS[:2])
    return follow(layout, table, BEGIN, BEGIN + timedelta(hours=hours), facts={"hall": facts})


def test_nobody_is_left_in_a_site_that_has_been_shut_for_a_while() -> None:
    found = followed(told(11), ZoneFacts(HOURS))
    people = dict(zip(found.times, (one.mean for one in found.people["hall"]), strict=True))
    assert people[BEGIN + timedelta(hours=9)] > 500.0
    assert people[BEGIN + timedelta(hours=9, minutes=45)] < 3.0
    assert found.contradictions == ()
    without = followed(told(11), ZoneFacts())
    assert without.people["hall"][-1].mean > 500.0


def test_hours_that_the_counts_contradict_are_told_and_not_used() -> None:
    found = followed(told(11, last_in=20), ZoneFacts(HOURS))
    assert [(one.kind, one.where) for one in found.contradictions] == [("shut", "hall")]
    assert found.people["hall"][-1].mean > 500.0
    assert "counted in while its hours shut it" in found.contradictions[0].told["en"]


def test_more_than_the_gates_let_in_and_the_ground_holds_is_left_out() -> None:
    table = told(6, burst=5000.0, seen=90000.0)
    wrong = followed(table, ZoneFacts(area_m2=2000.0, in_per_min=30.0), 6)
    assert [(one.kind, one.where) for one in wrong.contradictions] == [
        ("impossible", "in"), ("impossible", "cam"), ("silent", "cam")
    ]  # fmt: skip
    assert 400.0 < wrong.people["hall"][-1].mean < 620.0
    assert "225 is the most that its zone's gates let in" in wrong.contradictions[0].told["en"]


@pytest.mark.parametrize("doors", [2, 3])
def test_a_forecast_keeps_the_hours(doors: int) -> None:
    layout = layout_of(DOORS[:doors] if doors == 2 else DOORS[2:])
    table = told(8, seen=400.0)
    found = follow(layout, table, BEGIN, BEGIN + timedelta(hours=8))
    soon = foresee(found.filter, found.times[-1], 24, facts={"hall": ZoneFacts(HOURS)})
    people = dict(zip(soon.times, soon.people["hall"], strict=True))
    assert people[BEGIN + timedelta(hours=9)].mean > 200.0, "it is open until 17:00"
    assert people[BEGIN + timedelta(hours=10)].high < 60.0
    assert foresee(found.filter, found.times[-1], 24).people["hall"][-1].mean > 200.0


def test_a_site_that_is_only_seen_follows_what_is_seen() -> None:
    found = follow(layout_of(DOORS[2:]), told(3, seen=400.0), BEGIN, BEGIN + timedelta(hours=3))
    last = found.people["hall"][-1]
    assert last.low < 435.0 < last.high and last.mean == pytest.approx(435.0, rel=0.1) and found.contradictions == ()


def test_a_night_is_one_opening() -> None:
    bar = ZoneFacts((Shift(20 * 60, 2 * 60),))
    times = [BEGIN + timedelta(hours=hour) for hour in range(24)]
    assert [at.hour for at, is_open in zip(times, bar.opened(times), strict=True) if is_open] == [20, 21, 22, 23, 0, 1]


def test_gates_count_where_all_have_a_rate() -> None:
    from models.crowd.sites import Gate
    from models.crowd.sites.alarms import AlarmLevels
    from models.crowd.sites.site import Sites

    gates = (Gate("a", 0, 0, 0, 0, 60.0), Gate("b", 0, 0, 0, 0, 30.0))
    one = VisitSite("hall", "", "", 0, 0, 0, 0, 50.0, "", None, gates, None, HOURS, None, 1.0, "t")
    more = (*gates, Gate("c", 0, 0, 0, 0))
    two = VisitSite("yard", "", "", 0, 0, 0, 0, None, "", None, more, None, (), None, 1.0, "")
    facts = facts_of(Sites((one, two), AlarmLevels()), ("hall", "yard"))
    assert facts == {"hall": ZoneFacts(HOURS, 50.0, 90.0), "yard": ZoneFacts()}


def test_numbers_of_the_same_time_count_once_and_long_ones_are_shared_out() -> None:
    table = ObservationTable(keep_s=1e6)
    for period in range(36):
        at = BEGIN + timedelta(seconds=300 * period)
        table.add(Observation("in", "person_count", at, 300.0, 20.0 + period % 3, "good", at))
        table.add(Observation("in", "person_count", at + timedelta(seconds=120), 300.0, 20.0, "good", at))
        table.add(Observation("cam", "person_count", at, 300.0, 20.0, "good", at))
        if period % 3 == 0:
            table.add(Observation("out", "person_count", at, 900.0, 45.0 + 3.0 * (period // 3 % 3), "good", at))
    layout = layout_of(DOORS)
    times = [BEGIN + timedelta(seconds=300 * period) for period in range(36)]
    assert series_of(layout, table, "in", times, 300.0) == [20.0 + period % 3 for period in range(36)]
    assert series_of(layout, table, "out", times, 300.0) == [15.0 + period // 3 % 3 for period in range(36)]
    assert series_of(layout, table, "out", times[::6], 1800.0) == [93.0, 96.0, 99.0] * 2
    found = follow(layout, table, BEGIN, BEGIN + timedelta(hours=3))
    assert found.people["hall"][-1].mean == pytest.approx(36 * 5, rel=0.2)
    kinds = [(one.kind, one.where) for one in found.contradictions]
    assert ("overlapping", "in") in kinds and ("other_measure", "cam") in kinds
    told = {one.where: one.told["en"] for one in found.contradictions if one.kind == "silent"}
    assert told["cam"] == "cam has told nothing at all"
