"""`Street`: the hidden city of a closed loop. It moves when told, says what its sensors saw, and takes orders.

    with Street(planted, case, sensors, folder) as street:
        said = street.advance(300.0)          # observations of the period
        ack = street.take(order)              # what a receiver answers at once; later answers: street.answers()

What was planted, and what truly happened, goes to `folder/truth.jsonl`, which no twin reads.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.calibration.experiment.drivers import OTHER_WAYS
from benchmarks.live.planted import Planted
from benchmarks.live.street_orders import Ack, Order, OrderDesk, told_of
from benchmarks.live.street_roads import Roads
from benchmarks.live.street_sensors import Counters, Gates, levels
from benchmarks.live.street_signals import Controllers
from benchmarks.live.street_water import WET, WET_MM_H, Water
from calibration import Observation
from models.sumo import Session, SumoCase
from models.sumo.changes import LaneBlocked, LaneFreed
from models.sumo.native import arguments

OPTIONS = OTHER_WAYS | {
    "no-step-log": "true", "duration-log.disable": "true", "no-warnings": "true", "xml-validation": "never",
    "time-to-teleport": "900", "ignore-route-errors": "true",
}  # fmt: skip


class Street:
    """The city.

    Args:
        planted: What happens.
        case: Its streets and drivers (`street_case.hidden_case`).
        sensors: Streets that have one.
        folder: Where the truth goes; exists.
        seed: SUMO's; the plan's by default.

    Attributes:
        log: Orders that were taken, with the second: another street does the same with them (`street_gain`).
    """

    def __init__(
        self, planted: Planted, case: SumoCase, sensors: Sequence[str], folder: Path, seed: int | None = None
    ) -> None:
        self.planted, self.log = planted, list[tuple[float, Order]]()
        said = arguments(replace(case, options={**case.options, **OPTIONS}), list(case.additionals))
        said |= OPTIONS | {"seed": str(planted.seed if seed is None else seed)}
        self._session = Session([word for name, value in said.items() for word in (f"--{name}", value)])
        sumo = self._sumo = self._session.sumo
        self._roads = Roads(sumo, planted.seed, planted.compliance)
        self._controllers = Controllers(sumo, case.net)
        self._counters, self._gates = Counters(sumo, planted, sensors), Gates(planted)
        self._water = Water(planted)
        self._orders = OrderDesk(planted, self._roads, self._controllers)
        self._standing: set[str] = set()
        self._acks: list[tuple[str, Ack]] = []
        self._truth = (folder / "truth.jsonl").open("w", encoding="utf-8")
        self.vehicle_s = 0.0
        self.arrived = 0
        self._note({"planted": planted.model_dump(mode="json", by_alias=True)})

    def __enter__(self) -> Street:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._truth.close()
        self._session.close()

    @property
    def now_s(self) -> float:
        """Seconds of the day."""
        return self._session.time_s

    def take(self, order: Order) -> Ack | None:
        """What the receiver answers at once; None when it is silent."""
        self.log.append((self.now_s, order))
        ack = self._orders.take(order, self.now_s)
        self._note({"at_s": self.now_s, "order": told_of(order), "answer": ack})
        return ack

    def answers(self) -> list[tuple[str, Ack]]:
        """(receiver, acknowledgement) of what was done since the last question."""
        given, self._acks = self._acks, []
        return given

    def advance(self, to_s: float) -> list[Observation]:
        """Move on to a moment, and say what was seen since the last one."""
        from_s, fallen_mm = self.now_s, self._water.fallen_mm
        before_s, arrived = self.vehicle_s, self.arrived
        while self.now_s < to_s - 1e-6:
            self._step()
        mean_mm_h = (self._water.fallen_mm - fallen_mm) * 3600.0 / (to_s - from_s)
        seen = {edge: passed.vehicles for edge, passed in self._counters.passed.items()}
        told = [*self._counters.say(from_s, to_s), *self._gates.say(from_s, to_s)]
        told += levels(self.planted, self._water, mean_mm_h, from_s, to_s)
        self._note(
            {"from_s": from_s, "to_s": to_s, "passed": seen, "vehicle_s": self.vehicle_s - before_s,
             "arrived": self.arrived - arrived, "depth_m": self._water.depth_m, "standing": sorted(self._standing),
             "closed": sorted(self._roads.closed()), "carried_out": self._orders.carried_out()}
        )  # fmt: skip
        return told

    def _step(self) -> None:
        at_s = self.now_s
        if at_s % Water.step_s == 0:
            self._weather(at_s)
            self._incidents(at_s)
        self._session.step()
        switched = self._controllers.after_step()
        self._acks += self._orders.after_step(self.now_s, switched)
        self._roads.after_step()
        step_s = self.now_s - at_s
        self._counters.after_step(step_s)
        simulation = self._sumo.simulation
        self.arrived += simulation.getArrivedNumber()
        self.vehicle_s += step_s * (self._sumo.vehicle.getIDCount() + len(simulation.getPendingVehicles()))

    def _weather(self, at_s: float) -> None:
        was = self._water.rain_mm_h > WET_MM_H
        self._water.advance(at_s)
        wet = self._water.rain_mm_h > WET_MM_H
        for edge in self._roads.lanes if wet != was else ():
            self._roads.slow(edge, "rain", WET if wet else 1.0)
        for pond in self.planted.ponds:
            factor = self._water.factor(pond.name)
            lanes = [lane for edge in pond.edges for lane in self._roads.lanes[edge]]
            for edge in pond.edges:
                self._roads.slow(edge, pond.name, factor)
            shut = pond.name in self._standing
            if (self._water.depth_m[pond.name] >= pond.close_m) != shut:
                self._standing ^= {pond.name}
                self._roads.open(pond.name) if shut else self._roads.close(lanes, pond.name)

    def _incidents(self, at_s: float) -> None:
        for number, one in enumerate(self.planted.incidents):
            name = f"incident-{number}"
            if one.holds(at_s) == (name in self._standing):
                continue
            self._standing ^= {name}
            for lane in (f"{one.edge}_{lane}" for lane in one.lanes):
                at_m = one.at * self._sumo.lane.getLength(lane)
                (LaneBlocked(lane, at_m) if one.holds(at_s) else LaneFreed(lane)).carry_out(self._sumo)

    def _note(self, what: dict[str, Any]) -> None:
        self._truth.write(json.dumps(what, sort_keys=True) + "\n")
        self._truth.flush()
