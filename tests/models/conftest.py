"""A small town for the traffic and emergency models: a 5 x 5 grid of 150 m streets, one lane each way."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.clock import Exchange
from networks import sumo_home
from networks.graphs import RoadGraph, read_road_graph


@dataclass(frozen=True)
class Town:
    net_file: Path
    graph: RoadGraph

    @property
    def edge_ids(self) -> tuple[str, ...]:
        return self.graph.edge_ids

    def way(self, *corners: str) -> tuple[str, ...]:
        """Edges from corner to corner, e.g. A0 A1 A2."""
        return tuple(a + b for a, b in itertools.pairwise(corners))


def _town(folder: Path, *options: str) -> Town:
    net = folder / "town.net.xml"
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "5", "--grid.length", "150"]
    command += ["--default.lanenumber", "1", "--default.speed", "13.9", *options, "--output-file", str(net)]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return Town(net, read_road_graph(net, "passenger"))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return _town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def signal_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return _town(tmp_path_factory.mktemp("signals"), "--default-junction-type", "traffic_light")


class Weather:
    """Clock model that floods edges as told: edge -> depth (m) as a function of time (s)."""

    name = "flood"
    reads = ()
    writes = ("road_depth_m",)

    def __init__(self, edge_ids: tuple[str, ...], depth_m: Mapping[str, Callable[[float], float]]) -> None:
        self._ids, self._depth = edge_ids, depth_m

    def start(self, exchange: Exchange) -> None:
        self.advance(0.0, exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        depth = np.zeros(len(self._ids))
        for edge, curve in self._depth.items():
            depth[self._ids.index(edge)] = curve(until)
        exchange.fields["road_depth_m"] = depth

    def close(self) -> None:
        pass


@pytest.fixture
def weather(town: Town) -> Callable[..., Weather]:
    """Depths by edge: a number holds for the whole run, a function of time otherwise."""

    def make(**depth_m: float | Callable[[float], float]) -> Weather:
        return Weather(town.edge_ids, {e: d if callable(d) else (lambda _t, d=d: d) for e, d in depth_m.items()})

    return make
