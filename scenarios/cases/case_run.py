"""Runs of any SUMO case: members addressed by content, thin enough that a member costs what SUMO costs.

What a worker imports to run one is this module, the binary's caller and pyarrow; a look-up needs not even those.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.sumo.case import SumoCase, read_case
from networks.digest import digest_file
from networks.errors import NotThere, TwinError
from scenarios.results.run import Run
from scenarios.results.store import Landing, Store, address, read_manifest

if TYPE_CHECKING:
    from scenarios.ensembles.executor import Executor

KIND = "case"
_CODE = ("models/sumo/*.py", "scenarios/measures/*.py", "models/traffic/validity.py", "scenarios/cases/case_run.py",
         "scenarios/cases/case_validity.py", "scenarios/cases/case_watch.py")  # fmt: skip
OnRun = Callable[[Run], None]


@dataclass(frozen=True)
class CaseOptions:
    """How a case is run, beside its seed.

    Attributes:
        tables: Of `trips`, `edges`, `lanes`, `detectors`.
        interval_s: Length of the intervals of edges, lanes and detectors.
        meso: Mesoscopic instead of microscopic.
        emissions: Also `emissions`, and their sums in `trips`.
        ssm: Also `conflicts`.
        warm_up_s: Measures leave out what was planned in the first so many seconds.
        extra: More of SUMO's options.
    """

    tables: tuple[str, ...] = ("trips",)
    interval_s: float = 60.0
    meso: bool = False
    emissions: bool = False
    ssm: bool = False
    warm_up_s: float = 0.0
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseJob:
    """One member to run: small enough to send to any worker."""

    case: SumoCase
    options: CaseOptions
    seed: int
    inputs: dict[str, Any]
    store_root: Path


def case_inputs(case: SumoCase, options: CaseOptions) -> dict[str, Any]:
    """What a member's id is the hash of, but for its seed: files by content, options, versions; no paths.

    Raises:
        NotThere: A file that the case names is missing; `check_case` says it better.
    """
    digests = {}
    for role, path in case.read:
        if path not in digests and path.is_file():
            digests[path] = digest_file(path)
        elif not path.is_file():
            raise NotThere(f"there is no such file: {path}", file=case.file, place=f"<{role}>")
    named = {str(path): digest for path, digest in digests.items()}
    return {
        "files": [[role, digests[path]] for role, path in case.read],
        "options": {name: ",".join(named.get(part, part) for part in v.split(",")) for name, v in case.options.items()},
        "time": [case.begin_s, case.end_s, case.step_s],
        "run": asdict(options) | {"tables": sorted(options.tables)},
        "engine": version("eclipse-sumo"),
        "code": _code(),
    }


def case_jobs(case: SumoCase, options: CaseOptions, seeds: Sequence[int], store: Store) -> list[CaseJob]:
    """The members of an ensemble; a repeated ensemble needs no more to find its runs."""
    inputs = case_inputs(case, options)
    return [CaseJob(case, options, seed, inputs | {"seed": seed}, store.root.absolute()) for seed in seeds]


def find_case_run(job: CaseJob) -> Run | None:
    """A member that was run before, or None."""
    found = Store(job.store_root).find(KIND, address(job.inputs))
    return Run.open(found) if found else None


def run_case_member(job: CaseJob) -> Run:
    """Run one member, or look it up if the same was run before; what an executor calls.

    Raises:
        EngineFailed: SUMO stopped.
        StorageFailed: The disk is full; nothing half-written is left.
    """
    found = find_case_run(job)
    if found is not None:
        return found
    store, run_id = Store(job.store_root), address(job.inputs)
    with store.landing(KIND, run_id) as landing:
        _simulate(job, landing)
    return Run.open(store.place(KIND, run_id))


def run_case(jobs: Sequence[CaseJob], executor: Executor, on_run: OnRun | None = None) -> tuple[Run, ...]:
    """Run all members that are not there yet, in parallel; results in the order of `jobs`.

    Args:
        jobs: From `case_jobs`; of several cases too.
        executor: Serial or Ray; untouched when everything is there.
        on_run: Called with each run as it is there.

    Raises:
        EngineFailed: SUMO stopped in a member.
    """
    runs = {index: run for index, job in enumerate(jobs) if (run := find_case_run(job)) is not None}
    for run in runs.values():
        if on_run:
            on_run(run)
    missing = [index for index in range(len(jobs)) if index not in runs]
    if missing:
        told = (lambda _, run: on_run(run)) if on_run else None
        fresh = executor.map(
            run_case_member, [jobs[index] for index in missing], told, lambda at, why: _stopped(jobs[missing[at]], why)
        )
        runs |= dict(zip(missing, fresh, strict=True))
    return tuple(runs[index] for index in range(len(jobs)))


def _stopped(job: CaseJob, why: TwinError) -> Run:
    """Keep in the open that a member grew beyond its memory cap, or that its workers died."""
    from scenarios.ensembles.stopped import keep_stopped

    case = {"name": job.case.name, "file": str(job.case.file), "begin_s": job.case.begin_s, "end_s": job.case.end_s}
    facts = {"seed": job.seed, "case": case, "end_s": job.case.end_s, "seconds": {"sumo_cpu": 0.0}, "units": []}
    return keep_stopped(Store(job.store_root), job.inputs, facts, why)


def repeat_case(folder: Path, _store: Store, scratch: Store, _city: Path | None) -> Path:
    """Repeat a member from its manifest; what `twin replay` calls.

    Raises:
        NotThere: The case's files are gone, or no longer what they were.
    """
    manifest = read_manifest(folder)
    case, options = case_of(manifest)
    return run_case_member(case_jobs(case, options, [manifest["seed"]], scratch)[0]).folder


def case_of(manifest: dict[str, Any]) -> tuple[SumoCase, CaseOptions]:
    """The case and the options that a result was made of.

    Raises:
        NotThere: The case's files are gone, or no longer what they were.
    """
    case = read_case(manifest["case"]["file"]).between(manifest["case"]["begin_s"], manifest["case"]["end_s"])
    said: dict[str, Any] = manifest["inputs"]["run"]
    as_was: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in said.items()}
    options = CaseOptions(**as_was)
    now = case_inputs(case, options)
    for key in ("files", "options", "time"):
        if now[key] != manifest["inputs"][key]:
            raise NotThere(
                "the case's files are no longer what the run was made of",
                file=case.file,
                place=key,
                remedy="put the files of that time back",
            )
    return case, options


def _simulate(job: CaseJob, landing: Landing) -> None:
    from models.sumo.native import run_native
    from scenarios.cases.case_watch import watch_of

    options, case = job.options, job.case
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        folder = Path(scratch)
        done = run_native(
            case, job.seed, folder, tables=options.tables, interval_s=options.interval_s, meso=options.meso,
            emissions=options.emissions, ssm=options.ssm, extra=options.extra, watch=watch_of(case, options.extra),
        )  # fmt: skip
        seconds = {"sumo_cpu": done.cpu_s, "sumo": done.wall_s}
        stopped = done.stopped is not None
        write_case_run(landing, case, options, job.inputs, job.seed, folder, seconds, stopped=stopped)
    landing.manifest["peak_mb"] = round(done.peak_mb, 1)


def write_case_run(
    landing: Landing, case: SumoCase, options: CaseOptions, inputs: dict[str, Any], seed: int, folder: Path,
    seconds: dict[str, float], *, stopped: bool = False,
) -> None:  # fmt: skip
    """Write what a simulation left in `folder` as a result: tables, validity, measures, provenance.

    Args:
        landing: Where it is written.
        case: What was run.
        options: How.
        inputs: What its id is the hash of.
        seed: SUMO's.
        folder: SUMO's outputs.
        seconds: What it took, by part; the tables are added.
        stopped: Whether the watchdog ended it early.
    """
    from models.sumo.arrow import arrow_tables
    from scenarios.cases.case_validity import statistics, validity_of
    from scenarios.measures import MEASURES
    from scenarios.results.made_with import made_with

    began, own = time.perf_counter(), time.process_time()
    said = statistics(folder)
    validity = validity_of(folder, said, stopped=stopped)
    tables = arrow_tables(folder)
    for name, table in sorted(tables.items()):
        landing.write_arrow(name, table)
    facts = {
        "warm_up_s": case.begin_s + options.warm_up_s,
        "end_s": said["end_s"],
        "interval_s": options.interval_s,
        "validity": {**validity, "reasons": list(validity["reasons"])},
    }
    measures = _measures(case, tables, facts)
    landing.manifest |= {
        **facts,
        "inputs": inputs,
        "seed": seed,
        "case": {"name": case.name, "file": str(case.file), "begin_s": case.begin_s, "end_s": case.end_s},
        "statistics": said,
        "measures": measures,
        "units": [[name, measure.unit] for name, measure in MEASURES.items() if name in measures],
        "made_with": made_with(),
    }
    took = seconds | {"tables": time.perf_counter() - began, "tables_cpu": time.process_time() - own}
    landing.manifest["seconds"] = {name: round(value, 3) for name, value in took.items()}


def _measures(case: SumoCase, tables: dict[str, Any], facts: dict[str, Any]) -> dict[str, float]:
    from scenarios.measures import NetRoads, Tables, evaluate

    frames = {name: table.to_pandas() for name, table in tables.items()}
    return evaluate(NetRoads(case.net), Tables(frames, facts))


@cache
def _code() -> str:
    """Digest (16 hex digits) of the modules that a run of a case depends on."""
    house = Path(__file__).resolve().parents[2]
    total = hashlib.sha256()
    for path in sorted(path for pattern in _CODE for path in house.glob(pattern)):
        total.update(path.relative_to(house).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]
