"""Ponding points: which streets a gauge stands for, as a table says, and what its water closes.

points.csv   gauge_id,edges[,zero_m][,close_m]      edges with spaces between them; level at which water begins to stand
on the street (0); depth that closes it (0.3: what no car drives through, Pregnolato et al. 2017,
doi:10.1016/j.trd.2017.06.020)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo.change import Change
from models.sumo.changes import LanesClosed
from networks.errors import BadInput
from networks.text_file import read_rows

if TYPE_CHECKING:
    from networks.roads.net_file import Net
    from twin.live.levels import Levels

CLOSE_M = 0.3


@dataclass(frozen=True, slots=True)
class WaterPoint:
    """A place where water stands on the street.

    Attributes:
        gauge: Who measures it.
        edges: Streets that lie in it.
        zero_m: Level (m) at which water begins to stand there.
        close_m: Depth (m) from which nobody drives through.
    """

    gauge: str
    edges: tuple[str, ...]
    zero_m: float = 0.0
    close_m: float = CLOSE_M


@dataclass
class Water:
    """What the gauges say that water closes.

    Attributes:
        points: Places.
        levels: What the gauges say.
        lanes: Lanes of each street.
    """

    points: tuple[WaterPoint, ...]
    levels: Levels
    lanes: Mapping[str, tuple[str, ...]]

    def known(self, now: datetime, origin: datetime) -> tuple[tuple[float, Change], ...]:
        """Streets that are closed by water now, each since the second of the town's clock at which it was too deep."""
        courses, now_s = self.levels.courses(now), (now - origin).total_seconds()
        found: list[tuple[float, Change]] = []
        for point in self.points:
            if point.gauge not in courses:
                continue
            seconds, level = courses[point.gauge]
            dry = (level - point.zero_m < point.close_m).nonzero()[0]
            first = int(dry[-1]) + 1 if len(dry) else 0
            if first < len(seconds):
                lanes = tuple(lane for edge in point.edges for lane in self.lanes[edge])
                found.append((now_s + float(seconds[first]), LanesClosed(lanes, reroute=True)))
        return tuple(found)


def lanes_of(net: Net, points: tuple[WaterPoint, ...]) -> dict[str, tuple[str, ...]]:
    """Ids of all lanes of the streets at the points."""
    lanes = {edge.edge_id: len(edge.lane_allows) for edge in net.edges}
    return {edge: tuple(f"{edge}_{n}" for n in range(lanes[edge])) for point in points for edge in point.edges}


def read_points(file: Path, net: Net) -> tuple[WaterPoint, ...]:
    """Ponding points of a table.

    Raises:
        BadInput: It cannot be read, holds nothing, names a street that is none, a gauge twice, or no depth.
    """
    streets = {edge.edge_id for edge in net.edges}
    found: dict[str, WaterPoint] = {}
    for line, row in read_rows(file, ("gauge_id", "edges")):
        edges, place = tuple(row["edges"].split()), f"line {line}"
        unknown = [edge for edge in edges if edge not in streets]
        if unknown or not edges:
            raise BadInput(f"no street {' '.join(unknown)!r}", file=file, place=place, expected="edges of the network")
        if row["gauge_id"] in found or not row["gauge_id"]:
            raise BadInput(
                f"gauge {row['gauge_id']!r} stands there twice, or has no name", file=file, place=place,
                expected="a row for each gauge",
            )  # fmt: skip
        zero_m, close_m = (_metres(row.get(name) or "", file, place) for name in ("zero_m", "close_m"))
        found[row["gauge_id"]] = WaterPoint(
            row["gauge_id"], edges, zero_m or 0.0, CLOSE_M if close_m is None else close_m
        )
    if not found:
        raise BadInput("it holds no point", file=file, expected="a row for each: gauge_id,edges")
    return tuple(found.values())


def _metres(text: str, file: Path, place: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and -1000.0 < value < 10_000.0):
        raise BadInput(f"{text!r} is no level in metres", file=file, place=place, expected="a number")
    return value
