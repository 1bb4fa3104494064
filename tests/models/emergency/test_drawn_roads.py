"""Roads that shut and open again, what an ensemble says of them, and what a green wave is worth on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dispatch import TableTravel, fleet, index

from models.emergency import Call
from models.emergency.dispatching import Delays, Drive, Outlook, Policy, RoadTimes, Wave, simulate

MOMENT = st.one_of(st.floats(0.0, 900.0), st.just(np.inf))
NEVER = np.inf


@given(st.lists(st.tuples(MOMENT, st.floats(1.0, 400.0)), min_size=3, max_size=3), st.floats(0.0, 1500.0))
def test_a_road_is_shut_for_the_time_that_was_told_and_never_for_less(
    spells: list[tuple[float, float]], now: float
) -> None:
    begin = np.array([one[0] for one in spells])
    end = begin + np.array([one[1] for one in spells])
    jams = RoadTimes(np.array([0.0, 300.0, 600.0]), np.array([[10.0] * 3, [30.0] * 3, [20.0] * 3]))
    times = jams.shut(begin, end)
    found = times.at(np.full(3, now))
    told = (begin <= now) & (now < end)
    near = (np.floor(begin / 60) * 60 <= now) & (now < np.ceil(end / 60) * 60)
    assert np.isinf(found[told]).all() and np.isfinite(found[~near]).all()
    assert (found[~near] == jams.at(np.full(3, now))[~near]).all()


def test_members_that_were_wrong_about_a_road_say_no_more_of_it() -> None:
    shut = np.array([[60.0, NEVER], [60.0, 600.0], [900.0, 600.0], [NEVER, 1200.0]])
    outlook = Outlook(shut, alarm=0.5)
    assert outlook.shut(np.array([100.0, 100.0]), 0.0).tolist() == [True, False]
    # at 120 s the first road is open although two of four said no: of the other two one shuts it at 900 s
    assert outlook.shut(np.array([800.0, 500.0]), 120.0).tolist() == [False, False]
    assert outlook.shut(np.array([900.0, 600.0]), 120.0).tolist() == [True, True]
    assert outlook.certain().shut(np.array([900.0, 600.0]), 120.0).tolist() == [False, False]
    wrong = Outlook(np.array([[60.0], [120.0]]))
    assert wrong.shut(np.array([400.0]), 300.0).all()  # every member was wrong: as good as shut


def test_a_wave_gains_what_was_measured_on_ways_with_signals_alone() -> None:
    wave = Wave(np.array([0.2]), lambda edges: len(edges) - 1, least_signals=3)
    long = Drive((0, 1, 2, 3), np.array([100.0, 110.0, 120.0, 150.0]))
    assert wave.quicker("c", long).entered_s == pytest.approx([100.0, 108.0, 116.0, 140.0])
    short = Drive((0, 1), np.array([0.0, 10.0]))
    assert wave.quicker("c", short) is short
    scattered = Wave(np.array([-0.1, 0.0, 0.3]), lambda _: 9)
    ends = {round(float(scattered.quicker(f"c{n}", long).entered_s[-1]), 6) for n in range(40)}
    assert ends == {155.0, 150.0, 135.0}
    assert scattered.quicker("c1", long).entered_s.tolist() == scattered.quicker("c1", long).entered_s.tolist()


def test_only_the_drive_to_the_call_is_quicker() -> None:
    line = TableTravel(np.abs(np.arange(4)[:, None] - np.arange(4)[None, :]) * 100.0)
    waved = Policy(wave=Wave(np.array([0.5]), lambda _: 9))
    calls, at_once = [Call("c", 0.0, "p2", on_scene_s=10.0)], Delays(0, 0, 0, 0, 0)
    plain, wave = (
        simulate(line, index(4), fleet(0), calls, delays=at_once, policy=policy) for policy in (Policy(), waved)
    )
    assert (plain.records[0].arrival_s, wave.records[0].arrival_s) == (200.0, 100.0)
