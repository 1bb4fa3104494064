"""Zones of a city's owner."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from networks import BadInput, City, import_zones


def halves(city: City) -> gpd.GeoDataFrame:
    """Two zones that part the town, and one far in the west."""
    west, south, east, north = city.bounds
    middle = (west + east) / 2
    shapes = [
        box(west, south, middle, north),
        box(middle, south, east, north),
        box(west - 9e3, south, west - 8e3, north),
    ]
    return gpd.GeoDataFrame({"TAZ": [1, 2, 3], "POP": [10, 20, 0]}, geometry=shapes, crs=city.crs)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_zones_take_the_place_of_the_grid(town: City, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"zones{suffix}"
    halves(town).to_crs(4326).to_file(file)
    before = town.layer("buildings").population.sum()
    done = import_zones(town.folder, file, id_column="TAZ")
    assert (done.inside, done.outside) == (2, 1)
    city = City.open(town.folder, verify=True)
    zones = city.layer("zones").set_index("zone_id")
    assert list(zones.index) == ["1", "2", "3"]
    assert zones.source.tolist() == ["imported", "imported", "outside"]
    assert zones.population.sum() == pytest.approx(before, abs=0.1) and (zones.population[:2] > 0).all()
    assert city.digest != town.digest and city.manifest["counts"]["zones"] == 3
    assert city.manifest["provenance"]["zones"]["geometry"] == "imported: the dataset zones"
    edges = city.layer("edges").set_index("edge_id")
    for zone in ("1", "2"):
        doors = zones.connectors[zone].split()
        assert 4 <= len(doors) <= 8 and zones.edge_id[zone] == doors[0]
        assert all(
            edges.geometry[e].interpolate(0.5, normalized=True).within(zones.geometry[zone].buffer(1)) for e in doors
        )
    gates = city.layer("gateways").set_index("edge_id").direction
    assert sorted(gates[zones.connectors["3"].split()]) == ["in", "out"]
    assert zones.walk_node["3"] == -1
    assert any("beyond the map" in said["en"] for said in city.guesses)
    (source,) = [one for one in city.manifest["datasets"] if one["name"] == "zones"]
    assert source["file"] == file.name
    assert len(done.told) == 1


def test_numbers_of_the_owner_count_instead_of_guesses(town: City, tmp_path: Path) -> None:
    file = tmp_path / "zones.gpkg"
    halves(town).to_file(file)
    import_zones(town.folder, file, id_column="TAZ", population_column="POP")
    city = City.open(town.folder)
    assert city.layer("zones").population.tolist() == [10.0, 20.0, 0.0]
    assert city.manifest["provenance"]["zones"]["population"] == "imported: the dataset zones"
    assert not any(said["en"].startswith("population:") for said in city.guesses)


def test_beside_the_grid_nobody_is_counted_twice(town: City, tmp_path: Path) -> None:
    file = tmp_path / "zones.gpkg"
    halves(town).to_file(file)
    people = town.layer("zones").population.sum()
    for _ in range(2):
        import_zones(town.folder, file, id_column="TAZ", beside=True)
        zones = City.open(town.folder).layer("zones")
        assert zones.population.sum() == pytest.approx(people)
        assert zones.source.value_counts().to_dict() == {"grid": len(town.layer("zones")), "imported": 2, "outside": 1}
    import_zones(town.folder, file, id_column="TAZ")
    with pytest.raises(BadInput, match="has been replaced"):
        import_zones(town.folder, file, id_column="TAZ", beside=True)


def test_centroids_in_a_csv_get_the_area_around_them(town: City, tmp_path: Path) -> None:
    lon, lat = town.center_lonlat
    file = tmp_path / "zones.csv"
    file.write_text(
        f"zone;lon;lat;people\nwest;{lon - 0.001};{lat};5\neast;{lon + 0.001};{lat};7\n\nfar;{lon - 0.2};{lat};0\n",
        encoding="utf-8-sig",
    )
    done = import_zones(town.folder, file, population_column="people")
    zones = City.open(town.folder).layer("zones").set_index("zone_id")
    assert (done.inside, done.outside) == (2, 1)
    assert zones.population.tolist() == [5.0, 7.0, 0.0]
    at = {name: Point(zones.geometry[name].representative_point()).x for name in zones.index}
    assert at["far"] < at["west"] < at["east"]
    assert any("centroids" in said["en"] for said in done.told)


def bad(frame: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    return frame.assign(**columns)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"TAZ": [1, 1, 3]}, "row 2: the zone 1 is there twice"),
        ({"TAZ": [1, None, 3]}, "row 2: the zone has no id"),
        ({"POP": [1, -1, 3]}, "row 2, zone 2: POP is -1"),
        ({"POP": [1, float("nan"), 3]}, "row 2, zone 2: POP is nan"),
        ({"geometry": [None, box(0, 0, 1, 1), box(2, 2, 3, 3)]}, "row 1, zone 1: the zone has no geometry"),
        ({"geometry": [LineString([(0, 0), (1, 1)])] * 3}, "row 1, zone 1: the zone is a LineString without area"),
        ({"geometry": [box(0, 0, 9, 9), box(9, 0, 19, 9), Point(5, 5)]}, "some zones are areas and others points"),
        ({"geometry": [box(i, 0, i + 1, 1) for i in range(3)]}, "none of its zones lies on the map"),
    ],
)
def test_mistakes_in_the_file_name_the_row(town: City, tmp_path: Path, columns: dict[str, object], words: str) -> None:
    file = tmp_path / "zones.gpkg"
    bad(halves(town), **columns).to_file(file)
    with pytest.raises(BadInput) as caught:
        import_zones(town.folder, file, id_column="TAZ", population_column="POP")
    assert words in str(caught.value) and str(file) in str(caught.value)
    assert City.open(town.folder, verify=True).digest == town.digest
    assert [p.name for p in town.folder.parent.iterdir()] == ["town"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zone,lon,lat\na,24.94,60.17\nb,24.94\n", "line 3: the row has 2 cells, the header 3"),
        ("zone,lon,lat\na,here,60.17\n", "line 2: here, 60.17 is no place"),
        ("zone,lon,lat\na,24.94,600\n", "line 2: 24.94, 600 is no place"),
        ("zone,lon,lat\na,nan,60.17\n", "is no place"),
        ("zone,east,north\na,24.94,60.17\n", "no columns for the place"),
        ("", "it is empty"),
        ("zone,lon,lat\n", "it holds no zones"),
        ("name,lon,lat\na,24.94,60.17\n", "which column holds the ids?"),
        ("zone,lon,lat\na,24.942,60.171\nb,24.942,60.171\n", "the same centroid"),
    ],
)
def test_mistakes_in_a_csv_name_the_line(town: City, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "zones.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        import_zones(town.folder, file)
    assert words in str(caught.value)


def test_files_that_hold_no_zones(town: City, tmp_path: Path) -> None:
    for name, content in (
        ("a.geojson", b"{}"),
        ("a.gpkg", b"no"),
        ("a.shp", b"\0" * 200),
        ("a.txt", b"x"),
        ("a.zip", b"PK"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput):
            import_zones(town.folder, tmp_path / name)
    with pytest.raises(BadInput, match="no such file"):
        import_zones(town.folder, tmp_path / "none.gpkg")
    two = tmp_path / "two.gpkg"
    halves(town).to_file(two, layer="one")
    halves(town).to_file(two, layer="other")
    with pytest.raises(BadInput, match="several layers") as caught:
        import_zones(town.folder, two)
    assert caught.value.expected == "--layer, one of: one, other"
    assert import_zones(town.folder, two, layer="other", id_column="TAZ").inside == 2
    plain = tmp_path / "plain.shp"
    halves(town).to_file(plain)
    plain.with_suffix(".prj").unlink()
    with pytest.raises(BadInput, match="coordinate system"):
        import_zones(town.folder, plain, id_column="TAZ")


def test_a_bow_tie_is_made_an_area_and_overlaps_are_said(town: City, tmp_path: Path) -> None:
    west, south, east, north = town.bounds
    tie = Polygon([(west, south), (east, north), (east, south), (west, north)])
    shapes = [tie, box(west, south, east, north)]
    file = tmp_path / "zones.gpkg"
    gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs=town.crs).to_file(file)
    told = import_zones(town.folder, file).told
    assert any("lies in two zones" in said["en"] for said in told)
