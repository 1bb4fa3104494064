"""SPaT: messages say what a plan shows, a plan comes back from them, and broken ones are refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import crossing, eight_phase_plan, stage_plans, whole_plans

from networks import BadInput, SignalPhase, SignalPlan
from networks.protocols.exporting import export_spat
from networks.protocols.importing import import_spat
from networks.protocols.spat.messages import STATES, messages, movements_of, plan_shown, states_shown, write_lines
from networks.protocols.spat.reading import read_spat
from networks.signals.controllers.assembling import assemble_plan
from networks.timing.likeness import likeness


def fixed() -> SignalPlan:
    _, controller = crossing()
    return assemble_plan(controller, [20.0] * len(controller.stages))


def written(plan: SignalPlan, path: Path) -> list[dict[str, Any]]:
    export_spat({"c": plan}, {"c": crossing()[0]}, path)
    return [json.loads(line)["intersections"][0] for line in path.read_text(encoding="utf-8").splitlines()]


@settings(max_examples=40)
@given(plan=st.one_of(stage_plans(), whole_plans()))
def test_a_plan_comes_back_from_messages(plan: SignalPlan, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("spat") / "x.jsonl"
    written(plan, path)
    other = replace(fixed(), offset_s=1.0)
    assert likeness(plan, read_spat(path, {"c": other})["c"]).same
    assert read_spat(path, {"c": plan})["c"] is plan, "what is not changed stays to the last digit"
    told = import_spat(path, {"c": other})
    assert (told.changed != {}) is not likeness(plan, other).same


def test_messages_say_what_is_shown_until_when_and_what_comes_next(tmp_path: Path) -> None:
    plan = replace(fixed(), offset_s=3.0)
    told = written(plan, tmp_path / "x.jsonl")
    assert len(told) == len(plan.phases)
    at = 0.0
    for phase in plan.phases:
        second = (3.0 + at) % plan.cycle_s
        own = next(one for one in told if (60 * one["moy"] + one["timeStamp"] / 1000) % plan.cycle_s == second)
        for movement in own["states"]:
            now, after = movement["state-time-speed"]
            link = int(movement["movementName"].split("[")[1].split("]")[0].split()[0])
            letter = phase.state[link]
            assert letter == "y" or now["eventState"] == STATES[letter]
            assert "clearance" in now["eventState"] or letter != "y"
            assert now["timing"]["likelyTime"] == after["timing"]["startTime"]
            assert now["timing"]["minEndTime"] == now["timing"]["maxEndTime"], "times are fixed"
        at += phase.duration_s


def test_yellow_is_a_clearance_of_the_green_before_it() -> None:
    plan = SignalPlan("c", "0", 0.0, tuple(SignalPhase(5, s, 5, 5) for s in ("G", "y", "r", "g", "y", "r")), "")
    shown = plan_shown(plan)
    one = type("M", (), {"number": 1, "name": "V1", "links": (0,)})()
    told = [m["intersections"][0]["states"] for _, m in messages("c", 1, shown, [one], repeats=True, fixed=True)]
    said = [states[0]["state-time-speed"][0]["eventState"] for states in told]
    assert said[1] == "protected-clearance"
    assert said[4] == "permissive-clearance"


def test_an_actuated_plan_tells_least_and_longest() -> None:
    _, controller = crossing()
    plan = assemble_plan(controller, [20.0] * len(controller.stages), most_s=[50.0] * len(controller.stages))
    shown = plan_shown(plan)
    told = messages("c", 1, shown, movements_of("c", shown, controller), repeats=True, fixed=False)
    _, first = next(told)
    timings = [one["state-time-speed"][0]["timing"] for one in first["intersections"][0]["states"]]
    assert all(t["minEndTime"] <= t["likelyTime"] <= t["maxEndTime"] for t in timings)
    assert any(t["minEndTime"] < t["maxEndTime"] for t in timings)
    assert first["intersections"][0]["status"] == ["trafficDependentOperation"]


def test_a_runs_end_is_open() -> None:
    layout, controller = crossing()
    states = [(25_200.0 + 10 * n, phase.state) for n, phase in enumerate(fixed().phases)]
    shown = states_shown(states, 25_200.0 + 10 * len(states))
    told = list(messages("c", 1, shown, movements_of("c", shown, controller), repeats=False, fixed=True))
    assert told[0][1]["intersections"][0]["moy"] == 420
    last = told[-1][1]["intersections"][0]["states"][0]["state-time-speed"]
    assert len(last) == 1
    assert "maxEndTime" not in last[0]["timing"]
    assert len(list(write_lines({"c": iter(told)}))) == len(states)
    assert layout.tls_id == "c"


@settings(max_examples=50)
@given(data=st.data())
def test_a_file_with_faults_never_crashes(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("spat") / "x.jsonl"
    written(fixed(), path)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))])
    path.write_bytes(whole[:at] + (flip + whole[at + 1 :] if data.draw(st.booleans()) else b""))
    try:
        read_spat(path, {"c": fixed()})
    except BadInput as error:
        assert error.what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"name":"c"', '"name":"d"', "the network has no such signal"),
        ("stop-And-Remain", "stop-And-Go", "no SPaT message: KeyError"),
        (" [", " (", "does not end with its links"),
        ('"states"', '"status"', "no SPaT message: KeyError: 'states'"),
        ('"moy":0', '"moy":90', "each message later"),
        ("{", "", "no SPaT message"),
    ],
)
def test_broken_messages_are_refused_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    written(fixed(), path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1 if "moy" in old else -1), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_spat(path, {"c": fixed()})


def test_what_cannot_be_told_is_left_out(tmp_path: Path) -> None:
    plan = eight_phase_plan()
    still = replace(plan, phases=plan.phases[:1])
    odd = replace(fixed(), offset_s=1.234)
    with pytest.raises(BadInput, match="never change"):
        export_spat({"c": still}, {"c": crossing()[0]}, tmp_path / "x.jsonl")
    with pytest.raises(BadInput, match="changes at"):
        export_spat({"c": odd}, {"c": crossing()[0]}, tmp_path / "x.jsonl")
