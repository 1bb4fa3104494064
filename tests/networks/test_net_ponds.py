"""Hollows, reported places, and what a file knows of underpasses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from networks import StorageCurve, Terrain, find_ponds, read_reports, read_underpass_file, storage_of
from networks.errors import BadInput
from networks.ground.ponds import Report
from networks.sentence import say


def terrain(heights: np.ndarray, surface: np.ndarray | None = None) -> Terrain:
    kind = np.zeros(heights.shape, np.uint8) if surface is None else surface
    place = Affine(5.0, 0, 1000.0, 0, -5.0, 2000.0)
    return Terrain(heights.astype(np.float32), kind, 5.0, place, 0.1, False, say("made", "自造"))


def bowl() -> np.ndarray:
    """A plain at 10 m with a pit of 3 x 3 cells at 9 m, 8 m in its middle, and a scratch."""
    heights = np.full((20, 30), 10.0)
    heights[8:11, 10:13], heights[9, 11] = 9.0, 8.0
    heights[4, 20] = 9.95
    return heights


def test_storage_by_hand() -> None:
    curve = storage_of([8.0, *[9.0] * 8, 10.0, 11.0], 5.0, 10.0, points=2)
    np.testing.assert_allclose(curve.depth_m, [0, 1, 2])
    np.testing.assert_allclose(curve.volume_m3, [0, 25, 50 + 8 * 25])
    assert curve.depth_of(25.0) == 1.0 and curve.volume_of(2.0) == 250.0 and curve.depth_of(1e9) == 2.0
    assert curve.area_of(0.5) == 25.0 and curve.area_of(1.5) == 225.0
    with pytest.raises(BadInput, match="brim"):
        storage_of([10.0], 5.0, 10.0)
    with pytest.raises(BadInput, match="increase"):
        StorageCurve(np.array([0, 1, 1]), np.array([0, 1, 2]))


def test_a_pit_is_a_ponding_point_and_a_scratch_is_none() -> None:
    (pond,) = find_ponds(terrain(bowl()))
    assert (pond.pond_id, pond.origin, pond.bottom_m, pond.spill_m) == ("pond_1", "terrain", 8.0, 10.0)
    assert (pond.x, pond.y) == (1000 + 11.5 * 5, 2000 - 9.5 * 5) and len(pond.cells) == 9
    assert pond.storage is not None and pond.storage.volume_m3[-1] == pytest.approx(250.0)
    assert pond.catchment_m2 >= 9 * 25  # at least its own ground
    valley = bowl() + np.abs(np.arange(30) - 11)[None, :] * 0.1 + np.abs(np.arange(20) - 9)[:, None] * 0.1
    (fed,) = find_ponds(terrain(valley))
    assert fed.catchment_m2 == 18 * 28 * 25.0  # everything but the border, which lets water out


def test_reports_mean_the_hollow_beside_them_or_a_place_of_their_own() -> None:
    reports = [Report(1066.0, 1952.0, "Mill Lane", 2), Report(1120.0, 1920.0, "School", 3)]
    pond, loose = find_ponds(terrain(bowl()), reports)
    assert (pond.name, pond.origin, pond.reports) == ("Mill Lane", "both", 1)
    assert (loose.pond_id, loose.name, loose.origin, loose.storage) == ("report_1", "School", "report", None)
    assert 0 < len(loose.cells) <= 25
    with pytest.raises(BadInput, match="outside the city"):
        find_ponds(terrain(bowl()), [Report(0.0, 0.0, "far", 2)])
    assert find_ponds(terrain(bowl()), reports, most=0)[0].reports == 1  # reported ones stay


def test_reports_are_read_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text("lon,lat,name\n7.42,43.73,Port\n", encoding="utf-8")
    (report,) = read_reports(file, "EPSG:32632")
    assert report.name == "Port" and report.x == pytest.approx(372_700, abs=500)
    for text, says in (
        ("lon,lat\n1,2\n", "name"),
        ("lon,lat,name\n7,43,a\nx,43,b\n", "line 3"),
        ("lon,lat,name\n7,95,a\n", "line 2"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            read_reports(file, "EPSG:32632")


GOOD = """underpasses:
  - id: mill_road
    storage: {curve: [[0, 0], [0.5, 60], [2, 600]], source: survey of 2024}
    catchment: {area_m2: 8000, runoff: 0.9, source: drainage plan}
    pump: {curve: [[0, 0.1], [6, 0.05]], lift_m: 5, start_m: 0.1, source: operator}
    warn: {depth_m: 0.15, source: the city's order}
    close: {depth_m: 0.27, source: the city's order}
    gate: {command: "close gate 4", takes_s: 300, source: operator}
"""


def test_a_file_of_underpasses_is_read_and_its_mistakes_have_lines(tmp_path: Path) -> None:
    file = tmp_path / "underpasses.yaml"
    file.write_text(GOOD, encoding="utf-8")
    (one,) = read_underpass_file(file, ())
    curve = one.curve()
    assert one.surveyed and curve is not None and curve.brim_m == 2.0 and one.gate and one.gate.takes_s == 300
    for old, new, line, says in (
        ("[0.5, 60]", "[0.5, 700]", 3, "increase"),
        ("area_m2: 8000", "area_m2: -1", 4, "area_m2"),
        ("start_m: 0.1", "start_m: 0.1, stop_m: 0.2", 5, "stop_m"),
        (", source: operator}\n    warn", "}\n    warn", 5, "source"),
        ("depth_m: 0.15", "depth_m: 0.3", 2, "warn"),
        ("gate:", "gaet:", 8, "no such field"),
    ):
        assert old in GOOD
        file.write_text(GOOD.replace(old, new), encoding="utf-8")
        with pytest.raises(BadInput, match=says) as wrong:
            read_underpass_file(file, ())
        assert f"line {line}" in str(wrong.value), (new, str(wrong.value))
    file.write_text(
        GOOD.replace("    catchment: {area_m2: 8000, runoff: 0.9, source: drainage plan}\n", ""), encoding="utf-8"
    )
    with pytest.raises(BadInput, match="no underpass mill_road"):
        read_underpass_file(file, ())
