"""Nobody sees the future: what is handed over is cut, and does not change with what comes later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibration.experiment.day import Day
from benchmarks.calibration.experiment.known import cut_places, cut_sensors, raining
from benchmarks.calibration.experiment.paths import travel_times
from benchmarks.calibration.experiment.sensors import FAULTS, NOISE, place_sensors, watch

EDGES = tuple(f"e{number}" for number in range(40))


def some_day(seed: int = 0) -> Day:
    rng = np.random.default_rng(seed)
    flow = rng.poisson(20.0, (40, 12)).astype(float)
    known = 300.0 * np.arange(1, 13) + rng.uniform(0, 900, (2, 12))
    return Day(EDGES, 0.0, 300.0, flow, rng.uniform(3, 14, (40, 12)), ("p", "q"), rng.uniform(60, 99, (2, 12)), known)


@given(st.integers(0, 11), st.floats(0, 299))
def test_what_is_known_does_not_depend_on_what_comes(over: int, later_s: float) -> None:
    now_s = 300.0 * over + later_s
    day, other = some_day(0), some_day(1)
    future = Day(
        EDGES, 0.0, 300.0,
        np.hstack([day.flow[:, :over], other.flow[:, over:]]),
        np.hstack([day.speed_mps[:, :over], other.speed_mps[:, over:]]),
        day.paths, np.where(day.travel_known_s <= now_s, day.travel_time_s, other.travel_time_s), day.travel_known_s,
    )  # fmt: skip
    for name, seen in cut_places(day, EDGES[:5], now_s).items():
        assert seen.values.shape[1] == over
        np.testing.assert_array_equal(seen.values, cut_places(future, EDGES[:5], now_s)[name].values)
    said = [cut_sensors(watch(one, EDGES[5:9], {}, 1, "truth"), now_s) for one in (day, future)]
    assert said[0].counts.shape == (4, over)
    np.testing.assert_array_equal(said[0].counts, said[1].counts)
    np.testing.assert_array_equal(said[0].speeds_mps, said[1].speeds_mps)
    assert said[0].counts.base is None  # a copy: the rest of the day cannot be reached through it


def test_a_travel_time_is_known_when_the_last_has_arrived() -> None:
    vehicles = [
        (("a", "b", "c"), (100.0, 200.0, 400.0)),
        (("a", "b", "c"), (250.0, 500.0, 1000.0)),
        (("a", "b", "c"), (290.0, 600.0, -1.0)),  # still on the way
        (("b", "c"), (50.0, 90.0)),  # set out on the path, nobody knows when it entered
    ]
    times, known = travel_times(vehicles, [("b", "c")], 0.0, 300.0, 2)
    assert times[0, 0] == pytest.approx((300.0 + 750.0) / 2)
    assert known[0, 0] == 1000.0
    assert np.isnan(times[0, 1])
    day = some_day()
    day = Day(EDGES, 0.0, 300.0, day.flow[:, :2], day.speed_mps[:, :2], ("p",), times, known)
    assert np.isnan(cut_places(day, EDGES[:1], 900.0)["travel_time"].values).all()
    assert cut_places(day, EDGES[:1], 1000.0)["travel_time"].values[0, 0] == times[0, 0]


def test_a_fifth_has_sensors_and_a_fifth_of_these_lie_in_each_way() -> None:
    edges, liars = place_sensors(tuple(f"e{number:03d}" for number in range(200)), 1)
    assert len(edges) == len(set(edges)) == 40
    assert len(liars) == 8
    assert set(liars) <= set(edges)
    assert sorted(liars.values()) == sorted(2 * list(FAULTS))


def test_sensors_err_by_their_noise_and_lie_when_they_are_told_to() -> None:
    many = tuple(f"e{number}" for number in range(1000))
    day = Day(
        many,
        0.0,
        300.0,
        np.full((1000, 12), 1000.0),
        np.full((1000, 12), 10.0),
        (),
        np.empty((0, 12)),
        np.empty((0, 12)),
    )
    said = watch(day, many, {"e0": "double"}, 1, "truth")
    honest = said.counts[1:] / 1000.0
    assert np.std(honest.mean(axis=1)) == pytest.approx(NOISE, rel=0.1)
    assert np.abs(honest - honest[:, :1]).max() < 1e-9  # one factor for the whole day
    again = watch(day, many, {}, 1, "truth")
    np.testing.assert_array_equal(said.counts[0], 2 * again.counts[0])
    np.testing.assert_array_equal(said.counts[1:], again.counts[1:])
    assert np.std(said.speeds_mps / 10.0) == pytest.approx(NOISE, rel=0.1)


def test_rain_is_where_it_falls() -> None:
    assert raining(0.0, 300.0, 4, (301.0, 600.0)).tolist() == [False, True, False, False]
    assert raining(0.0, 300.0, 4, (299.0, 601.0)).tolist() == [True, True, True, False]
    assert not raining(0.0, 300.0, 4, None).any()
