"""SUMO's NEMA control: SUMO itself shows the plan second by second, and what is written is read again."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from small_crossings import four_arms
from small_plans import REAL, bare_crossing, crossing, eight_phase_plan, real_file, stage_plans

from networks import BadInput, Control, SignalPlan, read_layouts, read_signal_plans, sumo_home, timing_of
from networks.exchange.exporting import export_nema
from networks.exchange.nema_reading import read_nema
from networks.exchange.nema_writing import nema_element, write_nema
from networks.exchange.telling import differences
from networks.timing.ring_plan import RingPlan
from networks.timing.ringing import rings_of

RUN_S = 300
FLOWS = "".join(
    f'<flow id="{a}{b}" from="{a}c" to="c{b}" begin="0" end="{RUN_S}" period="9"/>'
    for a, b in ("ns", "sn", "ew", "we", "ne", "sw", "es", "wn")
)


def rings_of_bare(plan: SignalPlan) -> RingPlan:
    return rings_of(timing_of(plan, bare_crossing()[1]), bare_crossing()[0])


def shown_by_sumo(folder: Path, rings: RingPlan, *, flows: str = "") -> dict[int, str]:
    """The state of the signal in every second of a run of SUMO with the written file."""
    net = four_arms(folder, lanes=3)
    write_nema({"c": rings}, folder / "n.add.xml")
    (folder / "s.add.xml").write_text(
        '<additional><timedEvent type="SaveTLSStates" source="c" dest="states.xml"/></additional>'
    )
    (folder / "r.rou.xml").write_text(f"<routes>{flows}</routes>")
    command = [str(sumo_home() / "bin" / "sumo"), "-n", net.name, "-a", "n.add.xml,s.add.xml", "-r", "r.rou.xml"]
    done = subprocess.run(
        [*command, "-e", str(RUN_S), "--no-step-log", "--xml-validation", "never"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "SUMO_HOME": str(sumo_home())},
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr
    states = ET.parse(folder / "states.xml").getroot().iter("tlsState")
    return {int(float(s.attrib["time"])): s.attrib["state"] for s in states if s.get("programID") == rings.program_id}


def state_at(plan: SignalPlan, second: int) -> str:
    left = (second - plan.offset_s) % plan.cycle_s
    for phase in plan.phases:
        if left < phase.duration_s:
            return phase.state
        left -= phase.duration_s
    return plan.phases[-1].state


@pytest.mark.parametrize("offset_s", [0.0, 37.0])
def test_sumo_shows_a_fixed_dual_ring_plan_second_by_second(offset_s: float, tmp_path: Path) -> None:
    plan = eight_phase_plan(offset_s=offset_s)
    shown = shown_by_sumo(tmp_path, replace(rings_of_bare(plan), program_id="am_NEMA"), flows=FLOWS)
    # The controller finds into its cycle during the first two.
    seconds = range(round(2 * plan.cycle_s), RUN_S)
    assert len(seconds) > plan.cycle_s
    assert [shown[s] for s in seconds] == [state_at(plan, s) for s in seconds]


def test_sumo_runs_an_actuated_plan_within_its_limits(tmp_path: Path) -> None:
    rings = rings_of_bare(eight_phase_plan())
    free = replace(
        rings,
        control=Control.ACTUATED,
        program_id="free",
        phases=tuple(replace(phase, least_s=5.0, most_s=phase.green_s) for phase in rings.phases),
    )
    shown = shown_by_sumo(tmp_path, free, flows=FLOWS)
    links = range(len(rings.red))
    assert all(any(state[k] in "Gg" for state in shown.values()) for k in links), "every link is served"
    longest = max(phase.split_s for phase in rings.phases)
    for k in links:
        runs = "".join("G" if shown[s][k] in "Gg" else "-" for s in sorted(shown)).split("-")
        assert max(map(len, runs[:-1])) <= 2 * longest


@settings(max_examples=25)
@given(plan=stage_plans())
def test_what_is_written_as_nema_is_read_again(plan: SignalPlan, tmp_path_factory: pytest.TempPathFactory) -> None:
    layout, controller = crossing()
    rings = rings_of(timing_of(plan, controller), layout)
    file = tmp_path_factory.mktemp("nema") / "c.add.xml"
    write_nema({"c": rings}, file)
    back = read_nema(file, {"c": rings})["c"]
    assert differences(rings, back) == []
    assert [(p.protected, p.permitted, p.place) for p in back.phases] == [
        (p.protected, p.permitted, p.place) for p in rings.phases
    ]


@pytest.mark.parametrize("name", REAL)
def test_real_plans_come_back_from_nema(name: str, tmp_path: Path) -> None:
    if not real_file(name).is_file():
        pytest.skip(f"{name} is not on this machine (CITYTWIN_DATA)")
    layouts, plans = read_layouts(real_file(name)), read_signal_plans(real_file(name), source="imported")
    if "4x4" in name:
        with pytest.raises(BadInput, match="its 8 phases stand between 8 barriers"):
            export_nema(plans, layouts, tmp_path / "x.add.xml")
        return
    report = export_nema(plans, layouts, tmp_path / "x.add.xml")
    assert len(report.written) + len(report.left_out) == len(plans)
    assert len(report.left_out) <= len(plans) / 3
    odd = [tls for tls, lines in report.written.items() if "the same in every second" not in lines[0]]
    assert len(odd) <= (4 if "hamburg" in name else 0)


def test_a_file_of_sumos_page_is_read(tmp_path: Path) -> None:
    """Rings with an empty place, the barriers named the other way round, and phases without recall."""
    rings = rings_of_bare(eight_phase_plan())
    states = {str(phase.number): phase for phase in rings.phases}
    rows = "".join(
        f'<phase duration="99" minDur="5" maxDur="{20 + n}" vehext="2" yellow="3.5" red="1.5" name="{n}"'
        f' state="{"".join("G" if k in states[str(n)].protected else "r" for k in range(len(rings.red)))}"/>'
        for n in (2, 4, 6)
    )
    keys = {
        "ring1": "0,2,0,4",
        "ring2": "0,6,0,4",
        "barrierPhases": "2,6",
        "barrier2Phases": "4,4",
        "total-cycle-length": "60",
    }
    params = "".join(f'<param key="{key}" value="{value}"/>' for key, value in keys.items())
    file = tmp_path / "a.xml"
    file.write_text(f'<add><tlLogic id="c" offset="10" programID="N" type="NEMA">{params}{rows}</tlLogic></add>')
    with pytest.raises(BadInput, match="ring 2 does not meet barrier 1"):
        read_nema(file, {"c": rings})
    file.write_text(file.read_text().replace('maxDur="26"', 'maxDur="22"'))
    back = read_nema(file, {"c": rings})["c"]
    assert [(phase.number, phase.place) for phase in back.phases] == [(2, (1, 1, 1)), (6, (1, 2, 1)), (4, (2, 1, 1))]
    assert (back.control, back.cycle_s) == (Control.ACTUATED, 22 + 5 + 24 + 5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('type="NEMA"', 'type="static"'), "it holds no NEMA plan"),
        (('id="c"', 'id="d"'), "signal d: the network has no such signal"),
        (('key="ring1" value="', 'key="ring1" value="9,'), "ring 1 names phase 9"),
        (('key="ring1"', 'key="ring"'), "something is missing"),
        (('state="', 'state="G'), "its states have another number of links"),
        (('maxDur="', 'maxDur="x'), "no number"),
    ],
)
def test_wrong_nema_files_are_refused_in_words(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    rings = rings_of_bare(eight_phase_plan())
    file = tmp_path / "c.add.xml"
    write_nema({"c": rings}, file)
    assert change[0] in file.read_text()
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(BadInput, match=said):
        read_nema(file, {"c": rings})


def test_one_phase_alone_is_no_nema_plan() -> None:
    rings = rings_of_bare(eight_phase_plan())
    with pytest.raises(BadInput, match=r"signal c.*its 1 phases"):
        nema_element(replace(rings, phases=rings.phases[:1]))
