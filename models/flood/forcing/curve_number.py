"""Losses by the curve number: how much of all the rain so far stays in the soil."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import LAND
from models.flood.forcing.series import positive_s
from models.flood.rain import Rain
from models.flood.surface.water import Water
from networks.errors import BadInput


class CurveNumber:
    """Soil that keeps P - Q of the rain P that fell on a cell; a `Forcing`.

    What a piece of time owes to the soil is taken at the begin of the next one; where it has run off meanwhile, it is
    taken from what comes by later.

    Args:
        curve_number: CN from above 0 to 100, one number or one per cell.
        rain: The rain that the run gets.
        initial_ratio: Ia / S, what is lost before anything runs off.
        every_s: Longest piece of time (s).
        name: The ledger's booking.

    Raises:
        BadInput: A number outside these limits.

    Source: USDA Natural Resources Conservation Service 1986, Technical Release 55, equations 2-1 to 2-4 (secondary
    source: an online copy of its chapter 2).
    """

    def __init__(
        self,
        curve_number: ArrayLike,
        rain: Rain,
        *,
        initial_ratio: float = 0.2,
        every_s: float = 30.0,
        name: str = "soil",
    ) -> None:
        number = np.asarray(curve_number, np.float64)
        if not np.all((number > 0) & (number <= 100)):
            raise BadInput("a curve number that cannot be", place="curve_number", expected="above 0, at most 100")
        if not 0 <= initial_ratio < 1:
            raise BadInput(f"initial_ratio is {initial_ratio:g}", place="initial_ratio", expected="from 0 to below 1")
        self.name, self.every_s = name, positive_s(every_s)
        self._number, self._ratio, self._rain = number, initial_ratio, rain
        self._fallen_mm = np.zeros(0)
        self._owed_m = np.zeros(0)
        self._land = np.zeros(0, bool)

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Take what the rain until `begin_s` owes, and note what the rain until `end_s` will."""
        if not self._owed_m.size:
            self._begin(water)
        depth = water.depth_m.reshape(-1)
        cells = np.flatnonzero((self._owed_m > 0) & (depth > 0))
        loss = np.minimum(self._owed_m[cells], depth[cells].astype(np.float64))
        water.take(self.name, cells, loss * water.cell_m**2)
        self._owed_m[cells] -= loss
        rate = np.asarray(self._rain.rate_mm_h(begin_s, end_s), np.float64).reshape(-1)
        before = loss_mm(self._fallen_mm, self._retention, self._ratio)
        self._fallen_mm = self._fallen_mm + rate * ((end_s - begin_s) / 3600)
        after = loss_mm(self._fallen_mm, self._retention, self._ratio)
        self._owed_m += np.where(self._land, (after - before) / 1000, 0.0)

    def _begin(self, water: Water) -> None:
        shape = water.depth_m.shape
        if self._number.shape not in ((), shape):
            raise BadInput(f"curve numbers of shape {self._number.shape} on terrain of {shape}", place="curve_number")
        self._retention = np.broadcast_to(retention_mm(self._number), shape).reshape(-1)
        self._land = water.ground.kind.reshape(-1) == LAND
        self._owed_m, self._fallen_mm = np.zeros(self._land.size), np.zeros(self._land.size)


def retention_mm(curve_number: np.ndarray) -> np.ndarray:
    """S (mm), the most that is kept once water runs off: 25.4 (1000 / CN - 10)."""
    return 25.4 * (1000 / np.asarray(curve_number, np.float64) - 10)


def runoff_mm(rain_mm: ArrayLike, retention: ArrayLike, initial_ratio: float = 0.2) -> np.ndarray:
    """Q (mm) of a rain P (mm): (P - Ia)**2 / (P - Ia + S) beyond Ia = `initial_ratio` S, else 0."""
    keep = np.asarray(retention, np.float64)
    beyond = np.maximum(np.asarray(rain_mm, np.float64) - initial_ratio * keep, 0)
    return beyond**2 / np.maximum(beyond + keep, 1e-12)


def loss_mm(rain_mm: np.ndarray, retention: np.ndarray, initial_ratio: float = 0.2) -> np.ndarray:
    """What stays of a rain (mm)."""
    return rain_mm - runoff_mm(rain_mm, retention, initial_ratio)
