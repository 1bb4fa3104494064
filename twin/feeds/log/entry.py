"""One message as bytes, and back."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta

from twin.feeds.message import Message

LARGEST_PAYLOAD = 64 * 2**20
"""Bytes; nothing larger is written."""

_SIZES = struct.Struct("<qII")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_bytes(message: Message) -> bytes:
    """Received (microseconds since 1970), sizes of topic and headers, then topic, headers as JSON, payload.

    Raises:
        ValueError: The payload is larger than `LARGEST_PAYLOAD`.
    """
    if len(message.payload) > LARGEST_PAYLOAD:
        raise ValueError(f"a payload of {len(message.payload)} bytes")
    topic = message.topic.encode("utf-8", "surrogatepass")
    headers = json.dumps(dict(message.headers)).encode() if message.headers else b""
    received = (message.received - _EPOCH) // _MICROSECOND
    return b"".join((_SIZES.pack(received, len(topic), len(headers)), topic, headers, message.payload))


def from_bytes(body: bytes) -> Message:
    """The same message.

    Raises:
        ValueError: These are not the bytes of one.
    """
    try:
        received, topic_size, headers_size = _SIZES.unpack_from(body)
        headers_at = _SIZES.size + topic_size
        payload_at = headers_at + headers_size
        topic = body[_SIZES.size : headers_at].decode("utf-8", "surrogatepass")
        headers = json.loads(body[headers_at:payload_at]) if headers_size else {}
        return Message(body[payload_at:], topic, _EPOCH + received * _MICROSECOND, headers)
    except (struct.error, OverflowError) as error:
        raise ValueError(str(error)) from error
