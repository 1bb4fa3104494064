"""The stage that finds trouble and groups it into alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from twin.alarms import Change, Finder, Finding, found
from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from twin.alarms import AlarmBook


@dataclass
class Alarming:
    """Asks finders, and keeps what they found.

    Attributes:
        finders: Each looks for one kind of trouble.
        alarms: Where it is kept.
        findings: Of the last cycle.
        changes: What became of alarms by it.
    """

    finders: Sequence[Finder]
    alarms: AlarmBook
    findings: Sequence[Finding] = ()
    changes: Sequence[Change] = field(default_factory=tuple)
    name: str = "alarms"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture with who could not look.

        Raises:
            StorageFailed: The desk's book did not answer.
        """
        self.findings, failed = found(self.finders, picture)
        self.changes = self.alarms.take(self.findings, turn.now, turn.run_id)
        return replace(picture, left_out=(*picture.left_out, *failed))
