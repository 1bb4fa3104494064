"""Cities of the shared test data: Monaco with a terrain and its sea, Shanghai without buildings."""

from __future__ import annotations

import os
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import pytest

from networks import City, build_city
from networks.ground.underpasses import read_underpasses

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def data(name: str) -> Path:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{name} is not here: set CITYTWIN_DATA to the folder of test data")
    return file


@pytest.fixture(scope="module")
def monaco(tmp_path_factory: pytest.TempPathFactory) -> City:
    out = tmp_path_factory.mktemp("cities") / "monaco"
    return build_city(data("osm/monaco.osm.pbf"), out, dem=data("dem/monaco_street10m_utm32.tif"))


def built_share(city: City) -> float:
    """Share of the signal nodes on roads that a controller stands for."""
    signals = city.layer("signals")
    assert signals.tls_id.is_unique and (signals.osm_nodes != "").all()
    built = {int(node) for nodes in signals.osm_nodes for node in nodes.split()}
    doubts = city.layer("doubts")
    lost = {int(n[1:]) for osm in doubts[doubts.kind == "signal_unmatched"].osm for n in osm.split()}
    assert not built & lost
    return len(built) / len(built | lost)


def test_monaco_has_one_signal_at_each_crossing_and_junction(monaco: City) -> None:
    kinds = monaco.layer("signals").kind.value_counts()
    assert 7 <= kinds["junction"] <= 10 and 10 <= kinds["crossing"] <= 15
    assert built_share(monaco) == 1.0


def test_monaco_has_its_sea_its_slope_and_its_services(monaco: City) -> None:
    assert monaco.crs == "EPSG:32632"
    assert not monaco.left_hand
    counts = monaco.manifest["counts"]
    assert counts["buildings"] > 1500
    facilities = monaco.layer("facilities").kind.value_counts()
    assert facilities["fire_station"] == 2
    assert facilities["hospital"] + facilities["clinic"] >= 6
    sea = monaco.layer("water").query("kind == 'sea'").geometry.union_all()
    assert monaco.layer("buildings").intersects(sea).mean() < 0.05
    assert sea.area > 1.5e6
    terrain = monaco.terrain()
    assert terrain.elevation_m.max() > 150
    assert terrain.screening  # 10 m cells
    wet = terrain.surface == 1
    assert wet.mean() > 0.2
    assert (monaco.layer("edges").tunnel).sum() > 50


def test_monaco_before_its_coast_was_drawn_is_not_under_water(tmp_path: Path) -> None:
    city = build_city(data("osm/monaco_2012.osm.gz"), tmp_path / "city")
    assert (city.layer("water").kind != "sea").all()
    assert len(city.layer("zones")) > 50


def middle(file: Path, share: float, out: Path) -> Path:
    """The middle of an extract, `share` of its width and height; ways that reach in lack their other nodes."""
    places = np.array([(node.lon, node.lat) for node in osmium.FileProcessor(file, osmium.osm.NODE)])
    low, high = np.quantile(places, [0.02, 0.98], axis=0)
    inside = np.all(np.abs(places - (low + high) / 2) < share * (high - low) / 2, axis=1)
    kept = {node.id for node, here in zip(osmium.FileProcessor(file, osmium.osm.NODE), inside, strict=True) if here}
    with osmium.SimpleWriter(str(out)) as writer:
        for thing in osmium.FileProcessor(file):
            if thing.id in kept if thing.is_node() else not thing.is_way() or any(n.ref in kept for n in thing.nodes):
                writer.add(thing)
    return out


@pytest.mark.parametrize(
    ("share", "junctions"), [(0.45, (290, 320)), pytest.param(None, (700, 760), marks=pytest.mark.full)]
)
def test_shanghai_without_buildings_keeps_its_signals_and_names(
    tmp_path: Path, share: float | None, junctions: tuple[int, int]
) -> None:
    whole = data("osm/shanghai_center.osm.gz")
    city = build_city(middle(whole, share, tmp_path / "middle.osm.pbf") if share else whole, tmp_path / "city")
    assert len(city.layer("buildings")) == 0
    assert junctions[0] < (city.layer("signals").kind == "junction").sum() < junctions[1]
    assert built_share(city) >= 0.98
    assert "复兴中路" in set(city.layer("edges").name)
    assert city.manifest["notes"]["road_length_kept_share"] > 0.97
    graph = city.walk_graph()
    links = nx.Graph(zip(graph.link_from.tolist(), graph.link_to.tolist(), strict=True))
    assert nx.is_connected(links)
    assert np.isfinite(graph.length_m).all()


def test_monaco_has_few_underpasses_and_its_hill_tunnels_are_none(monaco: City) -> None:
    found = read_underpasses(monaco)
    tunnels = monaco.layer("structures").query("kind == 'tunnel' and use == 'road'")
    assert len(tunnels) > 40 and 1 <= len(found) <= 15
    assert not {"Tunnel Albert II", "Tunnel Rainier III"} & {one.name for one in found}
    assert {one.catchment_source for one in found} == {"screening"}
    ground = monaco.manifest["notes"]["ground"]
    assert ground["dammed_waterways"] == 0 and abs(ground["coast_height_m"]) < 1.0 and ground["pit_share"] < 0.05
    assert monaco.layer("drains").capacity_mm_h.max() > 20
