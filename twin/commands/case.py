"""`twin run --sumocfg`: any SUMO case with several seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from models.sumo.case import SumoCase
    from scenarios.cases.case_run import CaseJob, CaseOptions
    from scenarios.ensembles.executor import Executor
    from scenarios.results.run import Run


@dataclass(frozen=True)
class Where:
    """Where members are run."""

    runs: Path
    ray_address: str | None = None
    workers: int | None = None
    serial: bool = False
    memory_cap: int | None = None

    def executor(self) -> Executor:
        """Ray, or this process."""
        from scenarios.ensembles.executor import RayExecutor, SerialExecutor

        if self.serial:
            return SerialExecutor(memory_cap=self.memory_cap)
        return RayExecutor(self.ray_address, workers=self.workers, memory_cap=self.memory_cap)


_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--begin", {"type": float, "help": "First second.  [default: the configuration's]"}),
    ("--end", {"type": float, "help": "Last second.  [default: the configuration's]"}),
    ("--meso", {"is_flag": True, "help": "Mesoscopic: some 30 times faster, under-estimates gridlock."}),
    ("--tables", {"default": "trips", "show_default": True, "help": "Of trips, edges, lanes, detectors."}),
    ("--interval", {"type": click.FloatRange(1.0), "default": 60.0, "show_default": True, "help": "Of tables, s."}),
    ("--warm-up", {"type": click.FloatRange(0.0), "default": 0.0, "help": "Measures leave out its trips, s."}),
    ("--emissions", {"is_flag": True, "help": "Also emissions by edge and trip (HBEFA)."}),
    ("--from", {"type": float, "help": "Alternatives share their past until then, s."}),
    ("--alternatives", {"type": click.Path(path_type=Path), "help": "YAML: what they do from then on."}),
    ("--ssm", {"is_flag": True, "help": "Also conflicts (surrogate safety measures); costs much time."}),
)
"""Options that only mean something with --sumocfg."""


def sumocfg_options(command: Callable[..., None]) -> Callable[..., None]:
    """--sumocfg and what belongs to it."""
    for name, settings in reversed(_OPTIONS):
        command = click.option(name, **{**settings, "help": f"{settings['help']}  (--sumocfg)"})(command)
    told = "Any SUMO configuration, instead of FILE."
    return click.option("--sumocfg", type=click.Path(path_type=Path), help=told)(command)


def refuse_without_sumocfg(given: Mapping[str, Any]) -> None:
    """A usage error where an option of --sumocfg is given without it."""
    for name, settings in _OPTIONS:
        key = name[2:].replace("-", "_")
        if given.get(key) != settings.get("default", False if settings.get("is_flag") else None):
            raise click.UsageError(f"{name} goes with --sumocfg")


def options_of(given: Mapping[str, Any]) -> CaseOptions:
    """How the case is run, from the command line."""
    from scenarios.cases.case_run import CaseOptions

    tables = tuple(dict.fromkeys(name.strip() for name in given["tables"].split(",") if name.strip()))
    return CaseOptions(tables, given["interval"], given["meso"], given["emissions"], given["ssm"], given["warm_up"])


def run_sumocfg(file: Path, given: Mapping[str, Any], seeds: Sequence[int], where: Where) -> None:
    """Run a case with every seed, look up what is there, and print what came out."""
    if given["from"] is not None or given["alternatives"] is not None:
        from twin.commands.pasts import run_alternatives

        run_alternatives(file, given, seeds, where)
        return
    from models.sumo.case import read_case
    from models.sumo.checks import check_case
    from models.sumo.outputs import check_asked
    from scenarios.cases.case_run import case_jobs, find_case_run, run_case
    from scenarios.results.store import Store

    began = time.perf_counter()
    options = options_of(given)
    check_asked(options.tables, meso=options.meso, ssm=options.ssm)
    case = read_case(file).between(given["begin"], given["end"])
    jobs = _jobs(case, options, seeds, Store(where.runs), case_jobs)
    known = sum(find_case_run(job) is not None for job in jobs)
    notes: tuple[str, ...] = ()
    if known < len(jobs):
        notes = check_case(case)
    with ExitStack() as stack:
        executor = where.executor()
        stack.callback(executor.close)
        show = _progress(stack, case.name, len(jobs)) if known < len(jobs) else None
        runs = run_case(jobs, executor, show)
    _print(case, options, runs, known, time.perf_counter() - began)
    for note in notes:
        click.echo(f"note: {note}")
    if not any(run.valid for run in runs):
        raise click.exceptions.Exit(3)


def _jobs(
    case: SumoCase,
    options: CaseOptions,
    seeds: Sequence[int],
    store: object,
    make: Callable[..., list[CaseJob]],
) -> list[CaseJob]:
    from models.sumo.checks import check_case
    from networks.errors import NotThere

    try:
        return make(case, options, seeds, store)
    except NotThere:
        check_case(case)  # says which file is missing, and what to do
        raise


def _progress(stack: ExitStack, name: str, total: int) -> Callable[[Run], None]:
    """A bar on stderr with the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    words = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = stack.enter_context(
        Progress(*words, TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    )
    task = bar.add_task(name, total=total)
    return lambda _run: bar.advance(task)


def _print(case: SumoCase, options: CaseOptions, runs: Sequence[Run], known: int, took_s: float) -> None:
    from networks.sentence import joined

    valid = [run for run in runs if run.valid]
    first = runs[0].manifest
    kind = "mesoscopic" if options.meso else "microscopic"
    name = f"{case.file.parent.name}/{case.name}"
    print_measures(f"{name}: {len(runs)} members, {kind}, {case.begin_s:g} to {first['end_s']:g} s", valid)
    cpu = sum(run.manifest["seconds"]["sumo_cpu"] for run in runs)
    looked_up = f", {known} of them looked up" if known else ""
    click.echo(
        f"{len(valid)} of {len(runs)} members valid{looked_up}; {took_s:.1f} s here, SUMO's own work {cpu:.1f} CPU s"
    )
    for run in runs:
        if not run.valid:
            click.echo(f"left out: seed {run.seed}: {joined(run.reasons)['en']}", err=True)
    rows = {name: entry["rows"] for name, entry in first["tables"].items()}
    tables = ", ".join(f"{name} ({count} rows)" for name, count in rows.items())
    place = runs[0].folder
    click.echo(f"tables of seed {runs[0].seed} in {place}: {tables}")


def print_measures(title: str, runs: Sequence[Run]) -> None:
    """Mean, interval, lowest and highest of every measure that the runs have."""
    from rich.console import Console
    from rich.table import Table

    from scenarios.ensembles.interval import CONFIDENCE, mean_interval

    if not runs:
        return
    table = Table(title=title, title_justify="left")
    for name in ("measure", "unit", "mean", f"± ({CONFIDENCE:.0%})", "lowest", "highest", "n"):
        table.add_column(name, justify="left" if name in ("measure", "unit") else "right", no_wrap=True)
    for name, unit in runs[0].manifest["units"]:
        values = [run.measures[name] for run in runs if name in run.measures]
        if values:
            mean, _, high = mean_interval(values)
            half = f"{high - mean:.2g}" if len(values) > 1 else ""
            cells = (f"{mean:.4g}", half, f"{min(values):.4g}", f"{max(values):.4g}", str(len(values)))
            table.add_row(name, unit, *cells)
    Console().print(table)
