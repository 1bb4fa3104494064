"""A street of two directions without turnings, and a side road: networks small enough to know by heart."""

from __future__ import annotations

import numpy as np

from calibration.counting import WatchedNet, watched
from networks.roads.net_file import Net, NetEdge, NetLink

CARS = frozenset({"passenger", "bus"})


def edge(
    name: str, start: tuple[float, float], end: tuple[float, float], *, lanes: int = 2, bus: bool = False
) -> NetEdge:
    allows = frozenset({"bus"}) if bus else CARS
    ends = [f"{x:g}/{y:g}" for x, y in (start, end)]
    return NetEdge(name, *ends, "primary", "", lanes, 13.9, 200.0, (start, end), allows, (), (allows,) * lanes)


def street(sections: int = 4) -> WatchedNet:
    """East e0, e1, ... and west w0, w1, ... (beside them), 200 m each, two lanes; "bus" is for buses alone."""
    points = [(200.0 * n, 0.0) for n in range(sections + 1)]
    east = [edge(f"e{n}", points[n], points[n + 1]) for n in range(sections)]
    west = [edge(f"w{n}", points[n + 1], points[n]) for n in range(sections)]
    edges = (*east, *west, edge("bus", (0.0, 500.0), (200.0, 500.0), bus=True))
    pairs = [(f"e{n}", f"e{n + 1}") for n in range(sections - 1)] + [
        (f"w{n + 1}", f"w{n}") for n in range(sections - 1)
    ]
    links = tuple(NetLink(a, b, CARS, False, None, None, None) for a, b in pairs)
    return watched(Net(edges, links, {}))


def day(rng: np.random.Generator, periods: int, period_s: float = 300.0, *, level: float = 40.0) -> np.ndarray:
    """Counts of a day with a night, a morning and an evening (T)."""
    hours = np.arange(periods) * period_s / 3600.0 % 24
    shape = 0.1 + np.exp(-(((hours - 8) / 2.0) ** 2)) + 0.8 * np.exp(-(((hours - 17.5) / 2.5) ** 2))
    return rng.poisson(level * shape).astype(float)
