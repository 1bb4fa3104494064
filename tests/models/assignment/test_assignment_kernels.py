"""Loading, sums along ways, select link: the kernels against plain loops, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assignment import FlowNetwork, UserClass, equilibrium, select_links, sums_along, ways
from models.assignment._kernels import load_tree
from models.assignment.loading import trees
from models.assignment.reference import load_ways, way_to
from networks.errors import BadInput


def random_network(seed: int, nodes: int = 14, links: int = 60, zones: int = 6) -> tuple[FlowNetwork, UserClass]:
    """A ring with zones that are not passed beside it, and random links; some parallel, some without any time."""
    draw = np.random.default_rng(seed)
    ring = np.arange(3, nodes)
    tail = np.concatenate([ring, [0, 1, 2], [3, 4, 5], draw.integers(nodes, size=links - 6)])
    head = np.concatenate([np.roll(ring, 1), [3, 4, 5], [0, 1, 2], draw.integers(nodes, size=links - 6)])
    free = draw.uniform(1.0, 10.0, size=len(tail)).round()
    free[-5:] = 0.0
    network = FlowNetwork(
        nodes,
        tail.astype(np.int32),
        head.astype(np.int32),
        np.arange(zones, dtype=np.int32),
        np.arange(zones) > 2,
        free,
        draw.uniform(50.0, 200.0, size=len(tail)),
        np.full(len(tail), 0.15),
        np.full(len(tail), 4.0),
    )
    trips = draw.uniform(0.0, 60.0, size=(zones, zones)) * (draw.random((zones, zones)) < 0.7)
    return network, UserClass("car", trips)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_kernel_loads_as_the_plain_loop(seed: int) -> None:
    network, one = random_network(seed)
    arcs = network.arcs
    for tree in trees(network, network.free, np.arange(network.zones)):
        wanted = np.zeros((arcs.nodes, 2))
        reached = np.isfinite(tree.cost[arcs.ends])
        wanted[arcs.ends[reached], 0] = one.trips[tree.zone][reached]
        wanted[arcs.ends[reached], 1] = 1.0
        plain = load_ways(tree.before, arcs.indptr, arcs.head, wanted)
        loads = np.zeros((len(arcs.head), 2))
        load_tree(tree.before, arcs.indptr, arcs.head, wanted, loads)
        assert loads == pytest.approx(plain)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_what_must_always_hold(seed: int) -> None:
    network, one = random_network(seed)
    found = equilibrium(network, [one], gap=1e-5, rounds=3000)
    assert found.converged and found.weights.sum() == pytest.approx(1.0)
    assert (found.flow >= 0).all() and found.lost.tolist() == [0.0]
    inside = one.trips * (1 - np.eye(network.zones))
    balance = np.zeros(network.nodes)
    np.add.at(balance, network.tail, found.flow)
    np.subtract.at(balance, network.head, found.flow)
    expected = np.zeros(network.nodes)
    expected[network.zone_node] = inside.sum(axis=1) - inside.sum(axis=0)
    assert balance == pytest.approx(expected, abs=1e-6)
    assert min(found.gaps[len(found.gaps) // 2 :]) < found.gaps[0] or found.gaps[0] <= 1e-5
    _used_ways_cost_the_same(network, one)


def _used_ways_cost_the_same(network: FlowNetwork, one: UserClass) -> None:
    found = equilibrium(network, [one], gap=1e-7, rounds=3000)
    cheapest = sums_along(network, found.time, found.time[:, None])[:, :, 0]
    flow, total, excess = np.zeros(network.links), 0.0, 0.0
    for way in ways(network, one, found, least=0.0):
        cost = found.time[list(way.links)].sum()
        assert cost >= cheapest[way.origin, way.destination] - 1e-9
        flow[list(way.links)] += way.veh_h
        total += way.veh_h * cost
        excess += way.veh_h * (cost - cheapest[way.origin, way.destination])
    assert flow == pytest.approx(found.flow, abs=1e-6)
    assert total == pytest.approx(found.flow @ found.time) and excess <= 1.01 * max(found.gap, 1e-9) * total + 1e-9


def test_the_same_input_gives_the_same_bytes() -> None:
    network, one = random_network(3)
    first, second = (equilibrium(network, [one], gap=1e-6) for _ in range(2))
    assert first.flow.tobytes() == second.flow.tobytes() and first.times.tobytes() == second.times.tobytes()


def test_select_link_finds_the_trips_of_a_link() -> None:
    network, one = random_network(5)
    found = equilibrium(network, [one], gap=1e-4)
    busiest = int(found.flow.argmax())
    chosen, everything, both = select_links(network, one, found, [[busiest], range(network.links), [0, busiest]])
    assert (both.trips >= chosen.trips).all() and both.flow[0] == pytest.approx(found.flow[0])
    assert chosen.flow[busiest] == pytest.approx(found.flow[busiest])
    assert chosen.trips.sum() == pytest.approx(found.flow[busiest])
    assert (chosen.flow <= found.flow + 1e-6).all() and (chosen.trips <= one.trips + 1e-9).all()
    assert everything.trips.sum() == pytest.approx((one.trips * (1 - np.eye(network.zones))).sum())


def test_sums_along_ways() -> None:
    network, _ = random_network(7)
    arcs = network.arcs
    length = np.arange(network.links, dtype=float)
    found = sums_along(network, network.free, np.stack([network.free, length], axis=1))
    for tree in trees(network, network.free, np.arange(network.zones)):
        for zone in range(network.zones):
            arcs_to = way_to(tree.before, arcs.indptr, arcs.head, int(arcs.ends[zone])) if zone != tree.zone else []
            links = [int(arcs.link[arc]) for arc in arcs_to if arcs.link[arc] >= 0]
            assert found[tree.zone, zone, 0] == pytest.approx(network.free[links].sum())
            assert found[tree.zone, zone, 1] == pytest.approx(length[links].sum())


def test_trips_without_a_way_are_counted_and_left_out() -> None:
    one_way = FlowNetwork(
        2, np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.array([0, 1], dtype=np.int32),
        np.array([True, True]), np.array([5.0]), np.array([10.0]), np.array([0.15]), np.array([4.0]),
    )  # fmt: skip
    found = equilibrium(one_way, [UserClass("car", np.array([[1.0, 8.0], [4.0, 0.0]]))])
    assert found.flow.tolist() == [8.0] and found.lost.tolist() == [4.0] and found.converged
    assert np.isnan(sums_along(one_way, one_way.free, one_way.free[:, None])[1, 0, 0])
    assert equilibrium(one_way, [UserClass("car", np.zeros((2, 2)))]).flow.tolist() == [0.0]


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_trips_that_are_none_are_refused(wrong: float) -> None:
    network, one = random_network(1)
    trips = one.trips.copy()
    trips[2, 3] = wrong
    with pytest.raises(BadInput, match="trips of car") as caught:
        equilibrium(network, [UserClass("car", trips)])
    assert caught.value.place == "row 2, column 3"


@pytest.mark.parametrize(("name", "value"), [("free", -1.0), ("capacity", 0.0), ("capacity", np.nan), ("alpha", -1.0)])
def test_networks_that_cannot_be_are_refused(name: str, value: float) -> None:
    network, _ = random_network(1)
    fields = {key: np.array(getattr(network, key)) for key in ("tail", "head", "free", "capacity", "alpha", "power")}
    fields[name][4] = value
    with pytest.raises(BadInput):
        FlowNetwork(nodes=network.nodes, zone_node=network.zone_node, through=network.through, **fields)
