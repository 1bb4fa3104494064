"""The network becomes one whole: connectors beyond the border, private-only access, pruning, hospitals kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from networks import City, build_city
from networks.roads.net_file import OUTSIDE, Net, read_net
from tests.networks.small_towns import ROAD, block, town_xml

Write = Callable[..., Path]
ONE_WAY = {**ROAD, "oneway": "yes", "lanes": "1"}


def strong_share(net: Net, vclass: str = "passenger") -> float:
    """Share of the length that a class may use in the largest strongly connected part, nothing virtual."""
    length = {e.edge_id: e.length_m for e in net.edges if vclass in e.allows}
    graph = nx.DiGraph()
    graph.add_nodes_from(length)
    graph.add_edges_from(net.pairs(vclass))
    parts = [sum(length[e] for e in part) for part in nx.strongly_connected_components(graph)]
    return max(parts) / sum(parts)


def clipped_town() -> str:
    """A grid with a one-way street that leaves the frame and another that enters it."""
    nodes, ways = block()
    nodes |= {900: (1.0, 5.0), 901: (2.0, 5.0)}
    ways[3000] = ([302, 900], {**ONE_WAY, "name": "Out"})
    ways[3001] = ([901, 303], {**ONE_WAY, "name": "In"})
    return town_xml(nodes, ways, bounds=(-0.5, -0.5, 3.5, 4.0))


def repairs_of(city: City, rule: str) -> list[str]:
    table = city.layer("repairs")
    return list(table[table["rule"] == rule]["osm"])


def test_connectors_join_ways_out_to_ways_in(write: Write, tmp_path: Path) -> None:
    city = build_city(write(clipped_town()), tmp_path / "city")
    net = read_net(city.net_file)
    fiction = [e for e in net.edges if e.kind == OUTSIDE]
    assert strong_share(net) == 1.0
    assert [e.edge_id for e in fiction] == ["outside_0"]
    assert fiction[0].length_m >= 500 and not fiction[0].osm_ways
    assert repairs_of(city, "outside_connector") == ["w3000 w3001"]
    assert "outside_connector" in set(city.layer("doubts")["kind"])
    edges = city.layer("edges").set_index("edge_id")
    assert edges.loc["outside_0", "highway"] == "outside"
    for layer in ("sensors", "zones"):
        assert not city.layer(layer)["edge_id"].str.startswith("outside").any()


def test_without_connectors_the_gateways_alone_hold_the_city_together(write: Write, tmp_path: Path) -> None:
    city = build_city(write(clipped_town()), tmp_path / "city", border_links=False)
    net = read_net(city.net_file)
    assert not [e for e in net.edges if e.kind == OUTSIDE]
    assert strong_share(net) < 1.0
    assert set(city.layer("gateways")["direction"]) == {"in", "out"}


def test_the_same_file_gives_the_same_network(write: Write, tmp_path: Path) -> None:
    source = write(clipped_town())
    first, second = (build_city(source, tmp_path / name) for name in ("a", "b"))
    digests = {hashlib.sha256(city.net_file.read_bytes()).hexdigest() for city in (first, second)}
    assert len(digests) == 1
    assert first.digest == second.digest


def with_yard(access: str) -> str:
    """A grid, and a public street that only a road with this access leads to."""
    nodes, ways = block()
    nodes |= {910: (4.0, 1.0), 911: (5.0, 1.0), 912: (5.0, 2.0)}
    ways[4000] = ([104, 910], {**ROAD, "access": access})
    ways[4001] = ([910, 911, 912], ROAD)
    return town_xml(nodes, ways)


def test_a_private_road_is_opened_where_it_alone_leads_to_public_streets(write: Write, tmp_path: Path) -> None:
    city = build_city(write(with_yard("private")), tmp_path / "city")
    edges = city.layer("edges")
    assert set(repairs_of(city, "private_road_opened")) == {"w4000"}
    assert edges["passenger"].all()


def test_a_private_dead_end_stays_private_and_ambulances_may_use_it(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    nodes |= {910: (4.0, 1.0)}
    ways[4000] = ([104, 910], {**ROAD, "access": "private"})
    city = build_city(write(town_xml(nodes, ways)), tmp_path / "city")
    net = read_net(city.net_file)
    yard = [e for e in net.edges if 4000 in e.osm_ways]
    assert len(yard) == 2
    assert all("passenger" not in e.allows and "emergency" in e.allows for e in yard)
    assert strong_share(net) == strong_share(net, "emergency") == 1.0


@pytest.mark.parametrize("hospital", [True, False])
def test_a_one_way_stub_is_kept_for_a_hospital_alone(write: Write, tmp_path: Path, hospital: bool) -> None:
    nodes, ways = block()
    nodes |= {910: (2.5, 1.5), 911: (2.5, 1.45)}
    nodes |= {912: (2.5, 1.0)}
    ways[1001] = ([101, 102, 103, 912, 104], ROAD)
    ways[4000] = ([912, 910], ONE_WAY)  # leads in, and never out
    tags = {911: {"amenity": "hospital", "name": "Stub"}} if hospital else {}
    xml = town_xml(nodes, ways, node_tags=tags, bounds=(-0.5, -0.5, 3.5, 3.5))
    city = build_city(write(xml), tmp_path / "city")
    net = read_net(city.net_file)
    kept = any(4000 in e.osm_ways for e in net.edges)
    assert kept is hospital
    assert bool(repairs_of(city, "outside_connector")) is hospital
    assert bool(repairs_of(city, "pruned")) is not hospital
    assert strong_share(net) == 1.0
    if hospital:
        nearest = city.layer("facilities")["edge_id"].iloc[0]
        assert 4000 in next(e.osm_ways for e in net.edges if e.edge_id == nearest)
