"""Mobile pumps: what one lifts, where they wait, and when they run at a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router
from networks.errors import BadInput
from networks.ground.underpass_file import PumpText
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

START_M, STOP_M = 0.05, 0.02
"""A mobile pump starts and stops at these depths (guess)."""
SNAP_M = 300.0


@dataclass(frozen=True)
class Depot:
    """Where pumps wait.

    Attributes:
        name: Its name.
        edge: Index of its road edge.
    """

    name: str
    edge: int


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
    graph, found = router.graph, []
    allowed = np.asarray(graph.allowed, bool)
    for name, lon, lat in named:
        x, y = to_plane.transform(lon, lat)
        away = np.where(allowed, np.hypot(*(np.asarray(graph.from_xy) - (x, y)).T), np.inf)
        if not away.min() <= SNAP_M:
            what = f"no road within {SNAP_M:.0f} m of the depot {name}"
            raise BadInput(what, place="--depot", expected="NAME=LON,LAT in the city")
        found.append(Depot(name, int(away.argmin())))
    return tuple(found)


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
        if not self._depots or not np.isfinite(x):
            return Trip("", 0.0)
        ends = np.asarray(self._router.graph.to_xy)
        reach = np.isfinite(self._times).any(axis=0)
        if not reach.any():
            return Trip("", 0.0)
        nearest = int(np.where(reach, np.hypot(ends[:, 0] - x, ends[:, 1] - y), np.inf).argmin())
        best = int(np.nanargmin(self._times[:, nearest]))
        return Trip(self._depots[best].name, float(self._times[best, nearest]))
