"""Real servers that take what leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.feeds.mosquitto import INSTALL, PROGRAM, Mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A Mosquitto on a free port of 127.0.0.1."""
    if PROGRAM is None:
        pytest.skip(f"there is no mosquitto: {INSTALL}")
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    with Mosquitto(folder) as broker:
        yield broker
