"""`twin signals optimise`: from a tiny town to plans that SUMO loads, a report, and what is said to bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from four_lights import CASE, write_case

from models.sumo import read_case, read_tables, run_native
from networks import read_signal_plans
from twin.cli import run


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lights, whose plans give half of the time to streets on which nearly nobody comes."""
    return write_case(tmp_path_factory.mktemp("case"), last_s=500, end_s=600)


def words(case: Path, out: Path, *more: str) -> list[str]:
    return ["signals", "optimise", "--sumocfg", str(case), "--out", str(out), "--workers", "2", *more]


def delay_s(case: Path, folder: Path, *more: str) -> float:
    """Mean delay of the case with further additional files, run by SUMO itself."""
    run_native(read_case(case), 7, folder, extra=more)
    return float(read_tables(folder)["trips"]["delay_s"].mean())


@pytest.mark.parametrize(("rules", "plan_class"), [("resco", "zones"), ("rilsa", "actuated"), ("gb", "fixed")])
def test_better_plans_are_found_and_sumo_runs_them(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], rules: str, plan_class: str
) -> None:
    out = tmp_path / "out"
    asked = ["--budget", "70", "--rules", rules, "--class", plan_class, "--judge", "3", "--json"]
    assert run(words(case, out, *asked)) == 0
    told = json.loads(capsys.readouterr().out)
    gain = told["gains"][0]
    assert gain["after"] < gain["before"] and gain["verdict"] == "better" and gain["seeds"] == 3
    assert told["failing"] == [] and 50 < told["simulations"] <= 90
    plans = read_signal_plans(out / "plan.add.xml")
    assert sorted(plans) == ["A0", "A1", "B0", "B1"] and {plan.program_id for plan in plans.values()} == {"citytwin"}
    broken = told["failed_detectors"]
    assert (broken is None) == all(plan.kind == "static" for plan in plans.values())
    if broken is not None:
        assert broken["share"] == 0.1 and 1 <= broken["failed"] < broken["detectors"]
        assert broken["sound_s"] <= broken["broken_s"] * 1.02 and broken["broken_s"] < broken["today_s"]
    text = (out / "plan.add.xml").read_text()
    assert all(
        part.startswith(("tlLogic", "phase", "param", "additional", "/", "?xml")) for part in text.split("<")[1:]
    )
    before = delay_s(case, tmp_path / "before")
    after = delay_s(case, tmp_path / "after", "--additional-files", str(out / "plan.add.xml"))
    assert after < before
    page = (out / "report.html").read_text()
    assert "A0" in page and "信号配时" in page and "What they gain" in page
    assert "critical flow ratio" in page and "found by simulation" in page and "关键流量比" in page
    assert "Where it gains, where it loses" in page and "各出行方式的得失" in page and page.count("<details") == 4
    assert page.index("gain-map") < page.index("<details") and 'href="#fold-A0"' in page
    assert run(["signals", "check", str(out / "plan.add.xml"), "--net", str(case.parent / "grid.net.xml"),
                "--rules", rules]) == 0  # fmt: skip


