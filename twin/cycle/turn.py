"""`Turn`: what a stage of a cycle is told; `Stage`: what it must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from twin.cycle.mode import Mode
from twin.cycle.picture import Picture


@dataclass(frozen=True, slots=True)
class Turn:
    """One cycle, as its stages see it.

    Attributes:
        run_id: Of the cycle.
        now: Its moment; with a zone.
        mode: Usual, or emergency.
        members: Copies that a forecast may have in this cycle; fewer than the mode's when there is too much to do.
        horizon_s: How far it may go (s).
        left_s: Wall seconds left for this cycle when the stage begins.
        before: The picture of the cycle before; None in the first.
    """

    run_id: str
    now: datetime
    mode: Mode
    members: int
    horizon_s: float
    left_s: float
    before: Picture | None


class Stage(Protocol):
    """One step of a cycle."""

    name: str

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture with this step's part added.

        Raises:
            TwinError: It could not; the cycle goes on without it, and says so.
        """
