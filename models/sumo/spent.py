"""What a run costs its vehicles, read from SUMO while it runs, so that a hopeless run can be ended at once.

The cost is the time that vehicles spend: driving, and waiting to enter. It only grows, so what a run has cost at a
moment is a floor of what it will have cost in the end.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.sumo.native import environment
from networks import sumo_home
from networks.errors import EngineFailed

PERIOD_S = 10.0
"""Interval at which SUMO tells how many vehicles there are, s; between two of them the number is taken as constant."""
MESO = {"mesosim": "true", "meso-junction-control": "true"}
"""Mesoscopic with the signals' phases and the right of way: without the second, plans would not matter."""
_COUNTS = re.compile(rb' (time|inserted|running|waiting|ended|teleports)="([-\d.]+)"')
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


@dataclass(frozen=True)
class Spent:
    """What one run came to.

    Attributes:
        vehicle_s: Time spent by all vehicles by the end, s.
        passed: The same at each of the checkpoints that were reached.
        vehicles: Vehicles that were due by the end.
        teleports: Vehicles that SUMO moved on by force.
        end_s: When the run ended, simulated.
        stopped: Whether it was ended early.
        cpu_s, wall_s: What it took.
        course: (time, vehicle-seconds by then) at each interval.
    """

    vehicle_s: float
    passed: tuple[float, ...]
    vehicles: int
    teleports: int
    end_s: float
    stopped: bool
    cpu_s: float
    wall_s: float
    course: tuple[tuple[float, float], ...] = ()

    def curve(self, moments: Sequence[float]) -> list[float]:
        """Vehicle-seconds spent by each of these moments, s."""
        return [max((cost for at, cost in self.course if at <= moment), default=0.0) for moment in moments]


def run_spent(
    options: Mapping[str, str],
    *,
    checkpoints: Sequence[float] = (),
    limits: Sequence[float] = (),
    stop_above: float = math.inf,
    home: Path | None = None,
) -> Spent:
    """Run SUMO and add up the time that vehicles spend.

    Args:
        options: SUMO's options by their full names, but the summary's.
        checkpoints: Simulated times, s, rising.
        limits: Vehicle-seconds above which the run is ended at each of them; none is no limit.
        stop_above: Vehicle-seconds above which it is ended at any time.
        home: SUMO_HOME of another SUMO than the installed one; one from 2021 on.

    Raises:
        EngineFailed: SUMO stopped by itself; with what it said.
    """
    said = {
        **options,
        "summary-output": "stdout",
        **({"summary-output.period": f"{PERIOD_S:g}"} if home is None else {}),  # an older one tells every step
        **dict.fromkeys(("no-step-log", "no-warnings", "duration-log.disable"), "true"),
        "xml-validation": "never",
    }
    words = [word for name, value in said.items() for word in (f"--{name}", value)]
    began, place = time.monotonic(), home or sumo_home()
    with tempfile.TemporaryFile() as heard:
        process = subprocess.Popen(
            [str(place / "bin" / "sumo"), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # when nobody reads it any more, SUMO ends by itself
            stderr=heard,
            env={**environment(), "SUMO_HOME": str(place)},
        )
        with _lock:
            _running.add(process)
        meter = _Meter(checkpoints, limits, stop_above)
        try:
            assert process.stdout is not None
            meter.read(process.stdout)
        finally:
            if process.stdout is not None:
                process.stdout.close()
            if meter.unfinished:
                os.kill(process.pid, signal.SIGKILL)  # Popen.kill would collect a process that has just ended
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            with _lock:
                _running.discard(process)
        if process.returncode and not meter.stopped:
            heard.seek(0)
            raise _failed(heard.read().decode(errors="replace"), process.returncode)
    return meter.spent(used.ru_utime + used.ru_stime, time.monotonic() - began)


def end_running() -> None:
    """End every simulation that this process has running here; whoever waits for one is told that it failed."""
    with _lock:
        for process in _running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


class _Meter:
    """Adds up the summary of a run, line by line."""

    def __init__(self, checkpoints: Sequence[float], limits: Sequence[float], stop_above: float) -> None:
        self._waiting = list(zip(checkpoints, limits or [math.inf] * len(checkpoints), strict=True))
        self._stop_above = stop_above
        self._total, self._last = 0.0, dict[str, float]()
        self._passed, self._course = list[float](), list[tuple[float, float]]()
        self.stopped, self.unfinished = False, True
        self._interval_s = PERIOD_S

    def read(self, lines: IO[bytes]) -> None:
        """Read until the end, or until a limit is passed."""
        for line in lines:
            if b"<step " in line:
                self._add({name.decode(): float(value) for name, value in _COUNTS.findall(line)})
            if self.stopped:
                return
        self.unfinished = False
        self._passed.extend(self._total for _ in self._waiting)  # everybody had gone before

    def _add(self, now: dict[str, float]) -> None:
        before, self._last = self._last, now
        rate = before["running"] + before["waiting"] if before else 0.0
        while self._waiting and self._waiting[0][0] <= now["time"]:
            moment, limit = self._waiting.pop(0)
            self._passed.append(self._total + rate * (moment - before.get("time", moment)))
            self.stopped = self.stopped or self._passed[-1] > limit
        self._total += rate * (now["time"] - before.get("time", now["time"]))
        self._interval_s = now["time"] - before["time"] if before else PERIOD_S
        self._course.append((now["time"], self._total))
        self.stopped = self.stopped or self._total > self._stop_above

    def spent(self, cpu_s: float, wall_s: float) -> Spent:
        """What was read; the last interval up to the end is as long as the others."""
        last = self._last
        here = last.get("running", 0.0) + last.get("waiting", 0.0)
        return Spent(
            vehicle_s=self._total + (0.0 if self.stopped else here * self._interval_s),
            passed=tuple(self._passed),
            vehicles=int(last.get("inserted", 0.0) + last.get("waiting", 0.0)),
            teleports=int(last.get("teleports", 0.0)),
            end_s=last.get("time", 0.0),
            stopped=self.stopped,
            cpu_s=cpu_s,
            wall_s=wall_s,
            course=tuple(self._course),
        )


def _failed(text: str, status: int) -> EngineFailed:
    told = [line.strip() for line in text.splitlines() if line.startswith("Error")]
    return EngineFailed(
        f"SUMO ended with status {status}: {(told or ['it gave no reason'])[0]}",
        remedy="run the configuration with sumo itself to see more",
    )
