"""`Past`: what made the warm town what it is at a moment, kept so that one can stand there again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.live.anchor import Anchor, Running
from calibration.live.journal import Done
from models.sumo import SumoCase
from models.sumo.kinds import as_values, from_values
from networks.digest import digest_file
from networks.errors import BadInput


@dataclass(frozen=True)
class Past:
    """A town from its first second to a moment.

    Attributes:
        case: What is simulated.
        begin_s: First second of the simulation.
        state: SUMO's state that it began with, if any.
        seed: SUMO's.
        meso: Mesoscopic.
        done: What was done to it, and when.
        anchor_s: The moment.
    """

    case: SumoCase
    begin_s: float
    state: Path | None
    seed: int
    meso: bool
    done: tuple[Done, ...]
    anchor_s: float

    def stood(self, folder: Path, *, at_once: int | None = None, limit_s: float = 3600.0) -> Anchor:
        """Stand there again: the same simulation from its begin; `Anchor.end` gives it back.

        Raises:
            EngineFailed: SUMO refused.
        """
        running = Running({}, 300.0, at_once, limit_s, self.meso)
        anchor = Anchor(
            self.case, folder, begin_s=self.begin_s, seed=self.seed, running=running, state=self.state
        )  # fmt: skip
        try:
            for to_s, changes in self.done:
                anchor.again([(to_s, changes)], max(to_s, anchor.time_s), only_lasting=self._in_state(to_s))
            anchor.again([], self.anchor_s)
        except BaseException:
            anchor.end()
            raise
        return anchor

    def _in_state(self, time_s: float) -> bool:
        return self.state is not None and time_s < self.begin_s

    def as_values(self) -> dict[str, Any]:
        """Plain values; files by their paths and digests."""
        case = self.case
        files = [case.net, *case.routes, *case.additionals, *([self.state] if self.state else [])]
        return {
            "case": {
                **{name: getattr(case, name) for name in ("begin_s", "end_s", "step_s", "seed")},
                "file": str(case.file), "net": str(case.net), "routes": list(map(str, case.routes)),
                "additionals": list(map(str, case.additionals)), "options": dict(case.options),
            },
            "begin_s": self.begin_s, "state": str(self.state) if self.state else None, "seed": self.seed,
            "meso": self.meso, "anchor_s": self.anchor_s,
            "done": [[time_s, list(map(as_values, changes))] for time_s, changes in self.done],
            "digests": {str(file): digest_file(file) for file in files},
        }  # fmt: skip

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Past:
        """What `as_values` told.

        Raises:
            BadInput: A file is gone, or another than it was.
        """
        for file, digest in values["digests"].items():
            if not Path(file).is_file() or digest_file(Path(file)) != digest:
                raise BadInput("a file of the town is gone, or another than it was", file=file, expected=digest)
        told = values["case"]
        files = {name: tuple(map(Path, told[name])) for name in ("routes", "additionals")}
        case = SumoCase(**{**told, **files, "file": Path(told["file"]), "net": Path(told["net"])})
        done = tuple((float(time_s), tuple(map(from_values, changes))) for time_s, changes in values["done"])
        state = Path(values["state"]) if values["state"] else None
        return cls(case, values["begin_s"], state, values["seed"], values["meso"], done, values["anchor_s"])
