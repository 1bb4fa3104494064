"""Who estimates: each takes a town, a draw, a folder of its own and a seed, and writes a route file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.peer import route_sampled
from benchmarks.calibration.towns import Town
from calibration.flows import calibrate_demand, estimate, find_paths, learned_prior, read_roads
from calibration.flows.departing import departures, write_departures

Estimator = Callable[[Town, Draw, Path, int], Path]


def static(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """Entropy path flows on a prior learned from the counts, free-flow times, no simulation."""
    roads = read_roads(town.case.net)
    paths = find_paths(roads, seed=seed)
    found = estimate(paths, drawn.cars, learned_prior(paths, roads, drawn.cars))
    window = {"begin_s": drawn.counts.begin_s, "period_s": drawn.counts.period_s}
    folder.mkdir(parents=True, exist_ok=True)
    return write_departures(folder / "static.rou.xml", paths, departures(paths, found.flows, **window, seed=seed))


def looped(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """The simulation in the loop, mesoscopic and then microscopic; it knows the buses' timetable."""
    found = calibrate_demand(town.case.net, drawn.counts, additional=town.case.additionals, known=town.buses, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    return found.write(folder / "looped.rou.xml")


ESTIMATORS: dict[str, Estimator] = {"routeSampler": route_sampled, "static": static, "loop": looped}
