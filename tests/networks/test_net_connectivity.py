"""The strong part against networkx, on random networks."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from networks.roads.connectivity import Gateways, strong_part
from networks.roads.net_file import Net, NetEdge, NetLink

CARS = frozenset({"passenger"})
PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)
SOME = st.sets(st.integers(0, 11), max_size=3)


def network(pairs: list[tuple[int, int]]) -> Net:
    edges = tuple(
        NetEdge(f"e{i}", f"a{i}", f"b{i}", "residential", "", 1, 10.0, 10.0 + i, ((0.0, 0.0), (1.0, 1.0)), CARS, ())
        for i in range(12)
    )
    links = tuple(NetLink(f"e{a}", f"e{b}", CARS, False, None, None, None) for a, b in pairs)
    return Net(edges, links, {})


@given(PAIRS, SOME, SOME)
def test_the_part_is_the_longest_strongly_connected_one(
    pairs: list[tuple[int, int]], out: set[int], into: set[int]
) -> None:
    net = network(pairs)
    gateways = Gateways(frozenset(f"e{i}" for i in out), frozenset(f"e{i}" for i in into))
    graph = nx.DiGraph()
    graph.add_nodes_from(e.edge_id for e in net.edges)
    graph.add_edges_from((f"e{a}", f"e{b}") for a, b in pairs)
    graph.add_edges_from((e, "outside") for e in gateways.out)
    graph.add_edges_from(("outside", e) for e in gateways.into)
    parts = [part - {"outside"} for part in nx.strongly_connected_components(graph)]
    length = {e.edge_id: e.length_m for e in net.edges}
    longest = max(sum(length[e] for e in part) for part in parts)
    found = strong_part(net, list(length), gateways, "passenger")
    if pairs or out or into:
        assert sum(length[e] for e in found) == longest
        assert any(found == part for part in parts)
    assert strong_part(net, list(length), gateways, "bus") == frozenset()
