"""A warm city: a simulation in a process of its own, stepped to a moment and copied there as often as wanted.

    with WarmCity(prepare, folder) as city:
        city.step_until(1800.0)
        ended = city.fork([Branch("as it is", 3600.0), Branch("held", 3600.0, (SignalHeld("j7"),))])

The process is spawned, not forked, from whoever uses it, and holds no threads, no Ray and no pyarrow: so it can be
forked at any time, and each child is the same city to the last digit.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from models.sumo.branch import Branch, Ended
from models.sumo.change import Change
from models.sumo.kinds import as_values
from models.sumo.native import large_pages
from models.sumo.own_files import can_fork
from models.sumo.positions import Positions
from networks.errors import BadInput, EngineFailed

A_DAY_S = 86400.0
_HERE = Path(__file__).resolve().parents[2]
_NO_THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
"""libsumo imports NumPy, whose linear algebra would start one thread per CPU."""


class WarmCity:
    """A running simulation that can be copied.

    Args:
        prepare: Given a folder, gives SUMO's options (without the program's name) for a run whose outputs all land in
            it (relative names do). Called once for the city and, where processes cannot be forked, for each branch.
        folder: Its outputs; each branch has a folder of its name below `branches`.
        forks: Copy by forking; None asks the platform.

    Raises:
        EngineFailed: SUMO refused to start.
    """

    def __init__(self, prepare: Callable[[Path], list[str]], folder: Path, *, forks: bool | None = None) -> None:
        self._prepare, self._folder = prepare, folder.absolute()
        self.forks = can_fork() if forks is None else forks
        self._folder.mkdir(parents=True, exist_ok=True)
        self._process = _Process(self._folder)
        try:
            answer = self._process.ask("open", arguments=prepare(self._folder))
        except BaseException:
            self._process.end()
            raise
        self.now = Positions(**answer["positions"])
        self._changed: list[tuple[float, tuple[Change, ...]]] = []

    def __enter__(self) -> WarmCity:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; in haste after an error."""
        if kind is None:
            self.close()
        else:
            self._process.end()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def step_until(self, time_s: float) -> Positions:
        """Step to a moment.

        Raises:
            EngineFailed: SUMO stopped.
        """
        self.now = Positions(**self._process.ask("step", until_s=time_s)["positions"])
        return self.now

    def change(self, changes: Sequence[Change]) -> Positions:
        """Change the city itself, now and for good; copies made from now on have it too.

        Raises:
            EngineFailed: SUMO refused a change; those before it are carried out.
        """
        self._changed.append((self.now.time_s, tuple(changes)))
        self.now = Positions(**self._process.ask("change", changes=list(map(as_values, changes)))["positions"])
        return self.now

    def look(self) -> dict[str, Any]:
        """`busiest_signal` and `fullest_edge` (None where there is none) and the ids of all `vehicles` of now."""
        return self._process.ask("look")

    def fork(
        self, branches: Sequence[Branch], *, at_once: int | None = None, limit_s: float = A_DAY_S,
        step_until: float | None = None, born: Callable[[str, int], object] | None = None,
        over: Callable[[Ended], object] | None = None,
    ) -> list[Ended]:  # fmt: skip
        """Run branches from now on, each in a copy of the city.

        Args:
            branches: Their names are distinct and fit a folder.
            at_once: How many run at a time; None is one per CPU.
            limit_s: A branch that takes longer (wall-clock) is ended.
            step_until: Step the city itself on to this moment, after the last fork, while children still run.
            born: Told the name and the process id of each child.
            over: Told how each ended, as it ends, while others run.

        Returns:
            How each ended, in order. One that died or was ended has a `problem`; the others and the city go on.

        Raises:
            BadInput: Two branches of one name, one that ends before now, or less than one at a time.
            EngineFailed: SUMO stopped in the city itself.
        """
        at_once = at_once if at_once is not None else os.cpu_count() or 1
        self._check(branches, at_once)
        if not self.forks:
            return self._warm_up_afresh(branches, step_until, over)
        answer = self._process.ask(
            "fork", heard=lambda told: _pass_on(told, born, over),
            branches=[one.as_values() for one in branches],
            folder=str(self._folder / "branches"), at_once=at_once, limit_s=limit_s, until_s=step_until,
        )  # fmt: skip
        self.now = Positions(**answer["positions"])
        return [Ended.from_values(values) for values in answer["ended"]]

    def close(self) -> None:
        """Let SUMO finish its outputs and end the process; a second call does nothing."""
        try:
            if self._process.runs:
                self._process.ask("close")
        finally:
            self._process.end()

    def _check(self, branches: Sequence[Branch], at_once: int) -> None:
        if at_once < 1:
            raise BadInput("less than one branch at a time", expected="1 or more")
        if len({branch.name for branch in branches}) < len(branches):
            raise BadInput("two branches have the same name")
        for branch in branches:
            if branch.until_s < self.now.time_s:
                raise BadInput(f"branch {branch.name} ends at {branch.until_s:g} s, before now ({self.now.time_s:g} s)")

    def _warm_up_afresh(
        self, branches: Sequence[Branch], step_until: float | None, over: Callable[[Ended], object] | None
    ) -> list[Ended]:
        moment, ended = self.now, []
        for branch in branches:
            ended.append(self._afresh(branch, moment))
            if over is not None:
                over(ended[-1])
        if step_until is not None:
            self.step_until(step_until)
        return ended

    def _afresh(self, branch: Branch, moment: Positions) -> Ended:
        began = time.monotonic()
        try:
            with WarmCity(self._prepare, self._folder / "branches" / branch.name, forks=False) as city:
                for time_s, changes in self._changed:
                    city.step_until(time_s)
                    city.change(changes)
                city.step_until(moment.time_s)
                ready_ms = (time.monotonic() - began) * 1e3
                values = city._process.ask("be", branch=branch.as_values())["ended"]
                values |= {"forked": False, "ready_ms": ready_ms}
                city._process.end()
        except EngineFailed as error:
            return Ended(branch.name, problem=f"it stopped: {error}", forked=False)
        files = {str(self._folder / path.name): str(path) for path in _files(city._folder)} if branch.tables else {}
        return Ended.from_values({**values, "files": files})


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _pass_on(
    told: dict[str, Any], born: Callable[[str, int], object] | None, over: Callable[[Ended], object] | None
) -> None:
    if born is not None and "born" in told:
        born(told["born"], told["pid"])
    if over is not None and "over" in told:
        over(Ended.from_values(told["over"]))


class _Process:
    """The other end of `models.sumo.warm_process`."""

    def __init__(self, folder: Path) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `end`)
        paths = [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "models.sumo.warm_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._said, env={**os.environ, **_NO_THREADS, **large_pages(), "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True, encoding="utf-8", cwd=folder,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def ask(self, do: str, *, heard: Callable[[dict[str, Any]], object] | None = None, **order: Any) -> Any:
        """Order something and wait for its answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise self._died() from None
        for line in self._process.stdout:
            told = json.loads(line)
            if "answer" in told:
                return told["answer"]
            if "error" in told:
                what, file, place, expected, remedy = told["error"]
                raise EngineFailed(what, file=file, place=place, expected=expected, remedy=remedy)
            if heard is not None:
                heard(told)
        raise self._died()

    def end(self) -> None:
        """End the process and its children, whatever they do."""
        if self._process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _died(self) -> EngineFailed:
        status = self._process.wait()
        self._said.seek(0)
        words = self._said.read().decode(errors="replace").strip().splitlines()
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return EngineFailed(f"the warm process ended with {how}" + (f": {words[-1]}" if words else ""))
