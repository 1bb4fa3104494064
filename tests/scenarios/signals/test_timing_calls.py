"""Greens on call: what a condition says, that SUMO knows the loops by these names, and that a light rests uncalled."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pandas as pd
import pytest

from models.sumo import SumoCase, read_case
from models.sumo.recording import record
from networks import (
    PhaseTerms,
    SignalLink,
    SignalPhase,
    SignalPlan,
    read_layouts,
    read_signal_links,
    read_signal_plans,
    sumo_home,
    write_signal_plans,
)
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.signals.equipment.loops import read_loops
from scenarios.signals.designing.calling import AT_ONCE, NEVER, call_of
from scenarios.signals.designing.design import Control, Design, plan_of
from scenarios.signals.designing.stage_set import StageSet, legal_stages
from scenarios.signals.judging.failed_detectors import with_failed

CASE = """<configuration><input><net-file value="n.net.xml"/><route-files value="r.rou.xml"/></input>
<time><begin value="0"/><end value="300"/></time></configuration>
"""
CAR = '<vehicle id="{0}{1}" depart="{1}" departLane="best" departSpeed="max"><route edges="{2}"/></vehicle>\n'


@pytest.fixture(scope="module")
def cross(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One junction of four arms with pavements and crossings, so that lane 0 of each is for people on foot."""
    folder = tmp_path_factory.mktemp("cross")
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "1", "--grid.attach-length", "150"]
    command += ["--default-junction-type", "traffic_light", "--default.lanenumber", "2", "--sidewalks.guess"]
    command += ["--sidewalks.guess.max-speed", "20", "--crossings.guess", "--no-turnarounds"]
    subprocess.run([*command, "--output-file", folder / "n.net.xml"], check=True, capture_output=True)
    (folder / "run.sumocfg").write_text(CASE, encoding="utf-8")
    return folder


def case_of(folder: Path, cars: list[tuple[int, str]]) -> SumoCase:
    """Cars by (departure, from-to)."""
    ways = {"main": "left0A0 A0right0", "side": "bottom0A0 A0top0"}
    lines = "".join(CAR.format(way, second, ways[way]) for second, way in sorted(cars))
    (folder / "r.rou.xml").write_text(f"<routes>\n{lines}</routes>\n", encoding="utf-8")
    return read_case(folder / "run.sumocfg")


def stages_of(folder: Path) -> StageSet:
    layout, table = read_layouts(folder / "n.net.xml")["A0"], read_rules("rilsa")
    made = legal_stages(rule_controller(layout, table), longest_red_s=120.0)
    loops = read_loops(folder / "n.net.xml")["A0"]
    return StageSet(made.tls_id, made.states, made.least_s, made.own, made.changes, made.longest_red_s, loops)


def plan(folder: Path, control: Control, longest_s: float = 30.0) -> SignalPlan:
    stages = stages_of(folder)
    chosen = tuple(range(stages.own))
    return plan_of(Design(control, chosen, (longest_s,) * len(chosen), detector_gap_s=2.0), stages)


def main_greens(folder: Path, made: SignalPlan, cars: list[tuple[int, str]]) -> list[tuple[float, float]]:
    """(begin, end) of each green of the main road."""
    write_signal_plans({"A0": made}, folder / "p.xml")
    states = record(case_of(folder, cars), 1, folder / "out", signals=["A0"], plans=folder / "p.xml").states
    links = [k for k, lanes in read_loops(folder / "n.net.xml")["A0"].items() if straight(folder, k)]
    green = states["state"].map(lambda state: state[links[0]] in "Gg")
    rows = pd.DataFrame({"time_s": states["time_s"], "green": green})
    turns = rows[rows["green"] != rows["green"].shift()]
    ends = [*turns["time_s"].iloc[1:], 300.0]
    return [(row.time_s, end) for row, end in zip(turns.itertuples(), ends, strict=True) if row.green]


def straight(folder: Path, index: int) -> bool:
    moves = read_layouts(folder / "n.net.xml")["A0"].movements
    return any(m.index == index and m.from_edge == "left0A0" and m.to_edge == "A0right0" for m in moves)


def test_a_green_ends_at_a_gap_or_its_longest_and_only_when_somebody_waits() -> None:
    loops = {0: ("D0.0",), 1: ("D0.0", "D0.1"), 2: ("D1.0",)}
    assert call_of("GGr", loops, 30.0, 2.5) == (
        "(((z:D0.0 > 2.50) and (z:D0.1 > 2.50)) or (g:0 >= 30)) and (((r:2 + 4) > z:D1.0))"
    )


