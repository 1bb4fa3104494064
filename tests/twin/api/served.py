"""A desk with something on it, and a real server for an application, for clients that need a socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.desk import Desk

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


def filled_desk(folder: Path) -> Desk:
    """A desk whose clock stands at NOW."""
    desk = Desk.open(folder / "desk.sqlite", now=lambda: NOW)
    for name, minutes in (("open", 15), ("decided", 15), ("expired", -5)):
        times = {"created": NOW - timedelta(minutes=10), "valid_until": NOW + timedelta(minutes=minutes)}
        desk.propose({"rec_id": name, "kind": "road_closure"} | {k: t.isoformat() for k, t in times.items()})
    desk.decide("decided", "reject", who="operator 1", why="no")
    return desk


@contextmanager
def serving(app: FastAPI, entrance: Entrance | None = None, **options: Any) -> Iterator[str]:
    """The address at which the application answers."""
    entrance = entrance or Entrance(Listening(port=0))
    with entrance.open() as listening:
        config = entrance.config(app)
        for name, value in options.items():
            setattr(config, name, value)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        scheme = "https" if entrance.listening.tls else "http"
        host = f"[{entrance.listening.host}]" if ":" in entrance.listening.host else entrance.listening.host
        try:
            yield f"{scheme}://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
