"""What a sensor's own numbers give away: one number said again and again, zeros, more than lanes can carry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, WatchedNet
from calibration.counting.seen import LANE_PER_HOUR
from calibration.health.finding import Finding
from networks.sentence import say

Floats = NDArray[np.float64]
_QUIET_S = 7200.0
_JAM_PER_M = 0.2
"""Vehicles on a metre of lane that no jam holds: 5 m each, bumper to bumper."""
_SOME = 10.0
"""Vehicles from which their mean speed says how close they drive: two that crawl past a block do not."""


def stuck(counts: Counts, expected: Floats, false_alarms: float) -> list[Finding]:
    """A number repeated so often that traffic does it once in 1/false_alarms sensors, however lucky.

    Two Poisson counts of mean m are equal with at most 1/sqrt(2 pi m); where the sensor itself repeats more often than
    that outside its longest run (signals that let the same number through), its own share is taken.
    """
    found = []
    limit = -np.log(false_alarms / counts.vehicles.shape[1])
    for row, own in enumerate(counts.vehicles):
        there = np.flatnonzero(~np.isnan(own))
        said = own[there]
        if len(said) < 4:
            continue
        begin, end = max(_runs(said), key=lambda run: (run[1] - run[0]) * (said[run[0]] > 0))
        if said[begin] == 0 or end - begin < 4:
            continue
        told = np.fmax(np.nan_to_num(expected[row, there[begin:end]]), said[begin] * 0.25)
        chance = np.minimum(0.9, 1.0 / np.sqrt(2 * np.pi * np.maximum(told[1:], 0.2)))
        equal = float((np.diff(said) == 0).sum() - (end - begin - 1) + 1) / (len(said) - (end - begin) + 2)
        surprise = float(-np.log(np.maximum(chance, min(0.9, equal))).sum())
        if surprise > limit:
            evidence = say(
                f"{said[begin]:g} in {end - begin} periods on end", f"连续 {end - begin} 个时段均为 {said[begin]:g}"
            )
            since, until = (float(counts.begin_s + at * counts.period_s) for at in (there[begin], there[end - 1] + 1))
            found.append(Finding(counts.sensors[row], "stuck", surprise / limit, since, evidence, until))
    return found


def silent(counts: Counts, expected: Floats, spread: float, false_alarms: float) -> list[Finding]:
    """Zeros where the others expect vehicles, or nothing said for two hours up to the end."""
    found = []
    limit = -np.log(false_alarms / counts.vehicles.shape[1])
    for row, own in enumerate(counts.vehicles):
        gone = int(np.argmin(np.isnan(own[::-1]))) if not np.isnan(own).all() else len(own)
        if gone * counts.period_s >= _QUIET_S:
            since = counts.begin_s + (len(own) - gone) * counts.period_s
            evidence = say(
                f"it has said nothing for the last {gone * counts.period_s / 3600:.1f} h",
                f"最近 {gone * counts.period_s / 3600:.1f} 小时无数据",
            )
            found.append(Finding(counts.sensors[row], "silent", gone * counts.period_s / _QUIET_S, since, evidence))
            continue
        best = (0.0, 0, 0)
        for begin, end in _runs(np.where(np.isnan(own), -1.0, own)):
            if own[begin] == 0:
                best = max(best, (float(np.nansum(expected[row, begin:end])) / spread, begin, end))
        missed, begin, end = best
        if missed > limit:
            evidence = say(
                f"0 in {end - begin} periods on end in which {missed * spread:.0f} vehicles were expected",
                f"连续 {end - begin} 个时段为 0，而预期有 {missed * spread:.0f} 辆车",
            )
            since, until = (float(counts.begin_s + at * counts.period_s) for at in (begin, end))
            found.append(Finding(counts.sensors[row], "silent", missed / limit, since, evidence, until))
    return found


def impossible(counts: Counts, net: WatchedNet, speeds_mps: Floats | None) -> list[Finding]:
    """More vehicles than the lanes carry, or more on the road than have room at the speed that is told."""
    found = []
    for row, (sensor, edge) in enumerate(zip(counts.sensors, counts.edges, strict=True)):
        lanes, own = net.car_lanes(edge), counts.vehicles[row]
        most = lanes * LANE_PER_HOUR * counts.period_s / 3600.0
        beyond = own > most + 3.0 * np.sqrt(most)
        if speeds_mps is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                dense = own / counts.period_s / speeds_mps[row] / lanes > _JAM_PER_M
                beyond |= dense & (own >= _SOME)
                beyond |= speeds_mps[row] > 2.2 * net.edges[edge].speed_mps
        if beyond.any():
            first = int(np.argmax(beyond))
            evidence = say(
                f"{int(beyond.sum())} periods like one of {own[first]:g}, where {lanes} lanes carry {most:.0f}",
                f"{int(beyond.sum())} 个时段异常，例如 {own[first]:g} 辆，而 {lanes} 条车道最多通过 {most:.0f} 辆",
            )
            since = counts.begin_s + first * counts.period_s
            found.append(Finding(sensor, "impossible", float(beyond.sum()), since, evidence))
    return found


def _runs(said: Floats) -> Iterator[tuple[int, int]]:
    """Begin and end of each run of one value."""
    edges = np.flatnonzero(np.diff(said) != 0) + 1
    bounds = [0, *edges.tolist(), len(said)]
    yield from pairwise(bounds)
