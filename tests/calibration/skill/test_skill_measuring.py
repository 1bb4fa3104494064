"""What forecasts were worth, on cases that all sources spoke of."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.skill import Outcome, measure


def outcome(source: str, median: list[float], seen: list[float], *, begin_s: float = 0.0, by: str = "") -> Outcome:
    said = np.array(median)
    places = np.array([f"e{n}" for n in range(len(median))])
    return Outcome(
        source, "flow", 0.0, begin_s, 300.0, places, np.array(seen), said, said - 2.0, said + 2.0,
        np.abs(said - np.array(seen)), np.full(len(median), by or source),
    )  # fmt: skip


def test_sources_are_held_against_each_other_on_the_same_cases() -> None:
    seen, nan = [10.0, 20.0, 30.0, np.nan], np.nan
    told = [
        outcome("twin", [11.0, 20.0, 90.0, 1.0], seen),
        outcome("blend", [14.0, 24.0, nan, 1.0], seen),
        outcome("persistence", [15.0, 25.0, 30.0, 1.0], seen),
        outcome("served", [11.0, 20.0, 30.0, 1.0], seen, by="twin"),
    ]
    found = measure(told)
    (row,) = found.rows["quantity"]
    assert row.cases == 2 and row.error == {"twin": 0.5, "blend": 4.0, "persistence": 5.0, "served": 0.5}
    assert (row.judged, row.best) == ("served", "blend") and row.gain == row.error_gain == pytest.approx(1 - 0.5 / 4)
    assert row.held == {"twin": 1.0, "blend": 0.0, "persistence": 0.0, "served": 1.0} and row.behind == {"twin": 1.0}
    assert found.unanswered == {"flow": 0.25}
    assert [one.key for one in found.rows["place"]] == ["e0", "e1"]
    assert [one.key for one in found.rows["horizon"]] == [300.0]


def test_a_flow_that_drops_to_less_than_half_is_an_event() -> None:
    told = [outcome("twin", [40.0], [40.0], begin_s=300.0 * step) for step in range(8)]
    told.append(outcome("twin", [12.0], [10.0], begin_s=2400.0))
    told.append(outcome("twin", [41.0], [10.0], begin_s=2700.0))
    told.append(outcome("twin", [9.0], [38.0], begin_s=3000.0))
    (row,) = measure(told).rows["quantity"]
    assert (row.hits, row.misses, row.false_alarms) == (1, 1, 1) and row.best == "" and np.isnan(row.gain)


def test_a_place_that_a_source_kept_silent_about_is_no_case() -> None:
    (row,) = measure([outcome("twin", [1.0, 9.0], [1.0, 1.0]), outcome("blend", [2.0], [1.0])]).rows["quantity"]
    assert row.cases == 1 and row.error == {"twin": 0.0, "blend": 1.0}


def test_nothing_is_nothing() -> None:
    assert measure([]).rows == {"quantity": (), "horizon": (), "place": ()}
