"""Plain networks: read, changed, written, built again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from networks.errors import BadCity
from networks.roads.net_file import Net, read_net
from networks.roads.netconvert import convert_osm, convert_plain
from networks.roads.plain import PlainNet, read_plain, write_plain
from networks.roads.plain_graph import as_net
from tests.networks.small_towns import block, town_xml


@pytest.fixture
def town(tmp_path: Path, write: Callable[..., Path]) -> PlainNet:
    """A grid of streets as netconvert understands it."""
    nodes, ways = block()
    convert_osm(write(town_xml(nodes, ways), "roads.osm"), tmp_path / "raw", epsg="EPSG:32635", left_hand=False)
    return read_plain(tmp_path / "raw")


def built(plain: PlainNet, folder: Path) -> Net:
    write_plain(plain, folder / "again")
    convert_plain(folder / "again", folder / "net.net.xml", left_hand=False)
    return read_net(folder / "net.net.xml")


def test_what_is_known_before_building_is_what_is_built(town: PlainNet, tmp_path: Path) -> None:
    before, after = as_net(town), built(town, tmp_path)
    assert [e.edge_id for e in before.edges] == [e.edge_id for e in after.edges]
    for vclass in ("passenger", "bus", "emergency", "bicycle"):
        assert sorted(before.pairs(vclass)) == sorted(after.pairs(vclass))
    assert [(e.lanes, e.allows, e.osm_ways, e.kind) for e in before.edges] == [
        (e.lanes, e.allows, e.osm_ways, e.kind) for e in after.edges
    ]


def test_dropped_edges_and_moves_stay_dropped(town: PlainNet, tmp_path: Path) -> None:
    gone = next(iter(town.edges))
    town.drop_edges([gone])
    a, b = next((c.attrib["from"], c.attrib["to"]) for c in town.connections if "to" in c.attrib)
    every = {(a, c.attrib["to"]) for c in town.connections_from(a)}
    town.drop_connections(every)  # netconvert would guess moves for an edge without any
    net = built(town, tmp_path)
    assert gone not in {e.edge_id for e in net.edges}
    assert not [pair for pair in net.pairs("passenger") if pair[0] == a]
    town.connect(a, 0, b, 0)
    assert (a, b) in built(town, tmp_path).pairs("passenger")


def test_written_twice_it_is_the_same(town: PlainNet, tmp_path: Path) -> None:
    write_plain(town, tmp_path / "one")
    write_plain(read_plain(tmp_path / "one"), tmp_path / "two")
    for kind in ("nod", "edg", "con", "typ"):
        assert (tmp_path / f"one.{kind}.xml").read_bytes() == (tmp_path / f"two.{kind}.xml").read_bytes()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "raw.nod.xml").write_text("<nodes>", encoding="utf-8")
    with pytest.raises(BadCity, match=r"raw\.nod\.xml"):
        read_plain(tmp_path / "raw")
