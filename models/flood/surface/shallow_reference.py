"""The shallow-water equations in plain NumPy, as one would write them down; `_shallow` is the same in Numba.

Finite volumes of second order: monotonized-central slopes of depth, level and velocity; hydrostatic reconstruction at
faces, so that a lake at rest stays at rest (Audusse, Bouchut, Bristeau, Klein & Perthame 2004,
doi:10.1137/S1064827503431090); HLLC fluxes with the two-rarefaction speeds and dry fronts (Toro 2001, Shock-Capturing
Methods for Free-Surface Shallow Flows); Heun's two stages, each positive (Gottlieb, Shu & Tadmor 2001,
doi:10.1137/S003614450036757X); Manning's friction implicit in each stage. Titles given from memory: secondary sources.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M
from models.flood.surface.inertia_reference import Four, _add, _leave, _limit, _sink

WALL_DROP_M = 5e3
"""A step of the bed (m) above which a face is a wall: buildings stand 10 km out."""


@dataclass
class _Faces:
    """What passes the faces across one axis: mass (m2/s), momentum on both sides (m3/s2), and along the face."""

    mass: np.ndarray
    before: np.ndarray
    behind: np.ndarray
    along0: np.ndarray
    along1: np.ndarray

    @property
    def along(self) -> np.ndarray:
        return np.asarray(self.mass * np.where(self.mass > 0, self.along0, self.along1))


def advance(
    h: np.ndarray,
    lost: np.ndarray,
    z: np.ndarray,
    gn2: np.ndarray,
    mx: np.ndarray,
    my: np.ndarray,
    weight: np.ndarray,
    infiltration: np.ndarray,
    drains: np.ndarray,
    border: Four,
    sea: np.ndarray,
    inflow: tuple[np.ndarray, np.ndarray, np.ndarray],
    length: float,
    rain: float,
    cell: float,
    theta: float,  # noqa: ARG001
    alpha: float,
    forced: float,
    booked: np.ndarray,
) -> int:
    """Advance the water by `length` seconds, in place.

    Arguments and result are those of `inertia_reference.advance`, but `mx` and `my` are depth times velocity (m2/s) of
    cells, and `theta` has no meaning.
    """
    now, steps = 0.0, 0
    cells, rate0, rate1 = inflow
    real = h.dtype.type
    cap = float(np.sqrt(2 * GRAVITY * (np.max(z, where=z < WALL_DROP_M, initial=0) + h.max() + 1)))
    while now < length:
        step = alpha * cell / _fastest(h, mx, my)
        if forced > 0:
            if forced * _fastest(h, mx, my) > 0.5 * cell:
                return -1
            step = forced
        last = now + step * 1.000001 >= length
        step = length - now if last else step
        now = length if last else now + step
        k = real(step / cell)
        x1, y1, h1, mx1, my1 = _stage(h, z, gn2, mx, my, border, step, cell, cap)
        x2, y2, _, mx2, my2 = _stage(h1, z, gn2, mx1, my1, border, step, cell, cap)
        qx, qy = (x1 + x2) / 2, (y1 + y2) / 2
        mx[:], my[:] = (mx + mx2) / 2, (my + my2) / 2
        gain = k * ((qx[:, :-1] - qx[:, 1:]) + (qy[:-1] - qy[1:])) + real(rain * step) * weight
        _add(h, lost, gain)
        for place, rate in ((0, infiltration), (1, drains)):
            if booked[3 + place]:
                before = h.copy()
                booked[place] += _sink(h, lost, rate * real(step))
                stays = np.where(before > 0, h / np.where(before > 0, before, 1), 1)
                mx *= stays
                my *= stays
        middle = (now - 0.5 * step) / length
        flat_h, flat_lost = h.reshape(-1), lost.reshape(-1)
        for at, rise in zip(cells, rate0 + middle * (rate1 - rate0), strict=True):
            start, more = float(flat_h[at]), step * rise - float(flat_lost[at])
            flat_h[at] = max(start + more, 0)
            flat_lost[at] = (float(flat_h[at]) - start) - more
        booked[2] += float(np.sum(flat_h[sea], dtype=np.float64) - np.sum(flat_lost[sea], dtype=np.float64))
        for array in (h, lost, mx, my):
            array.reshape(-1)[sea] = 0
        sides = (qx[:, -1], -qx[:, 0], qy[-1], -qy[0])
        booked[2] += float(k) * sum(float(np.sum(side, dtype=np.float64)) for side in sides)
        steps += 1
    return steps


def _fastest(h: np.ndarray, mx: np.ndarray, my: np.ndarray) -> float:
    """The fastest wave along an axis (m/s)."""
    u, v = _velocity(h, mx), _velocity(h, my)
    return float(np.max(np.maximum(np.abs(u), np.abs(v)) + np.sqrt(GRAVITY * np.maximum(h, STEP_DEPTH_M))))


def _velocity(h: np.ndarray, m: np.ndarray) -> np.ndarray:
    return np.where(h > DRY_M, m / np.where(h > DRY_M, h, 1), 0)


def _stage(
    h: np.ndarray,
    z: np.ndarray,
    gn2: np.ndarray,
    mx: np.ndarray,
    my: np.ndarray,
    border: Four,
    step: float,
    cell: float,
    cap: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Flows through all faces, and depth and momentum after a whole step with them.

    No water is faster than `cap` (m/s), a fall over all of the ground's relief: films of a hundredth of a millimetre
    would be, and stop the time.
    """
    real, g = h.dtype.type, h.dtype.type(GRAVITY)
    k = real(step / cell)
    u, v = _velocity(h, mx), _velocity(h, my)
    east, slope_x = _across(h, z, u, v, border[0], border[1])
    south, slope_y = (_turned(part) for part in _across(h.T, z.T, v.T, u.T, border[2], border[3]))
    assert isinstance(east, _Faces)
    assert isinstance(south, _Faces)
    _limit(h, east.mass, south.mass, k)
    depth = h + k * ((east.mass[:, :-1] - east.mass[:, 1:]) + (south.mass[:-1] - south.mass[1:]))
    depth = np.maximum(depth, 0)
    side_x, side_y = south.along, east.along
    push_x = (east.before[:, 1:] - east.behind[:, :-1]) + g * h * slope_x
    push_y = (south.before[1:] - south.behind[:-1]) + g * h * slope_y
    fx = mx - k * (push_x + (side_x[1:] - side_x[:-1]))
    fy = my - k * (push_y + (side_y[:, 1:] - side_y[:, :-1]))
    wet = depth > DRY_M
    drag = real(step) * gn2 * np.where(wet, depth, 1) ** real(-7 / 3)
    size = np.sqrt(fx * fx + fy * fy)
    factor = np.where(wet, 2 / (1 + np.sqrt(1 + 4 * drag * size)), 0)
    factor = np.minimum(factor, real(cap) * depth / np.maximum(size, real(DRY_M)))
    return east.mass, south.mass, depth, fx * factor, fy * factor


