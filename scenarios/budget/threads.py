"""Work that other processes do, watched by threads here: nothing has to be started first, as Ray has to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from networks.errors import InvalidRun
from scenarios.ensembles.ray_queue import OnDone, OnLost

Item = TypeVar("Item")
Result = TypeVar("Result")


class ThreadExecutor:
    """An `Executor` for functions that start a process and wait for it.

    Args:
        workers: Processes at a time; None takes one for each CPU that this process may use.
        on_stop: Ends what runs, after an error or Ctrl-C.
    """

    def __init__(self, workers: int | None = None, on_stop: Callable[[], None] | None = None) -> None:
        self.workers = workers or _cpus()
        self._on_stop = on_stop

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """See `Executor.map`."""
        results: dict[int, Result] = {}
        with ThreadPoolExecutor(self.workers) as pool:
            waiting = {pool.submit(fn, item): index for index, item in enumerate(items)}
            try:
                for future in as_completed(waiting):
                    try:
                        results[waiting[future]] = future.result()
                    except InvalidRun as error:
                        if on_lost is None:
                            raise
                        results[waiting[future]] = on_lost(waiting[future], error)
                    if on_done:
                        on_done(waiting[future], results[waiting[future]])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                if self._on_stop:
                    self._on_stop()
                raise
        return [results[index] for index in range(len(items))]

    def close(self) -> None:
        """Nothing to give back."""


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
