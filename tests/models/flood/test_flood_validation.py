"""The validation of the flood solver: its gates are met, a missed one is told, and closed forms are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from models.flood.validation import Check, closed_forms, failed, gates, validate
from models.flood.validation.published import published
from networks.errors import BadInput
from twin.commands import flood_validate


def test_every_gate_is_met() -> None:
    told: list[Check] = []
    checks = validate(told.append)
    assert told == checks
    assert not failed(checks)
    assert {check.kind for check in checks} == {"analytic", "ledger"}


def test_a_missed_gate_ends_the_command_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = Check("a", "analytic", "m", 0.1, 0.2), Check("b", "analytic", "m", 0.3, 0.2)
    for case, status, words in (([good], 0, "1 of 1 gates met"), ([good, bad], 3, "MISSED")):
        monkeypatch.setattr(gates, "_dams", lambda case=case: iter(case))
        for name in ("_swing", "_lakes", "_planes", "_ledgers"):
            monkeypatch.setattr(gates, name, lambda: iter(()))
        result = CliRunner().invoke(flood_validate.validate)
        assert result.exit_code == status
        assert words in result.output


def test_not_a_number_misses_its_gate() -> None:
    assert not Check("a", "analytic", "m", float("nan"), 1.0).passed


def test_without_the_data_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="EA Test 4"):
        list(published(tmp_path))


def test_closed_forms_keep_their_water() -> None:
    x = np.linspace(-50, 50, 200001)
    for depth in (
        closed_forms.stoker(x, 6.0, high_m=1.0, low_m=0.1),
        closed_forms.ritter(x, 6.0, high_m=1.0),
    ):
        moved = np.trapezoid(depth, x) - np.trapezoid(np.where(x < 0, 1.0, depth[-1]), x)
        assert abs(moved) < 1e-3
    radius = np.linspace(0, 2, 200001)
    volumes = [
        np.trapezoid(
            closed_forms.thacker(radius, time, deep_m=0.1, wide_m=1.0, first_m=0.8) * 2 * np.pi * radius, radius
        )
        for time in (0.0, 0.5, 1.1)
    ]
    assert volumes == pytest.approx([volumes[0]] * 3, rel=1e-6)
