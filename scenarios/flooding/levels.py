"""Level gauges at the places that a flood run watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from networks import Terrain
from networks.errors import BadInput
from scenarios.flooding.places import Places
from scenarios.flooding.watched import CLOSE_M

Courses = Mapping[str, tuple[np.ndarray, np.ndarray]]
ERROR_M = 0.05
"""Standard error of a level against the model's cell (m), where nobody says (guess)."""
EVERY_S = 600.0


@dataclass(frozen=True)
class Gauges:
    """Levels at watched places.

    Attributes:
        courses: Place -> times (s) and depths (m).
        held_back: Places that are not used; they judge.
        error_m: Standard error of each (m).
        every_s: Updates are made so often, by the last level of each piece of time.
    """

    courses: Courses
    held_back: tuple[str, ...] = ()
    error_m: float = ERROR_M
    every_s: float = EVERY_S

    def moments(self, end_s: float) -> list[float]:
        """When updates are made (s): the ends of pieces of time in which a gauge that is used spoke."""
        used = [times for place, (times, _) in self.courses.items() if place not in self.held_back]
        last = max((float(times[-1]) for times in used), default=0.0)
        return [float(at) for at in np.arange(self.every_s, min(last, end_s) + 1e-6, self.every_s)]

    def said(self, place: str, time_s: float) -> float:
        """The last level within the piece of time that ends now (m); NaN where there is none."""
        times, depth = self.courses[place]
        at = int(np.searchsorted(times, time_s, side="right")) - 1
        return float(depth[at]) if at >= 0 and times[at] > time_s - self.every_s else float("nan")


def gauge_cells(terrain: Terrain, places: Places, gauges: Gauges) -> dict[str, int]:
    """The cell of each gauge: the lowest of its place.

    Raises:
        BadInput: A gauge at a place that is not watched, or that keeps its own balance.
    """
    ground = terrain.elevation_m.ravel()
    own = {one.sump.name for one in places.underpasses if not len(one.cells) or (one.about and one.about.catchment)}
    pools = {one.pond_id: one.cells for one in places.ponds}
    pools |= {one.sump.name: one.cells for one in places.underpasses if one.sump.name not in own}
    known = {place: int(cells[np.argmin(ground[cells])]) for place, cells in pools.items()}
    for place in (*gauges.courses, *gauges.held_back):
        if place in own:
            what = f"{place} keeps the balance of its survey, so no level corrects it"
            raise BadInput(what, place="--levels", remedy="leave its catchment out of --underpasses")
        if place not in known or place not in gauges.courses:
            raise BadInput(
                f"{place} is no watched place with a level", place="--levels", expected=f"one of {', '.join(known)}"
            )
    return {place: known[place] for place in gauges.courses}


def closing_depths(places: Places) -> dict[str, float]:
    """Place -> depth (m) at which it closes."""
    limits = {one.pond_id: CLOSE_M for one in places.ponds}
    return limits | {one.sump.name: one.close_m for one in places.underpasses}
