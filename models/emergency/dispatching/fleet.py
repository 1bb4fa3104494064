"""A unit's state: where it is, what it does, and from when on it can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.emergency.dispatching.travel import Drive
from models.emergency.planning import Call, Unit

Doing = Literal["idle", "responding", "on_scene", "transport"]


@dataclass
class Crewed:
    """A unit in a run.

    Attributes:
        unit: Who it is.
        order: Its place in the list of units; ties go to the first.
        base: The edge of its station.
        post: The edge where it waits, or is on its way to wait.
        edge: Where it stands, if it does not drive.
        drive: The drive that it is on.
        doing: What it does; `idle` units can be sent, also on their way home.
        call: The call it is sent to.
        version: Grows with every change of mind: events of an older one are void.
        since_s: When the present task was ordered.
        busy_s: Seconds from orders to being free again.
        moves: Stand-by moves.
    """

    unit: Unit
    order: int
    base: int
    post: int
    edge: int
    drive: Drive | None = None
    doing: Doing = "idle"
    call: Call | None = None
    version: int = 0
    since_s: float = 0.0
    busy_s: float = 0.0
    moves: int = 0

    def on_duty(self, now: float) -> bool:
        """Whether a new task may begin."""
        return any(begin <= now < end for begin, end in self.unit.duty_s)

    def where(self, now: float) -> int:
        """The edge it is on."""
        return self.edge if self.drive is None else self.drive.where(now)

    def stop(self, now: float) -> None:
        """It ends its drive where it is, and forgets what it was about to do."""
        self.edge, self.drive = self.where(now), None
        self.version += 1


def stationed(unit: Unit, order: int, edge: int) -> Crewed:
    """A unit at its station."""
    return Crewed(unit, order, base=edge, post=edge, edge=edge)
