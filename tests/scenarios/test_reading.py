"""Scenario files: what is right is read, what is wrong is told with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from networks import read_signal_plans, write_signal_plans
from networks.errors import BadScenario
from scenarios import Scenario, parse_scenario, read_scenario, scenario_schema
from scenarios.interventions import Event, RoadClosure, SignalPlanChange
from scenarios.library import library_scenarios

if TYPE_CHECKING:
    from networks import City

GOOD = """\
name: test
period:
  begin: 2026-07-17T17:00:00+03:00
  end: 2026-07-17T18:00:00+03:00
  warm_up_s: 600
interventions:
  - kind: rainfall
    source: assumed
    hyetograph:
      begin: 2026-07-17T17:00:00+03:00
      step_s: 300
      intensity_mm_h: [0, 10, 20]
  - kind: road_closure
    edges: [a]
    begin: 2026-07-17T17:10:00+03:00
    end: 2026-07-17T17:20:00+03:00
"""


@pytest.mark.parametrize("name", sorted(library_scenarios()))
def test_every_library_scenario_is_right_and_fits_the_published_schema(name: str) -> None:
    path = library_scenarios()[name]
    scenario = read_scenario(path)
    assert scenario.title.en and scenario.title.zh
    jsonschema.validate(scenario.model_dump(mode="json"), scenario_schema())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: road_closure", "kind: road_closed", 13, "unknown kind road_closed"),
        ("[0, 10, 20]", "[0, -10, 20]", 12, "greater than or equal to 0"),
        ("17:20:00+03:00", "17:05:00+03:00", 16, "not after the begin"),
        ("2026-07-17T18:00:00+03:00", "2026-07-17T16:00:00+03:00", 4, "not after the begin"),
        ("warm_up_s: 600", "warmup: 600", 5, "no such field"),
        ("begin: 2026-07-17T17:10:00+03:00", "begin: 2026-07-17T17:10:00", 15, "no UTC offset"),
        ("    edges: [a]\n", "", 13, "missing"),
        ("    source: assumed\n", "", 7, "missing"),
        ("step_s: 300", "step_s: .nan", 11, "finite number"),
        ("edges: [a]", "edges: [a", 15, "is not YAML"),
        ("name: test", "name: test\nname: twice", 2, "written twice"),
        ("    hyetograph:", "    chicago: {begin: 2026-07-17T17:00:00Z, depth_mm: 9}\n    hyetograph:", 7, "one of"),
        ("warm_up_s: 600", "warm_up_s: 600\nmeasures: [mean_delay_s, no_such]", 6, "no measure is called 'no_such'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_line(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(BadScenario) as told:
        parse_scenario(GOOD.replace(old, new), file="mine.yaml")
    assert told.value.file == "mine.yaml"
    assert told.value.place == f"line {line}"
    assert words in told.value.what
    assert told.value.exit_status == 2


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(BadScenario) as told:
        parse_scenario(GOOD.replace("warm_up_s: 600", "warm_up_s: -1").replace("edges: [a]", "edges: []"))
    assert told.value.place == "line 5"
    assert told.value.remedy is not None and "line 14" in told.value.remedy


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "a: !!python/object:os.system {}", "a: &a [*a]"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(BadScenario):
        parse_scenario(text)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="cannot be read") as told:
        read_scenario(tmp_path / "none.yaml")
    folder = Path(str(told.value.remedy).rpartition(": ")[2])
    assert {file.stem for file in folder.glob("*.yaml")} == set(library_scenarios()), "it names files to start from"


def test_run_time_counts_from_the_warm_up() -> None:
    scenario = parse_scenario(GOOD)
    assert scenario.seconds(scenario.period.begin) == 600
    assert scenario.end_s == 4200
    assert scenario.moment(600) == scenario.period.begin


def test_the_digest_covers_what_is_run_and_not_the_words() -> None:
    scenario = parse_scenario(GOOD)
    assert parse_scenario(GOOD.replace("name: test", "name: other")).digest == scenario.digest
    assert parse_scenario(GOOD.replace("edges: [a]", "edges: [b]")).digest != scenario.digest
    assert Scenario.model_validate(scenario.model_dump(mode="json")).digest == scenario.digest


def test_more_interventions_are_checked_like_a_file() -> None:
    scenario = parse_scenario(GOOD)
    more = scenario.with_interventions({"kind": "road_closure", "edges": ["b"]}, name="more", title={"en": "More"})
    assert [item.edges for item in more.of(RoadClosure)] == [("a",), ("b",)]
    assert (more.name, more.title.en) == ("more", "More")
    assert not scenario.of(Event)
    with pytest.raises(ValueError, match="edges"):
        scenario.with_interventions({"kind": "road_closure", "edges": []})


def test_the_schema_names_every_kind() -> None:
    kinds = yaml.safe_dump(scenario_schema())
    for kind in ("road_closure", "rainfall", "event", "emergency_call", "signal_plan", "demand_change"):
        assert kind in kinds


def test_signal_plans_are_read_from_the_file_beside_the_scenario(tmp_path: Path, helsinki: City) -> None:
    plans = read_signal_plans(helsinki.net_file)
    tls_id = sorted(plans)[0]
    write_signal_plans({tls_id: replace(plans[tls_id], program_id="mine")}, tmp_path / "plans.add.xml")
    text = GOOD + "  - {kind: signal_plan, file: plans.add.xml}\n"
    (tmp_path / "s.yaml").write_text(text)
    scenario = read_scenario(tmp_path / "s.yaml")
    (change,) = scenario.of(SignalPlanChange)
    assert [(plan.tls_id, plan.program_id) for plan in change.plans] == [(tls_id, "mine")]
    assert [phase.state for phase in change.plans[0].phases] == [phase.state for phase in plans[tls_id].phases]
    first = plans[tls_id].phases[0]
    longer = (replace(first, duration_s=first.duration_s + 5), *plans[tls_id].phases[1:])
    write_signal_plans({tls_id: replace(plans[tls_id], program_id="mine", phases=longer)}, tmp_path / "plans.add.xml")
    assert read_scenario(tmp_path / "s.yaml").digest != scenario.digest
    (tmp_path / "plans.add.xml").write_text("<nonsense")
    with pytest.raises(BadScenario) as told:
        read_scenario(tmp_path / "s.yaml")
    assert told.value.place == "line 17"
