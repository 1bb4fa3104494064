"""Why a plan is as it is: neighbours of its design, limits that bind, and the answers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_crossroads import write_grid

from models.sumo import read_case
from networks import SignalPhase, read_signal_plans
from networks.sentence import say
from scenarios.ensembles.executor import SerialExecutor
from scenarios.signals.designing.design import Control, Design, plan_of
from scenarios.signals.designing.reasons import Grounds, reasons_of
from scenarios.signals.designing.stage_set import StageSet, free_stages
from scenarios.signals.explaining.explained import explain
from scenarios.signals.explaining.neighbours import Neighbour, Probing, neighbours_of, probe
from scenarios.signals.explaining.record import Record
from scenarios.signals.trying.trials import Trials

CHANGE = (SignalPhase(4.0, "yy", 4.0, 4.0, "change"),)
STAGES = StageSet("t", ("Gr", "rG"), (6.0, 6.0), 2, {(0, 1): CHANGE, (1, 0): CHANGE}, 60.0)


@given(st.floats(8, 40), st.floats(8, 40), st.sampled_from(["static", "coordinated", "actuated", "delay_based"]))
def test_neighbours_are_other_designs_that_keep_the_limits(a: float, b: float, control: Control) -> None:
    design = Design(control, (0, 1), STAGES.within_red((0, 1), (a, b)), 20.0)
    found = neighbours_of(design, STAGES)
    assert all(one != design for _, _, one in found) and 2 <= len(found) <= 4
    for kind, _, one in found:
        assert all(green >= 6 for green in one.greens_s) and 8 + sum(one.greens_s) - min(one.greens_s) <= 60
        if kind == "cycle" and control == "static":
            assert abs(sum(one.greens_s) - sum(design.greens_s)) <= 0.1 * (sum(design.greens_s) + 8) + 1.5
        elif kind != "cycle":
            assert one.greens_s == design.greens_s


def test_a_cycle_at_its_limits_has_no_shorter_neighbour() -> None:
    shortest = Design("static", (0, 1), (6.0, 6.0))
    assert [kind for kind, *_ in neighbours_of(shortest, STAGES)] == ["cycle", "offset", "offset"]


def record(design: Design, *neighbours: Neighbour) -> Record:
    looks = ((say("fixed, cycle 50 s", "定时"), 3.0), (say("fixed, cycle 30 s", "定时"), math.inf))
    return Record(design, STAGES, looks, neighbours, 77)


def answers(design: Design, *neighbours: Neighbour) -> dict[str, str]:
    plan, grounds = plan_of(design, STAGES), Grounds(STAGES, np.array([0.3, 0.2]), 4.0, 3.0)
    told = explain(plan, record(design, *neighbours), reasons_of(plan, plan, grounds, [(say("fixed", "定时"), 9.0)]))
    return {one.question["en"]: " | ".join(answer["en"] for answer in one.answers) for one in told}


def test_the_answers_give_figures_and_say_when_seeds_disagree() -> None:
    shorter = Neighbour("cycle", say("cycle of 50 s", "周期50秒"), (0.5, 0.3))
    earlier = Neighbour("offset", say("10 s earlier", "提前10秒"), (0.5, -0.3))
    locked = Neighbour("offset", say("10 s later", "推后10秒"), (math.inf,))
    told = answers(Design("static", (0, 1), (6.0, 40.0), 12.0), shorter, earlier, locked)
    why = told["Why 54 s?"]
    assert "cycle of 50 s: +0.40 s" in why and "+0.30 to +0.50 over 2 seeds)" in why
    assert "cycle 50 s: 3.00" in why and "cycle 30 s" not in why and "after 77 simulations" in why
    offset = told["Why an offset of 12 s?"]
    assert "10 s earlier: +0.10 s" in offset and "do not agree" in offset and "10 s later: the traffic locked" in offset
    assert "green 1 is its least of 6 s" in told["Which limits bind?"] and "60 s" not in told["Which limits bind?"]


def test_what_was_not_run_and_what_does_not_bind_is_said() -> None:
    told = answers(Design("actuated", (0, 1), (20.0, 30.0), max_gap_s=2.5))
    assert (
        "were not run" in told["Why a cycle of 20 to 58 s?"]
        and "gap of 2.50 s" in told["Why do greens end as they do?"]
    )
    assert told["Which limits bind?"].startswith("it touches none")
    full = answers(Design("actuated", (0, 1), (20.0, 52.0)))
    assert "nobody may wait for longer than 60 s" in full["Which limits bind?"]


def test_neighbours_are_run_as_far_as_simulations_reach(tmp_path: Path) -> None:
    case = read_case(write_grid(tmp_path))
    trials = Trials(case, SerialExecutor())
    today = read_signal_plans(case.net, source="imported")
    sets = {tls: free_stages(today[tls], trials.links[tls]) for tls in ("A0", "B1")}
    designs = {tls: Design("static", (0, 1), (20.0, 20.0)) for tls in sets}
    args = (trials, designs, sets, [("A0", "B1")], (1, 2))
    assert probe(*args, Probing(3)) == {"A0": (), "B1": ()}
    one = probe(*args, Probing(5))
    assert sorted(map(len, one.values())) == [0, 4]
    both = probe(*args, Probing(40))
    assert all(len(found) == 4 and all(len(n.changes) == 2 for n in found) for found in both.values())
    apart = probe(trials, designs, sets, [], (1,), Probing(5))
    assert all(len(found) == 4 for found in apart.values())
    trials.close()
