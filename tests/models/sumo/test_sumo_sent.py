"""A city that is changed for good: its copies have it too, by fork and afresh, and may tell only their own news."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import busy_crossroads as crossroads
import pytest

from models.sumo.branch import Branch
from models.sumo.changes import LaneBlocked, LaneFreed, SpeedLimit
from models.sumo.kinds import as_values, from_values
from models.sumo.own_files import OwnFile, can_fork
from models.sumo.sent import Later, LimitsTimes, Manners, VehiclesSent
from models.sumo.warm import WarmCity

SENT = VehiclesSent(
    "x", (("along", ("A0B0", "B0C0")), ("nowhere", ("A0B0", "none"))), ((0, 70.0), (1, 71.0), (0, 80.0))
)


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_copies_have_what_was_changed_and_tell_their_own_news(signal_town: Any, tmp_path: Path) -> None:
    demand = tmp_path / "all.rou.xml"
    crossroads.write_demand(demand)
    prepare = crossroads.options(signal_town.net_file, demand)
    changes = (SENT, LimitsTimes(0.8), Manners(0.5, 1.2), Later(100.0, SpeedLimit("B0C0", 3.0)))
    ends = []
    for forks in (True, False):
        with WarmCity(prepare, tmp_path / f"warm-{forks}", forks=forks) as city:
            city.step_until(60.0)
            city.change(changes)
            city.step_until(120.0)
            there = city.look()["vehicles"]
            assert {"x.0", "x.2"} <= set(there) and "x.1" not in there
            names = ("whole", "news") if forks else ("whole",)
            ended = city.fork([Branch(name, 260.0, tables=True, past=name == "whole") for name in names])
            assert all(one.problem is None for one in ended)
            ends += [one.after for one in ended]
            if forks:
                whole, news = (
                    next(file for file in one.files.values() if file.name == "edges.csv").read_bytes() for one in ended
                )  # fmt: skip
                assert news and whole.endswith(news)
            ends.append(city.step_until(260.0))
    assert len(set(ends)) == 1  # the city, its forks, and copies that were warmed up afresh


def test_changes_go_through_a_pipe() -> None:
    later = Later(100.0, SpeedLimit("B0C0", 3.0))
    assert from_values(as_values(later)) == later and from_values(as_values(SENT)) == SENT


def test_only_what_was_written_after_the_fork_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "own.xml"
    with own.open("wb") as file:  # a child writes on at the offset that its parent had
        file.seek(1000)
        file.write(b"half of a line\n<news/>")
    OwnFile(tmp_path / "shared.xml", own, 1000).leave_out_the_past()
    assert own.read_bytes() == b"half of a line\n<news/>"


@pytest.mark.parametrize("around", [0.0, 1.0])
def test_who_would_pass_a_block_looks_for_another_way_until_it_is_gone(
    around: float, signal_town: Any, tmp_path: Path
) -> None:
    """Straight through B1: all that is sent while C1 is shut off behind B1 goes round, or stands; after it, through."""
    demand = tmp_path / "none.rou.xml"
    demand.write_text("<routes/>")
    way = ("A1B1", "B1C1", "C1D1", "D1E1")
    early = VehiclesSent("early", (("through", way),), tuple((0, 10.0 + 5.0 * k) for k in range(20)))
    late = VehiclesSent("late", (("through", way),), tuple((0, 310.0 + 5.0 * k) for k in range(10)))
    with WarmCity(crossroads.options(signal_town.net_file, demand), tmp_path / "warm") as city:
        city.step_until(1.0)
        city.change((LaneBlocked("C1D1_0", 60.0, around=around), early))
        city.step_until(300.0)
        there = city.look()["vehicles"]
        held = sum(name.startswith("early") for name in there)
        city.change((LaneFreed("C1D1_0"), late))
        city.step_until(320.0)
        city.step_until(700.0)
        assert not city.look()["vehicles"]
    assert (held > 10) if around == 0.0 else (held < 5)
