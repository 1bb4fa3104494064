"""Scenarios that come with the twin, by name."""

from __future__ import annotations

from pathlib import Path


def library_scenarios() -> dict[str, Path]:
    """Every scenario file of the library by its name (without .yaml)."""
    return {path.stem: path for path in sorted(Path(__file__).parent.glob("*.yaml"))}
