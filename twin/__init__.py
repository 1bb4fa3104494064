"""The live twin: feeds in, loop, operators' desk, HTTP API, command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.broker import EmbeddedBroker
    from twin.desk import AuditEntry, Decision, Desk, DeskEntry
    from twin.feeds import DeadLetter, FeedHealth, Feeds
    from twin.liveclock import LiveClock, ReplayClock, WallClock
    from twin.outbox import Delivery, Outbox

__all__ = [
    "AuditEntry",
    "DeadLetter",
    "Decision",
    "Delivery",
    "Desk",
    "DeskEntry",
    "EmbeddedBroker",
    "FeedHealth",
    "Feeds",
    "LiveClock",
    "Outbox",
    "ReplayClock",
    "WallClock",
]

_HOMES = {
    "AuditEntry": "desk",
    "DeadLetter": "feeds",
    "Decision": "desk",
    "Delivery": "outbox",
    "Desk": "desk",
    "DeskEntry": "desk",
    "EmbeddedBroker": "broker",
    "FeedHealth": "feeds",
    "Feeds": "feeds",
    "LiveClock": "liveclock",
    "Outbox": "outbox",
    "ReplayClock": "liveclock",
    "WallClock": "liveclock",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
