"""Random trips as coordinates, mapped to any network, and driven by SUMO."""

from __future__ import annotations

import re
import resource
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order
from shapely import STRtree, distance, get_x, get_y, line_interpolate_point, line_locate_point, points

from benchmarks.networks.cities import Streets
from benchmarks.networks.measures import NetFile, strong_part
from networks import sumo_home

DEPART_S, END_S = 1200, 2400
_NEIGHBOURS_M, _REACH_M = 15.0, 60.0


@dataclass(frozen=True)
class Trips:
    """Departures, s, and the sampled street points where each trip begins and ends."""

    depart_s: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Drive:
    """What a run came to."""

    drawn: int
    unroutable: int
    inserted: int
    waiting: int
    running: int
    arrived: int
    teleports: int
    collisions: int
    mean_speed_mps: float
    time_loss_s: float
    cpu_s: float
    causes: Counter[str]
    lanes: Counter[str]

    @property
    def per_thousand(self) -> float:
        """Teleports per 1000 vehicles that entered."""
        return 1000 * self.teleports / max(self.inserted, 1)


def draw(streets: Streets, common: np.ndarray, per_h_km: float, seed: int) -> Trips:
    """Trips between points of the directed streets in `common`, uniform by length; `per_h_km` counts each direction."""
    rng = np.random.default_rng([seed, 60])
    where = np.flatnonzero(common)
    weight = streets.weight[where]
    count = round(per_h_km * weight.sum() / 1000 * DEPART_S / 3600)
    chosen = rng.choice(where, size=(2, count), p=weight / weight.sum())
    return Trips(np.sort(rng.uniform(0, DEPART_S, count)), chosen[0], chosen[1])


def edge_of_point(net: NetFile, streets: Streets) -> list[str | None]:
    """The edge for cars near each sampled point; of neighbours, the one that runs the same way. None beyond 60 m."""
    roads = [r for r in net.roads.values() if r.cars and r.ways]
    lines = np.array([r.line for r in roads])
    at = points(streets.xy)
    tree = STRtree(lines)
    point, road = tree.query(at, "dwithin", _NEIGHBOURS_M)
    far = np.setdiff1d(np.arange(len(at)), point)
    (which, further) = tree.query_nearest(at[far], max_distance=_REACH_M, all_matches=False)
    point, road = np.append(point, far[which]), np.append(road, further)
    along = line_locate_point(lines[road], at[point])
    behind = line_interpolate_point(lines[road], np.maximum(along - 2, 0))
    ahead = line_interpolate_point(lines[road], along + 2)
    heading = np.arctan2(get_y(ahead) - get_y(behind), get_x(ahead) - get_x(behind))
    cost = distance(lines[road], at[point]) - 8.0 * np.cos(heading - streets.heading[point])
    order = np.lexsort((road, cost, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    found: list[str | None] = [None] * len(at)
    for p, r in zip(point[first], road[first], strict=True):
        found[p] = roads[r].edge_id
    return found


def routable(net: NetFile, starts: list[str | None], ends: list[str | None]) -> list[bool]:
    """Whether cars can drive from each start to its end; SUMO would insert the others and teleport them."""
    names = [r.edge_id for r in net.roads.values() if r.cars]
    index = {name: i for i, name in enumerate(names)}
    rows, columns = np.array([(index[a], index[b]) for a, b in net.car_moves if a in index and b in index]).T
    graph = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(names)))
    part = strong_part(net)
    reached: dict[str, set[int]] = {}
    found = []
    for start, end in zip(starts, ends, strict=True):
        if start is None or end is None:
            found.append(False)
        elif start in part and end in part:
            found.append(True)
        else:
            if start not in reached:
                reached[start] = set(breadth_first_order(graph, index[start], return_predecessors=False).tolist())
            found.append(index[end] in reached[start])
    return found


def drive(net: NetFile, path: Path, trips: Trips, edges: list[str | None], seed: int, folder: Path) -> Drive:
    """Run the trips: 20 min of departures, 20 min to drain, 30 % rerouting, teleports after 120 s.

    Trips that have no route are counted and left out.
    """
    starts, ends = [edges[i] for i in trips.start], [edges[i] for i in trips.end]
    goes = routable(net, starts, ends)
    file = folder / f"{path.name}.{seed}.trips.xml"
    lines = ["<routes>"]
    for number, (at, start, end, ok) in enumerate(zip(trips.depart_s, starts, ends, goes, strict=True)):
        if ok and start is not None and end is not None:
            lines.append(
                f'<trip id="{number}" depart="{at:.2f}" from="{escape(start)}" to="{escape(end)}" departLane="best"'
                ' departSpeed="max"/>'
            )
    file.write_text("\n".join([*lines, "</routes>"]), encoding="utf-8")
    statistic, log = file.with_suffix(".stat.xml"), file.with_suffix(".log")
    command = [
        str(sumo_home() / "bin" / "sumo"),
        "-n",
        str(path),
        "-r",
        str(file),
        "--begin",
        "0",
        "--end",
        str(END_S),
        "--seed",
        str(seed),
        "--time-to-teleport",
        "120",
        "--device.rerouting.probability",
        "0.3",
        "--device.rerouting.period",
        "60",
        "--ignore-route-errors",
        "--no-step-log",
        "--xml-validation",
        "never",
        "--statistic-output",
        str(statistic),
        "--duration-log.statistics",
        "--error-log",
        str(log),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    root = ET.parse(statistic).getroot()
    vehicles, teleports, safety, trip = (
        _words(root, tag) for tag in ("vehicles", "teleports", "safety", "vehicleTripStatistics")
    )
    told = re.findall(r"Teleporting vehicle '[^']*'; (.*?), lane='([^']*)'", log.read_text(errors="replace"))
    inserted, waiting = int(vehicles["inserted"]), int(vehicles["waiting"])
    return Drive(
        drawn=len(trips.depart_s),
        unroutable=goes.count(False),
        inserted=inserted,
        waiting=waiting,
        running=int(vehicles["running"]),
        arrived=int(trip["count"]),
        teleports=int(teleports["total"]),
        collisions=int(safety["collisions"]),
        mean_speed_mps=float(trip["speed"]),
        time_loss_s=float(trip["timeLoss"]),
        cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        causes=Counter(re.sub(r".*\(|\).*", "", cause) for cause, _ in told),
        lanes=Counter(lane for _, lane in told),
    )


def _words(root: ET.Element, tag: str) -> dict[str, str]:
    found = root.find(tag)
    return dict(found.attrib) if found is not None else {}
