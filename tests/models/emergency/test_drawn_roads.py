"""Roads that shut and open again, what an ensemble says of them, and what a green wave is worth on the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dispatch import TableTravel, fleet, index

from models.emergency import Call, Unit
from models.emergency.dispatching import Delays, Drive, Outlook, Policy, RoadTimes, Wave, parts_of, simulate, wholes

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
    wave = Wave(np.array([0.2]), lambda edges: len(edges) - 1, ("ambulance",), least_signals=3)
    long = Drive((0, 1, 2, 3), np.array([100.0, 110.0, 120.0, 150.0]))
    assert wave.quicker("c", "ambulance", long).entered_s == pytest.approx([100.0, 108.0, 116.0, 140.0])
    short = Drive((0, 1), np.array([0.0, 10.0]))
    assert wave.quicker("c", "ambulance", short) is short
    assert wave.quicker("c", "pump_crew", long) is long
    scattered = Wave(np.array([-0.1, 0.0, 0.3]), lambda _: 9, ("ambulance",))
    ends = {round(float(scattered.quicker(f"c{n}", "ambulance", long).entered_s[-1]), 6) for n in range(40)}
    assert ends == {155.0, 150.0, 135.0}
    assert (
        scattered.quicker("c1", "ambulance", long).entered_s.tolist()
        == scattered.quicker("c1", "ambulance", long).entered_s.tolist()
    )


def test_only_the_drive_to_the_call_is_quicker() -> None:
    line = TableTravel(np.abs(np.arange(4)[:, None] - np.arange(4)[None, :]) * 100.0)
    waved = Policy(wave=Wave(np.array([0.5]), lambda _: 9, ("ambulance",)))
    calls, at_once = [Call("c", 0.0, "p2", on_scene_s=10.0)], Delays(0, 0, 0, 0, 0)
    plain, wave = (
        simulate(line, index(4), fleet(0), calls, delays=at_once, policy=policy) for policy in (Policy(), waved)
    )
    assert (plain.records[0].arrival_s, wave.records[0].arrival_s) == (200.0, 100.0)


def test_a_fire_asks_for_several_units_of_several_classes() -> None:
    line = TableTravel(np.abs(np.arange(4)[:, None] - np.arange(4)[None, :]) * 100.0)
    slow = TableTravel(line.times_s * 2.0)
    units = [
        Unit("F1", "fire_engine", "p0"), Unit("F2", "fire_engine", "p1"), Unit("A1", "ambulance", "p3"),
    ]  # fmt: skip
    fires = [Call("f", 0.0, "p2", "fire", on_scene_s=10.0, needs=("als",))]
    parts = [part for fire in fires for part in parts_of(fire)]
    assert [one.classes for one in parts] == [("fire_engine",), ("fire_engine", "ladder"), ("ambulance",)]
    assert [one.needs for one in parts] == [("als",), (), ()] and len({one.call_id for one in parts}) == 3
    roads = {"fire_engine": slow, "ambulance": line}
    plain = [replace(one, needs=()) for one in parts]
    done = simulate(roads, index(4), units, plain, delays=Delays(0, 0, 0, 0, 0))
    assert [(one.unit_id, one.response_s) for one in done.records] == [("F2", 200.0), ("F1", 400.0), ("A1", 100.0)]
    (whole,) = wholes(done.records)
    assert whole.first.unit_id == "A1" and whole.complete_s == 400.0 and whole.answered
    (short,) = wholes(simulate(roads, index(4), units[1:], parts, delays=Delays(0, 0, 0, 0, 0)).records)
    assert short.answered and np.isinf(short.complete_s)  # nobody has the skill, and one engine is left
    assert "there is no fire_engine with als" in short.parts[0].notes[0]["en"]


@given(st.integers(0, 2**32 - 1))
def test_no_unit_is_at_two_parts_at_once(seed: int) -> None:
    draw, line = np.random.default_rng(seed), np.abs(np.arange(5)[:, None] - np.arange(5)[None, :]) * 60.0
    kinds = ("medical", "fire", "crowd", "flood_rescue", "hazmat")
    calls = [
        Call(
            f"c{n}",
            float(t),
            f"p{draw.integers(5)}",
            str(draw.choice(kinds)),
            int(draw.integers(1, 4)),
            on_scene_s=90.0,
        )
        for n, t in enumerate(draw.uniform(0, 3000, 12))
    ]
    classes = ("ambulance", "ambulance", "fire_engine", "fire_engine", "rescue_boat")
    units = [Unit(f"u{n}", kind, f"p{n}") for n, kind in enumerate(classes)]
    roads = {kind: TableTravel(line * (n + 1)) for n, kind in enumerate(dict.fromkeys(classes))}
    done = simulate(roads, index(5), units, [part for one in calls for part in parts_of(one)])
    assert all(one.answered for one in wholes(done.records))
    for unit in units:
        spans = sorted((one.order_s, one.free_s) for one in done.records if one.unit_id == unit.unit_id)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert all(unit.kind in one.call.classes for one in done.records if one.unit_id == unit.unit_id)
