"""The shallow-water equations' hot loops in Numba; `shallow_reference` says the same in plain NumPy, with its sources.

Each stage fills a padded copy of depth and velocity, then finds what passes the faces of a row, limits it to what its
donors hold, and moves depth and momentum. All inner loops run over shifted slices with `range(n)`.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M
from models.flood.surface._inertia import _come_in, _gone, _leave, _limit, _sink, _update
from models.flood.surface._power import minus_seven_thirds

Array = Any
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}
WALL_DROP_M = 5e3


@nb.njit(inline="always", **_OPTIONS)
def _slope(a: float, b: float, zero: float, half: float) -> float:
    """Monotonized-central slope between two steps to the neighbours."""
    size = min(min(abs(a), abs(b)) / half, abs(a + b) * half)
    return (size if a > zero else -size) if a * b > zero else zero


@nb.njit(inline="always", **_OPTIONS)
def _faces(
    out: tuple[Array, Array, Array, Array],
    h: tuple[Array, Array, Array, Array],
    z: tuple[Array, Array, Array, Array],
    u: tuple[Array, Array, Array, Array],
    v: tuple[Array, Array, Array, Array],
) -> None:
    """What passes a row of faces between cells 1 and 2 of four in line: mass, momentum before and behind, side speed.

    `u` is the velocity through the faces, `v` that along them.
    """
    mass, before, behind, side = out
    ha, hb, hc, hd = h
    za, zb, zc, zd = z
    ua, ub, uc, ud = u
    va, vb, vc, vd = v
    real = mass.dtype.type
    zero, half, one, two, g, wall = real(0), real(0.5), real(1), real(2), real(GRAVITY), real(WALL_DROP_M)
    quarter = real(0.25)
    for j in range(mass.size):
        d0, d1, d2 = zb[j] - za[j], zc[j] - zb[j], zd[j] - zc[j]
        o0, o1, o2 = abs(d0) <= wall, abs(d1) <= wall, abs(d2) <= wall
        e0 = hb[j] - ha[j] if o0 else zero
        e1 = hc[j] - hb[j] if o1 else zero
        e2 = hd[j] - hc[j] if o2 else zero
        w0 = (hb[j] - ha[j]) + d0 if o0 else zero
        w1 = (hc[j] - hb[j]) + d1 if o1 else zero
        w2 = (hd[j] - hc[j]) + d2 if o2 else zero
        half_hb, half_hc = half * _slope(e0, e1, zero, half), half * _slope(e1, e2, zero, half)
        half_wb, half_wc = half * _slope(w0, w1, zero, half), half * _slope(w1, w2, zero, half)
        s0 = ub[j] - ua[j] if o0 else zero
        s1 = uc[j] - ub[j] if o1 else zero
        s2 = ud[j] - uc[j] if o2 else zero
        u0 = ub[j] + half * _slope(s0, s1, zero, half)
        u1 = uc[j] - half * _slope(s1, s2, zero, half)
        t0 = vb[j] - va[j] if o0 else zero
        t1 = vc[j] - vb[j] if o1 else zero
        t2 = vd[j] - vc[j] if o2 else zero
        v0 = vb[j] + half * _slope(t0, t1, zero, half)
        v1 = vc[j] - half * _slope(t1, t2, zero, half)
        left, right = hb[j] + half_hb, hc[j] - half_hc
        jump = d1 - (half_wc - half_hc) - (half_wb - half_hb) if o1 else zero
        rises, falls = d1 > wall, d1 < -wall
        h0 = max(right if falls else left - max(jump, zero), zero)
        h1 = max(left if rises else right + min(jump, zero), zero)
        speed0 = -u1 if falls else u0
        speed1 = -u0 if rises else u1
        c0, c1 = np.sqrt(g * h0), np.sqrt(g * h1)
        middle, star = (speed0 + speed1) * half + (c0 - c1), (c0 + c1) * half + (speed0 - speed1) * quarter
        slowest = min(speed0 - c0, middle - star) if h0 > zero else speed1 - two * c1
        fastest = max(speed1 + c1, middle + star) if h1 > zero else speed0 + two * c0
        slowest, fastest = min(slowest, zero), max(fastest, zero)
        width = fastest - slowest
        share = slowest / (width if width > zero else one)
        q0, q1 = h0 * speed0, h1 * speed1
        p0, p1 = half * g * h0 * h0, half * g * h1 * h1
        f0, f1 = q0 * speed0 + p0, q1 * speed1 + p1
        flow = q0 + share * (fastest * (h1 - h0) - (q1 - q0))
        momentum = f0 + share * (fastest * (q1 - q0) - (f1 - f0))
        mass[j] = flow if o1 else zero
        before[j] = momentum - p0
        behind[j] = momentum - p1
        side[j] = v0 if flow > zero else v1


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
def _let_out(out: tuple[Array, Array, Array, Array], at: int, h: float, conveyance: float, sign: float) -> None:
    """Set what passes a face of the map's border: nothing and the wall's push, or Manning's flow and its momentum."""
    mass, before, behind, _ = out
    flow = mass.dtype.type(_leave(h, conveyance))
    mass[at] = sign * flow
    if conveyance > 0.0:
        push = flow * (flow / h if h > DRY_M else mass.dtype.type(0))
        before[at], behind[at] = push, push


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
