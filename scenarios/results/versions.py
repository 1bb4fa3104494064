"""What a result was made with: the digest of our own model code, and the engines' versions."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ENGINES = ("eclipse-sumo", "libsumo", "mesa", "numba", "numpy", "scipy", "pandas")
RUN_MODULES = ("interventions", "schema", "places")
RUN_ROOMS = ("travel", "response", "rain", "members", "measures")


@cache
def code_version() -> str:
    """Digest (16 hex digits) of every module that a run's numbers depend on: models/, networks/, the runners here."""
    house = Path(__file__).resolve().parents[2]
    paths = [*(house / "models").rglob("*.py"), *(house / "networks").rglob("*.py")]
    paths += [house / "scenarios" / f"{name}.py" for name in RUN_MODULES]
    paths += [path for name in RUN_ROOMS for path in (house / "scenarios" / name).rglob("*.py")]
    total = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        total.update(path.relative_to(house).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


@cache
def engine_versions() -> tuple[tuple[str, str], ...]:
    """Name and version of every engine that a run's numbers depend on."""
    return tuple((name, _version(name)) for name in ENGINES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
