"""A lakeside of our own making, for trials: two shores, a narrow bridge between them, and a long way round."""

from __future__ import annotations

import numpy as np

from models.crowd.city import SiteTable, Sources
from models.crowd.speed import CAPACITY_PMS
from networks import WalkGraph
from scenarios.visits.advising.case import DayCase

BRIDGE_PER_MIN = 130.0
"""Persons a minute that the bridge takes, as said of West Lake's Broken Bridge at its peak (secondary source:
press)."""
STREET_M, WIDE_M, SHORE_WIDE_M = 40.0, 5.0, 12.0


def lakeside(
    people: int, *, side: int = 36, seed: int = 1, bridge_per_min: float = BRIDGE_PER_MIN
) -> DayCase:  # fmt: skip
    """Town east of the lake, gardens west of it; everything declared synthetic.

    A bridge of 240 m joins the northern ends of the shores, a promenade the southern ones.
    """
    rows = np.arange(side * side, dtype=np.int32).reshape(side, side)
    pieces = [np.stack([rows[:-1].ravel(), rows[1:].ravel()]), np.stack([rows[:, :-1].ravel(), rows[:, 1:].ravel()])]
    town = np.concatenate(pieces, axis=1)
    gardens = town + side * side
    x, y = (grid.ravel() * STREET_M for grid in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    lake_m = 240.0
    west = x[: side * side] - STREET_M * (side - 1) - lake_m
    tail = np.concatenate([town[0], gardens[0], [side - 1, 0]])
    head = np.concatenate([town[1], gardens[1], [2 * side * side - 1, 2 * side * side - side]])
    length = np.concatenate([np.full(2 * town.shape[1], STREET_M), [lake_m, 3 * lake_m]])
    width = np.full(len(tail), WIDE_M)
    width[-2:] = bridge_per_min / 60.0 / CAPACITY_PMS, SHORE_WIDE_M
    graph = WalkGraph(
        np.concatenate([x, west]), np.concatenate([y, y]), tail, head, length, width, ("footway",) * len(tail),
        ((),) * len(tail),
    )  # fmt: skip
    draw = np.random.default_rng(seed)
    north = y > 0.6 * y.max()
    near_east, near_west = np.flatnonzero(north & (x < 500.0)), np.flatnonzero(north & (x > x.max() - 500.0))
    node = np.concatenate([
        draw.choice(near_east, 5, replace=False), draw.choice(side * side, 5, replace=False),
        side * side + draw.choice(near_west, 5, replace=False),
        side * side + draw.choice(side * side, 5, replace=False),
    ])  # fmt: skip
    n = len(node)
    sites = SiteTable(
        tuple(f"{shore} {i + 1}" for shore in ("town", "garden") for i in range(n // 2)), node,
        np.repeat([0.6, 0.0, 0.6, 0.0], 5), np.full(n, 4.0), np.full(n, 3600.0), np.full(n, 0.4), np.full(n, 15_000.0),
        np.full(n, np.nan), np.tile([0.0, 1.0, 0.0, 0.0, 0.0], 4),
    )  # fmt: skip
    at = draw.choice(np.flatnonzero(x > 0.3 * x.max()), 8, replace=False)
    gate = side * side + draw.choice(np.flatnonzero(x < 0.5 * x.max()), 2, replace=False)
    kinds = ("station", "station", "car_park", "car_park", "stop", "stop", "hotel", "hotel", "car_park", "stop")
    share = np.array([0.22, 0.15, 0.1, 0.08, 0.1, 0.08, 0.07, 0.05, 0.08, 0.07])
    sources = Sources(kinds, np.concatenate([at, gate]), np.round(share * people))
    return DayCase("lakeside", graph, sources, sites, last_s=8 * 3600.0, closes_s=9.5 * 3600.0, until_s=14 * 3600.0)
