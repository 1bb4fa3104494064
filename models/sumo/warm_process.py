"""A process that holds one simulation and nothing else: told what to do by lines of JSON, one answer a line.

Started as a program (`python -m models.sumo.warm_process`) by `models.sumo.warm`. It may be forked at any time, so it
has no threads, and imports no library that starts one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from models.sumo.branch import Branch
from models.sumo.change import AfterStep
from models.sumo.changes import busiest_signal
from models.sumo.child import Children, Orphaned, change, live, step_until
from models.sumo.kinds import from_values
from models.sumo.positions import Positions
from models.sumo.session import Session
from networks.errors import TwinError


class Warm:
    """The one simulation of this process and what can be asked of it.

    Args:
        answers: Where answers go.
        inherited: Descriptors that a child must not keep.
    """

    def __init__(self, answers: IO[str], inherited: tuple[int, ...]) -> None:
        self._answers, self._inherited, self._parent = answers, inherited, os.getppid()
        self._session: Session | None = None
        self._watching: list[AfterStep] = []

    def open(self, arguments: list[str]) -> dict[str, Any]:
        """Start SUMO."""
        self._session = Session(arguments)
        return {"positions": self._positions(), "end_s": self._running().sumo.simulation.getEndTime()}

    def step(self, until_s: float) -> dict[str, Any]:
        """Step to a moment."""
        step_until(self._running(), until_s, self._parent, self._watching)
        return {"positions": self._positions()}

    def change(self, changes: list[dict[str, Any]]) -> dict[str, Any]:
        """Change the city itself, for good."""
        self._watching += change(self._running(), [from_values(values) for values in changes], "the city itself")
        return {"positions": self._positions()}

    def fork(
        self, branches: list[dict[str, Any]], folder: str, at_once: int, limit_s: float, until_s: float | None
    ) -> dict[str, Any]:
        """Fork branches; go on to `until_s` meanwhile, if given."""
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            raise TwinError(f"a process with {threads} threads cannot be copied")
        session = self._running()
        children = Children(
            session, Path(folder), inherited=self._inherited, limit_s=limit_s, watching=self._watching
        )  # fmt: skip
        read = [Branch.from_values(values) for values in branches]
        ended = children.run(
            read, at_once=at_once, born=lambda name, pid: self.tell({"born": name, "pid": pid}),
            over=lambda one: self.tell({"over": one.as_values()}),
            meanwhile=lambda: step_until(session, until_s or 0.0, self._parent, self._watching),
        )  # fmt: skip
        return {"ended": [one.as_values() for one in ended], "positions": self._positions()}

    def be(self, branch: dict[str, Any]) -> dict[str, Any]:
        """Become a branch: where processes cannot be copied."""
        read = Branch.from_values(branch)
        return {"ended": live(self._running(), read, self._parent, self._watching).as_values()}

    def look(self) -> dict[str, Any]:
        """What may be changed: the busiest signal, the fullest road, and all vehicles."""
        sumo = self._running().sumo
        edges = sorted(edge for edge in sumo.edge.getIDList() if not edge.startswith(":"))
        fullest = max(edges, key=sumo.edge.getLastStepVehicleNumber, default=None)
        return {"busiest_signal": busiest_signal(sumo), "fullest_edge": fullest, "vehicles": sumo.vehicle.getIDList()}

    def close(self) -> dict[str, Any]:
        """Let SUMO write what is left."""
        self._running().close()
        return {}

    def tell(self, answer: dict[str, Any]) -> None:
        """Answer."""
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()

    def _positions(self) -> dict[str, Any]:
        return vars(Positions.of(self._running().sumo))

    def _running(self) -> Session:
        if self._session is None or not self._session.is_open:
            raise TwinError("no simulation runs")
        return self._session


def serve(orders: Iterator[str], warm: Warm) -> None:
    """Obey until nobody orders any more."""
    for line in orders:
        order = json.loads(line)
        try:
            warm.tell({"answer": getattr(warm, order.pop("do"))(**order)})
        except TwinError as error:
            warm.tell({"error": [error.what, error.file, error.place, error.expected, error.remedy]})
        except Orphaned:
            return


def main() -> None:
    """Keep the pipes to whoever started this away from SUMO, which writes to the standard streams."""
    hears, tells, nothing = os.dup(0), os.dup(1), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    with os.fdopen(hears, "r", encoding="utf-8") as orders, os.fdopen(tells, "w", encoding="utf-8") as answers:
        serve(iter(orders), Warm(answers, (hears, tells)))


if __name__ == "__main__":
    main()
