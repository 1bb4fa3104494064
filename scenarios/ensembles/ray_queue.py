"""Items under way on Ray, each counted once however many workers die under it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from networks.errors import EngineFailed, InvalidRun, TwinError
from scenarios.ensembles.guard import grown, guarded

log = logging.getLogger(__name__)
OnDone = Callable[[int, Any], None]
OnLost = Callable[[int, TwinError], Any]

GRACE_S = 20.0
"""Time for members that were told to stop: on a busy machine one that has just begun needs ten seconds."""
LOOK_S = 0.5
"""How often a queue looks whether it was told to end."""
LEAVE_S = GRACE_S + 4 * LOOK_S
"""Time for a queue that was told to end."""
ATTEMPTS = 3
"""Workers (or their nodes) that may die under an item before it is given up."""


class RayQueue:
    """Items under way on Ray: each is handed out once at a time, and again when its worker or node dies.

    Ray's own retries stay off: it would not say which worker died, nor leave one alone that grew beyond its cap.
    """

    def __init__(
        self, ray: Any, fn: Callable[[Any], Any], items: Sequence[Any], scratch: Path, cap: int | None
    ) -> None:
        self._ray, self._fn, self._items, self._scratch, self._cap = ray, fn, items, scratch, cap
        self._stop = scratch / "stop"
        self._task = ray.remote(num_cpus=1, max_retries=0)(guarded)
        self._pending: dict[Any, int] = {}
        self._ended = False
        self._attempts = [0] * len(items)
        errors = ray.exceptions
        self._lost = (errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError, errors.ObjectLostError)

    def run(self, on_done: OnDone | None, on_lost: OnLost | None) -> list[Any]:
        """All results in order.

        Raises:
            EngineFailed: The work failed, or `end` was called.
            InvalidRun: An item was given up, and there is no `on_lost`.
        """
        results: dict[int, Any] = {}
        try:
            for index in range(len(self._items)):
                self._hand_out(index)
            while self._pending:
                done, _ = self._ray.wait(list(self._pending), num_returns=1, timeout=LOOK_S)
                if self._ended:
                    raise EngineFailed("what was under way was stopped", remedy="run again: what was finished is kept")
                if not done:
                    continue
                index = self._pending.pop(done[0])
                try:
                    results[index] = self._ray.get(done[0])
                except (*self._lost, self._ray.exceptions.RayTaskError) as error:
                    given_up = self._given_up(index, error)
                    if given_up is None:
                        continue
                    if on_lost is None:
                        raise given_up from None
                    results[index] = on_lost(index, given_up)
                if on_done:
                    on_done(index, results[index])
        except BaseException:
            self._stop.touch()
            if self._pending:
                self._ray.wait(list(self._pending), num_returns=len(self._pending), timeout=GRACE_S)
            raise
        return [results[index] for index in sorted(results)]

    def end(self) -> None:
        """Tell it, from another thread, to leave: `run` raises EngineFailed soon after."""
        self._ended = True

    def _hand_out(self, index: int) -> None:
        self._attempts[index] += 1
        reference = self._task.remote(self._fn, self._stop, self._cap, self._mark(index), self._items[index])
        self._pending[reference] = index

    def _given_up(self, index: int, error: Any) -> TwinError | None:
        """None where it was handed out again; an error of the work itself is raised."""
        if isinstance(error, self._ray.exceptions.RayTaskError):
            cause = _cause(error)
            if isinstance(cause, InvalidRun):
                return cause
            raise cause from None
        mark = self._mark(index)
        if mark.exists() and self._cap is not None:
            return grown(int(mark.read_text(encoding="utf-8")), self._cap)
        if self._attempts[index] < ATTEMPTS:
            log.warning("a worker died (%s); its member is run again", type(error).__name__)
            self._hand_out(index)
            return None
        return InvalidRun(
            f"stopped: its worker died {ATTEMPTS} times ({type(error).__name__}: {str(error).strip().splitlines()[0]})",
            remedy="run its seed alone with --serial to see where",
        )

    def _mark(self, index: int) -> Path:
        return self._scratch / f"grown-{index}"


def _cause(error: Any) -> BaseException:
    cause = getattr(error, "cause", None)
    if isinstance(cause, TwinError):
        return cause
    text = str(cause or error).strip().splitlines()
    return EngineFailed(
        f"a member stopped: {type(cause or error).__name__}: {text[-1] if text else ''}",
        remedy="run one seed with --serial to see where",
    )
