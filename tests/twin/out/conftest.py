"""Real servers that take what leaves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


Valid = Callable[[str, bytes], None]


@pytest.fixture(scope="session")
def valid() -> Valid:
    """Holds a document against a trade's schema, `FOLDER/FILE` under CITYTWIN_DATA/feeds; skips where it is absent."""
    etree = pytest.importorskip("lxml.etree")
    data = Path(os.environ.get("CITYTWIN_DATA") or Path(__file__).parents[4] / "shared" / "data")
    made: dict[str, Any] = {}

    def check(schema: str, payload: bytes) -> None:
        if schema not in made:
            file = data / "feeds" / schema
            if not file.is_file():
                pytest.skip(f"no schema feeds/{schema}: CITYTWIN_DATA names the folder of real data")
            made[schema] = etree.XMLSchema(etree.parse(str(file)))
        assert made[schema].validate(etree.fromstring(payload)), made[schema].error_log

    return check
