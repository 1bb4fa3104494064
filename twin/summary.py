"""The summary of a study on the terminal: what to do, what it should bring, what else changes, how long it took."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from scenarios import Ensemble, Study
    from scenarios.comparison import Row
    from scenarios.searches.study import Judged

COLOUR = {"better": "green", "worse": "red", "cannot tell": "yellow"}


def print_summary(
    console: Console, study: Study, timings: Mapping[str, float], titles: Mapping[str, str], report: Path
) -> None:
    """Print a study's outcome, its timings and where the report is."""
    console.print(_state(study.base))
    console.print("\nWhat was found, judged on seeds that no search saw", style="italic")
    for judged in study.judged:
        if judged.proposal.action:
            console.print(_action(judged))
        else:
            console.print(f"\n{judged.proposal.kind}: nothing better than the evening as it is was found", style="bold")
    for judged in study.judged:
        for sentence in judged.comparison.left_out:
            console.print(f"left out of {judged.proposal.scenario.name}: {sentence['en']}", style="yellow")
    console.print(_times(timings, titles))
    console.print(f"report: {report}   (opens without a network)", highlight=False)
    console.print("decide: twin desk list, twin desk approve ID --who NAME --why REASON", highlight=False)
    console.print("Map data © OpenStreetMap contributors, ODbL", style="dim")


def _state(base: Ensemble) -> Table:
    from scenarios import MEASURES

    table = Table(title="\nThe evening as it is", title_justify="left", show_header=False, box=None, pad_edge=False)
    for name in base.scenario.measures or tuple(MEASURES):
        mean = base.mean(name)
        if mean == mean:
            table.add_row(name, _number(mean), MEASURES[name].unit)
    demand = base.runs[0].manifest["demand"]
    table.add_row(
        "trips (guessed)",
        str(demand["trips"]),
        f"of {demand['mean_length_m']:.0f} m on average, seed {base.runs[0].seed}",
    )
    table.add_row("members", f"{len(base.valid)} of {len(base.runs)} valid", "")
    return table


def _action(judged: Judged) -> Table:
    """The goal first, then every other measure of which something can be told."""
    table = Table(
        title=f"\n{judged.proposal.title['en']}", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for name in ("measure", "as it is", "change", "90 % interval", "verdict"):
        table.add_column(name, justify="left" if name in {"measure", "verdict"} else "right", no_wrap=True)
    goal = judged.proposal.goal
    for row in sorted(judged.comparison.rows, key=lambda row: row.measure != goal):
        if row.measure == goal or row.verdict != "cannot tell":
            table.add_row(*_cells(row))
    return table


def _times(timings: Mapping[str, float], titles: Mapping[str, str]) -> Table:
    table = Table(title="\nHow long it took", title_justify="left", show_header=False, box=None, pad_edge=False)
    for key, seconds in timings.items():
        table.add_row(titles[key], f"{seconds:.1f} s")
    table.add_row("in all", f"{sum(timings.values()):.1f} s", style="bold")
    return table


def _cells(row: Row) -> list[str]:
    interval = f"{_number(row.low)} .. {_number(row.high)}" if math.isfinite(row.low) else "-"
    verdict = f"[{COLOUR[row.verdict]}]{row.verdict}[/]"
    return [f"{row.measure} ({row.unit})", _number(row.mean_a), f"{_number(row.difference)}", interval, verdict]


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"
