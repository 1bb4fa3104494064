"""A control room's shift as discrete events: calls, orders, wheels rolling, arrivals, hospitals, stand-by moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.emergency.dispatching.agenda import Agenda
from models.emergency.dispatching.checks import check
from models.emergency.dispatching.choosing import Choosing
from models.emergency.dispatching.clocks import WALK_MPS, Delays
from models.emergency.dispatching.fleet import Crewed, stationed
from models.emergency.dispatching.hospitals import Wards
from models.emergency.dispatching.policy import Offer, Policy
from models.emergency.dispatching.record import Answered, Record, answered
from models.emergency.dispatching.travel import Travels, travel_of
from models.emergency.planning import Call, Unit
from models.emergency.resources.table import call_kind
from networks.sentence import say

if TYPE_CHECKING:
    from models.emergency.resources.site import Hospital

NEAREST, USUAL = Policy(), Delays()


def simulate(
    travel: Travels,
    index: dict[str, int],
    units: Sequence[Unit],
    calls: Sequence[Call],
    *,
    hospitals: Sequence[Hospital] = (),
    policy: Policy = NEAREST,
    delays: Delays = USUAL,
    named: Callable[[str], str] = str,
    end_s: float = np.inf,
) -> Answered:
    """Let a policy answer calls. Nothing is drawn here: the same arguments give the same answer.

    Args:
        travel: Roads as they are believed and as they are, for all units or for each class of vehicles.
        index: Road edges by name.
        units: The fleet.
        calls: All calls, known to nobody before their time.
        hospitals: Where patients are taken; without any they are treated on the spot.
        policy: Whom to send, and where to wait.
        delays: Steps without driving.
        named: What a road edge is called in sentences; its id by default.
        end_s: What has not happened by then does not happen.

    Raises:
        BadInput: Two calls of one name, or an edge that is not in the graph.
    """
    return _ControlRoom(travel, index, units, calls, hospitals, policy, delays, named).run(end_s)


class _ControlRoom:
    def __init__(
        self, travel: Travels, index: dict[str, int], units: Sequence[Unit], calls: Sequence[Call],
        hospitals: Sequence[Hospital], policy: Policy, delays: Delays,
        named: Callable[[str], str],
    ) -> None:  # fmt: skip
        check(index, units, calls, hospitals)
        self._travel, self._index, self._policy, self._delays = travel, index, policy, delays
        self._fleet = [stationed(one, i, index[one.edge_id]) for i, one in enumerate(units)]
        self._wards = Wards(hospitals, [index[one.edge_id] for one in hospitals])
        self._choosing = Choosing(self._fleet, policy, travel, delays, index, named)
        self._records = [Record(call) for call in sorted(calls, key=lambda c: (c.time_s, c.priority, c.call_id))]
        self._of = {record.call.call_id: record for record in self._records}
        self._waiting: list[Record] = []
        self._agenda = Agenda()

    def run(self, end_s: float) -> Answered:
        for record in self._records:
            if record.call.note is not None:
                record.say(record.call.note)
            self._agenda.at(record.call.time_s + self._delays.handling_s, self._ring(record))
        for crewed in self._fleet:
            for begin, _ in crewed.unit.duty_s:
                if np.isfinite(begin):
                    self._agenda.at(begin, lambda now: self._serve(now))
        self._agenda.run(end_s)
        return self._answered(end_s if np.isfinite(end_s) else self._agenda.now)

    def _ring(self, record: Record) -> Callable[[float], None]:
        def ready(now: float) -> None:
            self._waiting.append(record)
            self._serve(now)

        return ready

    def _serve(self, now: float) -> None:
        """Send units to waiting calls, the most urgent first, then by their time."""
        self._waiting.sort(key=lambda one: (one.call.priority, one.call.time_s, one.call.call_id))
        for record in list(self._waiting):
            offer = self._choosing.offer(record, now)
            if offer is not None:
                self._waiting.remove(record)
                self._send(offer, record, now)
                continue
            self._choosing.refuse(record, now)
            if not self._policy.queue:
                self._waiting.remove(record)

    def _send(self, offer: Offer, record: Record, now: float) -> None:
        crewed = offer.crewed
        wait_s = self._choosing.turnout_s(crewed, now)
        before = crewed.call if offer.diverts else None
        crewed.stop(now)
        if crewed.doing == "idle":
            crewed.since_s = now
        crewed.doing, crewed.call = "responding", record.call
        record.order_s = now
        record.rolling_s = record.arrival_s = record.contact_s = np.nan
        record.unit_id, record.station_id = crewed.unit.unit_id, crewed.unit.station_id
        record.mutual_aid = crewed.unit.mutual_aid
        self._agenda.then(crewed, now + wait_s, self._roll)
        if before is not None:
            other = self._of[before.call_id]
            other.diverted += 1
            other.unit_id = other.station_id = ""
            other.order_s = other.rolling_s = np.nan
            self._waiting.append(other)
            self._agenda.at(now, self._serve)

    def _roll(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        record = self._of[crewed.call.call_id]
        if np.isnan(record.rolling_s):
            record.rolling_s = now
        self._go(crewed, self._index[crewed.call.edge_id], now, self._arrive, self._no_way)

    def _go(
        self, crewed: Crewed, destination: int, now: float,
        there: Callable[[Crewed, float], None], no_way: Callable[[Crewed, float], None],
    ) -> None:  # fmt: skip
        """Drive; a crew that meets a road that is shut says so and looks for a way round."""
        travel = travel_of(self._travel, crewed.unit.kind)
        drive = travel.drive(crewed.where(now), destination, now)
        crewed.stop(now)
        if drive is None:
            no_way(crewed, now)
            return
        if self._policy.wave is not None and crewed.doing == "responding" and crewed.call is not None:
            drive = self._policy.wave.quicker(crewed.call.call_id, crewed.unit.kind, drive)
        crewed.drive = drive
        if drive.shut < 0:
            self._agenda.then(crewed, float(drive.entered_s[-1]), there)
            return

        def shut(crewed: Crewed, now: float) -> None:
            travel.found_shut(drive.shut, now)
            if crewed.call is not None and crewed.doing == "responding":
                self._of[crewed.call.call_id].turned_round += 1
            crewed.edge, crewed.drive = drive.edges[-1], None
            self._go(crewed, destination, now, there, no_way)

        self._agenda.then(crewed, float(drive.entered_s[-1]) + drive.turning_s, shut)

    def _no_way(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        record = self._of[crewed.call.call_id]
        record.tried.add(crewed.unit.unit_id)
        record.say(say(f"{crewed.unit.unit_id} finds no open way on", f"{crewed.unit.unit_id}没有可通行的道路"))
        record.unit_id = record.station_id = ""
        record.order_s = record.rolling_s = np.nan
        self._waiting.append(record)
        self._free(crewed, now)

    def _arrive(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        record, call = self._of[crewed.call.call_id], crewed.call
        crewed.stop(now)
        crewed.doing = "on_scene"
        record.answered, record.arrival_s = True, now
        record.contact_s = now + self._delays.access_s + call.off_road_m / WALK_MPS
        kind = call_kind(call.kind)
        stay_s = kind.on_scene_s if np.isnan(call.on_scene_s) else call.on_scene_s
        leave = self._leave if kind.transport else self._free
        self._agenda.then(crewed, record.contact_s + stay_s, leave)

    def _leave(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        record = self._of[crewed.call.call_id]
        record.leave_s = now
        edge, hospital, told = self._wards.nearest(
            travel_of(self._travel, crewed.unit.kind), crewed.edge, crewed.call.speciality, now
        )
        for sentence in told:
            record.say(sentence)
        if hospital is None:
            hold_s = self._delays.hold_s if len(self._wards) else 0.0
            self._agenda.then(crewed, now + hold_s, self._free)
            return
        crewed.doing, record.hospital_id = "transport", hospital.site_id
        self._go(crewed, edge, now, self._hand_over, self._held_up)

    def _held_up(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        record = self._of[crewed.call.call_id]
        record.hospital_id = ""
        record.say(say("the way to hospital was shut: treated in the vehicle", "送医道路不通：车内救治"))
        self._agenda.then(crewed, now + self._delays.hold_s, self._free)

    def _hand_over(self, crewed: Crewed, now: float) -> None:
        assert crewed.call is not None
        crewed.stop(now)
        self._of[crewed.call.call_id].hospital_s = now
        self._agenda.then(crewed, now + self._delays.handover_s, self._free)

    def _free(self, crewed: Crewed, now: float) -> None:
        if crewed.call is not None:
            self._of[crewed.call.call_id].free_s = now
        crewed.stop(now)
        crewed.busy_s += now - crewed.since_s
        crewed.doing, crewed.call, crewed.post = "idle", None, crewed.edge
        if self._waiting:
            self._serve(now)
        if crewed.doing != "idle":
            return
        post = crewed.base
        if crewed.on_duty(now):
            post = self._policy.wait.post(crewed, self._choosing.scene(crewed, now, without=True))
        crewed.moves += post != crewed.base
        crewed.post = post
        if post != crewed.edge:
            self._go(crewed, post, now, self._wait, self._wait)

    def _wait(self, crewed: Crewed, now: float) -> None:
        """At its post, or where it cannot get on."""
        crewed.stop(now)
        crewed.post = crewed.edge
        if self._waiting:
            self._serve(now)

    def _answered(self, end_s: float) -> Answered:
        for record in self._waiting:
            self._choosing.refuse(record, end_s)
            if not any(one.unit.mutual_aid for one in self._choosing.able(record)):
                record.say(say("next best: ask the neighbours", "次优：请求邻近力量支援"))
        for one in self._fleet:
            if one.doing == "responding" and one.call is not None:
                told = one.unit.unit_id
                self._of[one.call.call_id].say(say(f"{told} is still on its way at the end", f"结束时{told}仍在途中"))
        return answered(self._records, self._fleet, end_s)
