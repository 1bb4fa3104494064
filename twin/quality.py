"""A city's quality on the terminal: what failed, what results hang on most, where the page is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from viz.quality import amount, figures

MOST_DOUBTS = 5


def print_quality(console: Console, name: str, report: Mapping[str, Any], page: Path) -> None:
    """Print the checks that failed, the most influential doubts, and the page's place."""
    judged = report["passed"] + report["failed"]
    failed = [check for check in report["checks"] if check["passed"] is False]
    rest = len(report["checks"]) - judged
    console.print(f"\n{name}: {report['passed']} of {judged} checks passed", style="bold", markup=False)
    if failed:
        console.print(_failures(failed))
    if rest:
        console.print(f"{rest} more are for information, or had nothing to check", style="dim")
    doubts = report["doubts"]
    if doubts["top"]:
        console.print(_doubts(doubts))
    told = f"{doubts['count']:,} doubts and {report['repairs']['count']:,} repairs are in the layers and on the map of"
    console.print(f"\n{told}\n{page}", soft_wrap=True, markup=False)


def _failures(failed: list[dict[str, Any]]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="red", no_wrap=True)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    for check in failed:
        table.add_row("failed", Text(check["title"]["en"]), *_figures(check))
    return table


def _figures(check: Mapping[str, Any]) -> tuple[str, str]:
    if check["unit"] == "flag":
        return "no", "must be yes"
    value, threshold = figures(check)
    return value, f"{check['direction'].replace('_', ' ')} {threshold}"


def _doubts(doubts: Mapping[str, Any]) -> Table:
    """The most influential doubt of each of the first kinds, and how many more there are of its kind."""
    first: dict[str, dict[str, Any]] = {}
    for doubt in doubts["top"]:
        first.setdefault(doubt["kind"], doubt)
    title = "\nWhat results hang on most"
    table = Table(title=title, title_justify="left", title_style="bold", show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for kind, doubt in list(first.items())[:MOST_DOUBTS]:
        more = doubts["by_kind"][kind] - 1
        like = f" ({more:,} more of this kind)" if more else ""
        share = amount(doubt["influence"], "share", 0 if doubt["influence"] >= 0.1 else 1)
        table.add_row(share, Text(f"{doubt['what']['en']}{like}; to do: {doubt['remedy']['en']}"))
    return table
