"""One future of a live city: what it does differently, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.sumo.change import Change
from models.sumo.kinds import as_values, from_values
from models.sumo.positions import Positions


@dataclass(frozen=True)
class Branch:
    """What to run from now on.

    Attributes:
        name: Names its folder and its result.
        until_s: Simulation time of its end; now is a copy that goes no step further.
        changes: Carried out at once, in this order.
        tables: Its outputs are finished and completed with what was written before the fork. Without, it ends sooner
            and its files are worthless.
        past: With `tables`: they also hold what was written before the fork.
        then: Branches that go on from its end, each in a copy of it, one after another; their folders are in its own.
    """

    name: str
    until_s: float
    changes: tuple[Change, ...] = ()
    tables: bool = False
    past: bool = True
    then: tuple[Branch, ...] = ()

    def as_values(self) -> dict[str, Any]:
        """Plain values, for a pipe."""
        told = [as_values(change) for change in self.changes]
        return {**vars(self), "changes": told, "then": [one.as_values() for one in self.then]}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Branch:
        """The branch that `as_values` told."""
        then = tuple(map(cls.from_values, values.get("then", ())))
        return cls(**{**values, "changes": tuple(map(from_values, values["changes"])), "then": then})


@dataclass(frozen=True)
class Ended:
    """How a branch ended.

    Attributes:
        name: The branch's.
        problem: Why there is no result (killed, crashed, refused, too slow), or None.
        forked: False where a fresh process was warmed up instead.
        before: Its vehicles straight after the fork, before any change.
        after: Its vehicles at its end.
        ready_ms: From the wish for a fork until the child had its own files.
        dirty_mb: Memory that it shares with nobody at its end, MB of 10^6 bytes.
        cpu_s: Its processor time.
        files: Its outputs by the name of the file in the case.
        further: How the branches that went on from it ended.
    """

    name: str
    problem: str | None = None
    forked: bool = True
    before: Positions | None = None
    after: Positions | None = None
    ready_ms: float = 0.0
    dirty_mb: float = 0.0
    cpu_s: float = 0.0
    files: dict[str, Path] = field(default_factory=dict)
    further: tuple[Ended, ...] = ()

    def as_values(self) -> dict[str, Any]:
        """Plain values, for a pipe."""
        further = [one.as_values() for one in self.further]
        files = {name: str(path) for name, path in self.files.items()}
        return {**asdict(self), "files": files, "further": further}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Ended:
        """The end that `as_values` told."""
        read: dict[str, Any] = {
            name: Positions(**values[name]) for name in ("before", "after") if values[name] is not None
        }
        read["further"] = tuple(map(cls.from_values, values.get("further", ())))
        return cls(**{**values, **read, "files": {name: Path(path) for name, path in values["files"].items()}})
