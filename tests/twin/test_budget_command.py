"""`twin run --sumocfg FILE --budget`: from a tiny city to plans that SUMO loads, and what is said to bad input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from four_lights import write_case

from models.sumo import read_case
from networks import read_signal_plans, sumo_home
from scenarios.budget.case_plans import plans_today
from twin.cli import run


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lights, whose plans give half of the time to streets on which nearly nobody comes."""
    return write_case(tmp_path_factory.mktemp("case"), last_s=300, end_s=400)


def words(case: Path, *more: str) -> list[str]:
    return ["run", "--sumocfg", str(case), "--workers", "2", *more]


def test_a_better_plan_is_found_and_sumo_loads_it(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "plans.add.xml"
    asked = ["--budget", "120s", "--candidates", "20", "--confirm", "2", "--half-width", "10%", "--regret", "2"]
    assert run(words(case, *asked, "--plan", str(place), "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["screened"] == 20 and told["runs"]["micro"] >= 6 and told["missing"] == []
    assert told["ranking"][0]["name"] == told["chosen"]
    assert told["effect"]["verdict"] == "better" and told["effect"]["high"] < 0
    assert told["delay"]["difference"] == pytest.approx(told["effect"]["difference"], rel=0.2)
    assert told["regret"]["drawn"] == 2 and told["regret"]["share"] < 0.1
    assert sum(one["probability"] or 0 for one in told["ranking"]) == pytest.approx(1.0)
    plans, today = read_signal_plans(place), plans_today(read_case(case))
    assert plans and all(not plan.check(today[tls]) for tls, plan in plans.items())
    shown = tmp_path / "states.xml"
    (tmp_path / "watch.add.xml").write_text(
        f'<additional><timedEvent type="SaveTLSStates" source="A1" dest="{shown}"/></additional>'
    )
    loading = [sumo_home() / "bin" / "sumo", "-n", case.parent / "grid.net.xml", "--end", "200"]
    subprocess.run([*loading, "-a", f"{place},{tmp_path / 'watch.add.xml'}"], check=True, capture_output=True)
    assert 'programID="budget"' in shown.read_text()
    assert not (case.parent / "mine.xml").exists()


def test_the_answer_is_a_table_and_says_what_was_not_done(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words(case, "--budget", "1s", "--runs", str(case.parent / "runs"))) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "candidate" in told and "P(best)" in told
    assert "not done:" in told and "were not screened" in told


def test_plans_that_somebody_brings_are_raced(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = plans_today(read_case(case))["A1"]
    phases = "".join(
        f'<phase duration="{60 if "G" in p.state and p.state[-1] != "r" else p.duration_s:g}" state="{p.state}"/>'
        for p in plan.phases
    )
    file = tmp_path / "mine.add.xml"
    logic = '<tlLogic id="A1" type="static" programID="{}" offset="{}">{}</tlLogic>'
    file.write_text(f"<additional>{logic.format('x', 0, phases)}{logic.format('y', 9, phases)}</additional>")
    asked = ["--budget", "60s", "--candidates", str(file), "--half-width", "20%", "--json"]
    assert run(words(case, *asked, "--plan", str(tmp_path / "best.add.xml"))) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in told["ranking"]} == {"as it is", "x", "y"}
    unsafe = phases.replace("y", "G", 1)
    file.write_text(f"<additional>{logic.format('x', 0, unsafe)}</additional>")
    assert run(words(case, *asked)) == 2
    assert "signal A1, program x" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--budget", "60"], "write --budget 60s"),
        (["--budget", "0s"], "no time for a single run"),
        (["--budget", "-5s"], "negative"),
        (["--budget", "1h"], "write --budget 60min"),
        (["--budget", "60s", "--half-width", "1"], "per cent"),
        (["--budget", "60s", "--candidates", "0"], "1 to 100000"),
        (["--budget", "60s", "--candidates", "nowhere.add.xml"], "nowhere.add.xml"),
        (["--budget", "60s", "--seeds", "3"], "--seeds does not go with --budget"),
        (["--budget", "60s", "--meso"], "--meso does not go with --budget"),
        (["--regret", "3"], "--regret goes with --budget"),
    ],
)
def test_what_cannot_be_done_is_said(
    case: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(case, *more)) == 2
    assert said in capsys.readouterr().err


def test_a_budget_is_for_a_sumo_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "flood.yaml", "--budget", "60s"]) == 2
    assert "--budget goes with --sumocfg" in capsys.readouterr().err


def test_a_case_without_plans_to_change_is_refused(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = (case.parent / "grid.net.xml").read_text().replace('type="static"', 'type="actuated"')
    for name in ("cars.rou.xml", "run.sumocfg"):
        (tmp_path / name).write_text((case.parent / name).read_text())
    (tmp_path / "grid.net.xml").write_text(net)
    assert run(words(tmp_path / "run.sumocfg", "--budget", "60s")) == 2
    assert "no signal at fixed times" in capsys.readouterr().err
