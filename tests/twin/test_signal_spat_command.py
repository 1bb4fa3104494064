"""`twin signals spat`: what signals showed, as messages."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from tests.twin.four_lights import write_case
from twin.cli import run

END_S = 120


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("town"), last_s=60, end_s=END_S)


def test_a_simulation_gives_a_message_for_each_change(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shown.spat.jsonl"
    assert run(["signals", "spat", str(case), "A0", "B1", "--out", str(out)]) == 0
    told = [json.loads(line)["intersections"][0] for line in out.read_text(encoding="utf-8").splitlines()]
    assert f"{len(told)} messages of 2 signals, 0 to {END_S} s" in capsys.readouterr().out
    assert {(one["name"], one["id"]["id"]) for one in told} == {("A0", 1), ("B1", 2)}
    moments = [60 * one["moy"] + one["timeStamp"] / 1000 for one in told]
    assert moments == sorted(moments)
    for name in ("A0", "B1"):
        own = [[m["state-time-speed"][0]["eventState"] for m in one["states"]] for one in told if one["name"] == name]
        assert len(own) > 2
        assert all(before != after for before, after in itertools.pairwise(own)), "only changes are told"
        assert any("clearance" in state for states in own for state in states)


def test_a_signal_that_is_not_there_is_said(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["signals", "spat", str(case), "Z9", "--out", str(tmp_path / "x.jsonl")]) == 2
    assert "Z9" in capsys.readouterr().err
    assert not (tmp_path / "x.jsonl").exists()
