"""`twin signals optimise` where today's plans are as good as any: nothing worse goes out under the name of a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from four_lights import CAR, WAYS, write_case

from networks import read_signal_plans
from twin.cli import run

QUICK = """<additional>
<tlLogic id="A1" type="actuated" programID="quick" offset="0"><param key="max-gap" value="1.5"/>
{}</tlLogic>
</additional>
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lights of which one changes faster than any rule allows: no plan that keeps them is as quick."""
    written = write_case(tmp_path_factory.mktemp("case"), last_s=1, end_s=400)
    cars = sorted((second, way) for way, every in (("e", 9), ("n", 20)) for second in range(0, 300, every))
    lines = "".join(CAR.format(way, second, WAYS[way]) for second, way in cars)
    (written.parent / "cars.rou.xml").write_text(f"<routes>{lines}</routes>", encoding="utf-8")
    plan = read_signal_plans(written.parent / "grid.net.xml")["A1"]
    greens = [one.state for one in plan.phases if not one.changing]
    phases = "".join(f'<phase duration="4" minDur="1" maxDur="30" state="{state}"/>\n' for state in greens)
    (written.parent / "quick.add.xml").write_text(QUICK.format(phases), encoding="utf-8")
    told = written.read_text(encoding="utf-8")
    told = told.replace("</input>", '<additional-files value="quick.add.xml"/></input>')
    written.write_text(told, encoding="utf-8")
    return written


def words(case: Path, out: Path, *more: str) -> list[str]:
    asked = ["signals", "optimise", "--sumocfg", str(case), "--out", str(out), "--workers", "2", "--area", "A1"]
    return [*asked, "--budget", "60", "--class", "fixed", *more]


def test_plans_that_are_worse_are_not_offered(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for stale in ("plan.add.xml", "found.add.xml"):
        (out / stale).write_text("<additional/>", encoding="utf-8")
    assert run(words(case, out, "--rules", "rilsa", "--judge", "3", "--export", "gmns")) == 3
    said = capsys.readouterr()
    told = " ".join(said.out.split())
    assert "are worse than today's on the judged seeds" in told and "worse.plan.add.xml" in told
    assert "Today's plans fail the rules in" in told, "why an engineer may want it all the same"
    assert "nothing exported: what was found is not offered" in said.err
    assert sorted(file.name for file in out.iterdir()) == [
        "answer.json", "origin.json", "report.html", "today.add.xml", "worse.plan.add.xml",
    ]  # fmt: skip
    offer = json.loads((out / "answer.json").read_text(encoding="utf-8"))["offer"]
    assert offer["standing"] == "worse" and offer["offered"] is False
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'class="offer stop"' in page and "不予推荐" in page and page.index("不予推荐") < page.index("What they gain")
    assert run(["signals", "back", str(out)]) == 0
    back = read_signal_plans(out / "worse.plan.add.xml")
    assert back["A1"].program_id == "today" and (out / "found.add.xml").is_file()


def test_where_nothing_can_be_told_todays_plans_stay(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(case, tmp_path, "--rules", "resco", "--judge", "1", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["offer"]["standing"] in ("unproven", "lawful")
    offered = read_signal_plans(tmp_path / "plan.add.xml")["A1"]
    today = read_signal_plans(tmp_path / "today.add.xml")["A1"]
    if (tmp_path / "found.add.xml").is_file():
        assert offered == today and read_signal_plans(tmp_path / "found.add.xml")["A1"].program_id == "citytwin"
    else:
        assert offered.program_id == "citytwin"
