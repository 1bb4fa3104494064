"""`twin bottlenecks` on a street that loses a lane, and what both commands refuse."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from calibration.incidents import Verdict
from networks.errors import BadInput
from twin.cli import twin
from viz.calibration.incidents_page import incidents_page

sys.path.insert(0, str(Path(__file__).parents[1] / "calibration" / "flows"))
from small_nets import demand_file, line_net


@pytest.fixture(scope="module")
def narrowing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lanes go over into one; 2400 vehicles an hour want through for a quarter of an hour."""
    folder = tmp_path_factory.mktemp("narrowing")
    line_net(folder, lanes=(2, 2, 1, 1))
    demand_file(folder, [(1.5 * number, "e0 e1 e2 e3") for number in range(600)])
    case = folder / "town.sumocfg"
    case.write_text(
        '<configuration><input><net-file value="made.net.xml"/><route-files value="demand.rou.xml"/></input>'
        '<time><begin value="0"/><end value="900"/></time>'
        '<default.departlane value="random"/><default.departspeed value="max"/></configuration>',
        encoding="utf-8",
    )
    return case


def test_a_lane_drop_is_told_as_the_cause_on_terminal_table_and_page(narrowing: Path, tmp_path: Path) -> None:
    words = ["bottlenecks", "--sumocfg", str(narrowing), "--seeds", "1", "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(twin, words, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "e1" in told.output and "lane drop" in told.output
    rows = (tmp_path / "out" / "bottlenecks.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("1,e1,") and ",lane drop," in rows[1]
    page = (tmp_path / "out" / "bottlenecks.html").read_text(encoding="utf-8")
    assert "车道减少" in page and "lane drop" in page and "&lt;span" not in page


def test_a_known_closure_comes_before_what_the_network_says(narrowing: Path) -> None:
    words = ["bottlenecks", "--sumocfg", str(narrowing), "--seeds", "1", "--closed", "e2"]
    told = CliRunner().invoke(twin, words, catch_exceptions=False)
    assert "incident or closure: an incident is known on e2" in told.output


def test_a_case_or_a_run_has_to_be_given(narrowing: Path) -> None:
    told = CliRunner().invoke(twin, ["bottlenecks"])
    assert told.exit_code == 2 and "--sumocfg" in told.output
    told = CliRunner().invoke(twin, ["bottlenecks", "--sumocfg", str(narrowing), "city", "run"])
    assert told.exit_code == 2 or "CITY" in told.output


def test_counts_of_other_hours_are_refused_with_what_to_do(narrowing: Path, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    rows = [f"{edge},{7200 + 300 * at},300,vehicle_count,20" for edge in ("e0", "e2") for at in range(6)]
    counts.write_text("sensor_id,begin,period_s,measure,result\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = ["incidents", "--sumocfg", str(narrowing), "--counts", str(counts)]
    told = CliRunner().invoke(twin, words)
    assert isinstance(told.exception, BadInput) and "in common" in str(told.exception)


def test_the_page_of_incidents_names_place_and_liar_in_both_languages(narrowing: Path) -> None:
    places = (("e1", 0.7), ("e2", 0.25))
    verdicts = [
        Verdict("incident", "e1", (0,), "", 300.0, 900.0, 0.95, places, ("d0", "d2")),
        Verdict("sensor", "", (), "d2", 600.0, 1200.0, 0.8, places),
        Verdict("open", "e2", (0,), "", 900.0, 1200.0, 0.5, places, kinds=(("blocked", 0.5), ("demand", 0.4))),
    ]
    page = incidents_page("town", narrowing.parent / "made.net.xml", verdicts, {"d0": "e0", "d2": "e2"}, (0.0, 1500.0))
    assert "lane 0 of e1 blocked" in page and "e1 第 0 车道受阻" in page and "传感器 d2" in page
    assert "Not clear yet: 1" in page and "尚不明确：1次" in page and page.count('class="jam-open"') == 2
    assert page.count('class="jam-head"') == 2 and page.count('class="jam-liar"') == 2  # the key, and the map
