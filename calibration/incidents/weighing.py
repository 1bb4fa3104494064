"""What the sensors said since, under each explanation: a blocked lane, a lying sensor, another demand, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from calibration.incidents.beforehand import FAULTY, SURGES, begins_of
from calibration.incidents.densities import LATE, SLOWED, Street, since
from calibration.incidents.errors import Errors
from calibration.incidents.expected import Expected, Floats, log_speeds
from calibration.incidents.reach import Reach
from calibration.incidents.trying import Seen

SEVERITIES = (0.4, 0.7, 1.0)
"""Shares of what a closure does in the twin: where it stands on the edge, and how drivers pass it, is not known."""
UNSURE = 0.5
"""Relative error of what the twin foretells of a closure."""
TRUSTED = 0.5
"""Share of sensors at which a closure does what the twin foretells; at the others it does what closures do."""
STRAY = 0.03
"""Share of sensors anywhere that a closure slows, or sends more traffic to, beside those on the ways over it."""
STREETS = 40
"""So many streets, the busiest, are asked for a surge."""
LEVELS = ((-1.73, 1 / 6), (0.0, 2 / 3), (1.73, 1 / 6))
"""Of the whole town's traffic, in its standard deviations (Gauss and Hermite's three)."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One explanation.

    Attributes:
        kind: "blocked", "sensor", "demand" or "nothing".
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


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure to be weighed: its edge, its share of the prior, and what the twin says of it (None: not tried)."""

    edge: str
    share: float
    tried: Seen | None = None


def weigh(
    expected: Expected, seen: Seen, closures: Mapping[str, Closure], usual: Seen | None, reach: Reach, period_s: float,
    doubted: Sequence[int] = (), errors: Errors | None = None,
) -> list[Weight]:  # fmt: skip
    """Probabilities of all explanations, the likeliest first.

    Under each of them every sensor may lie (FAULTY) and the whole town drive more or less than usual. A closure does
    at a sensor what the twin foretells, expected plus (copy with it) - (copy without it), so that what the twin has
    wrong at all times does not matter; or what closures do on the ways over it: hold, starve, or nothing.

    Args:
        expected: A usual day in the periods that are weighed (S, T).
        seen: What the sensors said there.
        closures: By name.
        usual: What they would say in the twin without any; None where none was tried.
        reach: What streets are over which vehicles come.
        period_s: Length of a period.
        doubted: Rows of sensors that a review of their health has named.
        errors: Fitted on usual days; the sizes of `Errors` without.
    """
    street = Street(expected, seen, errors or Errors())
    by_level = [
        _Weighed(street, reach, float(np.exp(sigmas * street.errors.level_sd)), doubted, period_s).all(closures, usual)
        for sigmas, _ in LEVELS
    ]
    shares = np.log([share for _, share in LEVELS])[:, None]
    told = [
        replace(same[0], logs=logsumexp(np.stack([one.logs for one in same]) + shares, axis=0))
        for same in zip(*by_level, strict=True)
    ]
    likes = [float(logsumexp(one.logs) - np.log(one.logs.size)) for one in told]
    posts = np.array([np.log(max(one.prior, 1e-300)) + like for one, like in zip(told, likes, strict=True)])
    probabilities = np.exp(posts - logsumexp(posts))
    found = [
        Weight(one.kind, one.name, one.level, float(share), like - likes[0], int(one.logs.argmax()))
        for one, like, share in zip(told, likes, probabilities, strict=True)
    ]
    return sorted(found, key=lambda one: -one.probability)


@dataclass(frozen=True, slots=True)
class _Told:
    """An explanation: its share before anything was said, and the likelihoods of what was said, by begin."""

    kind: str
    name: str
    level: float
    prior: float
    logs: Floats


class _Weighed:
    """All explanations at one level of the whole town's traffic."""

    def __init__(self, street: Street, reach: Reach, level: float, doubted: Sequence[int], period_s: float) -> None:
        self.street, self.reach, self.level = street, reach, level
        self.usual = street.usual(level)
        self.lying = street.lying(level)
        held = since(self.usual, street.held(level), LATE)
        fled = since(self.usual, street.fled(level), LATE)
        self.ways = np.stack([since(self.usual, self.usual), held, since(self.usual, street.starved(level), LATE),
                              np.logaddexp(held, fled) - np.log(2.0)])  # fmt: skip
        self.faulty = np.full(len(self.lying), FAULTY)
        self.faulty[list(doubted)] = 1.0 - 1e-6
        self.often, self.begins = begins_of(period_s, street.expected.flow.shape[1])

    def all(self, closures: Mapping[str, Closure], usual: Seen | None) -> list[_Told]:
        """Nothing first."""
        often, begins = self.often["blocked"], self.begins["blocked"]
        blocked = [
            _Told("blocked", name, 1.0, often * one.share, begins + self.blocked(one, usual))
            for name, one in closures.items()
        ]
        return [*self.rest(), *blocked, *self.demands()]

    def rest(self) -> list[_Told]:
        """All as ever; or some sensor lies, told by the likeliest: each has its share of that."""
        known = self.faulty > 0.5
        lies, honest = np.log(self.faulty) + self.lying, np.log1p(-self.faulty) + self.usual.sum(axis=1)
        each = np.logaddexp(lies, honest)
        all_fine = float(np.where(known, each, honest).sum())
        any_lies = float(each.sum()) + np.log(-np.expm1(min(all_fine - float(each.sum()), -1e-9)))
        odds = np.where(known, 0.0, np.exp(lies - each))
        shares = np.log(np.maximum(odds / max(odds.sum(), 1e-12), 1e-12))
        return [_Told("nothing", "", 1.0, 1.0, np.array([all_fine]))] + [
            _Told("sensor", str(row), 1.0, 1.0, np.array([any_lies + shares[row]])) for row in np.flatnonzero(~known)
        ]

    def blocked(self, one: Closure, usual: Seen | None) -> Floats:
        """One closure, by the period in which it began (T)."""
        at = self.reach.edges.index(one.edge)
        held, starved = self.reach.held[at], self.reach.starved[at]
        fine, stray = np.maximum(0.1, 1.0 - np.maximum(held, starved)), np.full(len(held), STRAY)
        shares = np.stack([fine, held, starved, stray])
        logs = np.log(np.maximum(shares / shares.sum(axis=0), 1e-12))
        happens = logsumexp(logs[:, :, None] + self.ways, axis=0)
        if one.tried is not None and usual is not None:
            foretold = self.foretold(one.tried, usual)
            happens = np.logaddexp(np.log(1 - TRUSTED) + happens, np.log(TRUSTED) + foretold)
        return np.asarray(self.honest_or_not(happens).sum(axis=0))

    def foretold(self, tried: Seen, usual: Seen) -> Floats:
        """What the twin says of it, by sensor and begin (S, T), as strong as any of SEVERITIES."""
        flow = tried[0] - usual[0]
        speed = np.nan_to_num(log_speeds(*tried) - log_speeds(*usual))
        periods, due = flow.shape[1], self.level * self.street.expected.flow
        out = np.zeros((len(SEVERITIES), *flow.shape))
        for late in range(periods):
            later = [np.pad(one, ((0, 0), (late, 0)))[:, :periods] for one in (flow, speed)]
            for row, part in enumerate(SEVERITIES):
                changes = part * later[0], part * later[1]
                out[row, :, late] = (
                    self.street.flow(np.maximum(0.0, due + changes[0]), UNSURE * changes[0])
                    + self.street.speed(np.exp(changes[1]), UNSURE * changes[1])
                ).sum(axis=1)
        return np.asarray(logsumexp(out, axis=0) - np.log(len(SEVERITIES)))

    def demands(self) -> list[_Told]:
        """More or fewer come over one street; where more come, it may be slower."""
        big = [int(at) for at in np.argsort(-self.reach.flow, kind="stable")[:STREETS]]
        big = [at for at in big if self.reach.starved[at].max(initial=0.0) >= 0.3]
        slower = np.stack([self.street.speed(part) for part in (1.0, *SLOWED[2:])])
        slow = logsumexp(slower, axis=0, b=np.array([0.6, 0.1, 0.1, 0.1, 0.1])[:, None, None])
        fine, told = self.street.speed(1.0), []
        for at in big:
            share = self.reach.starved[at][:, None]
            for level, often in SURGES.items():
                flow = self.street.flow(self.level * self.street.expected.flow * (1.0 + (level - 1.0) * share))
                speed = np.where((share > 0.2) & (level > 1.0), slow, fine)
                logs = self.honest_or_not(since(self.usual, flow + speed)).sum(axis=0)
                prior = self.often["demand"] * often / len(big)
                told.append(_Told("demand", self.reach.edges[at], level, prior, self.begins["demand"] + logs))
        return told

    def honest_or_not(self, logs: Floats) -> Floats:
        """Each sensor (S, ...) may lie."""
        faulty = self.faulty[:, None]
        return np.logaddexp(np.log1p(-faulty) + logs, np.log(faulty) + self.lying[:, None])
