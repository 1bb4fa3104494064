"""Journey times along routes as somebody measured them: cameras, probes, a moving car."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from calibration.counting import Repair
from calibration.counting.grid import on_grid, usual_period
from calibration.counting.readings import read_readings
from calibration.counting.rows import clean_rows
from calibration.counting.usual_day import DAY_S, folded
from calibration.counting.wall_clock import on_clock, read_zone
from calibration.flows import Roads, find_paths
from calibration.proof.evidence import Floats
from networks.errors import BadInput
from networks.imports.table_text import read_rows
from networks.sentence import say

ROUTE = ("route", "path", "sensor_id", "sensor", "id")
MEASURE = "travel_time"


@dataclass(frozen=True, slots=True)
class Journeys:
    """Times along routes, from entering the first edge to leaving the last.

    Attributes:
        names: Routes (R).
        edges: Edges of each in order of travel (R).
        begin_s: Begin of the first period, on the simulation's clock.
        period_s: Length of a period: who set out in it counts.
        by_day: Mean time by day, route and period (D, R, T), s; NaN where nobody measured one.
        days: Number of each day from second 0 (D).
        repairs: What was found wrong with the rows.
    """

    names: tuple[str, ...]
    edges: tuple[tuple[str, ...], ...]
    begin_s: float
    period_s: float
    by_day: Floats
    days: tuple[int, ...]
    repairs: tuple[Repair, ...]

    @property
    def usual_s(self) -> Floats:
        """Mean over the days that have one (R, T)."""
        heard = np.isfinite(self.by_day).sum(axis=0)
        return np.where(heard > 0, np.nansum(self.by_day, axis=0) / np.maximum(heard, 1), np.nan)


def read_journeys(
    file: Path,
    roads: Roads,
    *,
    routes: Path | None = None,
    begin: datetime | None = None,
    timezone: str = "UTC",
    window: tuple[float, float],
) -> Journeys:
    """Journey times from CSV: route, begin and seconds (perhaps period_s, unit), and edges here or in `routes`.

    Edges of a route that do not follow each other are joined by the quickest way in free flow, so that its first and
    last are enough. Times of several days are kept apart.

    Args:
        file: The times, also as `twin sensors passings` writes them.
        roads: The streets.
        routes: CSV of route and edges, where the times do not say them.
        begin: Wall-clock time of second 0; None where the file tells seconds.
        timezone: Of times without offset.
        window: First and last second that count, on the first day's clock.

    Raises:
        BadInput: A file cannot be read, a route has no edges, or no time lies in the window.
    """
    ways = read_ways(routes or file)
    names = [str(file)]
    timed, clocks, _ = on_clock(read_readings([file], MEASURE), names, begin, read_zone(timezone))
    rows, cleaned = clean_rows(timed, names)
    rows = rows[rows["measure"] == MEASURE]
    lost = sorted(set(rows["sensor"]) - set(ways))
    known = {name: joined_way(ways[name], roads) for name in dict.fromkeys(rows["sensor"]) if name in ways}
    placed = [_no_way(name, str(routes or file)) for name in [*lost, *(name for name, way in known.items() if not way)]]
    kept = [name for name, way in known.items() if way]
    if not kept:
        raise BadInput("no route of the journey times is known", file=routes or file, expected="route and its edges")
    period_s = usual_period(rows)
    last_s = float((rows["begin_s"] + rows["period_s"]).max())
    whole = int(np.ceil(last_s / DAY_S)) * round(DAY_S / period_s)
    values, off = on_grid(rows[rows["sensor"].isin(kept)], names, kept, 0.0, whole, period_s, mean=True)
    days, numbers = folded(values, 0.0, period_s)
    first, last = (int(np.floor(at / period_s + 1e-6)) for at in window)
    by_day = days[:, :, first : max(last, first + 1)]
    if not np.isfinite(by_day).any():
        raise BadInput("no journey time lies in the window", file=file, expected="times that begin within it")
    repairs = (*clocks, *cleaned, *placed, *off)
    return Journeys(
        tuple(kept), tuple(known[name] for name in kept), first * period_s, period_s, by_day, numbers, repairs
    )  # fmt: skip


def read_ways(file: Path) -> dict[str, tuple[str, ...]]:
    """Route -> its edges, from a CSV with a column of routes and one called edges (separated by spaces).

    Raises:
        BadInput: A column is missing.
    """
    header, rows = read_rows(file)
    name = next((header.index(one) for one in ROUTE if one in header), None)
    if name is None or "edges" not in header:
        raise BadInput(
            f"its columns are {', '.join(header)}", file=file, place="line 1", expected="route and edges",
            remedy="add the edges of each route, or give a table of them with --routes",
        )  # fmt: skip
    at = header.index("edges")
    return {cells[name]: tuple(cells[at].split()) for _, cells in rows if cells[at].strip()}


def joined_way(edges: Sequence[str], roads: Roads) -> tuple[str, ...]:
    """Edges with the quickest way put in where two do not follow each other; empty where no way leads."""
    number: Mapping[str, int] = {edge: at for at, edge in enumerate(roads.edges)}
    if not edges or any(edge not in number for edge in edges):
        return ()
    follows = set(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    way = [edges[0]]
    for edge in edges[1:]:
        here, there = number[way[-1]], number[edge]
        if (here, there) in follows:
            way.append(edge)
            continue
        try:
            found = find_paths(roads, origins=[here], destinations=[there], draws=1, within=True)
        except BadInput:
            return ()
        way += found.path(0)[1:]
    return tuple(way)


def _no_way(name: str, file: str) -> Repair:
    reason = say("nobody says its edges, or no way leads along them", "未说明其路段，或沿这些路段无法通行")
    return Repair(name, "route", "left_out", file, 0, 1, name, "", reason)
