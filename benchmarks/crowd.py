"""Agent-steps per CPU second: our Mesa model (Numba kernel and NumPy reference) beside Mesa agents as Python objects.

    python benchmarks/crowd.py [--agents 100000] [--city cities/helsinki]

All walk on the same graph to the same goals in steps of one second, with speed falling with density (Weidmann 1993).
The object model is as light as Mesa allows: each agent keeps its link and its place on it, a link's density is its head
count over its area, and there are no capacities; so it does less than ours. Compilation is not counted.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np

from models import VisitorCrowd, VisitorPlans
from networks import City, WalkGraph

GOALS = 64
FIGURES = "for comparison, measured elsewhere on 64,861 nodes: objects 0.67-1.36 M, arrays with Numba 46-139 M a second"


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


class Walker(mesa.Agent):
    """One person as a Python object."""

    def __init__(self, model: ObjectCrowd, node: int, goal: int, speed_mps: float) -> None:
        super().__init__(model)
        self.node, self.goal, self.speed_mps = node, goal, speed_mps
        self.link, self.left_m = -1, 0.0

    def step(self) -> None:
        """Walk for a second."""
        world = self.model
        if self.left_m <= 0.0:
            if self.link >= 0:
                world.people[self.link] -= 1
                self.link = -1
            onward = world.onward[self.goal][self.node]
            if onward < 0:
                world.walking -= 1
                self.remove()
                return
            self.link, self.left_m = onward, world.length_m[onward]
            self.node = world.head[onward] if world.tail[onward] == self.node else world.tail[onward]
            world.people[onward] += 1
        density = world.people[self.link] * world.per_area[self.link]
        share = 1.0 - math.exp(-1.913 * (1.0 / density - 1.0 / 5.4)) if density < 5.4 else 0.05
        self.left_m -= self.speed_mps * share


class ObjectCrowd(mesa.Model):
    """Everybody as an object, activated by Mesa."""

    def __init__(self, crowd: VisitorCrowd) -> None:
        super().__init__(rng=0)
        graph, plans = crowd.graph, crowd.plans
        self.length_m, self.tail, self.head = (a.tolist() for a in (graph.length_m, graph.link_from, graph.link_to))
        self.per_area = (1.0 / (graph.length_m * graph.width_m)).tolist()
        self.people, self.walking = [0] * len(self.length_m), len(plans)
        self.onward = crowd.routes.next_link.tolist()
        rows = crowd.routes.destination(plans.destination_node).tolist()
        for node, goal, speed in zip(plans.origin_node.tolist(), rows, plans.free_speed_mps.tolist(), strict=True):
            Walker(self, node, goal, speed)

    def step(self) -> None:
        """Everybody walks for a second."""
        self.agents.do("step")


def rate(step: Callable[[], None], walking: Callable[[], int], seconds: int) -> tuple[float, int]:
    """Agent-steps for each CPU second over `seconds` steps, and how many agent-steps there were."""
    total, begin = 0, time.process_time()
    for _ in range(seconds):
        total += walking()
        step()
    return total / (time.process_time() - begin), total


def measure(graph: WalkGraph, people: int) -> dict[str, float]:
    """Rates of the three models on one graph (agent-steps a second)."""
    plans, rates = plans_on(graph, people), {}
    VisitorCrowd(graph, plans_on(graph, 100), edge_ids=()).step()  # compiles
    crowds = {kernel: VisitorCrowd(graph, plans, edge_ids=(), kernel=kernel) for kernel in ("numba", "numpy")}
    seconds = {"numba": 600, "numpy": 60}
    for kernel, crowd in crowds.items():
        crowd.step()
        rates[kernel], steps = rate(crowd.step, lambda crowd=crowd: len(crowd.population.active), seconds[kernel])
        print(
            f"  {kernel:8} {rates[kernel] / 1e6:8.2f} M agent-steps a second ({steps / 1e6:.1f} M counted)", flush=True
        )
    objects = ObjectCrowd(crowds["numba"])
    rates["objects"], steps = rate(objects.step, lambda: objects.walking, 60)
    print(f"  objects  {rates['objects'] / 1e6:8.2f} M agent-steps a second ({steps / 1e6:.1f} M counted)")
    return rates


def main() -> None:
    """Measure and print the ratios."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--agents", type=int, default=100_000)
    arguments.add_argument("--side", type=int, default=250, help="nodes along each side of the grid town")
    arguments.add_argument("--city", type=Path, help="a City folder instead of the grid town")
    given = arguments.parse_args()
    graph = City.open(given.city).walk_graph() if given.city else town(given.side)
    print(f"{len(graph.node_x)} nodes, {len(graph.length_m)} links, {given.agents} people, {GOALS} goals, steps of 1 s")
    rates = measure(graph, given.agents)
    print(
        f"  Numba is {rates['numba'] / rates['objects']:.1f} x Mesa objects, "
        f"{rates['numba'] / rates['numpy']:.1f} x NumPy"
    )
    print(f"  {FIGURES}")


if __name__ == "__main__":
    main()
