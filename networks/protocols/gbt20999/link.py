"""The centre's side of GB/T 20999-2017."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from networks.errors import BadInput, EngineFailed, Refused
from networks.protocols.controller_link import Line
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gbt20999.file import ControllerFile
from networks.protocols.gbt20999.frame import Address, Frame, FrameStream, Item, Kind, Status, write_frame
from networks.protocols.gbt20999.laying import with_plan
from networks.protocols.gbt20999.lifting import record_of
from networks.protocols.gbt20999.rows import (
    ASSIGNED_PLAN,
    CONFLICTS,
    INTERGREENS,
    LAMPS,
    PHASES,
    PLANS,
    RUNNING_PLAN,
    SIZES,
    STAGES,
    phase_items,
    plan_items,
    safety_items,
    stage_items,
    tree_in,
)
from networks.protocols.gbt20999.tree import Tree
from networks.protocols.staged.plan import StagedPlan

_ITEMS_A_FRAME = 100
_REFUSALS = {Kind.QUERY_REFUSED, Kind.SET_REFUSED}
_ANSWERS = {Kind.ANSWER, Kind.SET_DONE, Kind.HEARTBEAT_ANSWER, *_REFUSALS}


class ControllerPort:
    """A connection to controllers; frames tell which one is meant.

    Args:
        host, port: Where they listen.
        known: What their lamp groups drive, by signal: frames do not tell.
        timeout_s: Longest wait for an answer.

    Raises:
        NotThere: Nobody answers.
    """

    def __init__(self, host: str, port: int, known: Mapping[str, ControllerFile], *, timeout_s: float = 20.0) -> None:
        self._line, self._known, self._stream = Line(host, port, timeout_s), known, FrameStream()
        self._sequence = 0
        self._trees: dict[str, Tree] = {}

    def request(self, signal: str, kind: Kind, items: Sequence[Item]) -> tuple[Item, ...]:
        """The items of the answer to one frame.

        Raises:
            Refused: It answers with an error.
            EngineFailed: The connection is lost, or nothing that answers comes in time.
        """
        self._sequence = (self._sequence + 1) % 256
        frame = Frame(kind, tuple(items), self._known[signal].signal_id, self._sequence)
        self._line.send(write_frame(frame))
        answer = self._next(frame)
        if answer.kind in _REFUSALS:
            told = [(one.address, one.value[0]) for one in answer.items if one.value]
            words = ", ".join(f"{'.'.join(map(str, a))}: {_status(code)}" for a, code in told) or "without a reason"
            raise Refused(f"the controller refuses {kind.name}: {words}", place=f"signal {signal}")
        return answer.items

    def read(self, cross_id: str) -> CrossingRecord:
        """The plans of a controller and which one runs.

        Raises:
            Refused, EngineFailed: As `request`.
            BadInput: Its rows do not agree.
        """
        known = self._known[cross_id]
        values = self._values(cross_id, [RUNNING_PLAN])
        for table, room in ((LAMPS, 64), (PHASES, 64), (STAGES, 64), (PLANS, 128)):
            numbers = self._values(cross_id, [(*table, 1, n) for n in range(1, room + 1)])
            own = [address[3] for address, value in numbers.items() if any(value)]
            for rows in (table, CONFLICTS, INTERGREENS) if table == PHASES else (table,):
                values |= self._values(cross_id, [(*rows, a, n) for n in own for a in range(1, len(SIZES[rows]) + 1)])
        self._trees[cross_id] = tree_in(values)
        return record_of(self._trees[cross_id], known.groups, cross_id)

    def write(self, record: CrossingRecord, number: int, plan: StagedPlan) -> None:
        """Put a plan under a number: phases and stages that are not there yet get numbers that are free.

        Raises:
            Refused, EngineFailed: As `request`.
            BadInput: The plan cannot be told.
        """
        now = self._trees[record.cross_id]
        then = with_plan(now, number, plan)
        for phase in sorted(then.phases.keys() - now.phases.keys()):
            self.request(record.cross_id, Kind.SET, phase_items(then.phases[phase]))
            self.request(record.cross_id, Kind.SET, safety_items(then, phase))
        for stage in sorted(then.stages.keys() - now.stages.keys()):
            self.request(record.cross_id, Kind.SET, stage_items(then.stages[stage]))
        self.request(record.cross_id, Kind.SET, plan_items(then.plans[number]))

    def run(self, record: CrossingRecord, number: int) -> None:
        """Let the plan of this number run.

        Raises:
            Refused, EngineFailed: As `request`.
        """
        self.request(record.cross_id, Kind.SET, [Item(ASSIGNED_PLAN, bytes([number]))])

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _values(self, signal: str, addresses: Sequence[Address]) -> dict[Address, bytes]:
        found: dict[Address, bytes] = {}
        for at in range(0, len(addresses), _ITEMS_A_FRAME):
            asked = [Item(address) for address in addresses[at : at + _ITEMS_A_FRAME]]
            found |= {one.address: one.value for one in self.request(signal, Kind.QUERY, asked)}
        if missing := [address for address in addresses if address not in found]:
            what = f"{'.'.join(map(str, missing[0]))} is not among its answers"
            raise EngineFailed(what, place=f"signal {signal}")
        return found

    def _next(self, asked: Frame) -> Frame:
        while True:
            for one in self._stream.feed(self._line.receive()):
                if isinstance(one, BadInput):
                    raise EngineFailed(f"its answer is broken: {one.what}", place=self._line.name)
                ours = (one.signal_id, one.sequence) == (asked.signal_id, asked.sequence)
                if one.kind in _ANSWERS and ours:
                    return one


def _status(code: int) -> str:
    return Status(code).name if code in set(Status) else f"{code:02X}"
