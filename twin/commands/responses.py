"""`twin run --responses`: one scenario under several responses of its drivers, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from networks import City
    from scenarios import Column, Ensemble, Executor, Scenario, SideBySide


def run_responses(
    city: City,
    scenario: Scenario,
    responses: str,
    seeds: Sequence[int],
    runs: Path,
    executor: Executor,
    progress: Callable[[str, int, int], None],
) -> bool:
    """Run, keep and print; False where no member of some response is valid.

    Raises:
        BadScenario: A response cannot be.
    """
    from scenarios import Store, read_responses, run_side_by_side
    from twin.ensemble_file import save_ensemble

    done = run_side_by_side(city, scenario, read_responses(responses), seeds, Store(runs), executor, progress)
    ensembles = [done.before, *(column.ensemble for column in done.columns)]
    for ensemble in ensembles:
        save_ensemble(runs, ensemble, city_digest=city.digest)
    print_side_by_side(scenario, done)
    click.echo("kept as " + ", ".join(one.scenario.name for one in ensembles) + "; twin compare A B sets two apart")
    return all(ensemble.valid for ensemble in ensembles)


def print_side_by_side(scenario: Scenario, done: SideBySide) -> None:
    """Measures by response: the mean, and under it the paired 90 % interval of the difference to `before`."""
    from rich.console import Console
    from rich.table import Column as Head
    from rich.table import Table

    from scenarios import MEASURES

    n = len(done.before.runs)
    heads = [Head(column.label, overflow="fold") for column in done.columns]
    table = Table(
        Head("measure", no_wrap=True), "unit", "before", *heads,
        title=f"{scenario.name}: {n} member{'s' * (n > 1)}; below: 90 % interval of the change",
    )  # fmt: skip
    for name in scenario.measures or MEASURES:
        cells = [_cell(column, name) for column in done.columns]
        if any(cells):
            before = done.before.mean(name)
            table.add_row(name, MEASURES[name].unit, "" if before != before else f"{before:.4g}", *cells)
    if any(column.gaps for column in done.columns):
        table.add_row("relative gap reached", "%", "", *(_gap(column) for column in done.columns))
    Console().print(table)
    click.echo("Trips that were never made have no delay: read mean_delay_s beside trips_given_up.")
    if done.known is not None:
        click.echo("the ways known from before are settled ones:")
        print_days(done.known)
    for column in done.columns:
        for sentence in column.against.left_out:
            click.echo(f"{column.label}: left out: {sentence['en']}", err=True)
        print_days(column.ensemble)


def print_days(ensemble: Ensemble) -> None:
    """Whether the members' repeated days settled, where days were repeated."""
    from scenarios import days_in_words

    for sentence in days_in_words(ensemble):
        click.echo(f"{ensemble.scenario.name}: {sentence['en']}")


def _cell(column: Column, measure: str) -> str:
    row = column.row(measure)
    if row is None:
        mean = column.ensemble.mean(measure)
        return "" if mean != mean else f"{mean:.4g}"
    under = f"{row.low:+.3g} to {row.high:+.3g}" if row.low == row.low else f"{row.difference:+.3g}, no interval"
    return f"{row.mean_b:.4g}\n{under}"


def _gap(column: Column) -> str:
    if not column.gaps:
        return ""
    return f"{min(column.gaps):.2%} to {max(column.gaps):.2%}\nin {min(column.days)} to {max(column.days)} days"
