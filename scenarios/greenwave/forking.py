"""A piece of work done in a fork of a process that holds a simulation; a fork that crashes takes nothing with it."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from models.sumo.own_files import take_own_files

_T = TypeVar("_T")


def forked(work: Callable[[], _T]) -> _T | str:
    """What a fork of this process answers, or in words how it ended.

    Args:
        work: Done in the fork; its answer is pickled.
    """
    hears, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(hears)
        _be_the_child(work, tells)
    os.close(tells)
    with os.fdopen(hears, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return f"SUMO ended by {signal.Signals(os.WTERMSIG(status)).name}"
    found: _T | str = pickle.loads(said) if said else "it gave no reason"
    return found


def _be_the_child(work: Callable[[], _T], tells: int) -> None:
    answer: _T | str
    try:
        with tempfile.TemporaryDirectory(prefix="citytwin-") as folder:
            take_own_files(Path(folder))
            answer = work()
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    with os.fdopen(tells, "wb") as pipe:
        pickle.dump(answer, pipe)
    os._exit(0)
