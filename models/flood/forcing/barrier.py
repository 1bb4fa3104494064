"""Barriers: walls that are put up and taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import LAND
from models.flood.forcing.series import checked_spans, positive_s, share_within
from models.flood.surface.water import Water
from networks.errors import BadInput


class Barrier:
    """A wall as wide as a cell, which stands from time to time; a `Forcing`.

    While it stands, its cells lie at the crest at least, and water that is higher runs over it. What stood on them is
    pushed onto their deepest neighbours, booked as `NAME takes` and `NAME gives`.

    Args:
        name: The ledger's bookings.
        cells: (k,) flat indices of its cells, each beside the next by a side, or water slips through a corner.
        crest_m: Level of its crest (m, the terrain's zero).
        stands_s: Spans (from, to; s) in which it stands; it is put up at the first piece of time within one.
        every_s: Longest piece of time (s).

    Raises:
        BadInput: No cells, spans that cannot be, or a crest that is no number.
    """

    def __init__(
        self,
        name: str,
        cells: ArrayLike,
        crest_m: float,
        stands_s: Sequence[Sequence[float]],
        *,
        every_s: float = 30.0,
    ) -> None:
        self.name, self.every_s = name, positive_s(every_s)
        self.cells = np.unique(np.asarray(cells, np.int64))
        if not self.cells.size or not np.isfinite(crest_m):
            raise BadInput("a barrier without cells or crest", place=name, expected="cells of land and a level in m")
        self.crest_m, self.stands_s = float(crest_m), checked_spans(stands_s, name)
        self._before: np.ndarray | None = None

    @property
    def stands(self) -> bool:
        """Whether it stands now."""
        return self._before is not None

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Put it up or take it away."""
        wanted = share_within(self.stands_s, begin_s, end_s) > 0
        if wanted and self._before is None:
            bed = water.ground.bed_m.reshape(-1)[self.cells].copy()
            self._push_away(water)
            self._lay(water, np.maximum(bed, self.crest_m - water.ground.datum_m))
            self._before = bed
        elif not wanted and self._before is not None:
            self._lay(water, self._before)
            self._before = None

    def _lay(self, water: Water, heights: np.ndarray) -> None:
        """Other heights for its cells; the ground may belong to other water too, so it is copied."""
        bed = water.ground.bed_m.copy()
        bed.reshape(-1)[self.cells] = heights
        water.ground = replace(water.ground, bed_m=bed)

    def _push_away(self, water: Water) -> None:
        depth = water.depth_m.reshape(-1)
        for cell in self.cells[depth[self.cells] > 0].tolist():
            beside = self._deepest_beside(water, cell)
            if beside is not None:
                taken = water.take(f"{self.name} takes", [cell], float(depth[cell]) * water.cell_m**2)
                water.add(f"{self.name} gives", [beside], taken)

    def _deepest_beside(self, water: Water, cell: int) -> int | None:
        rows, cols = water.depth_m.shape
        row, col = divmod(cell, cols)
        beside = [(row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)]
        near = [r * cols + c for r, c in beside if 0 <= r < rows and 0 <= c < cols]
        kind = water.ground.kind.reshape(-1)
        open_cells = [one for one in near if kind[one] == LAND and one not in set(self.cells.tolist())]
        depth = water.depth_m.reshape(-1)
        return max(open_cells, key=lambda one: float(depth[one])) if open_cells else None
