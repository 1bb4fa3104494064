"""Small walk graphs and a clock for the crowd's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from models import Clock, CoupledCrowd, Exchange, VisitorPlans
from networks import WalkGraph


def graph_of(
    xy: Sequence[tuple[float, float]],
    links: Sequence[tuple[int, int]],
    *,
    length_m: Sequence[float] | None = None,
    width_m: float | Sequence[float] = 2.0,
    crossing: dict[int, tuple[str, ...]] | None = None,
) -> WalkGraph:
    """A walk graph; straight links unless lengths are given; `crossing` names the road edges that a link crosses."""
    points, ends = np.asarray(xy, dtype=float), np.asarray(links, dtype=np.int32).reshape(-1, 2)
    straight = np.hypot(*(points[ends[:, 1]] - points[ends[:, 0]]).T)
    crossed = tuple((crossing or {}).get(i, ()) for i in range(len(ends)))
    return WalkGraph(
        node_x=points[:, 0],
        node_y=points[:, 1],
        link_from=ends[:, 0].copy(),
        link_to=ends[:, 1].copy(),
        length_m=straight if length_m is None else np.asarray(length_m, dtype=float),
        width_m=np.broadcast_to(np.asarray(width_m, dtype=float), (len(ends),)).copy(),
        kind=tuple("crossing" if edges else "footway" for edges in crossed),
        crossing_edges=crossed,
    )


def corridor(lengths: Sequence[float], widths: float | Sequence[float] = 2.0, **more: Any) -> WalkGraph:
    """Links one after the other; node i is the start of link i."""
    x = np.concatenate([[0.0], np.cumsum(lengths)])
    return graph_of([(at, 0.0) for at in x], [(i, i + 1) for i in range(len(lengths))], width_m=widths, **more)


def square_grid(side: int, length_m: float = 40.0, width_m: float = 3.0) -> WalkGraph:
    """Side x side nodes; node i * side + j."""
    xy = [(i * length_m, j * length_m) for i in range(side) for j in range(side)]
    down = [(i * side + j, (i + 1) * side + j) for i in range(side - 1) for j in range(side)]
    along = [(i * side + j, i * side + j + 1) for i in range(side) for j in range(side - 1)]
    return graph_of(xy, down + along, width_m=width_m)


def plans_of(depart_s: Any, origin: Any, goal: Any, speed_mps: Any = 1.34, group: Any = 0) -> VisitorPlans:
    """Plans whose columns are spread to the length of the departures."""
    depart = np.atleast_1d(np.asarray(depart_s, dtype=float))
    return VisitorPlans(depart, *(np.broadcast_to(column, depart.shape) for column in (origin, goal, speed_mps, group)))


def small_city(seed: int) -> tuple[WalkGraph, VisitorPlans, np.ndarray]:
    """Up to 12 nodes with stubs, parallel links and dead ends, up to 400 people, waits before some links (s)."""
    draw = np.random.default_rng(seed)
    nodes, people = int(draw.integers(2, 12)), int(draw.integers(1, 400))
    chain = [(i, int(draw.integers(0, i))) for i in range(1, nodes)]
    extra = draw.integers(0, nodes, (int(draw.integers(0, 10)), 2)).tolist()
    links = chain + [(a, b) for a, b in extra if a != b]
    graph = graph_of(
        draw.uniform(0, 100, (nodes, 2)).tolist(),
        links,
        length_m=draw.choice([0.2, 3.0, 17.0, 40.0, 95.0], len(links)).tolist(),
        width_m=draw.choice([0.6, 1.5, 4.0], len(links)).tolist(),
    )
    plans = VisitorPlans(
        draw.choice([0.0, 7.25, 30.0], people) + draw.integers(0, 2) * draw.uniform(0, 30, people),
        draw.integers(0, nodes, people),
        draw.choice(draw.integers(0, nodes, 3), people),
        draw.uniform(0.5, 2.0, people),
        np.zeros(people),
    )
    return graph, plans, np.where(draw.random(len(links)) < 0.2, 14.0, 0.0)


class Water:
    """A flood of given depth by time, as a model on the clock."""

    name = "water"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ("link_depth_m", "link_force_m2s")

    def __init__(self, depth_m: Callable[[float], np.ndarray]) -> None:
        self._depth_m = depth_m

    def start(self, exchange: Exchange) -> None:
        self.advance(0.0, exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        exchange.fields["link_depth_m"] = depth_m = self._depth_m(until)
        exchange.fields["link_force_m2s"] = np.zeros_like(depth_m)

    def close(self) -> None:
        pass


def walk(
    graph: WalkGraph,
    plans: VisitorPlans,
    end_s: float,
    *,
    depth_m: Callable[[float], np.ndarray] | None = None,
    coupling_s: float = 60.0,
    on_step: Callable[[CoupledCrowd, Exchange], None] | None = None,
    **more: Any,
) -> CoupledCrowd:
    """Run a crowd on the clock, beside a flood (dry unless told), and give it back."""
    crowd = CoupledCrowd(graph, plans, **{"edge_ids": (), **more})
    dry = np.zeros(len(graph.length_m))
    clock = Clock([Water(depth_m or (lambda _: dry)), crowd], step_s=coupling_s)
    clock.run(end_s, on_step=(lambda _: on_step(crowd, clock.exchange)) if on_step else None)
    return crowd
