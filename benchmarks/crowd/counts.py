"""Choice and stay calibrated on the counts of a hidden day, and judged where nobody calibrated them.

    python -m benchmarks.crowd.counts [--seeds N] [--table docs/validation]

The hidden day is one of `CityDay` (10 sites, 12,000 people, three sources that are counted) with other attractions,
stays and tastes than believed; doors in and out count with an error of 5 %, devices (0.6 a person) of 20 %. Four
counters lie (2.5 times too many, nothing at all, or in another order). Errors are the sum of absolute errors of
half-hours over the sum told, beside what was believed, the mean of the other counters and gravity by area, and days on
which calibrating made it worse; of the next day (half as many people again, dry) beside what the same counter told the
day before. Everything is synthetic.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace

import numpy as np

from benchmarks.kept_table import keep_table, row_of_draws, row_of_share, table_option
from calibration.choices import Count, Figures, Fitted, Ground, Vector, expect_day, fit
from calibration.choices.judging import error_at, said_by_gravity, said_by_mean, said_by_model
from models.crowd.city import CityDay, SiteTable, Sources, Taste, draw_people
from networks.graphs import WalkGraph
from networks.sentence import say
from twin.validation import Row

PERIOD_S, PERIODS, SIDE, SITES = 600.0, 60, 16, 10
TRUE_TASTE = Taste(per_min=-0.10, crowding=-3.5, rain=-0.8)
RAIN_S = (3 * 3600.0, 4 * 3600.0)
FIXED = say(
    "Everything is synthetic; truths, errors of counters, liars and held-out counters are drawn by number.",
    "全部为合成数据；真值、计数误差、失真计数器与留出计数器均按编号抽取。",
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    table_option(parser)
    given, kept = parser.parse_args(), list[Row]()
    seeds = given.seeds
    print(f"load {os.getloadavg()[0]:.1f}; errors in % of what was told")
    print(f"{'judged at':<32}{'calibrated':>11}{'believed':>10}{'mean':>7}{'gravity':>9}", end="")
    print(f"{'worse on':>10}{'lies found':>12}{'CPU s':>8}")
    for name in ("a fifth of the counters", "two sites nobody counts", "eight sites nobody counts"):
        rows = [_one(seed, name) for seed in range(seeds)]
        print(f"{name:<32}" + _line(np.array(rows)), flush=True)
        kept += _rows(f"judged at {name}", np.array(rows))
    days = np.array([_next_day(seed) for seed in range(seeds)])
    print(
        f"the next day: calibrated {days[:, 0].mean():.0f}, as counted the day before {days[:, 1].mean():.0f}, "
        f"that times 1.5 {days[:, 2].mean():.0f}"
    )
    ways = ("calibrated", "as counted the day before", "that times 1.5")
    kept += [_error(f"the next day, {way}", days[:, at], at > 0) for at, way in enumerate(ways)]
    keep_table(given.table, "counts", kept, fixed=FIXED)


def _rows(case: str, rows: np.ndarray) -> list[Row]:
    ways = ("calibrated", "as believed", "mean of the other counters", "gravity by area")
    kept = [_error(f"{case}, {way}", rows[:, at], at > 0) for at, way in enumerate(ways)]
    return [*kept, row_of_share(case, "real", "lying counters found", int(rows[:, 4].sum()), int(rows[:, 5].sum()))]


def _error(case: str, values: np.ndarray, peer: bool) -> Row:
    return row_of_draws(case, "peer" if peer else "real", "error of half-hours (% of what was told)", list(values))


def _line(rows: np.ndarray) -> str:
    error = rows[:, :4].mean(axis=0)
    found = f"{rows[:, 4].sum():.0f} of {rows[:, 5].sum():.0f}"
    worse = f"{(rows[:, 0] > rows[:, 1]).sum()} of {len(rows)}"
    said = f"{error[0]:11.0f}{error[1]:10.0f}{error[2]:7.0f}{error[3]:9.0f}{worse:>10}"
    return said + f"{found:>12}{rows[:, 6].mean():8.1f}"


def _world(seed: int) -> tuple[SiteTable, SiteTable, Sources, np.random.Generator]:
    rng = np.random.default_rng(seed)
    nodes = rng.choice(SIDE * SIDE, SITES + 3, replace=False)
    believed = SiteTable(
        tuple(f"s{at}" for at in range(SITES)), nodes[:SITES], rng.normal(0.0, 0.6, SITES),
        rng.uniform(1.0, 5.0, SITES), rng.uniform(1800.0, 5400.0, SITES), np.full(SITES, 0.5),
        rng.uniform(2000.0, 20000.0, SITES), np.full(SITES, np.nan), (rng.random(SITES) < 0.3) * 1.0,
    )  # fmt: skip
    stay = believed.stay_median_s * np.exp(rng.normal(0.25, 0.35, SITES))
    true = replace(believed, pull=believed.pull + rng.normal(0.0, 0.7, SITES), stay_median_s=stay)
    return believed, replace(true, stay_spread=true.stay_spread * 1.3), Sources(
        ("station",) * 3, nodes[SITES:], np.full(3, 4000)
    ), rng  # fmt: skip


def _live(
    sites: SiteTable, sources: Sources, seed: int, rain_s: tuple[float, float] | None
) -> tuple[Ground, dict[str, np.ndarray]]:
    at = np.arange(SIDE * SIDE, dtype=np.int32).reshape(SIDE, SIDE)
    begins = np.concatenate([at[:-1].ravel(), at[:, :-1].ravel()])
    ends = np.concatenate([at[1:].ravel(), at[:, 1:].ravel()])
    x, y = (60.0 * axis.ravel() for axis in np.indices((SIDE, SIDE)))
    size = np.full(len(begins), 60.0)
    graph = WalkGraph(x, y, begins, ends, size, size / 10.0, ("footway",) * len(begins), ((),) * len(begins))
    drawn = draw_people(sources, seed, last_s=6 * 3600.0, mean_visits=2.4)
    day = CityDay(graph, sources, sites, drawn, taste=TRUE_TASTE, closes_s=8 * 3600.0, step_s=5.0, rain_s=rain_s)
    inside, visits = np.zeros((2, SITES, PERIODS))
    for period in range(PERIODS):
        day.live(PERIOD_S * (period + 1))
        inside[:, period], visits[:, period] = day.attractions.inside, day.attractions.visits
    came = np.diff(visits, axis=1, prepend=0.0)
    arrivals, rain = np.zeros((3, PERIODS)), np.zeros(PERIODS)
    np.add.at(arrivals, (drawn.source, (drawn.arrive_s // PERIOD_S).astype(int)), 1.0)
    if rain_s:
        rain[int(rain_s[0] // PERIOD_S) : int(rain_s[1] // PERIOD_S)] = 1.0
    goals = day.routes.destination(sites.node)
    walk = day.routes.cost_s[np.ix_(goals, np.concatenate([sources.node, sites.node]))].T
    ground = Ground(
        sites, arrivals, walk, rain, np.ones((SITES, PERIODS)), 8 * 3600.0, np.zeros(SITES, dtype=bool), PERIOD_S
    )
    return ground, {"came": came, "left": came - np.diff(inside, axis=1, prepend=0.0), "inside": inside}


def _counted(people: dict[str, np.ndarray], rng: np.random.Generator) -> list[Count]:
    found = []
    for site in range(SITES):
        for what, per_person, error in (("came", 1.0, 0.05), ("left", 1.0, 0.05), ("inside", 0.6, 0.2)):
            true = np.maximum(people[what][site] * per_person * (1.0 + rng.normal(0.0, error)), 0.0)
            told = np.round(0.9 * true + rng.poisson(0.1 * true))
            found.append(Count(f"{what}{site}", site, what, per_person, error, told))
    return found


def _one(seed: int, judged: str) -> list[float]:
    believed, true, sources, rng = _world(seed)
    ground, people = _live(true, sources, seed + 100, RAIN_S)
    ground = replace(ground, sites=believed)
    told = _counted(people, rng)
    if judged == "a fifth of the counters":
        held = [told[at] for at in rng.choice(len(told), len(told) // 5, replace=False)]
    else:
        sites = rng.choice(SITES, 2 if judged.startswith("two") else 8, replace=False)
        held = [one for one in told if one.site in sites]
    known = [one for one in told if one not in held]
    lies = set(rng.choice(len(known), 4 if len(known) > 12 else 1, replace=False).tolist())
    known = [replace(one, told=_lie(at, one.told, rng)) if at in lies else one for at, one in enumerate(known)]
    vector = Vector(believed, Taste(), people_sd=0.05)
    begun = time.process_time()
    found = fit(ground, vector, known)
    spent = time.process_time() - begun
    said = [_by(ground, held, found.figures), _by(ground, held, vector.figures(np.zeros((1, len(vector)))))]
    said += [said_by_mean(held, known), said_by_gravity(held, known, ground, Taste().per_min)]
    caught = len({known[at].counter for at in lies} & set(found.faulty))
    return [*(100 * error_at(held, one, PERIOD_S) for one in said), caught, len(lies), spent]


def _lie(kind: int, told: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.asarray((2.5 * told, 0.0 * told, rng.permutation(told))[kind % 3])


def _next_day(seed: int) -> tuple[float, float, float]:
    believed, true, sources, rng = _world(seed)
    ground, people = _live(true, sources, seed + 100, RAIN_S)
    told = _counted(people, rng)
    found: Fitted = fit(replace(ground, sites=believed), Vector(believed, Taste(), people_sd=0.05), told)
    more = replace(sources, people=sources.people * 3 // 2)
    later, came = _live(true, more, seed + 200, None)
    truth = [replace(one, told=came[one.what][one.site] * one.per_person) for one in told]
    model = _by(replace(later, sites=believed), truth, found.figures)
    before = [one.told for one in told]
    ways = (model, before, [1.5 * one for one in before])
    first, second, third = (100 * error_at(truth, one, PERIOD_S) for one in ways)
    return first, second, third


def _by(ground: Ground, counts: list[Count], figures: Figures) -> list[np.ndarray]:
    return said_by_model(counts, expect_day(ground, figures))


if __name__ == "__main__":
    main()
