"""Handovers: least change, rules kept, back in step; held against enumeration, closed forms and the plan checker."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_street import signal

from models.emergency.greenwave import (
    Arrival,
    Beat,
    Handover,
    Rhythm,
    YieldingSignal,
    discharge_s,
    plan_handover,
    plan_wave,
    rhythm_of,
    steps_of,
    wave_faults,
)  # fmt: skip
from models.emergency.greenwave._kernels import cheapest
from models.emergency.greenwave.reference import cheapest_reference
from networks import BadInput, SignalPhase, SignalPlan
from networks.signals.controllers.assembling import assemble_plan


def two_stages(offset_s: float = 0.0, red_most_s: float = 120.0) -> Rhythm:
    """30 s for link 0, 30 s for link 1, 5 s between."""
    states = (("Gr", 30, 8, 45), ("yr", 5, 5, 5), ("rG", 30, 8, 45), ("ry", 5, 5, 5))
    phases = tuple(SignalPhase(float(d), state, float(d), float(d)) for state, d, *_ in states)
    beats = tuple(Beat(state, now, least, most) for state, now, least, most in states)
    return Rhythm(SignalPlan("x", "0", offset_s, phases, "test"), beats, red_most_s)


def shown_at(found: Handover, second: float) -> str:
    """What a handover shows at a second."""
    return next(state for begin, end, state in found.steps if begin <= second < end)


def test_nothing_changes_where_the_plan_serves_anyway() -> None:
    """A vehicle that comes in its own green costs nobody anything."""
    found = plan_handover(two_stages(), Arrival("x", (0,), 80.0, 90.0), 10.0)
    assert found is not None
    assert found.cost == 0.0
    assert found.lengths_s[:4] == (30, 5, 30, 5)


def test_other_green_is_shortened_for_the_queue_to_leave() -> None:
    """Eight vehicles wait: green begins 18 + 8 s before the vehicle comes, by a green that ends sooner."""
    arrival = Arrival("x", (0,), 76.0, 83.0, queue=8.0)
    assert discharge_s(8.0) == pytest.approx(18.0)
    found = plan_handover(two_stages(), arrival, 0.0)
    assert found is not None
    assert found.served_s == found.wished_s == pytest.approx(33.0)
    assert {shown_at(found, second) for second in range(50, 83)} == {"Gr"}
    assert shown_at(found, 49) == "ry"
    assert found.home_s <= 83.0 + 3 * 70


def test_green_is_kept_within_least_lengths_when_the_call_comes_late() -> None:
    """Asked for at once in the other's first second: least green and change come first, whatever the price."""
    found = plan_handover(two_stages(), Arrival("x", (0,), 36.0, 60.0), 36.0, price=1e6)
    assert found is not None
    assert [state for _, _, state in found.steps[:3]] == ["rG", "ry", "Gr"]
    assert found.steps[2][0] == 35.0 + 8.0 + 5.0
    assert found.served_s == pytest.approx(60.0 - 48.0)


def test_nobody_waits_longer_than_the_rules_allow() -> None:
    """A vehicle that may come for two minutes does not keep the other road red for two minutes."""
    rhythm = two_stages(red_most_s=60.0)
    found = plan_handover(rhythm, Arrival("x", (0,), 10.0, 130.0), 5.0, price=1e6)
    assert found is not None
    red, longest = 5.0, 0.0
    for begin, end, state in found.steps:
        red = 0.0 if state[1] in "Gy" else red + end - begin
        longest = max(longest, red)
    assert longest <= 60.0
    assert found.served_s < found.wished_s


