"""One cycle: what stages make, fail at or are late with, and what is given up when there is too much to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibration.skill import Forecast
from networks.errors import EngineFailed
from twin.cycle import MODES, Picture, Turn
from twin.live.due import Due, on_grid
from twin.live.ladder import FULL, RUNGS, Ladder
from twin.live.round import Round, run_id_of

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORIGIN = NOON.replace(hour=0)
MODE = replace(MODES["normal"], budget_s=0.5)
FIVE = timedelta(minutes=5)


@dataclass
class Says:
    """A stage that forecasts one quantity for an hour, or does what it is told."""

    name: str
    does: Callable[[Turn], None] = lambda _: None

    def run(self, turn: Turn, picture: Picture) -> Picture:
        self.does(turn)
        now_s = (turn.now - picture.origin).total_seconds()
        told = Forecast("twin", self.name, ("e",), now_s, now_s, 300.0, np.full((1, 1, 12), now_s))
        return replace(picture, forecasts=(*picture.forecasts, told))


def test_a_stage_that_fails_leaves_what_it_made_before_and_the_others_go_on() -> None:
    failing = False

    def fails(_: Turn) -> None:
        if failing:
            raise EngineFailed("the pump is broken")

    rounds = Round((Says("flow", fails), Says("people")))
    first = rounds.run(NOON, ORIGIN, MODE, ["a"])
    assert first.left_out == () and [one.quantity for one in first.forecasts] == ["flow", "people"]
    failing = True
    second = rounds.run(NOON + FIVE, ORIGIN, MODE, ["b"])
    flow, people = second.of("flow"), second.of("people")
    assert flow is not None and people is not None and people.made_s - flow.made_s == 300.0
    assert "flow: the pump is broken" in second.left_out[0]["en"] and second.run_id != first.run_id
    later = rounds.run(NOON + 13 * FIVE, ORIGIN, MODE, ["c"])
    assert later.of("flow") is None, "what is over is no picture of now"


def test_a_stage_that_raises_anything_is_told_in_its_words() -> None:
    def breaks(_: Turn) -> None:
        raise ZeroDivisionError("a / b")

    told = Round((Says("flow", breaks),)).run(NOON, ORIGIN, MODE, []).left_out
    assert "flow: ZeroDivisionError: a / b" in told[0]["en"]


def test_a_stage_that_hangs_is_left_alone_until_it_comes_back() -> None:
    gate, asked = threading.Event(), []

    def hangs(turn: Turn) -> None:
        asked.append(turn.now)
        gate.wait(30.0)

    rounds = Round((Says("flow", hangs), Says("people")))
    first = rounds.run(NOON, ORIGIN, replace(MODE, budget_s=0.05), [])
    assert "not ready within 1 s" in first.left_out[0]["en"] and first.of("people") is not None
    second = rounds.run(NOON + FIVE, ORIGIN, MODE, [])
    assert any("not come back" in one["en"] for one in second.left_out) and asked == [NOON]
    gate.set()
    rounds._late["flow"].thread.join(10.0)
    rounds.ladder = Ladder()
    third = rounds.run(NOON + 2 * FIVE, ORIGIN, MODE, [])
    assert third.left_out == () and asked == [NOON, NOON + 2 * FIVE]


def test_the_ladder_gives_up_in_its_order_and_comes_back() -> None:
    ladder, stages, mode = Ladder(), ("traffic", "sensors", "advice"), MODES["normal"]
    assert ladder.choose(mode, stages, 300.0) == 0, "nothing is known yet"
    ladder.learn({"traffic": 200.0, "sensors": 40.0, "advice": 10.0}, 8, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == 1, "200 s fit into 216 s, 240 s do not"
    ladder.learn({"traffic": 300.0, "advice": 10.0}, 8, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == 2
    ladder.learn({"traffic": 5000.0}, 4, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == len(RUNGS) - 1, "where nothing fits it is the last"
    for _ in range(40):
        ladder.learn({"traffic": 5.0, "sensors": 1.0, "advice": 1.0}, 2, 1800.0)
        ladder.choose(mode, stages, 300.0)
    assert ladder.rung == 0


def test_one_long_search_or_review_is_not_held_against_all_later_cycles() -> None:
    ladder, stages, mode = Ladder(), ("traffic", "sensors", "advice", "outcome"), MODES["normal"]
    ladder.learn({"traffic": 20.0, "sensors": 1.0, "advice": 900.0, "outcome": 900.0}, 8, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == 0, "a search takes what is left, and is seldom"
    ladder.learn({"traffic": 20.0, "sensors": 400.0}, 8, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == 1
    for _ in range(5):  # it is left out, and nobody can see that it is quick again
        ladder.learn({"traffic": 20.0}, 8, 3600.0)
    assert ladder.choose(mode, stages, 300.0) == 0


@given(st.dictionaries(st.sampled_from(("traffic", "sensors", "coverage", "advice")), st.floats(0, 1e4)))
def test_each_rung_costs_no_more_than_the_one_above(seconds: dict[str, float]) -> None:
    ladder, stages = Ladder(), ("traffic", "sensors", "coverage", "advice")
    ladder.learn(seconds, 8, 3600.0)
    for mode in MODES.values():
        costs = [ladder.seconds(rung, mode, stages, 300.0) for rung in range(len(RUNGS))]
        assert costs == sorted(costs, reverse=True)
        ladder.rung = 0
        chosen = ladder.choose(mode, stages, 300.0)
        assert costs[chosen] <= FULL * mode.budget_s or chosen == len(RUNGS) - 1


class Wall:
    """Two clocks: the one that may leap, and the one that never does."""

    def __init__(self) -> None:
        self.now, self.second = NOON, 0.0

    def go(self, seconds: float, leap_s: float = 0.0) -> datetime:
        self.second += seconds
        self.now += timedelta(seconds=seconds + leap_s)
        return self.now


@given(st.lists(st.tuples(st.floats(0, 400), st.sampled_from((0.0, 0.0, 0.0, 7200.0, -7200.0, 86400.0))), max_size=40))
def test_no_cycle_twice_and_none_for_the_past_however_the_clock_leaps(steps: list[tuple[float, float]]) -> None:
    wall, ran = Wall(), list[datetime]()
    due = Due(300.0, monotonic=lambda: wall.second)
    for seconds, leap_s in steps:
        now = wall.go(seconds, leap_s)
        moment = due.look(now)
        if moment is not None:
            assert moment <= now and (now - moment) < FIVE and moment == on_grid(now, 300.0)
            ran.append(moment)
            due.ran(moment)
    assert ran == sorted(set(ran))


def test_a_leap_there_and_back_costs_nothing_but_its_time_and_is_told() -> None:
    wall = Wall()
    due = Due(300.0, monotonic=lambda: wall.second)
    heard = lambda: NOON + timedelta(seconds=wall.second)  # noqa: E731
    ran = []
    for second in range(0, 1800, 10):
        leap_s = {600: 7200.0, 700: -7200.0}.get(second, 0.0)
        moment = due.look(wall.go(10.0, leap_s), heard)
        if moment is not None:
            ran.append(moment)
            due.ran(moment)
    assert ran == [NOON + k * FIVE for k in range(7)], "in step again at once"
    said = " ".join(one["en"] for one in due.told)
    assert "leapt 7200 s ahead" in said and "leapt 7200 s back" in said


def test_steps_of_a_stop_are_passed_over_and_told() -> None:
    due = Due(300.0, last=NOON, pace=None)
    assert due.look(NOON + timedelta(minutes=17)) == NOON + 3 * FIVE
    assert "no cycle for 2 steps" in due.told[0]["en"]
    due.ran(NOON + 3 * FIVE)
    assert due.look(NOON + timedelta(minutes=16)) is None


def test_a_cycle_is_named_by_its_moment_and_inputs() -> None:
    assert run_id_of(NOON, [1]) == run_id_of(NOON, [1]) != run_id_of(NOON, [2])
    assert run_id_of(NOON, [1]).startswith("20260504T120000")
