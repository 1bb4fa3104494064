"""Hold-outs: disjoint, exhaustive, the same for a seed; a corridor or a screenline is never split."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.counting import Counts
from calibration.proof import RULES, corridors, distances_m, hold_edges, hold_out, hold_parts, screenlines
from networks.errors import BadInput
from networks.roads.net_file import Net, NetEdge, NetLink, read_net


def counted(edges: list[str]) -> Counts:
    """One sensor on each edge, named after its place in the list."""
    names = tuple(f"s{at}" for at in range(len(edges)))
    return Counts(names, tuple(edges), 0.0, 3600.0, np.ones((len(edges), 1)))


def road(name: str, a: str, b: str, xy: dict[str, tuple[float, float]], street: str = "") -> NetEdge:
    length = float(np.hypot(*np.subtract(xy[a], xy[b])))
    return NetEdge(name, a, b, "", street, 1, 13.9, length, (xy[a], xy[b]), frozenset({"passenger"}), ())


def cross(streets: bool = False) -> Net:
    """Two roads of two edges each way that cross in the middle: west - middle - east, south - middle - north."""
    xy = {"w": (-100.0, 0.0), "m": (0.0, 0.0), "e": (100.0, 0.0), "s": (0.0, -100.0), "n": (0.0, 100.0)}
    ends = [("w", "m"), ("m", "w"), ("m", "e"), ("e", "m"), ("s", "m"), ("m", "s"), ("m", "n"), ("n", "m")]
    names = {"w": "West Street", "e": "East Street", "s": "", "n": ""} if streets else dict.fromkeys("wesn", "")
    edges = [road(a + b, a, b, xy, names[a if a != "m" else b]) for a, b in ends]
    everyone = frozenset({"passenger"})
    links = [
        NetLink(one.edge_id, other.edge_id, everyone, other.to_node == one.from_node, None, None, None, direction="l")
        for one in edges
        for other in edges
        if one.to_node == "m" == other.from_node
    ]
    return Net(tuple(edges), tuple(links), {name: (*at, "priority") for name, at in xy.items()})


def test_a_crossing_has_two_corridors_with_both_directions() -> None:
    found = corridors(cross())
    assert len({found[name] for name in ("wm", "me", "em", "mw")}) == 1
    assert len({found[name] for name in ("sm", "mn", "nm", "ms")}) == 1
    assert len(set(found.values())) == 2


def test_another_street_name_ends_a_corridor() -> None:
    found = corridors(cross(streets=True))
    assert found["wm"] == found["mw"] == "West Street"
    assert found["me"] == found["em"] == "East Street"


def test_a_screenline_has_the_edges_that_cross_it_by_direction() -> None:
    lines = {line.name: set(line.edges) for line in screenlines(cross(), cuts=1)}
    assert lines["x = 0 m, eastbound"] == {"wm"}
    assert lines["x = 0 m, westbound"] == {"mw"}
    assert lines["y = 0 m, northbound"] == {"sm"}


@given(
    parts=st.lists(st.lists(st.sampled_from("abcdef"), max_size=2), min_size=2, max_size=30),
    share=st.floats(0.05, 0.9),
    seed=st.integers(0, 50),
)
def test_parts_are_whole_and_every_sensor_is_on_one_side(parts: list[list[str]], share: float, seed: int) -> None:
    counts = counted([f"e{at}" for at in range(len(parts))])
    try:
        drawn = hold_parts(counts, parts, "corridors", share, seed)
    except BadInput:
        assert not all(len(set(names)) == 1 for names in parts) or len({names[0] for names in parts}) < 3
        return
    assert sorted([*drawn.used, *drawn.held]) == sorted(counts.sensors)
    assert drawn.used and drawn.held
    for sensor, names in zip(counts.sensors, parts, strict=True):
        assert (sensor in drawn.held) == bool(set(names) & set(drawn.parts))
    assert drawn == hold_parts(counts, parts, "corridors", share, seed)


@given(sensors=st.integers(4, 200), share=st.floats(0.05, 0.9), seed=st.integers(0, 99))
def test_random_edges_hold_out_the_share(sensors: int, share: float, seed: int) -> None:
    drawn = hold_edges(counted([f"e{at}" for at in range(sensors)]), share, seed)
    assert len(drawn.held) == min(max(1, round(share * sensors)), sensors - 1)


def test_two_sensors_on_one_edge_stay_together() -> None:
    counts = Counts(("a", "b", "c", "d"), ("one", "one", "two", "three"), 0.0, 900.0, np.ones((4, 1)))
    for seed in range(20):
        drawn = hold_edges(counts, 0.3, seed)
        assert ("a" in drawn.held) == ("b" in drawn.held)


def test_seeds_differ_and_one_edge_cannot_be_parted() -> None:
    counts = counted([f"e{at}" for at in range(40)])
    assert len({hold_edges(counts, 0.2, seed).held for seed in range(8)}) > 1
    with pytest.raises(BadInput, match="cannot be parted"):
        hold_edges(counted(["only", "only"]), 0.5, 1)


def test_distance_to_the_nearest_used_edge() -> None:
    found = distances_m(cross(), ["em", "sm", "wm"], ["wm"])
    assert found == pytest.approx([100.0, np.hypot(50, 50), 0.0])


@pytest.mark.parametrize("rule", RULES)
def test_a_real_town_is_parted_by_each_rule(rule: str) -> None:
    data = os.environ.get("CITYTWIN_DATA")
    if not data:
        pytest.skip("CITYTWIN_DATA names no folder with real data")
    net = read_net(Path(data) / "resco/cologne8/cologne8.net.xml")
    names = [edge.edge_id for edge in net.edges if "passenger" in edge.allows]
    counts = counted(names)
    drawn = hold_out(counts, net, rule, 0.3, 1)
    assert 0.1 < len(drawn.held) / len(names) < 0.6
    edge_of = dict(zip(counts.sensors, counts.edges, strict=True))
    held, used = ({edge_of[name] for name in side} for side in (drawn.held, drawn.used))
    assert held.isdisjoint(used)
    if rule == "corridors":
        part = corridors(net)
        assert {part[name] for name in held}.isdisjoint(part[name] for name in used)
        sizes = np.unique(list(part.values()), return_counts=True)[1]
        assert sizes.max() < 0.2 * len(names)
    if rule == "screenlines":
        cuts = {line.cut: set(line.edges) for line in screenlines(net)}
        assert all(cuts[name] <= held for name in drawn.parts)
    distances = distances_m(net, sorted(held), sorted(used))
    assert distances.shape == (len(held),) and (distances >= 0).all()
