"""What stands at signals, through the commands: check, show, export and optimise know it, and say what they lose."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from four_lights import CAR, WAYS, write_case

from networks import read_signal_plans, write_signal_plans
from twin.cli import run

LIST = """[signals.A1]
countdown = true
refuges = ["A0A1"]
waiting_areas = {"left1A1" = 9}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lights, a few cars; a list of what stands at one of them beside the case."""
    written = write_case(tmp_path_factory.mktemp("case"), last_s=1, end_s=240)
    cars = sorted((second, way) for way, every in (("e", 8), ("n", 15)) for second in range(0, 180, every))
    lines = "".join(CAR.format(way, second, WAYS[way]) for second, way in cars)
    (written.parent / "cars.rou.xml").write_text(f"<routes>{lines}</routes>", encoding="utf-8")
    (written.parent / "standing.toml").write_text(LIST, encoding="utf-8")
    return written


def test_fixed_times_are_found_where_greens_are_counted_down(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, out = case.parent / "grid.net.xml", tmp_path / "out"
    asked = ["signals", "optimise", "--sumocfg", str(case), "--out", str(out), "--workers", "2", "--budget", "60"]
    more = ["--class", "actuated", "--judge", "2", "--rules", "gb", "--area", "A0,A1,B1", "--countdown", "A0,B1"]
    run([*asked, *more, "--equipment", str(case.parent / "standing.toml"), "--json"])
    signals = json.loads(capsys.readouterr().out)["signals"]
    assert [one["control"] for one in signals.values()] == ["static"] * 3
    assert all(one["countdown"] == "true" for one in signals.values()) and signals["A1"]["refuges"] == "A0A1"
    file = next(out / name for name in ("found.add.xml", "plan.add.xml", "worse.plan.add.xml") if (out / name).exists())
    run(["signals", "check", str(file), "--net", str(net), "--rules", "gb", "--json"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    seen = {one["rule"]: one["passed"] for one in told if one["rule"] in ("countdown", "waiting_area", "refuge_wait")}
    assert seen == {"countdown": True, "waiting_area": True, "refuge_wait": True}
    assert "displays count its greens down" in str(signals["A0"]["why"]) and "turns wait" in str(signals["A1"]["why"])
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "fixed times alone, as displays count their greens down: A0, A1, B1" in page and "倒计时" in page


def test_an_actuated_plan_fails_where_its_greens_are_counted_down(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, plan = case.parent / "grid.net.xml", read_signal_plans(case.parent / "grid.net.xml")["A1"]
    phases = tuple(one if one.changing else replace(one, min_s=8.0, max_s=50.0) for one in plan.phases)
    write_signal_plans({"A1": replace(plan, kind="actuated", phases=phases)}, tmp_path / "p.add.xml")
    check = ["signals", "check", str(tmp_path / "p.add.xml"), "--net", str(net), "--rules", "gb"]
    run([*check, "--signal", "A1"])
    assert "倒计时" not in capsys.readouterr().out
    assert run([*check, "--countdown", "all", "--signal", "A1"]) == 3
    assert "not known when it begins" in " ".join(capsys.readouterr().out.split())
    for word, said in (("--countdown", "no signal 'Z9'"), ("--equipment", "it does not list signals")):
        (tmp_path / "odd.toml").write_text("x = 1", encoding="utf-8")
        assert run([*check, word, "Z9" if word == "--countdown" else str(tmp_path / "odd.toml")]) != 0
        assert said in capsys.readouterr().err


def test_sheets_show_what_stands_there_and_exports_say_what_they_lose(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, page = case.parent / "grid.net.xml", tmp_path / "sheet.html"
    show = ["signals", "show", str(net), "A1", "--equipment", str(case.parent / "standing.toml")]
    assert run(show) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Countdown displays: no green may be cut" in told and "9 m beyond the stop line" in told
    assert "crosses it in two halves" in told or "cross it in two halves" in told
    assert run([*show, "--html", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert (
        "现场设施" in text and "左转待转区" in text and "分两段过街" in text and "SUMO does not drive into it" in text
    )
    capsys.readouterr()
    plan = read_signal_plans(net)["A1"]
    write_signal_plans({"A1": replace(plan, params=(("countdown", "true"),))}, tmp_path / "p.add.xml")
    for kind, said in (("gmns", True), ("sumo", False)):
        words = ["signals", "export", str(tmp_path / "p.add.xml"), "--net", str(net), "--format", kind]
        leave = ["--rules", "resco", "--out", str(tmp_path / kind)]
        run([*words, *leave])
        assert ("tell the controller by hand: countdown displays" in capsys.readouterr().out) is said


def test_what_stands_there_is_kept_by_imports_and_refused_before_a_search_where_it_cannot_be(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = case.parent / "grid.net.xml"
    plan = replace(read_signal_plans(net)["A1"], params=(("countdown", "true"),))
    longer = [replace(one, duration_s=one.duration_s + 5, min_s=47, max_s=47) for one in plan.phases[:1]]
    changed = replace(plan, phases=(*longer, *plan.phases[1:]), params=())
    for name, one in (("today", plan), ("new", changed)):
        write_signal_plans({"A1": one}, tmp_path / f"{name}.add.xml")
    leave = ["--net", str(net), "--format", "gmns"]
    run(["signals", "export", str(tmp_path / "new.add.xml"), *leave, "--rules", "resco", "--out", str(tmp_path / "g")])
    back = ["signals", "import", str(tmp_path / "g"), *leave, "--plan", str(tmp_path / "today.add.xml")]
    assert run([*back, "--out", str(tmp_path / "back.add.xml")]) == 0
    kept = read_signal_plans(tmp_path / "back.add.xml")["A1"]
    assert dict(kept.params)["countdown"] == "true" and kept.phases[0].duration_s == changed.phases[0].duration_s
    (tmp_path / "odd.toml").write_text('[signals.A1]\nrefuges = ["nowhere"]\n', encoding="utf-8")
    capsys.readouterr()
    search = ["signals", "optimise", "--sumocfg", str(case), "--out", str(tmp_path / "out"), "--rules", "resco"]
    assert run([*search, "--equipment", str(tmp_path / "odd.toml")]) != 0
    assert "no arm nowhere" in capsys.readouterr().err and not (tmp_path / "out").exists()
