"""Drivers who are told to keep away from a street do, until the diversion ends: then the usual way is driven again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import busy_crossroads as crossroads
import pandas as pd

from models.sumo.changes import LaneBlocked, LaneFreed
from models.sumo.diverted import DiversionEnded, Diverted
from models.sumo.kinds import as_values, from_values
from models.sumo.sent import VehiclesSent
from models.sumo.warm import WarmCity

USUAL = ("A1A0", "A0B0", "B0C0", "C0C1", "C1C2")
BESIDE = ("A1A0", "A0B0", "B0B1", "B1C1", "C1C2")
EVERYBODY = VehiclesSent("x", (("usual", USUAL),), tuple((0, float(at)) for at in range(5, 700, 10)))
ALL = Diverted(("B0C0",), 1.0, 1, penalty_s=3600.0)


def entered(
    town: Any, folder: Path, *moments: tuple[float, tuple[Any, ...]], sent: VehiclesSent = EVERYBODY
) -> list[int]:
    """Vehicles that entered B0C0 in minutes 3 to 5, 6 to 8 and 9 to 11, with changes at moments."""
    demand = folder / "none.rou.xml"
    demand.write_text("<routes/>", encoding="utf-8")
    with WarmCity(crossroads.options(town.net_file, demand), folder / "warm") as city:
        city.change([sent])
        for at_s, changes in moments:
            city.step_until(at_s)
            city.change(changes)
        city.step_until(721.0)
    told = pd.read_csv(folder / "warm" / "edges.csv", sep=";")
    street = told[told["edge_id"] == "B0C0"].set_index("interval_begin")["edge_entered"]
    return [int(street.reindex([at, at + 60.0, at + 120.0]).fillna(0).sum()) for at in (180.0, 360.0, 540.0)]


def test_nobody_more_is_told_once_it_has_ended(signal_town: Any, tmp_path: Path) -> None:
    never, always, ended, again = (
        entered(signal_town, tmp_path / name, *moments)
        for name, moments in {
            "never": (),
            "always": ((60.0, (ALL,)),),
            "ended": ((60.0, (ALL,)), (300.0, (DiversionEnded(ALL),))),
            "again": ((60.0, (ALL,)), (300.0, (DiversionEnded(ALL),)), (480.0, (ALL,))),
        }.items()
        if (tmp_path / name).mkdir() is None
    )
    assert min(never) > 12, "a vehicle every ten seconds"
    assert always == [0, 0, 0]
    assert ended[0] == 0 and ended[2] > 12
    assert again[1] > 12 and again[2] <= 2, "who already stood before the street drives on"


def test_one_that_is_ordered_anew_before_its_time_is_over_holds_for_its_whole_time(
    signal_town: Any, tmp_path: Path
) -> None:
    short = replace(ALL, for_s=300.0)
    held = entered(signal_town, tmp_path, (60.0, (short,)), (240.0, (short,)))
    assert held[:2] == [0, 0] and held[2] > 8


def test_diversions_beside_each_other_keep_drivers_from_the_streets_of_both(signal_town: Any, tmp_path: Path) -> None:
    other = Diverted(("B1C1",), 1.0, 2, penalty_s=3600.0)
    both, first_ended, second_ended = (
        entered(signal_town, tmp_path / name, (60.0, (ALL, other)), *moments)
        for name, moments in {
            "both": (), "first-ended": ((300.0, (DiversionEnded(ALL),)),),
            "second-ended": ((300.0, (DiversionEnded(other),)),),
        }.items()
        if (tmp_path / name).mkdir() is None
    )  # fmt: skip
    assert both == second_ended == [0, 0, 0]
    assert first_ended[0] == 0 and first_ended[2] > 12


def test_a_street_that_is_free_again_is_a_way_round_for_others(signal_town: Any, tmp_path: Path) -> None:
    blocked, freed = LaneBlocked("B0C0_0", 60.0, around=1.0), LaneFreed("B0C0_0")
    shunned = Diverted(("B1C1",), 1.0, 2, penalty_s=3600.0)
    late = VehiclesSent("late", (("beside", BESIDE),), tuple((0, float(at)) for at in range(405, 700, 10)))
    moments = (60.0, (blocked,)), (300.0, (freed,)), (390.0, (shunned,))
    assert entered(signal_town, tmp_path, *moments, sent=late)[2] > 12


def test_the_end_of_a_diversion_goes_through_a_pipe() -> None:
    assert from_values(as_values(DiversionEnded(ALL))) == DiversionEnded(ALL)
