"""User equilibrium by bi-conjugate Frank-Wolfe: nobody gets there cheaper by another way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.assignment.cost import best_step, link_slope, link_time
from models.assignment.loading import Loaded, all_or_nothing
from models.assignment.network import Floats, FlowNetwork, UserClass

ROUNDS = 5000
_CONJUGATE_AT_MOST = 0.99
_LEAST_WEIGHT = 1e-12


@dataclass(frozen=True)
class Equilibrium:
    """Flows at which nobody gains by another way, to a gap.

    All flows are one sum over all-or-nothing loadings: `sum(weights[k] * loading(times[k]))`. So whatever can be said
    of ways (which zones' trips pass a link, how many turn where) is the same sum over the ways at `times[k]`. Link
    flows at equilibrium are unique, flows on ways are not: these are the ones that the method made.

    Attributes:
        flow: (links,) passenger cars per hour.
        class_flow: (classes, links) vehicles per hour.
        time: (links,) at these flows.
        gap: Relative gap: 1 - cost of all trips on cheapest ways over cost of all flows. Source: Boyce,
            Ralevic-Dekic & Bar-Gera 2004, doi:10.1061/(ASCE)0733-947X(2004)130:1(49).
        gaps: The gap after each round.
        converged: Whether the gap that was asked for was reached.
        lost: (classes,) vehicles per hour that no way leads for.
        weights: (k,) shares of the loadings, adding up to 1.
        times: (k, links) time by which each was made.
    """

    flow: Floats
    class_flow: Floats
    time: Floats
    gap: float
    gaps: tuple[float, ...]
    converged: bool
    lost: Floats
    weights: Floats
    times: Floats


@dataclass(frozen=True)
class _Point:
    """Flows (classes, links), and the shares of loadings that they are made of."""

    flow: Floats
    shares: Floats

    def mixed(self, other: _Point, share: float) -> _Point:
        """(1 - share) of this one and share of the other."""
        shares = np.zeros(max(len(self.shares), len(other.shares)))
        shares[: len(self.shares)] = (1.0 - share) * self.shares
        shares[: len(other.shares)] += share * other.shares
        return _Point((1.0 - share) * self.flow + share * other.flow, shares)


def equilibrium(
    network: FlowNetwork,
    classes: Sequence[UserClass],
    *,
    gap: float = 1e-4,
    rounds: int = ROUNDS,
    progress: Callable[[int, float], None] | None = None,
) -> Equilibrium:
    """Assign trips to a network so that no one gains by another way.

    Each round loads everything on the cheapest ways, makes of that loading and the two targets before it a direction
    that is conjugate to the last two, and goes along it as far as the total falls. Trips within a zone, and those that
    no way leads for, are left out. The same input gives the same bytes.

    Args:
        network: The network.
        classes: Who travels; time is common to all, extra costs are each class's own.
        gap: Relative gap to end at.
        rounds: End after so many in any case; then `converged` is False.
        progress: Called with the round and its gap.

    Raises:
        BadInput: Trips or extra costs cannot be used.

    Source: Mitradjieva & Lindberg 2013, The stiff is moving: conjugate direction Frank-Wolfe methods with applications
    to traffic assignment, Transportation Science 47(2), doi:10.1287/trsc.1120.0409.
    """
    classes = [one.checked(network) for one in classes]
    pcu = np.array([one.pcu for one in classes])
    extra = _extra(network, classes)
    method = _BiConjugate(network, pcu, extra)
    times = [network.free * 1.0]
    first = all_or_nothing(network, classes, times[0])
    here, gaps = _Point(first.flow, np.ones(1)), []
    for number in range(1, rounds + 1):
        total = pcu @ here.flow
        time = link_time(network, total)
        loaded = all_or_nothing(network, classes, time)
        gaps.append(_gap(loaded, time, total, here.flow, extra, pcu))
        if progress is not None:
            progress(number, gaps[-1])
        if gaps[-1] <= gap:
            break
        times.append(time)
        shares = np.zeros(len(times))
        shares[-1] = 1.0
        here = method.step(here, _Point(loaded.flow, shares), time)
        if method.stuck:
            break
    total = pcu @ here.flow
    kept = np.flatnonzero(here.shares > _LEAST_WEIGHT)
    return Equilibrium(
        flow=total,
        class_flow=here.flow,
        time=link_time(network, total),
        gap=gaps[-1] if gaps else np.inf,
        gaps=tuple(gaps),
        converged=bool(gaps and gaps[-1] <= gap),
        lost=first.lost,
        weights=here.shares[kept] / here.shares[kept].sum(),
        times=np.array(times)[kept],
    )


def _extra(network: FlowNetwork, classes: Sequence[UserClass]) -> Floats:
    """(classes, links) costs besides time; 0 where a class may not drive, for it has no flow there."""
    table = np.zeros((len(classes), network.links))
    for row, one in enumerate(classes):
        if one.extra is not None:
            table[row] = np.where(np.isfinite(one.extra), one.extra, 0.0)
    return table


def _gap(loaded: Loaded, time: Floats, total: Floats, flow: Floats, extra: Floats, pcu: Floats) -> float:
    spent = float(np.dot(time, total)) + float(pcu @ (extra * flow).sum(axis=1))
    return max(0.0, (spent - loaded.cost) / spent) if spent > 0 else 0.0


class _BiConjugate:
    """Remembers the last two targets and makes the next one."""

    def __init__(self, network: FlowNetwork, pcu: Floats, extra: Floats) -> None:
        self._network, self._pcu, self._extra = network, pcu, extra
        self._targets: list[_Point] = []
        self._step = 0.0
        self.stuck = False

    def step(self, here: _Point, nearest: _Point, time: Floats) -> _Point:
        """The next point from this one and the loading on cheapest ways."""
        target = self._target(here, nearest)
        if self._falls(target, here, time) >= 0.0:
            self._targets, target = [], nearest
        step = self._length(here, target)
        if step == 0.0:
            self._targets, target = [], nearest
            step = self._length(here, target)
        self.stuck = step == 0.0
        self._targets = [target, *self._targets[:1]] if step < 1.0 else []
        self._step = step
        return here.mixed(target, step)

    def _target(self, here: _Point, nearest: _Point) -> _Point:
        """Mitradjieva & Lindberg's s: the loading, the last target and the one before it, with shares of each."""
        if not self._targets:
            return nearest
        slope = link_slope(self._network, self._pcu @ here.flow)
        now, downhill = self._pcu @ here.flow, self._pcu @ (nearest.flow - here.flow)
        last = self._pcu @ self._targets[0].flow
        if len(self._targets) == 1:
            return self._conjugate(nearest, slope, last - now, downhill)
        older = self._pcu @ self._targets[1].flow
        mixed = self._step * last + (1.0 - self._step) * older - now
        mu = _ratio(-np.dot(mixed * slope, downhill), np.dot(mixed * slope, older - last))
        mu = max(0.0, mu)
        nu = _ratio(-np.dot((last - now) * slope, downhill), np.dot((last - now) * slope, last - now))
        nu = max(0.0, nu + mu * self._step / (1.0 - self._step))
        whole = 1.0 + mu + nu
        both = self._targets[0].mixed(self._targets[1], mu / (mu + nu)) if mu + nu > 0 else nearest
        return nearest.mixed(both, (mu + nu) / whole)

    def _conjugate(self, nearest: _Point, slope: Floats, before: Floats, downhill: Floats) -> _Point:
        share = _ratio(np.dot(before * slope, downhill), np.dot(before * slope, downhill - before))
        return nearest.mixed(self._targets[0], min(max(share, 0.0), _CONJUGATE_AT_MOST))

    def _falls(self, target: _Point, here: _Point, time: Floats) -> float:
        change = target.flow - here.flow
        return float(np.dot(time, self._pcu @ change)) + self._besides(change)

    def _besides(self, change: Floats) -> float:
        return float(self._pcu @ (self._extra * change).sum(axis=1))

    def _length(self, here: _Point, target: _Point) -> float:
        change = target.flow - here.flow
        return best_step(self._network, self._pcu @ here.flow, self._pcu @ change, self._besides(change))


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below != 0.0 else 0.0
