"""Parts of a replayed evening: streets that stand in water, how far a simulation is off, its store, its clock's end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from calibration import Observation
from calibration.counting import Counts
from networks.errors import StorageFailed
from twin.cycle import Picture, ReplayClock, Turn
from twin.desk import Book
from twin.live.city_now import CityNow
from twin.live.counts_now import CountsNow
from twin.live.due import Due
from twin.live.fields import LiveFields
from twin.live.round import Round
from twin.live.simulated import Simulated, compared
from twin.live.storing import Storing
from twin.live.wet_streets import WetStreets
from twin.store import FeedStore

START = datetime(2026, 7, 17, 14, tzinfo=UTC)
FIVE = timedelta(minutes=5)


class Four:
    """Two edges of one street, and two without a name: beside it, and far away."""

    crs = "EPSG:32635"

    def layer(self, _name: str) -> gpd.GeoDataFrame:
        lines = [LineString([(385_000, 6_671_000 + at), (385_100, 6_671_000 + at)]) for at in (0, 10, 20, 900)]
        columns = {"edge_id": ["a", "b", "c", "d"], "name": ["Quay", "Quay", "", ""]}
        return gpd.GeoDataFrame(columns, geometry=lines, crs=self.crs)


def test_a_street_is_as_deep_as_its_deepest_edge_and_a_dry_one_is_not_told() -> None:
    wet = WetStreets.of(cast(Any, Four()))
    names, depth_m = wet.deepest(np.array([[0.0, 0.2, 0.1], [0.05, 0.0, 0.05], [0.0, 0.09, 0.0], [0.0, 0.0, 0.0]]))
    assert names == ("Quay",) and depth_m.tolist() == [[0.05, 0.2, 0.1]]
    assert wet.edges == {"Quay": ("a",)} and set(wet.places) == {"Quay", "(Quay)", "d"}
    names, depth_m = wet.deepest(np.zeros((4, 3)))
    assert names == () and depth_m.shape == (0, 3) and wet.edges == {}


def simulated(demand: float) -> Simulated:
    """Ten vehicles a minute on the first edge, one on the second, for an hour."""
    counts = np.broadcast_to(np.array([10.0, 1.0]), (1, 60, 2))
    still = np.zeros((60, 2))
    fields = LiveFields(START, still, still, counts, counts, counts, still[:, 0], still[:, 0], still > 0, {}, (), 1)
    nothing = cast(Any, None)
    return Simulated(START, nothing, nothing, fields, demand, None, np.nan, (), 0.0)


def test_counts_are_held_against_the_same_minutes_without_the_factor_that_was_in_them() -> None:
    """Half an hour of 60 a period where the simulation had 50 at a demand of 1.25; a gap counts on neither side."""
    course = np.full((2, 8), 60.0)
    course[1] = np.nan
    course[0, 4] = np.nan
    counts = Counts(("s", "mute"), ("a", "b"), 0.0, 300.0, course)
    correction, misfit = compared(simulated(1.25), counts, START, {"a": 0, "b": 1})
    assert correction is not None and correction.sensors == ("s",) and "mute" in correction.left_out
    assert correction.observed == 300.0 and correction.modelled == pytest.approx(5 * 50.0 / 1.25)
    assert misfit == pytest.approx(np.sqrt(2 * 120.0**2 / (600.0 + 720.0)))
    assert compared(simulated(1.0), replace(counts, vehicles=course[:, :0]), START, {"a": 0, "b": 1})[0] is not None


def said(minute: int) -> Observation:
    begin = START + timedelta(minutes=minute)
    return Observation("s", "vehicle_count", begin, 60.0, float(minute), "good", begin)


def test_what_a_full_disk_refused_is_kept_later_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FeedStore(tmp_path) as store:
        storing, take = Storing(store), store.take
        for minute in (0, 1):
            storing.hear(said(minute))

        def full(*_: Any) -> None:
            raise StorageFailed("no space")

        monkeypatch.setattr(store, "take", full)
        with pytest.raises(StorageFailed):
            storing.keep()
        monkeypatch.setattr(store, "take", take)
        storing.hear(said(2))
        storing.keep()
        storing.keep()
        storing.hear(said(1))
        storing.keep()
        assert store.read("observations")["result"].to_pylist() == [0.0, 1.0, 2.0]
        assert store.position("replay") == 4


@dataclass
class Notes:
    """A stage that notes what the clock said while it ran."""

    clock: ReplayClock
    seen: list[tuple[datetime, datetime]] = field(default_factory=list)
    name: str = "notes"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        self.seen.append((turn.now, self.clock.now()))
        return picture


def test_a_replay_hears_of_a_moment_before_its_cycle_and_ends_with_the_plan(tmp_path: Path) -> None:
    clock = ReplayClock(START, 36_000.0)
    clock.hold_at(START + timedelta(seconds=15))
    heard, stage, book = list[datetime](), Notes(clock), Book.open(tmp_path / "desk.sqlite")

    async def listen(moment: datetime) -> None:
        await clock.sleep_until(moment + timedelta(seconds=15))
        heard.append(clock.now())

    with FeedStore(tmp_path / "feeds") as store:
        counts = CountsNow(store, ("s",), ("a",), START, 0.0)
        now = CityNow(
            clock, counts, Round((stage,)), book, START, Due(300.0, pace=None), pause_s=0.01, drives=True, grace_s=15.0,
            until=START + 3 * FIVE, listen=listen,
        )  # fmt: skip
        asyncio.run(now.run())
    moments = [START, START + FIVE, START + 2 * FIVE]
    assert [moment for moment, _ in stage.seen] == moments
    assert heard == [moment + timedelta(seconds=15) for moment in moments], "held there until its cycle begins"
    assert all(at <= moment + FIVE + timedelta(seconds=15) for moment, at in stage.seen)
    assert now.over and now.log[-1].en == "the plan's evening is over" and clock.held
    assert now.log[-1].zh == "计划时段已结束" and book.clock() == moments[-1]
    book.close()
