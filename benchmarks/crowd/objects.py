"""Everybody as a Python object, activated by Mesa: as light as Mesa allows.

Each agent keeps its link and its place on it, a link's density is its head count over its area, and there are no
capacities: it does less than ours.
"""

from __future__ import annotations

import math
import time

import mesa

from models.crowd.city import CityCrowd


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

    def __init__(self, crowd: CityCrowd) -> None:
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


def measure(crowd: CityCrowd, seconds: int) -> float:
    """Agent-steps for each CPU second."""
    objects = ObjectCrowd(crowd)
    total, begin = 0, time.process_time()
    for _ in range(seconds):
        total += objects.walking
        objects.step()
    return total / (time.process_time() - begin)
