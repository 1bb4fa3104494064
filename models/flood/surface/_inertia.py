"""Local inertia's hot loop in Numba; `inertia_reference` says the same in plain NumPy, and tests compare them.

Rows are swept once per time step: the new flows of row r are found from the old depths of rows r and r + 1, limited by
what their donors hold, and then row r - 1 is updated in place. New flows are written over the old ones, of which the
two rows that are still needed are kept aside. Each row is computed only from the first to the last cell that water can
reach in this step. All inner loops run over shifted slices with `range(n)`, so that LLVM turns them into vector
instructions.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M
from models.flood.surface._power import minus_seven_thirds

Array = Any
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}
_LANES = 16
"""Rows are computed in whole vectors of this many cells, where the map is wide enough."""


@nb.njit(inline="always", **_OPTIONS)
def _flows(
    new: Array,
    h: tuple[Array, Array],
    z: tuple[Array, Array],
    gn2: tuple[Array, Array],
    q: Array,
    beside: tuple[Array, Array],
    across: tuple[Array, Array, Array, Array],
    theta: float,
    step: float,
    cell: float,
) -> None:
    """New flows (m2/s) through a row of faces between cells 0 and 1 of the pairs; positive from 0 to 1.

    Friction, the factor on the force, is found in single precision whatever the arrays hold.
    """
    real, single = new.dtype.type, np.float32
    h0, h1 = h
    z0, z1 = z
    n0, n1 = gn2
    qa, qb = beside
    t0, t1, t2, t3 = across
    zero, dry, keep, share = real(0), real(DRY_M), real(theta), real((1 - theta) / 2)
    push = real(GRAVITY * step / cell)
    one, two, four, quarter = single(1), single(2), single(4), single(0.25)
    drag = single(step / 2)
    for j in range(new.size):
        drop = z0[j] - z1[j]
        depth = max(h0[j] + min(drop, zero), h1[j] - max(drop, zero))
        wet = depth > dry
        d = single(depth) if wet else one
        b = (drag * single(n0[j] + n1[j])) * minus_seven_thirds(d)
        side = quarter * single((t0[j] + t1[j]) + (t2[j] + t3[j]))
        own = abs(single(q[j]))
        force = keep * q[j] + share * (qa[j] + qb[j]) + push * depth * (h0[j] - h1[j] + drop)
        slow = one + b * (np.sqrt(own * own + side * side) - own)
        factor = two / (slow + np.sqrt(slow * slow + four * b * abs(single(force))))
        new[j] = force * real(factor) if wet else zero


@nb.njit(inline="always", **_OPTIONS)
def _limit(h: Array, west: Array, east: Array, north: Array, south: Array, scale: Array, k: float) -> None:
    """Scale what leaves a row of cells to what they hold; only donors scale, so no face is scaled twice."""
    real = h.dtype.type
    zero, one, kk = real(0), real(1), real(k)
    hold = one - real(8) * real(np.finfo(h.dtype).eps)
    over = 0
    for j in range(h.size):
        out = kk * ((max(-west[j], zero) + max(east[j], zero)) + (max(-north[j], zero) + max(south[j], zero)))
        over += out > hold * h[j]
    if over == 0:
        return
    for j in range(h.size):
        out = kk * ((max(-west[j], zero) + max(east[j], zero)) + (max(-north[j], zero) + max(south[j], zero)))
        scale[j] = hold * h[j] / out if out > hold * h[j] else one
    for j in range(h.size):
        north[j] = north[j] * scale[j] if north[j] < zero else north[j]
        south[j] = south[j] * scale[j] if south[j] > zero else south[j]
    for j in range(h.size):
        west[j] = west[j] * scale[j] if west[j] < zero else west[j]
    for j in range(h.size):
        east[j] = east[j] * scale[j] if east[j] > zero else east[j]


@nb.njit(inline="always", **_OPTIONS)
def _update(
    h: Array,
    lost: Array,
    west: Array,
    east: Array,
    north: Array,
    south: Array,
    weight: Array,
    k: float,
    rain: float,
) -> None:
    """Add a row's flows and rain to its depths; `lost` compensates (Kahan) and keeps what rounding would overdraw."""
    real = h.dtype.type
    kk, fall, zero = real(k), real(rain), real(0)
    for j in range(h.size):
        gain = kk * ((west[j] - east[j]) + (north[j] - south[j])) + fall * weight[j] - lost[j]
        total = max(h[j] + gain, zero)
        lost[j] = (total - h[j]) - gain
        h[j] = total


@nb.njit(inline="always", **_OPTIONS)
def _sink(h: Array, lost: Array, rate: Array, taken: Array, step: float) -> None:
    """Take up to `rate` (m/s) for `step` (s) out of a row of depths; `taken` (m, float64, by column) books it."""
    real = h.dtype.type
    zero, span = real(0), real(step)
    for j in range(h.size):
        want = rate[j] * span
        have = h[j]
        all_of_it = want >= have
        loss = have if all_of_it else want
        less = -loss - lost[j]
        total = max(have + less, zero)
        rest = (total - have) - less
        lost[j] = lost[j] if all_of_it else rest
        h[j] = zero if all_of_it else total
        taken[j] += np.float64(loss)


