"""Plans by the time of day: the cut against brute force, and one programme after the other in SUMO itself."""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coordinated import cross

from models.sumo import read_case
from networks import SignalPlan, read_layouts, read_rules, rule_controller, sumo_home
from networks.errors import BadInput
from networks.rules.transition import check_transition, switching_point
from networks.safe_xml import read_xml
from networks.signals.plans.plan_file import plans_in
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.designing.design import Control, Design, plan_of
from scenarios.signals.designing.stage_set import StageSet, legal_stages
from scenarios.signals.periods.day import optimise_day
from scenarios.signals.periods.programmes import day_plan_of, with_switching_points, write_programmes
from scenarios.signals.periods.segmentation import cut_series
from scenarios.signals.periods.slices import demand_slices
from scenarios.signals.searching.wish import Wish
from scenarios.signals.trying.trials import Trials

__all__ = ["cross"]


def test_a_day_of_steps_is_cut_at_its_steps() -> None:
    day = np.repeat([[200.0, 50.0], [900.0, 60.0], [400.0, 500.0]], [5, 3, 8], axis=0)
    assert cut_series(day, 3) == cut_series(day, 3, shortest=3)
    assert (cut_series(day, 3).begins, cut_series(day, 3).explained) == ((0, 5, 8), pytest.approx(1.0))
    assert cut_series(day, 1).begins == (0,) and cut_series(day, 1).explained == pytest.approx(0.0)
    assert cut_series(np.ones(4), 2).explained == 1.0


series = st.lists(st.integers(0, 9), min_size=1, max_size=9)


