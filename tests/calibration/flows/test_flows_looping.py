"""The loop asks of the streets what they carry: a full street does not blow demand up, and faults are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_nets import demand_file, fork_net, line_net

from calibration.counting import Counts
from calibration.flows import calibrate_demand, find_paths, read_roads, simulated
from networks.errors import BadInput


def seen_at(net: Path, demand: Path, edges: tuple[str, ...], end_s: float = 600.0) -> Counts:
    told = simulated(net, demand, end_s=end_s, period_s=300.0, seed=9).counts
    return Counts(edges, edges, 0.0, 300.0, told.vehicles[[told.edges.index(edge) for edge in edges]])


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counts]:
    """Two lanes become one, and twice as many come as can pass; the sensor is behind the narrow place."""
    folder = tmp_path_factory.mktemp("narrow")
    net = line_net(folder, lanes=(2, 1, 1))
    return net, seen_at(net, demand_file(folder, [(t * 0.9, "e0 e1 e2") for t in range(660)]), ("e2",))


def test_a_full_street_does_not_blow_the_demand_up(narrow: tuple[Path, Counts]) -> None:
    net, counts = narrow
    found = calibrate_demand(net, counts, rounds=3, micro_rounds=2, seed=1)
    passed = counts.vehicles.sum()
    assert len(found.leaving) < 1.3 * passed
    assert found.misfit < 6
    assert found.simulated.totals.waiting < 0.15 * passed
    assert [one.meso for one in found.rounds] == [True] * 3 + [False] * 2
    assert found.best >= 3
    assert found.misfit == min(one.misfit for one in found.rounds[3:])


def test_what_no_sensor_saw_follows_from_what_sensors_saw(tmp_path: Path) -> None:
    net = fork_net(tmp_path)
    trips = [(t * 8.0, "in left") for t in range(70)] + [(t * 11.0, "in right out") for t in range(52)]
    trips += [(t * 15.0, "side out") for t in range(38)]
    demand = demand_file(tmp_path, trips)
    roads = read_roads(net)
    place = {edge: number for number, edge in enumerate(roads.edges)}
    rim = find_paths(roads, origins=[place["in"], place["side"]], destinations=[place["left"], place["out"]])
    counts = seen_at(net, demand, ("in", "left", "side"))
    found = calibrate_demand(net, counts, rounds=2, micro_rounds=1, seed=2, paths=rim)
    told = found.simulated.counts
    truth = seen_at(net, demand, ("right", "out")).vehicles.sum(axis=1)
    np.testing.assert_allclose(
        [told.vehicles[told.edges.index(edge)].sum() for edge in ("right", "out")], truth, rtol=0.15
    )
    again = calibrate_demand(net, counts, rounds=2, micro_rounds=1, seed=2, paths=rim)
    first, second = found.write(tmp_path / "a.rou.xml"), again.write(tmp_path / "b.rou.xml")
    assert first.read_bytes() == second.read_bytes()


def test_streets_are_filled_before_the_first_count(tmp_path: Path) -> None:
    net = line_net(tmp_path)
    counts = Counts(("s",), ("e2",), 600.0, 300.0, np.array([[50.0, 50.0]]))
    found = calibrate_demand(net, counts, rounds=1, micro_rounds=0, ahead_s=200.0)
    assert found.simulated.counts.begin_s == 300.0
    told = found.simulated.counts
    np.testing.assert_allclose(told.vehicles[told.edges.index("e2"), 1:], 50, atol=8)


def test_faults_are_named(narrow: tuple[Path, Counts]) -> None:
    net, counts = narrow
    elsewhere = Counts(("s1",), ("nowhere",), 0.0, 300.0, np.array([[3.0]]))
    with pytest.raises(BadInput, match="sensor s1 watches edge 'nowhere'"):
        calibrate_demand(net, elsewhere)
    with pytest.raises(BadInput, match="nothing was counted"):
        calibrate_demand(net, Counts(("s1",), ("e1",), 0.0, 300.0, np.full((1, 2), np.nan)))
    with pytest.raises(BadInput, match="no round"):
        calibrate_demand(net, counts, rounds=0, micro_rounds=0)
    with pytest.raises(BadInput, match="ahead"):
        calibrate_demand(net, counts, ahead_s=-5)


def test_vehicles_that_are_known_beforehand_are_not_estimated_once_more(tmp_path: Path) -> None:
    net = line_net(tmp_path)
    buses = demand_file(tmp_path, [(t * 10.0, "e0 e1 e2") for t in range(50)], "buses.rou.xml")
    buses.write_text(buses.read_text(encoding="utf-8").replace('id="v', 'id="bus'), encoding="utf-8")
    counts = Counts(("s",), ("e1",), 0.0, 300.0, np.array([[60.0, 60.0]]))
    found = calibrate_demand(net, counts, known=[buses], rounds=2, micro_rounds=0)
    told = found.simulated.counts
    assert told.vehicles[told.edges.index("e1")].sum() == pytest.approx(120, abs=12)
    passing = [found.paths.path(number) for number in found.leaving.path.tolist()]
    assert sum("e1" in path for path in passing) == pytest.approx(120 - 50, abs=12)
