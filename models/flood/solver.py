"""The flood solver's front: what is given becomes water on a ground; outputs, forcings and the ledger around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from models.flood.inflow import Inflow, InflowCells
from models.flood.rain import Rain
from models.flood.result import FloodResult
from models.flood.surface.ground import Border, prepare_ground
from models.flood.surface.numerics import CLOSED_TO, Kernel, Numerics, Scheme
from models.flood.surface.water import Forcing, Water
from networks.errors import BadInput, InvalidRun


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
    forcings: Sequence[Forcing] = (),
    scheme: Scheme = "inertia",
    theta: float = 0.8,
    alpha: float | None = None,
    step_s: float | None = None,
    kernel: Kernel = "numba",
    dtype: Any = np.float64,
    progress: Callable[[float], None] | None = None,
) -> FloodResult:
    """Let rain run over terrain, on square cells.

    Scheme "inertia", two-dimensional local inertia, is good for rain, ponding and slow spreading; not for dam breaks or
    shocks (`FloodResult.too_fast` says where). Scheme "shallow" solves the whole shallow-water equations by
    second-order finite volumes, for 4 to 10 times the time.

    Args:
        elevation_m: (rows, cols) height of the ground (m), row 0 north, a number in every cell.
        cell_m: Size of a cell (m).
        rain: Rain in time, the same everywhere (`Hyetograph`) or one rate per cell (`RainField`), or None.
        duration_s: How long (s).
        output_every_s: An output at 0 and then this often (s); the last at `duration_s`.
        manning: Manning's n (s/m**(1/3)), one number or one per cell.
        surface: (rows, cols) 0 land; 1 sea at a fixed level, which takes water and gives none; 2 building, which
            blocks the flow and sends the rain on its roof through pipes to the street, and beside it what its gutters
            cannot carry (`models.flood.surface.roofs`).
        drain_capacity_mm_h: What the drains can take (mm/h of the land and the roofs that drain to them), one number or
            one per cell, on land.
        infiltration_mm_h: What the soil can take (mm/h), one number or one per cell, on land; before the drains.
        sea_level_m: Level of the sea (m, same zero as the terrain).
        border: "open" lets water leave where the map's border does not fall inwards; "closed" is a wall.
        initial_depth_m: Depth at the begin (m), one number or one per cell, on land.
        inflows: Water that comes in at cells.
        forcings: Who else adds or takes water: pumps, pipes, gates; each books under its own name.
        scheme: "inertia", or "shallow".
        theta: Weight of a face's own flow against that of its neighbours, within (0, 1]; inertia alone.
        alpha: Courant number; by default 0.6, below sqrt(theta / 2), beyond which local inertia is unstable in two
            dimensions; for the shallow-water equations 0.45, below 1 / 2.
        step_s: A time step (s) to be used instead of the adaptive one.
        kernel: "numba", or "numpy" for the slow reference.
        dtype: float64, or float32 for twice the speed and a ledger closed to 1e-6.
        progress: Called with the share that is done, after every output.

    Raises:
        BadInput: Terrain without a number, a negative rate, an unstable time step, ...; says where.
        EngineFailed: A depth is no longer a number.
        InvalidRun: The ledger does not close.

    Source: Bates, Horritt & Fewtrell 2010 (doi:10.1016/j.jhydrol.2010.03.027); q-centred inertia and friction by the
    flow's length: de Almeida & Bates 2013 (doi:10.1002/wrcr.20366). The shallow-water equations:
    `models.flood.surface.shallow_reference`.
    """
    numerics = Numerics(scheme, kernel, dtype, theta, alpha, step_s)
    outputs = _moments("output_every_s", duration_s, output_every_s)
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
    water = Water(ground, cell_m, numerics, initial_depth_m)
    coming = InflowCells(inflows, ground.bed_m.shape, cell_m, surface)
    depth = np.zeros((len(outputs), *ground.bed_m.shape), np.float32)
    speed = np.zeros_like(depth)
    depth[0] = water.depth_m
    for at, (begin, end) in enumerate(pairwise(outputs.tolist()), start=1):
        _run(water, begin, end, rain, coming, forcings)
        depth[at], speed[at] = water.depth_m, water.speed_mps()
        if progress:
            progress(end / duration_s)
    ledger = water.ledger()
    if ledger.error > CLOSED_TO[numerics.type_name]:
        raise InvalidRun(f"the flood's ledger is open by {ledger.error:.1e} of its water: {ledger}")
    notes = {"kernel": kernel, "dtype": numerics.type_name, "scheme": scheme}
    notes["rain"] = rain.source if rain is not None else "none"
    return FloodResult(outputs, depth, speed, float(cell_m), ledger, water.steps, notes)


def _run(
    water: Water, begin: float, end: float, rain: Rain | None, coming: InflowCells, forcings: Sequence[Forcing]
) -> None:
    """From one output to the next, in pieces that no forcing finds too long."""
    longest = min([end - begin, *(forcing.every_s for forcing in forcings)])
    moments = begin + _moments("every_s", end - begin, longest)
    moments[-1] = end
    for first, last in pairwise(moments.tolist()):
        for forcing in forcings:
            forcing.act(water, first, last)
        water.advance(last, rain, coming)


def _moments(place: str, duration_s: float, every_s: float) -> np.ndarray:
    """0, then every `every_s`, and `duration_s` itself."""
    for name, value in (("duration_s", duration_s), (place, every_s)):
        if not (np.isfinite(value) and value > 0):
            raise BadInput(f"{name} is {value:g}", place=name, expected="a positive number")
    times = np.arange(int(np.ceil(duration_s / every_s - 1e-9)) + 1) * float(every_s)
    times[-1] = duration_s
    return times