@given(series, st.integers(1, 4), st.integers(1, 3))
def test_no_other_cut_is_better(values: list[int], runs: int, shortest: int) -> None:
    found = cut_series(np.array(values, dtype=float), runs, shortest=shortest)
    count, kept = len(values), max(min(runs, len(values) // shortest), 1)
    cuts = [
        (0, *inner)
        for inner in itertools.combinations(range(1, count), kept - 1)
        if kept == 1 or all(b - a >= shortest for a, b in pairwise((0, *inner, count)))
    ]
    assert found.begins in cuts
    assert spread(values, found.begins) == pytest.approx(min(spread(values, cut) for cut in cuts), abs=1e-9)


def spread(values: list[int], begins: tuple[int, ...]) -> float:
    return sum(float(np.var(values[a:b]) * (b - a)) for a, b in pairwise((*begins, len(values))))


@pytest.mark.parametrize(("slices", "runs", "shortest"), [(0, 1, 1), (3, 0, 1), (3, 1, 0)])
def test_what_cannot_be_cut_is_refused(slices: int, runs: int, shortest: int) -> None:
    with pytest.raises(ValueError, match="cannot be cut"):
        cut_series(np.zeros((slices, 2)), runs, shortest=shortest)


def test_the_first_programme_holds_from_midnight_on() -> None:
    told = day_plan_of([25200.0, 32400.0])
    assert [(one.begin_s, one.program) for one in told.switches] == [(0.0, "citytwin-1"), (32400.0, "citytwin-2")]
    with pytest.raises(BadInput):
        day_plan_of([80000.0, 90000.0])


@pytest.fixture(scope="module")
def stages(cross: Path) -> StageSet:
    return legal_stages(rule_controller(read_layouts(cross / "net.xml")["A0"], read_rules("rilsa")))


def shown(folder: Path, file: Path, begin_s: int, end_s: int) -> list[str]:
    """What SUMO shows each second."""
    states, asked = file.with_suffix(".states"), file.with_suffix(".ask.xml")
    asked.write_text(f'<additional><timedEvent type="SaveTLSStates" source="A0" dest="{states}"/></additional>')
    command: list[str | Path] = [sumo_home() / "bin" / "sumo", "-n", folder / "net.xml", "-r", folder / "cars.rou.xml"]
    command += ["-a", f"{file},{asked}", "--begin", str(begin_s), "--end", str(end_s), "--no-step-log"]
    said = subprocess.run([*command, "--no-warnings", "--xml-validation", "never"], check=True, capture_output=True)
    assert not said.stderr, said.stderr
    return re.findall(r' state="(\w+)"', states.read_text())


@pytest.mark.parametrize("control", ["static", "actuated", "coordinated"])
@settings(max_examples=6)
@given(greens=st.lists(st.tuples(st.integers(8, 40), st.integers(8, 40)), min_size=3, max_size=3), shift=st.data())
def test_in_sumo_no_change_of_programmes_cuts_a_green_or_a_yellow(
    cross: Path,
    stages: StageSet,
    tmp_path_factory: pytest.TempPathFactory,
    control: Control,
    greens: list[tuple[int, int]],
    shift: st.DataObject,
) -> None:
    offsets = shift.draw(st.lists(st.integers(0, 60), min_size=3, max_size=3))
    plans = [
        {"A0": plan_of(Design(control, (0, 1), (float(a), float(b)), float(o)), stages)}
        for (a, b), o in zip(greens, offsets, strict=True)
    ]
    file = tmp_path_factory.mktemp("day") / "day.add.xml"
    begins = [0.0, 200.0 + shift.draw(st.integers(0, 40)), 450.0]
    periods = with_switching_points(plans)
    write_programmes(periods, begins, file)
    seen = shown(cross, file, 0, 800)
    changes = [tuple((p.state, p.duration_s) for p in one) for one in stages.changes.values()]
    runs = [(state, len(list(run))) for state, run in groupby(seen)]
    places = [n for n, (state, _) in enumerate(runs) if state in stages.states]
    for a, b in pairwise(places):
        assert tuple(runs[a + 1 : b]) in changes
    for n in places[1:-1]:
        assert runs[n][1] >= stages.least_s[stages.states.index(runs[n][0])] - 1e-9
    if control == "static":
        assert runs_as(periods[2]["A0"], seen[720:], 720)
    restarted = shown(cross, file, 500, 700)
    if control == "static":
        assert runs_as(periods[2]["A0"], restarted, 500)


def runs_as(plan: SignalPlan, seen: list[str], begin_s: int) -> bool:
    """Whether what was shown is the plan on its clock."""
    cycle = [phase.state for phase in plan.phases for _ in range(int(phase.duration_s))]
    return seen == [cycle[int(begin_s + n - plan.offset_s) % len(cycle)] for n in range(len(seen))]


def test_programmes_are_read_back_with_a_point_in_the_stage_that_all_share(stages: StageSet, tmp_path: Path) -> None:
    plans = [{"A0": plan_of(Design("static", order, (30.0, 20.0)), stages)} for order in ((0, 1), (1, 0))]
    periods = with_switching_points(plans)
    write_programmes(periods, [0.0, 600.0], tmp_path / "day.add.xml")
    root = read_xml(tmp_path / "day.add.xml", roots=("additional",))
    assert plans_in(root, tmp_path / "day.add.xml") == [one["A0"] for one in periods]
    points = [float(dict(one["A0"].params)["GSP"]) for one in periods]
    first = sum(phase.duration_s for phase in periods[1]["A0"].phases[: 1 + len(stages.changes[1, 0])])
    assert points == [29.0, first + 20.0 - 1.0]


def test_signals_without_a_common_stage_change_at_once(stages: StageSet, tmp_path: Path) -> None:
    plans = [{"A0": plan_of(Design("static", (n,), (30.0,)), stages)} for n in (0, 1)]
    periods = with_switching_points(plans)
    write_programmes(periods, [0.0, 600.0], tmp_path / "day.add.xml")
    assert all("GSP" not in dict(one["A0"].params) for one in periods)
    junction = read_xml(tmp_path / "day.add.xml", roots=("additional",)).find("wautJunction")
    assert junction is not None and junction.get("procedure") is None


def test_demand_is_counted_where_and_when_it_comes(cross: Path, tmp_path: Path) -> None:
    cars = "".join(
        f'<vehicle id="{n}" depart="{t}"><route edges="left0A0 A0right0"/></vehicle>'
        for n, t in enumerate([*range(0, 600, 20), *range(600, 1200, 5)])
    )
    (tmp_path / "cars.rou.xml").write_text(f"<routes>{cars}</routes>")
    (tmp_path / "run.sumocfg").write_text(
        f'<configuration><input><net-file value="{cross / "net.xml"}"/><route-files value="cars.rou.xml"/></input>'
        '<time><begin value="0"/><end value="1350"/></time></configuration>'
    )
    trials = Trials(read_case(tmp_path / "run.sumocfg"), ThreadExecutor(1))
    try:
        found = demand_slices(trials, ("A0",), slice_s=300.0)
    finally:
        trials.close()
    assert found.sum(axis=1).tolist() == pytest.approx([180.0, 180.0, 720.0, 720.0, 0.0])
    assert (found > 0).any(axis=0).sum() == 1


@pytest.mark.parametrize(("control", "red"), [("actuated", 2.0 + 8.0 + 40.0 + 5.0), ("static", 2.0 + 40.0 + 45.0)])
def test_the_red_of_a_change_is_that_at_the_switching_point(
    cross: Path,
    stages: StageSet,
    control: Control,
    red: float,
) -> None:
    """Yellow's end to the change, then the stage anew, its change; a clock's wait of a fifth of a cycle beside it."""
    layout, table = read_layouts(cross / "net.xml")["A0"], read_rules("rilsa")
    controller = rule_controller(layout, table)
    plans = [{"A0": plan_of(Design(control, (0, 1), (40.0, 40.0), 0.0), stages)} for _ in range(2)]
    old, new = (one["A0"] for one in with_switching_points(plans))
    wait = 0.2 * new.cycle_s if control == "static" else 0.0
    told = check_transition(old, new, controller, table, layout=layout)
    reds = {one.found for one in told if one.rule == "transition_red"}
    assert reds == {0.0, red + wait}
    assert any(one.rule == "transition_cycles" for one in told) == (control == "static")
    lost = replace(old, params=(("GSP", "soon"),))
    assert switching_point(lost) is None and switching_point(replace(old, params=(("GSP", "9999"),))) is None


def test_a_time_beyond_midnight_is_refused_before_anything_is_searched(cross: Path, tmp_path: Path) -> None:
    (tmp_path / "run.sumocfg").write_text(
        f'<configuration><input><net-file value="{cross / "net.xml"}"/><route-files value="{cross / "cars.rou.xml"}"/>'
        '</input><time><begin value="0"/><end value="600"/></time></configuration>'
    )
    case = read_case(tmp_path / "run.sumocfg")
    begun = list[float]()
    with pytest.raises(BadInput, match="switches at"):
        optimise_day(
            replace(case, begin_s=0.0, end_s=172_800.0), Wish, ThreadExecutor(1), periods=2, slice_s=86_400.0,
            began=lambda *told: begun.append(told[0]),
        )  # fmt: skip
    assert not begun
