"""`OutMessage`: something that leaves the twin; `Channel`: who takes it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class OutMessage:
    """One message to one receiver.

    Attributes:
        key: Idempotency key: the same for the same order to the same receiver, however often it is sent.
        channel: Name of the channel.
        kind: "signal_plan", "vms", "situation", "warning", "task", "recommendation", "rollback".
        body: What is said, JSON-ready.
        rec_id: The recommendation (or alarm, or case) it carries out.
        allowed_by: The decision or the bound that lets it leave: "decision:ID" or "bound:ID".
        not_after: After this it must not be sent any more; with a zone.
        run_id: The cycle it comes from.
    """

    key: str
    channel: str
    kind: str
    body: Mapping[str, Any]
    rec_id: str
    allowed_by: str
    not_after: datetime
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a receiver answered.

    Attributes:
        state: "taken" (it says it has it), "done" (it says so of the act), "refused", "unknown" (no answer).
        detail: Its words.
    """

    state: str
    detail: str = ""


class Channel(Protocol):
    """A way out."""

    name: str

    def send(self, message: OutMessage) -> Acknowledged:
        """Hand a message over; never raises for what the receiver does."""
