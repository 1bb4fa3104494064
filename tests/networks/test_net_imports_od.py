"""Trip tables of a city's owner."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from networks import BadInput, City, NotThere, import_od, import_zones
from networks.imports.od_cells import Usual, check_cells, moment_s
from networks.imports.od_csv import read_od_csv

LONG = (
    "origin,destination,trips,begin,end,class\n1,2,10.5,07:00,08:30,car\n2,1,4,25200,30600,truck\n1,1,0,7:00,8:30,car\n"
)
SQUARE = "zone;1;2;3\n1;0;1,5;2\n2;4;0;0\n3;1;1;0\n"


@pytest.fixture
def zoned(town: City, tmp_path: Path) -> City:
    """The town with the zones 1 and 2 on the map, and 3 beyond it."""
    west, south, east, north = town.bounds
    middle = (west + east) / 2
    far = box(west - 9e3, south, west - 8e3, north)
    shapes = [box(west, south, middle, north), box(middle, south, east, north), far]
    file = tmp_path / "zones.gpkg"
    gpd.GeoDataFrame({"id": [1, 2, 3]}, geometry=shapes, crs=town.crs).to_file(file)
    return import_zones(town.folder, file).city


def given_file(tmp_path: Path, text: str, name: str = "trips.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_list_of_pairs(zoned: City, tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="no table 'od'") as caught:
        zoned.table("od")
    assert "twin import od" in str(caught.value.remedy)
    done = import_od(zoned.folder, given_file(tmp_path, LONG))
    city = City.open(zoned.folder, verify=True)
    assert city.table("od").to_dict("records") == [
        {"origin": "1", "destination": "2", "trips": 10.5, "begin_s": 25200.0, "end_s": 30600.0, "vclass": "car"},
        {"origin": "2", "destination": "1", "trips": 4.0, "begin_s": 25200.0, "end_s": 30600.0, "vclass": "truck"},
    ]
    assert (done.trips, done.pairs, done.by_class) == (14.5, 2, {"car": 10.5, "truck": 4.0})
    assert city.digest not in (zoned.digest, "")
    assert city.manifest["tables"]["od"]["trips"] == 14.5
    assert "tables/od.parquet" in city.manifest["files"]
    assert any("imported" in one["en"] and "外部导入" in one["zh"] for one in city.guesses)
    assert [one["name"] for one in city.manifest["datasets"]][-1] == "od"


def test_a_square_and_its_totals(zoned: City, tmp_path: Path) -> None:
    usual = Usual(moment_s("07:00", None, None), moment_s("9:00:00", None, None), "truck")
    done = import_od(zoned.folder, given_file(tmp_path, SQUARE), usual=usual)
    table = City.open(zoned.folder).table("od")
    assert (done.trips, done.pairs) == (9.5, 5)
    assert set(table.vclass) == {"truck"} and set(table.begin_s) == {25200.0} and set(table.end_s) == {32400.0}
    assert table.set_index(["origin", "destination"]).trips["1", "2"] == 1.5
    with_totals = "zone,1,2,Total\n1,0,2,2\n2,4,1,5\nTotal,4,3,7\n"
    assert import_od(zoned.folder, given_file(tmp_path, with_totals)).trips == 7.0
    assert len(City.open(zoned.folder).manifest["datasets"]) == len(zoned.manifest["datasets"]) + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LONG.replace("1,2,10.5", "1,9,10.5"), "line 2: 1 of its zones are not in the city: 9"),
        (LONG.replace("10.5", "-10.5"), "line 2: -10.5 trips from 1 to 2"),
        (LONG.replace("10.5", "nan"), "line 2: nan trips"),
        (LONG.replace("10.5", "inf"), "line 2: inf trips"),
        (LONG.replace("10.5", ""), "line 2: the cell is empty"),
        (LONG.replace("10.5", "ten"), "line 2: 'ten' is no number"),
        (LONG.replace("10.5", '"1,234"'), "line 2: '1,234' is no number"),
        (LONG.replace("07:00", "25:00"), "line 2: '25:00' is no time of a day"),
        (LONG.replace("07:00", "07:61"), "line 2: '07:61' is no time of a day"),
        (LONG.replace("07:00,08:30", "08:30,07:00"), "line 2: the period ends at 07:00, and begins at 08:30"),
        (LONG + "1,2,3,07:00,08:30,car\n", "line 5: trips from 1 to 2 are there twice, first in line 2"),
        ("origin,destination,trips\n", "it holds no trips"),
        ("origin,destination,trips\n1,2,0\n", "it holds no trips"),
        (SQUARE.replace("3;1;1;0\n", ""), "neither a list nor a square: 3 columns, 2 rows; not in both: 3"),
        (SQUARE.replace("3;1;1;0", "3;1;1"), "line 4: the row has 3 cells, the header 4"),
        (SQUARE.replace("zone;1;2;3", "zone;1;2;2"), "two columns are of the zone 2"),
        (SQUARE.replace("3;1;1;0", "2;1;1;0"), "two rows are of the zone 2"),
        (SQUARE.replace("2;4;0;0", "2;4;x;0"), "line 3, column 2: 'x' is no number"),
        (SQUARE.replace("2;4;0;0", "2;4;;0"), "line 3, column 2: the cell is empty"),
        (SQUARE.replace("2;4;0;0", "2;4;-1;0"), "line 3, column 2: -1 trips from 2 to 2"),
        ("zone,1,2,total\n1,0,2,9\n2,4,1,5\n", "line 2, column total: the total is 9, and the cells add up to 2"),
        ("zone,1,2\n1,0,2\n2,4,1\nsum,4,4\n", "line 4, column 2: the total is 4, and the cells add up to 3"),
        ("", "it is empty"),
    ],
)
def test_mistakes_name_the_line_and_the_column(zoned: City, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_od(zoned.folder, given_file(tmp_path, text))
    assert words in str(caught.value)
    assert City.open(zoned.folder, verify=True).digest == zoned.digest


def omx(file: Path, matrices: dict[str, np.ndarray], lookups: dict[str, np.ndarray]) -> Path:
    with h5py.File(file, "w") as book:
        book.attrs["OMX_VERSION"] = b"0.2"
        for name, values in matrices.items():
            book.create_dataset(f"data/{name}", data=values, compression="gzip" if values.size else None)
        for name, values in lookups.items():
            book[f"lookup/{name}"] = values
    return file


def test_an_open_matrix(zoned: City, tmp_path: Path) -> None:
    values = np.array([[0, 1.5, 2], [4, 0, 0], [1, 1, 0]])
    file = omx(tmp_path / "trips.omx", {"am": values, "pm": values.T}, {"taz": np.array([1, 2, 3], dtype=np.int32)})
    with pytest.raises(BadInput, match="2 of /data") as caught:
        import_od(zoned.folder, file)
    assert caught.value.expected == "--matrix, one of: am, pm"
    from_omx = import_od(zoned.folder, file, matrix="am").city.table("od")
    from_csv = import_od(zoned.folder, given_file(tmp_path, SQUARE)).city.table("od")
    assert from_omx.equals(from_csv)
    named = omx(tmp_path / "named.omx", {"am": values}, {"names": np.array([b"1", b"2", b"3"])})
    assert import_od(zoned.folder, named).city.table("od").equals(from_csv)
    plain = omx(tmp_path / "plain.omx", {"am": values}, {})
    assert import_od(zoned.folder, plain).city.table("od").equals(from_csv)


@pytest.mark.parametrize(
    ("values", "lookup", "words"),
    [
        ([[0.0, 1.0]], [1], "shape (1, 2)"),
        ([[0.0, -1.0], [0.0, 0.0]], [1, 2], "/data/m, row 1, column 2: -1 trips"),
        ([[0.0, np.nan], [0.0, 0.0]], [1, 2], "/data/m, row 1, column 2: nan trips"),
        ([[0.0, 1.0], [0.0, 0.0]], [1, 7], "not in the city: 7"),
        ([[0.0, 1.0], [0.0, 0.0]], [1, 1], "the lookup names 1 zones, the matrix has 2"),
        ([[0.0, 1.0], [0.0, 0.0]], [1, 2, 3], "the lookup names 3 zones, the matrix has 2"),
        ([[0.0, 0.0], [0.0, 0.0]], [1, 2], "it holds no trips"),
    ],
)
def test_mistakes_in_an_open_matrix(
    zoned: City, tmp_path: Path, values: list[list[float]], lookup: list[int], words: str
) -> None:
    file = omx(tmp_path / "trips.omx", {"m": np.array(values)}, {"taz": np.array(lookup)})
    with pytest.raises(BadInput) as caught:
        import_od(zoned.folder, file)
    assert words in str(caught.value)


def test_files_that_are_no_trip_tables(zoned: City, tmp_path: Path) -> None:
    whole = omx(tmp_path / "whole.omx", {"m": np.ones((3, 3))}, {}).read_bytes()
    (tmp_path / "cut.omx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.omx").write_text("origin,destination", encoding="utf-8")
    (tmp_path / "sheet.xlsx").write_bytes(b"PK")
    (tmp_path / "latin.csv").write_bytes("zone,Müller\n".encode("latin-1"))
    with h5py.File(tmp_path / "linked.omx", "w") as book:
        book["data/m"] = h5py.ExternalLink("whole.omx", "/data/m")
    with h5py.File(tmp_path / "other.omx", "w") as book:
        book["x"] = 1
    for name in ("cut.omx", "text.omx", "sheet.xlsx", "latin.csv", "linked.omx", "other.omx", "none.csv"):
        with pytest.raises(BadInput):
            import_od(zoned.folder, tmp_path / name)
    assert City.open(zoned.folder, verify=True).digest == zoned.digest


def test_zones_that_a_trip_table_needs_do_not_go_unseen(zoned: City, tmp_path: Path) -> None:
    import_od(zoned.folder, given_file(tmp_path, LONG))
    west, south, east, north = zoned.bounds
    file = tmp_path / "other.gpkg"
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(west, south, east, north)], crs=zoned.crs).to_file(file)
    with pytest.raises(BadInput, match="names zones that these lack: 1, 2"):
        import_zones(zoned.folder, file)
    city = import_zones(zoned.folder, file, drop_od=True).city
    with pytest.raises(NotThere):
        city.table("od")
    assert "tables/od.parquet" not in city.manifest["files"]
    assert not any("imported; where" in one["en"] for one in city.guesses)


@settings(max_examples=40)
@given(st.lists(st.lists(st.floats(0, 1e6).map(lambda v: round(v, 3)), min_size=3, max_size=3), min_size=3, max_size=3))
def test_a_square_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, values: list[list[float]]
) -> None:
    names = ["a", "b b", "3"]
    lines = [",".join(["", *names])] + [",".join([n, *map(repr, row)]) for n, row in zip(names, values, strict=True)]
    file = tmp_path_factory.mktemp("od") / "trips.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    read = read_od_csv(file, Usual())
    if not any(map(any, values)):
        with pytest.raises(BadInput, match="no trips"):
            check_cells(read, frozenset(names), file)
        return
    found = {(c.origin, c.destination): c.trips for c in check_cells(read, frozenset(names), file)}
    assert found == {(o, d): values[i][j] for i, o in enumerate(names) for j, d in enumerate(names) if values[i][j]}
