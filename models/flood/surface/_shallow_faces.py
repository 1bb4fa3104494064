"""What passes the faces of a row of cells by the shallow-water equations, in Numba; part of `_shallow`."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from models.flood.constants import DRY_M, GRAVITY
from models.flood.surface._inertia import _leave

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


@nb.njit(inline="always", **_OPTIONS)
def _let_out(out: tuple[Array, Array, Array, Array], at: int, h: float, conveyance: float, sign: float) -> None:
    """Set what passes a face of the map's border: nothing and the wall's push, or Manning's flow and its momentum."""
    mass, before, behind, _ = out
    flow = mass.dtype.type(_leave(h, conveyance))
    mass[at] = sign * flow
    if conveyance > 0.0:
        push = flow * (flow / h if h > DRY_M else mass.dtype.type(0))
        before[at], behind[at] = push, push
