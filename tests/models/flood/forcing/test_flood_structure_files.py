"""Structures files: what they say stands where they say it, and every mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from models.flood import simulate_flood, uniform_rain
from models.flood.forcing import Placed, Site, place_structures, read_structures
from networks.errors import BadInput

SITE = Site(
    np.tile(np.linspace(0, 2, 20), (10, 1)),
    np.where(np.arange(20) < 3, 1, 0) * np.ones((10, 1), int),
    5.0,
    "",
    Affine(5.0, 0, 1000.0, 0, -5.0, 2000.0),
)
WHOLE = """
structures:
  - {kind: level, id: tide, source: gauge, sea: true, times_s: [0, 600], level_m: [0.2, 0.6]}
  - {kind: inflow, id: brook, source: guess, at: [1090, 1990], times_s: [0, 600], flow_m3s: [0.2, 0.2]}
  - {kind: pump, id: P1, source: plate, at: [1030, 1975], curve: [[0, 0.1], [6, 0]], start_depth_m: 0.005,
     stop_depth_m: 0.001, fails_s: [[100, 200]], outlet_level_m: 1.0}
  - {kind: gate, id: G1, source: drawing, at: [1040, 1975], to: [1020, 1975], width_m: 1, height_m: 0.5, sill_m: 0.1}
  - kind: gate
    id: flap
    source: drawing
    at: [1042, 1955]
    outside: {times_s: [0], values: [0.1]}
    width_m: 0.5
    height_m: 0.5
    sill_m: 0.3
    flap: true
  - {kind: barrier, id: wall, source: plan, line: [[1070, 1999], [1080, 1951]], crest_m: 3, stands_s: [[60, 500]]}
  - {kind: inlet, id: i1, source: survey, at: [1061, 1981], perimeter_m: 1.5, area_m2: 0.1, blocked: 0.2}
  - {kind: inlet, id: i2, source: survey, at: [1061, 1961], perimeter_m: 1.5, area_m2: 0.1, most_m3s: 0.01}
  - {kind: blocked_inlets, id: leaves, source: guess, share: 0.5}
  - {kind: soil, id: park, source: soil map, texture: sandy_loam, pervious: 0.3}
