"""The stage of response plans: official signals and findings open, raise and end cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin.cycle import Picture, Turn
from twin.plans import stored_signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.live.alarming import Alarming
    from twin.plans import Change, PlanBook
    from twin.store import FeedStore

RESTS_ON = {"flow": ("spillback",), "depth": ("ponding",), "people": ("site",), "response_time": ("coverage",)}
"""Quantity of a forecast -> findings that nobody can look for without it."""


@dataclass
class Planning:
    """Asks the plans.

    Attributes:
        plans: Plans and their cases.
        alarming: Who found what in this cycle.
        store: Of the feeds: official signals.
        changes: What became of cases by the last cycle.
    """

    plans: PlanBook
    alarming: Alarming
    store: FeedStore
    changes: Sequence[Change] = field(default_factory=tuple)
    name: str = "plans"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture as it is; what became of cases is in the book.

        Raises:
            StorageFailed: The book or the feeds' store did not answer.
        """
        unseen = {kind for quantity, kinds in RESTS_ON.items() if picture.of(quantity) is None for kind in kinds}
        signals = stored_signals(self.store, turn.now)
        found = self.alarming.findings
        self.changes = self.plans.take(signals, found, turn.now, run_id=turn.run_id, unseen=unseen)
        return picture
