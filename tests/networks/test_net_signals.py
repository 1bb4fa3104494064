"""Signal plans: what is unsafe is said, and SUMO runs what we write."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import BadInput, City, SignalPhase, SignalPlan, read_signal_plans, sumo_home, write_signal_plans


def phase(seconds: float, state: str) -> SignalPhase:
    return SignalPhase(seconds, state, seconds, seconds)


PLAN = SignalPlan("t1", "0", 0.0, (phase(30, "GGr"), phase(3, "yyr"), phase(20, "rrG"), phase(4, "rry")), "guessed")


def with_phases(*phases: SignalPhase) -> SignalPlan:
    return replace(PLAN, phases=phases)


def test_a_good_plan_has_nothing_against_it() -> None:
    assert PLAN.cycle_s == 57
    assert PLAN.check(PLAN) == []
    retimed = with_phases(*(phase(s, p.state) for s, p in zip((12, 3, 25, 3), PLAN.phases, strict=True)))
    assert replace(retimed, offset_s=17.0).check(PLAN) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(PLAN, tls_id="t2"), "not t1"),
        (with_phases(), "no phases"),
        (with_phases(phase(0, "GGr")), "without duration"),
        (with_phases(phase(30, "GG"), phase(3, "yy")), "3 links"),
        (with_phases(phase(30, "GGG"), phase(3, "yyr"), *PLAN.phases[2:]), "state GGG"),
        (with_phases(phase(4, "GGr"), *PLAN.phases[1:]), "link 0: green for 4 s"),
        (with_phases(PLAN.phases[0], phase(2, "yyr"), *PLAN.phases[2:]), "link 1: yellow for 2 s"),
        (with_phases(PLAN.phases[0], *PLAN.phases[2:]), "link 0: green is followed by red without yellow"),
        (with_phases(*PLAN.phases[:3]), "link 2: green is followed by red without yellow"),
        (with_phases(*PLAN.phases[:2]), "link 2: never green"),
    ],
)
def test_what_is_wrong_is_said(wrong: SignalPlan, said: str) -> None:
    assert any(said in sentence for sentence in wrong.check(PLAN)), wrong.check(PLAN)


def test_pedestrians_have_no_yellow() -> None:
    reference = with_phases(phase(10, "Gr"), phase(3, "yr"), phase(10, "rG"), phase(3, "rr"))
    assert with_phases(*(replace(p, duration_s=p.duration_s + 2) for p in reference.phases)).check(reference) == []


def test_green_over_the_end_of_the_cycle_counts_as_one() -> None:
    reference = with_phases(phase(10, "Gr"), phase(3, "yr"), phase(10, "rG"), phase(3, "ry"))
    split = with_phases(phase(3, "Gr"), phase(3, "yr"), phase(10, "rG"), phase(3, "ry"), phase(3, "Gr"))
    assert split.check(reference) == []


@given(
    offset=st.floats(0, 120).map(lambda v: round(v, 1)),
    seconds=st.lists(st.integers(5, 90), min_size=1, max_size=6),
    name=st.text("abc <&>\"'é", max_size=8),
)
def test_reading_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, offset: float, seconds: list[int], name: str
) -> None:
    phases = tuple(SignalPhase(float(s), "Gr"[i % 2] * 3, 5.0, 90.0, name) for i, s in enumerate(seconds))
    plan = SignalPlan("x&y", "p1", offset, phases, "engineer")
    file = tmp_path_factory.mktemp("plans") / "plans.add.xml"
    write_signal_plans({"x&y": plan}, file)
    assert read_signal_plans(file) == {"x&y": plan}


def test_sumo_runs_what_was_written(helsinki: City, tmp_path: Path) -> None:
    plans = read_signal_plans(helsinki.net_file)
    tls, plan = next(iter(plans.items()))
    longer = tuple(replace(p, duration_s=p.duration_s + 2, min_s=p.min_s + 2, max_s=p.max_s + 2) for p in plan.phases)
    changed = replace(plan, program_id="ours", offset_s=11.0, phases=longer)
    assert changed.check(plan) == []
    write_signal_plans({tls: changed}, tmp_path / "plans.add.xml")
    seen = tmp_path / "seen.add.xml"
    seen.write_text(
        f'<additional><timedEvent type="SaveTLSStates" source="{tls}" dest="{tmp_path / "states.xml"}"/></additional>'
    )
    command = [str(sumo_home() / "bin" / "sumo"), "-n", str(helsinki.net_file), "-e", "200", "--no-step-log"]
    done = subprocess.run([*command, "-a", f"{tmp_path / 'plans.add.xml'},{seen}"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    states = (tmp_path / "states.xml").read_text()
    assert states.count('programID="ours"') == states.count("<tlsState ") > 100


def test_a_file_that_holds_no_plans_says_where(tmp_path: Path) -> None:
    file = tmp_path / "plans.xml"
    file.write_text("<additional><tlLogic id='t7'><phase duration='ten' state='G'/></tlLogic></additional>")
    with pytest.raises(BadInput, match="signal t7"):
        read_signal_plans(file)
    file.write_text("<additional>")
    with pytest.raises(BadInput, match="cannot be read"):
        read_signal_plans(file)
