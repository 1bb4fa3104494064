"""Splits and offsets against closed-form answers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import SignalLink, SignalPhase, SignalPlan
from scenarios.searches.signal_timing import (
    SATURATION_VPHPL,
    Leg,
    flow_ratios,
    green_start_s,
    is_green,
    webster_cycle_s,
    with_progression,
    with_splits,
)


def plan(tls: str = "A", greens: tuple[float, float] = (30.0, 24.0), offset: float = 0.0) -> SignalPlan:
    steps = ((greens[0], "Gr"), (3.0, "yr"), (greens[1], "rG"), (3.0, "ry"))
    phases = tuple(SignalPhase(seconds, state, min_s=seconds, max_s=seconds) for seconds, state in steps)
    return SignalPlan(tls_id=tls, program_id="0", offset_s=offset, phases=phases, source="guessed")


def links(tls: str = "A") -> tuple[SignalLink, ...]:
    return (SignalLink(tls, 0, "main", 0, "out", "s"), SignalLink(tls, 1, "side", 0, "out2", "s"))


def test_flow_ratio_is_lane_flow_over_saturation_flow() -> None:
    ratios = flow_ratios(plan(), links(), {"main": 900.0, "side": 300.0}, {"main": 1, "side": 2})
    assert ratios == pytest.approx([900 / SATURATION_VPHPL, 0, 150 / SATURATION_VPHPL, 0])


def test_webster_cycle_of_a_two_phase_signal() -> None:
    # L = 6 s, Y = .5: (1.5 * 6 + 5) / (1 - .5) = 28 s, raised to the lower bound; and unbounded below that
    ratios = np.array([0.3, 0, 0.2, 0])
    assert webster_cycle_s(plan(), ratios) == 40.0
    assert webster_cycle_s(plan(), ratios, shortest=10.0) == pytest.approx(28.0)
    assert webster_cycle_s(plan(), np.array([0.6, 0, 0.4, 0])) == 120.0


def test_greens_share_the_cycle_in_proportion_above_their_minimum() -> None:
    split = with_splits(plan(), np.array([0.3, 0, 0.1, 0]), 66.0)
    # 66 - 6 lost - 2 x 10 minimum = 40 s to share 3 : 1
    assert [phase.duration_s for phase in split.phases] == [40.0, 3.0, 20.0, 3.0]
    assert [phase.min_s for phase in split.phases] == [40.0, 3.0, 20.0, 3.0]
    assert not split.check(plan())


def test_an_actuated_phase_keeps_its_own_minimum() -> None:
    actuated = replace(plan(), phases=(replace(plan().phases[0], min_s=15.0, max_s=50.0), *plan().phases[1:]))
    assert with_splits(actuated, np.zeros(4), 20.0).phases[0].duration_s == 15.0


@given(
    a=st.floats(0.0, 2.0), b=st.floats(0.0, 2.0), cycle=st.integers(20, 150), greens=st.tuples(*[st.floats(5, 60)] * 2)
)
def test_splits_keep_the_cycle_the_transitions_and_the_minimum(
    a: float, b: float, cycle: int, greens: tuple[float, float]
) -> None:
    before = plan(greens=greens)
    after = with_splits(before, np.array([a, 0, b, 0]), float(cycle))
    assert after.cycle_s == max(cycle, 26)
    for old, new in zip(before.phases, after.phases, strict=True):
        assert new.state == old.state
        assert (new.duration_s >= 10.0) if is_green(old) else (new.duration_s == old.duration_s)


def test_the_green_of_an_approach_starts_where_its_phase_does() -> None:
    assert green_start_s(plan(), links(), "main") == 0.0
    assert green_start_s(plan(), links(), "side") == 33.0


@pytest.mark.parametrize("reverse", [False, True])
def test_a_platoon_meets_its_green_at_the_next_signal(reverse: bool) -> None:
    """A platoon leaves at the start of its green and drives 20 s: it arrives at the start of the other's green."""
    first, second = ("B", "A") if reverse else ("A", "B")
    plans = {"A": plan("A", offset=11.0), "B": plan("B", offset=50.0)}
    every = {"A": links("A"), "B": links("B")}
    result = with_progression(plans, every, [Leg(first, second, "main", "side", 20.0, 500.0)])
    leaves = result[first].offset_s + green_start_s(result[first], every[first], "main")
    opens = result[second].offset_s + green_start_s(result[second], every[second], "side")
    assert (leaves + 20.0 - opens) % 60.0 == pytest.approx(0.0)


def test_the_heavier_of_two_legs_decides() -> None:
    plans = {"A": plan("A"), "B": plan("B")}
    every = {"A": links("A"), "B": links("B")}
    legs = [Leg("A", "B", "main", "main", 25.0, 100.0), Leg("B", "A", "main", "main", 10.0, 900.0)]
    result = with_progression(plans, every, legs)
    assert (result["B"].offset_s + 10.0 - result["A"].offset_s) % 60.0 == pytest.approx(0.0)
