"""Infiltration by Green and Ampt: the soil of each cell remembers what it has taken."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import LAND
from models.flood.forcing.series import positive_s
from models.flood.forcing.soils import Soil
from models.flood.surface.water import Water
from networks.errors import BadInput

_CLOSE = 1e-10
"""Newton's steps end when the depth infiltrated moves by less than this share."""


class GreenAmpt:
    """Soil that takes less the more it has taken; a `Forcing`.

    Of each piece of time it takes what stands there at its begin, at most what the soil can take in it; the head of
    the water above is left out. Rain therefore goes into the soil one piece late.

    Args:
        soil: Its parameters.
        saturation: Share of the effective porosity that is full at the begin, 0 (dry) to 1; one number or one per cell.
        pervious: Share of a cell's area that is soil, 0 to 1; one number or one per cell.
        every_s: Longest piece of time (s).
        name: The ledger's booking.

    Raises:
        BadInput: A share outside 0 to 1, or a piece of time that is not positive.

    Source: Green & Ampt 1911; ponding and cumulative depth as in Mein & Larson 1973 (doi:10.1029/WR009i002p00384).
    """

    def __init__(
        self,
        soil: Soil,
        *,
        saturation: ArrayLike = 0.0,
        pervious: ArrayLike = 1.0,
        every_s: float = 30.0,
        name: str = "soil",
    ) -> None:
        self.name, self.every_s, self.soil = name, positive_s(every_s), soil
        self._deficit = soil.porosity * (1 - shares("saturation", saturation))
        self._pervious = shares("pervious", pervious)
        self._cells = np.zeros(0, np.int64)
        self._taken = np.zeros(0)
        self._head = np.zeros(0)

    @property
    def infiltrated_m(self) -> np.ndarray:
        """What the soil has taken (m), of all cells, flat; per area of soil."""
        return self._taken

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Let the soil take its part of what stands there."""
        from models.flood.forcing._green_ampt import soak

        if not self._taken.size:
            self._begin(water)
        depth = water.depth_m.reshape(-1)
        cells = self._cells[depth[self._cells] > 0]
        full = self.soil.conductivity_mps * (end_s - begin_s)
        have = depth[cells].astype(np.float64)
        loss = soak(have, cells, self._share, self._head, self._taken, full)
        water.take(self.name, cells, loss * water.cell_m**2)

    def _begin(self, water: Water) -> None:
        shape = water.depth_m.shape
        for place, array in (("saturation", self._deficit), ("pervious", self._pervious)):
            if array.shape not in ((), shape):
                raise BadInput(f"{place} of shape {array.shape} on terrain of {shape}", place=place)
        self._share = np.broadcast_to(self._pervious, shape).reshape(-1)
        self._head = np.broadcast_to(self.soil.suction_m * self._deficit, shape).reshape(-1)
        land = water.ground.kind.reshape(-1) == LAND
        self._cells = np.flatnonzero(land & (self._share > 0))
        self._taken = np.zeros(land.size)


def potential_m(taken_m: np.ndarray, head_m: np.ndarray, conductivity_mps: float, seconds: float) -> np.ndarray:
    """How much more (m) flooded soil takes within a time.

    Solves x - a ln(1 + x / (F + a)) = K t for x by Newton's method from above; the left side is convex in x. The
    reference of `_green_ampt.soak`.

    Args:
        taken_m: (k,) F, infiltrated so far (m).
        head_m: (k,) a, suction head times the lack of water (m).
        conductivity_mps: K (m/s).
        seconds: t (s).
    """
    full = conductivity_mps * seconds
    begun = full * (1 + head_m / np.maximum(taken_m, 1e-12))
    x = np.minimum(full + np.sqrt(full**2 + 2 * head_m * full), begun)
    sucks = head_m > 0
    behind = np.where(sucks, taken_m + head_m, 1.0)
    for _ in range(30):
        over = x - head_m * np.log1p(x / behind) - full
        step = np.where(sucks & (x > 0), over * (behind + x) / np.maximum(taken_m + x, 1e-300), 0.0)
        x = np.maximum(x - step, full)
        if np.all(np.abs(step) <= _CLOSE * x):
            break
    return np.where(sucks, x, full)


def shares(name: str, value: ArrayLike) -> np.ndarray:
    """Shares from 0 to 1 as an array; raises BadInput that names them elsewhere."""
    array = np.asarray(value, np.float64)
    if not np.all((array >= 0) & (array <= 1)):
        raise BadInput(f"{name} is not a share everywhere", place=name, expected="numbers from 0 to 1")
    return array
