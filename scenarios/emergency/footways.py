"""Ways on foot that stay open: a city's walk graph, dry or with the paths that water will have shut."""

from __future__ import annotations

import csv
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats, RouteKernel, route_kernel
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

WALK_MPS = 1.0
"""People who leave their homes together walk so fast (guess: below Weidmann's 1.34 m/s of free walkers)."""


class Footways:
    """Ways on foot in a city.

    Args:
        city: Its walk graph.
        flood: A flood run's folder of this city (see `water_ahead`), or None.
        alarm: A path is shut where water shuts it to walkers in so many of the members.
        until_s: Paths that water shuts by then (s of the run) are not used at all.

    Raises:
        BadInput: The city has no ways on foot.
    """

    def __init__(self, city: City, *, flood: Path | None, alarm: float, until_s: float) -> None:
        self._graph = city.walk_graph()
        if not len(self._graph.link_from):
            raise BadInput(f"{city.name} has no ways on foot", remedy="twin quality says what the map lacks")
        self.shut = np.zeros(len(self._graph.link_from), dtype=bool)
        if flood is not None and (flood / "paths.csv").exists():
            index = {int(one): at for at, one in enumerate(city.layer("walk_links")["link_id"])}
            for row in csv.DictReader((flood / "paths.csv").read_text(encoding="utf-8").splitlines()):
                chance, since = float(row["walker_chance"]), row["walker_shut_s"]
                if chance >= alarm and chance > 0 and since and float(since) <= until_s:
                    self.shut[index[int(row["link_id"])]] = True

    def nearest(self, x: float, y: float) -> tuple[int, float]:
        """The node next to a place (m), and how far it is."""
        away = np.hypot(self._graph.node_x - x, self._graph.node_y - y)
        node = int(away.argmin())
        return node, float(away[node])

    def times(self, starts: list[int], ends: list[int]) -> Floats:
        """Seconds of walking from each node to each: (starts, ends), infinite where no open way leads."""
        return self._kernel.times(starts, ends)

    def line(self, start: int, end: int) -> np.ndarray:
        """(nodes, 2) m of a quickest way; empty where there is none."""
        way = self._kernel.way(start, end)
        nodes = [] if way is None else list(way.nodes)
        return np.stack([self._graph.node_x[nodes], self._graph.node_y[nodes]], axis=1)

    @cached_property
    def _kernel(self) -> RouteKernel:
        graph = self._graph
        tail = np.concatenate([graph.link_from, graph.link_to])
        head = np.concatenate([graph.link_to, graph.link_from])
        places = np.stack([graph.node_x, graph.node_y], axis=1)
        kernel = route_kernel(len(graph.node_x), tail, head, places)
        spent = np.where(self.shut, np.inf, graph.length_m / WALK_MPS)
        kernel.weigh(np.concatenate([spent, spent]))
        return kernel
