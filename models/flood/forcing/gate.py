"""Gates: an opening through which water runs from the higher side to the lower, or one way alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.flood.constants import GRAVITY
from models.flood.forcing.series import Series, constant, positive_s
from models.flood.surface.water import Water
from networks.errors import BadInput

COEFFICIENT = 0.6
"""Of discharge through a sharp-edged opening. As a weir it is then 0.6 sqrt(g) = 1.88 m**0.5/s, within 3 % of Francis'
1.84 for a sharp crest. Secondary source: textbooks of hydraulics."""


@dataclass(frozen=True)
class Opening:
    """A rectangular opening.

    Attributes:
        width_m: Clear width (m).
        height_m: Clear height (m).
        sill_m: Level of its sill (m, the terrain's zero).
        coefficient: Of discharge.

    Raises:
        BadInput: A size that is not positive.
    """

    width_m: float
    height_m: float
    sill_m: float
    coefficient: float = COEFFICIENT

    def __post_init__(self) -> None:
        for name in ("width_m", "height_m", "coefficient"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0):
                raise BadInput(f"an opening's {name} is {value:g}", place=name, expected="a positive number")
        if not np.isfinite(self.sill_m):
            raise BadInput("an opening's sill is no number", place="sill_m", expected="a level in m")

    def flow_m3s(self, upper_m: float, lower_m: float, share: float = 1.0) -> float:
        """Flow (m3/s) from a level to a lower one through a share of the height.

        C w y sqrt(2 g d), y the part of the opening below the upper level, and d the drop to the lower level or to
        half of y above the sill, whichever is higher: a weir at low water, an orifice above.
        """
        y = min(self.height_m * share, upper_m - self.sill_m)
        if y <= 0:
            return 0.0
        drop = upper_m - max(lower_m, self.sill_m + y / 2)
        return self.coefficient * self.width_m * y * float(np.sqrt(2 * GRAVITY * max(drop, 0.0)))


class Gate:
    """An opening between two cells, or between a cell and a level outside (a river, the tide); a `Forcing`.

    It never lets the levels of both sides cross, nor draws below its sill. Booked as `NAME takes` and `NAME gives`.

    Args:
        name: The ledger's bookings.
        opening: Its size.
        near: Flat index of the cell on one side.
        far: Flat index of the cell on the other side, or the level outside in time (m, the terrain's zero).
        open_share: Share of its height that is open, in time, 0 to 1; open all the time by default.
        flap: True lets water run from near to far alone.
        opens_above_m: It opens once the near level passes this (m); None does not heed levels.
        closes_below_m: It closes again below this (m); `opens_above_m` by default.
        every_s: Longest piece of time (s).

    Raises:
        BadInput: Both sides are one cell, shares outside 0 to 1, or a closing level above the opening one.
    """

    def __init__(
        self,
        name: str,
        opening: Opening,
        near: int,
        far: int | Series,
        *,
        open_share: Series | None = None,
        flap: bool = False,
        opens_above_m: float | None = None,
        closes_below_m: float | None = None,
        every_s: float = 5.0,
    ) -> None:
        self.name, self.every_s, self.opening = name, positive_s(every_s), opening
        self.near, self.far, self.flap = near, far, flap
        self._share = open_share or constant(1.0, name)
        self._above = opens_above_m
        self._below = opens_above_m if closes_below_m is None else closes_below_m
        if not isinstance(far, Series) and near == far:
            raise BadInput("both sides of a gate are one cell", place=name, expected="cells apart")
        if np.any((self._share.values < 0) | (self._share.values > 1)):
            raise BadInput("a gate opened by no share", place=name, expected="numbers from 0 to 1")
        if self._above is not None and self._below is not None and self._below > self._above:
            raise BadInput("a gate that closes above where it opens", place=name, expected="closes_below_m below")
        self._open = opens_above_m is None

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Let water through, from the higher side to the lower."""
        near = self._level(water, self.near)
        outside = isinstance(self.far, Series)
        far = self.far.at(begin_s) if isinstance(self.far, Series) else self._level(water, self.far)
        self._heed(near)
        share = self._share.at(begin_s) if self._open else 0.0
        if share <= 0 or near == far or (self.flap and far > near):
            return
        upper, lower = max(near, far), min(near, far)
        volume = self.opening.flow_m3s(upper, lower, share) * (end_s - begin_s)
        area = water.cell_m**2
        volume = min(volume, (upper - lower) * area * (1.0 if outside else 0.5))
        if not (outside and far > near):
            volume = min(volume, (upper - self.opening.sill_m) * area)
        if volume <= 0:
            return
        giver, getter = (self.near, self.far) if near > far else (self.far, self.near)
        if not isinstance(giver, Series):
            volume = water.take(f"{self.name} takes", [giver], volume)
        if not isinstance(getter, Series):
            water.add(f"{self.name} gives", [getter], volume)

    def _heed(self, level: float) -> None:
        if self._above is not None and self._below is not None:
            self._open = level >= (self._below if self._open else self._above)

    @staticmethod
    def _level(water: Water, cell: int) -> float:
        ground = water.ground
        return float(ground.bed_m.reshape(-1)[cell]) + ground.datum_m + float(water.depth_m.reshape(-1)[cell])
