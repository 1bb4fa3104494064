"""What a prior learns from counts and probes: hidden demands, a liar, real streets that it never saw."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.flows import Prior, Roads, find_paths, learned_prior, od_prior, probe_paths, read_roads
from calibration.flows.paths import PathSet, joined
from networks.errors import BadInput

GATES = 4


def star() -> Roads:
    """Four gates around one junction: an entry in<i> and an exit out<i> at each; every entry leads to every exit."""
    pairs = np.array([(i, GATES + j) for i in range(GATES) for j in range(GATES) if i != j])
    angle = np.arange(GATES) * np.pi / 2
    far, near = (r * np.column_stack([np.cos(angle), np.sin(angle)]) for r in (500.0, 30.0))
    size = 2 * GATES
    return Roads(
        edges=tuple(f"{way}{i}" for way in ("in", "out") for i in range(GATES)),
        length_m=np.full(size, 470.0),
        speed_mps=np.full(size, 13.9),
        lanes=np.ones(size),
        kinds=("",) * size,
        tail=pairs[:, 0].copy(),
        head=pairs[:, 1].copy(),
        turn_s=np.zeros(len(pairs)),
        turn_lanes=np.ones(len(pairs)),
        start_xy=np.concatenate([far, near]),
        end_xy=np.concatenate([near, far]),
        heading=np.repeat(np.concatenate([angle + np.pi, angle])[:, None], 2, axis=1),
        entries=np.arange(size) < GATES,
        exits=np.arange(size) >= GATES,
    )


def hour(edges: list[str], vehicles: list[float]) -> Counts:
    return Counts(tuple(edges), tuple(edges), 0.0, 3600.0, np.array(vehicles)[:, None])


def on_edges(paths: PathSet, prior: Prior) -> dict[str, float]:
    return dict(zip(paths.edges, paths.incidence().T @ prior.vehicles_h, strict=True))


def test_counts_at_every_gate_are_met_and_the_total_with_them() -> None:
    roads = star()
    paths = find_paths(roads, draws=1)
    entering, leaving = [700.0, 300.0, 260.0, 100.0], [500.0, 460.0, 300.0, 100.0]
    prior = learned_prior(paths, roads, hour(list(roads.edges), entering + leaving))
    assert list(on_edges(paths, prior).values()) == pytest.approx(entering + leaving, rel=0.05)
    assert prior.vehicles_h.sum() == pytest.approx(1360.0, rel=0.02)


def test_a_gate_that_nobody_counts_is_guessed_from_the_way_into_it() -> None:
    roads = star()
    paths = find_paths(roads, draws=1)
    seen = learned_prior(paths, roads, hour(["in0", "in1", "in2", "out1", "out2", "out3"], [600, 90, 90, 90, 90, 90]))
    plain = learned_prior(paths, roads, hour(["in1", "in2", "out1", "out2", "out3"], [90, 90, 90, 90, 90]))
    assert on_edges(paths, seen)["out0"] > 1.3 * on_edges(paths, plain)["out0"]


def test_probes_tell_where_vehicles_turn_though_nobody_knows_their_share() -> None:
    roads = star()
    found = find_paths(roads, draws=1)
    probes = probe_paths(roads, [("in0", "out1")] * 30 + [("in0", "out2")] * 3)
    paths = joined(found, probes)
    prior = learned_prior(paths, roads, hour(["in0"], [660.0]))
    flow = {paths.path(n): float(prior.vehicles_h[n]) for n in range(len(paths))}
    assert flow["in0", "out1"] == pytest.approx(600.0, rel=0.1)
    assert flow["in0", "out2"] == pytest.approx(60.0, rel=0.4)
    assert flow["in0", "out3"] < 20.0


def test_a_trip_table_is_kept_where_no_count_speaks() -> None:
    roads = star()
    paths = find_paths(roads, draws=1)
    table = {(i, GATES + j): 50.0 + 10 * i + j for i in range(GATES) for j in range(GATES) if i != j}
    given = od_prior(paths, table)
    seen = sum(trips for (begin, _), trips in table.items() if begin == 0)
    prior = learned_prior(paths, roads, hour(["in0"], [seen]), given=given)
    assert prior.vehicles_h == pytest.approx(given.vehicles_h, rel=0.02)


def test_one_liar_among_many_moves_little() -> None:
    """Streets in a row that all carry the same vehicles: one of seven counts says a tenth."""
    row = 7
    roads = Roads(
        edges=tuple(f"e{i}" for i in range(row)),
        length_m=np.full(row, 100.0),
        speed_mps=np.full(row, 13.9),
        lanes=np.ones(row),
        kinds=("",) * row,
        tail=np.arange(row - 1),
        head=np.arange(1, row),
        turn_s=np.zeros(row - 1),
        turn_lanes=np.ones(row - 1),
        start_xy=np.column_stack([100.0 * np.arange(row), np.zeros(row)]),
        end_xy=np.column_stack([100.0 * np.arange(1, row + 1), np.zeros(row)]),
        heading=np.zeros((row, 2)),
        entries=np.arange(row) == 0,
        exits=np.arange(row) == row - 1,
    )
    paths = find_paths(roads, origins=[0], destinations=[row - 1], draws=1)
    lying = hour([f"e{i}" for i in range(row)], [500, 510, 50, 490, 500, 505, 495])
    assert learned_prior(paths, roads, lying).vehicles_h.sum() == pytest.approx(500.0, rel=0.03)


def test_sensors_that_no_path_passes_are_refused() -> None:
    roads = star()
    paths = find_paths(roads, origins=[0], destinations=[5], draws=1)
    with pytest.raises(BadInput, match="no path passes"):
        learned_prior(paths, roads, hour(["in3"], [5.0]))


def test_streets_that_were_never_counted_in_cologne() -> None:
    home = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[4] / "shared" / "data"))
    net = home / "resco" / "cologne8" / "cologne8.net.xml"
    if not net.exists():
        pytest.skip("no cologne8: CITYTWIN_DATA names the folder of real data")
    roads = read_roads(net)
    paths = find_paths(roads, draws=1)
    hidden = _demand(paths, roads)
    truth = paths.incidence().T @ hidden
    used = np.flatnonzero(truth > 0.5)
    rng = np.random.default_rng(1)
    sensors = np.sort(rng.choice(used, len(used) // 5, replace=False))
    held = np.setdiff1d(used, sensors)
    counts = hour([roads.edges[i] for i in sensors], (truth[sensors] * rng.normal(1, 0.05, len(sensors))).tolist())
    prior = learned_prior(paths, roads, counts)
    guess = paths.incidence().T @ prior.vehicles_h
    geh = np.sqrt(2 * (guess - truth) ** 2 / (guess + truth))
    assert (geh[held] < 5).mean() > 0.6
    assert hidden.sum() / 1.7 < prior.vehicles_h.sum() < 1.7 * hidden.sum()


def _demand(paths: PathSet, roads: Roads) -> np.ndarray:
    """2,000 vehicles on a few pairs, most from rim to rim: heavy-tailed, unlike the prior's guess."""
    rng = np.random.default_rng(5)
    size = np.where(roads.entries | roads.exits, 1.0, 0.03) * rng.lognormal(0.0, 1.2, len(roads.edges))
    weight = size[paths.origin] * size[paths.destination] * rng.lognormal(0.0, 1.0, len(paths))
    return rng.multinomial(2000, weight / weight.sum()).astype(float)