@nb.njit(inline="always", **_OPTIONS)
def _leave(depth: float, conveyance: float) -> float:
    """Flow (m2/s) out of the map at an open border: Manning on the bed's slope, at most critical."""
    if depth <= DRY_M or conveyance <= 0.0:
        return 0.0
    return min(conveyance * depth ** (5 / 3), depth * np.sqrt(GRAVITY * depth))


@nb.njit(inline="always", **_OPTIONS)
def _let_out(q: Array, h: Array, conveyance: Array, sign: float) -> None:
    """Flows (m2/s) of a row of cells through the north (sign -1) or south border."""
    for j in range(q.size):
        q[j] = sign * _leave(h[j], conveyance[j])


@nb.njit(**_OPTIONS)
def _gone(h: Array, lost: Array, qx: Array, qy: Array, sea: Array, k: float) -> float:
    """Empty the sea cells, and give what left through them and through the border (m, summed over cells)."""
    rows, cols = h.shape
    flat_h, flat_lost = h.ravel(), lost.ravel()
    total = 0.0
    for i in range(sea.size):
        total += float(flat_h[sea[i]]) - float(flat_lost[sea[i]])
        flat_h[sea[i]] = 0
        flat_lost[sea[i]] = 0
    for j in range(cols):
        total += k * (float(qy[rows, j]) - float(qy[0, j]))
    for r in range(rows):
        total += k * (float(qx[r, cols]) - float(qx[r, 0]))
    return total


@nb.njit(**_OPTIONS)
def _come_in(
    h: Array, lost: Array, inflow: tuple[Array, Array, Array], reach: tuple[Array, Array], middle: float, step: float
) -> float:
    """Add the inflows of a step whose middle is at this share of the segment; gives the deepest of their cells (m).

    In double precision whatever the arrays hold, so that a point source is not rounded in every step.
    """
    cells, rate0, rate1 = inflow
    flat_h, flat_lost = h.ravel(), lost.ravel()
    deepest = 0.0
    for i in range(cells.size):
        at = cells[i]
        before = float(flat_h[at])
        gain = step * (rate0[i] + middle * (rate1[i] - rate0[i])) - float(flat_lost[at])
        flat_h[at] = h.dtype.type(max(before + gain, 0.0))
        flat_lost[at] = h.dtype.type((float(flat_h[at]) - before) - gain)
        deepest = max(deepest, float(flat_h[at]))
        row, col = at // h.shape[1], at % h.shape[1]
        reach[0][row] = min(reach[0][row], col)
        reach[1][row] = max(reach[1][row], col + 1)
    return deepest


@nb.njit(inline="always", **_OPTIONS)
def _span(reach: tuple[Array, Array], r: int, rows: int, cols: int, rain: float) -> tuple[int, int]:
    """First cell, and the one behind the last, that water can reach in this step in row r."""
    if rain > 0.0:
        return 0, cols
    low, high = reach[0][r], reach[1][r]
    for s in (max(r - 1, 0), min(r + 1, rows - 1)):
        low, high = min(low, reach[0][s]), max(high, reach[1][s])
    if low >= high:
        return 0, 0
    low = max(low - 1, 0)
    high = low + (high + 1 - low + _LANES - 1) // _LANES * _LANES
    return low, min(high, cols)


@nb.njit(inline="always", **_OPTIONS)
def _shrink(h: Array, west: Array, east: Array, north: Array, south: Array, low: int, high: int) -> tuple[int, int]:
    """The span of a row without the dry cells at its ends through which nothing flows."""
    while low < high and h[low] == 0 and west[low] == 0 and east[low] == 0 and north[low] == 0 and south[low] == 0:
        low += 1
    while low < high:
        j = high - 1
        if h[j] != 0 or west[j] != 0 or east[j] != 0 or north[j] != 0 or south[j] != 0:
            break
        high -= 1
    return (low, high) if low < high else (h.size, 0)


