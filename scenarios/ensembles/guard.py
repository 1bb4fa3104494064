"""What watches a member from inside its worker: the word to stop, and the memory that it may take."""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from networks.errors import EngineFailed, InvalidRun
from scenarios.ensembles.memory import family, resident_bytes

WATCH_S, AGAIN_S, WEIGH_S = 0.1, 1.5, 0.5
HARD_S = 10.0
"""A member that grew too large and does not end when interrupted (an engine deep in its own code) is killed then."""


def guarded(fn: Callable[[Any], Any], stop: Path | None, cap: int | None, mark: Path | None, item: Any) -> Any:
    """Work, ended by Ctrl-C of its own once the file `stop` is there or `cap` is passed: nothing half-written stays.

    Ray's own `cancel` by force kills the worker in the middle of a file, and the one without brings the driver down
    when a task ends at the same moment (Check failed: submissible_tasks, task_manager.cc, Ray 2.60).

    Args:
        fn: What is done with `item`.
        stop: File that somebody makes to stop everything; None: nobody does.
        cap: Bytes that this process and its children may hold.
        mark: File to write what was held to, should the worker have to kill itself; without it, it never does.
        item: The member.

    Raises:
        InvalidRun: It grew beyond the cap, or this process did before it began.
        EngineFailed: It was stopped.
    """
    if stop is not None and stop.exists():
        raise EngineFailed("stopped before it began")
    if cap is not None and (size := resident_bytes()) > cap:
        raise grown(size, cap)
    done, held = threading.Event(), [0]
    watcher = threading.Thread(target=_watch, args=(done, stop, cap, mark, held), daemon=True)
    watcher.start()
    before = _take_interrupts()
    try:
        return fn(item)
    except KeyboardInterrupt:
        if held[0] and cap is not None:
            raise grown(held[0], cap) from None
        if stop is None or not stop.exists():
            raise
        raise EngineFailed("stopped") from None
    finally:
        done.set()
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _take_interrupts() -> Any:
    """Ctrl-C becomes a KeyboardInterrupt here and is told to nobody else; what it was before, to be put back."""
    if threading.current_thread() is not threading.main_thread():
        return None
    if hasattr(signal, "pthread_sigmask"):  # Ray starts workers with SIGINT blocked
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return signal.signal(signal.SIGINT, signal.default_int_handler)


def grown(held: int, cap: int) -> InvalidRun:
    """The error that names what a member held."""
    return InvalidRun(
        f"stopped: it held {held / 1e9:.2f} GB of memory, and {cap / 1e9:.2f} GB are its cap",
        remedy="raise --memory-cap, run fewer members at a time (--workers), or look why it grew",
    )


def _watch(done: threading.Event, stop: Path | None, cap: int | None, mark: Path | None, held: list[int]) -> None:
    weighed, since = 0.0, 0.0
    while not done.wait(WATCH_S):
        now = time.monotonic()
        if cap is not None and now - weighed > WEIGH_S:
            weighed, size = now, resident_bytes()
            if size > cap:
                held[0], since = max(size, held[0]), since or now
        if held[0] and mark is not None and now - since > HARD_S:
            _kill(mark, held[0])
        if held[0] or (stop is not None and stop.exists()):
            _interrupt()
            done.wait(AGAIN_S)  # an interrupt is lost when it falls into a finalizer or a callback


def _interrupt() -> None:
    """Ctrl-C for the main thread: a true signal, which also wakes it where it waits for a program that it started."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _kill(mark: Path, held: int) -> None:
    with suppress(OSError):  # on another machine of a cluster the folder is not there
        mark.write_text(str(held), encoding="utf-8")
    for pid, _ in family(os.getpid())[1:]:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    os._exit(1)
