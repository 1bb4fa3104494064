"""`twin emergency validate`: its parts meet their gates here too, and a gate that is missed ends it with a status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.check import Check
from models.emergency.dispatching import LiveRoads
from models.emergency.siting import Siting
from models.routing import Router
from scenarios.emergency.validation import searches, waters
from scenarios.emergency.validation.faults import faults
from twin.check_table import MISSED
from twin.cli import run

if TYPE_CHECKING:
    from networks import City


def missed(checks: list[Check]) -> list[str]:
    return [f"{one.name}: {one.measure}" for one in checks if not one.passed]


def test_searches_meet_their_gates_and_a_wrong_one_does_not(helsinki: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "CASES", 4)
    assert missed(list(searches.searches())) == []
    assert searches.streets("Helsinki", Router(helsinki.road_graph("emergency"))).passed
    wrong = Siting(np.zeros(6, dtype=np.int64), 1e3, 0.0, np.zeros(8, dtype=bool))
    monkeypatch.setattr(searches, "p_median", lambda *_: wrong)
    assert missed(list(searches.searches())) == ["Sites, p-median, 4 drawn towns: from the best choice"]


def test_drives_in_water_meet_their_gates_and_who_looks_at_now_alone_does_not(
    helsinki: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waters, "WORLDS", 4)
    monkeypatch.setattr(waters, "DRIVES", 150)
    assert missed(list(waters.waters(helsinki))) == []
    monkeypatch.setattr(LiveRoads, "_stays_open", lambda *_: True)
    assert any("forecast true: met water" in one for one in missed(list(waters.waters(helsinki))))


def test_faults_are_refused_and_odd_calls_told(helsinki: City, tmp_path: Path) -> None:
    checks = list(faults(helsinki, tmp_path))
    assert missed(checks) == [] and len(checks) == 2


def test_a_missed_gate_is_the_command_s_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = Check("a case", "analytic", "error", 2.0, 1.0)
    monkeypatch.setattr("scenarios.emergency.validation.validate", lambda show: show(bad) or [bad])
    assert run(["emergency", "validate"]) == MISSED
    told = capsys.readouterr().out
    assert "MISSED" in told and "0 of 1 gates met" in told
