"""Local inertia in plain NumPy: the same equations as `models.flood.surface._inertia`, as one would write them down.

Sources: Bates, Horritt & Fewtrell 2010 (doi:10.1016/j.jhydrol.2010.03.027), de Almeida, Bates, Freer & Souvignet 2012
(doi:10.1029/2011WR011570), de Almeida & Bates 2013 (doi:10.1002/wrcr.20366, friction by the flow's length in 2-D).
"""

from __future__ import annotations

import numpy as np

from models.flood.constants import DRY_M, GRAVITY, STEP_DEPTH_M

Four = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def advance(
    h: np.ndarray,
    lost: np.ndarray,
    z: np.ndarray,
    gn2: np.ndarray,
    qx: np.ndarray,
    qy: np.ndarray,
    weight: np.ndarray,
    infiltration: np.ndarray,
    drains: np.ndarray,
    border: Four,
    sea: np.ndarray,
    inflow: tuple[np.ndarray, np.ndarray, np.ndarray],
    length: float,
    rain: float,
    cell: float,
    theta: float,
    alpha: float,
    forced: float,
    booked: np.ndarray,
) -> int:
    """Advance the water by `length` seconds, in place.

    Args:
        h: Depth (m), (rows, cols).
        lost: What rounding took from `h` so far (m), for Kahan's compensation.
        z: Bed (m).
        gn2: Gravity times Manning's n squared.
        qx: Flow eastwards (m2/s) through (rows, cols + 1) faces.
        qy: Flow southwards (m2/s) through (rows + 1, cols) faces.
        weight: Share of the rain that arrives.
        infiltration: Capacity of the soil (m/s).
        drains: Capacity of the drains (m/s).
        border: Conveyance of the west, east, north and south faces.
        sea: Flat indices of sea cells.
        inflow: Flat indices, and rise (m/s) at the begin and at the end.
        length: Seconds to go.
        rain: Intensity (m/s).
        cell: Size of a cell (m).
        theta: Weight of a face's own flow against its neighbours'.
        alpha: Courant number.
        forced: Time step (s) to be used whatever alpha says, or 0.
        booked: Depths (m) summed over cells: infiltration, drains, boundary; then 1 where soil and drains take any.

    Returns:
        The number of steps, or -1 where a forced step is unstable.
    """
    now, steps = 0.0, 0
    highest = float(h.max())
    while now < length:
        step = _step(highest, cell, theta, alpha, forced)
        if step is None:
            return -1
        last = now + step * 1.000001 >= length
        step = length - now if last else step
        now = length if last else now + step
        new_x, new_y = _flows(h, z, gn2, qx, qy, border, theta, step, cell)
        k = h.dtype.type(step / cell)
        _limit(h, new_x, new_y, k)
        qx[:], qy[:] = new_x, new_y
        gain = k * ((qx[:, :-1] - qx[:, 1:]) + (qy[:-1] - qy[1:])) + h.dtype.type(rain * step) * weight
        _add(h, lost, gain)
        for place, rate in ((0, infiltration), (1, drains)):
            if booked[3 + place]:
                booked[place] += _sink(h, lost, rate * h.dtype.type(step))
        _pour(h, lost, inflow, (now - 0.5 * step) / length, step)
        highest = float(h.max())
        booked[2] += _gone(h, lost, qx, qy, sea, float(k))
        steps += 1
    return steps


def _step(highest: float, cell: float, theta: float, alpha: float, forced: float) -> float | None:
    """The next time step (s) by the deepest water (m), or the forced one; None where that is unstable."""
    if forced <= 0:
        return float(alpha * cell / np.sqrt(GRAVITY * max(highest, STEP_DEPTH_M)))
    stable = np.sqrt(theta / 2) * cell / np.sqrt(GRAVITY * max(highest, DRY_M))
    return None if forced > stable else forced


def _pour(
    h: np.ndarray, lost: np.ndarray, inflow: tuple[np.ndarray, np.ndarray, np.ndarray], middle: float, step: float
) -> None:
    """Let water come in at cells, at the rate of the step's middle (share of the piece of time)."""
    cells, rate0, rate1 = inflow
    flat_h, flat_lost = h.reshape(-1), lost.reshape(-1)
    for at, rise in zip(cells, rate0 + middle * (rate1 - rate0), strict=True):
        before, gain = float(flat_h[at]), step * rise - float(flat_lost[at])
        flat_h[at] = max(before + gain, 0)
        flat_lost[at] = (float(flat_h[at]) - before) - gain


def _gone(h: np.ndarray, lost: np.ndarray, qx: np.ndarray, qy: np.ndarray, sea: np.ndarray, k: float) -> float:
    """Depths (m), summed, that leave into the sea, which takes all, and over the border."""
    flat_h, flat_lost = h.reshape(-1), lost.reshape(-1)
    taken = float(np.sum(flat_h[sea], dtype=np.float64) - np.sum(flat_lost[sea], dtype=np.float64))
    flat_h[sea] = 0
    flat_lost[sea] = 0
    sides = (qx[:, -1], -qx[:, 0], qy[-1], -qy[0])
    return taken + k * sum(float(np.sum(side, dtype=np.float64)) for side in sides)


