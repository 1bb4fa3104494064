"""A followed town's ledger: several sensors on one street, and what "in 30 min" means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.skill import Forecast, Ledger, Served
from twin.following import busiest_soon
from twin.town_skill import TownSkill

EDGES = ("a", "b", "a")
"""Two sensors stand on street a."""


def flow(made_s: float, value: float) -> Forecast:
    return Forecast("twin", "flow", ("a", "b", "c"), made_s, made_s, 300.0, np.full((4, 3, 2), value))


def test_two_sensors_on_one_street_are_their_mean_and_one_that_is_silent_is_left_out(tmp_path: Path) -> None:
    skill = TownSkill(tmp_path, EDGES, 0.0, 300.0, None)
    counted = np.array([[10.0, 10.0, 40.0], [7.0, 7.0, 9.0], [30.0, 20.0, np.nan]])
    nothing = np.full((3, 3), np.nan)
    skill.step(Counts(("s1", "s2", "s3"), EDGES, 0.0, 300.0, counted[:, :1]), nothing[:, :1], [flow(300.0, 15.0)])
    skill.step(Counts(("s1", "s2", "s3"), EDGES, 0.0, 300.0, counted), nothing, [])
    seen = {
        (str(place), one.begin_s): value
        for one in Ledger(tmp_path).settled()
        if one.source == "twin"
        for place, value in zip(one.places, one.seen, strict=True)
    }
    assert seen == {("a", 300.0): 15.0, ("b", 300.0): 7.0, ("a", 600.0): 40.0, ("b", 600.0): 9.0}


@pytest.mark.parametrize(("period_s", "periods", "ends_min"), [(300.0, 12, 30), (600.0, 6, 30), (900.0, 1, 15)])
def test_what_comes_in_30_minutes_is_the_period_that_ends_then(period_s: float, periods: int, ends_min: int) -> None:
    ends = period_s / 60.0 * np.arange(1, periods + 1)  # each period's forecast says when it ends
    members = np.tile(ends, (4, 2, 1)) + np.array([0.0, 100.0])[None, :, None]
    said = Forecast("served", "flow", ("a", "b"), 0.0, 0.0, period_s, members)
    by = np.array([[f"{street} to {end:.0f}" for end in ends] for street in ("a", "b")])
    served = Served(said, said, by, {}, np.ones((2, periods)))
    busiest, other = busiest_soon(served, EDGES, np.array([4.0, 9.0, 8.0]))
    assert (busiest.edge, busiest.soon, busiest.source) == ("b", 100.0 + ends_min, f"b to {ends_min}")
    assert (other.edge, other.soon, other.counted) == ("a", ends_min, 6.0)
