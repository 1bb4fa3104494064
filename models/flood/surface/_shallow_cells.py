"""What cells hold before and after a step of the shallow-water equations, in Numba; part of `_shallow`."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M
from models.flood.surface._inertia import _sink, _update
from models.flood.surface._power import minus_seven_thirds
from models.flood.surface._shallow_faces import WALL_DROP_M, _slope

Array = Any
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}


@nb.njit(**_OPTIONS)
def _fill(h: Array, mx: Array, my: Array, hp: Array, up: Array, vp: Array) -> float:
    """Depth and velocity with two mirrored cells around; gives the fastest wave along an axis (m/s)."""
    rows, cols = h.shape
    real = h.dtype.type
    dry, zero, one, g, least = real(DRY_M), real(0), real(1), real(GRAVITY), real(STEP_DEPTH_M)
    top = np.zeros(cols, h.dtype)
    for r in range(rows):
        ho, uo, vo = hp[r + 2, 2 : cols + 2], up[r + 2, 2 : cols + 2], vp[r + 2, 2 : cols + 2]
        hi, xi, yi = h[r], mx[r], my[r]
        for j in range(cols):
            wet = hi[j] > dry
            share = one / (hi[j] if wet else one)
            u, v = xi[j] * share if wet else zero, yi[j] * share if wet else zero
            ho[j], uo[j], vo[j] = hi[j], u, v
            top[j] = max(top[j], max(abs(u), abs(v)) + np.sqrt(g * max(hi[j], least)))
    for i in range(2):
        a, b = 2 + min(i, cols - 1), cols + 1 - min(i, cols - 1)
        hp[2 : rows + 2, 1 - i], hp[2 : rows + 2, cols + 2 + i] = hp[2 : rows + 2, a], hp[2 : rows + 2, b]
        up[2 : rows + 2, 1 - i], up[2 : rows + 2, cols + 2 + i] = -up[2 : rows + 2, a], -up[2 : rows + 2, b]
        vp[2 : rows + 2, 1 - i], vp[2 : rows + 2, cols + 2 + i] = vp[2 : rows + 2, a], vp[2 : rows + 2, b]
    for i in range(2):
        a, b = 2 + min(i, rows - 1), rows + 1 - min(i, rows - 1)
        hp[1 - i], hp[rows + 2 + i] = hp[a], hp[b]
        up[1 - i], up[rows + 2 + i] = up[a], up[b]
        vp[1 - i], vp[rows + 2 + i] = -vp[a], -vp[b]
    return float(top.max())


@nb.njit(inline="always", **_OPTIONS)
def _move(
    h: tuple[Array, Array],
    mx: tuple[Array, Array],
    my: tuple[Array, Array],
    gn2: Array,
    x: tuple[Array, Array, Array, Array],
    north: tuple[Array, Array, Array, Array],
    south: tuple[Array, Array, Array, Array],
    hp: tuple[Array, Array, Array],
    zp: tuple[Array, Array, Array],
    k: float,
    step: float,
    cap: float,
) -> None:
    """Depth and momentum of a row after a step (second of each pair) from those before it (first)."""
    real, single = gn2.dtype.type, np.float32
    kk, g, zero, half, dry, wall = real(k), real(GRAVITY), real(0), real(0.5), real(DRY_M), real(WALL_DROP_M)
    one, two, four, span, most = single(1), single(2), single(4), single(step), real(cap)
    ho, hn = h
    xo, xn = mx
    yo, yn = my
    cols = ho.size
    q0, q1, a1, b0, s0, s1 = x[0][:cols], x[0][1:], x[1][1:], x[2][:cols], x[3][:cols], x[3][1:]
    r0, r1, c1, d0, t0, t1 = north[0], south[0], south[1], north[2], north[3], south[3]
    hu, hm, hd = hp
    zu, zm, zd = zp
    hw, he, zw, ze = hm[1 : cols + 1], hm[3:], zm[1 : cols + 1], zm[3:]
    hn_, hs, zn, zs, z = hu[2 : cols + 2], hd[2 : cols + 2], zu[2 : cols + 2], zd[2 : cols + 2], zm[2 : cols + 2]
    for j in range(cols):
        own = ho[j]
        depth = max(own + kk * ((q0[j] - q1[j]) + (r0[j] - r1[j])), zero)
        west, east, north_, south_ = z[j] - zw[j], ze[j] - z[j], z[j] - zn[j], zs[j] - z[j]
        w0 = (own - hw[j]) + west if abs(west) <= wall else zero
        w1 = (he[j] - own) + east if abs(east) <= wall else zero
        w2 = (own - hn_[j]) + north_ if abs(north_) <= wall else zero
        w3 = (hs[j] - own) + south_ if abs(south_) <= wall else zero
        push_x = (a1[j] - b0[j]) + g * own * _slope(w0, w1, zero, half)
        push_y = (c1[j] - d0[j]) + g * own * _slope(w2, w3, zero, half)
        fx = xo[j] - kk * (push_x + (r1[j] * t1[j] - r0[j] * t0[j]))
        fy = yo[j] - kk * (push_y + (q1[j] * s1[j] - q0[j] * s0[j]))
        wet = depth > dry
        drag = span * single(gn2[j]) * minus_seven_thirds(single(depth) if wet else one)
        size = np.sqrt(single(fx * fx + fy * fy))
        factor = real(two / (one + np.sqrt(one + four * drag * size)))
        factor = min(factor, most * depth / max(real(size), dry))
        hn[j] = depth
        xn[j] = fx * factor if wet else zero
        yn[j] = fy * factor if wet else zero


@nb.njit(**_OPTIONS)
def _settle(
    h: Array,
    lost: Array,
    m: tuple[Array, Array],
    flows: tuple[Array, Array, Array, Array],
    moved: tuple[Array, Array],
    weight: Array,
    sinks: tuple[Array, Array],
    books: tuple[Array, Array],
    sinking: tuple[bool, bool],
    k: float,
    step: float,
    fall: float,
) -> None:
    """Depth and momentum by the mean of both stages, then soil and drains; the mean flows stay in the first pair."""
    rows, cols = h.shape
    half, zero = h.dtype.type(0.5), h.dtype.type(0)
    x1, y1, x2, y2 = flows[0].ravel(), flows[1].ravel(), flows[2].ravel(), flows[3].ravel()
    for j in range(x1.size):
        x1[j] = (x1[j] + x2[j]) * half
    for j in range(y1.size):
        y1[j] = (y1[j] + y2[j]) * half
    qx, qy = flows[0], flows[1]
    before = np.zeros(cols, h.dtype)
    for r in range(rows):
        xo, yo, xn, yn, depth = m[0][r], m[1][r], moved[0][r], moved[1][r], h[r]
        for j in range(cols):
            xo[j] = (xo[j] + xn[j]) * half
            yo[j] = (yo[j] + yn[j]) * half
        _update(depth, lost[r], qx[r, :cols], qx[r, 1:], qy[r], qy[r + 1], weight[r], k, fall)
        for i in range(2):
            if sinking[i]:
                before[:] = depth
                _sink(depth, lost[r], sinks[i][r], books[i], step)
                for j in range(cols):
                    stays = depth[j] / before[j] if before[j] > zero else zero
                    xo[j] *= stays
                    yo[j] *= stays
