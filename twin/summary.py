"""The summary of a study on the terminal: what to do, what it should bring, what else changes, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from scenarios import Ensemble, Study
    from scenarios.comparison import Row

COLOUR = {"better": "green", "worse": "red", "cannot tell": "yellow"}


def print_summary(
    console: Console, study: Study, timings: Mapping[str, float], titles: Mapping[str, str], report: Path
) -> None:
    """Print a study's outcome, its timings and where the report is."""
    console.print(_state(study.base))
    console.print(_actions(study))
    for judged in study.judged:
        for sentence in judged.comparison.left_out:
            console.print(f"left out of {judged.proposal.scenario.name}: {sentence}", style="yellow")
    total = sum(timings.values())
    console.print("\ntime: " + ", ".join(f"{titles[key]} {seconds:.0f} s" for key, seconds in timings.items()))
    console.print(f"in all {total:.0f} s", style="bold")
    console.print(f"\nreport: {report}   (opens without a network)")
    console.print("decide: twin desk list, twin desk approve ID --who NAME --why REASON")
    console.print("Map data © OpenStreetMap contributors, ODbL", style="dim")


def _state(base: Ensemble) -> Table:
    table = Table(title="The evening as it is", title_justify="left", show_header=False, box=None, pad_edge=False)
    from scenarios import MEASURES

    for name, measure in MEASURES.items():
        mean = base.mean(name)
        if mean == mean:
            table.add_row(name, _number(mean), measure.unit)
    table.add_row("members", f"{len(base.valid)} of {len(base.runs)} valid", "")
    return table


def _actions(study: Study) -> Table:
    table = Table(title="\nWhat was found, judged on seeds that no search saw", title_justify="left")
    for name in ("action", "measure", "as it is", "change", "90 % interval", "verdict"):
        table.add_column(name, justify="right" if name in {"as it is", "change", "90 % interval"} else "left")
    for judged in study.judged:
        title = (
            judged.proposal.title["en"] if judged.proposal.action else f"{judged.proposal.kind}: nothing better found"
        )
        rows = [judged.comparison.row(judged.proposal.goal)] if judged.comparison.rows else []
        rows += [row for row in judged.comparison.rows if row.measure != judged.proposal.goal and _telling(row)]
        for number, row in enumerate(rows):
            table.add_row(title if number == 0 else "", *_cells(row))
        table.add_section()
    return table


def _telling(row: Row) -> bool:
    return row.verdict != "cannot tell"


def _cells(row: Row) -> list[str]:
    interval = f"{_number(row.low)} .. {_number(row.high)}"
    verdict = f"[{COLOUR[row.verdict]}]{row.verdict}[/]"
    return [f"{row.measure} ({row.unit})", _number(row.mean_a), f"{_number(row.difference)}", interval, verdict]


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"
