"""The steps of a long job, shown with what is left to do, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text


class Steps:
    """Named steps in a fixed order; each is timed.

    On a terminal all steps are drawn from the start, those still to come greyed; elsewhere one line is written per
    finished step.

    Args:
        titles: Title by key, in the order in which the steps will run.
        console: Where to draw.
    """

    def __init__(self, titles: Mapping[str, str], console: Console) -> None:
        self.titles, self.console = dict(titles), console
        self.timings: dict[str, float] = {}
        self._drawn = Progress(
            _Sign(finished_text="[green]ok[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            _Count(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = {key: self._drawn.add_task(title, total=None, start=False) for key, title in self.titles.items()}
        self._now = ""

    def __enter__(self) -> Steps:
        self._drawn.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._drawn.stop()

    @contextmanager
    def step(self, key: str) -> Iterator[None]:
        """Time one step; on success it is marked as done."""
        began, self._now = time.monotonic(), key
        self._drawn.start_task(self._task[key])
        yield
        self.timings[key] = time.monotonic() - began
        total = self._drawn.tasks[self._task[key]].total or 1
        self._drawn.update(self._task[key], total=total, completed=total)
        self._drawn.stop_task(self._task[key])
        if not self.console.is_terminal:
            place = f"[{list(self.titles).index(key) + 1}/{len(self.titles)}]"
            self.console.print(f"{place} {self.titles[key]}: {self.timings[key]:.1f} s", highlight=False, markup=False)

    def tell(self, _what: str, done: int, total: int) -> None:
        """How far the present step is; what ensembles and searches call."""
        if self._now:
            self._drawn.update(self._task[self._now], completed=done, total=max(total, 1))


class _Sign(SpinnerColumn):
    """Nothing before a step begins, a spinner while it runs, ok after it."""

    def render(self, task: Task) -> RenderableType:
        """The sign of one step."""
        return super().render(task) if task.started else Text("")


class _Count(ProgressColumn):
    """3/8 while a step counts, nothing otherwise."""

    def render(self, task: Task) -> Text:
        """The text of one step."""
        return Text(f"{task.completed:.0f}/{task.total:.0f}" if task.total and task.total > 1 else "")
