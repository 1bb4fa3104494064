"""Runs of a case whose signals press, each in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.sumo.native import environment
from models.sumo.spent import Spent
from networks.errors import EngineFailed
from scenarios.signals.pressure.plan import PressurePlan
from scenarios.signals.pressure.process import Order
from scenarios.signals.trying.trials import Job, Outcome, Trials, run_job

_HERE = Path(__file__).parents[3]


@dataclass(frozen=True)
class _Pressing:
    """A job with the signals that press in it."""

    job: Job
    plans: tuple[PressurePlan, ...]


def run_pressed(trials: Trials, plans: Sequence[PressurePlan], seeds: Sequence[int]) -> list[Outcome]:
    """Outcomes of a case on seeds, the signals of `plans` pressing, the others as they are; counted as simulations.

    Args:
        trials: Of the case; on the installed SUMO, whose library decides in the run.
        plans: One for each signal that presses.
        seeds: SUMO's.

    Raises:
        EngineFailed: SUMO stopped, or another one is asked for.
    """
    if trials.home is not None:
        raise EngineFailed(
            "max-pressure decides within the run, through the installed SUMO's library",
            expected="the installed SUMO",
            remedy="leave --home out",
        )
    jobs = [_Pressing(trials.job({}, seed), tuple(plans)) for seed in seeds]
    found = trials.executor.map(_run, jobs)
    trials.count += len(jobs)
    return found


def _run(asked: _Pressing) -> Outcome:
    return run_job(asked.job, partial(_in_process, plans=asked.plans, end_s=asked.job.end_s))


def _in_process(
    options: Mapping[str, str],
    *,
    plans: Sequence[PressurePlan],
    end_s: float,
    stop_above: float,
    home: Path | None,
) -> Spent:
    del home
    said = {**options, **dict.fromkeys(("no-step-log", "no-warnings"), "true"), "xml-validation": "never"}
    paths = [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "scenarios.signals.pressure.process"],
        input=pickle.dumps(Order(said, tuple(plans), end_s, stop_above)),
        capture_output=True,
        env={**environment(), "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    if done.returncode or not done.stdout:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"])[-1]
        raise EngineFailed(f"SUMO's library ended with status {done.returncode}: {last}")
    told = pickle.loads(done.stdout)  # from the process that was started here
    if "error" in told:
        raise EngineFailed(told["error"])
    return Spent(**told)
