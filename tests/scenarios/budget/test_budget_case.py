"""What a race reads from a SUMO case: the plans that run, the vehicles that come, and plans fit for meso."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from models.sumo import SumoCase
from networks import SignalPhase, SignalPlan
from networks.errors import BadInput
from scenarios.budget.case_plans import flow_shares, plans_today
from scenarios.budget.case_trials import effective

PLAN = '<tlLogic id="a" type="static" programID="{}" offset="{}"><phase duration="30" state="Gr"/>\
<phase duration="3" state="yr"/><phase duration="20" state="rG"/><phase duration="3" state="ry"/></tlLogic>'
NET = """<net><edge id="w"><lane id="w_0"/></edge>{}
<connection from="w" to="e" fromLane="0" toLane="0" tl="a" linkIndex="0" dir="s"/>
<connection from="s" to="n" fromLane="0" toLane="0" tl="a" linkIndex="1" dir="s"/></net>"""


def case_of(folder: Path, *more: str) -> SumoCase:
    files = []
    for number, text in enumerate(more):
        files.append(folder / f"{number}.add.xml")
        files[-1].write_text(text)
    (folder / "net.xml").write_text(NET.format(PLAN.format("0", 0)))
    return SumoCase(folder / "x.sumocfg", folder / "net.xml", additionals=tuple(files), begin_s=600.0, end_s=2400.0)


def test_the_plan_that_is_loaded_last_is_todays(tmp_path: Path) -> None:
    # SUMO takes any root for an additional file
    case = case_of(tmp_path, f"<add>{PLAN.format('1', 7)}</add>", f"<additional>{PLAN.format('2', 9)}</additional>")
    assert (plans_today(case)["a"].program_id, plans_today(case)["a"].offset_s) == ("2", 9.0)


def test_a_case_that_switches_plans_by_itself_is_refused(tmp_path: Path) -> None:
    case = case_of(tmp_path, '<additional><WAUT id="w" refTime="0" startProg="0"/></additional>')
    with pytest.raises(BadInput, match="by the time of day"):
        plans_today(case)


def test_who_departs_on_an_approach_counts_as_who_comes_along_it(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    edges = pd.DataFrame({"edge_id": ["w", "s", "w"], "entered": [100, 90, 80], "departed": [180, 0, 0]})
    shares = flow_shares(case, plans_today(case), edges)["a"]
    # half an hour: 360 and 90 vehicles are 720 and 180 an hour, of 1800 that a lane lets through
    assert shares.tolist() == pytest.approx([0.4, 0.1])


def test_on_meso_yellow_is_red_and_nothing_else_changes() -> None:
    phases = (SignalPhase(30, "Ggr", 30, 30), SignalPhase(3, "yYr", 3, 3), SignalPhase(9, "rrG", 5, 20))
    plan = SignalPlan("a", "0", 5.0, phases, "x")
    (shown,) = effective({"a": plan, "b": SignalPlan("b", "0", 0.0, phases, "x", "actuated")}).values()
    assert [phase.state for phase in shown.phases] == ["Ggr", "rrr", "rrG"]
    assert [phase.duration_s for phase in shown.phases] == [30, 3, 9] and shown.offset_s == 5.0
