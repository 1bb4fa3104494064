"""Runs of a SUMO case with other signal plans: options, the file of plans, and what a run told."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.sumo import SumoCase
from models.sumo.native import arguments
from models.sumo.outputs import ask
from models.sumo.spent import MESO, Spent, run_spent
from networks import SignalPlan, write_signal_plans
from networks.signals.plans.plan import STATIC
from scenarios.budget.schedule import Batch
from scenarios.budget.trial import AS_IT_IS, Member, Trial
from scenarios.ensembles.executor import Executor

PROGRAM = "budget"
"""Name of the changed plans at their signals."""
PARTS = 60
TELEPORTS = 0.01
"""Share of vehicles that may be moved by force beyond what the state of things has; more, and a run is invalid."""


@dataclass(frozen=True)
class Job:
    """A run to be made by a worker.

    Attributes:
        member: What is run.
        options: SUMO's options.
        folder: Of this run alone.
        vehicles: By how many the time spent is divided.
        teleports: More than these make the run invalid.
        checkpoints: Simulated times, s.
        limits: Time spent per vehicle, s, above which it is stopped at them.
        stop_above: The same at any time.
        until: When it must have begun, seconds since the epoch.
    """

    member: Member
    options: Mapping[str, str]
    folder: Path
    vehicles: int
    teleports: float
    checkpoints: tuple[float, ...]
    limits: tuple[float, ...]
    stop_above: float
    until: float


@dataclass
class CaseTrials:
    """Makes the runs of a race on a SUMO case.

    Attributes:
        case: The case; its `end_s` is the end of every run, or when its last vehicle had gone in the first.
        folder: For files that runs read and write.
        executor: Where they run.
        shares: The race's checkpoints, shares of the horizon.
        today: The case's own plans.
        vehicles: Vehicles due in the state of things.
        teleports: Of them moved by force there.
        opening: Share of the time that they spend by the end of the opening.
        opening_s: When it ends.
    """

    case: SumoCase
    folder: Path
    executor: Executor
    shares: tuple[float, ...]
    today: Mapping[str, SignalPlan] = field(default_factory=dict)
    vehicles: int = 1
    teleports: int = 0
    opening: float = 0.4
    opening_s: float = 0.0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        asked = ask(self.case, self.folder, tables=())
        self._base = arguments(self.case, asked.additionals)
        self._files = tuple(asked.additionals)

    def first(self) -> tuple[Spent, Path]:
        """The state of things on the mesoscopic model, and the table of its edges; sets how many vehicles are due."""
        place = self.folder / "first"
        asked = ask(self.case, _fresh(place), tables=("edges",), interval_s=86400.0)
        plans = self._with({}, Member(AS_IT_IS, 1, "meso"))[len(self._files) :]
        files = (*asked.additionals, *plans)
        options = {**arguments(self.case, files), **MESO, "seed": "1"}
        spent = run_spent(options)
        self.vehicles = max(1, spent.vehicles)
        if self.case.end_s is None:
            self.case = self.case.between(end_s=math.ceil((spent.end_s + 1.0) / 60.0) * 60.0)
            self._base = arguments(self.case, self._files)
        self.teleports = spent.teleports
        moments = [self.case.begin_s + self.horizon_s * number / PARTS for number in range(1, PARTS + 1)]
        passed = zip(moments, spent.curve(moments), strict=True)
        self.opening_s = next((at for at, cost in passed if cost >= self.opening * spent.vehicle_s), moments[-1])
        return spent, place

    @property
    def horizon_s(self) -> float:
        """Simulated length of a run."""
        return (self.case.end_s or 0.0) - self.case.begin_s

    def run(self, batch: Batch, plans: Mapping[str, Mapping[str, SignalPlan]], until: float) -> list[Trial | None]:
        """The batch's trials in its order; None for a run that could not begin before `until`, s since the epoch."""
        jobs = [self._job(member, plans[member.name], batch, until) for member in batch.members]
        return self.executor.map(run_job, jobs)

    def _with(self, plans: Mapping[str, SignalPlan], member: Member) -> tuple[Path, ...]:
        """The additional files of a run."""
        shown = effective({**self.today, **plans}) if member.fidelity == "meso" else plans
        if not shown:
            return self._files
        file = self.folder / f"{member.name.split(':')[0]}-{member.fidelity}.add.xml"
        if not file.exists():
            write_plans(shown, file)
        return (*self._files, file)

    def _job(self, member: Member, plans: Mapping[str, SignalPlan], batch: Batch, until: float) -> Job:
        options = {**self._base, **_named(self._with(plans, member)), "seed": str(member.seed)}
        options |= MESO if member.fidelity == "meso" else {"mesosim": "false"}
        end_s = self.opening_s if batch.opening else self.case.begin_s + self.horizon_s
        checkpoints = tuple(self.case.begin_s + share * (end_s - self.case.begin_s) for share in self.shares)
        options["end"] = f"{end_s:.10g}"
        allowed = self.teleports + TELEPORTS * self.vehicles
        return Job(
            member,
            options,
            self.folder / f"{member.name.split(':')[0]}-{member.fidelity}-{member.seed}",
            self.vehicles,
            allowed,
            checkpoints if batch.opening else (),
            batch.limits,
            batch.stop_above,
            until,
        )


