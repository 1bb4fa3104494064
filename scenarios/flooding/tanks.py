"""Underpasses within a member's run: who acts on their cells, and how deep they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.flood import FloodResult, Forcing, Rain
from models.flood.forcing import Pump, SurveyedTank, UnderpassTank
from models.flood.underpass import run_sump
from networks import Pond, Terrain
from networks.ground.underpass_file import PumpText
from scenarios.flooding.watched import WatchedUnderpass

Brought = Mapping[str, Sequence[PumpText]]
"""Mobile pumps by the place that they stand at."""


@dataclass(frozen=True)
class Tanks:
    """The underpasses of a member.

    Attributes:
        underpasses: In their order.
        forcings: For `simulate_flood`: pumps, backflow and surveyed balances.
        surveyed: By underpass, those whose own balance counts.
    """

    underpasses: tuple[WatchedUnderpass, ...]
    forcings: tuple[Forcing, ...]
    surveyed: Mapping[str, SurveyedTank]

    def shown(self, flood: FloodResult, terrain: Terrain) -> FloodResult:
        """The flood with the water of surveyed underpasses on their cells, by their levels."""
        if not self.surveyed:
            return flood
        depth = flood.depth_m.copy()
        flat, ground = depth.reshape(len(depth), -1), terrain.elevation_m.ravel()
        for one in self.underpasses:
            tank = self.surveyed.get(one.sump.name)
            if tank is not None:
                course = np.interp(flood.times_s, tank.times_s, tank.depths_m)
                above = ground[one.cells] - ground[one.cells].min()
                flat[:, one.cells] = np.maximum(course[:, None] - above, 0.0)
        return replace(flood, depth_m=depth)

    def depths_m(self, flood: FloodResult, rain: Rain, drained_mm_h: float) -> tuple[np.ndarray, float]:
        """(t, underpasses) depths at their lowest points, and the worst error of balances that are kept apart.

        Args:
            flood: The surface's.
            rain: What fell, for those that the map does not know and that are balanced by themselves.
            drained_mm_h: What drains and soil take of it where nobody surveyed that.
        """
        flat = flood.depth_m.reshape(len(flood.depth_m), -1)
        courses, error = [], 0.0
        for one in self.underpasses:
            tank = self.surveyed.get(one.sump.name)
            if tank is not None:
                courses.append(np.interp(flood.times_s, tank.times_s, tank.depths_m))
                error = max(error, tank.error)
            elif len(one.cells):
                courses.append(_stands(one, flat[:, one.cells], flood.cell_m))
            else:
                sump = one.sump if one.surveyed else replace(one.sump, drained_mm_h=drained_mm_h)
                end, every = float(flood.times_s[-1]), float(flood.times_s[1])
                apart = run_sump(sump, rain, duration_s=end, every_s=every, at=one.cell)
                courses.append(np.interp(flood.times_s, apart.times_s, apart.depth_m))
                error = max(error, apart.error)
        return np.array(courses).reshape(len(courses), len(flood.times_s)).T, error


def tanks_of(
    underpasses: Sequence[WatchedUnderpass], ponds: Sequence[Pond], rain: Rain, drained_mm_h: float, brought: Brought
) -> Tanks:
    """Who acts on the cells of underpasses and, where pumps are brought, of ponding points.

    Args:
        underpasses: The run's.
        ponds: Its ponding points.
        rain: What falls on surveyed catchments.
        drained_mm_h: What drains and soil take of it first, where nobody surveyed that.
        brought: Mobile pumps.
    """
    forcings, surveyed = list[Forcing](), dict[str, SurveyedTank]()
    for one in underpasses:
        more = tuple(brought.get(one.sump.name, ()))
        if not len(one.cells):
            continue
        if one.about and one.about.catchment:
            sump = one.sump if one.surveyed else replace(one.sump, drained_mm_h=drained_mm_h)
            tank = SurveyedTank(sump, one.cells, one.rim, rain, at=one.cell, pumps=more)
            surveyed[one.sump.name] = tank
            forcings.append(tank)
        elif one.sump.pump or one.sump.backflow or more:
            storage = one.sump.storage if one.about and one.about.storage else None
            forcings.append(UnderpassTank(one.sump, one.cells, storage=storage, pumps=more))
    for pond in ponds:
        for number, pump in enumerate(brought.get(pond.pond_id, ()), start=1):
            stands = {"start_depth_m": pump.start_m, "stop_depth_m": pump.stop_m, "fails_s": pump.fails_s}
            forcings.append(Pump(f"pump {number} at {pond.pond_id}", pond.cells, pump.curve, **stands))  # type: ignore[arg-type]
    return Tanks(tuple(underpasses), tuple(forcings), surveyed)


def _stands(one: WatchedUnderpass, depth_m: np.ndarray, cell_m: float) -> np.ndarray:
    """(t,) depth at its lowest point, from the depths on its cells (t, cells)."""
    if one.about and one.about.storage:
        return one.sump.storage.depth_of(depth_m.sum(axis=1, dtype=np.float64) * cell_m**2)
    return np.asarray(depth_m.max(axis=1), np.float64)
