"""`twin crowd sites`: what it prints and writes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli import run

if TYPE_CHECKING:
    import pytest

    from networks import City


def test_the_map_s_sites_are_printed_and_written(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sites.csv"
    assert run(["crowd", "sites", str(helsinki.folder), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "alarms at 80 %, 90 %, 100 %" in told and "note: " in told
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 20 and {row["basis"] for row in rows} == {"formula", "unknown"}


def test_a_capacity_of_zero_is_refused(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sites.yaml"
    file.write_text(
        "sites:\n  - {id: e, at: [24.9475, 60.1675], source: us, approved: {instant: 0, source: x}}\n", encoding="utf-8"
    )
    assert run(["crowd", "sites", str(helsinki.folder), "--sites", str(file)]) == 2
    assert "line 2: sites.0.approved.instant: Input should be greater than 0" in capsys.readouterr().err
