"""Where queues begin: jammed streets, followed downstream to the one whose end is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.flows import Roads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLOW = 0.5
"""A street is slow below this share of its limit (ours)."""
QUEUE = 2.0
"""Vehicles per lane that wait on the mean of a period; one or two at a red light are no jam (ours)."""
SPACING_M = 7.5
"""Lane that a standing car takes (SUMO's default vehicle: 5 m and a gap of 2.5 m)."""
FULL = 0.25
"""A jammed street with this share of its lanes taken holds back who is behind; rolling queues are no denser (ours)."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What every street carried in every period, of one or several runs or days, joined on the mean.

    Attributes:
        edges: Streets (E).
        begin_s: Begin of the first period.
        period_s: Length of a period.
        vehicles: That came in or set out there (E, T).
        spent_s: Time that vehicles spent there (E, T), s.
        speed_mps: Mean speed (E, T); NaN where nobody was.
    """

    edges: tuple[str, ...]
    begin_s: float
    period_s: float
    vehicles: Floats
    spent_s: Floats
    speed_mps: Floats


@dataclass(frozen=True, slots=True)
class Jam:
    """A queue with one head.

    Attributes:
        head: The street at whose end it begins.
        begin_s: Begin of the first period in which it stood there.
        end_s: End of the last.
        jammed_s: How long of that it stood.
        longest_m: Most street with queue at a time, m.
        lost_h: Vehicle-hours lost on all its streets, against free flow.
        streets: All of them, by what was lost there.
        flow_vph: Vehicles per hour on the head in the busiest period while it stood.
        beyond: Share of the lanes that is taken on the fullest street behind its end, on the mean while it stood.
    """

    head: str
    begin_s: float
    end_s: float
    jammed_s: float
    longest_m: float
    lost_h: float
    streets: tuple[str, ...]
    flow_vph: float
    beyond: float


def find_jams(traffic: Traffic, roads: Roads, least_h: float = 0.5) -> list[Jam]:
    """The queues of a day, the costliest first.

    A street is jammed where it is slow and vehicles wait. Whoever is jammed in front of a street that is jammed and
    full waits for that one: followed on, this ends at a head. In a ring of full streets the fullest is the head.

    Args:
        traffic: What was driven.
        roads: The streets.
        least_h: Vehicle-hours from which a queue is told.
    """
    place = {edge: at for at, edge in enumerate(traffic.edges)}
    known = np.array([place.get(edge, -1) for edge in roads.edges])
    there = np.flatnonzero(known >= 0)
    rows = known[there]
    number = {int(edge): at for at, edge in enumerate(there)}
    length, lanes = roads.length_m[there, None], np.maximum(roads.lanes[there, None], 1.0)
    lost = np.maximum(0.0, traffic.spent_s[rows] - traffic.vehicles[rows] * roads.free_s[there, None])
    taken = traffic.spent_s[rows] / traffic.period_s * SPACING_M / (length * lanes)
    with np.errstate(invalid="ignore"):
        slow = traffic.speed_mps[rows] < SLOW * roads.speed_mps[there, None]
    jammed = slow & (lost / traffic.period_s >= np.minimum(QUEUE, 0.5 * length / SPACING_M) * lanes)
    ahead: dict[int, list[int]] = {}
    for tail, head in zip(roads.tail.tolist(), roads.head.tolist(), strict=True):
        if tail in number and head in number:
            ahead.setdefault(number[tail], []).append(number[head])
    heads = np.stack([_heads(jammed[:, at], taken[:, at], ahead) for at in range(jammed.shape[1])], axis=1)
    names = [roads.edges[edge] for edge in there]
    queue_m = np.minimum(1.0, taken) * length
    found = [
        _jam(int(head), heads, lost, queue_m, taken, traffic, rows, names, ahead)
        for head in np.unique(heads[heads >= 0])
    ]
    return sorted((jam for jam in found if jam.lost_h >= least_h), key=lambda jam: -jam.lost_h)


def _heads(jammed: NDArray[np.bool_], taken: Floats, ahead: Mapping[int, Sequence[int]]) -> Ints:
    """The head of each jammed street in one period; -1 where it flows."""
    out = np.full(len(jammed), -1, dtype=np.int64)
    for street in np.flatnonzero(jammed).tolist():
        way = [street]
        while True:
            full = [one for one in ahead.get(way[-1], ()) if jammed[one] and taken[one] >= FULL]
            if not full:
                break
            onward = max(full, key=lambda one: (taken[one], -one))
            if onward in way:
                ring = way[way.index(onward) :]
                way.append(max(ring, key=lambda one: (taken[one], -one)))
                break
            way.append(onward)
        out[street] = way[-1]
    return out


def _jam(
    head: int, heads: Ints, lost: Floats, queue_m: Floats, taken: Floats, traffic: Traffic, rows: Ints,
    names: Sequence[str], ahead: Mapping[int, Sequence[int]],
) -> Jam:  # fmt: skip
    mine = heads == head
    when = np.flatnonzero(mine.any(axis=0))
    own = np.where(mine, lost, 0.0)
    by_street = own.sum(axis=1)
    streets = [at for at in np.argsort(-by_street, kind="stable") if mine[at].any()]
    next_ones = list(ahead.get(head, ()))
    beyond = float(taken[next_ones][:, when].max(axis=0).mean()) if next_ones else 0.0
    period_s = traffic.period_s
    return Jam(
        head=names[head],
        begin_s=traffic.begin_s + int(when[0]) * period_s,
        end_s=traffic.begin_s + (int(when[-1]) + 1) * period_s,
        jammed_s=len(when) * period_s,
        longest_m=float(np.where(mine, queue_m, 0.0).sum(axis=0).max()),
        lost_h=float(by_street.sum()) / 3600.0,
        streets=tuple(names[at] for at in streets),
        flow_vph=float(traffic.vehicles[rows[head], when].max()) * 3600.0 / period_s,
        beyond=beyond,
    )