@nb.njit(**_OPTIONS)
def _sweep(
    h: Array,
    lost: Array,
    z: Array,
    gn2: Array,
    flows: tuple[Array, Array],
    kept: tuple[Array, Array, Array],
    weight: Array,
    border: tuple[Array, Array, Array, Array],
    sinks: tuple[Array, Array],
    books: tuple[Array, Array],
    sinking: tuple[bool, bool],
    reach: tuple[Array, Array],
    scale: Array,
    top: Array,
    rain: float,
    cell: float,
    theta: float,
    step: float,
) -> None:
    """One time step over all rows: flows, their limit, depths, soil and drains."""
    rows, cols = h.shape
    qx, qy = flows
    own, north, south = kept
    k = step / cell
    fall = rain * step
    north[:] = qy[0]
    _let_out(qy[0], h[0], border[2], -1.0)
    before_a, before_b = 0, 0
    for r in range(rows + 1):
        a, b = 0, 0
        if r < rows:
            a, b = _span(reach, r, rows, cols, rain)
            south[:] = qy[r + 1]
            if a < b:
                own[:] = qx[r]
                f, g = max(a, 1), min(b + 1, cols)
                west, east = slice(f - 1, g - 1), slice(f, g)
                cross = (north[west], north[east], south[west], south[east])
                pair_h, pair_z, pair_n = (
                    (h[r, west], h[r, east]),
                    (z[r, west], z[r, east]),
                    (gn2[r, west], gn2[r, east]),
                )
                beside = (own[f - 1 : g - 1], own[f + 1 : g + 1])
                _flows(qx[r, f:g], pair_h, pair_z, pair_n, own[f:g], beside, cross, theta, step, cell)
                if r < rows - 1:
                    s = r + 1
                    at, on = slice(a, b), slice(a + 1, b + 1)
                    over = (own[at], own[on], qx[s, at], qx[s, on])
                    pairs = (h[r, at], h[s, at]), (z[r, at], z[s, at]), (gn2[r, at], gn2[s, at])
                    around = (north[at], qy[r + 2, at])
                    _flows(qy[s, at], pairs[0], pairs[1], pairs[2], south[at], around, over, theta, step, cell)
            qx[r, 0] = -_leave(h[r, 0], border[0][r])
            qx[r, cols] = _leave(h[r, cols - 1], border[1][r])
            if r == rows - 1:
                _let_out(qy[rows], h[r], border[3], 1.0)
            if a < b:
                at, on = slice(a, b), slice(a + 1, b + 1)
                _limit(h[r, at], qx[r, at], qx[r, on], qy[r, at], qy[r + 1, at], scale[at], k)
            north, south = south, north
        if r > 0 and before_a < before_b:
            i, c, d = r - 1, before_a, before_b
            at, on = slice(c, d), slice(c + 1, d + 1)
            _update(h[i, at], lost[i, at], qx[i, at], qx[i, on], qy[i, at], qy[r, at], weight[i, at], k, fall)
            if sinking[0]:
                _sink(h[i, at], lost[i, at], sinks[0][i, at], books[0][at], step)
            if sinking[1]:
                _sink(h[i, at], lost[i, at], sinks[1][i, at], books[1][at], step)
            peak, deep = top[at], h[i, at]
            for j in range(peak.size):
                peak[j] = max(peak[j], deep[j])
            reach[0][i], reach[1][i] = _shrink(h[i], qx[i, :cols], qx[i, 1:], qy[i], qy[r], c, d)
        before_a, before_b = a, b


@nb.njit(**_OPTIONS)
def advance(
    h: Array,
    lost: Array,
    z: Array,
    gn2: Array,
    qx: Array,
    qy: Array,
    weight: Array,
    infiltration: Array,
    drains: Array,
    border: tuple[Array, Array, Array, Array],
    sea: Array,
    inflow: tuple[Array, Array, Array],
    length: float,
    rain: float,
    cell: float,
    theta: float,
    alpha: float,
    forced: float,
    booked: Array,
) -> int:
    """Advance the water by `length` seconds, in place; arguments and result: `inertia_reference.advance`."""
    rows, cols = h.shape
    scale, top = np.ones(cols, h.dtype), np.zeros(cols, h.dtype)
    kept = (np.zeros(cols + 1, h.dtype), np.zeros(cols, h.dtype), np.zeros(cols, h.dtype))
    reach = (np.zeros(rows, np.int64), np.full(rows, cols, np.int64))
    books = (np.zeros(cols), np.zeros(cols))
    sinks, sinking = (infiltration, drains), (booked[3] > 0, booked[4] > 0)
    highest, now, steps = float(h.max()), 0.0, 0
    while now < length:
        step = alpha * cell / np.sqrt(GRAVITY * max(highest, STEP_DEPTH_M))
        if forced > 0.0:
            step = forced
            if forced > np.sqrt(theta / 2) * cell / np.sqrt(GRAVITY * max(highest, DRY_M)):
                return -1
        last = now + step * 1.000001 >= length
        step = length - now if last else step
        now = length if last else now + step
        top[:] = 0
        _sweep(
            h, lost, z, gn2, (qx, qy), kept, weight, border, sinks, books, sinking, reach, scale, top, rain, cell,
            theta, step,
        )  # fmt: skip
        highest = max(float(top.max()), _come_in(h, lost, inflow, reach, (now - 0.5 * step) / length, step))
        booked[2] += _gone(h, lost, qx, qy, sea, step / cell)
        steps += 1
    booked[0] += books[0].sum()
    booked[1] += books[1].sum()
    return steps
