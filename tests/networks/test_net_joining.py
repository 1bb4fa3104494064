"""Junctions with no room between them: joined where only a stub parts them, every move kept."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from networks.roads.joining import join_junctions
from networks.roads.net_file import read_net
from networks.roads.netconvert import convert_plain
from networks.roads.plain import PlainNet, write_plain

Place = tuple[float, float]


def plain(places: dict[str, Place], edges: dict[str, tuple[str, str, int]], moves: list[str]) -> PlainNet:
    """A net of `edge: (from, to, lanes)` and moves `from.lane>to.lane`; a lane's line ends 6 m before each junction."""
    net = PlainNet({}, {}, [], types=[ET.Element("type", {"id": "highway.residential", "priority": "3"})])
    for number, (name, (x, y)) in enumerate(places.items(), start=1):
        net.nodes[name] = ET.Element("node", {"id": name, "x": f"{x}", "y": f"{y}", "type": "priority"})
        net.nodes[name].append(ET.Element("param", {"key": "origId", "value": str(number)}))
    for name, (start, end, lanes) in edges.items():
        words = {"id": name, "from": start, "to": end, "type": "highway.residential", "speed": "13.89"}
        net.edges[name] = ET.Element("edge", words | {"numLanes": str(lanes)})
        (ax, ay), (bx, by) = places[start], places[end]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        cut = min(6.0, length / 2 - 0.1) / length
        line = [(ax + cut * (bx - ax), ay + cut * (by - ay)), (bx - cut * (bx - ax), by - cut * (by - ay))]
        for index in range(lanes):
            words = {"index": str(index), "allow": "passenger bus emergency", "speed": "13.89"}
            lane = ET.SubElement(net.edges[name], "lane", words)
            lane.set("shape", " ".join(f"{x:.2f},{y:.2f}" for x, y in line))
    for move in moves:
        (start, from_lane), (end, to_lane) = (side.split(".") for side in move.split(">"))
        words = {"from": start, "to": end, "fromLane": from_lane, "toLane": to_lane}
        net.connections.append(ET.Element("connection", words))
    net.mark_dead_ends()
    return net


def crossing(gap: float = 10.0) -> PlainNet:
    """A street in two lanes over two carriageways that lie `gap` apart: a stub from b to c between them."""
    places = {"a": (0, 0), "b": (100, 0), "c": (100 + gap, 0), "d": (200 + gap, 0), "n": (100, 90), "s": (100, -90)}
    places |= {"m": (100 + gap, 90), "t": (100 + gap, -90), "x": (0, 90), "y": (300, 0)}
    edges = {
        "in": ("a", "b", 2),
        "stub": ("b", "c", 2),
        "out": ("c", "d", 2),
        "to_n": ("n", "b", 1),
        "to_s": ("b", "s", 1),
    }
    edges |= {"to_m": ("c", "m", 1), "to_t": ("t", "c", 1), "x_a": ("x", "a", 1), "d_y": ("d", "y", 1)}
    moves = [
        "in.0>to_s.0",
        "in.0>stub.0",
        "in.1>stub.1",
        "to_n.0>to_s.0",
        "to_n.0>stub.0",
        "stub.0>out.0",
        "stub.1>out.1",
    ]
    moves += ["stub.1>to_m.0", "to_t.0>to_m.0", "to_t.0>out.0", "x_a.0>in.0", "out.0>d_y.0"]
    return plain(places, edges, moves)


def driven(net: PlainNet) -> set[str]:
    words = (c.attrib for c in net.connections if c.get("to"))
    return {f"{w['from']}.{w['fromLane']}>{w['to']}.{w['toLane']}" for w in words}


def test_moves_over_a_stub_become_moves_of_the_joint_junction(tmp_path: Path) -> None:
    net = crossing()
    repairs = join_junctions(net)
    assert [(r.rule, r.osm) for r in repairs] == [("junctions_joined", "n2 n3")]
    assert set(net.nodes) == {"a", "cluster_b_c", "d", "n", "s", "m", "t", "x", "y"}
    assert net.osm_nodes("cluster_b_c") == (2, 3) and net.place("cluster_b_c") == (105.0, 0.0)
    assert "stub" not in net.edges
    assert driven(net) == {
        "in.0>to_s.0", "in.0>out.0", "in.1>out.1", "in.1>to_m.0", "to_n.0>to_s.0", "to_n.0>out.0", "to_n.0>to_m.0",
        "to_t.0>to_m.0", "to_t.0>out.0", "x_a.0>in.0", "out.0>d_y.0",
    }  # fmt: skip
    write_plain(net, tmp_path / "joint")
    convert_plain(tmp_path / "joint", tmp_path / "net.net.xml", left_hand=False)
    pairs = set(read_net(tmp_path / "net.net.xml").pairs("passenger"))
    assert pairs == {tuple(end.split(".")[0] for end in move.split(">")) for move in driven(net)}


def test_a_turn_that_needed_a_change_of_lanes_on_the_stub_is_not_lost() -> None:
    net = crossing()
    net.connections = [
        c for c in net.connections if (c.get("from"), c.get("fromLane"), c.get("to")) != ("to_n", "0", "out")
    ]
    join_junctions(net)
    assert "to_n.0>to_m.0" in driven(net)  # stub lane 0 led on to `out` alone


def test_room_for_a_car_stays() -> None:
    net = crossing(gap=16.0)
    before = driven(net)
    assert join_junctions(net) == [] and driven(net) == before and "stub" in net.edges


def test_a_stub_that_is_a_dead_end_or_part_of_a_roundabout_stays() -> None:
    dead = plain(
        {"a": (0, 0), "b": (90, 0), "c": (96, 0)}, {"in": ("a", "b", 1), "stub": ("b", "c", 1)}, ["in.0>stub.0"]
    )
    assert join_junctions(dead) == []
    circle = crossing()
    circle.roundabouts = [ET.Element("roundabout", {"nodes": "b z", "edges": "q"})]
    assert join_junctions(circle) == [] and "stub" in circle.edges


def test_a_row_of_stubs_is_never_joined_to_more_than_thirty_metres() -> None:
    places: dict[str, Place] = {"z": (-90, 0), "end": (190, 0)} | {f"k{i}": (10.0 * i, 0.0) for i in range(8)}
    row = [f"k{i}" for i in range(8)]
    edges = {f"e{i}": (row[i], row[i + 1], 1) for i in range(7)} | {"in": ("z", "k0", 1), "out": ("k7", "end", 1)}
    names = ["in", *(f"e{i}" for i in range(7)), "out"]
    net = plain(places, edges, [f"{a}.0>{b}.0" for a, b in pairwise(names)])
    join_junctions(net)
    joints = [name.removeprefix("cluster_").split("_") for name in net.nodes if name.startswith("cluster_")]
    assert joints and all(max(places[k][0] for k in j) - min(places[k][0] for k in j) <= 30.0 for j in joints)
    assert len(driven(net)) == len(net.edges) - 1  # still one line from end to end


@pytest.mark.parametrize("banned", ["bus", "passenger"])
def test_classes_that_a_step_leaves_out_stay_out(banned: str) -> None:
    net = crossing()
    for one in net.connections:
        if (one.get("from"), one.get("to")) == ("stub", "to_m"):
            one.set("disallow", banned)
    join_junctions(net)
    (turn,) = (c for c in net.connections if (c.get("from"), c.get("to")) == ("in", "to_m"))
    assert turn.get("disallow") == banned