def effective(plans: Mapping[str, SignalPlan]) -> dict[str, SignalPlan]:
    """Plans for the mesoscopic model, which lets vehicles go at once and through all of the yellow: yellow becomes red.

    What the first vehicle loses at the begin of green and what is still used of the yellow are about 2 s each, so that
    green counts as it is shown (HCM 2016, chapter 19: start-up lost time, extension of effective green). Without it
    the model takes short cycles for better than they are.
    """
    red = str.maketrans("yY", "rr")
    return {
        tls: replace(plan, phases=tuple(replace(phase, state=phase.state.translate(red)) for phase in plan.phases))
        for tls, plan in plans.items()
        if plan.kind == STATIC
    }


def write_plans(plans: Mapping[str, SignalPlan], file: Path) -> None:
    """Write changed plans under a name of their own, as an additional file that SUMO loads after the case's."""
    write_signal_plans({tls: replace(plan, program_id=PROGRAM) for tls, plan in plans.items()}, file)


def run_job(job: Job) -> Trial | None:
    """Run one member here; None when its time is over before it begins."""
    if time.time() >= job.until:
        return None
    options = dict(job.options)
    micro = job.member.fidelity == "micro"
    if micro:
        _fresh(job.folder)
        options |= {"tripinfo-output": str(job.folder / "trips.sumo.parquet")}
        options |= {f"tripinfo-output.write-{which}": "true" for which in ("unfinished", "undeparted")}
    limits = [limit * job.vehicles for limit in job.limits]
    stop_above = job.stop_above * job.vehicles
    spent = run_spent(options, checkpoints=job.checkpoints, limits=limits, stop_above=stop_above)
    bad = spent.teleports > job.teleports
    trial = Trial(
        job.member,
        tuple(value / job.vehicles for value in spent.passed),
        math.nan if spent.stopped or bad else spent.vehicle_s / job.vehicles,
        delay=_delay(job.folder) if micro and not spent.stopped else math.nan,
        invalid=f"{spent.teleports} of {job.vehicles} vehicles were moved by force (teleports)" if bad else "",
        cpu_s=spent.cpu_s,
        wall_s=spent.wall_s,
    )
    if micro:
        shutil.rmtree(job.folder, ignore_errors=True)
    return trial


def _delay(folder: Path) -> float:
    """Mean over all planned vehicles of time lost and the wait to enter, whether they have arrived or not."""
    from models.sumo import read_tables

    trips = read_tables(folder)["trips"]
    return float(trips["delay_s"].mean()) if len(trips) else math.nan


def _named(files: Sequence[Path]) -> dict[str, str]:
    return {"additional-files": ",".join(map(str, files))} if files else {}


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
