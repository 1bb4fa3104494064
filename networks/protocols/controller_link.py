"""A line to controllers: what runs there, another plan, and which one shall run."""

from __future__ import annotations

import socket
from typing import Protocol

from networks.errors import EngineFailed, NotThere
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.staged.plan import StagedPlan


class ControllerLink(Protocol):
    """A line to one or more controllers."""

    def read(self, cross_id: str) -> CrossingRecord:
        """The plans of a crossing and which one runs."""

    def write(self, record: CrossingRecord, number: int, plan: StagedPlan) -> None:
        """Put a plan under a number; `record` is what was read."""

    def run(self, record: CrossingRecord, number: int) -> None:
        """Let the plan of this number run; `record` is what was read and holds it."""

    def close(self) -> None:
        """Hang up."""


class Line:
    """A TCP connection that says in words what goes wrong.

    Raises:
        NotThere: Nobody answers there.
    """

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self.name = f"{host}:{port}"
        try:
            self._socket = socket.create_connection((host, port), timeout_s)
        except OSError as error:
            raise NotThere(
                f"nobody answers: {error.strerror or error}",
                place=self.name,
                remedy="check host and port; twin signals emulate prints where it listens",
            ) from error

    def send(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            EngineFailed: The connection is lost.
        """
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def receive(self) -> bytes:
        """Some bytes, at least one.

        Raises:
            EngineFailed: The connection is lost, or nothing comes in time.
        """
        try:
            data = self._socket.recv(1 << 16)
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise EngineFailed("it hung up in the middle of an answer", place=self.name)
        return data

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _lost(self, error: OSError) -> EngineFailed:
        what = "it does not answer in time" if isinstance(error, TimeoutError) else f"the connection is lost: {error}"
        return EngineFailed(what, place=self.name)
