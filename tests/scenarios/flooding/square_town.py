"""A square of streets: in - dip - out, and up - over - down around the dip; cars drive one way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import LineString

from networks import RoadGraph
from networks.layers import make_layer

SHAPES = {
    "in": ((0, 0), (100, 0)), "dip": ((100, 0), (200, 0)), "out": ((200, 0), (300, 0)),
    "up": ((100, 0), (100, 100)), "over": ((100, 100), (200, 100)), "down": ((200, 100), (200, 0)),
}  # fmt: skip
NAMES = {"in": "West Street", "dip": "", "out": "East Street", "up": "Hill Lane", "over": "High Road", "down": ""}


class Square:
    """in - dip - out, and up - over - down around the dip."""

    name, folder = "square", Path("nowhere")

    def layer(self, name: str) -> Any:
        assert name == "edges"
        rows = [
            {
                "edge_id": edge, "name": NAMES[edge], "highway": "residential", "lanes": 2, "cycle_lanes": 0,
                "speed_mps": 10.0, "length_m": 100.0, "from_node": "a", "to_node": "b", "passenger": True, "bus": True,
                "emergency": True, "bicycle": True, "bridge": False, "tunnel": edge == "dip", "level": 0,
                "lanes_source": "osm", "speed_source": "osm", "geometry": LineString(shape),
            }
            for edge, shape in SHAPES.items()
        ]  # fmt: skip
        return make_layer("edges", rows, "EPSG:32632")

    def road_graph(self, vclass: str) -> RoadGraph:
        assert vclass == "passenger"
        ids = tuple(SHAPES)
        turns = [("in", "dip"), ("dip", "out"), ("in", "up"), ("up", "over"), ("over", "down"), ("down", "out")]
        ends = np.array([SHAPES[edge] for edge in ids], float)
        tail, head = (np.array([ids.index(turn[at]) for turn in turns], np.int32) for at in (0, 1))
        every = np.full(len(ids), 100.0)
        return RoadGraph(ids, every, every / 10, ends[:, 0], ends[:, 1], tail, head, np.ones(len(ids), bool))


def square() -> Any:
    return Square()
