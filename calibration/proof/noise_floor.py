"""The noise floor: how far seeds of the same simulation lie apart, below which no error can be told from chance."""

from __future__ import annotations

import numpy as np

from calibration.proof.evidence import Evidence, Floats
from calibration.proof.geh import geh
from calibration.proof.verdict import Criterion, Verdict
from networks.sentence import say

TIMES = 2.0
"""An error of so many times what another seed would have is still called noise (our own limit)."""

SPEED = Criterion(
    "citytwin", say("Speeds against the noise floor", "车速与噪声水平"),
    say("root mean squared error within twice what another seed of the same simulation has",
        "均方根误差不超过同一仿真另一随机种子误差的两倍"),
    "spread of the simulation's own seeds",
)  # fmt: skip


def noise_floor(evidence: Evidence) -> tuple[Verdict, ...]:
    """Speeds against the spread of seeds."""
    if evidence.speeds_mps is None:
        return (SPEED.missing(say("no speeds were given", "未提供车速")),)
    seen, runs = evidence.speeds_mps
    known = np.isfinite(seen) & np.isfinite(runs).all(axis=0)
    if len(runs) < 2 or not known.any():
        return (SPEED.missing(say("it takes two seeds and a place with a speed", "需要两个随机种子及有车速的地点")),)
    error = float(np.sqrt(((runs[:, known].mean(axis=0) - seen[known]) ** 2).mean()))
    floor = spread(runs[:, known])
    return (
        SPEED.found(
            error <= TIMES * floor,
            say(f"{3.6 * error:.1f} km/h, floor {3.6 * floor:.1f}", f"{3.6 * error:.1f}公里/时，噪声{3.6 * floor:.1f}"),
        ),
    )


def spread(runs: Floats) -> float:
    """Root mean squared error that one more seed would have against the mean of these (seeds, N).

    The variance between seeds is s2; another seed differs from the mean of n of them by s2 (1 + 1/n).
    """
    seeds = len(runs)
    return float(np.sqrt(runs.var(axis=0, ddof=1).mean() * (1 + 1 / seeds)))


def ceiling(runs_vph: Floats) -> float:
    """Share of places at which two seeds of the same demand have GEH < 5: no model can be held to more (seeds, N)."""
    pairs = [(one, other) for one in range(len(runs_vph)) for other in range(one)]
    if not pairs or not runs_vph.shape[1]:
        return float("nan")
    return float(np.mean([(geh(runs_vph[one], runs_vph[other]) < 5).mean() for one, other in pairs]))
