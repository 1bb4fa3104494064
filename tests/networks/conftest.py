"""Writes small towns for the networks room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a town to a file and gives its path."""

    def writer(xml: str, name: str = "town.osm") -> Path:
        file = tmp_path / name
        file.write_text(xml, encoding="utf-8")
        return file

    return writer
