"""What a branch cost everybody: counted while it runs, a few numbers at its end."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.sumo.change import AfterStep, Change

FILE = "tally.json"
_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Tally:
    """All vehicles of a branch from one moment to another.

    Attributes:
        vehicle_h: Hours spent by all vehicles on the road or waiting to enter it.
        near_h: Of them, on the streets that were watched.
        arrived: Vehicles at their destination.
        teleported: Vehicles that SUMO moved by force.
        running: Vehicles on the road at the end.
        waiting: Vehicles that found no room to enter by the end.
        streets: Hours on each street that was watched, where anybody was; empty in what was counted by older versions.
    """

    vehicle_h: float
    near_h: float
    arrived: int
    teleported: int
    running: int
    waiting: int
    streets: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Tally:
        """What `vars` or a file told."""
        return cls(**{name: values[name] for name in cls.__slots__ if name != "streets" or name in values})


@dataclass(frozen=True)
class Tallied(Change):
    """Count, and write `tally.json` in the branch's own folder when the time has come.

    Attributes:
        since_s: What was before does not count.
        until_s: When it is written.
        near: Streets to watch.
    """

    since_s: float
    until_s: float
    near: tuple[str, ...] = ()

    def carry_out(self, sumo: Any) -> AfterStep:
        """Look every few seconds; arrivals at every step."""
        sums = {"vehicle_s": 0.0, "arrived": 0, "teleported": 0}
        on = dict.fromkeys(self.near, 0.0)
        state = {"looked_s": max(self.since_s, sumo.simulation.getTime()), "over": False}

        def after_step(after: Any) -> None:
            now_s = after.simulation.getTime()
            if state["over"] or now_s <= self.since_s:
                return
            sums["arrived"] += after.simulation.getArrivedNumber()
            sums["teleported"] += after.simulation.getStartingTeleportNumber()
            state["over"] = now_s >= self.until_s
            if now_s < state["looked_s"] + _EVERY_S and not state["over"]:
                return
            running, waiting = after.vehicle.getIDCount(), len(after.simulation.getPendingVehicles())
            since_s, state["looked_s"] = now_s - state["looked_s"], now_s
            sums["vehicle_s"] += (running + waiting) * since_s
            for street in on:
                on[street] += after.edge.getLastStepVehicleNumber(street) * since_s
            if state["over"]:
                told = Tally(
                    sums["vehicle_s"] / 3600.0, sum(on.values()) / 3600.0, int(sums["arrived"]),
                    int(sums["teleported"]), running, waiting,
                    {street: spent_s / 3600.0 for street, spent_s in on.items() if spent_s},
                )  # fmt: skip
                _write(Path.cwd() / FILE, told)

        return after_step


def _write(file: Path, tally: Tally) -> None:
    beside = file.with_name(f"beside-{os.getpid()}-{file.name}")
    beside.write_text(json.dumps({name: getattr(tally, name) for name in Tally.__slots__}), encoding="utf-8")
    beside.replace(file)
