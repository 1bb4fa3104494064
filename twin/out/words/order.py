"""An order in JSON, and what receivers answer: the twin's own words.

Order: `{"key", "kind", "rec_id", "not_after", "run_id", "allowed_by", "body"}`. Answer: `{"key", "state", "detail"}`
with the state taken, done or refused.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from networks.errors import BadInput
from twin.feeds.formats.json_in import json_in
from twin.out.message import Acknowledged, OutMessage
from twin.out.words.written import Text, Written

ANSWERED = ("taken", "done", "refused")
_LONGEST_BYTES = 65_536


class JsonOrder(Text):
    """The whole message in JSON."""

    format: Literal["json"] = "json"

    def written(self, message: OutMessage) -> Written:
        """The message as bytes."""
        text = json.dumps(order_of(message), ensure_ascii=False, sort_keys=True)
        return Written(text.encode(), "application/json", ".json")


class BareBody(Text):
    """The body alone in JSON."""

    format: Literal["body"] = "body"

    def written(self, message: OutMessage) -> Written:
        """The message as bytes."""
        text = json.dumps(dict(message.body), ensure_ascii=False, sort_keys=True)
        return Written(text.encode(), "application/json", ".json")


def order_of(message: OutMessage) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "key": message.key,
        "kind": message.kind,
        "rec_id": message.rec_id,
        "not_after": message.not_after.isoformat(),
        "run_id": message.run_id,
        "allowed_by": message.allowed_by,
        "body": dict(message.body),
    }


def answer_in(payload: bytes) -> tuple[str, Acknowledged]:
    """Key and answer.

    Raises:
        BadInput: It is no answer.
    """
    said = json_in(payload, longest_bytes=_LONGEST_BYTES)
    expected = '{"key": ..., "state": "taken" | "done" | "refused", "detail": ...}'
    if not isinstance(said, dict) or not isinstance(said.get("key"), str) or not 0 < len(said["key"]) <= 80:
        raise BadInput("an answer without a key", place="key", expected=expected)
    if said.get("state") not in ANSWERED:
        raise BadInput(f"an answer with the state {str(said.get('state'))[:40]!r}", place="state", expected=expected)
    detail = said.get("detail", "")
    return said["key"], Acknowledged(said["state"], detail[:4000] if isinstance(detail, str) else "")
