"""Which signals take part in a green wave: closed forms, and that a wave that is worse than none is never advised."""

from __future__ import annotations

import math
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import Corridor, StopLine
from scenarios.greenwave.choosing import answer_of, best_of, drive_of, fewer_tried
from scenarios.greenwave.judging import price_of
from scenarios.greenwave.order import Call, Drive, Told

ALONE_S = 20.0


def corridor(count: int) -> Corridor:
    """A stop line every 100 m."""
    stops = tuple(StopLine(f"s{n}", (0,), f"e{n}", 100.0 * (n + 1), 0.0) for n in range(count))
    return Corridor(tuple(f"e{n}" for n in range(count + 1)), tuple(100.0 * n for n in range(count + 1)), stops, 1e3)


def driven(gains_s: list[float], kept: Collection[str], lost_s: float = 0.0) -> Drive:
    """Each signal that takes part saves its seconds; everybody else who is there loses so much more."""
    at, passed = 0.0, {}
    for n, gain_s in enumerate(gains_s):
        at += ALONE_S - (gain_s if f"s{n}" in kept else 0.0)
        passed[n] = at
    return Drive(at, at, 300.0, {"p": lost_s}, 0.0, 0.0, (), passed, {tls: () for tls in kept})


def told(gains_s: list[float], search: int = 3, lost_s: float = 0.0) -> Told:
    """A call over signals that gain each so much for themselves, searched."""
    way, every, calls = corridor(len(gains_s)), [f"s{n}" for n in range(len(gains_s))], Call("1", 0.0, "a", "b")
    wave, blue = driven(gains_s, every, lost_s), driven(gains_s, ())
    fewer = fewer_tried(
        way, blue, [(tuple(every), wave)], {}, lambda kept: driven(gains_s, kept, lost_s), search
    )  # fmt: skip
    return Told(calls, way.edges, wave, blue, {}, tuple(fewer))


def test_the_wave_ends_before_the_signal_that_makes_a_jam() -> None:
    """Three signals gain, the fourth loses 200 s, the fifth gains: up to the third first, then all but the fourth."""
    found = told([5.0, 0.0, 3.0, -200.0, 4.0], search=2)
    assert [kept for kept, _ in found.fewer] == [("s0", "s1", "s2"), ("s0", "s1", "s2", "s4")]
    assert best_of(found) == ("s0", "s1", "s2", "s4")


def test_no_wave_where_none_helps_and_where_others_lose_too_much() -> None:
    """Every signal loses: none is chosen. Every signal gains, and others lose 11 s each: none either."""
    for found in (told([-5.0, -1.0, -3.0]), told([5.0, 5.0], lost_s=11.0)):
        answer = answer_of([found])
        assert best_of(found) == answer.chosen == answer.kept == ()
    assert best_of(told([5.0, 5.0], lost_s=9.0)) == ("s0", "s1")


def test_what_was_chosen_is_judged_on_other_pasts() -> None:
    """Ten seconds saved where it was chosen, as much lost on average elsewhere: no wave, with the reason in figures."""
    first, kept = told([10.0], search=0), ("s0",)
    assert answer_of([first]).kept == kept
    assert not answer_of([first]).fresh
    answer = answer_of([first, told([4.0]), told([-8.0])])
    assert answer.fresh
    assert answer.chosen == kept
    assert answer.kept == ()
    assert answer.gained[0] == pytest.approx(-0.1)
    assert answer.gained[1] == 0.0
    assert answer_of([first, told([4.0]), told([-3.0])]).kept == kept


def test_a_vehicle_that_never_comes_with_the_wave_is_no_answer() -> None:
    """Neither as a choice nor as a judge; and a call that came to nothing says nothing."""
    never = told([10.0], search=0)
    assert never.wave is not None
    lost = Told(never.call, never.edges, Drive(math.nan, 0, 0, {}, 0, 0, (), {}, {"s0": ()}), never.blue, {})
    assert best_of(lost) == ()
    assert answer_of([never, lost]).kept == ()
    nothing = Told(never.call, (), None, None, {}, problem="no way")
    assert answer_of([nothing]).kept == answer_of([]).kept == ()
    assert drive_of(nothing, ("s0",)) is None


@given(gains_s=st.lists(st.floats(-100.0, 15.0), min_size=1, max_size=8), search=st.integers(0, 6))
def test_the_answer_is_never_worse_than_blue_light_alone(gains_s: list[float], search: int) -> None:
    """And never worse than the wave over all; no set of signals is driven twice."""
    found = told(gains_s, search)
    sets = [frozenset(kept) for kept, _ in found.fewer]
    assert len(sets) == len({*sets}) <= search
    kept = answer_of([found]).kept
    drive = drive_of(found, kept)
    assert found.wave is not None
    assert found.blue is not None
    if drive is None:
        assert kept == ()
        assert price_of(found.wave, found.blue, {}).too_dear
    else:
        assert drive.travel_s < found.blue.travel_s
        assert drive.travel_s <= found.wave.travel_s
