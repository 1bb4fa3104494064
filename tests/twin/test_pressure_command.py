"""`twin signals pressure`: what it prints and what it says to bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from four_lights import write_case

from twin.cli import run


def test_delay_with_and_without_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = write_case(tmp_path, last_s=200, end_s=300)
    assert run(["signals", "pressure", str(case), "--judge", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["signals"] == ["A0", "A1", "B0", "B1"]
    assert told["gains"][0]["after"] < told["gains"][0]["before"] and told["gains"][0]["seeds"] == 2
    assert run(["signals", "pressure", str(case), "--judge", "1", "--area", "B1", "--rules", "resco"]) == 0
    said = capsys.readouterr().out
    assert "1 signals press, 1 seeds, rules resco" in said and "as RESCO's code counts: today" in said
    assert run(["signals", "pressure", str(case), "--area", "Z9"]) == 2
    assert "no signal Z9" in capsys.readouterr().err
