"""What a run costs its vehicles, read from SUMO while it runs, so that a hopeless run can be ended at once.

The cost is the time that vehicles have spent: driving, and waiting to enter. It only grows, so a run that has passed
another's final cost can never come below it (the argument of every race that caps its runners, as in Hutter et al.
2009, doi:10.1613/jair.2861, adaptive capping).
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from networks import sumo_home
from networks.errors import EngineFailed

PERIOD_S = 10.0
"""Interval at which SUMO tells how many vehicles there are, s; between two of them the number is taken as constant."""
MESO = ("--mesosim", "--meso-junction-control")
"""Mesoscopic with the signals' phases and the right of way: without the second, plans would not matter."""
_COUNTS = re.compile(rb' (time|loaded|running|waiting|ended|teleports)="([-\d.]+)"')


@dataclass(frozen=True)
class Spent:
    """What one run came to.

    Attributes:
        vehicle_s: Time spent by all vehicles until `end_s`, s.
        vehicles: Vehicles that SUMO had read by then.
        arrived: Vehicles that had left again.
        teleports: Vehicles that SUMO moved on by force.
        end_s: When the run ended, simulated.
        stopped: Whether it was ended early because it had passed its limit.
        cpu_s, wall_s: What it took.
    """

    vehicle_s: float
    vehicles: int
    arrived: int
    teleports: int
    end_s: float
    stopped: bool
    cpu_s: float
    wall_s: float


def run_spent(options: Sequence[str], *, stop_above: float = math.inf) -> Spent:
    """Run SUMO and add up the time that vehicles spend.

    Args:
        options: SUMO's options but the summary's: net, routes, additional files, seed, end, perhaps MESO.
        stop_above: Vehicle-seconds at which the run is ended.

    Raises:
        EngineFailed: SUMO stopped by itself; with what it said.
    """
    command = [
        str(sumo_home() / "bin" / "sumo"),
        *options,
        *("--summary-output", "stdout", "--summary-output.period", f"{PERIOD_S:g}"),
        *("--no-step-log", "--no-warnings", "--xml-validation", "never"),
    ]
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        try:
            assert process.stdout is not None
            total, last, stopped = _added(process.stdout, stop_above)
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdout:
                process.stdout.close()
        if stopped:
            process.kill()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not stopped:
            said.seek(0)
            raise _failed(said.read().decode(errors="replace"), process.returncode)
    return Spent(
        total,
        int(last.get("loaded", 0)),
        int(last.get("ended", 0)),
        int(last.get("teleports", 0)),
        last.get("time", 0.0),
        stopped,
        used.ru_utime + used.ru_stime,
        time.monotonic() - began,
    )


def _added(lines: IO[bytes], stop_above: float) -> tuple[float, dict[str, float], bool]:
    """Vehicle-seconds, the last counts, and whether the limit was passed."""
    total, last = 0.0, dict[str, float]()
    for line in lines:
        if b"<step " not in line:
            continue
        counts = {name.decode(): float(value) for name, value in _COUNTS.findall(line)}
        if last:
            total += (last["running"] + last["waiting"]) * (counts["time"] - last["time"])
        last = counts
        if total > stop_above:
            return total, last, True
    return total, last, False


def _failed(text: str, status: int) -> EngineFailed:
    told = [line.strip() for line in text.splitlines() if line.startswith("Error")]
    return EngineFailed(
        f"SUMO ended with status {status}: {(told or ['it gave no reason'])[0]}",
        remedy="run the configuration with sumo itself to see more",
    )
