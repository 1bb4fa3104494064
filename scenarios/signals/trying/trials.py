"""One run of a case with a design for each signal: what its vehicles lost, all together and before each signal."""

from __future__ import annotations

import itertools
import math
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from models.sumo import SumoCase
from models.sumo.native import arguments
from models.sumo.outputs import ask
from models.sumo.spent import Spent, run_spent
from networks import SignalPlan, read_signal_links, write_signal_plans
from networks.digest import digest_json
from scenarios.ensembles.executor import Executor
from scenarios.signals.trying.aim import Aim, Target, aim_of, elements_of, lost_aim, options_of
from scenarios.signals.trying.delays import Delays, read_delays
from scenarios.signals.trying.movements import OPTIONS, Losses, free_times, read_losses

_EDGE = re.compile(r'<edge id="([^"]*)"([^>]*)/>')
_LOST = re.compile(r' timeLoss="([\d.]+)"')
_ROUTE = re.compile(r'<route [^>]*edges="([^"]*)"')
TRIPS, EDGES, ROUTES = "trips.xml", "edges.xml", "routes.xml"
Plans = Mapping[str, SignalPlan]


@dataclass(frozen=True)
class Outcome:
    """What one run told.

    Attributes:
        delays: By both definitions; infinite where the run was ended early.
        lost_s: Vehicle-seconds lost on the approaches of each signal, the wait to enter them included.
        ended_early: It had lost more than was allowed.
        vehicle_s: Seconds that vehicles spent driving and waiting to enter.
        teleports: Vehicles that SUMO moved by force.
        cpu_s: What it took.
        movements: Delay of each vehicle at each movement of the signals.
        aim: What it came to by the aim of the search; None where that is delay.
    """

    delays: Delays
    lost_s: Mapping[str, float]
    ended_early: bool
    vehicle_s: float
    teleports: int
    cpu_s: float
    movements: Losses = field(default_factory=dict, repr=False, compare=False)
    aim: Aim | None = None

    @property
    def cost(self) -> float:
        """What the search makes less of: delay in s per planned vehicle, or the aim's cost."""
        return self.delays.all_planned_s if self.aim is None else self.aim.cost


@dataclass(frozen=True)
class Job:
    """A run to be made by a worker."""

    options: Mapping[str, str]
    plans: Plans
    approaches: Mapping[str, tuple[str, ...]]
    free_s: Mapping[str, float]
    end_s: float
    stop_above: float
    home: Path | None
    target: Target = field(default_factory=Target)


@dataclass
class Trials:
    """Makes runs of a case, each once.

    Attributes:
        case: With an end.
        executor: Where they run.
        home: Folder of another SUMO than the installed one (its SUMO_HOME).
        days: The same network with the demand of other days; seeds go round the case and these.
        count: Simulations so far.
        approaches: Edges that lead to each signal.
        target: What the search makes less of; unless that is delay, `lost_s` of the outcomes of `run` is what of it
            arises at a signal.
    """

    case: SumoCase
    executor: Executor
    home: Path | None = None
    days: tuple[SumoCase, ...] = ()
    count: int = 0
    target: Target = field(default_factory=Target)
    known: dict[tuple[str, int], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="citytwin-signals-")
        folder = Path(self._scratch.name)
        self._options = tuple(_options(day, folder / str(number)) for number, day in enumerate((self.case, *self.days)))
        self.links = read_signal_links(self.case.net)
        self.approaches = {tls: tuple(sorted({link.from_edge for link in own})) for tls, own in self.links.items()}
        self._free_s = free_times(self.case.net, {edge for own in self.approaches.values() for edge in own})

    def close(self) -> None:
        """Leave nothing behind."""
        self._scratch.cleanup()

    def run(self, wanted: Sequence[tuple[Plans, int]], *, stop_above: float = math.inf) -> list[Outcome]:
        """The outcomes of (plans, seed) pairs in their order; what was run before is not run again.

        Args:
            wanted: Plans by signal (the others run the case's own) and SUMO's seed.
            stop_above: Vehicle-seconds on the way above which a run is ended.
        """
        keys = [(_digest(plans), seed) for plans, seed in wanted]
        fresh = {key: item for key, item in zip(keys, wanted, strict=True) if key not in self.known}
        jobs = [self.job(plans, seed, stop_above) for plans, seed in fresh.values()]
        self.known.update(zip(fresh, map(self._charged, self.executor.map(run_job, jobs)), strict=True))
        self.count += len(jobs)
        return [self.known[key] for key in keys]

    def _charged(self, outcome: Outcome) -> Outcome:
        """An outcome whose signals are judged by the aim."""
        if outcome.aim is None or outcome.ended_early:
            return outcome
        own = outcome.aim.by_edge
        lost = {tls: sum(own.get(edge, 0.0) for edge in edges) for tls, edges in self.approaches.items()}
        return replace(outcome, lost_s=lost)

    def flows(self) -> dict[tuple[str, str], float]:
        """Vehicles per hour from edge to edge in runs of the case as it is, the mean of its days."""
        found: dict[tuple[str, str], float] = {}
        for edges, vehicles in self.routes.items():
            for pair in itertools.pairwise(edges):
                found[pair] = found.get(pair, 0.0) + vehicles / self.hours / len(self._options)
        return found

    @property
    def hours(self) -> float:
        """Length of the case."""
        return ((self.case.end_s or 0.0) - self.case.begin_s) / 3600.0

    @cached_property
    def routes(self) -> Counter[tuple[str, ...]]:
        """How many vehicles drove each sequence of edges in a run of the case as it is, and of each other day."""
        found = Counter[tuple[str, ...]]()
        for options in self._options:
            with tempfile.TemporaryDirectory(prefix="citytwin-") as folder:
                routes = Path(folder) / "routes.xml"
                asked = {**options, "seed": "1", "vehroute-output": str(routes)}
                run_spent({**asked, "vehroute-output.write-unfinished": "true"}, home=self.home)
                self.count += 1
                found.update(tuple(way.split()) for way in _ROUTE.findall(routes.read_text(encoding="utf-8")))
        return found

    def job(self, plans: Plans, seed: int, stop_above: float = math.inf) -> Job:
        """A run of plans on a seed of SUMO's, which also says on which of the days, for `run_job`."""
        options = {**self._options[seed % len(self._options)], "seed": str(seed)}
        end_s = self.case.end_s or 0.0
        return Job(options, dict(plans), self.approaches, self._free_s, end_s, stop_above, self.home, self.target)


