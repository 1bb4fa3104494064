"""`OutMessage`: something that leaves the twin; `Channel`: who takes it there; `Allowance`: what lets it leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from networks.digest import digest_json

KINDS = ("signal_plan", "vms", "situation", "warning", "task", "recommendation", "rollback")
NOTICES = frozenset({"recommendation"})
"""What orders nothing: a proposal shown to people. Naming a receiver for it is its permission."""
ANSWERS = ("sent", "taken", "done", "refused", "unknown")


@dataclass(frozen=True, slots=True)
class OutMessage:
    """One message to one receiver.

    Attributes:
        key: Idempotency key: the same for the same order to the same receiver, however often it is sent.
        channel: Name of the receiver's channel: its id in receivers.yaml.
        kind: One of KINDS.
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
        state: "sent" (a broker keeps it for the receiver), "taken" (the receiver says it has it), "done" (it says so
            of the act), "refused", "unknown" (no answer).
        detail: Its words.
    """

    state: str
    detail: str = ""


@dataclass(frozen=True)
class Heard:
    """An acknowledgement that came by itself.

    Attributes:
        key: Of the message.
        answer: What it says.
        mark: The channel's own: by which `noted` knows it.
    """

    key: str
    answer: Acknowledged
    mark: object = field(default=None, compare=False)


class Channel(Protocol):
    """A way out to one receiver."""

    name: str
    done_within_s: float | None
    """A receiver that has taken a message says that it has acted within so long; None: this one never says so."""

    def send(self, message: OutMessage) -> Acknowledged:
        """Hand a message over; never raises for what the receiver does."""


@runtime_checkable
class Hearing(Protocol):
    """A channel on which receivers acknowledge when they like."""

    def heard(self) -> Sequence[Heard]:
        """What came and was not noted yet."""

    def noted(self, heard: Heard) -> None:
        """It is safe: it need not come again."""

    def close(self) -> None:
        """Leave; what comes meanwhile is heard later."""


class Allowance(Protocol):
    """What lets something leave."""

    @property
    def allowed_by(self) -> str:
        """The decision or the bound."""

    @property
    def not_after(self) -> datetime:
        """Until when."""


def key_of(channel: str, kind: str, rec_id: str, body: Mapping[str, Any]) -> str:
    """The idempotency key of an order: the same for the same words to the same receiver."""
    return digest_json([channel, kind, rec_id, dict(body)])[:32]
