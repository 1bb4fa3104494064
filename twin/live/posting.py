"""What is approved leaves: orders are handed in and sent, in each cycle and between cycles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from networks.errors import Refused, TwinError
from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn
from twin.out import orders_of

if TYPE_CHECKING:
    from twin.desk import Desk
    from twin.out import Letter, Mailroom, Receivers
    from twin.plans import PlanBook

log = logging.getLogger(__name__)


@dataclass
class Posting:
    """Hands in what may leave, and lets the mailroom work.

    Attributes:
        desk: What is approved.
        mailroom: What leaves.
        receivers: Who takes what.
        plans: Calls of cases; None: there are no plans.
        letters: Those that changed last.
    """

    desk: Desk
    mailroom: Mailroom
    receivers: Receivers
    plans: PlanBook | None = None
    letters: list[Letter] = field(default_factory=list)
    name: str = "out"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with what could not be handed in.

        Raises:
            StorageFailed: The desk's book did not answer.
        """
        return replace(picture, left_out=(*picture.left_out, *self.post(turn.run_id)))

    def post(self, run_id: str = "") -> list[Sentence]:
        """Hand in all that may leave now, send what is due; what nobody takes is told."""
        told = []
        for entry, allowed in self.desk.allowed():
            document = dict(entry.document) | {"action": list(allowed.action)}
            run = str(entry.document.get("run_id", run_id))
            try:
                self.mailroom.hand_in(orders_of(document, self.receivers.all, allowed=allowed, run_id=run))
            except Refused as error:
                told.append(say(f"out: {entry.rec_id}: {error.what}", f"下发：{entry.rec_id}：{error.what}"))
        if self.plans is not None:
            self.plans.tick(self.desk.book.clock())
            self.plans.exchange(self.mailroom)
        self.letters = self.mailroom.work()
        return told


async def keep_posting(posting: Posting, stopping: Callable[[], bool], pause_s: float = 2.0) -> None:
    """Between cycles: what somebody approves leaves within seconds; ends with the service."""
    while not stopping():
        try:
            await asyncio.to_thread(posting.post)
        except TwinError as error:
            log.error("nothing could be sent: %s", error.what)
        await asyncio.sleep(pause_s)
