"""Buses that bring people out: nobody twice, no place twice, no closed way, and how far from the best possible."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.emergency.incidents import RULES, Bus, Shuttled, Stop, evacuate, last_way, shuttle

SEEDS = st.integers(0, 2**32 - 1)
STOPS, SHELTERS, UNTIL_S, BOARD_S = 3, 2, 4000.0, 2.0
Times = Callable[[int, float], np.ndarray]


def closing(rng: np.random.Generator) -> tuple[Times, np.ndarray, np.ndarray]:
    """Places 0 depot, 1-3 stops, 4-5 shelters: minutes between them, and when each way closes for those who set out."""
    spent = rng.integers(60, 900, (6, 6)).astype(float)
    shut = np.where(rng.random((6, 6)) < 0.5, rng.integers(0, 3000, (6, 6)), np.inf)
    np.fill_diagonal(spent, 0.0)
    np.fill_diagonal(shut, np.inf)
    return lambda edge, when: np.where(when < shut[edge], when + spent[edge], np.inf), spent, shut


def setting(rng: np.random.Generator) -> tuple[list[Stop], list[Bus], list[tuple[int, int]]]:
    stops = [Stop(1 + i, int(rng.integers(0, 40)), float(rng.integers(0, 600))) for i in range(STOPS)]
    buses = [
        Bus(f"b{i}", 0, int(rng.integers(5, 30)), float(rng.integers(0, 600))) for i in range(int(rng.integers(1, 4)))
    ]
    return stops, buses, [(4 + i, int(rng.integers(0, 60))) for i in range(SHELTERS)]


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.sampled_from(RULES), st.booleans())
def test_nobody_is_lost_and_nothing_is_used_twice(seed: int, rule: str, returning: bool) -> None:
    rng = np.random.default_rng(seed)
    times, spent, shut = closing(rng)
    stops, buses, shelters = setting(rng)
    found = shuttle(stops, buses, shelters, times, rule, board_s=BOARD_S, until_s=UNTIL_S, returning=returning)  # type: ignore[arg-type]
    for at, stop in enumerate(stops):
        assert sum(one.people for one in found.trips if one.stop == at) + found.left[at] == stop.people
    for at, (_, places) in enumerate(shelters):
        assert sum(one.people for one in found.trips if one.shelter == at) <= places
    for number, bus in enumerate(buses):
        where, free = bus.edge, bus.ready_s
        for one in (trip for trip in found.trips if trip.bus == number):
            stop, shelter = stops[one.stop], shelters[one.shelter][0]
            assert one.sets_out_s == free < shut[where, stop.edge] and 0 < one.people <= bus.seats
            here = max(free + spent[where, stop.edge], stop.ready_s)
            assert one.leaves_s == here + BOARD_S * one.people < shut[stop.edge, shelter]
            assert one.there_s == one.leaves_s + spent[stop.edge, shelter] <= UNTIL_S
            where, free = shelter, one.there_s + BOARD_S * one.people
    assert sum(found.left) >= least_left(stops, shelters, times)


def least_left(stops: list[Stop], shelters: list[tuple[int, int]], times: Times) -> int:
    """Left with a bus for everybody."""
    ends, leaves = [edge for edge, _ in shelters], [one.ready_s + BOARD_S for one in stops]
    spent = np.array([times(one.edge, at)[ends] - at for one, at in zip(stops, leaves, strict=True)])
    people, places = (np.array(one, float) for one in ([s.people for s in stops], [p for _, p in shelters]))
    return round(float(evacuate(people, places, spent, UNTIL_S - np.array(leaves)).left.sum()))


def test_enough_buses_and_open_ways_leave_nobody() -> None:
    stops, shelters = [Stop(1, 45, 0.0), Stop(2, 30, 100.0)], [(4, 50), (5, 25)]
    spent = np.full((6, 6), 120.0)
    found = shuttle(
        stops, [Bus("b", 0, 20, 0.0)], shelters, lambda edge, when: when + spent[edge], "most",
        board_s=1.0, until_s=1e5,
    )  # fmt: skip
    assert found.left == (0, 0) and [one.people for one in found.trips] == [20, 20, 20, 10, 5]


def test_a_bus_does_not_go_where_it_cannot_come_back_from_while_others_wait() -> None:
    def times(edge: int, when: float) -> np.ndarray:  # 3: soon there, but no way back; 4: twice as far
        spent = np.full(5, 60.0)
        spent[4] = 120.0
        return np.full(5, np.inf) if edge == 3 else when + spent

    def done(returning: bool) -> Shuttled:
        return shuttle(
            [Stop(1, 10, 0.0), Stop(2, 10, 0.0)], [Bus("b", 0, 10, 0.0)], [(3, 20), (4, 20)], times, "nearest",
            board_s=0.0, until_s=1e4, returning=returning,
        )  # fmt: skip

    assert done(True).left == (0, 0) and [one.shelter for one in done(True).trips] == [1, 0]
    assert done(False).left == (0, 10) and done(False).stranded == (0,)


@pytest.mark.parametrize(("shut", "last"), [(np.inf, np.inf), (1000.0, 990.0), (-5.0, -np.inf)])
def test_the_last_way_is_found_to_a_step(shut: float, last: float) -> None:
    def times(_edge: int, when: float) -> np.ndarray:
        return np.full(2, when + 100.0 if when < shut else np.inf)

    assert last_way(0, [1], times, 0.0, 5000.0) == last
    assert last_way(0, [], times, 0.0, 5000.0) == -np.inf
