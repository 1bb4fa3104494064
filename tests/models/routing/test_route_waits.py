"""Waits at lights against Webster's formula and against arrivals one by one; turn costs on a town with signals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.routing import TurnGraph, signal_wait_s, turn_costs, vehicle
from networks.graphs import Turns, read_turns
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.plan_file import read_signal_plans


def plan(*stretches: tuple[str, float], tls: str = "J") -> SignalPlan:
    phases = tuple(SignalPhase(seconds, state, seconds, seconds) for state, seconds in stretches)
    return SignalPlan(tls, "0", 0.0, phases, "test")


@given(green=st.integers(1, 80), red=st.integers(0, 80), flow=st.floats(0, 0.95))
def test_one_green_waits_as_webster_says(green: int, red: int, flow: float) -> None:
    cycle = green + red
    share = green / cycle
    expected = cycle * (1 - share) ** 2 / (2 * (1 - flow * share))
    assert signal_wait_s(plan(("G", green), ("r", red)), 0, flow) == pytest.approx(expected)


@given(lengths=st.lists(st.integers(1, 40), min_size=2, max_size=8), states=st.data())
def test_several_greens_wait_as_arrivals_one_by_one_do(lengths: list[int], states: st.DataObject) -> None:
    shown = states.draw(st.lists(st.sampled_from("Ggry"), min_size=len(lengths), max_size=len(lengths)))
    if not set(shown) & set("Gg"):
        shown[0] = "G"
    seconds = "".join(letter * length for letter, length in zip(shown, lengths, strict=True))
    twice = [letter in "Gg" for letter in seconds * 2]
    waits = []
    for second in range(len(seconds)):
        begin = twice.index(True, second)
        waits += [begin - second - 0.5 if begin > second else 0.0]
    found = signal_wait_s(plan(*zip(shown, lengths, strict=True)), 0)
    assert found == pytest.approx(np.mean(waits), abs=1e-9)


def test_never_green_is_no_way_and_a_dark_signal_costs_nothing() -> None:
    assert signal_wait_s(plan(("r", 30), ("y", 3)), 0) == np.inf
    assert signal_wait_s(plan(("O", 30)), 0) == 0.0


def test_a_turn_costs_the_shortest_wait_of_its_lanes_and_a_u_turn_more() -> None:
    turns = Turns(("s", "l", "t", "s"), ("J", "J", "", "K"), ((0,), (0, 1), (), (0,)))
    plans = {"J": plan(("Gr", 30), ("rG", 60))}
    engine, car = vehicle("fire_engine"), vehicle("car")
    np.testing.assert_allclose(turn_costs(turns, plans, car), [20.0, 5.0, car.u_turn_s, 0.0])
    np.testing.assert_allclose(turn_costs(turns, plans, engine), [5.0, 1.25, engine.u_turn_s, 0.0])


def test_the_turns_of_a_town_are_told_in_the_order_of_its_connections(signal_town) -> None:  # type: ignore[no-untyped-def]
    graph, turns = signal_town.graph, read_turns(signal_town.net_file, "passenger")
    assert len(turns.direction) == len(graph.conn_from)
    pairs = zip(ids(graph, "conn_from"), ids(graph, "conn_to"), strict=True)
    back = [a[:2] == b[2:] and a[2:] == b[:2] for a, b in pairs]
    assert [direction == "t" for direction in turns.direction] == back and any(back)
    costs = turn_costs(turns, read_signal_plans(signal_town.net_file), vehicle("car"))
    signalled = np.array([bool(signal) for signal in turns.signal])
    assert (costs[signalled] > 0).mean() > 0.7 and signalled.sum() > 100  # the others are always green
    assert len(TurnGraph(graph, costs).tail) == len(graph.conn_from)


def ids(graph, ends: str) -> list[str]:  # type: ignore[no-untyped-def]
    return [graph.edge_ids[i] for i in getattr(graph, ends)]
