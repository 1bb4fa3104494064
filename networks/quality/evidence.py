"""What the checks look at: the network, the rows of every layer, and the map where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.ground.terrain import Terrain
from networks.osm.extract import Extract
from networks.repairs import Repair
from networks.roads.net_file import Net
from networks.roads.network import Roads
from networks.roads.source import RoadSource

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Evidence:
    """Everything that is known of a city when it has been built.

    Attributes:
        net: The road network as written.
        rows: Layer -> its rows; a layer may be missing.
        terrain: The terrain, None where there is none.
        source: The map's drivable roads, None where the city came from elsewhere.
        xy: Map node -> x, y (m), for the nodes of `source`.
        crossings: x, y (m) of the map's pedestrian crossings.
        gateways_out, gateways_into: Edges that leave and enter the map.
        notes: Counts that the build took down.
        data_date: The map's date, "" where it does not say.
        repairs, doubts: What the build repaired and doubted so far.
    """

    net: Net
    rows: Mapping[str, Rows]
    terrain: Terrain | None = None
    source: RoadSource | None = None
    xy: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    crossings: tuple[tuple[float, float], ...] = ()
    gateways_out: frozenset[str] = frozenset()
    gateways_into: frozenset[str] = frozenset()
    notes: Mapping[str, Any] = field(default_factory=dict)
    data_date: str = ""
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def osm_way(self, written: int) -> str:
        """The id on the map (`w1`) of a way as it was written for the converter."""
        return f"w{self.source.osm_way.get(written, written) if self.source else written}"

    def layer(self, name: str) -> Rows:
        """The rows of a layer, perhaps none."""
        return self.rows.get(name, [])


def evidence_of(
    extract: Extract,
    plane: Plane,
    roads: Roads,
    rows: Mapping[str, Rows],
    terrain: Terrain | None,
    notes: Mapping[str, Any],
    repairs: Iterable[Repair],
    doubts: Iterable[Doubt],
) -> Evidence:
    """The evidence of a city that is being built from a map."""
    crossings = [n.osm_id for n in extract.nodes if n.tags.get("highway") == "crossing" or "crossing" in n.tags]
    return Evidence(
        net=roads.net,
        rows=rows,
        terrain=terrain,
        source=roads.source,
        xy={**plane.xy, **roads.source.xy},
        crossings=tuple(plane.xy[node] for node in crossings),
        gateways_out=roads.gateways.out,
        gateways_into=roads.gateways.into,
        notes=notes,
        data_date=extract.data_date,
        repairs=tuple(repairs),
        doubts=tuple(doubts),
    )
