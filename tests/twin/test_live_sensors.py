"""The stage that reviews sensors: what is told of whom, when, and what is no lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, watched
from calibration.incidents import Verdict
from models.streams import stream
from networks.roads.net_file import Net, NetEdge
from twin.cycle import MODES, Picture, Turn
from twin.live.sensors_now import Sensors

Floats = NDArray[np.float64]
ORIGIN = datetime(2026, 5, 4, tzinfo=UTC)
STREETS, PERIODS = 12, 60
NAMES = tuple(f"s{street}" for street in range(STREETS))
CARS = frozenset({"passenger"})


@dataclass
class Told:
    """Counts as far as they were told."""

    vehicles: Floats

    def up_to(self, now_s: float) -> tuple[Counts, Floats]:
        seen = self.vehicles[:, : round(now_s / 300.0)]
        return Counts(NAMES, NAMES, 0.0, 300.0, seen), np.full_like(seen, np.nan)


def days(seed: int, number: int) -> Floats:
    """Counts (number, S, T) of days that are alike."""
    mean = np.linspace(15.0, 40.0, STREETS)[:, None] * (1.0 + 0.3 * np.sin(np.arange(PERIODS) / 10.0))
    return stream(seed, "sensor days").poisson(mean, (number, STREETS, PERIODS)).astype(float)


def net() -> Any:
    lanes = (CARS, CARS)
    edges = tuple(
        NetEdge(name, f"{name}<", f"{name}>", "primary", "", 2, 13.9, 100.0, ((0, at), (100, at)), CARS, (), lanes)
        for at, name in enumerate(NAMES)
    )
    return watched(Net(edges, (), {}))


def faults(stage: Sensors, periods: range, verdicts: tuple[Verdict, ...] = ()) -> list[frozenset[str]]:
    """What is told after so many periods, one cycle each."""
    said = []
    for at in periods:
        now = ORIGIN + at * timedelta(minutes=5)
        turn = Turn(f"r{at}", now, MODES["normal"], 4, 1800.0, 60.0, None)
        after = stage.run(turn, replace(Picture(f"r{at}", now, ORIGIN), verdicts=verdicts))
        said.append(frozenset(f"{one.sensor}:{one.fault}" for one in after.issues))
    return said


def stage_of(vehicles: Floats, usual: Floats | None, folder: Path) -> Sensors:
    return Sensors(cast(Any, Told(vehicles)), net(), folder / "issues.json", usual)


def test_honest_sensors_are_left_alone_and_a_stuck_one_is_told_after_some_reviews(tmp_path: Path) -> None:
    *usual, today = days(1, 4)
    assert not any(faults(stage_of(today, np.array(usual), tmp_path), range(24, 60, 4)))
    today[3, 30:] = today[3, 30]
    said = faults(stage_of(today, np.array(usual), tmp_path), range(30, 50))
    assert "s3:stuck" in said[-1] and not any(said[:6]) and all(one <= {"s3:stuck"} for one in said)


def test_zero_for_less_than_half_an_hour_may_be_a_blocked_street(tmp_path: Path) -> None:
    *usual, today = days(2, 4)
    today[5, 30:] = 0.0
    said = faults(stage_of(today, np.array(usual), tmp_path), range(28, 46))
    first = next(at for at, one in zip(range(28, 46), said, strict=True) if one)
    assert 36 <= first <= 40 and said[-1] == {"s5:silent"}


def test_zero_where_an_incident_may_be_is_no_lie(tmp_path: Path) -> None:
    *usual, today = days(2, 4)
    today[5, 30:] = 0.0
    places = (("s4", 0.8), ("s5", 0.15), ("s9", 0.05))
    incident = Verdict("incident", "s4", (0, 1), "", 9000.0, 9600.0, 0.95, places)
    assert not any(faults(stage_of(today, np.array(usual), tmp_path), range(36, 46), (incident,)))
    elsewhere = replace(incident, places=(("s4", 0.95), ("s5", 0.05)))
    assert faults(stage_of(today, np.array(usual), tmp_path), range(36, 46), (elsewhere,))[-1] == {"s5:silent"}


def test_who_counts_too_little_is_told_after_an_hour_of_reviews(tmp_path: Path) -> None:
    *usual, today = days(4, 4)
    today[7] = np.round(0.4 * today[7])
    said = faults(stage_of(today, np.array(usual), tmp_path), range(30, 48))
    assert not any(said[:11]) and {one.rpartition(":")[0] for one in said[-1]} == {"s7"}


def test_usual_days_that_do_not_reach_so_far_are_not_asked(tmp_path: Path) -> None:
    *usual, today = days(3, 4)
    stage = stage_of(today, np.array(usual)[:, :, :40], tmp_path)
    assert not any(faults(stage, range(38, 60, 3)))
