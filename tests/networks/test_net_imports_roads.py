"""A SUMO net of one's own as a city, with and without a map."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import Point
from small_towns import LAT, LON, ROAD, STEP, block, town_xml

from networks import LAYERS, BadMap, City, build_city, demo_extract, read_signal_plans, sumo_home
from networks.coordinates.net_plane import net_plane
from networks.imports.own_net import NEWEST, is_net, read_own_net

Write = Callable[..., Path]
DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
OWNED = {
    "bologna": ("sumo/bologna/joined_buslanes.net.xml", 13),
    "hamburg": ("sumo/hamburg/network.net.xml.gz", 43),
    "westlake": ("sumo/hangzhou_westlake/pb_hangzhou_hangzhou.net.xml.gz", 247),
    "cologne8": ("resco/cologne8/cologne8.net.xml", 8),
}


def plain_xml(source: Path, out: Path) -> Path:
    """An OSM file that netconvert can read."""
    with osmium.SimpleWriter(str(out)) as writer:
        for item in osmium.FileProcessor(str(source)):
            writer.add(item)
    return out


def netconvert(source: Path, out: Path, *options: str) -> Path:
    """A net as somebody else would make it: normalised, so with an offset."""
    home = sumo_home()
    base = [str(home / "bin" / "netconvert"), "--no-warnings", "--xml-validation", "never", "-o", str(out)]
    env = {**os.environ, "SUMO_HOME": str(home)}
    done = subprocess.run([*base, *options, "--osm-files", str(source)], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def town_net(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A town's map with houses, and a net that somebody made of it."""
    folder = tmp_path_factory.mktemp("nets")
    nodes, ways = block()
    nodes |= {9001: (1.3, 1.3), 9002: (1.6, 1.3), 9003: (1.6, 1.6), 9100: (40.0, 40.0), 9101: (40.2, 40.0)}
    nodes |= {9102: (40.2, 40.2)}
    ways[3001] = ([9001, 9002, 9003, 9001], {"building": "hospital", "amenity": "hospital", "name": "Test"})
    ways[3002] = ([9100, 9101, 9102, 9100], {"building": "yes"})
    ways[1001] = (ways[1001][0], {**ROAD, "name": "High Street", "bridge": "yes"})
    osm = folder / "town.osm"
    osm.write_text(town_xml(nodes, ways, node_tags={202: {"highway": "traffic_signals"}}), encoding="utf-8")
    return osm, netconvert(osm, folder / "town.net.xml", "--output.original-names", "--output.street-names")


