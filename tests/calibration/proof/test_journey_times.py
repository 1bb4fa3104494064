"""Journey times: as measured, from files with the usual faults, and as driven, by hand."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from calibration.flows import read_roads
from calibration.proof import Journeys, joined_way, read_drives, read_journeys
from calibration.proof.days import journey_rows
from networks import sumo_home
from networks.errors import BadInput

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def grid_net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine crossings."""
    file = tmp_path_factory.mktemp("grid") / "grid.net.xml"
    made = ("--grid", "--grid.number", "3", "--grid.length", "150", "--grid.attach-length", "150", "-o", str(file))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    return file


def test_the_time_of_a_route_is_that_of_its_movements(tmp_path: Path) -> None:
    """Who turns off after b waits 40 s there, who goes on to c passes it in 10 s: a journey a b c meets the latter."""
    file = tmp_path / "vehroutes.xml"
    file.write_text(
        '<routes><vehicle id="0" depart="0.00"><route edges="a b c" exitTimes="20.00 30.00 60.00"/></vehicle>'
        '<vehicle id="1" depart="10.00"><route edges="a b d" exitTimes="30.00 70.00 90.00"/></vehicle>'
        '<vehicle id="2" depart="4000.00"><route edges="a b c" exitTimes="4100.00 4110.00 -1.00"/></vehicle></routes>',
        encoding="utf-8",
    )
    drives = read_drives(file, 0.0, {"e": 7.0})
    assert drives.seconds(("a", "b", "c"), 0.0) == pytest.approx(20 + 10 + 30)
    assert drives.seconds(("a", "b", "d"), 0.0) == pytest.approx(20 + 40 + 20)
    assert drives.seconds(("a", "b", "c"), 4000.0) == pytest.approx(100 + 10 + 30), "c was left only once"
    assert drives.seconds(("e",), 0.0) == 7.0, "nobody drove there"


def test_files_are_read_as_counts_are(grid_net: Path, tmp_path: Path) -> None:
    """Minutes, a row that comes twice, days apart, a route without edges: repaired with a trace, or left out."""
    file = tmp_path / "times.csv"
    rows = ["route,begin,period_s,seconds,unit,edges"]
    for day in range(2):
        rows += [f"west-east,2026-05-0{4 + day}T07:{quarter:02d}:00Z,900,{60 + day},s,left1A1 C1right1"
                 for quarter in (0, 15, 30)]  # fmt: skip
    rows += ["west-east,2026-05-04T07:45:00Z,900,2,min,left1A1 C1right1"]
    rows += ["west-east,2026-05-04T07:00:00Z,900,60,s,left1A1 C1right1", "lost,2026-05-04T07:00:00Z,900,60,s,"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    roads = read_roads(grid_net)
    window = (7 * 3600.0, 8 * 3600.0)
    found = read_journeys(file, roads, begin=BEGIN, window=window)
    assert found.names == ("west-east",) and found.days == (0, 1)
    assert found.edges[0] == ("left1A1", "A1B1", "B1C1", "C1right1"), "the way between is put in"
    assert found.usual_s[0].tolist() == [60.5, 60.5, 60.5, 120.0]
    assert {one.what for one in found.repairs} >= {"duplicate", "unit", "route"}
    with pytest.raises(BadInput, match="lies in the window"):
        read_journeys(file, roads, begin=BEGIN, window=(0.0, 3600.0))
    bare = tmp_path / "bare.csv"
    bare.write_text("route,begin,seconds\nwest-east,0,60\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--routes"):
        read_journeys(bare, roads, begin=None, window=(0.0, 3600.0))


def test_a_way_that_does_not_exist_is_none(grid_net: Path) -> None:
    roads = read_roads(grid_net)
    assert joined_way(("nowhere",), roads) == () and joined_way((), roads) == ()
    turned = joined_way(("C1right1", "left1A1"), roads)
    assert turned[:2] == ("C1right1", "right1C1"), "a way back that exists is taken"


def test_only_measured_periods_are_compared() -> None:
    times = Journeys(("r",), (("a",),), 0.0, 900.0, np.array([[[100.0, np.nan]], [[200.0, np.nan]]]), (0, 1), ())
    (row,) = journey_rows(times, np.array([[150.0, 900.0]]))
    assert (row.observed_s, row.simulated_s, row.periods) == (150.0, 150.0, 1)
