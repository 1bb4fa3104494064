"""Whole vehicles: pairs, paths and the total keep their flow to less than one vehicle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_nets import fork_net

from calibration.flows import Departures, PathSet, departures, find_paths, read_roads, simulated, write_departures
from networks.errors import BadInput

PAIRS = st.tuples(st.integers(0, 1), st.integers(2, 4))


def lines(pairs: list[tuple[int, int]]) -> PathSet:
    """Paths of two edges each."""
    count, flat = len(pairs), np.array(pairs, dtype=np.int64).reshape(-1, 2)
    ends = np.arange(count + 1, dtype=np.int64) * 2
    free_s = np.tile([0.0, 10.0], count)
    return PathSet(tuple("abcde"), ends, flat.ravel(), free_s, flat[:, 0], flat[:, 1], np.zeros(count))


@given(
    flows=st.lists(st.lists(st.floats(0, 7), min_size=3, max_size=3), min_size=1, max_size=12),
    seed=st.integers(0, 50),
    data=st.data(),
)
def test_pairs_paths_and_total_are_kept(flows: list[list[float]], seed: int, data: st.DataObject) -> None:
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, 1), st.integers(2, 4)), min_size=len(flows), max_size=len(flows))
    )
    paths, wanted = lines(pairs), np.array(flows)
    leaving = departures(paths, wanted, begin_s=600.0, period_s=60.0, seed=seed)
    assert abs(len(leaving) - wanted.sum()) < 1 + 1e-6
    by_path = np.bincount(leaving.path, minlength=len(paths))
    assert np.all(np.abs(by_path - wanted.sum(axis=1)) < 1 + 1e-6)
    for pair in set(pairs):
        of_pair = np.array([one == pair for one in pairs])
        assert abs(by_path[of_pair].sum() - wanted[of_pair].sum()) < 1 + 1e-6
    assert np.all(np.diff(leaving.depart_s) >= 0)
    period = ((leaving.depart_s - 600.0) // 60.0).astype(int)
    found = np.zeros(wanted.shape)
    np.add.at(found, (leaving.path, period), 1)
    assert np.all(np.abs(found - wanted) < 1 + 1e-6)


def whole(paths: PathSet, flows: np.ndarray, seed: int) -> Departures:
    return departures(paths, flows, begin_s=0.0, period_s=60.0, seed=seed)


def test_the_same_seed_writes_the_same_bytes_and_sumo_reads_them(tmp_path: Path) -> None:
    net = fork_net(tmp_path)
    paths = find_paths(read_roads(net))
    flows = np.full((len(paths), 2), 1.5)
    told = [
        write_departures(
            tmp_path / f"{run}.rou.xml", paths, departures(paths, flows, begin_s=0, period_s=60, seed=seed)
        )
        for run, seed in enumerate((3, 3, 4))
    ]
    assert told[0].read_bytes() == told[1].read_bytes() != told[2].read_bytes()
    run = simulated(net, told[0], end_s=400, period_s=400)
    assert run.totals.inserted == run.totals.arrived == round(flows.sum())
    assert sorted(path.name for path in tmp_path.glob("*.rou.xml*")) == ["0.rou.xml", "1.rou.xml", "2.rou.xml"]


@pytest.mark.parametrize("wrong", [[[1.0], [2.0]], [[-1.0]], [[np.nan]], [[1e9]]])
def test_flows_that_cannot_be_are_refused(wrong: list[list[float]]) -> None:
    with pytest.raises(BadInput):
        departures(lines([(0, 2)]), np.array(wrong), begin_s=0, period_s=60, seed=0)
