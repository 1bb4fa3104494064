"""A fork of five streets, a usual demand on it, and days that differ from it: something that a live town can follow."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from calibration.counting import Counts
from calibration.flows import departures, probe_paths, read_roads, simulated, write_departures
from calibration.live import Rhythm, Usual
from models.sumo import SumoCase
from networks import sumo_home

PERIOD_S = 300.0
WAYS = (("in", "left"), ("in", "right", "out"), ("side", "out"))
WATCHED = ("left", "out")
RHYTHM = Rhythm(lag_s=300.0, window_s=900.0, horizon_s=600.0, members=4, at_once=2)


def small_case(folder: Path) -> SumoCase:
    """`in` parts into `left` and `right`; `side` joins `right`, which goes on as `out`; nobody drives by timetable."""
    spots = (("a", 0, 0), ("b", 300, 0), ("l", 600, 200), ("r", 600, -200), ("s", 300, -400), ("z", 900, -200))
    streets = (("in", "a", "b"), ("left", "b", "l"), ("right", "b", "r"), ("side", "s", "r"), ("out", "r", "z"))
    nodes, edges, net = folder / "made.nod.xml", folder / "made.edg.xml", folder / "made.net.xml"
    told = "".join(f'<node id="{name}" x="{x}" y="{y}"/>' for name, x, y in spots)
    nodes.write_text(f"<nodes>{told}</nodes>", encoding="utf-8")
    told = "".join(f'<edge id="{name}" from="{a}" to="{b}" numLanes="1" speed="13.9"/>' for name, a, b in streets)
    edges.write_text(f"<edges>{told}</edges>", encoding="utf-8")
    command = [str(sumo_home() / "bin" / "netconvert"), "-n", str(nodes), "-e", str(edges), "-o", str(net)]
    subprocess.run(command, check=True, capture_output=True)
    return SumoCase(net, net)


def usual_of(case: SumoCase, vehicles: float = 20.0, periods: int = 12) -> Usual:
    """So many vehicles on each way in each period."""
    paths = probe_paths(read_roads(case.net), WAYS)
    return Usual(paths, np.full((len(paths), periods), vehicles), 0.0, PERIOD_S)


def counted_day(case: SumoCase, usual: Usual, times: tuple[float, float, float], folder: Path) -> Counts:
    """Every street's counts on a day with so many times the usual vehicles on each way."""
    flows = usual.flows * np.array(times)[:, None]
    leaving = departures(usual.paths, flows, begin_s=0.0, period_s=PERIOD_S, seed=5)
    file = write_departures(folder / "day.rou.xml", usual.paths, leaving)
    return simulated(case.net, file, end_s=PERIOD_S * flows.shape[1], period_s=PERIOD_S, seed=9).counts


def at(day: Counts, edges: tuple[str, ...], until_s: float) -> Counts:
    """What sensors on some streets said until a moment."""
    rows = [day.edges.index(edge) for edge in edges]
    return Counts(edges, edges, 0.0, PERIOD_S, day.vehicles[rows][:, : round(until_s / PERIOD_S)])
