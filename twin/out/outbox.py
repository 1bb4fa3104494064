"""Recommendations on their way out: JSON lines on disk first, then posted to a webhook if one is given.

A line is on disk (fsync) before anything is posted, and what happened to every post is a line too, so after a crash
what was not delivered is known and tried again. Each post carries an `Idempotency-Key` that never changes for the
same content: a receiver that sees it twice knows that it is one message (IETF draft-ietf-httpapi-idempotency-key).
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from networks.digest import digest_json
from networks.errors import BadInput, StorageFailed

LINES, DELIVERIES = "recommendations.jsonl", "deliveries.jsonl"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What happened to one recommendation.

    Attributes:
        rec_id: The recommendation.
        key: Its idempotency key.
        status: "kept" (no webhook), "delivered" or "failed".
        attempts: Posts made this time.
        reason: Why it failed, in words; empty otherwise.
        at: Wall time, UTC, ISO 8601.
    """

    rec_id: str
    key: str
    status: str
    attempts: int
    reason: str
    at: str


class Outbox:
    """One folder of lines and, perhaps, one webhook.

    Args:
        folder: Holds recommendations.jsonl and deliveries.jsonl.
        webhook: Where to POST each recommendation as JSON; http or https.
        attempts: Posts per delivery before it counts as failed.
        first_pause_s: Pause after the first failure; doubles each time.
        timeout_s: How long a receiver may take to answer.
        pause: How to wait (s); stands in for `time.sleep`.

    Raises:
        BadInput: The webhook is no http address.
        StorageFailed: The folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        webhook: str | None = None,
        *,
        attempts: int = 4,
        first_pause_s: float = 0.5,
        timeout_s: float = 5.0,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if webhook is not None and not webhook.startswith(("http://", "https://")):
            raise BadInput(f"not a webhook address: {webhook}", expected="http://... or https://...")
        self.folder, self.webhook, self.attempts = folder, webhook, attempts
        self.first_pause_s, self.timeout_s, self._pause = first_pause_s, timeout_s, pause
        self._turn = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def publish(self, document: Mapping[str, Any]) -> Delivery:
        """Write a recommendation down, once, and post it.

        A failed post is no error: it is kept, told in the answer, and tried again by `deliver_pending`.

        Raises:
            StorageFailed: It could not be written down; then nothing was posted either.
        """
        with self._turn:
            line = _line(document)
            if key_of(document) not in {key_of(kept) for kept in read_lines(self.folder / LINES)}:
                append_line(self.folder / LINES, line)
            return self._deliver(document)

    def deliver_pending(self) -> list[Delivery]:
        """Post what is written down but not delivered yet, oldest first."""
        with self._turn:
            return [self._deliver(document) for document in self.pending()]

    def pending(self) -> list[dict[str, Any]]:
        """Recommendations that a webhook should have and does not."""
        if self.webhook is None:
            return []
        done = {row["key"] for row in read_lines(self.folder / DELIVERIES) if row["status"] == "delivered"}
        return [document for document in read_lines(self.folder / LINES) if key_of(document) not in done]

    def deliveries(self) -> list[Delivery]:
        """What happened, oldest first."""
        return [Delivery(**row) for row in read_lines(self.folder / DELIVERIES)]

    def _deliver(self, document: Mapping[str, Any]) -> Delivery:
        key, rec_id = key_of(document), str(document.get("rec_id", ""))
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        if self.webhook is None:
            return Delivery(rec_id, key, "kept", 0, "", now)
        done = [row for row in self.deliveries() if row.key == key and row.status == "delivered"]
        if done:
            return done[-1]
        attempts, reason = self._post(_line(document), key)
        status = "failed" if reason else "delivered"
        delivery = Delivery(rec_id, key, status, attempts, reason, now)
        append_line(self.folder / DELIVERIES, json.dumps(asdict(delivery), ensure_ascii=False))
        return delivery

    def _post(self, body: str, key: str) -> tuple[int, str]:
        """Attempts made and, when none succeeded, the last reason."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        reason = ""
        with httpx.Client(timeout=self.timeout_s, follow_redirects=False, trust_env=False) as client:
            for attempt in range(1, self.attempts + 1):
                try:
                    answer = client.post(str(self.webhook), content=body.encode(), headers=headers)
                except httpx.HTTPError as error:
                    reason = f"{type(error).__name__}: {error}".strip(": ")
                else:
                    if answer.is_success:
                        return attempt, ""
                    reason = f"the receiver answered {answer.status_code}"
                    if 400 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429):
                        return attempt, f"{reason}: it will not take this message"
                if attempt < self.attempts:
                    self._pause(self.first_pause_s * 2 ** (attempt - 1))
        return self.attempts, reason


def key_of(document: Mapping[str, Any]) -> str:
    """The idempotency key: the content's digest."""
    return digest_json(dict(document))


def append_line(path: Path, line: str) -> None:
    """Add one whole line and see it onto the disk; a torn last line of a crash before is set aside.

    Raises:
        StorageFailed: The disk is full or may not be written; the file is as it was.
    """
    handle = -1
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = _cut_torn_tail(handle)
        data = line.encode() + b"\n"
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, size)
            raise OSError(errno.ENOSPC, "no space left")
        os.fsync(handle)
    except OSError as error:
        raise StorageFailed(f"a line could not be written: {error.strerror}", file=path) from error
    finally:
        if handle >= 0:
            os.close(handle)


def _cut_torn_tail(handle: int) -> int:
    """Drop what stands after the last line's end; the size that is left."""
    size = os.fstat(handle).st_size
    whole = size
    while whole > 0 and os.pread(handle, 1, whole - 1) != b"\n":
        whole -= 1
    if whole != size:
        os.ftruncate(handle, whole)
    return whole


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines; a last line without an end is a crash's and not there."""
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8", errors="replace")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(dict(document), ensure_ascii=False, sort_keys=True)
