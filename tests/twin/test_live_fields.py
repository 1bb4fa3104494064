"""Arrays and places that the page draws, against closed forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from shapely import LineString

from twin.live.fields import CallState, LiveFields, _ratio
from twin.live.unit_places import unit_places

START = datetime(2026, 7, 17, 14, tzinfo=UTC)
LINES = {"a": LineString([(0, 0), (100, 0)]), "b": LineString([(100, 0), (100, 300)])}


@dataclass(frozen=True)
class Unit:
    unit_id: str
    edge_id: str


def fields(*calls: CallState, minutes: int = 10) -> LiveFields:
    zeros = np.zeros((minutes, 2))
    counts = np.arange(minutes)[:, None] * np.array([[1.0, 2.0]])
    there = np.stack([counts, np.zeros_like(counts)])
    return LiveFields(
        START, zeros, zeros, counts[None], there, 4.0 * there, zeros[:, 0], zeros[:, 0], zeros > 0, {}, calls, 1
    )


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("now_s", "place", "state"),
    [
        (50.0, (50.0, 0.0), "base"),
        (100.0, (0.0, 0.0), "under way"),
        (150.0, (100.0, 0.0), "under way"),
        (200.0, (100.0, 100.0), "under way"),
        (300.0, (100.0, 300.0), "at scene"),
        (900.0, (100.0, 300.0), "at scene"),
    ],
)
def test_an_ambulance_goes_evenly_along_its_route(now_s: float, place: tuple[float, float], state: str) -> None:
    call = CallState("c", "b", 60.0, "u1", dispatch_s=100.0, arrival_s=300.0, route=("a", "b"))
    (found,) = unit_places([Unit("u1", "a")], fields(call), LINES, at(now_s))
    assert (found.x, found.y, found.state) == (*place, state)


def test_one_that_has_not_arrived_is_still_under_way_and_others_stay() -> None:
    call = CallState("c", "b", 60.0, "u1", dispatch_s=100.0, arrival_s=float("nan"), route=("a", "b"))
    first, second = unit_places([Unit("u1", "a"), Unit("u2", "b")], fields(call), LINES, at(99_999.0))
    assert first.state == "under way" and (second.x, second.y, second.state) == (100.0, 150.0, "base")


def test_counts_are_summed_over_exactly_the_minutes_asked_for() -> None:
    made = fields()
    assert made.counted(1, at(120), at(300)) == 2 * (2 + 3 + 4)
    assert made.counted(0, at(-600), at(60)) == 0.0
    assert made.counted(0, at(540), at(9999)) == 9.0
    assert [made.minute(at(s)) for s in (-5, 0, 59, 60, 99_999)] == [0, 0, 0, 1, 9]


def test_steps_are_whole_and_speed_is_weighted_by_who_is_there_in_each_member() -> None:
    made = fields()
    assert made.in_steps(made.counts, at(120), 180.0).tolist() == [[[2 + 3 + 4, 5 + 6 + 7], [18, 36]]]
    speed = made.speed_mps(at(0), 300.0)
    assert speed.shape == (2, 2, 2) and np.isnan(speed[1]).all() and (speed[0] == 4.0).all()
    assert made.in_steps(made.counts, at(420), 300.0).shape == (1, 2, 0)


def test_speed_is_weighted_by_vehicles_over_the_last_five_minutes_and_unknown_without_any() -> None:
    present = np.array([[1.0, 0.0], [3.0, 0.0], *[[0.0, 0.0]] * 6])
    moved = present * np.array([[10.0, 0.0], [2.0, 0.0], *[[0.0, 0.0]] * 6])
    ratio = _ratio(present, moved, np.array([10.0, 10.0]))
    assert ratio[0, 0] == 1.0 and ratio[1, 0] == pytest.approx((10 + 6) / 4 / 10)
    assert ratio[4, 0] == ratio[1, 0] and ratio[5, 0] == pytest.approx(0.2)
    assert np.isnan(ratio[6, 0]) and np.isnan(ratio[:, 1]).all()
