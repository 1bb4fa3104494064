"""Each finder on pictures whose answer is known beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.health import Issue
from calibration.incidents import Verdict
from calibration.skill import Forecast
from networks.errors import StorageFailed
from networks.sentence import say
from twin.alarms import (
    CoverageFinder,
    Finding,
    IncidentFinder,
    PondingFinder,
    SensorFinder,
    SiteFinder,
    SpillbackFinder,
    Street,
    Streets,
    found,
    shipped_thresholds,
)
from twin.alarms.finders import lasting
from twin.cycle import Picture

NOW, ORIGIN = datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
NOW_S = 8 * 3600.0
THRESHOLDS = shipped_thresholds()
ROW = Streets({f"e{at}": Street(f"n{at}", f"n{at + 1}", 200.0, 2, 10.0) for at in range(4)})


def picture(*forecasts: Forecast, **more: Any) -> Picture:
    return Picture("run-1", NOW, ORIGIN, forecasts, **more)


def forecast(quantity: str, members: Any, places: tuple[str, ...] = ("p",)) -> Forecast:
    return Forecast("twin", quantity, places, NOW_S, NOW_S, 300.0, np.asarray(members, dtype=np.float64))


def traffic(flow: Any, speed: Any, places: tuple[str, ...] = ("e0",)) -> Picture:
    return picture(forecast("flow", flow, places), forecast("speed", speed, places))


SPILLBACK = SpillbackFinder(THRESHOLDS.spillback, ROW)


def test_a_street_is_full_from_the_flow_at_which_its_mean_queue_fills_half_of_it() -> None:
    """200 m of two lanes hold 400 / 7.6 = 52.6 vehicles; at 2 m/s each needs 100 s: half full at 79 in 300 s."""
    speed = np.full((4, 1, 6), 2.0)
    assert SPILLBACK.find(traffic(np.full((4, 1, 6), 79.0), speed))
    assert not SPILLBACK.find(traffic(np.full((4, 1, 6), 78.0), speed))


def test_a_street_that_is_full_but_moves_is_not_spilling_back() -> None:
    flow = np.full((4, 1, 6), 200.0)
    assert not SPILLBACK.find(traffic(flow, np.full((4, 1, 6), 3.1)))  # 31 % of the free 10 m/s
    assert SPILLBACK.find(traffic(flow, np.full((4, 1, 6), 3.0)))


def test_it_begins_with_the_first_of_two_full_periods_and_ends_with_the_last() -> None:
    flow, speed = np.full((4, 1, 6), 90.0), np.full((4, 1, 6), 9.0)
    speed[:, :, [0, 3, 4]] = 2.0  # the one alone is no queue that lasts
    (one,) = SPILLBACK.find(traffic(flow, speed))
    assert (one.begins, one.ends) == (NOW + timedelta(minutes=15), NOW + timedelta(minutes=25))
    assert (one.kind, one.subject, one.edges, one.at, one.run_id) == ("spillback", "e0", ("e0",), NOW, "run-1")


@pytest.mark.parametrize(("saying", "level"), [(1, None), (2, "IV"), (3, "IV"), (4, "III"), (8, "III")])
def test_the_share_of_members_decides_the_level(saying: int, level: str | None) -> None:
    speed = np.full((8, 1, 6), 9.0)
    speed[:saying] = 2.0
    told = SPILLBACK.find(traffic(np.full((8, 1, 6), 90.0), speed))
    assert [one.level for one in told] == ([level] if level else [])
    assert [one.probability for one in told] == ([saying / 8] if level else [])


def test_three_full_streets_that_touch_are_worse() -> None:
    places = ("e0", "e1", "e2", "e3")
    flow, speed = np.full((4, 4, 6), 90.0), np.full((4, 4, 6), 2.0)
    assert {one.level for one in SPILLBACK.find(traffic(flow, speed, places))} == {"II"}
    speed[:, 1:3] = 9.0
    assert {one.level for one in SPILLBACK.find(traffic(flow, speed, places))} == {"III"}


def test_short_streets_unknown_ones_and_streets_without_anybody_say_nothing() -> None:
    short = Streets({"e0": Street("a", "b", 59.0, 2, 10.0)})
    jam = traffic(np.full((4, 1, 6), 90.0), np.full((4, 1, 6), 2.0))
    assert not SpillbackFinder(THRESHOLDS.spillback, short).find(jam)
    assert not SPILLBACK.find(traffic(np.full((4, 1, 6), 90.0), np.full((4, 1, 6), 2.0), ("elsewhere",)))
    assert not SPILLBACK.find(traffic(np.full((4, 1, 6), 0.0), np.full((4, 1, 6), np.nan)))
    assert not SPILLBACK.find(picture())


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 4))
def test_lasting_keeps_runs_that_are_long_enough_and_nothing_else(row: list[bool], periods: int) -> None:
    text = "".join("x" if one else "." for one in row)
    runs = [run if len(run) >= periods else "." * len(run) for run in text.replace(".", " . ").split()]
    expected = [one == "x" for one in "".join(runs)]
    assert lasting(np.array(row), periods).tolist() == expected


def verdict(kind: str, probability: float, lanes: tuple[int, ...] = (0,)) -> Verdict:
    return Verdict(kind, "e1", lanes, "", NOW_S - 900.0, NOW_S, probability, (("e1", probability),), ("s1",))


def test_incidents_that_are_told_are_yellow_or_orange_and_doubts_are_blue() -> None:
    finder = IncidentFinder(THRESHOLDS.incident, ROW)

    def level(one: Verdict) -> list[str]:
        return [finding.level for finding in finder.find(picture(verdicts=(one,)))]

    assert level(verdict("incident", 0.9)) == ["III"]
    assert level(verdict("incident", 0.9, lanes=(0, 1))) == ["II"]
    assert level(verdict("open", 0.6)) == ["IV"]
    assert level(verdict("open", 0.4)) == []
    assert level(verdict("demand", 0.9)) == []


def test_an_incident_begins_when_it_began_and_is_told_once_a_street() -> None:
    told = IncidentFinder(THRESHOLDS.incident).find(
        picture(verdicts=(verdict("open", 0.6), verdict("incident", 0.9), verdict("incident", 0.85)))
    )
    (one,) = told
    assert (one.begins, one.probability, one.evidence) == (NOW - timedelta(minutes=15), 0.9, ("s1",))
    assert "since 07:45 UTC" in one.text["en"]


def test_people_are_told_times_by_the_city_s_clock() -> None:
    here = replace(picture(verdicts=(verdict("incident", 0.9),)), zone=ZoneInfo("Europe/Helsinki"))
    (one,) = IncidentFinder(THRESHOLDS.incident).find(here)
    assert "since 09:45" in one.text["en"] and "UTC" not in one.text["en"] and "09:45" in one.text["zh"]


def test_an_incident_lies_on_the_streets_that_together_are_as_likely_as_all_others() -> None:
    spread = (("e1", 0.2), ("e2", 0.2), ("e3", 0.15), ("e4", 0.1))
    sure, unsure = verdict("incident", 0.9), replace(verdict("incident", 0.9), places=spread)
    finder = IncidentFinder(THRESHOLDS.incident)
    assert [one.edges for one in finder.find(picture(verdicts=(sure,)))] == [("e1",)]
    assert [one.edges for one in finder.find(picture(verdicts=(unsure,)))] == [("e1", "e2", "e3")]


def test_ponding_levels_when_and_how_surely() -> None:
    depth = np.zeros((4, 1, 6))
    depth[:3, 0, 2:4] = [0.16, 0.31]
    (one,) = PondingFinder(THRESHOLDS.ponding, {"p": ("e1",)}, {"p": (9.9, 53.5)}).find(
        picture(forecast("depth", depth))
    )
    assert (one.level, one.probability) == ("II", 0.75)
    assert (one.begins, one.ends) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=20))
    assert (one.edges, one.place) == (("e1",), (9.9, 53.5))
    assert "0.31 m" in one.text["en"]
    assert "0.31 米" in one.text["zh"]
    assert not PondingFinder(THRESHOLDS.ponding).find(picture(forecast("depth", depth * 0.4)))


def test_what_nobody_says_is_no_water() -> None:
    assert not PondingFinder(THRESHOLDS.ponding).find(picture(forecast("depth", np.full((4, 1, 6), np.nan))))


@pytest.mark.parametrize(("people", "level"), [(690, None), (700, "IV"), (800, "III"), (900, "II"), (1000, "I")])
def test_a_site_is_told_by_what_it_holds(people: int, level: str | None) -> None:
    told = SiteFinder(THRESHOLDS.site, {"p": 1000.0}).find(picture(forecast("people", np.full((4, 1, 6), people))))
    assert [one.level for one in told] == ([level] if level else [])
    assert not SiteFinder(THRESHOLDS.site, {}).find(picture(forecast("people", np.full((4, 1, 6), people))))


@pytest.mark.parametrize(("seconds", "level"), [(479, None), (480, "IV"), (600, "III"), (720, "II"), (960, "I")])
def test_coverage_is_told_by_its_target(seconds: int, level: str | None) -> None:
    times = picture(forecast("response_time", np.full((4, 1, 6), seconds)))
    assert [one.level for one in CoverageFinder(THRESHOLDS.coverage).find(times)] == ([level] if level else [])
    assert not CoverageFinder(THRESHOLDS.coverage, {"p": 1000.0}).find(times)


def issue(sensor: str, fault: str, state: str = "open", reopened: int = 0) -> Issue:
    since = "2026-11-02T07:00:00+00:00"
    return Issue(f"{sensor}:{fault}", sensor, fault, state, "", since, since, 1, reopened, say("0 all day", "全天为零"))


def test_sensors_worst_fault_once_and_nothing_of_those_that_are_looked_after() -> None:
    told = SensorFinder(THRESHOLDS.sensor, {"s1": "e1"}).find(
        picture(
            issues=(
                issue("s1", "noise"),
                issue("s1", "silent"),
                issue("s2", "stuck", "acknowledged"),
                issue("s3", "level"),
                issue("s4", "stuck", reopened=2),
            )
        )
    )
    assert [(one.subject, one.level, one.cause) for one in told] == [
        ("s1", "III", "sensor:silent"),
        ("s3", "IV", "sensor:level"),
        ("s4", "II", "sensor:stuck"),
    ]
    assert told[0].edges == ("e1",)


def test_a_finder_that_fails_keeps_no_other_from_looking() -> None:
    class Broken:
        kind = "coverage"

        def find(self, _: Picture) -> list[Finding]:
            raise StorageFailed("the disk is away")

    told, failed = found([Broken(), PondingFinder(THRESHOLDS.ponding)], picture(forecast("depth", np.ones((2, 1, 2)))))
    assert [one.kind for one in told] == ["ponding"]
    assert "nobody looked for coverage" in failed[0]["en"]