def _turned(part: _Faces | np.ndarray) -> _Faces | np.ndarray:
    if isinstance(part, _Faces):
        return _Faces(*(np.ascontiguousarray(array.T) for array in vars(part).values()))
    return part.T


def _across(
    h: np.ndarray, z: np.ndarray, u: np.ndarray, v: np.ndarray, first: np.ndarray, last: np.ndarray
) -> tuple[_Faces, np.ndarray]:
    """Fluxes through the faces across the columns' axis, and the slope of the level in each cell (m per cell)."""
    hp, zp, vp = (np.pad(array, ((0, 0), (2, 2)), "symmetric") for array in (h, z, v))
    up = np.pad(u, ((0, 0), (2, 2)), "symmetric")
    up[:, :2] *= -1
    up[:, -2:] *= -1
    dz = np.diff(zp, axis=1)
    wall = np.abs(dz) > WALL_DROP_M
    steps = [np.where(wall, 0, np.diff(array, axis=1)) for array in (hp, up, vp)]
    level = np.where(wall, 0, np.diff(hp, axis=1) + dz)
    half_h, half_u, half_v = (_slopes(step) / 2 for step in steps)
    half_w = _slopes(level) / 2
    half_z = half_w - half_h
    inner_h, inner_u, inner_v = hp[:, 1:-1], up[:, 1:-1], vp[:, 1:-1]
    left = [(array + half)[:, :-1] for array, half in ((inner_h, half_h), (inner_u, half_u), (inner_v, half_v))]
    right = [(array - half)[:, 1:] for array, half in ((inner_h, half_h), (inner_u, half_u), (inner_v, half_v))]
    blocked, jump = wall[:, 1:-1], dz[:, 1:-1] - half_z[:, 1:] - half_z[:, :-1]
    up_wall, down_wall = blocked & (dz[:, 1:-1] > 0), blocked & (dz[:, 1:-1] < 0)
    jump = np.where(blocked, 0, jump)
    h0 = np.where(down_wall, right[0], left[0] - np.maximum(jump, 0))
    h1 = np.where(up_wall, left[0], right[0] + np.minimum(jump, 0))
    u0, u1 = np.where(down_wall, -right[1], left[1]), np.where(up_wall, -left[1], right[1])
    faces = _hllc(np.maximum(h0, 0), np.maximum(h1, 0), u0, u1)
    faces.along0, faces.along1 = left[2], right[2]
    faces.mass = np.where(blocked, 0, faces.mass)
    for face, inner, sign, conveyance in ((0, 0, -1, first), (-1, -1, 1, last)):
        flow = _leave(h[:, inner], conveyance).astype(h.dtype)
        faces.mass[:, face] = sign * flow
        if np.any(conveyance > 0):
            open_face = conveyance > 0
            speed = np.where(h[:, inner] > DRY_M, flow / np.where(h[:, inner] > DRY_M, h[:, inner], 1), 0)
            for side in (faces.before, faces.behind):
                side[:, face] = np.where(open_face, flow * speed, side[:, face])
    return faces, _slopes(level)[:, 1:-1]


