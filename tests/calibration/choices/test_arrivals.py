"""Who sets out at a source, from doors, parked vehicles and boardings whose truth is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from calibration import Observation, ObservationTable
from calibration.choices.arrivals import Arrived, arrived
from calibration.occupancy.counters import OUTSIDE, Counter, layout_of

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
PERIOD_S, PERIODS = 600.0, 60
TRUE = 400.0 * np.exp(-0.5 * ((np.arange(PERIODS) - 14) / 5.0) ** 2)
FORETOLD = np.full(PERIODS, 3000.0 / PERIODS)


def told(counters: list[Counter], series: dict[str, np.ndarray], foretold: np.ndarray = FORETOLD) -> Arrived | None:
    """What is learnt of the source `gate` from these counters; each has a series, NaN where it is silent."""
    table, times = ObservationTable(keep_s=1e9), [BEGIN + timedelta(seconds=PERIOD_S * at) for at in range(PERIODS)]
    for sensor, numbers in series.items():
        one = next(counter for counter in counters if counter.sensor_id == sensor)
        length = PERIOD_S if one.passing else 0.0
        for time, number in zip(times, numbers, strict=True):
            if number == number:
                table.add(Observation(sensor, one.measure, time, length, float(number), "good", time))
    return arrived("gate", foretold, layout_of(counters), table, times, PERIOD_S)


def door(sensor: str, begins: str, ends: str) -> Counter:
    return Counter(sensor, "person_count", begins, ends, 1.0, 0.05, "us")


CARS = Counter("cars", "parked_vehicles", "gate", "gate", 0.4, 0.1, "us")


def test_parked_vehicles_tell_when_and_how_many_come() -> None:
    stay = 24
    there = np.cumsum(TRUE) - np.concatenate([np.zeros(stay), np.cumsum(TRUE)[:-stay]])
    noise = np.random.default_rng(1).normal(0, 2, PERIODS)
    found = told([CARS], {"cars": np.maximum(np.round(0.4 * there + noise), 0)})
    assert found is not None and found.sd == pytest.approx(np.hypot(0.1, 0.1))
    fullest = int(there.argmax())
    assert found.people[:fullest].sum() == pytest.approx(TRUE[:fullest].sum(), rel=0.05)
    error = np.abs(found.people[:fullest] - TRUE[:fullest]).sum() / TRUE[:fullest].sum()
    file = np.abs(FORETOLD[:fullest] - TRUE[:fullest]).sum() / TRUE[:fullest].sum()
    assert error < 0.25 and error < 0.3 * file and (found.people >= 0).all()
    assert "people by the vehicles that stand there" in found.told["en"] and "停放车辆" in found.told["zh"]


def test_an_empty_car_park_and_one_that_is_silent_tell_nothing() -> None:
    assert told([CARS], {"cars": np.zeros(PERIODS)}) is None
    assert told([CARS], {}) is None


def test_all_doors_count_for_themselves_and_go_before_cars() -> None:
    seen = TRUE.copy()
    seen[5:8] = np.nan
    found = told([door("out", "gate", OUTSIDE), CARS], {"out": seen, "cars": TRUE})
    assert found is not None and found.sd == 0.05
    assert np.allclose(found.people, np.where(np.isnan(seen), FORETOLD, seen))


def test_who_goes_home_there_came_from_there_when_the_evening_was_counted() -> None:
    counters = [door("board", OUTSIDE, "gate"), Counter("cam", "presence", "x", "x", 1.0, 0.1, "us")]
    back = np.concatenate([np.zeros(30), np.full(30, 50.0)])
    found = told(counters, {"board": back})
    assert found is not None and found.people.sum() == pytest.approx(1500) and "1500 went home" in found.told["en"]
    assert np.allclose(found.people / found.people.sum(), FORETOLD / FORETOLD.sum())
    back[-3:] = np.nan
    assert told(counters, {"board": back}) is None, "the last to leave were not counted"


def test_some_doors_tell_the_times_alone() -> None:
    counters = [door("north", "gate", OUTSIDE), door("south", "gate", "square"), door("in", OUTSIDE, "square")]
    found = told([counters[0], *counters[2:]], {"north": TRUE})
    assert found is not None and found.sd == 0.05, "the only door out is all of them"
    layout = layout_of([counters[0]], [("gate", "square")])
    table = ObservationTable(keep_s=1e9)
    times = [BEGIN + timedelta(seconds=PERIOD_S * at) for at in range(PERIODS)]
    for time, number in zip(times, TRUE, strict=True):
        table.add(Observation("north", "person_count", time, PERIOD_S, float(0.5 * number), "good", time))
    part = arrived("gate", FORETOLD, layout, table, times, PERIOD_S)
    assert part is not None and part.sd is None and part.people.sum() == pytest.approx(3000)
    assert np.allclose(part.people / 3000, TRUE / TRUE.sum())
