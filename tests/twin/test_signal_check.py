"""`twin signals check`: what an engineer sees, what leaves, and what the audit keeps."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from networks import TwinError, read_layouts, sumo_home, write_signal_plans
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.signals.controllers.assembling import assemble_plan
from twin.cli import twin


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signals in a row, whose own plans have no red between the greens."""
    out = tmp_path_factory.mktemp("net") / "two.net.xml"
    size = ["--grid.x-number=2", "--grid.y-number=1", "--grid.length=200", "--grid.attach-length=150"]
    command = [
        str(sumo_home() / "bin" / "netgenerate"),
        "--grid",
        *size,
        "-j",
        "traffic_light",
        "-L",
        "2",
        "-o",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture
def good(net: Path, tmp_path: Path) -> Path:
    """Plans that keep RiLSA."""
    table, plans = read_rules("rilsa"), {}
    for tls, layout in read_layouts(net).items():
        controller = rule_controller(layout, table)
        plans[tls] = assemble_plan(controller, [stage.min_green_s + 8 for stage in controller.stages])
    write_signal_plans(plans, tmp_path / "good.add.xml")
    return tmp_path / "good.add.xml"


def check(*words: object) -> Result:
    return CliRunner().invoke(twin, ["signals", "check", *map(str, words)], env={"COLUMNS": "100"})


def refusal(found: Result) -> TwinError:
    assert isinstance(found.exception, TwinError), found.output
    return found.exception


def test_what_fails_comes_first_and_each_rule_has_its_source(net: Path) -> None:
    found = check(net, "--net", net)
    assert found.exit_code == 3
    fails, rules = found.output.split("\nRules: ")
    assert "wrong at 8 signals" in fails and "intergreen" in fails
    assert "VwV-StVO" in rules and rules.index("intergreen") < rules.index("served")


def test_one_signal_tells_every_failure_in_words(net: Path) -> None:
    found = check(net, "--net", net, "--signal", "A0", "--rules", "gb")
    assert found.exit_code == 3 and "m to clear" in found.output and "at 1 signal" in found.output
    assert found.output.index("m to clear") < found.output.index("Lamps as the plan") < found.output.index("Rules:")


def test_a_plan_that_keeps_its_rules_passes(good: Path, net: Path) -> None:
    found = check(good, "--net", net)
    assert found.exit_code == 0, found.output
    assert "none wrong" in found.output


def test_json_holds_every_verdict_failures_first(net: Path) -> None:
    lines = [json.loads(line) for line in check(net, "--net", net, "--json").output.splitlines()]
    passed = [line["passed"] for line in lines]
    assert passed == sorted(passed, key=lambda one: one is not False) and False in passed and True in passed
    assert {"tls_id", "rule", "subject", "required", "found", "unit", "clause", "source", "why"} <= set(lines[0])


def test_a_plan_that_fails_does_not_leave_without_a_reason(net: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.add.xml"
    found = check(net, "--net", net, "--export", out)
    assert refusal(found).exit_status == 4 and "--override" in str(found.exception)
    assert "wrong at 8 signals" in found.output, "what fails is told, too"
    assert not out.exists()


def test_overrides_stand_in_the_audit(net: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.add.xml"
    rules = {
        json.loads(line)["rule"]
        for line in check(net, "--net", net, "--json").output.splitlines()
        if '"passed": false' in line
    }
    leaves = [word for rule in sorted(rules) for word in ("--override", f"{rule}=as on the street since 2019")]
    found = check(net, "--net", net, "--export", out, *leaves, "--by", "signals office")
    assert found.exit_code == 0, found.output
    audit = [json.loads(line) for line in (tmp_path / "out.add.xml.audit.jsonl").read_text().splitlines()]
    assert len(audit) == 1 and audit[0]["who"] == "signals office" and audit[0]["when"].endswith("+00:00")
    assert {one["rule"] for one in audit[0]["overrides"]} == rules
    assert all(one["reason"] == "as on the street since 2019" and one["failing"] for one in audit[0]["overrides"])
    assert check(out, "--net", net).exit_code == 3, "what left is what was checked"


def test_an_override_at_one_signal_does_not_cover_another(net: Path, tmp_path: Path) -> None:
    leaves = [word for rule in ("intergreen", "crossing_time") for word in ("--override", f"{rule}@A0=seen on site")]
    found = check(net, "--net", net, "--export", tmp_path / "out.add.xml", *leaves)
    assert refusal(found).exit_status == 4 and "signal B0" in str(found.exception)


@pytest.mark.parametrize("leave", ["intergreen", "intergreen=no", "speed=because it may"])
def test_an_override_needs_a_rule_and_a_reason(net: Path, tmp_path: Path, leave: str) -> None:
    found = check(net, "--net", net, "--export", tmp_path / "out.add.xml", "--override", leave)
    assert refusal(found).exit_status == 2


def test_a_plan_of_another_network_is_refused(net: Path, good: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.add.xml"
    strange.write_text(good.read_text().replace('id="B0"', 'id="Z9"'))
    found = check(strange, "--net", net)
    assert refusal(found).exit_status == 2 and "no signal Z9" in str(found.exception)


def test_a_change_of_plans_is_judged_too(good: Path, net: Path) -> None:
    assert "transition_cycles" not in check(good, "--net", net).output
    found = check(good, "--net", net, "--from", good)
    assert found.exit_code == 0 and "transition_cycles" in found.output


def test_detectors_are_read_from_a_file(net: Path, tmp_path: Path) -> None:
    plans, layouts = {}, read_layouts(net)
    for tls, layout in layouts.items():
        controller = rule_controller(layout, read_rules("rilsa"))
        least = [stage.min_green_s for stage in controller.stages]
        plans[tls] = assemble_plan(controller, least, most_s=[seconds + 9 for seconds in least])
    write_signal_plans(plans, tmp_path / "act.add.xml")
    lanes = sorted({f"{m.from_edge}_{m.from_lane}" for m in layouts["A0"].movements})
    loops = "".join(f'<inductionLoop id="{n}" lane="{lane}" pos="-5" file="x"/>' for n, lane in enumerate(lanes))
    (tmp_path / "loops.add.xml").write_text(f"<additional>{loops}</additional>")
    found = check(tmp_path / "act.add.xml", "--net", net, "--detectors", tmp_path / "loops.add.xml", "--json")
    told = [json.loads(line) for line in found.output.splitlines()]
    bare = {one["tls_id"] for one in told if one["rule"] == "detectors" and one["passed"] is False}
    assert found.exit_code == 3 and "A0" not in bare and "B0" in bare
    assert "signal B0 is actuated" in next(one["why"]["en"] for one in told if one["tls_id"] == "B0")


def test_the_ground_must_be_said(good: Path) -> None:
    assert "--net NET or --city CITY" in check(good).output
