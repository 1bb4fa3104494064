"""Drivers who are told to keep away from a street do, until the diversion ends: then the usual way is driven again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import busy_crossroads as crossroads
import pandas as pd

from models.sumo.diverted import DiversionEnded, Diverted
from models.sumo.kinds import as_values, from_values
from models.sumo.sent import VehiclesSent
from models.sumo.warm import WarmCity

USUAL = ("A1A0", "A0B0", "B0C0", "C0C1", "C1C2")
EVERYBODY = VehiclesSent("x", (("usual", USUAL),), tuple((0, float(at)) for at in range(5, 700, 10)))
ALL = Diverted(("B0C0",), 1.0, 1, penalty_s=3600.0)


def entered(town: Any, folder: Path, *moments: tuple[float, tuple[Any, ...]]) -> list[int]:
    """Vehicles that entered B0C0 in minutes 3 to 5, 6 to 8 and 9 to 11, with changes at moments."""
    demand = folder / "none.rou.xml"
    demand.write_text("<routes/>", encoding="utf-8")
    with WarmCity(crossroads.options(town.net_file, demand), folder / "warm") as city:
        city.change([EVERYBODY])
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


def test_the_end_of_a_diversion_goes_through_a_pipe() -> None:
    assert from_values(as_values(DiversionEnded(ALL))) == DiversionEnded(ALL)
