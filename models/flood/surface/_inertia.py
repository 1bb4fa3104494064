"""Local inertia's hot loop in Numba; `inertia_reference` says the same in plain NumPy, and tests compare them.

Rows are swept once per time step: the new flows of row r are found from the old depths of rows r and r + 1, limited by
what their donors hold, and then row r - 1 is updated in place. All inner loops run over shifted slices with `range(n)`,
so that LLVM turns them into vector instructions.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M

Array = Any
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}


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
    """New flows (m2/s) through a row of faces between cells 0 and 1 of the pairs; positive from 0 to 1."""
    real = new.dtype.type
    h0, h1 = h
    z0, z1 = z
    n0, n1 = gn2
    qa, qb = beside
    t0, t1, t2, t3 = across
    zero, one, four, half, quarter = real(0), real(1), real(4), real(0.5), real(0.25)
    third, ninths = real(1 / 3), real(2 / 9)
    dry, keep, share, push, drag = (
        real(DRY_M),
        real(theta),
        real((1 - theta) / 2),
        real(GRAVITY * step / cell),
        real(step),
    )
    for j in range(new.size):
        drop = z0[j] - z1[j]
        depth = max(h0[j] + min(drop, zero), h1[j] - max(drop, zero))
        wet = depth > dry
        depth = depth if wet else one
        bits = np.float32(depth).view(np.int32)
        y = real(np.int32(np.int32(1419967116) - np.int32(np.float32(bits) * np.float32(1 / 3))).view(np.float32))
        rest = one - depth * y * y * y
        y = y + y * rest * (third + ninths * rest)
        rest = one - depth * y * y * y
        y = y + y * rest * (third + ninths * rest)
        side = quarter * ((t0[j] + t1[j]) + (t2[j] + t3[j]))
        extra = np.sqrt(q[j] * q[j] + side * side) - abs(q[j])
        y2 = y * y
        b = drag * half * (n0[j] + n1[j]) * (y2 * y2 * y2 * y)
        force = keep * q[j] + share * (qa[j] + qb[j]) + push * depth * (h0[j] - h1[j] + drop)
        slow = one + b * extra
        value = (force + force) / (slow + np.sqrt(slow * slow + four * b * abs(force)))
        new[j] = value if wet else zero


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


@nb.njit(**_OPTIONS)
def _border(h: Array, conveyance: tuple[Array, Array, Array, Array], qx: Array, qy: Array) -> None:
    """Set the flows through the map's border; nothing is limited yet."""
    rows, cols = h.shape
    west, east, north, south = conveyance
    for j in range(cols):
        qy[0, j] = -_leave(h[0, j], north[j])
        qy[rows, j] = _leave(h[rows - 1, j], south[j])
    for r in range(rows):
        qx[r, 0] = -_leave(h[r, 0], west[r])
        qx[r, cols] = _leave(h[r, cols - 1], east[r])


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
def _come_in(h: Array, lost: Array, inflow: tuple[Array, Array, Array], middle: float, step: float) -> float:
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
    return deepest


@nb.njit(**_OPTIONS)
def _sweep(
    h: Array,
    lost: Array,
    z: Array,
    gn2: Array,
    old: tuple[Array, Array],
    new: tuple[Array, Array],
    weight: Array,
    sinks: tuple[Array, Array],
    books: tuple[Array, Array],
    sinking: tuple[bool, bool],
    scale: Array,
    top: Array,
    rain: float,
    cell: float,
    theta: float,
    step: float,
) -> None:
    """One time step over all rows: flows from `old` to `new`, their limit, depths, soil and drains."""
    rows, cols = h.shape
    last = cols - 1
    qx, qy = old
    qx1, qy1 = new
    k = step / cell
    for r in range(rows + 1):
        if r < rows:
            cross = (qy[r, :last], qy[r, 1:], qy[r + 1, :last], qy[r + 1, 1:])
            pair_h, pair_z, pair_n = (h[r, :last], h[r, 1:]), (z[r, :last], z[r, 1:]), (gn2[r, :last], gn2[r, 1:])
            _flows(
                qx1[r, 1:cols],
                pair_h,
                pair_z,
                pair_n,
                qx[r, 1:cols],
                (qx[r, :last], qx[r, 2:]),
                cross,
                theta,
                step,
                cell,
            )
            if r < rows - 1:
                s = r + 1
                over = (qx[r, :cols], qx[r, 1:], qx[s, :cols], qx[s, 1:])
                pairs = (h[r], h[s]), (z[r], z[s]), (gn2[r], gn2[s])
                _flows(qy1[s], pairs[0], pairs[1], pairs[2], qy[s], (qy[r], qy[r + 2]), over, theta, step, cell)
            _limit(h[r], qx1[r, :cols], qx1[r, 1:], qy1[r], qy1[r + 1], scale, k)
        if r > 0:
            i = r - 1
            _update(h[i], lost[i], qx1[i, :cols], qx1[i, 1:], qy1[i], qy1[r], weight[i], k, rain * step)
            if sinking[0]:
                _sink(h[i], lost[i], sinks[0][i], books[0], step)
            if sinking[1]:
                _sink(h[i], lost[i], sinks[1][i], books[1], step)
            for j in range(cols):
                top[j] = max(top[j], h[i, j])


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
    cols = h.shape[1]
    qx1, qy1 = np.zeros_like(qx), np.zeros_like(qy)
    scale, top = np.ones(cols, h.dtype), np.zeros(cols, h.dtype)
    books = (np.zeros(cols), np.zeros(cols))
    sinking = (booked[3] > 0, booked[4] > 0)
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
        _border(h, border, qx1, qy1)
        old, new, sinks = (qx, qy), (qx1, qy1), (infiltration, drains)
        _sweep(h, lost, z, gn2, old, new, weight, sinks, books, sinking, scale, top, rain, cell, theta, step)
        highest = max(float(top.max()), _come_in(h, lost, inflow, (now - 0.5 * step) / length, step))
        booked[2] += _gone(h, lost, qx1, qy1, sea, step / cell)
        qx, qx1, qy, qy1 = qx1, qx, qy1, qy
        steps += 1
    if steps % 2 == 1:
        qx1[:], qy1[:] = qx, qy
    booked[0] += books[0].sum()
    booked[1] += books[1].sum()
    return steps
