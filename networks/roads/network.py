"""The road network of the city: converted, pruned, and told where each figure comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point, Polygon

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.errors import BadMap
from networks.osm.extract import Extract, Tags
from networks.osm.level import usual_level
from networks.repairs import Repair
from networks.roads.connectivity import Gateways
from networks.roads.joining import join_junctions
from networks.roads.lanes import lanes_stated, repair_lanes
from networks.roads.net_file import OUTSIDE, Net, NetEdge, read_net
from networks.roads.netconvert import convert_osm, convert_plain
from networks.roads.plain import PlainNet, read_plain, write_plain
from networks.roads.prune import make_whole
from networks.roads.sides import EdgeSide, edge_sides
from networks.roads.source import RoadSource, write_road_source
from networks.roads.turns import open_dead_lanes
from networks.signals.guesses.controller import Controller
from networks.signals.guesses.matching import match_signals


@dataclass(frozen=True)
class Roads:
    """The pruned network with what it was made from.

    Attributes:
        net: The network as written to `roads.net.xml`.
        source: The cleaned roads.
        gateways: Edges that leave or enter the map.
        kept_share: Length of the kept edges over that of all converted edges.
        repairs: What was changed against the map and the converter.
        doubts: What an engineer should look at.
        controllers: The signals built.
    """

    net: Net
    source: RoadSource
    gateways: Gateways
    kept_share: float
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    controllers: tuple[Controller, ...] = ()

    @property
    def streets(self) -> tuple[NetEdge, ...]:
        """The city's own edges: all but the connectors outside (outside.py)."""
        return tuple(edge for edge in self.net.edges if edge.kind != OUTSIDE)


def build_roads(
    extract: Extract,
    plane: Plane,
    frame: Polygon,
    *,
    left_hand: bool,
    work: Path,
    out: Path,
    border_links: bool = True,
) -> Roads:
    """Convert the extract's roads and write the connected part to `out` (a `.net.xml`); scratch files go to `work`.

    Raises:
        BadMap: The map has no roads, or no two that connect.
        EngineFailed: netconvert stopped.
    """
    source = write_road_source(extract, plane, frame, work / "roads.osm", left_hand=left_hand)
    stated = lanes_stated(source)
    convert_osm(source.file, work / "raw", epsg=plane.epsg, left_hand=left_hand, no_ramp_lanes=stated)
    plain = read_plain(work / "raw")
    joined = join_junctions(plain)
    repaired, doubts = repair_lanes(plain, source)
    whole = make_whole(plain, source, extract, plane, border_links=border_links)
    if whole is None:
        raise BadMap(
            "no part of the road network is connected both ways",
            file=extract.file,
            expected="streets that cars can drive in circles, or that leave the map",
            remedy="export a larger area",
        )
    merged = open_dead_lanes(plain, source)
    signals = match_signals(plain, source.sites, source.xy)
    net = _built(plain, work, left_hand)
    out.write_bytes((work / "built.net.xml").read_bytes())
    repairs = [*source.repairs, *joined, *repaired, *whole.repairs, *merged, *signals.repairs]
    doubts = [*source.doubts, *doubts, *whole.doubts, *signals.doubts]
    return Roads(net, source, whole.gateways, whole.kept_share, repairs, doubts, signals.controllers)


def _built(plain: PlainNet, work: Path, left_hand: bool) -> Net:
    """The network that netconvert makes of the plain one, as `built.net.xml`."""
    write_plain(plain, work / "plain")
    convert_plain(work / "plain", work / "built.net.xml", left_hand=left_hand)
    return read_net(work / "built.net.xml")


def edge_rows(roads: Roads) -> list[dict[str, Any]]:
    """Rows of the layer `edges`, in the network's order."""
    ways = roads.source.ways
    sides = edge_sides(((e.edge_id, e.shape, e.osm_ways) for e in roads.net.edges), roads.source)
    return [_edge_row(e, [ways.get(w, {}) for w in e.osm_ways], sides[e.edge_id]) for e in roads.net.edges]


def _edge_row(edge: NetEdge, tags: Sequence[Tags], sides: Sequence[EdgeSide]) -> dict[str, Any]:
    said = [one.side for one in sides if one.side is not None]
    return {
        "edge_id": edge.edge_id,
        "name": next((t["name"] for t in tags if "name" in t), edge.name),
        "highway": edge.kind,
        "lanes": edge.lanes,
        "cycle_lanes": edge.cycle_lanes,
        "speed_mps": edge.speed_mps,
        "length_m": edge.length_m,
        "from_node": edge.from_node,
        "to_node": edge.to_node,
        "passenger": "passenger" in edge.allows,
        "bus": "bus" in edge.allows,
        "emergency": "emergency" in edge.allows,
        "bicycle": "bicycle" in edge.allows,
        "bridge": _mostly(tags, "bridge"),
        "tunnel": _mostly(tags, "tunnel"),
        "level": usual_level(tags),
        "lanes_source": "osm" if any(side.lanes is not None for side in said) else "guessed",
        "speed_source": "osm" if any(side.speed_mps is not None for side in said) else "guessed",
        "geometry": LineString(edge.shape),
    }


def _mostly(tags: Sequence[Tags], key: str) -> bool:
    """Whether most of an edge's ways carry the tag; a passage through a building is no tunnel."""
    yes = sum(t.get(key, "no") not in ("no", "building_passage", "passage", "covered") for t in tags)
    return bool(tags) and yes * 2 > len(tags)


def gateway_rows(roads: Roads) -> list[dict[str, Any]]:
    """Rows of the layer `gateways`: those for cars, in the network's order, the way out before the way in."""
    rows: list[dict[str, Any]] = []
    for direction, chosen, end in (("out", roads.gateways.out, -1), ("in", roads.gateways.into, 0)):
        for edge in roads.net.edges:
            if edge.edge_id in chosen and "passenger" in edge.allows:
                rows.append(
                    {
                        "edge_id": edge.edge_id,
                        "direction": direction,
                        "highway": edge.kind,
                        "lanes": edge.lanes,
                        "geometry": Point(edge.shape[end]),
                    }
                )
    return rows


def signal_rows(roads: Roads) -> list[dict[str, Any]]:
    """Rows of the layer `signals`: one per controller of the network, by id."""
    real = {link.tls_id for link in roads.net.links if link.tls_id}
    return [
        {
            "tls_id": one.tls_id,
            "kind": one.kind,
            "plan_source": "guessed",
            "osm_nodes": " ".join(map(str, one.osm_nodes)),
            "geometry": Point(one.x, one.y),
        }
        for one in sorted(roads.controllers, key=lambda one: one.tls_id)
        if one.tls_id in real
    ]
