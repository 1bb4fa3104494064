"""`twin run --sumocfg`: any SUMO case with several seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.case_options import Where, options_of

if TYPE_CHECKING:
    from models.sumo.case import SumoCase
    from scenarios.cases.case_run import CaseJob, CaseOptions
    from scenarios.results.run import Run


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
