"""Edges of an older network found again in a newer one, by where they run and in which direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from shapely import STRtree, get_coordinates, line_interpolate_point, line_locate_point, points, segmentize

if TYPE_CHECKING:
    import geopandas as gpd

_STEP_M = 10.0
_NEAR_M = 8.0
_COS = 0.7  # 45 degrees
_PART = 0.2
_WHOLE = 0.8


@dataclass(frozen=True)
class EdgeHeir:
    """What became of an edge.

    Attributes:
        edge_id: The edge of the older network.
        state: `same` id and place, `renamed` to one other, `split` over several, `partly` there, or `gone`.
        heirs: (Edge of the newer network, share of the old edge's length that it runs along), the longest first.
    """

    edge_id: str
    state: Literal["same", "renamed", "split", "partly", "gone"]
    heirs: tuple[tuple[str, float], ...]


def edge_heirs(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[str, EdgeHeir]:
    """Each edge of the layer `edges` of an older city -> what became of it in a newer one.

    Both are compared in the older city's plane. A point of an edge is found again where a newer edge runs within 8 m
    and within 45 degrees of its direction.
    """
    new = new.to_crs(old.crs)
    lines = np.array(new.geometry.to_numpy(), dtype=object)
    names = new["edge_id"].tolist()
    tree = STRtree(lines)
    return {
        edge_id: _heir(edge_id, line, tree, lines, names)
        for edge_id, line in zip(old["edge_id"], old.geometry, strict=True)
    }


def _heir(edge_id: str, line: object, tree: STRtree, lines: np.ndarray, names: list[str]) -> EdgeHeir:
    ends = get_coordinates(segmentize(line, _STEP_M))
    middles, ways = (ends[1:] + ends[:-1]) / 2, ends[1:] - ends[:-1]
    steps = np.hypot(*ways.T)
    at = points(middles)
    which, found = tree.query(at, predicate="dwithin", distance=_NEAR_M)
    run = line_locate_point(lines[found], at[which])
    ahead = get_coordinates(line_interpolate_point(lines[found], run + 1.0))
    behind = get_coordinates(line_interpolate_point(lines[found], np.maximum(run - 1.0, 0.0)))
    course = ahead - behind
    lengths = np.hypot(*course.T) * steps[which]
    along = (course * ways[which]).sum(axis=1) > _COS * np.maximum(lengths, 1e-9)
    gaps = np.hypot(*((ahead + behind) / 2 - middles[which]).T)
    best: dict[int, tuple[float, str, int]] = {}
    for i in np.flatnonzero(along):
        own = names[found[i]] != edge_id  # an edge of the same id counts first where two run side by side
        key = (round(float(gaps[i]), 1), f"{own:d}{names[found[i]]}", int(found[i]))
        best[int(which[i])] = min(best.get(int(which[i]), key), key)
    shares: dict[str, float] = {}
    for point, (_, _, j) in best.items():
        shares[names[j]] = shares.get(names[j], 0.0) + float(steps[point] / steps.sum())
    heirs = sorted(((n, round(s, 3)) for n, s in shares.items() if s >= _PART / 2), key=lambda h: (-h[1], h[0]))
    return EdgeHeir(edge_id, _state(edge_id, heirs), tuple(heirs))


def _state(edge_id: str, heirs: list[tuple[str, float]]) -> Literal["same", "renamed", "split", "partly", "gone"]:
    total = sum(share for _, share in heirs)
    if total < _PART:
        return "gone"
    if heirs[0][1] >= _WHOLE:
        return "same" if heirs[0][0] == edge_id else "renamed"
    return "split" if total >= _WHOLE else "partly"
