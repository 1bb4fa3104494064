"""User equilibria that are known in closed form, or to many digits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from models.assignment import Equilibrium, FlowNetwork, UserClass, equilibrium, ways
from models.assignment.tntp import read_flows, read_network, read_trips


def small(links: list[tuple[int, int, float, float, float, float]], zones: list[int], nodes: int) -> FlowNetwork:
    """Links as (tail, head, free, capacity, alpha, power)."""
    tail, head, free, capacity, alpha, power = (np.array(column) for column in zip(*links, strict=True))
    return FlowNetwork(
        nodes,
        tail.astype(np.int32),
        head.astype(np.int32),
        np.array(zones, dtype=np.int32),
        np.ones(len(zones), dtype=bool),
        free.astype(float),
        capacity.astype(float),
        alpha.astype(float),
        power.astype(float),
    )


def from_first_to_last(network: FlowNetwork, trips: float, **options: float) -> Equilibrium:
    table = np.zeros((network.zones, network.zones))
    table[0, -1] = trips
    return equilibrium(network, [UserClass("car", table)], gap=1e-12, **options)


def test_pigou() -> None:
    """One way takes 1, the other as much as its share: all take the latter. Source: Pigou 1920."""
    network = small([(0, 1, 1.0, 1.0, 0.0, 1.0), (0, 1, 1e-9, 1.0, 1e9, 1.0)], [0, 1], 2)
    found = from_first_to_last(network, 1.0)
    assert found.flow == pytest.approx([0.0, 1.0], abs=1e-8)
    assert found.time == pytest.approx([1.0, 1.0], abs=1e-8)


def test_two_parallel_links_take_the_same_time() -> None:
    """10 (1 + x / 100) = 15 (1 + (300 - x) / 200): x = 1100 / 7."""
    network = small([(0, 1, 10.0, 100.0, 1.0, 1.0), (0, 1, 15.0, 200.0, 1.0, 1.0)], [0, 1], 2)
    found = from_first_to_last(network, 300.0)
    assert found.converged and found.flow == pytest.approx([1100 / 7, 300 - 1100 / 7], rel=1e-9)
    assert found.time[0] == pytest.approx(found.time[1], rel=1e-9)


@pytest.mark.parametrize(("bridge", "each"), [(False, 83.0), (True, 92.0)])
def test_braess(bridge: bool, each: float) -> None:
    """Times 10 x, 50 + x and a bridge of 10 + x; 6 travel: 83 each without it, 92 with it. Source: Braess 1968."""
    steep, flat = (1e-9, 1.0, 1e10, 1.0), (50.0, 50.0, 1.0, 1.0)
    links = [(0, 1, *steep), (0, 2, *flat), (1, 3, *flat), (2, 3, *steep)]
    if bridge:
        links.append((1, 2, 10.0, 10.0, 1.0, 1.0))
    network = small(links, [0, 3], 4)
    found = from_first_to_last(network, 6.0)
    assert found.flow == pytest.approx([4.0, 2.0, 2.0, 4.0, 2.0] if bridge else [3.0] * 4, abs=1e-6)
    table = np.array([[0.0, 6.0], [0.0, 0.0]])
    for way in ways(network, UserClass("car", table), found, least=1e-4):
        assert found.time[list(way.links)].sum() == pytest.approx(each, abs=1e-5)


def test_trips_of_others_do_not_pass_a_zone() -> None:
    links = [(0, 1, 1.0, 1.0, 0.0, 1.0), (1, 2, 1.0, 1.0, 0.0, 1.0), (0, 2, 5.0, 1.0, 0.0, 1.0)]
    network = small(links, [0, 1, 2], 3)
    table = np.zeros((3, 3))
    table[0, 2], table[0, 1], table[1, 2] = 7.0, 2.0, 3.0
    table[1, 1] = 99.0
    assert equilibrium(network, [UserClass("car", table)]).flow.tolist() == [9.0, 10.0, 0.0]
    shut = FlowNetwork(**{**vars_of(network), "through": np.array([True, False, True])})
    assert equilibrium(shut, [UserClass("car", table)]).flow.tolist() == [2.0, 3.0, 7.0]


def test_two_classes_with_a_toll() -> None:
    """Trucks count for two and are kept off the first link; cars pay 5 there: 10 + 5 + x = 20 + x', x + x' = 30."""
    network = small([(0, 1, 10.0, 10.0, 1.0, 1.0), (0, 1, 20.0, 20.0, 1.0, 1.0)], [0, 1], 2)
    cars, trucks = np.array([[0.0, 20.0], [0.0, 0.0]]), np.array([[0.0, 5.0], [0.0, 0.0]])
    classes = [
        UserClass("car", cars, 1.0, np.array([5.0, 0.0])),
        UserClass("truck", trucks, 2.0, np.array([np.inf, 0.0])),
    ]
    found = equilibrium(network, classes, gap=1e-12)
    assert found.class_flow[1].tolist() == [0.0, 5.0]
    assert found.class_flow[0] == pytest.approx([17.5, 2.5]) and found.flow == pytest.approx([17.5, 12.5])
    assert 5.0 + found.time[0] == pytest.approx(found.time[1])


def vars_of(network: FlowNetwork) -> dict[str, object]:
    names = ("nodes", "tail", "head", "zone_node", "through", "free", "capacity", "alpha", "power")
    return {name: getattr(network, name) for name in names}


@pytest.mark.parametrize(("name", "gap"), [("SiouxFalls", 1e-5), ("Anaheim", 1e-7)])
def test_best_known_flows(name: str, gap: float) -> None:
    """Link flows within 1e-3 (RMSE / mean) of the best known."""
    data = Path(os.environ.get("CITYTWIN_DATA", "nowhere")) / "tntp" / name
    if not data.is_dir():
        pytest.skip("CITYTWIN_DATA names no folder with tntp/")
    network, trips = (
        read_network(data / f"{name}_net.tntp").network,
        read_trips(data / f"{name}_trips.tntp"),
    )
    found = equilibrium(network, [trips], gap=gap)
    tail, head, best = read_flows(data / f"{name}_flow.tntp")
    assert (tail == network.tail).all() and (head == network.head).all()
    assert found.converged and found.gap <= gap
    assert np.sqrt(np.mean((found.flow - best) ** 2)) / best.mean() < 1e-3
