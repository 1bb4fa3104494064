"""Zones on edges: every trip arrives, the window cuts, people and lanes set the sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.flows import find_paths, fringe_prior, od_prior, table_trips, zone_sizes
from networks.errors import BadInput
from tests.calibration.flows.test_flows_learned import star

ZONES = pd.DataFrame(
    {
        "zone_id": ["west", "east", "sea"],
        "population": [1000.0, 0.0, 0.0],
        "jobs": [0.0, 400.0, 0.0],
        "attraction": [0.0, 100.0, 0.0],
        "connectors": ["in0 in1", "out2 closed", ""],
        "edge_id": ["in0", "out2", ""],
    }
)


def table(begin_s: float, end_s: float) -> pd.DataFrame:
    row = {"origin": ["west"], "destination": ["east"], "trips": [240.0], "begin_s": [begin_s], "end_s": [end_s]}
    return pd.DataFrame(row)


def test_all_trips_of_the_window_are_shared_by_the_zone_s_edges() -> None:
    roads = star()
    trips = table_trips(table(0.0, 86_400.0), ZONES, roads, begin_s=7 * 3600.0, end_s=9 * 3600.0)
    assert trips == {(0, 6): pytest.approx(5.0), (1, 6): pytest.approx(5.0)}  # 240 a day are 10 an hour
    paths = find_paths(roads, draws=1)
    assert od_prior(paths, trips).vehicles_h.sum() == pytest.approx(10.0, rel=1e-4)


def test_a_window_that_cuts_a_period_takes_its_share() -> None:
    trips = table_trips(table(7 * 3600.0, 9 * 3600.0), ZONES, star(), begin_s=8 * 3600.0, end_s=10 * 3600.0)
    assert sum(trips.values()) == pytest.approx(60.0)  # 120 trips in the second hour of two, per hour of the window


def test_no_trip_in_the_window_is_said() -> None:
    with pytest.raises(BadInput, match="no trip of the table"):
        table_trips(table(0.0, 3600.0), ZONES, star(), begin_s=7200.0, end_s=9000.0)
    with pytest.raises(BadInput, match="no length"):
        table_trips(table(0.0, 3600.0), ZONES, star(), begin_s=3600.0, end_s=3600.0)


def test_people_and_jobs_make_trips_where_they_live_and_work() -> None:
    roads = star()
    begins, ends = zone_sizes(ZONES, roads)
    plain = 100.0 * np.sqrt(13.9)
    assert begins[:4] == pytest.approx([plain + 50.0, plain + 50.0, plain, plain])
    assert ends[4:] == pytest.approx([plain, plain, plain + 50.0, plain])
    assert begins[4:].tolist() == [0.0, 0.0, 40.0, 0.0]
    assert ends[:4].tolist() == [50.0, 50.0, 0.0, 0.0]
    paths = find_paths(roads, draws=1)
    prior = fringe_prior(paths, roads, sizes=(begins + 1.0, ends + 1.0))
    flow = {paths.path(n): float(prior.vehicles_h[n]) for n in range(len(paths))}
    assert flow["in0", "out2"] > flow["in3", "out2"] > flow["in3", "out1"]