@settings(max_examples=25)
@given(
    least=st.lists(st.integers(1, 4), min_size=3, max_size=3),
    room=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    target=st.integers(0, 2),
    window=st.tuples(st.integers(0, 8), st.integers(1, 6)),
)
def test_cheapest_equals_enumeration(least: list[int], room: list[int], target: int, window: tuple[int, int]) -> None:
    """Every run of lengths that comes home, tried one by one; and the kernel equals its NumPy reference."""
    most, now = (
        [a + b for a, b in zip(least, room, strict=True)],
        [a + b // 2 for a, b in zip(least, room, strict=True)],
    )
    seconds, cycle, end = 24, sum(now), sum(window)
    lost = 5.0 * np.clip(np.arange(seconds + 1) - window[0], 0, window[1]).astype(float)
    starts = np.array([0, now[0], now[0] + now[1]])
    time = np.arange(seconds + 1)
    home = ((time[:, None] % cycle) == starts[None, :]) & (time >= end)[:, None]
    serves = np.array([k == target for k in range(3)])
    args = (np.array(least), np.array(most), np.array(now), lost, serves, home)
    cost, length = cheapest(*args)
    again, lengths = cheapest_reference(*args)
    assert np.allclose(cost, again)
    assert np.array_equal(length, lengths)

    def tried(t: int, k: int) -> float:
        if home[t, k]:
            return 0.0
        prices = [
            tried(t + d, (k + 1) % 3) + (d - now[k]) ** 2 / now[k] + (0.0 if serves[k] else lost[t + d] - lost[t])
            for d in range(least[k], most[k] + 1)
            if t + d <= seconds
        ]
        return min(prices, default=np.inf)

    if min(now) >= 2:  # else too many runs to try
        assert cost[0, 0] == pytest.approx(tried(0, 0))


@pytest.mark.parametrize("walked", [True, False])
@settings(max_examples=30)
@given(
    link=st.integers(0, 200), now_s=st.integers(0, 500), ahead_s=st.integers(0, 120), late_s=st.integers(1, 40),
    queue=st.integers(0, 12),
)  # fmt: skip
def test_every_handover_passes_the_rules_that_the_plan_passes(
    walked: bool, link: int, now_s: int, ahead_s: int, late_s: int, queue: int
) -> None:
    """Greens, yellows, intergreens, walks and clearances on foot, longest reds: judged by the checker of plans."""
    layout, controller, table, plan, rhythm = signal(walked)
    green = [k for k in sorted(controller.group_of) if any(beat.state[k] in "Gg" for beat in rhythm.beats)]
    early = float(now_s + ahead_s)
    arrival = Arrival(plan.tls_id, (green[link % len(green)],), early, early + late_s, float(queue))
    found = plan_handover(rhythm, arrival, float(now_s))
    assert found is not None
    first, _ = rhythm.at(now_s)
    assert wave_faults(rhythm, steps_of(rhythm, found.lengths_s, first), controller, layout, table) == ()
    assert found.steps[0][0] == now_s
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found.steps))
    number, since = rhythm.at(found.home_s)
    assert since == 0
    assert rhythm.beats[number].state == rhythm.beats[(first + len(found.lengths_s)) % len(rhythm.beats)].state


def test_checker_sees_a_walk_that_is_cut() -> None:
    """The check is no formality: a beat one second below its least is told."""
    layout, controller, table, _, rhythm = signal(True)
    for number, beat in enumerate(rhythm.beats):
        if beat.least_s < beat.most_s:
            lengths = [one.now_s for one in rhythm.beats]
            lengths[number] = beat.least_s - 1
            told = wave_faults(rhythm, steps_of(rhythm, lengths, 0), controller, layout, table)
            assert {one.rule for one in told} & {"walk", "least_green", "clearance", "crossing_time", "intergreen"}


@settings(max_examples=20)
@given(now_s=st.integers(0, 200), lead=st.integers(0, 60), passes=st.integers(5, 60), drift=st.integers(-10, 10))
def test_a_signal_asked_again_and_again_keeps_the_rules_and_comes_home(
    now_s: int, lead: int, passes: int, drift: int
) -> None:
    """Arrivals that move while the vehicle comes: what was shown in the end is judged, not what was planned."""
    layout, controller, table, plan, rhythm = signal(True)
    beat, since = rhythm.at(now_s)
    one = YieldingSignal(rhythm, beat, since, now_s)
    vehicles = [k for k in sorted(controller.group_of) if controller.group_of[k].kind == "vehicle"]
    for second in range(now_s, now_s + lead + passes):
        left = max(lead - (second - now_s), 0)
        one.ask(Arrival(plan.tls_id, (vehicles[0],), second + left, second + left + 10.0 + drift % 5, 4.0), second)
        one.show(second)
    gone = now_s + lead + passes
    one.let_go(gone)
    for second in range(gone, gone + 5 * rhythm.cycle_s):
        one.show(second)
    assert one.in_step
    steps = [(a[1], a[2], round(b[0] - a[0])) for a, b in itertools.pairwise(one.shown)]
    assert wave_faults(rhythm, steps, controller, layout, table) == ()
    number, since = rhythm.at(gone + 5 * rhythm.cycle_s - 1)
    assert one.show(gone + 5 * rhythm.cycle_s - 1) == rhythm.beats[number].state


