"""Places that are suspected: sums of evidence at sensors, and the edges whose blocking would explain them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.incidents.adding_up import begun, cusum
from calibration.incidents.expected import Expected, Floats, Scores, scores_of
from calibration.incidents.reach import Reach

LOCAL_S = 1800.0
"""Over so long the whole town's level is looked at: a day with less traffic everywhere is no incident."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sums at every sensor (S, T).

    Attributes:
        held: Slower than usual without more vehicles: something ahead holds them.
        starved: Fewer vehicles than usual, and no slower: something behind holds them.
    """

    held: Floats
    starved: Floats

    def both(self) -> Floats:
        """(2 S, T): what a threshold is asked about."""
        return np.concatenate([self.held, self.starved])


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A place that may be blocked.

    Attributes:
        edge: Its edge.
        since_s: When it began, on the clock of the counts: what is seen says so, to a period.
        score: Evidence of all sensors that it would explain, less that of those it would have to move and did not.
        sensors: Rows of the sensors that it rests on, the strongest first.
    """

    edge: str
    since_s: float
    score: float
    sensors: tuple[int, ...]


def evidence_of(expected: Expected, vehicles: Floats, speed_mps: Floats, period_s: float) -> Evidence:
    """Add up what speaks for an incident at each sensor.

    A surge of demand slows traffic too, but with more vehicles: what a flow lies above expectation is taken off.

    Args:
        expected: A usual day.
        vehicles: What was counted (S, T); NaN gaps.
        speed_mps: Mean speeds (S, T); NaN gaps.
        period_s: Length of a period.
    """
    seen = scores_of(expected, vehicles, speed_mps)
    flow = seen.flow - _whole_town(seen, max(1, round(LOCAL_S / period_s)))
    slow, more = -np.nan_to_num(seen.speed), np.maximum(0.0, np.nan_to_num(flow))
    held = np.where(np.isnan(seen.flow), np.nan, slow - more)
    return Evidence(cusum(held), cusum(-flow - np.maximum(0.0, slow)))


def _whole_town(seen: Scores, periods: int) -> Floats:
    """Median of all sensors' scores of flow over the last periods (T)."""
    out = np.zeros(seen.flow.shape[1])
    for at in range(len(out)):
        near = seen.flow[:, max(0, at - periods + 1) : at + 1]
        out[at] = np.nanmedian(near) if (~np.isnan(near)).sum() >= 10 else 0.0
    return out


def suspicions(
    evidence: Evidence, at: int, threshold: float, reach: Reach, begin_s: float, period_s: float, most: int = 40
) -> list[Suspicion]:
    """Edges that would explain what has passed the threshold in period `at`, the likeliest first; empty if nothing has.

    Args:
        evidence: Sums.
        at: The last period that was seen.
        threshold: Of a sum.
        reach: What a blocked lane does to sensors.
        begin_s: Begin of the first period.
        period_s: Length of a period.
        most: How many at most.
    """
    now = np.stack([evidence.held[:, at], evidence.starved[:, at]])
    if not (now > threshold).any():
        return []
    told = np.minimum(now, 3.0 * threshold) / threshold
    for_it = reach.held @ told[0] + reach.starved @ told[1]
    quiet = np.maximum(0.0, 0.5 - told.max(axis=0))
    score = for_it - reach.starved @ quiet
    hit = np.flatnonzero((now > threshold).any(axis=0))
    touched = (reach.held[:, hit] + reach.starved[:, hit]).max(axis=1) > 0.1
    found = []
    for place in np.argsort(-np.where(touched, score, -np.inf), kind="stable")[:most]:
        if not touched[place]:
            break
        weight = reach.held[place] * told[0] + reach.starved[place] * told[1]
        rests = tuple(int(row) for row in np.argsort(-weight, kind="stable")[:4] if weight[row] > 0.1)
        series = [(now[kind, row], begun((evidence.held, evidence.starved)[kind][row], at))
                  for row in hit for kind in range(2) if now[kind, row] > threshold]  # fmt: skip
        since = min(begin for _, begin in series)
        found.append(Suspicion(reach.edges[place], begin_s + since * period_s, float(score[place]), rests))
    return found
