"""`twin run --sumocfg FILE --from SECONDS --alternatives FILE`: alternatives that share their past."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scenarios.cases.pasts import Past
    from scenarios.results.run import Run
    from twin.commands.case_options import Where

SHOWN = (
    "mean_delay_s", "travel_time_mean_s", "travel_time_p95_s", "stops_per_trip", "throughput_vph",
    "queue_mean_vehicles", "mean_speed_mps", "teleports", "co2_kg",
)  # fmt: skip
"""Measures that are printed, where the runs have them; the manifests hold all."""


def run_alternatives(file: Path, given: Mapping[str, Any], seeds: Sequence[int], where: Where) -> None:
    """Run every seed's past once, branch it into every alternative, and print what differs."""
    from models.sumo.case import read_case
    from models.sumo.checks import check_case
    from models.sumo.outputs import check_asked
    from scenarios.cases.alternatives import read_alternatives
    from scenarios.cases.pasts import missing_members, pasts, run_pasts
    from scenarios.results.store import Store
    from twin.commands.case_options import options_of

    if given["alternatives"] is None or given["from"] is None:
        raise click.UsageError("--from SECONDS and --alternatives FILE go together")
    began = time.perf_counter()
    options = options_of(given)
    check_asked(options.tables, meso=options.meso, ssm=options.ssm)
    alternatives = read_alternatives(given["alternatives"])
    case = read_case(file).between(given["begin"], given["end"])
    notes = check_case(case)
    work = pasts(case, options, seeds, given["from"], alternatives, Store(where.runs))
    missing = sum(len(missing_members(past)) for past in work)
    with ExitStack() as stack:
        executor = where.executor()
        stack.callback(executor.close)
        at_once = _at_once(where, sum(bool(missing_members(past)) for past in work))
        work = [replace(past, at_once=at_once) for past in work]
        done = run_pasts(work, executor)
    _print(work, done, missing, time.perf_counter() - began)
    for note in notes:
        click.echo(f"note: {note}")
    if not any(run.valid for runs in done for run in runs):
        raise click.exceptions.Exit(3)


def _at_once(where: Where, pasts: int) -> int:
    """Branches of one past at a time: processors that have no past of their own help."""
    if where.serial or where.ray_address is not None:
        return 1
    return max(1, (where.workers or os.cpu_count() or 1) // max(pasts, 1))


def _print(work: Sequence[Past], done: Sequence[Sequence[Run]], missing: int, took_s: float) -> None:
    from rich.console import Console

    from networks.sentence import joined

    case, members = work[0].case, work[0].members
    names = list(dict.fromkeys(member.alternative for member in members))
    futures = len({member.future for member in members})
    of: dict[str, list[tuple[int, int, Run]]] = {name: [] for name in names}
    for past, runs in zip(work, done, strict=True):
        for member, run in zip(past.members, runs, strict=True):
            of[member.alternative].append((past.seed, member.future, run))
    title = f"{case.name}: {len(names)} alternatives from {work[0].at_s:g} s on, {len(work)} pasts x {futures} futures"
    Console().print(_table(title, names, of))
    everything = [run for runs in done for run in runs]
    looked_up = len(everything) - missing
    cpu_s = sum(run.manifest["seconds"]["sumo_cpu"] for run in everything)
    click.echo(
        f"{len(everything)} members, {looked_up} of them looked up; {took_s:.1f} s here; branches {cpu_s:.1f} CPU s"
    )
    if not all(run.manifest["branch"]["forked"] for run in everything):
        click.echo("this platform cannot copy a process: each member was run from zero", err=True)
    for name in names:
        for seed, future, run in of[name]:
            if not run.valid:
                click.echo(f"left out: {name}, seed {seed}, future {future}: {joined(run.reasons)['en']}", err=True)
    click.echo(f"tables of {names[0]}, seed {work[0].seed} in {of[names[0]][0][2].folder}")


def _table(title: str, names: Sequence[str], of: Mapping[str, Sequence[tuple[int, int, Run]]]) -> Any:
    from rich.table import Table

    from scenarios.ensembles.interval import CONFIDENCE
    from scenarios.measures import MEASURES

    table = Table(title=title, title_justify="left")
    table.add_column("measure, alternative", no_wrap=True)
    for column in ("mean", "spread", f"minus {names[0]}", f"± ({CONFIDENCE:.0%})", "n"):
        table.add_column(column, justify="right")
    for measure in SHOWN:
        base = _values(of[names[0]], measure)
        if not any(_values(of[name], measure) for name in names):
            continue
        table.add_row(f"[bold]{measure}, {MEASURES[measure].unit}")
        for name in names:
            values = _values(of[name], measure)
            if values:
                table.add_row(f"  {name}", *_cells(values, {} if name == names[0] else base))
    return table


def _cells(values: Mapping[tuple[int, int], float], base: Mapping[tuple[int, int], float]) -> tuple[str, ...]:
    """Mean, spread, and the paired difference to `base` with half its interval."""
    from scenarios.ensembles.interval import mean_interval

    of_all = list(values.values())
    mean, spread = mean_interval(of_all)[0], max(of_all) - min(of_all)
    pairs = [values[key] - base[key] for key in values if key in base]
    if not pairs:
        return f"{mean:.4g}", f"{spread:.2g}", "", "", str(len(values))
    difference, _, high = mean_interval(pairs)
    half = f"{high - difference:.2g}" if len(pairs) > 1 else "one pair"
    return f"{mean:.4g}", f"{spread:.2g}", f"{difference:+.3g}", half, str(len(pairs))


def _values(members: Sequence[tuple[int, int, Run]], measure: str) -> dict[tuple[int, int], float]:
    return {
        (seed, future): run.measures[measure] for seed, future, run in members if run.valid and measure in run.measures
    }
