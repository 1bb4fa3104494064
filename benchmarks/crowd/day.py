"""A day of many visitors: from their sources to attractions and back, timed."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.crowd.towns import town
from models.crowd.city import CityDay, SiteTable, Sources, draw_people

HOURS = 18


def the_day(
    people: int, side: int = 250, *, places: int = 64, seed: int = 1, gates: float = 1.0, last_h: float = 11.0,
    closes_h: float = 14.0, even: float = 0.0, one_out_one_in: bool = False,
) -> CityDay:  # fmt: skip
    """Attractions in the inner third of the town, sources in a wider part of it; everything declared synthetic.

    Args:
        people: Visitors.
        side: Nodes along each side of the town.
        places: Attractions, and as many sources.
        seed: Of the places, and of who comes.
        gates: How many times the usual 8 people a second a gate lets in.
        last_h: When the last visitors arrive (h).
        closes_h: When whoever is free goes home (h).
        even: How far signs level what draws people to one site more than to another, 0 to 1.
        one_out_one_in: Whether a site that is full lets nobody in.
    """
    graph, draw = town(side), np.random.default_rng(seed)
    middle = side / 2 * 40.0
    off = np.maximum(np.abs(graph.node_x - middle), np.abs(graph.node_y - middle)) / middle
    inner = draw.choice(np.flatnonzero(off < 0.33), places, replace=False)
    outer = draw.choice(np.setdiff1d(np.flatnonzero(off < 0.5), inner), places, replace=False)
    one = np.ones(places)
    pull = (1 - even) * draw.normal(0, 0.5, places)
    sites = SiteTable(
        tuple(f"site {i}" for i in range(places)), inner, pull, 8 * gates * one, 5400 * one, 0.5 * one,
        20_000 * one, np.full(places, np.nan), (draw.random(places) < 0.5).astype(float),
    )  # fmt: skip
    kinds = ("station", "car_park", "stop", "hotel")
    share = draw.dirichlet(np.full(places, 3.0))
    sources = Sources(tuple(kinds[i % 4] for i in range(places)), outer, np.round(share * people))
    return CityDay(
        graph, sources, sites, draw_people(sources, seed, last_s=last_h * 3600.0), step_s=5.0,
        closes_s=closes_h * 3600.0, rain_s=(5 * 3600.0, 7 * 3600.0), one_out_one_in=one_out_one_in,
    )  # fmt: skip


def measure(people: int, **other: float) -> dict[str, float]:
    """Time the day; a small one before it, so that compilation is not counted. `other`: see `the_day`."""
    the_day(500, side=60).live(600.0)
    begin, wall = time.process_time(), time.perf_counter()
    day = the_day(people, **other)  # type: ignore[arg-type]
    ready = time.process_time() - begin
    day.live(HOURS * 3600.0)
    shown = day.attractions
    return {
        "people": len(day.people),
        "cpu_s": time.process_time() - begin,
        "setup_cpu_s": ready,
        "wall_s": time.perf_counter() - wall,
        "at_home": day.at_home,
        "visits": int(shown.visits.sum()),
        "gate_h": float(shown.wait_s.sum() / 3600),
        "agent_steps": day.agent_steps,
        "walking_h": day.agent_steps * day.streets.step_s / 3600,
        "above_2_person_h": float(day.person_seconds_above(2.0).sum() / 3600),
        "above_3_5_person_h": float(day.person_seconds_above(3.5).sum() / 3600),
        "squeezed": day.summary["squeezed"],
    }
