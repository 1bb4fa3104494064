"""`Proposals`: recommendations as they are proposed, in a file of JSON lines and, perhaps, at a webhook.

They order nothing: whoever named the folder and the webhook let them leave (`twin.out.message.NOTICES`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from networks.errors import BadInput
from twin.desk.book import Book
from twin.out.letter import Letter
from twin.out.mailroom import Mailroom, Patience
from twin.out.message import Channel, OutMessage, key_of
from twin.out.ways.address import Address
from twin.out.ways.lines import LinesChannel
from twin.out.ways.webhook import WebhookChannel
from twin.out.words.order import BareBody

LINES = "recommendations.jsonl"
_PATIENCE = Patience(attempts=50, first_pause_s=0.0, longest_pause_s=0.0)
"""Asked again whenever `work` is called: a study's clock may stand still."""


class Proposals:
    """A file and perhaps a webhook.

    Args:
        book: The desk's database; everything is kept there until it is delivered.
        folder: Holds recommendations.jsonl.
        webhook: Where each recommendation is posted as JSON with its `Idempotency-Key`; http or https.
        timeout_s: How long a receiver may take to answer.

    Raises:
        BadInput: The webhook is no http address.
    """

    def __init__(self, book: Book, folder: Path, webhook: str | None = None, *, timeout_s: float = 5.0) -> None:
        channels: list[Channel] = [LinesChannel("lines", folder / LINES, BareBody())]
        if webhook is not None:
            if urlsplit(webhook).scheme not in ("http", "https") or not urlsplit(webhook).hostname:
                raise BadInput(f"not a webhook address: {webhook}", expected="http://... or https://...")
            to = Address("webhook", BareBody(), None, book.clock)
            channels.append(WebhookChannel(to, webhook, "none", "", timeout_s))
        self.room = Mailroom(book, channels, lambda _: None, patience=_PATIENCE)

    def publish(self, document: Mapping[str, Any]) -> list[Letter]:
        """Write a recommendation down, once, and hand it over; what is not delivered yet is tried again by `work`."""
        messages = [_proposal(document, name) for name in self.room.channels]
        self.room.hand_in(messages)
        self.room.work()
        return [self.room.letter(message.key) for message in messages]

    def work(self) -> list[Letter]:
        """Deliver what was not delivered; what changed."""
        return self.room.work()


def _proposal(document: Mapping[str, Any], channel: str) -> OutMessage:
    rec_id, body = str(document["rec_id"]), dict(document)
    until = datetime.fromisoformat(str(document["valid_until"]))
    key = key_of(channel, "recommendation", rec_id, body)
    return OutMessage(key, channel, "recommendation", body, rec_id, f"named:{channel}", until)
