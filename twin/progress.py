"""How far long work is, on stderr: a bar with the time left on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

EVERY_S = 15.0
Show = Callable[[str, int, int], None]


def show_progress(stack: ExitStack) -> Show:
    """What tells (label, done, in all); the bar goes when the stack closes."""
    return _bar(stack) if sys.stderr.isatty() else Lines().show


def _bar(stack: ExitStack) -> Show:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    tasks: dict[str, TaskID] = {}

    def show(label: str, done: int, total: int) -> None:
        if label not in tasks:
            tasks[label] = bar.add_task(label, total=total)
        bar.update(tasks[label], completed=done, total=total)

    return show


class Lines:
    """A line of progress for logs, at most every EVERY_S.

    Args:
        clock: Seconds; for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[str, float] = {}
        self._told = 0.0

    def show(self, label: str, done: int, total: int) -> None:
        """Tell it, unless something was told just now."""
        now = self._clock()
        began = self._began.setdefault(label, now)
        if done == 0:
            self._told = now
        elif now - self._told >= EVERY_S:
            self._told = now
            left = (now - began) / done * (total - done)
            print(f"{label}: {done} of {total}, about {left:.0f} s left", file=sys.stderr, flush=True)
