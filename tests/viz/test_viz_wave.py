"""The sheet of a green wave: when people may cross, and the whole command on a small street."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from small_street import street_net

from models.sumo import can_fork
from twin.cli import run
from viz.signals.plans.course import Shown
from viz.signals.sheets.wave_sheet import People, walks


def states(*rows: tuple[float, str]) -> pd.DataFrame:
    """Of one signal."""
    return pd.DataFrame(rows, columns=["time_s", "state"])


def test_people_cross_on_their_own_green() -> None:
    """Link 1 is theirs."""
    found = walks(People((1,), (), 0.0), states((0.0, "Gr"), (20.0, "rG"), (26.0, "rr"), (40.0, "Gr")), 60.0)
    assert found == (Shown(20.0, 26.0, "G"),)


def test_without_lights_a_red_must_be_long_enough() -> None:
    """Two reds of everybody in their way, joined over phases: 9 s of 12 needed are none, 13 s are one."""
    seen = states(
        (0.0, "Gr"), (10.0, "yr"), (13.0, "rr"), (22.0, "Gr"), (30.0, "yr"), (33.0, "rG"), (40.0, "rr"), (46.0, "Gr")
    )
    assert walks(People((), (0,), 12.0), seen, 60.0) == (Shown(33.0, 46.0, "G"),)
    assert walks(None, seen, 60.0) == ()


@pytest.mark.skipif(not can_fork(), reason="calls are forked, which this platform cannot")
def test_the_command_answers_draws_and_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One seed on a street of three signals; and a call that no way leads to."""
    street_net(tmp_path, "--crossings.guess", "--sidewalks.guess")
    flows = '<flow id="f" begin="0" end="300" probability="0.3" from="wa" to="ce"/>'
    (tmp_path / "r.rou.xml").write_text(f"<routes>{flows}</routes>")
    parts = '<net-file value="x.net.xml"/><route-files value="r.rou.xml"/><end value="300"/>'
    (tmp_path / "town.sumocfg").write_text(f"<configuration>{parts}</configuration>")
    words = ["emergency", "greenwave", str(tmp_path / "town.sumocfg"), "--at", "120", "--seeds", "1", "--search", "1"]
    out = tmp_path / "out"
    assert run([*words, "--from", "wa", "--to", "ce", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "3 signals hand over" in said
    assert "rules rilsa: 0 broken" in said
    assert "answer: 3 of 3 signals hand over (a, b, c)" in said
    assert "on the past they were chosen on" in said
    page = (out / "greenwave.html").read_text(encoding="utf-8")
    assert page.count('class="time-space"') == 2
    assert "Signals hand over" in page
    assert "信号机让行" in page
    assert "结论：3 个信号机中应由 3 个让行（a, b, c）" in page
    told = json.loads((out / "greenwave.json").read_text(encoding="utf-8"))
    assert told["edges"] == ["wa", "ab", "bc", "ce"]
    assert told["answer"]["kept"] == ["a", "b", "c"]
    assert told["answer"]["fresh"] is False
    assert told["seeds"][0]["wave"]["others"] > 0
    assert run([*words, "--from", "ce", "--to", "wa", "--out", str(tmp_path / "none")]) == 0
    assert "no way from ce to wa" in capsys.readouterr().out
