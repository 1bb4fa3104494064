"""An answer in words from outside the application: what the gate, the doorkeeper and patience say."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.types import Send


async def answer(send: Send, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
    """Send {"error", "expected", "remedy"} as a whole answer."""
    body = json.dumps({"error": words, "expected": None, "remedy": None}).encode()
    said = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in said.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