@settings(max_examples=30)
@given(
    beat=st.integers(0, 40), since=st.integers(0, 6), ahead_s=st.integers(0, 120), late_s=st.integers(1, 40),
    link=st.integers(0, 200),
)  # fmt: skip
def test_an_actuated_plan_hands_over_and_goes_on_from_the_next_beat(
    beat: int, since: int, ahead_s: int, late_s: int, link: int
) -> None:
    """No clock to come back to: the first beat that begins when the vehicle has gone is its own programme's again."""
    layout, controller, table, _, _ = signal(True)
    stages = controller.stages
    plan = assemble_plan(controller, [one.min_green_s for one in stages], most_s=[50.0] * len(stages))
    rhythm = rhythm_of(plan, controller, layout, table)
    assert not rhythm.clocked
    green = [k for k in sorted(controller.group_of) if any(one.state[k] in "Gg" for one in rhythm.beats)]
    first = beat % len(rhythm.beats)
    arrival = Arrival(plan.tls_id, (green[link % len(green)],), 100.0 + ahead_s, 100.0 + ahead_s + late_s, 3.0)
    found = plan_handover(rhythm, arrival, 100.0, beat=first, since_s=min(since, rhythm.beats[first].least_s))
    assert found is not None
    assert wave_faults(rhythm, steps_of(rhythm, found.lengths_s, first), controller, layout, table) == ()
    begins = [step[0] for step in found.steps]
    assert found.home_s >= arrival.late_s > begins[-1] or len(begins) == 1
    assert all(
        rhythm.beats[(first + n) % len(rhythm.beats)].least_s <= length for n, length in enumerate(found.lengths_s)
    )


def test_a_wave_names_who_gains_most_and_who_cannot() -> None:
    """The cheaper wave keeps the signals that gain most, in the order of travel."""
    rhythms = {name: replace(two_stages(offset), plan=replace(two_stages(offset).plan, tls_id=name))
               for name, offset in (("p", 0.0), ("q", 30.0), ("r", 50.0))}  # fmt: skip
    stops = [("p", 80.0), ("q", 80.0), ("r", 95.0), ("elsewhere", 120.0), ("p", 150.0)]
    wave = plan_wave(rhythms, [Arrival(name, (0,), at, at + 8.0, 3.0) for name, at in stops], 20.0)
    assert [one.why != "" for one in wave.signals] == [False, False, False, True, True]
    gains = {one.arrival.tls_id: one.gain_s for one in wave.signals[:3]}
    assert gains["p"] <= 0.0 < gains["q"]
    assert wave.cheapest(1) == (max(gains, key=lambda name: gains[name]),)
    assert wave.cheapest(3) == ("p", "q", "r")


def test_signals_without_fixed_times_are_refused() -> None:
    """Control without an order of phases, and phases that are no whole seconds: an error that names the signal."""
    layout, controller, table, plan, _ = signal(True)
    with pytest.raises(BadInput, match="its control is NEMA"):
        rhythm_of(replace(plan, kind="NEMA"), controller, layout, table)
    branching = replace(plan, phases=(replace(plan.phases[0], following=(1, 2)), *plan.phases[1:]))
    with pytest.raises(BadInput, match="branch"):
        rhythm_of(branching, controller, layout, table)
    half = replace(plan, phases=(replace(plan.phases[0], duration_s=20.5), *plan.phases[1:]))
    with pytest.raises(BadInput, match="whole seconds"):
        rhythm_of(half, controller, layout, table)
