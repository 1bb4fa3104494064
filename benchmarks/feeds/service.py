"""The service under test: `twin feeds record` on one feed of counts, as a process that may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from benchmarks.feeds.mosquitto import PASS_PHRASE, USER, Mosquitto

FEED = "counts"
PASS_PHRASE_ENV = "BENCHMARK_PASS_PHRASE"
_FILE = """
store: {{folder: {folder}/data}}
feeds:
  - id: {feed}
    title: {{en: Counts, zh: 流量}}
    source:
      {{kind: mqtt, port: {port}, topics: ["city/#"], user: {user}, password_env: {password}, protocol: "{protocol}"}}
    format: sensorthings
    every_s: 5
    owner: a benchmark
    licence: none
"""


class Service:
    """`twin feeds record`, started and stopped at will.

    Args:
        folder: Of its file, store and words.
        broker: What it listens to.
        protocol: "5" or "3.1.1".
        clock: A file that says by how many seconds its clock stands wrong (`benchmarks.feeds.jumping`).
    """

    def __init__(self, folder: Path, broker: Mosquitto, protocol: str = "5", clock: Path | None = None) -> None:
        self.folder, self.store = folder, folder / "data"
        self.file = folder / "feeds.yaml"
        told = {"folder": folder, "feed": FEED, "port": broker.port, "user": USER, "password": PASS_PHRASE_ENV}
        self.file.write_text(_FILE.format(protocol=protocol, **told), encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None
        self._clock = clock

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop(signal.SIGKILL)

    def start(self) -> None:
        """Start it (again), in a process group of its own."""
        program = "twin.cli" if self._clock is None else "benchmarks.feeds.jumping"
        command = [sys.executable, "-m", program, "feeds", "record", str(self.file)]
        known = os.environ | {PASS_PHRASE_ENV: PASS_PHRASE, "CLOCK_FILE": str(self._clock)}
        with (self.folder / "service.log").open("ab") as told:
            self.process = subprocess.Popen(command, stdout=told, stderr=told, env=known, start_new_session=True)

    def stop(self, how: int = signal.SIGTERM, wait_s: float = 60.0) -> None:
        """End all of it: properly, or by `signal.SIGKILL`."""
        if self.process is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        self.process.wait(wait_s)
        self.process = None
