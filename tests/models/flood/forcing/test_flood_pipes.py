"""Pipes coupled both ways: what goes down comes out below or up again, and every litre is booked above and below."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_basins import AREA_M2, run, still

from models.flood import Water
from models.flood.assimilation import FloodMember
from models.flood.forcing import Inlet, PipeNetwork, constant
from networks.errors import BadInput

PIPES = """
[OPTIONS]
FLOW_UNITS {units}
FLOW_ROUTING DYNWAVE
START_DATE 01/01/2026
END_DATE 01/01/2026
END_TIME 00:10:00
ROUTING_STEP 0.5
VARIABLE_STEP 0
[RAINGAGES]
R INTENSITY 0:05 1.0 TIMESERIES storm
[SUBCATCHMENTS]
S R J1 1 100 50 1 0
[SUBAREAS]
S 0.01 0.1 0 0 25 OUTLET
[INFILTRATION]
S 3 0.5 4 7 0
[TIMESERIES]
storm 0:00 100
storm 0:30 0
[JUNCTIONS]
J1 8.0 2.0 0 0 0
J2 7.9 {low} 0 0 0
[OUTFALLS]
O1 7.8 FIXED 7.8 NO
[CONDUITS]
C1 J1 J2 50 0.013 0 0 0 0
C2 J2 O1 50 0.013 0 0 0 0
[XSECTIONS]
C1 CIRCULAR 0.3 0 0 0 1
C2 CIRCULAR {narrow} 0 0 0 1
[COORDINATES]
J1 0 0
"""
GRATES = [Inlet("a", 4, 4.0, 1.0, node="J1")]


def _file(tmp_path: Path, units: str = "LPS", low: float = 2.1, narrow: float = 0.2) -> Path:
    file = tmp_path / "pipes.inp"
    file.write_text(PIPES.format(units=units, low=low, narrow=narrow), encoding="utf-8")
    return file


def _street(depth_m: float) -> Water:
    return still(np.full((3, 6), 10.0), depth_m)


def _closed(water: Water, pipes: PipeNetwork) -> dict[str, float]:
    """Both ledgers: above to the last digit, below within SWMM's own continuity."""
    assert water.ledger().error <= 1e-12
    below = pipes.account_m3()
    booked = water.ledger().booked_m3
    assert below["taken"] == pytest.approx(-booked.get("pipes takes", 0.0), rel=1e-12)
    assert below["given"] == pytest.approx(booked.get("pipes gives", 0.0), rel=1e-12)
    came = below["taken"] + below["own"]
    assert abs(below["open"]) <= 0.02 * came + 0.05  # SWMM's own balance
    assert below["given"] + below["flooded elsewhere"] <= came + below["begun"]
    return below


def test_water_goes_down_and_out_and_the_files_rain_stays_out(tmp_path: Path) -> None:
    water = _street(0.02)
    with PipeNetwork(_file(tmp_path), GRATES) as pipes:
        run(water, pipes, 1800)
        below = _closed(water, pipes)
    assert 0.7 * 0.02 * 18 * AREA_M2 < below["taken"] <= 0.02 * 18 * AREA_M2
    assert below["own"] < 0.001
    assert below["outfalls"] + below["stored"] == pytest.approx(below["taken"], rel=0.03)


def test_a_full_pipe_gives_back_what_it_cannot_take(tmp_path: Path) -> None:
    """The second node's rim is low, the pipe behind it narrow: it floods its street while the first takes water."""
    water = _street(0.0)
    water.add("burst", [4], 150.0)
    with PipeNetwork(_file(tmp_path, low=1.0, narrow=0.15), GRATES, manholes={"J2": 13}) as pipes:
        run(water, pipes, 120)
        below = _closed(water, pipes)
        assert below["given"] > 0.5
        assert below["flooded elsewhere"] == 0
    with PipeNetwork(_file(tmp_path, low=1.0, narrow=0.15), GRATES) as pipes:
        other = _street(0.4)
        run(other, pipes, 120)
        below = _closed(other, pipes)
        assert below["flooded elsewhere"] > 0.5


