"""`twin signals optimise --periods`: demand that changes at half time, a programme for each half, and the way back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from four_lights import CAR, WAYS, write_case

from models.sumo import read_case, read_tables, run_native
from networks import read_signal_plans
from twin.cli import run


def test_a_programme_for_each_half_of_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, out = write_case(tmp_path, last_s=1, end_s=1800), tmp_path / "out"
    cars = [("e", second) for second in range(0, 900, 6)] + [("n", second) for second in range(900, 1800, 6)]
    cars += [(way, second) for way in "em" for second in range(7, 1800, 60)]
    lines = "".join(
        CAR.format(way, second, WAYS[way]) for way, second in sorted(set(cars), key=lambda one: (one[1], one[0]))
    )
    (tmp_path / "cars.rou.xml").write_text(f"<routes>\n{lines}</routes>\n", encoding="utf-8")
    asked = ["signals", "optimise", "--sumocfg", str(case), "--out", str(out), "--workers", "2", "--judge", "2"]
    more = ["--budget", "120", "--class", "actuated", "--rules", "rilsa", "--area", "A1", "--periods", "2"]
    status = run([*asked, *more])
    said = capsys.readouterr()
    assert "2 periods, " in said.out and "whole time" in said.out
    assert "period 2: 900 to 1800 s" in said.err
    told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
    assert [one["program"] for one in told["periods"]] == ["citytwin-1", "citytwin-2"]
    assert told["explained"] > 0.9 and told["day_plan"][1] == {"begin_s": 900.0, "program": "citytwin-2"}
    assert told["gains"][0]["after"] < told["gains"][0]["before"]
    assert len(told["demand_vph"]) == 2 and told["over_one_plan"]["after"] == told["gains"][0]["after"]
    plan = out / ("plan.failing.add.xml" if status else "plan.add.xml")
    text = plan.read_text(encoding="utf-8")
    assert len(re.findall("<tlLogic", text)) == 2 and "<WAUT" in text and "<wautJunction" in text
    delays = []
    for name, extra in (("before", ()), ("after", ("--additional-files", str(plan)))):
        run_native(read_case(case), 9, tmp_path / name, extra=extra)
        delays.append(float(read_tables(tmp_path / name)["trips"]["delay_s"].mean()))
    assert delays[1] < delays[0]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count('class="demand"') == 2 and "全时段采用最繁忙时段的方案" in page
    assert "citytwin-2" in page and "分时段信号配时" in page and 'href="period-2/report.html"' in page
    assert (out / "period-2" / "report.html").is_file()
    assert run(["signals", "back", str(out), "--signal", "A1"]) == 2
    assert "by the time of day" in capsys.readouterr().err
    assert run(["signals", "back", str(out)]) == 0
    assert "<WAUT" not in plan.read_text(encoding="utf-8")
    assert (out / "found.add.xml").read_text(encoding="utf-8") == text
    assert {one.program_id for one in read_signal_plans(plan).values()} == {"today"}


def test_too_few_simulations_for_each_period_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = write_case(tmp_path, last_s=100, end_s=200)
    words = ["signals", "optimise", "--sumocfg", str(case), "--out", str(tmp_path / "out"), "--budget", "100"]
    assert run([*words, "--periods", "3"]) == 2
    assert "at least 60" in capsys.readouterr().err