def test_a_net_is_kept_byte_for_byte_and_opens_without_a_map(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    _, net = town_net
    packed = tmp_path / "town.net.xml.gz"
    packed.write_bytes(gzip.compress(net.read_bytes()))
    city, again = (build_city(file, tmp_path / f"city{i}") for i, file in enumerate((net, packed)))
    assert city.net_file.read_bytes() == net.read_bytes() == again.net_file.read_bytes()
    assert city.digest == again.digest
    assert City.open(city.folder, verify=True).name == "town"
    for name in LAYERS:
        assert list(city.layer(name).columns) == [*LAYERS[name], "geometry"]
    assert tuple(city.layer("edges").edge_id) == city.road_graph().edge_ids
    assert set(city.layer("edges").lanes_source) == set(city.layer("edges").speed_source) == {"imported"}
    assert set(city.layer("signals").plan_source) == {"imported"}
    assert len(city.layer("buildings")) == 0
    walks = city.walk_graph()
    assert set(walks.kind) == {"sidewalk"} and len(walks.length_m) <= len(city.layer("edges"))
    ends = np.column_stack([walks.node_x, walks.node_y])
    straight = np.hypot(*(ends[walks.link_to] - ends[walks.link_from]).T)
    assert (walks.length_m > straight - 40.0).all(), "links run between the junctions that they join"
    plans = read_signal_plans(city.net_file, source=city.plan_source)
    assert set(plans) == set(city.layer("signals").tls_id) and {plan.source for plan in plans.values()} == {"imported"}
    said = " ".join(one["en"] for one in city.guesses)
    assert "from a road network alone: no buildings" in said and "signal plans" not in said
    assert city.attribution == "Road network: given by the city's owner"
    assert [one["name"] for one in city.manifest["datasets"]] == ["roads"]


def test_the_map_lies_where_the_net_lies(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    osm, net = town_net
    from_map, owned = build_city(osm, tmp_path / "map"), build_city(net, tmp_path / "net", osm=osm)
    assert 'netOffset="0.00,0.00"' not in net.read_text(encoding="utf-8")
    assert owned.bounds[0] > -100 and from_map.bounds[0] > 100_000  # other planes
    for east, north in ((0.5, 1.0), (1.5, 1.0), (2.0, 2.5)):  # points on streets, in degrees
        near = []
        for city in (from_map, owned):
            x, y = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True).transform(
                LON + east * STEP * 2, LAT + north * STEP
            )
            edges = city.layer("edges")
            off = edges.distance(Point(x, y))
            assert off.min() < 3.0
            near.append({edge.lstrip("-").split("#")[0] for edge in edges.edge_id[off < off.min() + 0.5]})
        assert near[0] == near[1]
    houses, house = owned.layer("buildings"), from_map.layer("buildings").to_crs(owned.crs)
    assert len(houses) == 1  # the other one lies beyond the net
    assert houses.geometry[0].centroid.distance(house.geometry[0].centroid) < 0.01
    assert owned.layer("facilities").kind.tolist() == ["hospital"]
    assert len(owned.layer("walk_links")) > 10
    assert owned.layer("edges").set_index("edge_id").bridge["1001#0"]
    assert "OpenStreetMap" in owned.attribution and "owner" in owned.attribution
    assert [one["name"] for one in owned.manifest["datasets"]] == ["roads", "map"]


def test_another_place_s_map_is_refused(town_net: tuple[Path, Path], tmp_path: Path, write: Write) -> None:
    nodes, ways = block()
    moved = {ref: (east + 60, north + 0.4) for ref, (east, north) in nodes.items()}
    with pytest.raises(BadMap, match="only 0% of the network"):
        build_city(town_net[1], tmp_path / "city", osm=write(town_xml(moved, ways)))
    with pytest.raises(BadMap, match="--osm goes with a road network"):
        build_city(town_net[0], tmp_path / "city", osm=town_net[0])
    assert not (tmp_path / "city").exists()


def test_a_net_without_geo_reference_is_a_plane_of_its_own(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    osm, net = town_net
    text = net.read_text(encoding="utf-8")
    bare = tmp_path / "bare.net.xml"
    begin = text.index('projParameter="') + len('projParameter="')
    bare.write_text(text[:begin] + "!" + text[text.index('"', begin) :], encoding="utf-8")
    city = build_city(bare, tmp_path / "city")
    assert not city.georeferenced and city.center_lonlat == pytest.approx((0.0, 0.0), abs=1e-4)
    assert any("no geo reference" in one["en"] for one in city.guesses)
    with pytest.raises(BadMap, match="no geo reference"):
        build_city(bare, tmp_path / "other", osm=osm)
    without = tmp_path / "without.net.xml"
    location = text[text.index("<location") : text.index("/>", text.index("<location")) + 2]
    without.write_text(text.replace(location, ""), encoding="utf-8")
    assert not read_own_net(without).plane.georeferenced


def test_streets_of_unknown_class_are_guessed_and_ends_at_the_rim_are_gateways(tmp_path: Path) -> None:
    home = sumo_home()
    net = tmp_path / "grid.net.xml"
    make = [str(home / "bin" / "netgenerate"), "--grid", "--grid.number", "3", "--grid.attach-length", "100", "-L", "2"]
    subprocess.run([*make, "-o", str(net)], check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(home)})
    own = read_own_net(net)
    assert {edge.kind for edge in own.net.edges} == {"primary"} and own.guessed_classes == len(own.net.edges)
    assert len(own.gateways.out) == len(own.gateways.into) == 12


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('<net version="1.20"', f'<net version="{NEWEST[0]}.{NEWEST[1] + 1}"', "newer SUMO"),
        ('<net version="1.20"', '<net version="0.9"', "too old"),
        ('<net version="1.20"', "<net", "too old"),
        ("+proj=utm", "+proj=nonsense", "projection cannot be used"),
        ('netOffset="', 'netOffset="x', "projection cannot be used"),
        ('netOffset="', 'netOffset="nan,', "projection cannot be used"),
        ("<net ", "<!DOCTYPE net [<!ENTITY a 'b'>]>\n<net ", "declares a document type"),
        ("<net ", "<routes ", "its first element is <routes>"),
        (' from="', ' fron="', "has no 'from'"),
        (' speed="', ' speed="fast', "cannot be read"),
        (' length="', ' length="-', "out of range"),
        ('<edge id="1001', '<edge id="1000', "same id"),
        ("<connection ", "<konnection ", "no two of its edges are joined"),
    ],
)
def test_what_is_no_usable_net_is_refused(
    town_net: tuple[Path, Path], tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = town_net[1].read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bad.net.xml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadMap) as caught:
        build_city(file, tmp_path / "city")
    assert words in str(caught.value) and caught.value.file == str(file)
    assert caught.value.expected or caught.value.remedy
    assert not (tmp_path / "city").exists()


