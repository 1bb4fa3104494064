"""What health's review is worth to a demand: `CITYTWIN_DATA=... python -m benchmarks.calibration.lying`.

Sensors stand on a fifth of the edges of a town's hour. Its day is known too (two simulated days, `two_days`): a fifth
of the sensors lie on it, in all seven ways of `faults`. A demand is estimated (a) from what they should have said, (b)
from what they say, and (c) from what is left once the review of the day has taken liars out (`review`, an earlier
honest day known), with gaps or with what stands in (`fill`). Judged where no sensor was: edges with GEH < 5 in the
hour, and all trips against the truth (static estimate, no simulation).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.faults import LIES
from benchmarks.calibration.towns import TOWNS, Town, departures_s, town
from benchmarks.calibration.two_days import TwoDays, two_days
from calibration.counting import Counts, watched_net
from calibration.counting.seen import LANE_PER_HOUR
from calibration.counting.watched_streets import WatchedNet
from calibration.flows import PathSet, Roads, estimate, find_paths, learned_prior, read_roads
from calibration.health import fill, review
from calibration.proof import cut, geh
from models.streams import stream

Floats = NDArray[np.float64]
SHARE, LYING, NOISE = 0.2, 0.2, 0.05
HOUR_S = (8 * 3600.0, 9 * 3600.0)
"""The hour of the day that is estimated."""
CASES = ("true counts", "a fifth lie", "liars left out", "liars replaced")


def main() -> None:
    """Print a table for each town."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towns", nargs="*", choices=[*TOWNS, []])
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where simulated days stay; none is kept without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citytwin-lying-") as own:
        for name in given.towns or ["cologne8", "bologna"]:
            _table(town(name, given.folder or Path(own)), given.draws)


def _table(where: Town, draws: int) -> None:
    days, net, roads = two_days(where), watched_net(where.case.net), read_roads(where.case.net)
    paths = find_paths(roads)
    truth = len(departures_s(where.folder / "day2.rou.xml", *HOUR_S))
    found = np.array([_draw(days, net, roads, paths, seed) for seed in range(draws)]) / [1.0, truth]
    print(f"\n{where.name}, {draws} draws, load {os.getloadavg()[0]:.1f}")
    print("| | held-out GEH<5, mean | worst | trips / truth, mean | farthest |")
    print("|---|---|---|---|---|")
    for case, (held, trips) in zip(CASES, found.transpose(1, 2, 0), strict=True):
        farthest = trips[np.abs(np.log(trips)).argmax()]
        print(f"| {case} | {held.mean():.2f} | {held.min():.2f} | {trips.mean():.2f} | {farthest:.2f} |", flush=True)


def _draw(days: TwoDays, net: WatchedNet, roads: Roads, paths: PathSet, seed: int) -> list[tuple[float, float]]:
    """Share of held-out flows that are right, and all trips, of each of CASES."""
    rng = stream(seed, "lying sensors")
    hour, cars = _hour(days.today), set(roads.edges)
    driven = [row for row, edge in enumerate(days.today.edges) if hour[row].sum() > 0 and edge in cars]
    rows = np.sort(rng.choice(driven, round(SHARE * len(driven)), replace=False))
    errs = 1.0 + NOISE * rng.standard_normal((len(rows), 1))
    honest = np.round(np.clip(days.today.vehicles[rows] * errs, 0, None))
    before = np.round(np.clip(days.before.vehicles[rows] * errs, 0, None))
    told = honest.copy()
    for number, row in enumerate(rng.choice(len(rows), round(LYING * len(rows)), replace=False)):
        how, _ = list(LIES.values())[number % len(LIES)]
        most = net.car_lanes(days.today.edges[rows[row]]) * LANE_PER_HOUR * days.today.period_s / 3600.0
        told[row] = how(told[row], rng, most)
    names = tuple(days.today.edges[row] for row in rows)
    said = Counts(names, names, 0.0, days.today.period_s, told)
    health = review(said, net, before=before)
    gaps = np.where([[name in health.out] for name in names], np.nan, told)
    held = np.setdiff1d(driven, rows)
    truth = hour[held].sum(axis=1)
    edges = [days.today.edges[row] for row in held]
    values = (honest, told, gaps, fill(health, net, history=True).counts.vehicles)
    answers = [_estimated(roads, paths, Counts(names, names, 0.0, said.period_s, one), edges) for one in values]
    return [(float((geh(flows, truth) < 5).mean()), trips) for flows, trips in answers]


def _hour(counts: Counts) -> Floats:
    found = cut(counts, *HOUR_S)
    assert found is not None
    return found.vehicles


def _estimated(roads: Roads, paths: PathSet, day: Counts, edges: list[str]) -> tuple[Floats, float]:
    """Flows on some edges in the hour, and all trips."""
    counts = cut(day, *HOUR_S)
    assert counts is not None
    fitted = estimate(paths, counts, learned_prior(paths, roads, counts)).flows
    row = {edge: at for at, edge in enumerate(paths.edges)}
    flows = np.asarray(paths.incidence().T @ fitted.sum(axis=1))
    return flows[[row[edge] for edge in edges]], float(fitted.sum())


if __name__ == "__main__":
    main()
