"""`twin signals optimise --day`: plans that hold on days whose traffic comes from other sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from four_lights import CAR, CASE, WAYS, write_case

from models.sumo import read_case
from networks import read_signal_plans
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.trying.trials import Trials
from twin.cli import run

LAST_S, END_S = 500, 600


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The town on a day when nearly all come from the left, and on one when they come from below."""
    first = write_case(tmp_path_factory.mktemp("left"), last_s=LAST_S, end_s=END_S)
    cars = [("e", second) for second in range(5, LAST_S, 40)]
    cars += [(way, second) for way in "nm" for second in range(0, LAST_S, 7)]
    text = "".join(CAR.format(way, second, WAYS[way]) for way, second in sorted(cars, key=lambda one: one[1]))
    (first.parent / "below.rou.xml").write_text(f"<routes>\n{text}</routes>\n", encoding="utf-8")
    second = first.parent / "below.sumocfg"
    second.write_text(CASE.format(END_S).replace("cars.rou.xml", "below.rou.xml"), encoding="utf-8")
    return first, second


def searched(case: Path, out: Path, *more: str) -> int:
    words = ["signals", "optimise", "--sumocfg", str(case), "--out", str(out), "--workers", "2", "--limit", "0"]
    return run([*words, "--class", "fixed", "--budget", "80", "--judge", "4", "--json", *more])


def test_a_plan_for_two_days_holds_on_both(
    days: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = days
    assert searched(first, tmp_path / "one") == 0
    alone = json.loads(capsys.readouterr().out)
    assert searched(first, tmp_path / "both", "--day", str(second)) == 0
    told = json.loads(capsys.readouterr().out)
    assert alone["days"] == [] and len(told["days"]) == 2
    assert [day["seeds"] for day in told["days"]] == [2, 2]
    assert "run: " in (page := (tmp_path / "both" / "report.html").read_text()) and "逐日结果" in page
    trials = Trials(read_case(second), ThreadExecutor(2))
    try:
        plans = [read_signal_plans(tmp_path / which / "plan.add.xml") for which in ("one", "both")]
        one, both = (outcome.cost for outcome in trials.run([(plan, 9) for plan in plans]))
    finally:
        trials.close()
    assert both < 0.9 * one, "the plan of both days is no better on the second than the plan of the first alone"


def test_seeds_go_round_the_days(days: tuple[Path, Path]) -> None:
    first, second = map(read_case, days)
    trials = Trials(first, ThreadExecutor(1), days=(second,))
    try:
        named = [Path(trials.job({}, seed).options["route-files"]).name for seed in range(4)]
        flows = trials.flows()
    finally:
        trials.close()
    assert named == ["cars.rou.xml", "below.rou.xml"] * 2
    hours = END_S / 3600.0
    from_left = sum(len(range(*span)) for span in ((0, LAST_S, 3), (5, LAST_S, 40)))
    assert flows["left1A1", "A1B1"] == pytest.approx(from_left / hours / 2, rel=0.2)


def test_another_day_on_another_network_is_refused(
    days: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_case(tmp_path, last_s=LAST_S, end_s=END_S)
    net = (tmp_path / "grid.net.xml").read_text()
    (tmp_path / "grid.net.xml").write_text(net.replace('speed="13.89"', 'speed="12.50"'))
    assert searched(days[0], tmp_path / "out", "--day", str(other)) == 2
    said = capsys.readouterr().err
    assert "same network" in said and "run.sumocfg" in said and not (tmp_path / "out").exists()
