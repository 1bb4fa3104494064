"""`Letter`: a message with all that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from twin.out.message import OutMessage

OPEN = ("waiting", "held", "sending", "sent", "taken")
STATES = (*OPEN, "overdue", "done", "refused", "dead")
DEAD = ("dead", "refused", "overdue")
"""What a person has to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a message.

    Attributes:
        state: The message's state from then on, one of STATES: "waiting" (to be sent, perhaps again), "held" (nothing
            allows it now), "sending", "sent" (a broker keeps it for the receiver, who has not answered), "taken" (the
            receiver says it has it), "overdue" (it never said that it acted), "done", "refused", "dead" (given up).
        attempt: How often it had been sent by then, since a person last asked for it.
        at: By the desk's clock.
        due: When it is looked at next; None: not by itself.
        detail: In words.
    """

    state: str
    attempt: int
    at: datetime
    due: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and what happened to it.

    Attributes:
        message: As it was handed in.
        steps: Oldest first; never empty.
    """

    message: OutMessage
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        """One of STATES."""
        return self.steps[-1].state

    @property
    def sends(self) -> int:
        """How often it was sent, in all; what was held back at the last moment was not."""
        after = [step.state for step in self.steps[1:]] + [""]
        return sum(step.state == "sending" and then != "held" for step, then in zip(self.steps, after, strict=True))

    @property
    def last(self) -> Step:
        """What happened last."""
        return self.steps[-1]
