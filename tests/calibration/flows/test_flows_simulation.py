"""What a simulation counts: everybody is somewhere, a street carries no more than it can, a seed counts the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_nets import demand_file, line_net

from calibration.flows import SimulatedCounts, simulated
from networks.errors import BadInput, EngineFailed


def of(result: SimulatedCounts, edge: str) -> list[float]:
    return [float(n) for n in result.counts.vehicles[result.counts.edges.index(edge)]]


@pytest.mark.parametrize("meso", [False, True])
def test_few_vehicles_are_counted_on_every_street_in_the_period_in_which_they_come(tmp_path: Path, meso: bool) -> None:
    net = line_net(tmp_path)
    demand = demand_file(tmp_path, [(10.0, "e0 e1 e2"), (20.0, "e0 e1"), (130.0, "e1 e2")])
    told = simulated(net, demand, end_s=300, period_s=100, meso=meso)
    assert of(told, "e0") == [2, 0, 0]  # two set out on it
    assert of(told, "e1") == [2, 1, 0]  # two drive onto it, one sets out
    assert of(told, "e2") == [1, 1, 0]
    assert (told.totals.inserted, told.totals.arrived, told.totals.waiting) == (3, 3, 0)
    assert 5 < told.speed_mps[told.counts.edges.index("e0"), 0] <= 17
    assert np.isnan(told.speed_mps[told.counts.edges.index("e0"), 1])


def test_nobody_is_lost_and_a_street_carries_what_it_can(tmp_path: Path) -> None:
    net = line_net(tmp_path, lanes=(2, 1))
    demand = demand_file(tmp_path, [(t * 0.74, "e0 e1") for t in range(1200)])  # 4800 an hour onto one lane
    told = simulated(net, demand, end_s=900, period_s=300, seed=4)
    passed = np.array(of(told, "e1"))
    assert np.all(passed < 300 / 3600 * 2300)  # a lane's capacity with SUMO's default drivers
    assert np.all(passed[1:] > 300 / 3600 * 1200)
    totals = told.totals
    assert totals.inserted + totals.waiting == 1200
    assert totals.waiting > 300
    assert totals.inserted == totals.arrived + totals.running
    again = simulated(net, demand, end_s=900, period_s=300, seed=4)
    np.testing.assert_array_equal(told.counts.vehicles, again.counts.vehicles)


def test_bad_input_names_the_file(tmp_path: Path) -> None:
    net = line_net(tmp_path)
    demand = demand_file(tmp_path, [(0.0, "e0 nowhere")])
    with pytest.raises(BadInput, match=r"missing\.rou\.xml"):
        simulated(net, tmp_path / "missing.rou.xml", end_s=60)
    with pytest.raises(BadInput, match=r"other\.net\.xml"):
        simulated(tmp_path / "other.net.xml", demand, end_s=60)
    with pytest.raises(BadInput, match="window"):
        simulated(net, demand, begin_s=60, end_s=60)
    with pytest.raises(EngineFailed, match="nowhere"):
        simulated(net, demand, end_s=60)