def test_a_stage_without_vehicles_ends_at_once_and_one_with_all_of_them_waits_for_nobody() -> None:
    loops = {0: ("D0.0",), 1: ("D1.0",)}
    assert call_of("rrG", loops, 30.0, 2.0) == AT_ONCE
    assert call_of("GgG", loops, 30.0, 2.0) == NEVER


def test_loops_are_counted_by_link_and_pavements_have_none(cross: Path) -> None:
    loops = read_loops(cross / "n.net.xml")["A0"]
    moves = {m.index: m for m in read_layouts(cross / "n.net.xml")["A0"].movements if m.kind == "vehicle"}
    assert sorted(loops) == sorted(moves)
    assert sorted({name for names in loops.values() for name in names}) == [
        f"D{e}.{n}" for e in range(4) for n in (0, 1)
    ]
    for index, names in loops.items():
        assert names[0].endswith(f".{moves[index].from_lane - 1}")  # lane 0 is the pavement


def test_a_light_rests_until_somebody_comes_to_the_side_road(cross: Path) -> None:
    alone = [(second, "main") for second in range(0, 280, 12)]
    called = [*alone, (150, "side")]
    assert len(main_greens(cross, plan(cross, "actuated"), alone)) > 6  # SUMO's own rule: every gap ends a green
    rests = [end - begin for begin, end in main_greens(cross, plan(cross, "on_call"), alone)]
    assert max(rests) > 60.0 and len(rests) <= 5
    ends = [end for _, end in main_greens(cross, plan(cross, "on_call"), called)]
    assert any(150.0 < end < 175.0 for end in ends)


def test_a_full_road_gives_way_after_its_longest_green(cross: Path) -> None:
    cars = [*((second, "main") for second in range(0, 290, 2)), *((second, "side") for second in range(3, 290, 5))]
    greens = main_greens(cross, plan(cross, "on_call", 20.0), cars)
    assert len(greens) > 4 and max(end - begin for begin, end in greens[1:-1]) <= 22.0


def test_nobody_is_kept_waiting_for_longer_than_the_longest_red(cross: Path) -> None:
    stages, made = stages_of(cross), plan(cross, "on_call", 90.0)
    longest = [phase.max_s for phase in made.phases if phase.max_s > phase.min_s]
    assert stages.lost_s(range(stages.own)) + sum(longest) - min(longest) <= 120.0


def test_conditions_survive_writing_and_reading(cross: Path) -> None:
    made = plan(cross, "on_call")
    write_signal_plans({"A0": made}, cross / "again.xml")
    again = read_signal_plans(cross / "again.xml")["A0"]
    assert again.phases == made.phases and again.control == "on_call" and again.kind == "actuated"


def test_a_failed_loop_calls_for_ever_and_holds_its_green_to_the_longest(cross: Path) -> None:
    links, loops = read_signal_links(cross / "n.net.xml"), read_loops(cross / "n.net.xml")
    made = plan(cross, "on_call", 25.0)
    lanes = {
        way: {(one.from_edge, one.from_lane) for one in links["A0"] if one.from_edge == f"{way}0A0"}
        for way in ("left", "bottom")
    }

    def failed(way: str) -> SignalPlan:
        return with_failed({"A0": made}, links, lanes[way], loops)["A0"]

    alone = [(second, "main") for second in range(0, 280, 12)]
    rested, called = (main_greens(cross, one, alone) for one in (made, failed("bottom")))
    assert max(end - begin for begin, end in rested) > 60.0
    assert max(end - begin for begin, end in called) < 26.0
    both = [*alone, *((second, "side") for second in range(3, 290, 10))]
    held = [end - begin for begin, end in main_greens(cross, failed("left"), both)][1:-1]
    assert min(held) >= 25.0


def test_a_loop_whose_name_begins_like_the_failed_one_still_works() -> None:
    phases = [
        SignalPhase(5, "Gr", 5, 60, terms=PhaseTerms(early_target="(z:D1.1 > 2.00) and (z:D1.10 > 2.00)")),
        SignalPhase(5, "rG", 5, 60),
    ]
    made = SignalPlan("x", "p", 0.0, tuple(phases), "test", "actuated")
    links = {"x": (SignalLink("x", 1, "e", 0, "f", "s"),)}
    broken = with_failed({"x": made}, links, {("e", 0)}, {"x": {1: ("D1.1",)}})["x"]
    assert broken.phases[0].terms.early_target == "(0 > 2.00) and (z:D1.10 > 2.00)"
