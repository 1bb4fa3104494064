"""How soon a unit comes: known by hand on streets in a row, with jams, busy units and streets that nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration.skill import Forecast
from networks import read_net
from networks.errors import BadInput
from networks.roads.net_file import Net
from tests.calibration.live.live_streets import small_case
from twin.alarms import CoverageFinder, shipped_thresholds
from twin.cycle import MODES, Picture, Turn
from twin.feeds import Position
from twin.live.response_times import NOBODY_S, ResponseTimes
from twin.live.units_file import Area, WaitingUnit, read_areas, read_units
from twin.store import FeedStore

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
TURN = Turn("run-1", NOON, MODES["normal"], 4, 1800.0, 200.0, None)
PICTURE = Picture("run-1", NOON, NOON)
NEAR, FAR = WaitingUnit("a1", "right", 100.0), WaitingUnit("a2", "in", 150.0)
OUT = Area("east", ("out",), None)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    return read_net(small_case(tmp_path_factory.mktemp("net")).net)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedStore]:
    with FeedStore(tmp_path / "data") as opened:
        yield opened


def seconds(net: Net, *edges: str, mps: float | None = None) -> float:
    by_id = {edge.edge_id: edge for edge in net.edges}
    return sum(by_id[edge].length_m / (mps or by_id[edge].speed_mps) for edge in edges)


def test_the_nearest_free_unit_counts_from_the_call_to_the_end_of_the_street(net: Net) -> None:
    both = ResponseTimes(net, (NEAR, FAR), (OUT,)).run(TURN, PICTURE)
    (told,) = both.forecasts
    assert told.places == ("east",) and told.members.shape == (1, 1, 1)
    assert told.members[0, 0, 0] == pytest.approx(100.0 + seconds(net, "out"))
    assert "free streets" in both.left_out[0]["en"]
    (told,) = ResponseTimes(net, (FAR,), (OUT,)).run(TURN, PICTURE).forecasts
    assert told.members[0, 0, 0] == pytest.approx(150.0 + seconds(net, "right", "out"))


def test_each_member_and_period_drives_at_its_own_speed(net: Net) -> None:
    members = np.full((2, 2, 2), 13.9)
    members[1, 1, 1] = 2.0  # the second member's `out`, in the second period
    members[0, 0, 0] = np.nan  # nobody was on `right`: it is free
    speed = Forecast("twin", "speed", ("right", "out"), 0.0, 0.0, 300.0, members)
    told = ResponseTimes(net, (FAR,), (OUT,)).run(TURN, replace(PICTURE, forecasts=(speed,))).of("response_time")
    assert told is not None and told.members.shape == (2, 1, 2)
    free_s = 150.0 + seconds(net, "right", "out")
    jammed_s = 150.0 + seconds(net, "right") + seconds(net, "out", mps=2.0)
    assert told.members[:, 0].ravel() == pytest.approx([free_s, free_s, free_s, jammed_s])


def test_a_busy_unit_does_not_count_until_it_says_otherwise(net: Net, store: FeedStore) -> None:
    def said(number: int, minutes: float, state: str) -> None:
        at = NOON - timedelta(minutes=minutes)
        store.take(
            "units", number, number + 1, [(number, Position("a1", at, 7.0, 50.0, at, details={"state": state}))], ()
        )

    stage = ResponseTimes(net, (NEAR, FAR), (OUT,), store)
    said(0, 5.0, "busy")
    told = stage.run(TURN, PICTURE)
    assert told.forecasts[0].members[0, 0, 0] == pytest.approx(150.0 + seconds(net, "right", "out"))
    assert told.left_out[-1]["en"] == "coverage: 1 units are busy"
    said(1, 2.0, "free")
    assert stage.run(TURN, PICTURE).forecasts[0].members[0, 0, 0] == pytest.approx(100.0 + seconds(net, "out"))
    late = replace(TURN, now=NOON + timedelta(minutes=30))
    said(2, 0.0, "busy")
    assert len(stage.run(late, PICTURE).left_out) == 1, "what was said half an hour ago is over"


def test_where_nobody_comes_the_finder_says_so(net: Net) -> None:
    areas = (Area("west", ("in",), 300.0), OUT)
    stage = ResponseTimes(net, (NEAR,), areas)
    picture = stage.run(TURN, PICTURE)
    assert picture.forecasts[0].members[0, :, 0] == pytest.approx([NOBODY_S, 100.0 + seconds(net, "out")])
    (found,) = CoverageFinder(shipped_thresholds().coverage, stage.targets_s).find(picture)
    assert found.subject == "west" and found.level == "I"


def test_nine_in_ten_streets_make_an_area(net: Net) -> None:
    area = Area("all", ("right",) * 9 + ("in",), None)
    (told,) = ResponseTimes(net, (NEAR,), (area,)).run(TURN, PICTURE).forecasts
    assert told.members[0, 0, 0] == pytest.approx(100.0)


def test_tables_are_read_and_their_mistakes_named(tmp_path: Path) -> None:
    units, areas = tmp_path / "units.csv", tmp_path / "areas.csv"
    units.write_text("unit_id,edge,ready_s\na1,in,\na2,out,90\n", encoding="utf-8")
    assert read_units(units, {"in", "out"}) == (WaitingUnit("a1", "in", 150.0), WaitingUnit("a2", "out", 90.0))
    areas.write_text("area,edge,target_s\nwest,in,300\nwest,out,300\neast,out,\n", encoding="utf-8")
    assert read_areas(areas, {"in", "out"}) == (Area("west", ("in", "out"), 300.0), Area("east", ("out",), None))
    for text, says in (
        ("unit_id,edge\na1,nowhere\n", "line 2"),
        ("unit_id,edge\na1,in\na1,out\n", "stands there twice"),
        ("unit_id,edge,ready_s\na1,in,soon\n", "no seconds"),
        ("unit_id,edge\n", "no unit"),
        ("unit_id\na1\n", "edge"),
    ):
        units.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            read_units(units, {"in", "out"})
    areas.write_text("area,edge,target_s\nwest,in,300\nwest,out,200\n", encoding="utf-8")
    with pytest.raises(BadInput, match="two targets"):
        read_areas(areas, {"in", "out"})
