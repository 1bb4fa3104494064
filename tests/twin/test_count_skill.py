"""Counts that a live loop forecasts are kept, scored against persistence, and go on after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration import Observation, ObservationTable
from calibration.skill import Ledger, measure
from twin.live.count_skill import CountSkill

START, STEP = datetime(2026, 7, 17, 15, tzinfo=UTC), timedelta(minutes=5)


def counted(turn: int) -> float:
    return 20.0 + 10.0 * (turn % 2)


def observe(table: ObservationTable, turn: int) -> None:
    begin = START + turn * STEP
    table.add(Observation("d1", "vehicle_count", begin, 300.0, counted(turn), "good", begin + STEP))


def test_counts_are_scored_against_persistence_and_a_restart_forgets_nothing(tmp_path: Path) -> None:
    table, skill = ObservationTable(), CountSkill(tmp_path)
    skill.watch(["d1", "silent"], 300.0)
    assert skill.gain is None
    for turn in range(8):
        if turn:
            observe(table, turn - 1)
        right = np.array([[counted(turn), counted(turn + 1)]] * 2)
        skill.keep(table, START + turn * STEP, np.stack([right - 1.0, right + 1.0]))
    (row,) = measure(Ledger(tmp_path).settled()).rows["quantity"]
    assert row.error["twin"] == pytest.approx(0.0) and row.error["persistence"] > 2.0
    assert skill.gain is not None and skill.gain > 0.5
    assert skill.served is not None and skill.served.by[0, 0] in {
        "twin",
        "mixed",
    }  # ten minutes on persistence is right
    again = CountSkill(tmp_path)
    assert again.gain == pytest.approx(skill.gain)
