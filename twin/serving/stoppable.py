"""An executor that can be stopped for good while somebody still has it in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from networks.errors import EngineFailed

if TYPE_CHECKING:
    from scenarios import Executor
    from scenarios.ensembles.executor import Item, Result
    from scenarios.ensembles.ray_queue import OnDone, OnLost


class Stoppable:
    """Hands work to an executor until it is stopped: a search that is under way must not start workers again."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self._stopped = executor, False

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """As the executor does, unless stopped."""
        if self._stopped:
            raise EngineFailed("the live twin is stopping")
        return self._executor.map(fn, items, on_done, on_lost)

    def close(self) -> None:
        """Stop for good."""
        self._stopped = True
        self._executor.close()
