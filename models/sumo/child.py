"""The children of a warm process: forked, followed while they live, and buried whatever they died of."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.sumo.branch import Branch, Ended
from models.sumo.change import AfterStep, Change
from models.sumo.own_files import OwnFile, take_own_files
from models.sumo.positions import Positions
from models.sumo.session import Session
from networks.errors import EngineFailed

A_DAY_S = 86400.0
WATCH_S = 1.0
LOOK_UP_S = 10.0
"""A process looks this often (simulated) whether whoever started it is still there."""
_MEMORY = Path("/proc/self/smaps_rollup")


class Orphaned(Exception):
    """Whoever wanted this simulation is gone."""


@contextlib.contextmanager
def told_by_sumo(session: Session, what: str) -> Iterator[None]:
    """What SUMO raises becomes an error that says when.

    Raises:
        EngineFailed: SUMO raised.
    """
    try:
        yield
    except session.failures as error:
        raise EngineFailed(f"{what} at {session.time_s:g} s: {error}") from error


def step_until(session: Session, until_s: float, parent: int, watching: Sequence[AfterStep] = ()) -> None:
    """Step to `until_s`, in pieces, for as long as process `parent` lives; those `watching` act after every step.

    Raises:
        EngineFailed: SUMO stopped.
        Orphaned: `parent` is gone.
    """
    while session.time_s < until_s - 1e-6:
        with told_by_sumo(session, "SUMO stopped"):
            session.sumo.simulationStep(0 if watching else min(session.time_s + LOOK_UP_S, until_s))
            for after_step in watching:
                after_step(session.sumo)
        if os.getppid() != parent:
            raise Orphaned


def change(session: Session, changes: Sequence[Change], who: str) -> list[AfterStep]:
    """Carry out changes now, in their order.

    Returns:
        What is to be done after every step.

    Raises:
        EngineFailed: SUMO refused one.
    """
    watching: list[AfterStep] = []
    for one in changes:
        with told_by_sumo(session, f"SUMO refused {type(one).__name__} of {who}"):
            after_step = one.carry_out(session.sumo)
            watching += [after_step] if after_step else []
    return watching


def live(session: Session, branch: Branch, parent: int, watching: Sequence[AfterStep] = ()) -> Ended:
    """Change what the branch changes and run it to its end, in this process.

    Args:
        session: The simulation.
        branch: What to do.
        parent: Whoever wants it.
        watching: What the city itself does after every step.

    Raises:
        EngineFailed: SUMO stopped or refused a change.
        Orphaned: Process `parent` is gone.
    """
    before = Positions.of(session.sumo)
    watching = [*watching, *change(session, branch.changes, f"branch {branch.name}")]
    step_until(session, branch.until_s, parent, watching)
    after = Positions.of(session.sumo)
    further: tuple[Ended, ...] = ()
    if branch.then:
        copies = Children(session, Path.cwd(), watching=watching)
        further = tuple(copies.run(branch.then, at_once=1, born=lambda _name, _pid: None))
    ended = Ended(
        branch.name, before=before, after=after, dirty_mb=_dirty_mb(), cpu_s=time.process_time(), further=further
    )  # fmt: skip
    if branch.tables:
        session.close()
    return ended


@dataclass
class _Child:
    branch: Branch
    pid: int
    pipe: int
    began: float
    said: bytes = b""
    too_slow: bool = False


class Children:
    """Forks of this process.

    Args:
        session: What they inherit.
        folder: Each has a folder of its name in it.
        inherited: Descriptors of this process that are no business of a child.
        limit_s: A child that takes longer is ended.
        watching: What the city does after every step; its copies do too.
    """

    def __init__(
        self, session: Session, folder: Path, *, inherited: Sequence[int] = (), limit_s: float = A_DAY_S,
        watching: Sequence[AfterStep] = (),
    ) -> None:  # fmt: skip
        self._session, self._folder, self._inherited, self._limit_s = session, folder, tuple(inherited), limit_s
        self._watching = tuple(watching)
        self._living: list[_Child] = []
        self._parent = os.getppid()

    def run(
        self, branches: Sequence[Branch], *, at_once: int, born: Callable[[str, int], object],
        over: Callable[[Ended], object] = lambda _: None, meanwhile: Callable[[], None] = lambda: None,
    ) -> list[Ended]:  # fmt: skip
        """Fork every branch, at most `at_once` living at a time, and wait for all of them.

        Args:
            branches: What they do.
            at_once: How many live at a time.
            born: Told the name and the process id of each.
            over: Told how each ended, as it ends.
            meanwhile: Done once after the last fork, while children still run.

        Returns:
            How each ended, in the order of `branches`; one that died has a `problem`.
        """
        ended: dict[str, Ended] = {}
        try:
            for branch in branches:
                while len(self._living) >= at_once:
                    self._wait(ended, over)
                self._living.append(self._fork(branch))
                born(branch.name, self._living[-1].pid)
            meanwhile()
            while self._living:
                self._wait(ended, over)
        finally:
            self._end_all()
        return [ended[branch.name] for branch in branches]

    def _fork(self, branch: Branch) -> _Child:
        parent, began = os.getpid(), time.monotonic()
        hears, tells = os.pipe()
        pid = os.fork()
        if pid == 0:
            for descriptor in (hears, *self._inherited, *(child.pipe for child in self._living)):
                os.close(descriptor)
            _be_the_child(
                self._session, branch, self._folder / branch.name, parent, began, tells, self._watching
            )  # fmt: skip
        os.close(tells)
        return _Child(branch, pid, hears, began)

    def _wait(self, ended: dict[str, Ended], over: Callable[[Ended], object]) -> None:
        """Wait until one child at least has ended."""
        with selectors.DefaultSelector() as selector:
            for child in self._living:
                selector.register(child.pipe, selectors.EVENT_READ, child)
            closed: list[_Child] = []
            while not closed:
                for key, _ in selector.select(timeout=self._time_left()):
                    piece = os.read(key.fd, 65536)
                    key.data.said += piece
                    if not piece:
                        closed.append(key.data)
                self._end_the_slow()
                if os.getppid() != self._parent:
                    raise Orphaned
        for child in closed:
            self._living.remove(child)
            ended[child.branch.name] = _bury(child, self._limit_s)
            over(ended[child.branch.name])

    def _time_left(self) -> float:
        """Until the next look at the clock and at whoever wanted all this, s."""
        first_limit = min(child.began for child in self._living) + self._limit_s
        return min(max(first_limit - time.monotonic(), 0.0), WATCH_S)

    def _end_the_slow(self) -> None:
        for child in self._living:
            if not child.too_slow and time.monotonic() - child.began >= self._limit_s:
                child.too_slow = True
                os.kill(child.pid, signal.SIGKILL)

    def _end_all(self) -> None:
        """Leave nobody behind, however this process leaves."""
        for child in self._living:
            os.kill(child.pid, signal.SIGKILL)
        for child in self._living:
            _bury(child, self._limit_s)
        self._living.clear()


def _be_the_child(
    session: Session, branch: Branch, folder: Path, parent: int, began: float, tells: int,
    watching: Sequence[AfterStep],
) -> None:  # fmt: skip
    """All that a child does; it never comes back, and leaves without the exits of the process that it copies."""
    ended = Ended(branch.name)
    try:
        outputs = take_own_files(folder)
        os.chdir(folder)  # what SUMO opens later lands there
        ready_ms = (time.monotonic() - began) * 1e3
        cpu_s = time.process_time()
        ended = live(session, branch, parent, watching)
        files = _finish(outputs, branch.past) if branch.tables else {}
        ended = replace(ended, ready_ms=ready_ms, files=files, cpu_s=time.process_time() - cpu_s)
    except BaseException as error:
        ended = Ended(branch.name, problem=f"it stopped: {error or type(error).__name__}")
    finally:
        with contextlib.suppress(BaseException):
            told = json.dumps(ended.as_values()).encode()
            while told:
                told = told[os.write(tells, told) :]
        os._exit(0)


def _finish(outputs: Sequence[OwnFile], past: bool) -> dict[str, Path]:
    for output in outputs:
        output.fill_in_the_past() if past else output.leave_out_the_past()
    return {str(output.shared): output.own for output in outputs}


def _bury(child: _Child, limit_s: float) -> Ended:
    os.close(child.pipe)
    _, status = os.waitpid(child.pid, 0)
    if child.too_slow:
        return Ended(child.branch.name, problem=f"it took longer than {limit_s:g} s and was ended")
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Ended(child.branch.name, problem=f"it was ended by {signal.Signals(number).name}")
    try:
        return Ended.from_values(json.loads(child.said))
    except ValueError:
        return Ended(child.branch.name, problem=f"it left with status {os.WEXITSTATUS(status)} and said nothing")


def _dirty_mb() -> float:
    try:
        lines = _MEMORY.read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) * 1024 / 1e6
