"""`Spent`: how far an answer is, and whether one more member fits into its budget."""

from __future__ import annotations

import time
from pathlib import Path

from twin.whatif.what_if import PROGRESS, write_json


class Spent:
    """How far it is, told in `progress.json`, and whether one more member fits.

    Args:
        folder: Of the what-if.
        members: Asked for.
    """

    def __init__(self, folder: Path, members: int) -> None:
        self.folder, self.members = folder, members
        self._begun, self._member, self._since, self._longest = time.monotonic(), 0, 0.0, 0.0
        self.tell("reading", 0, 0)

    @property
    def seconds(self) -> float:
        """Wall seconds since it began."""
        return time.monotonic() - self._begun

    def member(self, number: int) -> None:
        """A member begins."""
        self._longest = max(self._longest, self.seconds - self._since) if self._member else 0.0
        self._member, self._since = number, self.seconds

    def fits(self, budget_s: float) -> bool:
        """Whether one more like the longest so far ends within the budget."""
        return self.seconds + max(self._longest, self.seconds - self._since) <= budget_s

    def runs(self, _label: str, done: int, of: int) -> None:
        """Runs of the present member, as `run_side_by_side` counts them."""
        self.tell("running", done, of)

    def tell(self, phase: str, done: int, of: int) -> None:
        """Write it down."""
        told = {"phase": phase, "member": self._member, "members": self.members, "done": done, "of": of}
        write_json(self.folder / PROGRESS, told | {"spent_s": round(self.seconds, 1)})
