"""What the sensors said since, under each explanation: a blocked lane, a lying sensor, another demand, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from calibration.incidents.expected import Expected, Floats, log_speeds
from calibration.incidents.reach import Reach
from calibration.incidents.trying import Seen

TAILS = 4.0
"""Degrees of freedom of errors (Student): one sensor that is far off decides nothing."""
_PEAK = math.lgamma((TAILS + 1.0) / 2.0) - math.lgamma(TAILS / 2.0) - 0.5 * math.log(TAILS * math.pi)
TEMPER = 0.5
"""Each period counts half: what is off in one is off in the next too (guess)."""
LYING = float(np.log(1.0 / 16.0))
"""Density of what a lying sensor says, in standard deviations: anything within eight of them."""
SEVERITIES = (0.4, 0.7, 1.0)
"""Shares of what a closure does in the twin: where it stands on the edge, and how drivers pass it, is not known."""
UNSURE = 0.4
"""Relative error of what the twin foretells of a closure (guess)."""
LEVELS = (0.4, 0.6, 0.8, 1.25, 1.5, 2.0)
PRIOR = {"blocked": 0.4, "sensor": 0.25, "demand": 0.2, "nothing": 0.15}
"""Of what passes the threshold, before anything is tried (guess); each kind is shared among its explanations."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One explanation.

    Attributes:
        kind: Of PRIOR.
        name: Which: of the closures tried, row of a sensor, edge that more or fewer set out from; empty for nothing.
        level: Times the usual demand, where it is one.
        probability: Of all that were weighed.
        likelihood: Logarithm, against that of nothing.
        late: Periods after the begin of what was weighed that a closure most likely began.
    """

    kind: str
    name: str
    level: float
    probability: float
    likelihood: float
    late: int = 0


def weigh(
    expected: Expected, seen: Seen, tried: Mapping[str, Seen], usual: Seen, reach: Reach,
    doubted: Sequence[int] = (), scores: Mapping[str, float] | None = None,
) -> list[Weight]:  # fmt: skip
    """Probabilities of all explanations, the likeliest first.

    A closure foretells what is expected plus what it changes in the twin: (copy with it) - (copy without it), so that
    what the twin has wrong at all times does not matter.

    Args:
        expected: A usual day in the periods that are weighed (S, T).
        seen: What the sensors said there.
        tried: What they would say, by closure.
        usual: What they would say in the twin without any.
        reach: What streets are over which vehicles come.
        doubted: Rows of sensors that a review of their health has named.
        scores: How much each closure was suspected; shares the prior.
    """
    count = len(expected.flow)
    parts = _likelihood(expected, seen, expected.flow, expected.log_speed).sum(axis=2)
    rows, lies = parts.sum(axis=0), _lies(seen)
    lie = lies.sum(axis=0)
    trusted = np.ones(count, dtype=bool)
    trusted[list(doubted)] = False
    told = [("nothing", "", 1.0, PRIOR["nothing"], float(np.where(trusted, rows, lie).sum()))]
    total, late = sum((scores or {}).values()), dict[str, int]()
    for name, one in tried.items():
        own, late[name] = _blocked(expected, seen, one, usual, trusted, lie)
        share = (scores or {}).get(name, 0.0) / total if total else 1.0 / len(tried)
        told.append(("blocked", name, 1.0, PRIOR["blocked"] * share, own))
    ways = np.stack([lie, lies[0] + parts[1], parts[0] + lies[1]])  # in both, in counts alone, in speeds alone
    lying = logsumexp(TEMPER * ways, axis=0, b=1 / 3) / TEMPER
    for row in np.flatnonzero(trusted):
        changed = told[0][-1] - rows[row] + lying[row]
        told.append(("sensor", str(row), 1.0, PRIOR["sensor"] / count, float(changed)))
    told += _demands(expected, seen, reach, trusted, lie)
    logs = np.array([np.log(max(prior, 1e-12)) + TEMPER * like for *_, prior, like in told])
    shares = np.exp(logs - logsumexp(logs))
    nothing = told[0][-1]
    found = [
        Weight(kind, name, level, float(share), like - nothing, late.get(name, 0) if kind == "blocked" else 0)
        for (kind, name, level, _, like), share in zip(told, shares, strict=True)
    ]
    return sorted(found, key=lambda one: -one.probability)


def _blocked(
    expected: Expected, seen: Seen, tried: Seen, usual: Seen, trusted: np.ndarray, lie: Floats
) -> tuple[float, int]:
    """Of one closure, over when it began (any period) and how strong it is (SEVERITIES), each as likely beforehand."""
    flow = tried[0] - usual[0]
    speed = np.nan_to_num(log_speeds(*tried) - log_speeds(*usual))
    periods = flow.shape[1]
    found = np.zeros((periods, len(SEVERITIES)))
    for late in range(periods):
        later = [np.pad(one, ((0, 0), (late, 0)))[:, :periods] for one in (flow, speed)]
        for column, part in enumerate(SEVERITIES):
            change = part * later[0], part * later[1]
            due = np.maximum(0.0, expected.flow + change[0])
            own = _likelihood(expected, seen, due, expected.log_speed + change[1], change).sum(axis=(0, 2))
            found[late, column] = np.where(trusted, own, lie).sum()
    mean = float(logsumexp(TEMPER * found) - np.log(found.size)) / TEMPER
    return mean, int(found.max(axis=1).argmax())


def _demands(
    expected: Expected, seen: Seen, reach: Reach, trusted: np.ndarray, lie: Floats
) -> list[tuple[str, str, float, float, float]]:  # fmt: skip
    """More or fewer come over one street, or everywhere; where more come, any lower speed is possible."""
    big = np.argsort(-reach.flow, kind="stable")[:40]
    parts = [("", np.ones(len(expected.flow))), *((reach.edges[at], reach.starved[at]) for at in big)]
    told = []
    for name, share in parts:
        if share.max(initial=0.0) < 0.3:
            continue
        for level in LEVELS:
            flow = expected.flow * (1.0 + (level - 1.0) * share[:, None])
            own = _likelihood(expected, seen, flow, expected.log_speed, any_speed=(share > 0.2) & (level > 1.0))
            like = float(np.where(trusted, own.sum(axis=(0, 2)), lie).sum())
            told.append(("demand", name, level, PRIOR["demand"] / len(parts) / len(LEVELS), like))
    return told


def _likelihood(
    expected: Expected, seen: Seen, flow: Floats, log_speed: Floats, change: Seen | None = None,
    any_speed: NDArray[np.bool_] | None = None,
) -> Floats:  # fmt: skip
    """Logarithm of the density of counts and of speeds (2, S, T), gaps 0; a change that was foretold is not sure
    (UNSURE), and at sensors of `any_speed` (S) every speed is as likely as what a liar says.
    """
    changed = change if change is not None else (np.zeros_like(flow), np.zeros_like(flow))
    excess = np.maximum(expected.flow_sd**2 / np.maximum(expected.flow, 0.5), 1.0)
    size = np.sqrt(excess + (UNSURE * changed[0]) ** 2 / np.maximum(flow, 1.0))
    root = 2.0 * (np.sqrt(seen[0] + 0.375) - np.sqrt(flow + 0.375)) / size
    told = np.where(np.isnan(root), 0.0, _log_student(root) - np.log(size))
    few = np.maximum(1.0, expected.flow / np.maximum(seen[0], 1.0))
    spread = np.sqrt(expected.log_speed_sd**2 * few + (UNSURE * changed[1]) ** 2)
    away = (log_speeds(*seen) - log_speed) / spread
    level = np.log(spread / expected.log_speed_sd)
    speeds = np.where(np.isnan(away), 0.0, _log_student(away) - np.nan_to_num(level))
    if any_speed is not None:
        speeds = np.where(any_speed[:, None] & ~np.isnan(away), LYING, speeds)
    return np.stack([told, speeds])


def _log_student(away: Floats) -> Floats:
    """Logarithm of Student's density with TAILS degrees of freedom."""
    return np.asarray(_PEAK - (TAILS + 1.0) / 2.0 * np.log1p(np.nan_to_num(away) ** 2 / TAILS))


def _lies(seen: Seen) -> Floats:
    """The same of a sensor that lies (2, S)."""
    told = ~np.isnan(seen[0])
    driven = told & ~np.isnan(seen[1]) & (np.nan_to_num(seen[0]) > 0)
    return LYING * np.stack([told.sum(axis=1), driven.sum(axis=1)]).astype(np.float64)
