"""Which unit goes, and which way: pure functions, used by the model and by searches alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.routing import EdgeForecast, Floats, Router, vehicle
from models.routing.router import SHORTEST_S
from networks.errors import NotThere
from networks.sentence import Sentence

USUAL = "ambulance"
"""Class of vehicles that a unit is where nothing else is said."""
ROUNDED_S = 0.1
"""The route kernel rounds each turn to a tenth of a millisecond; a thousand turns are within this."""


@dataclass(frozen=True)
class Unit:
    """One vehicle with its crew.

    Attributes:
        unit_id: Its name.
        kind: What it is, e.g. `ambulance`.
        edge_id: The road at its base.
        facility_name: Where it is based, e.g. a hospital.
        station_id: Its base's id.
        skills: What its crew can do.
        duty_s: On duty from and to, s since the run's start.
        turnout_s: From order to wheels rolling; None: the run's default.
        mutual_aid: It is a neighbour's, asked where one's own do not suffice.
        request_s: What asking takes.
    """

    unit_id: str
    kind: str
    edge_id: str
    facility_name: str = ""
    station_id: str = ""
    skills: tuple[str, ...] = ()
    duty_s: tuple[tuple[float, float], ...] = ((-np.inf, np.inf),)
    turnout_s: float | None = None
    mutual_aid: bool = False
    request_s: float = 0.0


@dataclass(frozen=True)
class Call:
    """Somebody needs help at `edge_id` from `time_s` (s since the run's start) on; priority 1 comes first.

    Attributes:
        needs: Skills that the unit must have.
        on_scene_s: How long it takes there; NaN: the usual for its kind.
        speciality: What the hospital must be able to treat, "" for any.
        off_road_m: From the road to the place, on foot or by boat.
        note: What is odd about the place (in the sea, beyond the map), or None.
        classes: Classes of vehicles that can answer it; () means those of its kind.
        part_of: The call that this is one unit's part of, see `parts_of`; "" where it is whole.
    """

    call_id: str
    time_s: float
    edge_id: str
    kind: str = "medical"
    priority: int = 1
    needs: tuple[str, ...] = ()
    on_scene_s: float = np.nan
    speciality: str = ""
    off_road_m: float = 0.0
    note: Sentence | None = None
    classes: tuple[str, ...] = ()
    part_of: str = ""


@dataclass(frozen=True)
class Choice:
    """A unit, its route (edge ids, both ends included) and how long the drive should take (s)."""

    unit_id: str
    route: tuple[str, ...]
    travel_s: float


def plan_route(
    kernel: Router,
    origin: str,
    destination: str,
    *,
    depart_s: float,
    forecast: EdgeForecast | None = None,
    depth_limit_m: float | None = None,
    closed: Collection[str] = (),
) -> tuple[tuple[str, ...] | None, float]:
    """A quickest route and its travel time (s), or (None, inf).

    Args:
        kernel: The edge graph for emergency vehicles.
        origin: Edge where the drive begins.
        destination: Edge where it ends; its own length is not counted.
        depart_s: When the wheels roll.
        forecast: Travel times and water at the moment of passing; None drives at free flow and knows of no water.
        depth_limit_m: Edges that will be under deeper water when the unit gets there are not entered; an ambulance's
            limit by default.
        closed: Edges known to be shut.

    Raises:
        NotThere: An edge that the graph does not have.
    """
    start, end = _index(kernel, origin), _index(kernel, destination)
    labels, before = _labels(kernel, start, depart_s, forecast, depth_limit_m, closed)
    if not np.isfinite(labels[end]):
        return None, np.inf
    back = [end]
    while back[-1] != start:
        back.append(int(before[back[-1]]))
    return kernel.ids(back[::-1]), float(labels[end] - depart_s)


def choose_unit(
    kernel: Router,
    units: Iterable[tuple[str, str]],
    destination: str,
    *,
    depart_s: float,
    forecast: EdgeForecast | None = None,
    depth_limit_m: float | None = None,
    closed: Collection[str] = (),
) -> Choice | None:
    """The unit that is there first, or None when no unit gets there; of equals the first given.

    Units are searched by the least time that they could take (the forecast's smallest on every road, nothing shut, one
    question to the route kernel), and no further than the best that was found: those behind cannot be there first.

    Args:
        kernel: The edge graph for emergency vehicles.
        units: (unit id, edge where it is) of every unit that may go.
        destination: Edge of the call.
        depart_s: When the wheels roll.
        forecast: See `plan_route`.
        depth_limit_m: See `plan_route`.
        closed: See `plan_route`.
    """
    best: Choice | None = None
    given = list(units)
    least_s, first = _least_s(kernel, [edge for _, edge in given], destination, forecast), len(given)
    for at in np.argsort(least_s, kind="stable").tolist():
        unit_id, edge = given[at]
        if not np.isfinite(least_s[at]) or (best is not None and least_s[at] > best.travel_s + ROUNDED_S):
            break
        route, travel_s = plan_route(
            kernel, edge, destination,
            depart_s=depart_s, forecast=forecast, depth_limit_m=depth_limit_m, closed=closed,
        )  # fmt: skip
        if route is not None and (best is None or (travel_s, at) < (best.travel_s, first)):
            best, first = Choice(unit_id, route, travel_s), at
    return best


def _least_s(kernel: Router, edges: Sequence[str], destination: str, forecast: EdgeForecast | None) -> Floats:
    """Seconds (edges,) in which nobody from there can be undercut, whatever is shut and whenever they leave."""
    if not edges:
        return np.zeros(0)
    quickest = kernel.free_s if forecast is None else forecast.travel_time_s.min(axis=0)
    kernel.routes.weigh(np.maximum(quickest, SHORTEST_S))
    return kernel.routes.table([_index(kernel, edge) for edge in edges], [_index(kernel, destination)])[:, 0]


def nearest_reachable(
    kernel: Router,
    origins: Iterable[str],
    destination: str,
    *,
    depart_s: float,
    forecast: EdgeForecast | None = None,
    depth_limit_m: float | None = None,
    closed: Collection[str] = (),
) -> str | None:
    """The edge nearest to `destination` (middle to middle, as the crow flies) that some unit can still drive to."""
    graph = kernel.graph
    middle = (np.asarray(graph.from_xy, dtype=np.float64) + np.asarray(graph.to_xy, dtype=np.float64)) / 2
    away_m = np.hypot(*(middle - middle[_index(kernel, destination)]).T)
    reached = np.zeros(kernel.edges, dtype=bool)
    for edge in origins:
        labels, _ = _labels(kernel, _index(kernel, edge), depart_s, forecast, depth_limit_m, closed)
        reached |= np.isfinite(labels)
    if not reached.any():
        return None
    return kernel.graph.edge_ids[int(np.argmin(np.where(reached, away_m, np.inf)))]


def _labels(
    kernel: Router,
    start: int,
    depart_s: float,
    forecast: EdgeForecast | None,
    depth_limit_m: float | None,
    closed: Collection[str],
) -> tuple[Floats, np.ndarray]:
    shut = np.zeros(kernel.edges, dtype=bool)
    shut[[_index(kernel, edge) for edge in closed]] = True
    shut[start] = False  # it stands there already
    limit_m = vehicle(USUAL).depth_limit_m if depth_limit_m is None else depth_limit_m

    def passing_s(when_s: Floats) -> Floats:
        if forecast is None:
            return np.where(shut, np.inf, kernel.free_s)
        passing = forecast.at(when_s, depth_limit_m=limit_m)
        return np.where(shut, np.inf, passing)

    return kernel.times_at(start, depart_s, passing_s)


def _index(kernel: Router, edge_id: str) -> int:
    place = kernel.index.get(edge_id)
    if place is None:
        raise NotThere(f"no road edge {edge_id!r} in the graph", expected="an edge of the city")
    return place