def test_plans_leave_in_other_formats_and_go_back_to_what_ran_before(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, net = tmp_path / "found", case.parent / "grid.net.xml"
    asked = ["--budget", "60", "--class", "fixed", "--judge", "2", "--export", "gmns", "--export", "utdf"]
    assert run(words(case, out, *asked)) in (0, 3)  # 3 where two rings cannot hold a signal
    assert (out / "plan_gmns").is_dir() and (out / "plan.utdf.csv.audit.jsonl").is_file()
    found, first = read_signal_plans(out / "plan.add.xml"), delay_s(case, tmp_path / "plain")
    assert run(["signals", "back", str(out), "--signal", "A0"]) == 0
    mixed = read_signal_plans(out / "plan.add.xml")
    assert {tls for tls in found if mixed[tls] != found[tls]} == {"A0"}
    assert run(["signals", "back", str(out)]) == 0
    again = delay_s(case, tmp_path / "again", "--additional-files", str(out / "plan.add.xml"))
    assert again == pytest.approx(first, abs=1e-9) and read_signal_plans(out / "found.add.xml") == found
    today = read_signal_plans(net, source="imported")
    assert all(one.phases == today[tls].phases for tls, one in read_signal_plans(out / "plan.add.xml").items())
    capsys.readouterr()
    assert run(["signals", "explain", str(out), "A0"]) == 0
    told = capsys.readouterr().out
    assert "Why an offset of" in told and "Webster's cycle" in told and f"twin signals back {out} --signal A0" in told
    assert "Which limits bind?" in told and "10 s earlier: " in (out / "answer.json").read_text()
    assert run(["signals", "explain", str(out), "Z9"]) != 0 and run(["signals", "explain", str(tmp_path), "A0"]) != 0
    assert run(["signals", "back", str(out), "--signal", "Z9"]) != 0 and run(["signals", "back", str(tmp_path)]) != 0
    assert "no signal 'Z9'" in capsys.readouterr().err


def test_stops_become_fewer_where_they_are_asked_for(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--budget", "60", "--class", "fixed", "--judge", "2", "--for", "stops", "--json"]
    assert run(words(case, tmp_path, *asked)) == 0
    gains = json.loads(capsys.readouterr().out)["gains"]
    assert [one["definition"] for one in gains] == ["all_planned_s", "resco_paper_s", "stops"]
    assert gains[2]["after"] < gains[2]["before"] < 5
    assert "每车停车次数" in (tmp_path / "report.html").read_text()


def test_only_the_signals_of_the_area_change(case: Path, tmp_path: Path) -> None:
    assert run(words(case, tmp_path, "--budget", "70", "--area", "B1", "--judge", "2", "--class", "fixed")) == 0
    assert list(read_signal_plans(tmp_path / "plan.add.xml")) == ["B1"]


def test_the_same_seed_gives_the_same_bytes(case: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        asked = ("--budget", "70", "--area", "A1,B1", "--judge", "2", "--rules", "resco", "--workers", "1")
        run(words(case, tmp_path / name / "out", *(asked if name == "one" else asked[:-2])))
    folders = (tmp_path / name / "out" for name in ("one", "two"))
    one, two = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    begun = [json.loads(told.pop("origin.json")) for told in (one, two)]
    assert one == two and len(one) == 4
    commands = [told.pop("command") for told in begun]  # each names its own folder, and one its workers
    assert begun[0] == begun[1] and "--workers 1" in commands[0] and "--workers 1" not in commands[1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--area", "Z9"], "no signal Z9"),
        (["--budget", "20"], "at least 60"),
        (["--budget", "5h"], "length of time"),
        (["--rules", "mars"], "no table of rules"),
        (["--end", "0"], ""),
        (["--for", "bicycles"], "it has no bicycles"),
        (["--may-drop", "nowhere"], "no signal that may change has an approach nowhere"),
        (["--may-drop", "all", "--rules", "resco"], "drop stages without leave"),
    ],
)
def test_bad_wishes_are_told_before_anything_is_written(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    out = tmp_path / "out"
    assert run(words(case, out, *more)) != 0
    assert said in capsys.readouterr().err and not out.exists()


def test_a_case_that_nobody_drives_in_is_refused(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.rou.xml").write_text("<routes></routes>")
    (tmp_path / "grid.net.xml").write_bytes((case.parent / "grid.net.xml").read_bytes())
    (tmp_path / "none.sumocfg").write_text(CASE.format(600).replace("cars", "none"))
    assert run(words(tmp_path / "none.sumocfg", tmp_path / "out", "--rules", "resco")) == 2
    assert "nobody drives" in capsys.readouterr().err


def test_neither_or_both_of_city_and_case_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["signals", "optimise", "--out", str(tmp_path)]) == 2
    assert "neither a city nor a SUMO case" in capsys.readouterr().err
