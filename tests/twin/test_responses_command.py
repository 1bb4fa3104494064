"""`twin run --responses`: measures side by side, each response kept as an ensemble of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from networks.errors import BadScenario
from twin.cli import twin

if TYPE_CHECKING:
    from networks import City

QUIET = """\
name: quiet
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:05:00+03:00, warm_up_s: 60}
demand: {scale: 0.3}
interventions: [{kind: road_closure, edges: ["25523727"]}]
measures: [mean_delay_s, trips_given_up, trips_shifted]
"""


def run(helsinki: City, folder: Path, responses: str, seeds: str = "1") -> str:
    file = folder / "quiet.yaml"
    file.write_text(QUIET, encoding="utf-8")
    words = [
        "run",
        str(file),
        "--city",
        str(helsinki.folder),
        "--runs",
        str(folder / "runs"),
        "--seeds",
        seeds,
        "--serial",
    ]
    result = CliRunner().invoke(
        twin, [*words, "--responses", responses], env={"COLUMNS": "160"}, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def row(output: str, measure: str) -> list[str]:
    line = next(line for line in output.splitlines() if measure in line)
    return [cell.strip() for cell in line.strip("│┃ ").split("│")]


def test_the_surprise_stands_beside_the_informed_day(helsinki: City, tmp_path: Path) -> None:
    output = run(helsinki, tmp_path, "none(give_up),informed(1)")
    assert all(word in output for word in ("before", "none(give_up)", "informed(1)", "no interval"))
    _, _, before, surprise, informed = row(output, "trips_given_up")
    assert float(before) == 0.0 < float(surprise) and float(informed) < float(surprise)
    _, _, before, surprise, informed = row(output, "trips_shifted")
    assert float(before) == float(surprise) == 0.0 < float(informed)
    kept = {path.stem for path in (tmp_path / "runs" / "ensembles").glob("*.json")}
    assert kept == {"quiet.before", "quiet.none-give-up", "quiet.informed-1"}


def test_a_word_that_is_no_response_is_told(helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="the response 'calm' cannot be"):
        run(helsinki, tmp_path, "none,calm")


@pytest.mark.full
def test_the_settled_state_stands_beside_the_surprise(helsinki: City, tmp_path: Path) -> None:
    output = run(helsinki, tmp_path, "none,equilibrium(0.03)", seeds="2")
    assert "relative gap reached" in output and "settled after" in output and "NOT settled" not in output
    _, _, before, surprise, settled = row(output, "mean_delay_s")
    assert float(before) > 0 and float(settled) <= float(surprise) * 1.1