def test_an_inlet_takes_no_more_than_stands_there_and_none_into_a_full_node(tmp_path: Path) -> None:
    dry = _street(0.0)
    with PipeNetwork(_file(tmp_path), GRATES) as pipes:
        run(dry, pipes, 60)
        assert _closed(dry, pipes)["taken"] == 0
    held = _street(0.5)
    with PipeNetwork(_file(tmp_path), GRATES, outfall_level_m={"O1": constant(14.0)}) as pipes:
        run(held, pipes, 900)
        below = _closed(held, pipes)
    assert below["own"] > 5  # the sea pushes back through the outfall
    assert below["given"] > below["taken"]
    assert held.ledger().storage_m3 > held.ledger().initial_m3


@pytest.mark.parametrize("units", ["CMS", "MLD"])
def test_units_of_the_file_do_not_matter(tmp_path: Path, units: str) -> None:
    results = []
    for one in ("LPS", units):
        water = _street(0.05)
        with PipeNetwork(_file(tmp_path, one), GRATES) as pipes:
            run(water, pipes, 300)
            results.append(_closed(water, pipes))
    assert results[0]["taken"] == pytest.approx(results[1]["taken"], rel=1e-2)
    assert results[0]["outfalls"] == pytest.approx(results[1]["outfalls"], rel=1e-2)


def test_pieces_of_any_length_lose_nothing(tmp_path: Path) -> None:
    water = _street(0.02)
    with PipeNetwork(_file(tmp_path), GRATES) as pipes:
        run(water, pipes, 10.9, every_s=0.7)
        below = _closed(water, pipes)
    assert below["waiting"] > 0


def test_the_street_gets_back_no_more_than_the_pipes_had_though_swmm_says_so(tmp_path: Path) -> None:
    """A pipe whose crown is above its manhole's rim: SWMM's own balance makes water."""
    water = _street(0.0)
    water.add("burst", [4], 150.0)
    file = _file(tmp_path, low=0.2)
    with PipeNetwork(file, GRATES, manholes={"J2": 13}) as pipes:
        run(water, pipes, 300)
        said = pipes._swmm.flooded_m3(pipes._swmm.index("J1")) + pipes._swmm.flooded_m3(pipes._swmm.index("J2"))
        below = pipes.account_m3()
    assert said > below["given"]
    assert below["given"] <= below["taken"]
    assert water.ledger().error <= 1e-12


def test_a_member_with_pipes_cannot_be_copied(tmp_path: Path) -> None:
    with PipeNetwork(_file(tmp_path), GRATES) as pipes, pytest.raises(BadInput, match="cannot be copied"):
        FloodMember(_street(0.1), forcings=[pipes]).copy()


def test_a_file_with_a_mistake_says_where(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("C2 J2 O1", "C2 J9 O1"), encoding="utf-8")
    with pytest.raises(BadInput, match="J9") as caught:
        PipeNetwork(file, GRATES)
    assert caught.value.file == str(file)
    assert "C2 J9 O1" in (caught.value.place or "")


def test_unknown_nodes_and_a_second_simulation_are_refused_and_leave_room(tmp_path: Path) -> None:
    file = _file(tmp_path)
    with pytest.raises(BadInput, match="no node 'J7'"):
        PipeNetwork(file, [Inlet("a", 4, 1.0, 1.0, node="J7")])
    with PipeNetwork(file, GRATES), pytest.raises(BadInput, match="another SWMM"):
        PipeNetwork(file, GRATES)
    with pytest.raises(BadInput, match="whole seconds"):
        PipeNetwork(file, GRATES, exchange_s=0)
    PipeNetwork(file, GRATES).close()
    for _ in range(2):
        run(_street(0.01), PipeNetwork(file, GRATES), 20)  # let go of: the next finds room
