"""People who look at a cockpit: each holds an event stream open and asks for each new hour, as the page does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx

SOON_S = 0.3


@dataclass
class Viewer:
    """One of them.

    Attributes:
        states: How many were sent.
        hours: How many were asked for, since a cycle had ended.
        refused: How often the server would not open a stream.
    """

    states: int = 0
    hours: int = 0
    refused: int = 0


@contextmanager
def watched(address: Callable[[], str], count: int) -> Iterator[list[Viewer]]:
    """So many look for as long as this is open.

    Args:
        address: Of the cockpit; empty while nobody knows.
        count: How many; 250 at most, since each comes from an address of its own of the loopback network: from one
            address a server opens some streams only.
    """
    viewers, over = [Viewer() for _ in range(count)], threading.Event()
    for at, one in enumerate(viewers):
        threading.Thread(target=_look, args=(address, f"127.0.0.{at + 2}", one, over), daemon=True).start()
    try:
        yield viewers
    finally:
        over.set()


def _look(address: Callable[[], str], own: str, viewer: Viewer, over: threading.Event) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=own), timeout=None) as client:
        while not over.is_set():
            with suppress(httpx.HTTPError):
                if address():
                    _follow(client, address(), viewer, over)
            time.sleep(SOON_S)


def _follow(client: httpx.Client, address: str, viewer: Viewer, over: threading.Event) -> None:
    hour_id = None
    with client.stream("GET", f"{address}/api/events") as answer:
        viewer.refused += answer.status_code == 429
        for line in answer.iter_lines():
            if over.is_set():
                return
            if line.startswith("data:"):
                viewer.states += 1
                hour = json.loads(line.removeprefix("data:")).get("hour")
                if hour and hour["id"] != hour_id:
                    hour_id = hour["id"]
                    viewer.hours += client.get(f"{address}/api/hour").status_code == 200
