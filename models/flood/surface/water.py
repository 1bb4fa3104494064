"""Water on the ground: a state that is advanced from moment to moment, and into which others may step in between."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import LAND, MM_H
from models.flood.inflow import InflowCells
from models.flood.rain import Rain
from models.flood.result import Ledger
from models.flood.surface.ground import Ground
from models.flood.surface.numerics import Numerics
from models.flood.surface.roofs import GUTTER_MM_H
from models.flood.surface.speeds import speed_of_flows, speed_of_momentum
from networks.errors import BadInput, EngineFailed


class Forcing(Protocol):
    """Who adds water or takes it: a pump, pipes, a gate, the soil, an assimilation.

    `simulate_flood` calls `act` before each piece of time, of at most `every_s`, and then lets the water run through
    that piece. What is done goes through `Water.add` and `Water.take`, so that the ledger books it under `name`.
    """

    @property
    def name(self) -> str:
        """Under which the ledger books it; one name, one booking."""

    @property
    def every_s(self) -> float:
        """The longest piece of time (s) that it can be asked for."""

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Add or take what belongs to `begin_s` to `end_s` (s since the run's begin)."""


class Water:
    """Water on the ground at a moment.

    Args:
        ground: What it runs over.
        cell_m: Size of a cell (m).
        numerics: How it is moved.
        initial_depth_m: Depth at the begin (m), one number or one per cell; left out in buildings and in the sea.

    Raises:
        BadInput: A depth that is negative, no number, or of another shape.
    """

    def __init__(self, ground: Ground, cell_m: float, numerics: Numerics, initial_depth_m: ArrayLike = 0.0) -> None:
        self.ground, self.cell_m, self.numerics = ground, float(cell_m), numerics
        self.time_s, self.steps = 0.0, 0
        self._h = _begin(ground, initial_depth_m)
        self._lost = np.zeros_like(self._h)
        rows, cols = self._h.shape
        shapes = ((rows, cols), (rows, cols)) if numerics.scheme == "shallow" else ((rows, cols + 1), (rows + 1, cols))
        self._qx, self._qy = (np.zeros(shape, self._h.dtype) for shape in shapes)
        self._sinks = np.array([0.0, 0.0, 0.0, ground.infiltration_mps.max() > 0, ground.drains_mps.max() > 0])
        self._initial, self._rained, self._came = float(self._h.sum(dtype=np.float64)), 0.0, 0.0
        self._booked: dict[str, float] = {}

    @property
    def depth_m(self) -> np.ndarray:
        """(rows, cols) depth (m), not to be written: see `add` and `take`."""
        view = self._h.view()
        view.setflags(write=False)
        return view

    def speed_mps(self) -> np.ndarray:
        """(rows, cols) size of the mean velocity (m/s)."""
        if self.numerics.scheme == "shallow":
            return speed_of_momentum(self._h, self._qx, self._qy)
        return speed_of_flows(self._h, self.ground.bed_m, self._qx, self._qy)

    def advance(self, until_s: float, rain: Rain | None = None, inflows: InflowCells | None = None) -> None:
        """Let it rain, come in and run until a moment (s since the begin).

        Raises:
            BadInput: A moment that has passed, rain on other cells, or a forced time step beyond the stability law.
            EngineFailed: A depth is no longer a number.
        """
        if not until_s >= self.time_s:
            raise BadInput(f"water at {self.time_s:g} s cannot advance until {until_s:g} s", place="until_s")
        breaks = [np.asarray(one.times_s, np.float64) for one in (rain, inflows) if one is not None]
        moments = np.unique(np.concatenate([[self.time_s, until_s], *breaks]))
        moments = moments[(moments >= self.time_s) & (moments <= until_s)]
        for begin, end in zip(moments[:-1].tolist(), moments[1:].tolist(), strict=True):
            self._run(begin, end, rain, inflows)

    def add(self, name: str, cells: ArrayLike, volume_m3: ArrayLike) -> None:
        """Put water on cells of land, at rest, and book it.

        Args:
            name: Who adds it; the ledger's booking.
            cells: (k,) flat indices.
            volume_m3: One number for each cell or (k,), none negative.

        Raises:
            BadInput: Cells that are no land, or a volume that is negative or no number.
        """
        self._booked[name] = self._booked.get(name, 0.0) + self._book(name, cells, volume_m3, taking=False)

    def take(self, name: str, cells: ArrayLike, volume_m3: ArrayLike) -> float:
        """Take up to a volume out of cells of land, and book it; what stays keeps its speed.

        Args:
            name: Who takes it; the ledger's booking.
            cells: (k,) flat indices.
            volume_m3: Wanted (m3), one number for each cell or (k,), none negative.

        Returns:
            What was taken (m3): less than wanted where less stood there.

        Raises:
            BadInput: Cells that are no land, or a volume that is negative or no number.
        """
        taken = self._book(name, cells, volume_m3, taking=True)
        self._booked[name] = self._booked.get(name, 0.0) - taken
        return taken * self.cell_m**2

    def ledger(self) -> Ledger:
        """Every cubic metre up to now."""
        area = self.cell_m**2
        infiltration, drains, boundary = (self._sinks[:3] * area).tolist()
        return Ledger(
            initial_m3=self._initial * area,
            rain_m3=self._rained * area,
            inflow_m3=self._came * area,
            infiltration_m3=infiltration,
            drains_m3=drains,
            boundary_m3=boundary,
            storage_m3=float(np.sum(self._h, dtype=np.float64) - np.sum(self._lost, dtype=np.float64)) * area,
            booked_m3={name: depth * area for name, depth in self._booked.items()},
        )

    def _run(self, begin: float, end: float, rain: Rain | None, inflows: InflowCells | None) -> None:
        numerics, ground = self.numerics, self.ground
        rate, share, falls = self._rain(rain, begin, end)
        cells, first, last = inflows.between(begin, end) if inflows is not None else _NO_INFLOW
        places = (share, ground.infiltration_mps, ground.drains_mps, ground.border, ground.sea)
        state = (self._h, self._lost, ground.bed_m, ground.gn2, self._qx, self._qy)
        numbers = (end - begin, rate, self.cell_m, float(numerics.theta), numerics.courant, float(numerics.step_s or 0))
        steps = numerics.advance()(*state, *places, (cells, first, last), *numbers, self._sinks)
        if steps < 0:
            local = numerics.scheme == "inertia"
            law = "sqrt(theta / 2) * cell_m / sqrt(g * depth)" if local else "cell_m / 2 over the fastest wave's speed"
            raise BadInput(
                f"a forced time step of {numerics.step_s:g} s is unstable from {begin:g} s on",
                place="step_s",
                expected=f"at most {law}, the depth now {self._h.max():.2f} m",
                remedy="leave step_s out, so that the step adapts to the water",
            )
        if not np.isfinite(self._h).all():
            raise EngineFailed(f"a depth was no number within {begin:g} to {end:g} s")
        self._rained += falls * (end - begin)
        self._came += float(np.sum(first + last)) / 2 * (end - begin)
        self.steps += steps
        self.time_s = end

    def _rain(self, rain: Rain | None, begin: float, end: float) -> tuple[float, np.ndarray, float]:
        """A rate (m/s), the shares it meets, and what falls on all cells (m/s, summed).

        Rain with a rate per cell is put into the shares; a roof sends on what falls on the cell that takes its water.
        Rain beyond what gutters carry falls beside the houses.
        """
        ground = self.ground
        rate = rain.rate_mm_h(begin, end) if rain is not None else 0.0
        if not isinstance(rate, np.ndarray) and rate <= GUTTER_MM_H:
            return rate * MM_H, ground.rain_share, rate * MM_H * ground.rained_cells
        if isinstance(rate, np.ndarray) and rate.shape != ground.bed_m.shape:
            raise BadInput(
                f"rain on {rate.shape} cells over terrain of {ground.bed_m.shape}",
                place="rain",
                remedy="lay the rain on this terrain's cells",
            )
        meets = ground.rain_share * (rate * MM_H) + ground.spill_share * (np.maximum(rate - GUTTER_MM_H, 0.0) * MM_H)
        share = meets.astype(ground.rain_share.dtype)
        return 1.0, share, float(share.sum(dtype=np.float64))

    def _checked(self, name: str, cells: ArrayLike, volume_m3: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Cells without repetition, and depths (m, float64) for them."""
        where = np.atleast_1d(np.asarray(cells))
        volume = np.broadcast_to(np.asarray(volume_m3, np.float64), where.shape)
        if not where.size:
            return where.astype(np.int64), volume
        inside = np.issubdtype(where.dtype, np.integer) and where.min() >= 0 and where.max() < self._h.size
        if not inside or np.any(self.ground.kind.reshape(-1)[where] != LAND):
            raise BadInput("water for cells that are no land of this terrain", place=name, expected="flat indices")
        if not (volume.min() >= 0 and np.isfinite(volume.max())):
            raise BadInput("a volume that is negative or no number", place=name, expected="m3, not negative")
        if where.ndim == 1 and np.all(where[1:] > where[:-1]):
            return where, volume / self.cell_m**2
        places, index = np.unique(where, return_inverse=True)
        return places, np.bincount(index.reshape(-1), volume.reshape(-1), len(places)) / self.cell_m**2

    def _book(self, name: str, cells: ArrayLike, volume_m3: ArrayLike, *, taking: bool) -> float:
        """Put depths on cells or take them; their sum (m)."""
        from models.flood.surface._booking import book

        places, depth = self._checked(name, cells, volume_m3)
        moving = self.numerics.scheme == "shallow"
        arrays = (one.reshape(-1) for one in (self._h, self._lost, self._qx, self._qy))
        return float(book(*arrays, places.astype(np.int64, copy=False), depth, taking, moving))


_NO_INFLOW = (np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def _begin(ground: Ground, initial_depth_m: ArrayLike) -> np.ndarray:
    shape = ground.bed_m.shape
    given = np.asarray(initial_depth_m, dtype=np.float64)
    if given.shape not in ((), shape) or not np.all(np.isfinite(given) & (given >= 0)):
        raise BadInput(
            "the initial depth cannot be used", place="initial_depth_m", expected="depths that are not negative"
        )
    depth = np.where(ground.kind == LAND, np.broadcast_to(given, shape), 0)
    return np.ascontiguousarray(depth, dtype=ground.bed_m.dtype)
