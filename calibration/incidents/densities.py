"""How likely what a sensor said is, by what may have happened to it: nothing, a queue, no supply, a fault."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from calibration.incidents.errors import Errors, flow_size, roots, speed_size, student, weight_of
from calibration.incidents.expected import Expected, Floats, log_speeds
from calibration.incidents.trying import Seen

SLOWED = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
"""Shares of the usual speed in a queue, each as likely."""
HELD = (0.02, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of the usual flow in a queue."""
STARVED = (0.02, 0.2, 0.4, 0.6, 0.8)
"""Shares of the usual flow behind what is blocked."""
FLED = (1.3, 1.7, 2.3, 3.0)
"""Times the usual flow on ways around it."""
MISCOUNTED = (0.1, 0.25, 0.5, 0.7, 1.4, 2.0, 4.0)
"""Times the true flow that a sensor counts which is set wrong."""
MISTIMED = (0.3, 0.5, 0.7, 1.4, 2.0, 3.0)
"""Times the true speed of such a sensor."""
JUMPS = 0.6
"""Standard deviation of the logarithm of counts that jump (that of the faults in benchmarks)."""
LATE = 3
"""So many periods after the begin a queue may come to a sensor."""


@dataclass(frozen=True)
class Street:
    """What sensors said (S, T) and what would have been usual, with the sizes of errors."""

    expected: Expected
    seen: Seen
    errors: Errors

    def flow(self, due: Floats, unsure: Floats | float = 0.0) -> Floats:
        """Logarithm of the density of counts where so many were due (S, T), in standard deviations; gaps 0.

        Args:
            due: Vehicles.
            unsure: Standard deviation of what was due, vehicles.
        """
        size = self.errors.flow_size * flow_size(self.expected)
        more = np.sqrt(1.0 + unsure**2 / (np.maximum(due, 1.0) * size**2))
        away = roots(self.seen[0], np.maximum(due, 0.0)) / (size * more)
        weight = weight_of(self.errors.flow_kept, away.shape[1])
        return np.where(np.isnan(away), 0.0, weight * (student(away, self.errors.flow_tails) - np.log(more)))

    def speed(self, times: Floats | float, unsure: Floats | float = 0.0) -> Floats:
        """The same of speeds that are so many times the usual ones; `unsure` of their logarithm."""
        size = self.errors.speed_size * speed_size(self.expected, self.seen[0])
        more = np.sqrt(1.0 + unsure**2 / size**2)
        away = (log_speeds(*self.seen) - self.expected.log_speed - np.log(times)) / (size * more)
        weight = weight_of(self.errors.speed_kept, away.shape[1])
        return np.where(np.isnan(away), 0.0, weight * (student(away, self.errors.speed_tails) - np.log(more)))

    def usual(self, level: float | Floats = 1.0) -> Floats:
        """As ever, with so many times the usual traffic (S, T)."""
        return self.flow(level * self.expected.flow) + self.speed(1.0)

    def held(self, level: float = 1.0) -> Floats:
        """In a queue: slower, and no more vehicles."""
        return self._flows(HELD, level) + _mean([self.speed(part) for part in SLOWED])

    def starved(self, level: float = 1.0) -> Floats:
        """Fewer vehicles, no slower."""
        return self._flows(STARVED, level) + self.speed(1.0)

    def fled(self, level: float = 1.0) -> Floats:
        """More vehicles, as fast as ever or slower."""
        return self._flows(FLED, level) + _mean([self.speed(1.0), self.speed(0.8), self.speed(0.5)])

    def lying(self, level: float = 1.0) -> Floats:
        """A fault, in counts mostly, since any of the periods (S)."""
        flow = self.expected.flow * level
        counts = [self.flow(part * flow) for part in MISCOUNTED]
        nothing, stays, jumps = self._silent(), self._stuck(), self._jumping(flow)
        fine_flow, fine_speed = self.flow(flow), self.speed(1.0)
        times = [self.speed(part) for part in MISTIMED]
        bad_flow = _each([_mean_since(fine_flow, one) for one in (*counts, nothing, stays, jumps)], [1.0] * len(counts)
                         + [7.0, 7.0, 7.0])  # fmt: skip
        bad_speed = _each([_mean_since(fine_speed, one) for one in times], [1.0] * len(times))
        only_flow, only_speed = bad_flow + fine_speed.sum(axis=1), fine_flow.sum(axis=1) + bad_speed
        return _each([only_flow, only_speed, bad_flow + bad_speed], [8.0, 1.0, 1.0])

    def _flows(self, shares: tuple[float, ...], level: float) -> Floats:
        return _mean([self.flow(part * level * self.expected.flow) for part in shares])

    def _silent(self) -> Floats:
        return np.where(np.isnan(self.seen[0]), 0.0, np.where(self.seen[0] == 0, 0.0, -8.0)) + self._zero()

    def _stuck(self) -> Floats:
        """It repeats what it said before."""
        before = np.concatenate([self.seen[0][:, :1], self.seen[0][:, :-1]], axis=1)
        return np.where(np.isnan(self.seen[0]), 0.0, np.where(self.seen[0] == before, 0.0, -8.0)) + self._zero()

    def _zero(self) -> Floats:
        """Density, in standard deviations, of a count that is sure: 1 over the distance to the next whole number."""
        size = self.errors.flow_size * flow_size(self.expected)
        return np.where(np.isnan(self.seen[0]), 0.0, np.log(size * np.sqrt(self.seen[0] + 0.375)))

    def _jumping(self, flow: Floats) -> Floats:
        return self.flow(flow, JUMPS * flow)


def since(before: Floats, after: Floats, late: int = 1) -> Floats:
    """Sums over all periods where it changes from period k on, for each k (S, K), or up to `late` - 1 periods after."""
    head = np.cumsum(before, axis=1) - before
    tail = np.cumsum(after[:, ::-1], axis=1)[:, ::-1]
    both = head + tail
    if late == 1:
        return np.asarray(both)
    never = before.sum(axis=1, keepdims=True)
    padded = np.concatenate([both, np.repeat(never, late - 1, axis=1)], axis=1)
    return _mean([padded[:, at : at + both.shape[1]] for at in range(late)])


def _mean_since(before: Floats, after: Floats) -> Floats:
    """Mean of densities over the period in which it began (S)."""
    sums = since(before, after)
    return np.asarray(logsumexp(sums, axis=1) - math.log(sums.shape[1]))


def _mean(logs: list[Floats]) -> Floats:
    return np.asarray(logsumexp(np.stack(logs), axis=0) - math.log(len(logs)))


def _each(logs: list[Floats], shares: list[float]) -> Floats:
    weights = np.array(shares) / sum(shares)
    return np.asarray(logsumexp(np.stack(logs), axis=0, b=weights.reshape(-1, *[1] * logs[0].ndim)))