def test_a_net_is_known_by_its_name_or_its_first_element(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    osm, net = town_net
    other = tmp_path / "roads.xml"
    other.write_bytes(net.read_bytes())
    assert is_net(other) and is_net(net) and is_net(tmp_path / "none.net.xml.gz")
    other.write_bytes(osm.read_bytes())
    assert not is_net(other) and not is_net(osm) and not is_net(tmp_path / "none.xml")


def test_a_net_without_edges_for_cars(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    text = town_net[1].read_text(encoding="utf-8")
    file = tmp_path / "rails.net.xml"
    file.write_text(text.replace("<lane ", '<lane allow="tram" ').replace('disallow="', 'data="'), encoding="utf-8")
    with pytest.raises(BadMap, match="no edge of it is open to cars"):
        read_own_net(file)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
@pytest.mark.parametrize("packed", [False, True])
def test_a_truncated_net(town_net: tuple[Path, Path], tmp_path: Path, share: float, packed: bool) -> None:
    whole = gzip.compress(town_net[1].read_bytes()) if packed else town_net[1].read_bytes()
    file = tmp_path / ("cut.net.xml.gz" if packed else "cut.net.xml")
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadMap):
        build_city(file, tmp_path / "city")
    assert not (tmp_path / "city").exists()


def test_what_only_sumo_notices_is_told_in_its_words(town_net: tuple[Path, Path], tmp_path: Path) -> None:
    text = town_net[1].read_text(encoding="utf-8")
    file = tmp_path / "bad.net.xml"
    begin = text.index('incLanes="', text.index('type="priority"'))
    file.write_text(text[:begin] + 'incLanes="nowhere_0 ' + text[begin + len('incLanes="') :], encoding="utf-8")
    with pytest.raises(BadMap, match=r"SUMO cannot load it: .*nowhere_0"):
        build_city(file, tmp_path / "city")


@settings(max_examples=30)
@given(
    zone=st.integers(1, 60),
    south=st.booleans(),
    lon=st.floats(-2.9, 2.9),
    lat=st.floats(0.1, 79.9),
    offset=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e7, 1e7)),
)
def test_the_plane_of_a_net_is_its_projection_and_offset(
    zone: int, south: bool, lon: float, lat: float, offset: tuple[float, float]
) -> None:
    offset = round(offset[0], 2), round(offset[1], 2)
    lon, lat = zone * 6 - 183 + lon, -lat if south else lat
    stated = f"+proj=utm +zone={zone}{' +south' if south else ''} +ellps=WGS84 +datum=WGS84 +units=m +no_defs"
    x, y = Transformer.from_crs("EPSG:4326", stated, always_xy=True).transform(lon, lat)
    plane = net_plane(stated, offset, (x + offset[0], y + offset[1]))
    moved = Transformer.from_crs("EPSG:4326", plane.crs, always_xy=True).transform(lon, lat)
    assert np.hypot(moved[0] - x - offset[0], moved[1] - y - offset[1]) < 0.001
    back = plane.lonlat(x + offset[0], y + offset[1])
    assert back == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize(
    "projection",
    [
        "EPSG:25832", "+init=epsg:3067", "+proj=tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=3500000 +y_0=0 +ellps=bessel",
        "+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80", "+proj=merc",
    ],
)  # fmt: skip
def test_other_projections_are_moved_too(projection: str) -> None:
    assert net_plane(projection, (-1000.5, 2000.25), (400_000.0, 5_500_000.0)).georeferenced


@pytest.mark.parametrize(
    "projection", ["+proj=longlat", "EPSG:4326", "+proj=utm +zone=99", "+units=ft +proj=merc", "x"]
)
def test_what_is_no_plane_is_refused(projection: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        net_plane(projection, (0.0, 0.0), (400_000.0, 5_500_000.0))


@pytest.mark.parametrize("name", OWNED)
def test_nets_that_others_made(name: str, tmp_path: Path) -> None:
    file, signals = OWNED[name]
    if not (DATA / file).exists():
        pytest.skip("the folder of shared data is not here: CITYTWIN_DATA")
    city = build_city(DATA / file, tmp_path / "city")
    assert len(city.layer("signals")) == signals and city.georeferenced
    gateways = city.layer("gateways").direction.value_counts()
    assert gateways["in"] >= 10 and gateways["out"] >= 10
    assert city.layer("edges").total_bounds[0] >= city.bounds[0]
    places = {"bologna": (11.3, 44.5), "hamburg": (9.98, 53.56), "westlake": (120.17, 30.25), "cologne8": (6.96, 50.97)}
    assert city.center_lonlat == pytest.approx(places[name], abs=0.03)


def test_the_demo_city_s_map_fits_a_net_made_of_it(tmp_path: Path) -> None:
    net = netconvert(
        plain_xml(demo_extract(), tmp_path / "helsinki.osm"),
        tmp_path / "helsinki.net.xml",
        "--keep-edges.by-vclass",
        "passenger",
    )
    city = build_city(net, tmp_path / "city", osm=demo_extract())
    assert len(city.layer("buildings")) > 300 and len(city.layer("walk_links")) > 1000
    hits = city.layer("buildings").geometry.union_all().intersection(city.layer("edges").geometry.union_all())
    assert hits.length < 0.1 * city.layer("edges").length.sum()  # streets do not run through houses
