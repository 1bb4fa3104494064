"""Coordinated dispatch: assignments as good as any, orders that are acknowledged or replaced, people brought out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.emergency import Unit
from models.emergency.incidents import Board, Task, assign, evacuate, incidents, tasks_of
from models.routing import vehicles
from networks.errors import NotThere, Refused

SEEDS = st.integers(0, 2**32 - 1)


def task(name: str, count: int = 1, deadline_s: float = 300.0, after: str = "") -> Task:
    return Task(name, ("ambulance",), count, "", 0, deadline_s, after, "trial")


def units(number: int) -> list[Unit]:
    return [Unit(f"u{i}", "ambulance", f"e{i}") for i in range(number)]


@settings(max_examples=40)
@given(SEEDS)
def test_the_assignment_is_the_best_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.where(rng.random((3, 4)) < 0.2, np.inf, rng.integers(60, 900, (3, 4)).astype(float))
    tasks = [task(f"t{i}", 1, float(rng.integers(100, 600))) for i in range(3)]
    found = assign(tasks, times)

    def cost(who: tuple[int, ...]) -> float:  # 4 and more: nobody
        total = 0.0
        for i, c in enumerate(who):
            spent = times[i, c] if c < 4 else np.inf
            total += spent + 10 * max(0.0, spent - tasks[i].deadline_s) if np.isfinite(spent) else 1e6
        return total

    chosen = tuple(who[0] if who else 4 + i for i, who in enumerate(found.carriers))
    assert cost(chosen) == pytest.approx(min(cost(who) for who in permutations(range(7), 3)))
    assert [len(who) + short for who, short in zip(found.carriers, found.missing, strict=True)] == [1, 1, 1]


def test_orders_follow_one_another_and_the_silent_are_replaced() -> None:
    times = np.array([[100.0, 200.0, 400.0], [np.inf, 250.0, 150.0]])
    board = Board([task("close"), task("pump", after="close")], units(3), times, now=1000.0)
    close, pump = board.orders
    assert (close.unit.unit_id, close.due_s, close.deadline_s) == ("u0", 1100.0, 1300.0)
    assert pump.unit.unit_id == "u2" and pump.begins_s == 1150.0 and not board.missing
    board.report("u2", "acknowledged", 1010.0)
    with pytest.raises(Refused, match="cannot be there next"):
        board.report("u2", "there", 1020.0)
    assert board.silent(1030.0) == []
    assert [order.unit.unit_id for order in board.silent(1060.0)] == ["u0"]
    again = board.orders[-1]
    assert again.unit.unit_id == "u1" and again.due_s == 1260.0 and pump.begins_s == 1260.0
    with pytest.raises(Refused, match="u1 goes instead"):
        board.report("u0", "acknowledged", 1070.0)
    with pytest.raises(NotThere):
        board.report("u9", "acknowledged", 1070.0)
    board.report("u2", "under_way", 1070.0)
    board.report("u1", "withdrawn", 1080.0)
    assert board.missing == {"close": 1} and pump.begins_s == np.inf
    assert "ask the neighbours" in board.told()[0]["en"] and "邻近" in board.told()[0]["zh"]


@settings(max_examples=30)
@given(SEEDS)
def test_silence_takes_nobody_away_who_cannot_be_replaced(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.where(rng.random((3, 5)) < 0.4, np.inf, rng.integers(60, 900, (3, 5)).astype(float))
    board = Board([task(f"t{i}", int(rng.integers(1, 3))) for i in range(3)], units(5), times, now=0.0)
    before, waited = dict(board.missing), len(board.orders)
    gone = board.silent(60.0)
    assert board.missing == before and len(board.orders) == waited + len(gone)
    stands = [one for one in board.orders if one.state == "ordered" and one.ordered_s == 0.0]
    assert sum("nobody else could go" in one["en"] for one in board.told(60.0)) == len(stands)
    if len(stands) + len(gone) == 5:
        assert not gone  # all five had an order


def test_what_will_be_late_is_told() -> None:
    board = Board([task("close", deadline_s=60.0)], units(1), np.array([[150.0]]), now=0.0)
    assert board.orders[0].late_s == 90 and "1.5 min late" in board.told()[0]["en"]


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_evacuation_leaves_the_fewest_and_fills_no_shelter_twice(seed: int, hurried: bool) -> None:
    rng = np.random.default_rng(seed)
    people, places = rng.integers(0, 4, 3).astype(float), rng.integers(0, 5, 2).astype(float)
    times = np.where(rng.random((3, 2)) < 0.2, np.inf, rng.integers(1, 20, (3, 2)) * 60.0)
    deadline = rng.integers(5, 20, 3) * 60.0 if hurried else None
    found = evacuate(people, places, times, deadline)
    assert (found.people.sum(axis=0) <= places + 1e-9).all()
    assert found.people.sum(axis=1) + found.left == pytest.approx(people)
    assert found.people == pytest.approx(np.rint(found.people))
    usable = np.isfinite(times) if deadline is None else times <= deadline[:, None]
    assert not found.people[~usable].any()
    best = (np.inf, np.inf)
    homes = np.repeat(np.arange(3), people.astype(int))
    for code in range(3 ** min(len(homes), 7)) if len(homes) <= 7 else []:
        to = [code // 3**k % 3 for k in range(len(homes))]  # 2: stays
        if all(usable[h, s] for h, s in zip(homes, to, strict=True) if s < 2) and all(
            to.count(s) <= places[s] for s in range(2)
        ):
            spent = sum(times[h, s] for h, s in zip(homes, to, strict=True) if s < 2)
            best = min(best, (to.count(2), spent))
    if len(homes) <= 7:
        assert (found.left.sum(), found.person_s) == pytest.approx(best)


def test_the_table_of_tasks_is_whole() -> None:
    assert set(incidents()) == {"flooded_underpass", "fire", "crowd_accident", "hazmat_release"}
    for tasks in incidents().values():
        names = [one.name for one in tasks]
        assert len(set(names)) == len(names)
        for one in tasks:
            assert set(one.classes) <= set(vehicles()) and one.source and one.count > 0
            assert one.zh and one.named["zh"] == one.zh
            assert one.after in ("", *names) and bool(one.material) == bool(one.amount)
    with pytest.raises(NotThere, match="no kind of incident"):
        tasks_of("meteor")
