"""`twin crowd advise`: a day in Helsinki where nobody stands too close needs nothing; bad input is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli import run

if TYPE_CHECKING:
    import pytest

    from networks import City

SITES = """\
sites:
  - id: park
    at: [24.9475, 60.1675]
    area_m2: 4000
    m2_per_person: 5
    stay: {median_min: 30, sigma: 0.4, source: us}
    source: us
"""
DAY = """\
name: calm
begin: 2026-07-18T10:00:00+03:00
hours: 4
source: synthetic
sites: sites.yaml
visits: 1
home_by: '12:00'
arrivals: {from: '10:00', shares: [1, 1]}
sources:
  - {id: station, kind: station, at: [24.9414, 60.1708], people: 60, source: us}
"""


def test_a_calm_day_needs_nothing(tmp_path: Path, helsinki: City, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sites.yaml").write_text(SITES, encoding="utf-8")
    (tmp_path / "day.yaml").write_text(DAY, encoding="utf-8")
    out, desk = tmp_path / "out", str(tmp_path / "desk.sqlite")
    asked = ["crowd", "advise", str(helsinki.folder), str(tmp_path / "day.yaml"), "--serial", "--draws", "2"]
    assert run([*asked, "--out", str(out), "--desk", desk]) == 0
    told = capsys.readouterr().out
    assert "do nothing: nobody stands above 3.5 persons/m2" in told and "nothing is recommended" in told
    assert json.loads((out / "advice.json").read_text(encoding="utf-8"))["recommendation"] is None
    page = (out / "advice.html").read_text(encoding="utf-8")
    assert "无需措施" in page and "Nothing: as it is, is best" in page
    assert run([*asked, "--compliance", "1.5", "--out", str(out)]) == 2
    (tmp_path / "day.yaml").write_text(DAY.replace("people: 60", "people: -4"), encoding="utf-8")
    assert run([*asked, "--out", str(out)]) == 2
    assert "day.yaml" in capsys.readouterr().err