def _slopes(step: np.ndarray) -> np.ndarray:
    """Monotonized-central slope of each cell between two steps to its neighbours."""
    a, b = step[:, :-1], step[:, 1:]
    size = np.minimum(2 * np.minimum(np.abs(a), np.abs(b)), np.abs(a + b) / 2)
    return np.where(a * b > 0, np.copysign(size, a), 0)


def _hllc(h0: np.ndarray, h1: np.ndarray, u0: np.ndarray, u1: np.ndarray) -> _Faces:
    """Mass and normal momentum between two states; momentum less the pressure of each side's own depth."""
    g = h0.dtype.type(GRAVITY)
    c0, c1 = np.sqrt(g * h0), np.sqrt(g * h1)
    middle, speed = (u0 + u1) / 2 + (c0 - c1), (c0 + c1) / 2 + (u0 - u1) / 4
    slowest = np.where(h0 > 0, np.minimum(u0 - c0, middle - speed), u1 - 2 * c1)
    fastest = np.where(h1 > 0, np.maximum(u1 + c1, middle + speed), u0 + 2 * c0)
    slowest, fastest = np.minimum(slowest, 0), np.maximum(fastest, 0)
    width = fastest - slowest
    share = np.where(width > 0, slowest / np.where(width > 0, width, 1), 0)
    q0, q1 = h0 * u0, h1 * u1
    p0, p1 = g / 2 * h0 * h0, g / 2 * h1 * h1
    f0, f1 = q0 * u0 + p0, q1 * u1 + p1
    mass = q0 + share * (fastest * (h1 - h0) - (q1 - q0))
    momentum = f0 + share * (fastest * (q1 - q0) - (f1 - f0))
    return _Faces(mass, momentum - p0, momentum - p1, u0, u1)
