"""An emulator of signal controllers that a centre talks to by GB/T 20999-2017 (a declared subset).

Answers queries, sets and heartbeats. It holds lamp groups (class 3), phases (4), stages (6), conflicts and intergreens
(7), plans (9), day plans (11), schedules (12), what runs (13.2.2, 13.2.3), and takes the plan that a centre assigns
(17.3). All of a frame is done or nothing. What the plan that runs uses is read-only; a plan is held against the ground
when it is assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from networks.errors import BadInput, Refused
from networks.protocols.emulated_crossing import EmulatedCrossing
from networks.protocols.gbt20999.file import ControllerFile
from networks.protocols.gbt20999.frame import Address, Frame, FrameStream, Item, Kind, Status, write_frame
from networks.protocols.gbt20999.lifting import record_of
from networks.protocols.gbt20999.rows import (
    ASSIGNED_PLAN,
    CONFLICTS,
    COUNTS,
    INTERGREENS,
    LAMPS,
    PHASES,
    PLANS,
    RUNNING_MODE,
    RUNNING_PLAN,
    SIZES,
    STAGES,
    tree_in,
    tree_items,
)
from networks.protocols.gbt20999.tree import FIXED_MODE, Tree

_MOST_FAULTS = 32
"""Broken frames in a row after which the line is hung up."""


class EmulatedController:
    """One controller: its values by address, and the crossing that they mean.

    Args:
        told: What it keeps at the begin; what its lamp groups drive.
        crossing: The ground.
    """

    def __init__(self, told: ControllerFile, crossing: EmulatedCrossing) -> None:
        self.told, self.crossing = told, crossing
        self.values: dict[Address, bytes] = {one.address: one.value for one in tree_items(told.tree)}
        self.values[RUNNING_MODE] = bytes([FIXED_MODE])

    @property
    def tree(self) -> Tree:
        """What it keeps.

        Raises:
            BadInput: A row is not whole.
        """
        return tree_in(self.values)

    def ask(self, address: Address) -> bytes | Status:
        """A value; empty rows are zeros."""
        if address in COUNTS:
            return bytes([COUNTS[address]])
        if address in self.values and address != ASSIGNED_PLAN:
            return self.values[address]
        size = _size(address)
        return bytes(size) if size else Status.NOT_THERE

    def set(self, items: tuple[Item, ...]) -> dict[Address, tuple[Status, str]]:
        """Do what items say; what is refused with its reason, and then nothing is done."""
        found = {one.address: why for one in items if (why := self._refusal(one))}
        if found:
            return found
        values = {**self.values, **{one.address: one.value for one in items if one.address != ASSIGNED_PLAN}}
        assigned = [one for one in items if one.address == ASSIGNED_PLAN]
        if assigned:
            number = assigned[-1].value[0]
            try:
                self._assign(values, number)
            except (BadInput, Refused) as error:
                return {ASSIGNED_PLAN: (Status.CONTROL_FAILED, error.what)}
            values[RUNNING_PLAN] = bytes([number])
        self.values = values
        return {}

    def _assign(self, values: Mapping[Address, bytes], number: int) -> None:
        """Let a plan run.

        Raises:
            BadInput: It is not there or its rows do not agree.
            Refused: It is unsafe, or the tables do not hold the conflicts of the ground.
        """
        tree = replace(tree_in(values), running=number)
        record = record_of(tree, self.told.groups, self.told.signal)
        used = {lamp for phase in tree.used()[0] for lamp in tree.phases[phase].lamps}
        for pair in sorted(self.told.tree.conflicts - tree.conflicts):
            if set(pair) <= used:
                raise Refused(f"the table of conflicts lacks lamp groups {pair[0]} and {pair[1]}")
        for pair, seconds in sorted(self.told.tree.intergreens_s.items()):
            if set(pair) <= used and tree.intergreens_s.get(pair, 0) < seconds:
                raise Refused(f"the intergreen from lamp group {pair[0]} to {pair[1]} is shorter than {seconds} s")
        self.crossing.check(record.plan)
        self.crossing.record = record

    def _refusal(self, item: Item) -> tuple[Status, str] | None:
        if item.address == ASSIGNED_PLAN:
            return None if len(item.value) == 1 else (Status.WRONG_LENGTH, f"{len(item.value)} bytes")
        size = _size(item.address)
        if not size:
            read_only = item.address in COUNTS or item.address in self.values
            return (Status.READ_ONLY, "it is read-only") if read_only else (Status.NOT_THERE, "there is no such value")
        if len(item.value) != size:
            return Status.WRONG_LENGTH, f"{len(item.value)} bytes instead of {size}"
        table, attribute, row = item.address[:2], item.address[2], item.address[3]
        if attribute == 1 and item.value[0] not in (0, row):
            return Status.BAD_VALUE, f"row {row} is numbered {item.value[0]}"
        if table == LAMPS:
            return Status.READ_ONLY, "lamp groups are wired"
        phases, stages = self.tree.used()
        used = {PHASES: phases, CONFLICTS: phases, INTERGREENS: phases, STAGES: stages, PLANS: {self.tree.running}}
        if row in used.get(table, ()) and self.values.get(item.address) != item.value:
            return Status.READ_ONLY, "the plan that runs uses it"
        return None


class ControllerTalk:
    """A centre's connection to controllers.

    Args:
        controllers: By the number in frames.
        lock: Held while something is done.
        log: Is told each request in a line.
        keep: Is called after each change.
    """

    def __init__(
        self,
        controllers: Mapping[int, EmulatedController],
        lock: Lock,
        log: Callable[[str], None],
        keep: Callable[[], None],
    ) -> None:
        self.done = False
        self._controllers, self._lock, self._log, self._keep = controllers, lock, log, keep
        self._stream, self._faults = FrameStream(), 0

    def feed(self, data: bytes) -> bytes:
        """The answers to whole frames among what has come; broken ones are told in the log and not answered."""
        answers = []
        for one in self._stream.feed(data):
            if isinstance(one, BadInput):
                self._faults += 1
                self.done = self._faults > _MOST_FAULTS
                self._log(f"a broken frame: {one.what}")
                continue
            self._faults = 0
            with self._lock:
                answer = self._answer(one)
            if answer:
                answers.append(write_frame(answer))
        return b"".join(answers)

    def _answer(self, frame: Frame) -> Frame | None:
        controller = self._controllers.get(frame.signal_id)
        if controller is None:
            self._log(f"{frame.kind.name} for controller {frame.signal_id}, which is not here")
            return None
        name = controller.told.signal
        if frame.kind is Kind.HEARTBEAT:
            return replace(frame, kind=Kind.HEARTBEAT_ANSWER, items=())
        if frame.kind is Kind.QUERY:
            return self._asked(frame, controller, name)
        if frame.kind is not Kind.SET:
            self._log(f"{name}: {frame.kind.name}: not answered")
            return None
        refused = controller.set(frame.items)
        tables = ", ".join(dict.fromkeys(".".join(map(str, one.address[:2])) for one in frame.items))
        if refused:
            address, (status, why) = next(iter(refused.items()))
            self._log(f"{name}: SET {tables}: refused: {'.'.join(map(str, address))}: {status.name}: {why}")
            items = tuple(Item(one, bytes([status])) for one, (status, _) in refused.items())
            return replace(frame, kind=Kind.SET_REFUSED, items=items)
        self._keep()
        self._log(f"{name}: SET {tables}: done")
        return replace(frame, kind=Kind.SET_DONE, items=tuple(Item(one.address) for one in frame.items))

    def _asked(self, frame: Frame, controller: EmulatedController, name: str) -> Frame:
        answers = [(one.address, controller.ask(one.address)) for one in frame.items]
        wrong = tuple(Item(address, bytes([told])) for address, told in answers if isinstance(told, Status))
        tables = ", ".join(dict.fromkeys(".".join(map(str, address[:2])) for address, _ in answers))
        self._log(f"{name}: QUERY {tables}: {'refused: NOT_THERE' if wrong else 'done'}")
        if wrong:
            return replace(frame, kind=Kind.QUERY_REFUSED, items=wrong)
        items = tuple(Item(address, told) for address, told in answers if not isinstance(told, Status))
        return replace(frame, kind=Kind.ANSWER, items=items)


def _size(address: Address) -> int:
    """Bytes of a value of a table's row; 0 where there is none."""
    table, attribute, row = address[:2], address[2], address[3]
    sizes = SIZES.get(table, ())
    room = COUNTS.get((table[0], 1, 0, 0), COUNTS[4, 1, 0, 0])
    return sizes[attribute - 1] if 1 <= attribute <= len(sizes) and 1 <= row <= room else 0
