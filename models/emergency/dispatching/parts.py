"""Calls that ask for several units: a part for each, so that every unit has its own clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.emergency.dispatching.record import Record
from models.emergency.planning import Call
from models.emergency.resources.table import call_kind


def parts_of(call: Call) -> tuple[Call, ...]:
    """One call for each unit that its kind asks for (`CallKind.asks`), named CALL/1, CALL/2, ...; one unit: the call.

    What it needs of skills the first must have.
    """
    asks = call_kind(call.kind).asks
    if len(asks) == 1:
        return (replace(call, classes=asks[0]),)
    return tuple(
        replace(
            call, call_id=f"{call.call_id}/{n + 1}", part_of=call.call_id, classes=classes,
            needs=call.needs if n == 0 else (),
        )
        for n, classes in enumerate(asks)
    )  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A call with the records of all its parts, of which there is at least one."""

    parts: tuple[Record, ...]

    @property
    def call(self) -> Call:
        """The call, as its first part has it."""
        return self.parts[0].call

    @property
    def first(self) -> Record:
        """The part whose unit was there first; where nobody came, the first part."""
        return min(self.parts, key=lambda one: one.arrival_s if one.answered else float("inf"))

    @property
    def answered(self) -> bool:
        """Somebody arrived."""
        return any(one.answered for one in self.parts)

    @property
    def complete_s(self) -> float:
        """From the call until the last unit was there; infinite where one never came."""
        return max(one.response_s if one.answered else float("inf") for one in self.parts)


def wholes(records: Sequence[Record]) -> tuple[Whole, ...]:
    """Records put together by call, in the order of the first of each."""
    found: dict[str, list[Record]] = {}
    for one in records:
        found.setdefault(one.call.part_of or one.call.call_id, []).append(one)
    return tuple(Whole(tuple(parts)) for parts in found.values())
