"""kill -9 in the middle: nothing twice by key, nothing late or unasked, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.live.mail import kill_often


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=[pytest.mark.full, pytest.mark.timeout(900)])])
def test_a_mailroom_that_is_killed_pushes_nothing_twice_late_or_unasked_and_loses_nothing(
    tmp_path: Path, kills: int
) -> None:
    report = kill_often(tmp_path, kills)
    assert report.clean, report
    assert report.approved >= kills / 2 and report.doubled > 0, f"the kills hit nothing: {report}"
