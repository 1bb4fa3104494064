"""SUMO's summary while it runs: counts of vehicles at a moment, read line by line from its standard output.

As CSV, SUMO 1.28 holds the rows back until its end; as XML on its standard output they come at once.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from models.sumo.outputs import SUMMARY

STREAMED = "stdout"
Watch = Callable[[Mapping[str, float]], str | None]
"""Looks at a moment's counts by SUMO's names (`time`, `inserted`, `running` ...); a reason ends the simulation."""
_ITEM = re.compile(rb' (\w+)="([-+\d.eE]+)"')
_PREFIX = "step_"


def streamed_steps(lines: Iterable[bytes]) -> Iterator[dict[str, float]]:
    """Each step's counts, as SUMO tells them."""
    for line in lines:
        if b"<step " in line:
            yield {name.decode(): float(value) for name, value in _ITEM.findall(line)}


def watch_streamed(lines: IO[bytes], folder: Path, watch: Watch | None) -> str | None:
    """Keep each row in the folder's summary, as SUMO's own CSV has it, until the simulation or the watch ends it.

    Args:
        lines: SUMO's standard output.
        folder: The run's.
        watch: Looks at each row; None looks at none.

    Returns:
        Why the watch wants it to end; None at SUMO's own end.
    """
    with ExitStack() as stack:
        rows: csv.DictWriter[str] | None = None
        for step in streamed_steps(lines):
            if rows is None:
                kept = stack.enter_context((folder / SUMMARY).open("w", encoding="utf-8", newline=""))
                rows = csv.DictWriter(kept, [_PREFIX + name for name in step], delimiter=";")
                rows.writeheader()
            rows.writerow({_PREFIX + name: f"{value:.10g}" for name, value in step.items()})
            reason = watch(step) if watch is not None else None
            if reason is not None:
                return reason
    return None


def kept_steps(file: Path) -> Iterator[dict[str, float]]:
    """Each step's counts from a summary in a folder, ours or SUMO's own; none where there is no such file."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            if row.get(f"{_PREFIX}time"):  # a step without content is a row of nothing
                yield {name.removeprefix(_PREFIX): float(value) for name, value in row.items() if value}
