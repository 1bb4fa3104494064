"""Who estimates: each takes a town, a draw, a folder of its own and a seed, and writes a route file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.calibration.draws import Draw
from benchmarks.calibration.peer import route_sampled
from benchmarks.calibration.probes import told
from benchmarks.calibration.towns import Town
from calibration.flows import (
    PathSet,
    Prior,
    Roads,
    calibrate_demand,
    departures,
    estimate,
    find_paths,
    joined,
    learned_prior,
    od_prior,
    probe_paths,
    read_roads,
    write_departures,
)

Estimator = Callable[[Town, Draw, Path, int], Path]


def static(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """Entropy path flows on a prior learned from the counts, free-flow times, no simulation."""
    roads = read_roads(town.case.net)
    return _static(town, drawn, folder, seed, roads, find_paths(roads, seed=seed))


def probed(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """The same with the routes of a twentieth of all cars."""
    roads = read_roads(town.case.net)
    paths = joined(find_paths(roads, seed=seed), probe_paths(roads, told(town, seed).routes))
    return _static(town, drawn, folder, seed, roads, paths)


def tabled(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """The same with these probes and a trip table whose entries err by half."""
    roads = read_roads(town.case.net)
    known = told(town, seed)
    number = {edge: at for at, edge in enumerate(roads.edges)}
    table = {(a, b): trips for (a, b), trips in known.trips_h.items() if a in number and b in number}
    begins, ends = (sorted({number[pair[which]] for pair in table}) for which in (0, 1))
    ways = find_paths(roads, origins=begins, destinations=ends, within=True, seed=seed)
    paths = joined(ways, probe_paths(roads, known.routes))
    given = od_prior(paths, {(number[a], number[b]): trips for (a, b), trips in table.items()})
    return _static(town, drawn, folder, seed, roads, paths, given)


def looped(town: Town, drawn: Draw, folder: Path, seed: int) -> Path:
    """The simulation in the loop, mesoscopic and then microscopic; it knows the buses' timetable."""
    found = calibrate_demand(
        town.case.net, drawn.counts, additional=town.case.additionals, known=town.buses,
        vehicle_type=town.vehicle_type, seed=seed,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    return found.write(folder / "looped.rou.xml", vehicle_type=town.vehicle_type)


def _static(
    town: Town, drawn: Draw, folder: Path, seed: int, roads: Roads, paths: PathSet, given: Prior | None = None
) -> Path:
    found = estimate(paths, drawn.cars, learned_prior(paths, roads, drawn.cars, given=given))
    window = {"begin_s": drawn.counts.begin_s, "period_s": drawn.counts.period_s}
    leaving = departures(paths, found.flows, **window, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    return write_departures(folder / "static.rou.xml", paths, leaving, vehicle_type=town.vehicle_type)


ESTIMATORS: dict[str, Estimator] = {
    "routeSampler": route_sampled,
    "static": static,
    "loop": looped,
    "probes": probed,
    "probes and trips": tabled,
}
