"""Roads without a City: what measures need to know of a bare SUMO network."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import NotThere

if TYPE_CHECKING:
    import pandas as pd

    from networks import RoadGraph


class NetRoads:
    """A network file with the face that measures know from a City: the layer `edges` and no other.

    Args:
        net_file: SUMO network.
    """

    def __init__(self, net_file: Path) -> None:
        self.net_file = Path(net_file)

    def layer(self, name: str) -> pd.DataFrame:
        """The layer `edges`: edge_id, lanes, speed_mps, length_m, from_node, to_node, highway, passenger.

        Raises:
            NotThere: Any other layer; a bare network has no people and no hospitals.
        """
        if name != "edges":
            raise NotThere(f"a SUMO network has no layer {name!r}", file=self.net_file)
        return _edges(self.net_file)

    def road_graph(self, vclass: str = "passenger") -> RoadGraph:
        """The edge graph for a vehicle class."""
        from networks.graphs import read_road_graph

        return read_road_graph(self.net_file, vclass)


@lru_cache(maxsize=4)
def _edges(net_file: Path) -> pd.DataFrame:
    import pandas as pd

    from networks.roads.net_file import read_net

    rows = [
        (e.edge_id, max(e.lanes, 1), e.speed_mps, e.length_m, e.from_node, e.to_node, e.kind, "passenger" in e.allows)
        for e in read_net(net_file).edges
    ]
    names = ["edge_id", "lanes", "speed_mps", "length_m", "from_node", "to_node", "highway", "passenger"]
    return pd.DataFrame(rows, columns=names)