def _flows(
    h: np.ndarray,
    z: np.ndarray,
    gn2: np.ndarray,
    qx: np.ndarray,
    qy: np.ndarray,
    border: Four,
    theta: float,
    step: float,
    cell: float,
) -> tuple[np.ndarray, np.ndarray]:
    """New flows through all faces, before the donors' limit."""
    new_x, new_y = np.zeros_like(qx), np.zeros_like(qy)
    side_x = (qy[:-1, :-1] + qy[:-1, 1:] + qy[1:, :-1] + qy[1:, 1:]) / 4
    side_y = (qx[:-1, :-1] + qx[:-1, 1:] + qx[1:, :-1] + qx[1:, 1:]) / 4
    mean_x = theta * qx[:, 1:-1] + (1 - theta) / 2 * (qx[:, :-2] + qx[:, 2:])
    mean_y = theta * qy[1:-1] + (1 - theta) / 2 * (qy[:-2] + qy[2:])
    extra_x = np.sqrt(qx[:, 1:-1] ** 2 + side_x**2) - np.abs(qx[:, 1:-1])
    extra_y = np.sqrt(qy[1:-1] ** 2 + side_y**2) - np.abs(qy[1:-1])
    west, east, north, south = np.s_[:, :-1], np.s_[:, 1:], np.s_[:-1], np.s_[1:]
    new_x[:, 1:-1] = _face(h[west], h[east], z[west] - z[east], gn2[west] + gn2[east], mean_x, extra_x, step, cell)
    new_y[1:-1] = _face(h[north], h[south], z[north] - z[south], gn2[north] + gn2[south], mean_y, extra_y, step, cell)
    new_x[:, 0], new_x[:, -1] = -_leave(h[:, 0], border[0]), _leave(h[:, -1], border[1])
    new_y[0], new_y[-1] = -_leave(h[0], border[2]), _leave(h[-1], border[3])
    return new_x, new_y


def _face(
    h0: np.ndarray,
    h1: np.ndarray,
    drop: np.ndarray,
    gn2_sum: np.ndarray,
    mean_flow: np.ndarray,
    extra: np.ndarray,
    step: float,
    cell: float,
) -> np.ndarray:
    """Local inertia, q-centred, between cells 0 and 1 of a bed that drops, with friction implicit in the face's flow.

    The new flow q solves `q (1 + drag (|q| + extra)) = force`, a quadratic; `extra`, the length of the flow above its
    part through this face, is the old one. Friction taken at the old flow (Bates 2010) swings from step to step where
    films are thin and steep; this does not, and has the same steady states. Friction is found in single precision:
    Manning's n is known to one or two digits, and no water is made or lost by it.
    """
    real, single = h0.dtype.type, np.float32
    depth = np.maximum(h0 + np.minimum(drop, 0), h1 - np.maximum(drop, 0))
    wet = depth > DRY_M
    depth = np.where(wet, depth, real(1))
    force = mean_flow + real(GRAVITY * step / cell) * depth * (h0 - h1 + drop)
    drag = single(step / 2) * gn2_sum.astype(single) * depth.astype(single) ** single(-7 / 3)
    slow = 1 + drag * extra.astype(single)
    factor = 2 / (slow + np.sqrt(slow * slow + 4 * drag * np.abs(force).astype(single)))
    return np.where(wet, force * factor.astype(real), real(0))


def _leave(depth: np.ndarray, conveyance: np.ndarray) -> np.ndarray:
    """Flow (m2/s) out of the map: Manning on the bed's slope, at most critical."""
    deep = np.where(depth > DRY_M, depth, 0).astype(np.float64)
    return np.minimum(conveyance * deep ** (5 / 3), deep * np.sqrt(GRAVITY * deep))


def _limit(h: np.ndarray, qx: np.ndarray, qy: np.ndarray, k: np.floating) -> None:
    """Scale what leaves a cell to what it holds, in place: each face is scaled by its one donor."""
    hold = h.dtype.type(1) - h.dtype.type(8) * np.finfo(h.dtype).eps
    west, east, north, south = qx[:, :-1], qx[:, 1:], qy[:-1], qy[1:]
    out = k * ((np.maximum(-west, 0) + np.maximum(east, 0)) + (np.maximum(-north, 0) + np.maximum(south, 0)))
    scale = np.where(out > hold * h, hold * h / np.where(out > 0, out, 1), 1).astype(h.dtype)
    factors = [np.where(west < 0, scale, 1), np.where(east > 0, scale, 1)]
    factors += [np.where(north < 0, scale, 1), np.where(south > 0, scale, 1)]
    for faces, factor in zip((west, east, north, south), factors, strict=True):
        faces *= factor


def _add(h: np.ndarray, lost: np.ndarray, gain: np.ndarray) -> None:
    """Kahan's compensated sum, in place; what rounding would overdraw stays in `lost`, so that no depth is negative."""
    gain = gain - lost
    total = np.maximum(h + gain, 0)
    lost[:] = (total - h) - gain
    h[:] = total


def _sink(h: np.ndarray, lost: np.ndarray, want: np.ndarray) -> float:
    """Take up to `want` (m) out of each cell; gives what was taken, summed (m)."""
    everything = want >= h
    loss = np.where(everything, h, want)
    kept = lost.copy()
    _add(h, lost, -loss)
    h[everything], lost[everything] = 0, kept[everything]
    return float(np.sum(loss, dtype=np.float64))
