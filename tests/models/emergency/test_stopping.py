"""Oncoming traffic stopped within a stage: a permissive turn leaves, and every rule of the plan is kept."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_street import street_net

from models.emergency.greenwave import (
    Arrival,
    Beat,
    Rhythm,
    Step,
    YieldingSignal,
    discharge_s,
    rhythm_of,
    wave_faults,
)
from models.emergency.greenwave.arrival import AWAY_S
from networks import Controller, Layout, RuleTable, SignalPhase, SignalPlan, read_layouts, read_rules, rule_controller
from networks.safe_xml import read_xml
from networks.signals.plans.plan_file import plans_in


@cache
def crossroads() -> tuple[Layout, Controller, RuleTable, Rhythm]:
    """Signal b with the plan that netconvert gives it: turns give way to the oncoming, no red-amber."""
    with TemporaryDirectory() as folder:
        net = street_net(Path(folder), "--crossings.guess", "--sidewalks.guess")
        layout = read_layouts(net)["b"]
        plan = next(one for one in plans_in(read_xml(net), net, source="imported") if one.tls_id == "b")
    table = read_rules("rilsa")
    controller = rule_controller(layout, table)
    return layout, controller, table, rhythm_of(plan, controller, layout, table)


def shown(link: int, asked_s: int, passes_s: int, queue: float) -> list[Step]:
    """What the signal shows from second 10 until long after."""
    rhythm = crossroads()[-1]
    one = YieldingSignal(rhythm, *rhythm.at(10), 10)
    for now in range(10, 600):
        if now < passes_s:
            one.ask(Arrival("b", (link,), max(now, asked_s), max(now, asked_s) + 10.0, queue), now)
        else:
            one.let_go(now)
        one.show(now)
    assert one.in_step
    return [(a[1], a[2], round(b[0] - a[0])) for a, b in itertools.pairwise(one.shown)]


def turn() -> int:
    """A link that is green with lamps that it gives way to."""
    rhythm = crossroads()[-1]
    return next(
        link
        for link, lamps in rhythm.gives_way.items()
        for beat in rhythm.beats
        if beat.state[link] == "g" and any(beat.state[one] in "Gg" for lamp in lamps for one in lamp)
    )


def test_the_oncoming_stop_for_a_turn_and_go_on_after_it() -> None:
    """A queue that turns across them: yellow, red for as long as it needs, and their least green in the same stage."""
    layout, controller, table, rhythm = crossroads()
    link = turn()
    steps = shown(link, 60, 90, 4.0)
    foes = [one for lamp in rhythm.gives_way[link] for one in lamp]
    stopped = [state for beat, state, _ in steps if state != rhythm.beats[beat].state]
    assert any(state[link] in "Gg" and all(state[one] in "ry" for one in foes) for state in stopped)
    assert wave_faults(rhythm, steps, controller, layout, table) == ()


def test_the_oncoming_keep_their_least_green() -> None:
    """Asked for two seconds after their green began, they are stopped after five."""
    layout, controller, table, rhythm = crossroads()
    link = turn()
    foes = [one for lamp in rhythm.gives_way[link] for one in lamp]
    number, foe = next(
        (n, foe)
        for n, beat in enumerate(rhythm.beats)
        for foe in foes
        if beat.state[link] + beat.state[foe] in ("gG", "gg")
    )
    wish_s = rhythm.starts_s[number] + rhythm.cycle_s + 2
    asked_s = round(wish_s + discharge_s(4.0) + AWAY_S)
    steps = shown(link, asked_s, asked_s + 20, 4.0)
    assert any(state[link] in "Gg" and state[foe] == "r" for _, state, _ in steps)
    assert wave_faults(rhythm, steps, controller, layout, table) == ()


def test_nobody_is_stopped_where_nobody_waits() -> None:
    """Without a queue before the vehicle the stages show what they are."""
    rhythm = crossroads()[-1]
    assert all(state == rhythm.beats[beat].state for beat, state, _ in shown(turn(), 60, 90, 0.0))


@settings(max_examples=25)
@given(link=st.integers(0, 99), asked_s=st.integers(10, 130), passes=st.integers(0, 200), queue=st.integers(0, 12))
def test_rules_are_kept_whoever_is_stopped(link: int, asked_s: int, passes: int, queue: int) -> None:
    """Least greens, yellows, intergreens, walks and longest reds of what was shown, judged by the checker of plans."""
    layout, controller, table, rhythm = crossroads()
    links = sorted(rhythm.gives_way)
    steps = shown(links[link % len(links)], asked_s, asked_s + passes, float(queue))
    assert wave_faults(rhythm, steps, controller, layout, table) == ()


@cache
def loose() -> Rhythm:
    """The same stages, each between 5 and 50 s, as an actuated plan."""
    layout, controller, table, rhythm = crossroads()
    phases = (one if one.changing else replace(one, min_s=5.0, max_s=50.0) for one in rhythm.plan.phases)
    return rhythm_of(replace(rhythm.plan, kind="actuated", phases=tuple(phases)), controller, layout, table)


@settings(max_examples=15)
@given(
    link=st.integers(0, 99), beat=st.integers(0, 5), asked=st.integers(0, 50), passes=st.integers(0, 200),
    queue=st.integers(0, 12),
)  # fmt: skip
def test_an_actuated_signal_asked_again_and_again_keeps_the_rules(
    link: int, beat: int, asked: int, passes: int, queue: int
) -> None:
    """However long the vehicle takes: nobody waits too long, and then its own programme goes on."""
    layout, controller, table, _ = crossroads()
    rhythm = loose()
    one = YieldingSignal(rhythm, beat % len(rhythm.beats), 0.0, 100)
    links = sorted(rhythm.gives_way)
    for now in range(100, 900):
        if now < 100 + asked + passes or now == 100:
            early = max(now, 100 + asked)
            one.ask(Arrival("b", (links[link % len(links)],), early, early + 10.0, float(queue)), now)
        else:
            one.let_go(now)
        one.show(now)
        if one.by_itself:
            break
    assert one.by_itself
    ended = max((n for n, (a, b) in enumerate(itertools.pairwise(one.shown), 1) if a[1] != b[1]), default=0)
    steps = [(a[1], a[2], round(b[0] - a[0])) for a, b in itertools.pairwise(one.shown[: ended + 1])]
    assert wave_faults(rhythm, steps, controller, layout, table) == ()


def overlap(after_s: int) -> Rhythm:
    """A turn, link 0, that ends before the oncoming it gives way to, link 1; link 2 crosses them, link 3 no more."""
    states = (
        ("gGrr", 50, 1, 75), ("yGrr", 3, 3, 3), ("rGrr", after_s, after_s, after_s + 5), ("ryrr", 3, 3, 3),
        ("rrGr", 9, 5, 14), ("rryr", 3, 3, 3), ("rrrG", 20, 5, 30), ("rrry", 5, 5, 5),
    )  # fmt: skip
    phases = tuple(SignalPhase(float(d), state, float(d), float(d)) for state, d, *_ in states)
    beats = tuple(Beat(state, now, least, most) for state, now, least, most in states)
    plan = SignalPlan("x", "0", 0.0, phases, "test")
    return Rhythm(plan, beats, 120.0, gives_way={0: ((1,),)}, yellow_s={1: 3.0}, green_s={1: 5.0})


@settings(max_examples=8)
@example(after_s=3, now_s=1, asked=0, passes=130, queue=1)
@given(
    after_s=st.integers(1, 8), now_s=st.integers(0, 95), asked=st.integers(0, 50), passes=st.integers(60, 200),
    queue=st.integers(0, 12),
)  # fmt: skip
def test_nobody_waits_too_long_for_those_who_were_stopped(
    after_s: int, now_s: int, asked: int, passes: int, queue: int
) -> None:
    """The oncoming are green on when the turn is not: the vehicle keeps its stage for as long as it may, not longer."""
    rhythm, gone = overlap(after_s), now_s + asked + passes
    one = YieldingSignal(rhythm, *rhythm.at(now_s), now_s)
    for now in range(now_s, gone + 5 * rhythm.cycle_s):
        if now < gone:
            early = max(now, now_s + asked)
            one.ask(Arrival("x", (0,), early, early + 10.0, float(queue)), now)
        else:
            one.let_go(now)
        one.show(now)
        if now > gone and one.in_step:
            break
    assert one.in_step
    steps = [(a[1], a[2], round(b[0] - a[0])) for a, b in itertools.pairwise(one.shown)]
    assert all(seconds <= rhythm.beats[beat].now_s for beat, _, seconds in steps if "y" in rhythm.beats[beat].state)
    assert max(_longest_red(steps, link) for link in range(4)) <= rhythm.red_most_s


def _longest_red(steps: list[Step], link: int) -> int:
    red = longest = 0
    for _, state, seconds in steps:
        red = red + seconds if state[link] == "r" else 0
        longest = max(longest, red)
    return longest
