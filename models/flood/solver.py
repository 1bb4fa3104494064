"""The flood solver's front: checks, time segments, outputs and the ledger around the kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import BUILDING, MM_H, WATER
from models.flood.ground import Border, Ground, prepare_ground
from models.flood.inflow import Inflow, inflow_cells
from models.flood.rain import Rain
from models.flood.result import FloodResult, Ledger
from networks.errors import BadInput, EngineFailed, InvalidRun

STILL_M = 1e-3
"""Below this depth (m) a speed is reported as 0."""
CLOSED_TO = {"float32": 1e-5, "float64": 1e-10}
"""A ledger that is open wider than this share stops the run: ten to a hundred times what the solver is tested for."""


@dataclass
class _State:
    h: np.ndarray
    lost: np.ndarray
    qx: np.ndarray
    qy: np.ndarray
    booked: np.ndarray
    steps: int = 0


def simulate_flood(
    elevation_m: ArrayLike,
    cell_m: float,
    rain: Rain | None,
    *,
    duration_s: float,
    output_every_s: float = 60.0,
    manning: ArrayLike = 0.03,
    surface: ArrayLike | None = None,
    drain_capacity_mm_h: ArrayLike = 0.0,
    infiltration_mm_h: ArrayLike = 0.0,
    sea_level_m: float = 0.0,
    border: Border = "open",
    initial_depth_m: ArrayLike = 0.0,
    inflows: Sequence[Inflow] = (),
    theta: float = 0.8,
    alpha: float = 0.6,
    step_s: float | None = None,
    kernel: Literal["numba", "numpy"] = "numba",
    dtype: Any = np.float64,
    progress: Callable[[float], None] | None = None,
) -> FloodResult:
    """Let rain run over terrain: two-dimensional local inertia on square cells.

    Good for rain, ponding and slow spreading; not for dam breaks or shocks (Froude numbers above about 0.8).

    Args:
        elevation_m: (rows, cols) height of the ground (m), row 0 north, a number in every cell.
        cell_m: Size of a cell (m).
        rain: Rain in time, the same everywhere (`Hyetograph`) or one rate per cell (`RainField`), or None.
        duration_s: How long (s).
        output_every_s: An output at 0 and then this often (s); the last at `duration_s`.
        manning: Manning's n (s/m**(1/3)), one number or one per cell.
        surface: (rows, cols) 0 land; 1 sea at a fixed level, which takes water and gives none; 2 building, which
            blocks the flow and sends the rain on its roof to the nearest open cell.
        drain_capacity_mm_h: What the drains can take (mm/h), one number or one per cell, on land.
        infiltration_mm_h: What the soil can take (mm/h), one number or one per cell, on land; before the drains.
        sea_level_m: Level of the sea (m, same zero as the terrain).
        border: "open" lets water leave where the map's border does not fall inwards; "closed" is a wall.
        initial_depth_m: Depth at the begin (m), one number or one per cell, on land.
        inflows: Water that comes in at cells.
        theta: Weight of a face's own flow against that of its neighbours, within (0, 1].
        alpha: Courant number, below sqrt(theta / 2), beyond which the scheme is unstable in two dimensions.
        step_s: A time step (s) to be used instead of the adaptive one.
        kernel: "numba", or "numpy" for the slow reference.
        dtype: float64, or float32 for twice the speed and a ledger closed to 1e-6.
        progress: Called with the share that is done, after every output.

    Raises:
        BadInput: Terrain without a number, a negative rate, an unstable time step, ...; says where.
        EngineFailed: A depth is no longer a number.
        InvalidRun: The ledger does not close.

    Source: Bates, Horritt & Fewtrell 2010 (doi:10.1016/j.jhydrol.2010.03.027); q-centred inertia and friction by the
    flow's length: de Almeida & Bates 2013 (doi:10.1002/wrcr.20366).
    """
    _check_numbers(duration_s, output_every_s, theta, alpha, step_s, kernel, np.dtype(dtype).name)
    ground = prepare_ground(
        elevation_m,
        cell_m,
        surface=surface,
        manning=manning,
        infiltration_mm_h=infiltration_mm_h,
        drain_capacity_mm_h=drain_capacity_mm_h,
        sea_level_m=sea_level_m,
        border=border,
        dtype=dtype,
    )
    state = _begin(ground, initial_depth_m, surface)
    cells, flow = inflow_cells(inflows, ground.bed_m.shape, cell_m, surface)
    initial = state.h.sum(dtype=np.float64)
    outputs = _output_times(duration_s, output_every_s)
    breaks = [rain.times_s] if rain is not None else []
    breaks += [np.asarray(inflow.times_s, dtype=np.float64) for inflow in inflows]
    moments = np.unique(np.concatenate([outputs, *breaks]))
    moments = moments[(moments >= 0) & (moments <= duration_s)]
    depth = np.zeros((len(outputs), *state.h.shape), np.float32)
    speed = np.zeros_like(depth)
    depth[0] = state.h
    rained, came, at = 0.0, 0.0, 1
    for begin, end in zip(moments[:-1].tolist(), moments[1:].tolist(), strict=True):
        rate, under, falls = _rain_on(ground, rain, begin, end)
        first, last = flow(begin, end)
        _advance(
            kernel, state, under, (cells, first, last), end - begin, rate, cell_m, theta, alpha, step_s or 0.0, begin
        )
        rained += falls * (end - begin)
        came += float(np.sum(first + last)) / 2 * (end - begin)
        if end == outputs[at]:
            depth[at], speed[at] = state.h, _speed(state, ground.bed_m)
            at += 1
            if progress:
                progress(end / duration_s)
    stored = np.sum(state.h, dtype=np.float64) - np.sum(state.lost, dtype=np.float64)
    amounts = [initial, rained, came, *state.booked[:3], stored]
    ledger = Ledger(*(float(amount) * cell_m**2 for amount in amounts))
    if ledger.error > CLOSED_TO[np.dtype(dtype).name]:
        raise InvalidRun(f"the flood's ledger is open by {ledger.error:.1e} of its water: {ledger}")
    notes = {"kernel": kernel, "dtype": np.dtype(dtype).name, "rain": rain.source if rain is not None else "none"}
    return FloodResult(outputs, depth, speed, float(cell_m), ledger, state.steps, notes)


def _rain_on(ground: Ground, rain: Rain | None, begin: float, end: float) -> tuple[float, Ground, float]:
    """A rate (m/s) and the ground whose rain shares it meets; and what falls on all cells (m/s, summed).

    Rain with a rate per cell is put into the shares; a roof sends on what falls on the cell that takes its water.
    """
    if rain is None:
        return 0.0, ground, 0.0
    rate = rain.rate_mm_h(begin, end)
    if not isinstance(rate, np.ndarray):
        return rate * MM_H, ground, rate * MM_H * ground.rained_cells
    if rate.shape != ground.bed_m.shape:
        raise BadInput(
            f"rain on {rate.shape} cells over terrain of {ground.bed_m.shape}",
            place="rain",
            remedy="lay the rain on this terrain's cells",
        )
    share = (ground.rain_share * (rate * MM_H)).astype(ground.rain_share.dtype)
    return 1.0, replace(ground, rain_share=share), float(share.sum(dtype=np.float64))


def _check_numbers(
    duration_s: float, every_s: float, theta: float, alpha: float, step_s: float | None, kernel: str, dtype: str
) -> None:
    positive = {"duration_s": duration_s, "output_every_s": every_s, "alpha": alpha}
    if step_s is not None:
        positive["step_s"] = step_s
    for name, value in positive.items():
        if not (np.isfinite(value) and value > 0):
            raise BadInput(f"{name} is {value:g}", place=name, expected="a positive number")
    if not 0 < theta <= 1:
        raise BadInput(f"theta is {theta:g}", place="theta", expected="above 0, at most 1")
    if alpha >= np.sqrt(theta / 2):
        expected = f"below sqrt(theta / 2) = {np.sqrt(theta / 2):.3f}"
        raise BadInput(f"alpha {alpha:g} is unstable with theta {theta:g}", place="alpha", expected=expected)
    if kernel not in ("numba", "numpy"):
        raise BadInput(f"kernel is {kernel!r}", place="kernel", expected="'numba' or 'numpy'")
    if dtype not in CLOSED_TO:
        raise BadInput(f"dtype is {dtype}", place="dtype", expected="float32 or float64")


def _output_times(duration_s: float, every_s: float) -> np.ndarray:
    """0, then every `every_s`, and `duration_s` itself."""
    times = np.arange(int(np.ceil(duration_s / every_s - 1e-9)) + 1) * float(every_s)
    times[-1] = duration_s
    return times


def _begin(ground: Ground, initial_depth_m: ArrayLike, surface: ArrayLike | None) -> _State:
    shape, dtype = ground.bed_m.shape, ground.bed_m.dtype
    given = np.asarray(initial_depth_m, dtype=np.float64)
    if given.shape not in ((), shape) or not np.all(np.isfinite(given) & (given >= 0)):
        raise BadInput(
            "the initial depth cannot be used", place="initial_depth_m", expected="depths that are not negative"
        )
    h = np.ascontiguousarray(np.broadcast_to(given, shape), dtype=dtype).copy()
    if surface is not None:
        h[np.isin(np.asarray(surface), (WATER, BUILDING))] = 0
    booked = np.array([0.0, 0.0, 0.0, ground.infiltration_mps.max() > 0, ground.drains_mps.max() > 0])
    qx, qy = np.zeros((shape[0], shape[1] + 1), dtype), np.zeros((shape[0] + 1, shape[1]), dtype)
    return _State(h, np.zeros_like(h), qx, qy, booked)


def _advance(
    kernel: str,
    state: _State,
    ground: Ground,
    inflow: tuple[np.ndarray, np.ndarray, np.ndarray],
    length: float,
    rain_mps: float,
    cell_m: float,
    theta: float,
    alpha: float,
    forced: float,
    begin_s: float,
) -> None:
    if kernel == "numba":
        from models.flood._kernels import advance
    else:
        from models.flood.reference import advance
    places = (ground.rain_share, ground.infiltration_mps, ground.drains_mps, ground.border, ground.sea)
    water = (state.h, state.lost, ground.bed_m, ground.gn2, state.qx, state.qy)
    numbers = (length, rain_mps, float(cell_m), float(theta), float(alpha), float(forced))
    steps = advance(*water, *places, inflow, *numbers, state.booked)
    if steps < 0:
        raise BadInput(
            f"a forced time step of {forced:g} s is unstable from {begin_s:g} s on",
            place="step_s",
            expected=f"at most sqrt(theta / 2) * cell_m / sqrt(g * depth), the depth now {state.h.max():.2f} m",
            remedy="leave step_s out, so that the step adapts to the water",
        )
    if not np.isfinite(state.h).all():
        raise EngineFailed(f"a depth was no number within {begin_s:g} to {begin_s + length:g} s")
    state.steps += steps


def _speed(state: _State, bed: np.ndarray) -> np.ndarray:
    """Size of the mean velocity (m/s): mean flow of opposite faces over the greatest depth of the cell and both faces.

    Where water shoots through a thin cell of a steep slope, its own depth alone would give absurd speeds.
    """
    east = _velocity(state.h, bed, state.qx)
    south = _velocity(state.h.T, bed.T, state.qy.T).T
    return np.where(state.h > STILL_M, np.hypot(east, south), 0)


def _velocity(h: np.ndarray, bed: np.ndarray, q: np.ndarray) -> np.ndarray:
    drop = bed[:, :-1] - bed[:, 1:]
    face = np.maximum(h[:, :-1] + np.minimum(drop, 0), h[:, 1:] - np.maximum(drop, 0))
    deepest = np.maximum(h, STILL_M)
    deepest[:, :-1] = np.maximum(deepest[:, :-1], face)
    deepest[:, 1:] = np.maximum(deepest[:, 1:], face)
    return (q[:, :-1] + q[:, 1:]) / 2 / deepest
