"""Ensembles and comparisons on the terminal: every figure with the number of members that it rests on."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Column, Table

from networks import joined

if TYPE_CHECKING:
    from scenarios import Comparison, Ensemble, Row

WIDE = 132
"""A comparison with its figures cut off tells nothing: better a line that the terminal breaks."""


def print_ensemble(ensemble: Ensemble) -> None:
    """The measures that the scenario names (all, if it names none), and every member left out with its reasons."""
    from scenarios import MEASURES

    scenario = ensemble.scenario
    title = f"{scenario.name}: {len(ensemble.valid)} of {len(ensemble.runs)} members valid"
    table = Table(_name(), "unit", "mean", "lowest", "highest", "members", title=title)
    for name in scenario.measures or tuple(MEASURES):
        values = [run.measures[name] for run in ensemble.valid if name in run.measures]
        if values:
            cells = (f"{sum(values) / len(values):.4g}", f"{min(values):.4g}", f"{max(values):.4g}", str(len(values)))
            table.add_row(name, MEASURES[name].unit, *cells)
    Console().print(table)
    more = {name for run in ensemble.valid for name in run.measures} - set(scenario.measures or MEASURES)
    if more:
        click.echo(f"{len(more)} more measures are in the runs; `measures:` of the scenario chooses what is shown")
    for run in ensemble.runs:
        if not run.valid:
            click.echo(f"left out: seed {run.seed}: {joined(run.reasons)['en']}", err=True)


def print_comparison(comparison: Comparison) -> None:
    """One row per measure, the pairs that it rests on, and every pair left out with its reasons."""
    title = f"{comparison.pairs} of {comparison.seeds} pairs of members valid on both sides"
    heads = (_name(), "unit", comparison.a, comparison.b, "difference", "90 % interval", "n", "corr.", "pairing")
    table = Table(*heads, "verdict", title=title)
    for row in comparison.rows:
        means = (f"{row.mean_a:.4g}", f"{row.mean_b:.4g}", f"{row.difference:+.3g}")
        table.add_row(row.measure, row.unit, *means, interval_cell(row), str(row.n), *pairing_cells(row), row.verdict)
    Console(width=max(Console().width, WIDE)).print(table)
    click.echo("corr.: correlation over seeds; pairing: share of the variance that common random numbers took away")
    for sentence in comparison.left_out:
        click.echo(f"left out: {sentence['en']}")


def _name() -> Column:
    """The first column, one for each table, as it keeps its cells. Names are typed again: they are shown whole."""
    return Column("measure", no_wrap=True)


def interval_cell(row: Row) -> str:
    """The interval, or why there is none."""
    if math.isfinite(row.low):
        return f"{row.low:+.3g} to {row.high:+.3g}"
    return "none: one pair" if row.n < 2 else "none: two alike"


def pairing_cells(row: Row) -> tuple[str, str]:
    """Correlation and variance reduction as achieved; a dash where too few seeds tell."""
    if math.isnan(row.correlation):
        return "-", "-"
    return f"{row.correlation:.2f}", f"{row.variance_reduction:+.0%}"


def comparison_rows(comparison: Comparison) -> list[dict[str, object]]:
    """Rows as JSON; what is no finite number is null."""
    rows = [asdict(row) | {"variance_reduction": row.variance_reduction} for row in comparison.rows]
    return [{k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()} for row in rows]


def print_benefit(before: Ensemble, after: Ensemble) -> None:
    """What travellers gain from `before` to `after` by the rule of a half, if both have trips."""
    from scenarios.benefit import benefit_between

    told = benefit_between(before, after)
    if told is None:
        return
    interval = f"{told.low:+.3g} to {told.high:+.3g}" if told.n > 1 else "no interval: one pair"
    click.echo(
        f"user benefit of {after.scenario.name} in one run: {told.mean:+.4g} {told.value.currency} "
        f"({interval}, n {told.n}); rule of a half at {told.value.per_person_h:.2f} an hour ({told.value.source['en']})"
    )
