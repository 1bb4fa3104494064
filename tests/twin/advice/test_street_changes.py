"""What an option changes street by street: counted while SUMO runs, and taken in pairs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from calibration.live import Tried
from models.sumo.tallied import FILE, Tallied, Tally
from twin.advice.judging import street_changes
from twin.advice.option import NOTHING


def tally(**streets: float) -> Tally:
    return Tally(0.0, 0.0, 0, 0, 0, 0, streets)


def test_pairs_give_the_mean_and_students_interval() -> None:
    base, done = [1.0, 2.0, 4.0], [0.5, 1.5, 2.0]
    runs: dict[tuple[str, int], Tally] = {}
    for member, (without, withit) in enumerate(zip(base, done, strict=True)):
        runs |= {(NOTHING, member): tally(a=without, b=1.0), ("signs", member): tally(a=withit, b=1.0, c=0.2)}
    first, *others = street_changes(Tried(runs, {}, 0.0), "signs", [0, 1, 2, 3])
    spread = math.sqrt(((0.5 - 1) ** 2 * 2 + (2 - 1) ** 2) / 2)
    half = 2.919986 * spread / math.sqrt(3)  # Student's t, 95 %, two degrees of freedom
    assert (first.edge, first.difference, first.base) == ("a", -1.0, pytest.approx(7 / 3))
    assert (first.low, first.high) == (pytest.approx(-1 - half, abs=1e-5), pytest.approx(-1 + half, abs=1e-5))
    assert [(one.edge, one.difference) for one in others] == [("c", pytest.approx(0.2)), ("b", 0.0)]
    assert street_changes(Tried(runs, {}, 0.0), "signs", [0]) == (), "one pair has no interval"


def test_hours_on_streets_add_up_to_those_nearby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clock = {"now": 0.0}
    on = {"a": 3, "b": 0, "c": 1}
    sumo: Any = SimpleNamespace(
        simulation=SimpleNamespace(
            getTime=lambda: clock["now"], getArrivedNumber=lambda: 0, getStartingTeleportNumber=lambda: 0,
            getPendingVehicles=tuple,
        ),
        vehicle=SimpleNamespace(getIDCount=lambda: 9),
        edge=SimpleNamespace(getLastStepVehicleNumber=on.__getitem__),
    )  # fmt: skip
    after = Tallied(0.0, 3600.0, ("a", "b", "c")).carry_out(sumo)
    while clock["now"] < 3600.0:
        clock["now"] += 1.0
        after(sumo)
    told = Tally.of(json.loads((tmp_path / FILE).read_text(encoding="utf-8")))
    assert told.streets == {"a": pytest.approx(3.0), "c": pytest.approx(1.0)}
    assert told.near_h == pytest.approx(4.0) and told.vehicle_h == pytest.approx(9.0)
    old = {name: getattr(told, name) for name in Tally.__slots__ if name != "streets"}
    assert Tally.of(old).streets == {}, "what an older version counted is still read"
