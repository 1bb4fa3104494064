"""Drains from design storms, and pipes from SWMM files: the right figures, and every fault by its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box
from small_towns import LAT, LON, block, town_xml

from networks import BadInput, City, build_city
from networks.coordinates.projection import Plane
from networks.ground.drains import DURATION_MIN, RETURN_PERIOD_Y, drain_rows, drains_of
from networks.ground.options import GroundOptions
from networks.ground.storms import GUESSED, read_storms
from networks.ground.swmm import PIPES_FILE, Pipes, read_pipes

Write = Callable[..., Path]
PLANE = Plane({1: (LON, LAT)}, "EPSG:32635")
X, Y = PLANE.point(LON, LAT)
FRAME = box(X - 200, Y - 200, X + 800, Y + 800)

PIPES = """[TITLE]
two manholes, one outfall
[OPTIONS]
FLOW_UNITS {units}
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
END_DATE 01/01/2026
END_TIME 01:00:00
[RAINGAGES]
R1 INTENSITY 0:05 1.0 TIMESERIES T1
[SUBCATCHMENTS]
S1 R1 J1 1.5 50 100 0.5 0
[SUBAREAS]
S1 0.01 0.1 0.05 0.05 25 OUTLET
[INFILTRATION]
S1 3.0 0.5 4 7 0
[JUNCTIONS]
;;Name Elevation MaxDepth
J1 2.0 3.0 0 0 0
J2 1.5 3.5 0 0 0
[OUTFALLS]
O1 0.5 FREE NO
[CONDUITS]
C1 J1 J2 100 0.013 0 0
C2 {second} O1 80 0.015 0 0 ; to the sea
[XSECTIONS]
C1 CIRCULAR 0.8 0 0 0 1
C2 CIRCULAR 1.0 0 0 0 1
[TIMESERIES]
T1 0:00 10
T1 0:05 0
[COORDINATES]
{places}
[VERTICES]
C1 {bend}
"""


def swmm(write: Write, *, units: str = "LPS", second: str = "J2", places: str | None = None, bend: str = "") -> Path:
    there = f"J1 {X + 10:.1f} {Y + 20:.1f}\nJ2 {X + 100:.1f} {Y + 20:.1f}\nO1 {X + 180:.1f} {Y + 20:.1f}"
    text = PIPES.format(units=units, second=second, places=places or there, bend=bend or f"{X + 50:.1f} {Y + 40:.1f}")
    return write(text, "pipes.inp")


def read(file: Path, crs: str | None = None) -> Pipes:
    return read_pipes(file, PLANE, FRAME, crs=crs)


def test_pipes_are_read_in_metres_and_in_place(write: Write) -> None:
    pipes = read(swmm(write))
    assert [(n["node_id"], n["kind"], n["invert_m"], n["depth_m"], n["catchment_m2"]) for n in pipes.nodes] == [
        ("J1", "junction", 2.0, 3.0, 15_000.0), ("J2", "junction", 1.5, 3.5, 0.0), ("O1", "outfall", 0.5, 0.0, 0.0),
    ]  # fmt: skip
    first, second = pipes.links
    assert (first["from_node"], first["to_node"], first["length_m"], first["height_m"]) == ("J1", "J2", 100.0, 0.8)
    assert (second["roughness"], second["shape"]) == (0.015, "circular")
    assert len(first["geometry"].coords) == 3 and len(second["geometry"].coords) == 2
    assert pipes.nodes[0]["geometry"].x == pytest.approx(X + 10, abs=0.06) and pipes.crs == "EPSG:32635"


def test_feet_become_metres(write: Write) -> None:
    pipes = read(swmm(write, units="CFS"))
    assert pipes.nodes[0]["invert_m"] == pytest.approx(2 * 0.3048, abs=1e-4)
    assert pipes.nodes[0]["catchment_m2"] == pytest.approx(1.5 * 4046.856, abs=0.1)
    assert pipes.links[0]["length_m"] == pytest.approx(30.48)


def test_degrees_and_other_planes_find_their_place(write: Write) -> None:
    from pyproj import Transformer

    degrees = f"J1 {LON} {LAT}\nJ2 {LON + 0.001} {LAT}\nO1 {LON + 0.002} {LAT}"
    pipes = read(swmm(write, places=degrees, bend=f"{LON + 0.0005} {LAT}"))
    assert pipes.crs == "EPSG:4326" and pipes.nodes[0]["geometry"].distance(box(X, Y, X, Y)) < 0.01
    to_34 = Transformer.from_crs("EPSG:32635", "EPSG:32634", always_xy=True)
    moved = "\n".join(
        f"{name} {' '.join(f'{v:.3f}' for v in to_34.transform(X + d, Y))}"
        for name, d in (("J1", 0), ("J2", 90), ("O1", 170))
    )
    bend = " ".join(f"{v:.3f}" for v in to_34.transform(X + 40, Y))
    file = swmm(write, places=moved, bend=bend)
    assert read(file, "EPSG:32634").nodes[1]["geometry"].x == pytest.approx(X + 90, abs=0.01)
    with pytest.raises(BadInput, match="not in this city") as said:
        read(file)
    assert "--swmm-crs" in str(said.value.remedy)
    with pytest.raises(BadInput, match="no coordinate system is called"):
        read(file, "EPSG:99999999")


def test_faults_are_told_by_section_and_line(write: Write) -> None:
    with pytest.raises(BadInput, match=r"undefined object J9 at line 25 of \[CONDUIT\] section") as said:
        read(swmm(write, second="J9"))
    assert "C2 J9 O1" in str(said.value.place)
    with pytest.raises(BadInput, match="SWMM refuses"):
        read(write("<html>no pipes</html>", "page.inp"))
    with pytest.raises(BadInput, match="SWMM refuses"):
        read(write("", "empty.inp"))
    with pytest.raises(BadInput, match="SWMM refuses"):
        read(swmm(write, units="BARRELS"))
    nothing = swmm(write, places=";")
    with pytest.raises(BadInput, match="none of its nodes has coordinates"):
        read(nothing)


def test_a_node_without_a_place_is_left_out_and_told(write: Write) -> None:
    pipes = read(swmm(write, places=f"J1 {X} {Y}\nJ2 {X + 90} {Y}"))
    assert pipes.unplaced == ("O1",)
    assert [n["node_id"] for n in pipes.nodes] == ["J1", "J2"] and [k["link_id"] for k in pipes.links] == ["C1"]


def test_a_guessed_storm_says_so_and_is_of_the_known_size() -> None:
    assert GUESSED.guessed and GUESSED.intensity_mm_h(1, 60) == pytest.approx(36, abs=1)
    assert GUESSED.intensity_mm_h(5, 60) == pytest.approx(58, abs=1)


@given(period=st.floats(1, 100), duration=st.floats(5, 180))
def test_storms_are_rarer_the_stronger_and_weaker_the_longer(period: float, duration: float) -> None:
    here = GUESSED.intensity_mm_h(period, duration)
    assert GUESSED.intensity_mm_h(period * 1.5, duration) > here > GUESSED.intensity_mm_h(period, duration * 1.5) > 0


def test_a_formula_by_file(write: Write) -> None:
    file = write("source: City 2020\nformula: {a: 1000, c: 1.0, b: 10, n: 0.5}\n", "storm.yaml")
    storms = read_storms(file)
    assert storms.intensity_mm_h(10, 90) == pytest.approx(1000 * 2 / 10 * 0.36)
    assert not storms.guessed and storms.source["en"] == "City 2020"


def test_a_table_by_file_is_interpolated_and_not_left(write: Write) -> None:
    rows = ["# source: City 2021", "duration_min,return_period_y,intensity_mm_h"]
    rows += [f"{d},{p},{1000 * p / d}" for d in (10, 40, 160) for p in (1, 10)]
    storms = read_storms(write("\n".join(rows), "idf.csv"))
    assert storms.intensity_mm_h(10, 40) == pytest.approx(250)
    assert storms.intensity_mm_h(10**0.5, 20) == pytest.approx((5.5 * 100 + 5.5 * 25) / 2)
    with pytest.raises(BadInput, match="does not hold"):
        storms.intensity_mm_h(100, 40)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.yaml", "formula: {a: 1, c: 1, b: 1, n: 1}", "no source"),
        ("b.yaml", "source: x\nformula: {a: 1, c: 1, b: 1}", "n is None"),
        ("c.yaml", "source: x\nformula: {a: -1, c: 1, b: 1, n: 1}", "a is -1"),
        ("d.yaml", "source: [", "no YAML"),
        ("e.yaml", "12", "no formula"),
        ("f.csv", "duration_min,return_period_y,intensity_mm_h\n1,1,1", "no source"),
        ("g.csv", "# source: x\nduration_min,intensity_mm_h\n1,1", "columns"),
        ("h.csv", "# source: x\nduration_min,return_period_y,intensity_mm_h\n1,1,much", "much"),
        ("i.csv", "# source: x\nduration_min,return_period_y,intensity_mm_h\n1,1,-4", "not positive"),
        ("j.csv", "# source: x\nduration_min,return_period_y,intensity_mm_h\n1,1,9\n2,2,9", "lacks"),
        ("k.csv", "# source: x\nduration_min,return_period_y,intensity_mm_h\n", "lacks"),
    ],
)
def test_storm_files_that_cannot_be_used(write: Write, name: str, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_storms(write(text, name))


def test_drains_lie_where_there_are_streets_or_buildings() -> None:
    zones = [{"zone_id": f"z{i}", "geometry": box(i * 100, 0, i * 100 + 100, 100)} for i in range(3)]
    drains = drains_of(GUESSED, 2.0)
    rows = drain_rows(drains, zones, [LineString([(10, 10), (90, 90)])], [box(110, 10, 120, 20)])
    assert [row["capacity_mm_h"] for row in rows] == [round(GUESSED.intensity_mm_h(2, DURATION_MIN), 2)] * 2 + [0.0]
    assert [row["source"] for row in rows] == ["guessed", "guessed", "derived"]
    assert drains_of(GUESSED, None).return_period_y == RETURN_PERIOD_Y
    assert drains.pump_m3s(1000.0) == pytest.approx(0.9 * GUESSED.intensity_mm_h(10, 10) / 1000 / 3600 * 1000)


def test_a_city_keeps_its_pipes_and_states_its_drains(write: Write, tmp_path: Path) -> None:
    storm = write("source: City 2020\nformula: {a: 1000, c: 1.0, b: 10, n: 0.5}\n", "storm.yaml")
    options = GroundOptions(drain_return_period_y=3.0, storm=storm, swmm=swmm(write))
    city = build_city(write(town_xml(*block())), tmp_path / "city", ground_options=options)
    assert options.swmm and (city.folder / PIPES_FILE).read_bytes() == options.swmm.read_bytes()
    assert PIPES_FILE in city.manifest["files"]
    assert {one["name"] for one in city.manifest["datasets"]} >= {"pipes"}
    assert len(city.layer("drain_nodes")) == 3 and len(city.layer("drain_links")) == 2
    drains = city.layer("drains")
    assert set(drains.source) <= {"stated", "derived"} and drains.return_period_y.max() == 3.0
    assert drains.capacity_mm_h.max() == pytest.approx(1000 * (1 + np.log10(3)) / 70**0.5 * 0.36, abs=0.01)
    assert "guessed_drains" not in set(city.layer("doubts").kind)
    again = City.open(city.folder, verify=True)
    assert again.digest == city.digest