def _options(case: SumoCase, folder: Path) -> dict[str, str]:
    """SUMO's options for a case whose own outputs go nowhere, in a folder that is made."""
    folder.mkdir()
    return {**arguments(case, ask(case, folder, tables=()).additionals), "time-to-teleport": "-1"}


class Runs(Protocol):
    """What runs SUMO with options: `models.sumo.spent.run_spent`, or one that decides while it runs."""

    def __call__(self, options: Mapping[str, str], *, stop_above: float, home: Path | None) -> Spent:
        """Run it to its end."""


def run_job(job: Job, run: Runs = run_spent) -> Outcome:
    """Run one member here, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        return run_in(job, Path(scratch), run)


def run_in(job: Job, folder: Path, run: Runs = run_spent) -> Outcome:
    """Run one member, and leave what SUMO wrote in a folder: `TRIPS`, `EDGES` and `ROUTES`."""
    trips, edges = folder / TRIPS, folder / EDGES
    write_signal_plans(job.plans, folder / "p.xml")
    asked = f'<edgeData id="e" file="{edges}" excludeEmpty="true"/>\n{elements_of(job.target, folder)}'
    (folder / "e.xml").write_text(f"<additional>{asked}</additional>")
    files = [*filter(None, [job.options.get("additional-files")]), str(folder / "p.xml"), str(folder / "e.xml")]
    options = {
        **job.options,
        **options_of(job.target),
        "additional-files": ",".join(files),
        "tripinfo-output": str(trips),
    }
    options |= {f"tripinfo-output.write-{which}": "true" for which in ("unfinished", "undeparted")}
    options |= {"vehroute-output": str(folder / ROUTES), **OPTIONS}
    spent = run(options, stop_above=job.stop_above, home=job.home)
    if spent.stopped:
        nothing = Delays(math.inf, math.inf, spent.vehicles, 0, {})
        lost = dict.fromkeys(job.approaches, math.inf)
        aim = lost_aim(job.target)
        return Outcome(nothing, lost, True, spent.vehicle_s, spent.teleports, spent.cpu_s, aim=aim)
    delays = read_delays(trips, job.end_s)
    movements = read_losses(folder / ROUTES, job.free_s, job.end_s)
    by_edge = {
        edge: float(found[1]) for edge, items in _EDGE.findall(edges.read_text()) if (found := _LOST.search(items))
    }
    by_signal = {
        tls: sum(by_edge.get(edge, 0.0) + delays.waited_s.get(edge, 0.0) for edge in own)
        for tls, own in job.approaches.items()
    }
    aim = aim_of(job.target, folder, trips, delays, float(job.options.get("begin", 0.0)), job.end_s)
    return Outcome(delays, by_signal, False, spent.vehicle_s, spent.teleports, spent.cpu_s, movements, aim)


def _digest(plans: Plans) -> str:
    return digest_json(
        {
            tls: [
                plan.kind,
                plan.offset_s,
                plan.params,
                [astuple(replace(phase, name="")) for phase in plan.phases],
            ]
            for tls, plan in plans.items()
        }
    )
