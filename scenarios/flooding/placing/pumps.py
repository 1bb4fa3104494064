"""Mobile pumps: what one lifts, where they wait, and when they run at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.routing import Router
from networks.errors import BadInput
from networks.ground.underpass_file import PumpText
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from models.emergency.resources import Depot as Store
    from networks import City

START_M, STOP_M = 0.05, 0.02
"""A mobile pump starts and stops at these depths (guess)."""
SNAP_M = 300.0
FAR_S = 1e7
"""Longer than any drive."""


@dataclass(frozen=True)
class Depot:
    """Where pumps wait.

    Attributes:
        name: Its name.
        edge: Index of its road edge.
        pumps: How many it has; None: as many as are asked for.
    """

    name: str
    edge: int
    pumps: int | None = None


@dataclass(frozen=True)
class Trip:
    """How a pump gets to a place.

    Attributes:
        depot: Its name; "" where none is known.
        travel_s: At free flow, s.
    """

    depot: str
    travel_s: float

    def told(self, count: int, flow_m3s: float) -> Sentence:
        """For the duty officer."""
        litres = f"{1000 * flow_m3s:.0f}"
        if not self.depot:
            return say(f"{count} of {litres} l/s", f"{count}台，每台{litres}升/秒")
        minutes = f"{max(1, round(self.travel_s / 60))}"
        return say(
            f"{count} of {litres} l/s from {self.depot}, {minutes} min away",
            f"{count}台，每台{litres}升/秒，来自{self.depot}，车程{minutes}分钟",
        )


def mobile_pump(flow_m3s: float, source: str) -> PumpText:
    """A pump that lifts the same at any head.

    Raises:
        BadInput: A flow that is not positive.
    """
    if not (np.isfinite(flow_m3s) and flow_m3s > 0):
        raise BadInput(f"a pump of {flow_m3s:g} m3/s", place="--pump-m3s", expected="a positive flow")
    return PumpText(curve=((0.0, flow_m3s),), lift_m=0.0, start_m=START_M, stop_m=STOP_M, source=source)


def flow_like(file: Path, lift_m: float) -> tuple[float, str]:
    """Flow (m3/s) of the first pump of a structures file against a head (m), and its source.

    Raises:
        BadInput: The file cannot be used, has no pump, or that pump lifts nothing so high.
    """
    from models.flood.forcing import Pump, read_structures

    pumps = [one for one in read_structures(file).entries if one.kind == "pump"]
    if not pumps:
        raise BadInput("no pump in it", file=file, place="--pump-like", expected="an entry of kind pump")
    one = pumps[0]
    like = Pump(one.id, [0], one.curve, start_depth_m=one.start_depth_m, stop_depth_m=one.stop_depth_m)
    flow = like.flow_m3s(lift_m)
    if flow <= 0:
        what = f"pump {one.id} lifts nothing against {lift_m:g} m"
        raise BadInput(what, file=file, place="--lift-m", expected=f"less than {like.curve[-1][0]:g} m")
    return flow, one.source


def from_moment(pump: PumpText, ready_s: float) -> PumpText:
    """The pump as it runs where it is ready at a moment (s) and not before."""
    return pump if ready_s <= 0 else pump.model_copy(update={"fails_s": ((0.0, ready_s),)})


def depots_of(city: City, router: Router, named: Sequence[tuple[str, float, float]] = ()) -> tuple[Depot, ...]:
    """Where pumps wait: the places named (name, lon, lat), else the city's fire stations.

    Raises:
        BadInput: A place with no road near it.
    """
    if not named:
        stations = city.layer("facilities")
        stations = stations[stations["kind"] == "fire_station"]
        rows = zip(stations["name"], stations["edge_id"], strict=True)
        return tuple(Depot(name or "fire station", router.index[edge]) for name, edge in rows if edge in router.index)
    from pyproj import Transformer

    to_plane = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    return tuple(_at_road(router, name, *to_plane.transform(lon, lat)) for name, lon, lat in named)


def stocked_depots(router: Router, depots: Sequence[Store]) -> tuple[Depot, ...]:
    """Depots of a resources file that have pumps, each with so many.

    Raises:
        BadInput: One with no road near it.
    """
    return tuple(
        replace(_at_road(router, one.name or one.site_id, one.x, one.y), pumps=one.materials["pump"])
        for one in depots
        if one.materials.get("pump", 0)
    )


def _at_road(router: Router, name: str, x: float, y: float) -> Depot:
    graph = router.graph
    allowed = np.asarray(graph.allowed, bool)
    away = np.where(allowed, np.hypot(*(np.asarray(graph.from_xy) - (x, y)).T), np.inf)
    if not away.min() <= SNAP_M:
        what = f"no road within {SNAP_M:.0f} m of the depot {name}"
        raise BadInput(what, place="--depot", expected="NAME=LON,LAT in the city")
    return Depot(name, int(away.argmin()))


class Ways:
    """From depots to places, at free flow.

    Args:
        router: Of the city's cars.
        depots: Where pumps wait; none: they are there at once.
    """

    def __init__(self, router: Router, depots: Sequence[Depot]) -> None:
        self._router, self._depots = router, tuple(depots)
        edges = [one.edge for one in depots]
        self._times = router.times_from(edges, router.free_s) if edges else np.zeros((0, router.edges))

    def to(self, x: float, y: float) -> Trip:
        """The quickest way to the road nearest a place (m); without a depot, or a place, none and no time."""
        times = self._times_to(x, y)
        if times is None:
            return Trip("", 0.0)
        best = int(np.argmin(times))
        return Trip(self._depots[best].name, float(times[best]))

    def shared(self, places: Mapping[str, tuple[float, float]], counts: Mapping[str, int]) -> dict[str, list[Trip]]:
        """A trip for every pump of a placement: the least time in sum, no depot giving more than it has.

        Raises:
            BadInput: More pumps than all depots have.
        """
        wanted = [place for place, count in sorted(counts.items()) for _ in range(count)]
        found: dict[str, list[Trip]] = {place: [] for place in counts}
        if all(one.pumps is None for one in self._depots):
            return {place: [self.to(*places[place])] * count for place, count in counts.items()}
        slots = [at for at, one in enumerate(self._depots) for _ in range(_at_most(one, len(wanted)))]
        if len(slots) < len(wanted):
            raise BadInput(f"{len(wanted)} pumps of {len(slots)}", expected="no more than the depots have")
        times = [self._times_to(*places[place]) for place in wanted]
        cost = np.array([np.zeros(len(slots)) if one is None else one[slots] for one in times])
        for row, slot in zip(*linear_sum_assignment(np.where(np.isfinite(cost), cost, FAR_S)), strict=True):
            found[wanted[row]].append(Trip(self._depots[slots[slot]].name, float(cost[row, slot])))
        return found

    def _times_to(self, x: float, y: float) -> np.ndarray | None:
        """(depots,) s to the road nearest a place; None without a depot, or a place."""
        if not self._depots or not np.isfinite(x):
            return None
        ends = np.asarray(self._router.graph.to_xy)
        reach = np.isfinite(self._times).any(axis=0)
        if not reach.any():
            return None
        nearest = int(np.where(reach, np.hypot(ends[:, 0] - x, ends[:, 1] - y), np.inf).argmin())
        found: np.ndarray = self._times[:, nearest]
        return found


def _at_most(depot: Depot, wanted: int) -> int:
    return wanted if depot.pumps is None else min(depot.pumps, wanted)
