"""Who estimates: each takes a town, a draw, a folder of its own and a seed, and writes a route file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.peer import route_sampled
from benchmarks.calibration.towns import Town

Estimator = Callable[[Town, Draw, Path, int], Path]

ESTIMATORS: dict[str, Estimator] = {"routeSampler": route_sampled}
