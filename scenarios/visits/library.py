"""Days of visitors that come with the twin, by name."""

from __future__ import annotations

from pathlib import Path


def library_days() -> dict[str, Path]:
    """Every day of the library by its name (without .yaml); files of sites lie in the folder beside."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "days").glob("*.yaml"))}
