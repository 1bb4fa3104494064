"""The town that all walk in, and who walks."""

from __future__ import annotations

import numpy as np

from models import VisitorPlans
from networks import WalkGraph

GOALS = 64


def town(side: int) -> WalkGraph:
    """A square grid of streets, 40 m apart and 4 m wide."""
    node = np.arange(side * side, dtype=np.int32).reshape(side, side)
    tail = np.concatenate([node[:-1].ravel(), node[:, :-1].ravel()])
    head = np.concatenate([node[1:].ravel(), node[:, 1:].ravel()])
    x, y = (grid.ravel() * 40.0 for grid in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    links = len(tail)
    return WalkGraph(
        x, y, tail, head, np.full(links, 40.0), np.full(links, 4.0), ("footway",) * links, ((),) * links
    )  # fmt: skip


def plans_on(graph: WalkGraph, people: int) -> VisitorPlans:
    """People spread over the graph, who all leave within the first second."""
    draw, nodes = np.random.default_rng(7), len(graph.node_x)
    goals = draw.choice(nodes, min(GOALS, nodes), replace=False)
    return VisitorPlans(
        np.zeros(people),
        draw.integers(0, nodes, people),
        draw.choice(goals, people),
        np.clip(draw.normal(1.34, 0.26, people), 0.6, 2.0),
        np.zeros(people),
    )
