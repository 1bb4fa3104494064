"""Underpasses within a surface run: one water, the surface's on their low cells or that of a survey's balance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import MM_H
from models.flood.forcing.series import positive_s
from models.flood.rain import Rain
from models.flood.surface.water import Water
from models.flood.underpass import Sump, backflow_m3s, pump_m3s, pump_runs, rain_mm_h
from networks import StorageCurve
from networks.errors import BadInput
from networks.ground.underpass_file import PumpText


class _Tank:
    """What both have: pumps and a backflow that act by its depth, and an account."""

    def __init__(self, sump: Sump, cells: ArrayLike, pumps: Sequence[PumpText], every_s: float) -> None:
        self.name, self.every_s = f"underpass {sump.name}", positive_s(every_s)
        self.sump, self.cells = sump, np.unique(np.asarray(cells, np.int64))
        if not len(self.cells):
            raise BadInput("an underpass without cells", place=self.name, expected="cells of the terrain")
        self._pumps = [one for one in (sump.pump, *pumps) if one is not None]
        self._on = [False] * len(self._pumps)
        self.pumped_m3 = self.backflow_m3 = 0.0

    def _acts(self, begin_s: float, end_s: float, depth_m: float) -> tuple[float, float]:
        """What pushes in, and what the pumps could lift out (m3)."""
        self._on = [pump_runs(pump, on, begin_s, depth_m) for pump, on in zip(self._pumps, self._on, strict=True)]
        able = sum(pump_m3s(pump, depth_m) for pump, on in zip(self._pumps, self._on, strict=True) if on)
        return backflow_m3s(self.sump.backflow, begin_s, depth_m) * (end_s - begin_s), able * (end_s - begin_s)

    def _there(self, water: Water) -> np.ndarray:
        return np.asarray(water.depth_m.reshape(-1)[self.cells], np.float64) * water.cell_m**2


class UnderpassTank(_Tank):
    """An underpass whose water is the surface's on its low cells; a `Forcing`.

    Water runs down its ramps and over its brim as the surface has it. Pumps lift it out of the map, booked as
    `underpass NAME pumps`; a drain or river pushes in, booked as `underpass NAME backflow`.

    Args:
        sump: The underpass; its catchment is not asked.
        cells: (k,) flat indices of its low cells.
        storage: Of a survey, by which its depth is told; None: the depth is that of the deepest cell.
        pumps: Brought there besides its own; they act by the same depth.
        every_s: Longest piece of time (s).

    Raises:
        BadInput: No cells.
    """

    def __init__(
        self,
        sump: Sump,
        cells: ArrayLike,
        *,
        storage: StorageCurve | None = None,
        pumps: Sequence[PumpText] = (),
        every_s: float = 10.0,
    ) -> None:
        super().__init__(sump, cells, pumps, every_s)
        self._storage = storage

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Push in and lift out."""
        there = self._there(water)
        pushes, able = self._acts(begin_s, end_s, self.depth_of(there / water.cell_m**2, water.cell_m))
        if pushes > 0:
            self._put(water, pushes)
            self.backflow_m3 += pushes
        total = float(there.sum())
        if able > 0 and total > 0:
            share = min(1.0, able / total)
            self.pumped_m3 += water.take(f"{self.name} pumps", self.cells, there * share)

    def depth_of(self, depth_m: np.ndarray, cell_m: float) -> float:
        """Depth (m) at its lowest point, from the depths on its cells (m)."""
        if self._storage is not None:
            return float(self._storage.depth_of(depth_m.sum() * cell_m**2))
        return float(depth_m.max())

    def _put(self, water: Water, volume_m3: float) -> None:
        """Onto its lowest cells, as high as the water would stand there."""
        ground = water.ground.bed_m.reshape(-1)[self.cells].astype(np.float64)
        level = ground + water.depth_m.reshape(-1)[self.cells]
        order = np.argsort(level, kind="stable")
        level = level[order]
        room = np.arange(1, len(order) + 1) * level - np.cumsum(level)  # lifts the first k to the k-th level
        want = volume_m3 / water.cell_m**2
        many = int(np.searchsorted(room, want, side="right"))
        top = (want + level[:many].sum()) / many
        water.add(f"{self.name} backflow", self.cells[order[:many]], (top - level[:many]) * water.cell_m**2)


class SurveyedTank(_Tank):
    """An underpass whose catchment and storage somebody surveyed: its own balance counts; a `Forcing`.

    What the surface brings to its cells is the same water once more: it is taken away, booked as
    `underpass NAME takes`. What runs over its brim goes onto the rim, booked as `underpass NAME gives`.

    Args:
        sump: The underpass.
        cells: (k,) flat indices of its low cells.
        rim: (n,) flat indices of the cells beside them over which it would run.
        rain: What falls on its catchment.
        at: Flat index of the cell whose rain counts, where rain differs from cell to cell.
        pumps: Brought there besides its own; they act by the same depth.
        every_s: Longest piece of time (s).

    Raises:
        BadInput: No cells, or no rim.
    """

    def __init__(
        self,
        sump: Sump,
        cells: ArrayLike,
        rim: ArrayLike,
        rain: Rain,
        *,
        at: int = -1,
        pumps: Sequence[PumpText] = (),
        every_s: float = 10.0,
    ) -> None:
        super().__init__(sump, cells, pumps, every_s)
        self._rim, self._rain, self._at = np.unique(np.asarray(rim, np.int64)), rain, at
        if not len(self._rim):
            raise BadInput("an underpass without a rim", place=self.name, expected="open cells beside its own")
        self.times_s, self.depths_m = [0.0], [0.0]
        self.stored_m3 = self.came_m3 = self.spilled_m3 = 0.0

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Take what the surface brings, let the balance go on, and give what runs over."""
        water.take(f"{self.name} takes", self.cells, self._there(water))
        sump, depth = self.sump, self.depths_m[-1]
        pushes, able = self._acts(begin_s, end_s, depth)
        rate = rain_mm_h(self._rain, begin_s - sump.after_s, end_s - sump.after_s, self._at)
        comes = max(0.0, rate - sump.drained_mm_h) * MM_H * sump.catchment_m2 * (end_s - begin_s)
        lifts = min(self.stored_m3 + comes + pushes, able)
        volume = self.stored_m3 + comes + pushes - lifts
        over = max(0.0, volume - float(sump.storage.volume_m3[-1]))
        if over > 0:
            water.add(f"{self.name} gives", self._rim, over / len(self._rim))
        self.stored_m3 = volume - over
        self.came_m3, self.spilled_m3 = self.came_m3 + comes, self.spilled_m3 + over
        self.pumped_m3, self.backflow_m3 = self.pumped_m3 + lifts, self.backflow_m3 + pushes
        self.times_s.append(end_s)
        self.depths_m.append(float(sump.storage.depth_of(self.stored_m3)))

    @property
    def error(self) -> float:
        """What is not accounted for, as a share of what came (at least a litre)."""
        came = self.came_m3 + self.backflow_m3
        return abs(came - self.pumped_m3 - self.spilled_m3 - self.stored_m3) / max(came, 1e-3)