"""
RAIN = uniform_rain(depth_mm=30, duration_s=600, source="test")


def _written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "structures.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _placed(tmp_path: Path, entry: str, seed: int = 0) -> Placed:
    text = entry if "structures:" in entry else f"structures:\n  - {entry}\n"
    return place_structures(read_structures(_written(tmp_path, text)), SITE, rain=RAIN, seed=seed)


def test_a_file_of_everything_runs_and_its_ledger_closes(tmp_path: Path) -> None:
    placed = _placed(tmp_path, WHOLE)
    result = simulate_flood(
        SITE.elevation_m,
        SITE.cell_m,
        RAIN,
        duration_s=600,
        surface=placed.surface,
        initial_depth_m=placed.initial_depth_m,
        inflows=placed.inflows,
        forcings=placed.forcings,
    )
    booked = result.ledger.booked_m3
    assert {"level tide gives", "pump P1 takes", "gate G1 takes", "gate G1 gives", "soil park"} <= set(booked)
    assert result.ledger.inflow_m3 == pytest.approx(120)
    assert result.ledger.error <= 1e-12


def test_the_sea_has_no_soil(tmp_path: Path) -> None:
    text = WHOLE.split("  - {kind: inflow")[0] + "  - {kind: soil, id: park, source: s, texture: sand}\n"
    placed = _placed(tmp_path, text + "  - {kind: curve_number, id: lawn, source: s, number: 61}\n")
    given = {"surface": placed.surface, "initial_depth_m": placed.initial_depth_m, "forcings": placed.forcings}
    result = simulate_flood(np.zeros((10, 20)), 5.0, None, duration_s=20, **given)
    soaked = -result.ledger.booked_m3["soil park"]
    assert soaked < 0.1 * result.ledger.initial_m3


def test_which_inlets_are_blocked_depends_on_the_seed(tmp_path: Path) -> None:
    drawn = {tuple(one.blocked for one in _placed(tmp_path, WHOLE, seed).inlets) for seed in range(12)}
    assert drawn == {(0.2, 0.0), (1.0, 0.0), (0.2, 1.0), (1.0, 1.0)}


def test_a_line_has_no_gap_at_corners() -> None:
    cells = SITE.along([(1020.0, 1995.0), (1095.0, 1955.0)])
    rows, cols = cells // 20, cells % 20
    steps = {(r, c) for r, c in zip(rows.tolist(), cols.tolist(), strict=True)}
    reached, ahead = set(), [(int(rows[0]), int(cols[0]))]
    while ahead:
        row, col = ahead.pop()
        reached.add((row, col))
        beside = {(row + 1, col), (row - 1, col), (row, col + 1), (row, col - 1)}
        ahead += [one for one in beside if one in steps and one not in reached]
    assert reached == steps


def test_degrees_are_told_from_metres() -> None:
    site = Site(np.zeros((10, 10)), np.zeros((10, 10), int), 5.0, "EPSG:32635", Affine(5, 0, 385000, 0, -5, 6672000))
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:32635", "EPSG:4326", always_xy=True)
    assert site.cell(back.transform(385012.0, 6671993.0)) == 12
    with pytest.raises(BadInput, match="outside the city"):
        site.cell((60.17, 24.94))


PUMP = "{kind: pump, id: P, source: s, at: [1030, 1975], curve: [[0, 1]], start_depth_m: 1, stop_depth_m: 0"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (PUMP.replace("1030", "3000") + "}", "outside the city"),
        (PUMP.replace("1030", "1002") + "}", "in the sea"),
        (PUMP + ", to: [1050, 1975], outlet_level_m: 3}", "both to and outlet_level_m"),
        (PUMP.replace("[[0, 1]]", "[[0, 1], [0, 2]]") + "}", "pump curve"),
        (PUMP + ", speed: 3}", "no such field"),
        (PUMP.replace("source: s, ", "") + "}", "source: this field is missing"),
        (PUMP.replace("start_depth_m: 1", "start_depth_m: .nan") + "}", "start_depth_m"),
        (PUMP + ", fails_s: [[5, 1]]}", "spans of time"),
        ("{kind: teleport, id: t, source: s}", "unknown kind teleport"),
        ("{kind: level, id: l, source: s, times_s: [0], level_m: [1]}", "one of side, line and sea"),
        ("{kind: level, id: l, source: s, side: east, times_s: [5, 1], level_m: [1, 2]}", "do not increase"),
        ("{kind: inflow, id: b, source: s, at: [1050, 1975], times_s: [0, 9], flow_m3s: [1, -1]}", "hydrograph"),
        ("{kind: soil, id: s, source: s, texture: mud}", "no soil is called"),
        ("{kind: soil, id: s, source: s, porosity: 0.3}", "needs a texture"),
        ("{kind: curve_number, id: c, source: s, cover: paved}", "a cover and a group"),
        ("{kind: barrier, id: b, source: s, line: [[1030, 1975], [1030, 3000]], crest_m: 1, stands_s: []}", "leaves"),
        ("{kind: gate, id: g, source: s, at: [1050, 1975], width_m: 1, height_m: 1, sill_m: 0}", "one of to and out"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, entry: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        _placed(tmp_path, entry)
    assert caught.value.file is not None and caught.value.file.endswith("structures.yaml")
    assert caught.value.place == "line 2"


@pytest.mark.parametrize("text", ["", "- a", "structures: [", "structures: []\nstructures: []", "pumps: []"])
def test_what_is_no_structures_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        read_structures(_written(tmp_path, text))
    with pytest.raises(BadInput, match="no such file"):
        read_structures(tmp_path / "none.yaml")


def test_two_of_one_name_and_a_curve_number_without_rain_are_refused(tmp_path: Path) -> None:
    twice = f"structures:\n  - {PUMP}}}\n  - {PUMP}}}\n"
    with pytest.raises(BadInput, match="in line 2 already") as caught:
        read_structures(_written(tmp_path, twice))
    assert caught.value.place == "line 3"
    text = "structures:\n  - {kind: curve_number, id: c, source: s, number: 80}\n"
    file = read_structures(_written(tmp_path, text))
    with pytest.raises(BadInput, match="without rain"):
        place_structures(file, SITE)
    assert len(place_structures(file, SITE, rain=RAIN).forcings) == 1


SWMM = """
[OPTIONS]
FLOW_UNITS LPS
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
END_DATE 01/02/2026
[JUNCTIONS]
J1 0.0 0.7 0 0 0
[OUTFALLS]
O1 -0.2 FREE NO
[CONDUITS]
C1 J1 O1 50 0.013 0 0 0 0
[XSECTIONS]
C1 CIRCULAR 0.3 0 0 0 1
"""
PIPED = """
structures:
  - {kind: pipes, id: sewer, source: survey, file: sewer.inp, exchange_s: 5}
  - {kind: inlet, id: i1, source: survey, at: [1030, 1975], perimeter_m: 1.5, area_m2: 0.1, node: J1}
  - {kind: inlet, id: i2, source: survey, at: [1061, 1961], perimeter_m: 1.5, area_m2: 0.1}
  - {kind: manhole, id: J1, source: survey, at: [1035, 1975]}
"""


def test_pipes_of_a_file_are_coupled_and_other_inlets_drain_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "sewer.inp").write_text(SWMM, encoding="utf-8")
    with _placed(tmp_path, PIPED) as placed:
        given = {"surface": placed.surface, "forcings": placed.forcings, "duration_s": 300.0}
        result = simulate_flood(SITE.elevation_m, SITE.cell_m, RAIN, **given)
        assert placed.pipes is not None
        assert placed.pipes.account_m3()["taken"] == pytest.approx(-result.ledger.booked_m3["pipes sewer takes"])
    assert result.ledger.booked_m3["inlets"] < 0
    assert result.ledger.error <= 1e-12


@pytest.mark.parametrize(
    ("old", "new", "says", "place"),
    [
        ("C1 J1 O1", "C1 J9 O1", "J9", "C1 J9 O1"),
        ("[JUNCTIONS]\nJ1 ", "[JUNCTIONS]\nJ2 ", "undefined", "C1 J1 O1"),
    ],
)
def test_a_mistake_in_the_swmm_file_names_both_files(tmp_path: Path, old: str, new: str, says: str, place: str) -> None:
    (tmp_path / "sewer.inp").write_text(SWMM.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        _placed(tmp_path, PIPED)
    assert "structures.yaml" in str(caught.value.file) and "sewer.inp" in str(caught.value.file)
    assert place in str(caught.value.place)
    with pytest.raises(BadInput, match="pipes sewer"):
        _placed(tmp_path, PIPED.replace("sewer.inp", "none.inp"))
