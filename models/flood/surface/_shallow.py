"""The shallow-water equations' hot loops in Numba; `shallow_reference` says the same in plain NumPy, with its sources.

Each stage fills a padded copy of depth and velocity, then finds what passes the faces of a row, limits it to what its
donors hold, and moves depth and momentum. All inner loops run over shifted slices with `range(n)`.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import GRAVITY
from models.flood.surface._inertia import _come_in, _gone, _limit
from models.flood.surface._shallow_cells import _fill, _move, _settle
from models.flood.surface._shallow_faces import WALL_DROP_M, _faces, _let_out

Array = Any
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}


@nb.njit(**_OPTIONS)
def _stage(
    state: tuple[Array, Array, Array],
    moved: tuple[Array, Array, Array],
    padded: tuple[Array, Array, Array, Array],
    x: tuple[Array, Array, Array, Array],
    y: tuple[Array, Array, Array, Array],
    gn2: Array,
    border: tuple[Array, Array, Array, Array],
    scale: Array,
    k: float,
    step: float,
    cap: float,
) -> None:
    """What passes all faces, and depth and momentum after a whole step with it."""
    h = state[0]
    rows, cols = h.shape
    hp, zp, up, vp = padded
    for r in range(rows + 1):
        at = slice(2, cols + 2)
        lines = (hp[r, at], hp[r + 1, at], hp[r + 2, at], hp[r + 3, at])
        beds = (zp[r, at], zp[r + 1, at], zp[r + 2, at], zp[r + 3, at])
        through = (vp[r, at], vp[r + 1, at], vp[r + 2, at], vp[r + 3, at])
        along = (up[r, at], up[r + 1, at], up[r + 2, at], up[r + 3, at])
        row = (y[0][r], y[1][r], y[2][r], y[3][r])
        _faces(row, lines, beds, through, along)
        if r == 0 or r == rows:
            side, inner = (border[2], 0) if r == 0 else (border[3], rows - 1)
            for j in range(cols):
                _let_out(row, j, h[inner, j], side[j], -1.0 if r == 0 else 1.0)
        if r < rows:
            n, i = cols + 1, r + 2
            lines = (hp[i, :n], hp[i, 1 : n + 1], hp[i, 2 : n + 2], hp[i, 3 : n + 3])
            beds = (zp[i, :n], zp[i, 1 : n + 1], zp[i, 2 : n + 2], zp[i, 3 : n + 3])
            through = (up[i, :n], up[i, 1 : n + 1], up[i, 2 : n + 2], up[i, 3 : n + 3])
            along = (vp[i, :n], vp[i, 1 : n + 1], vp[i, 2 : n + 2], vp[i, 3 : n + 3])
            row = (x[0][r], x[1][r], x[2][r], x[3][r])
            _faces(row, lines, beds, through, along)
            _let_out(row, 0, h[r, 0], border[0][r], -1.0)
            _let_out(row, cols, h[r, cols - 1], border[1][r], 1.0)
    for r in range(rows):
        _limit(h[r], x[0][r, :cols], x[0][r, 1:], y[0][r], y[0][r + 1], scale, k)
    for r in range(rows):
        h2, x2, y2 = (h[r], moved[0][r]), (state[1][r], moved[1][r]), (state[2][r], moved[2][r])
        row = (x[0][r], x[1][r], x[2][r], x[3][r])
        north = (y[0][r], y[1][r], y[2][r], y[3][r])
        south = (y[0][r + 1], y[1][r + 1], y[2][r + 1], y[3][r + 1])
        i = r + 2
        depths, beds3 = (hp[i - 1], hp[i], hp[i + 1]), (zp[i - 1], zp[i], zp[i + 1])
        _move(h2, x2, y2, gn2[r], row, north, south, depths, beds3, k, step, cap)


@nb.njit(**_OPTIONS)
def advance(
    h: Array,
    lost: Array,
    z: Array,
    gn2: Array,
    mx: Array,
    my: Array,
    weight: Array,
    infiltration: Array,
    drains: Array,
    border: tuple[Array, Array, Array, Array],
    sea: Array,
    inflow: tuple[Array, Array, Array],
    length: float,
    rain: float,
    cell: float,
    theta: float,  # noqa: ARG001
    alpha: float,
    forced: float,
    booked: Array,
) -> int:
    """Advance the water by `length` seconds, in place; arguments and result: `shallow_reference.advance`."""
    rows, cols = h.shape
    real = h.dtype
    zp, hp = np.zeros((rows + 4, cols + 4), real), np.zeros((rows + 4, cols + 4), real)
    up, vp = np.zeros_like(hp), np.zeros_like(hp)
    _fill(z, z, z, zp, up, vp)
    xs, ys = (rows, cols + 1), (rows + 1, cols)
    x1 = (np.zeros(xs, real), np.zeros(xs, real), np.zeros(xs, real), np.zeros(xs, real))
    y1 = (np.zeros(ys, real), np.zeros(ys, real), np.zeros(ys, real), np.zeros(ys, real))
    x2, y2 = (np.zeros(xs, real), x1[1], x1[2], x1[3]), (np.zeros(ys, real), y1[1], y1[2], y1[3])
    h1, mx1, my1 = np.zeros_like(h), np.zeros_like(h), np.zeros_like(h)
    moved2 = (np.zeros_like(h), np.zeros_like(h), np.zeros_like(h))
    scale, padded, moved = np.ones(cols, real), (hp, zp, up, vp), (h1, mx1, my1)
    books, reach = (np.zeros(cols), np.zeros(cols)), (np.zeros(rows, np.int64), np.zeros(rows, np.int64))
    sinks, sinking = (infiltration, drains), (booked[3] > 0, booked[4] > 0)
    flat_x, flat_y = mx.ravel(), my.ravel()
    relief = 0.0
    for r in range(rows):
        for j in range(cols):
            relief = max(relief, z[r, j] if z[r, j] < WALL_DROP_M else 0.0)
    cap = np.sqrt(2 * GRAVITY * (relief + h.max() + 1.0))
    now, steps = 0.0, 0
    while now < length:
        fastest = _fill(h, mx, my, hp, up, vp)
        step = forced if forced > 0.0 else alpha * cell / fastest
        if forced * fastest > 0.5 * cell:
            return -1
        last = now + step * 1.000001 >= length
        step = length - now if last else step
        now = length if last else now + step
        k = step / cell
        _stage((h, mx, my), moved, padded, x1, y1, gn2, border, scale, k, step, cap)
        _fill(h1, mx1, my1, hp, up, vp)
        _stage(moved, moved2, padded, x2, y2, gn2, border, scale, k, step, cap)
        flows = (x1[0], y1[0], x2[0], y2[0])
        _settle(h, lost, (mx, my), flows, moved2[1:], weight, sinks, books, sinking, k, step, rain * step)
        _come_in(h, lost, inflow, reach, (now - 0.5 * step) / length, step)
        booked[2] += _gone(h, lost, x1[0], y1[0], sea, k)
        for i in range(sea.size):
            flat_x[sea[i]] = 0
            flat_y[sea[i]] = 0
        steps += 1
    booked[0] += books[0].sum()
    booked[1] += books[1].sum()
    return steps
