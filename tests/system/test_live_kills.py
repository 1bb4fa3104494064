"""kill -9 of a served town, three times: nothing acknowledged is lost or doubled; in step again within two cycles."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.live.kills import killed
from models.sumo import can_fork

pytestmark = [pytest.mark.alone, pytest.mark.timeout(1200)]


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_three_kills_at_random_moments(tmp_path: Path) -> None:
    found = killed(tmp_path, 3, seed=0, pace_s=60.0)
    assert sum(found.kills.values()) == 3 and found.decisions > 0 and found.cycles > 3
    assert not any(found.bad.values()), found.bad
