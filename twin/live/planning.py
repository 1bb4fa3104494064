"""The stage of response plans: official signals and findings open, raise and end cases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.live.alarming import Alarming
    from twin.live.rain_now import RainNow
    from twin.live.warnings_now import WarningsNow
    from twin.plans import Change, PlanBook

RESTS_ON = {"flow": ("spillback",), "depth": ("ponding",), "people": ("site",), "response_time": ("coverage",)}
"""Quantity of a forecast -> findings that nobody can look for without it."""


@dataclass
class Planning:
    """Asks the plans.

    Attributes:
        plans: Plans and their cases.
        alarming: Who found what in this cycle.
        warnings: Official signals of the feeds.
        rain: Signals of our own, where gauges tell rain; None: nobody holds it against levels.
        changes: What became of cases by the last cycle.
    """

    plans: PlanBook
    alarming: Alarming
    warnings: WarningsNow
    rain: RainNow | None = None
    changes: Sequence[Change] = field(default_factory=tuple)
    name: str = "plans"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with what nobody could ask; what became of cases is in the book.

        A silent feed of warnings, or a gauge silent since heavy rain, ends nothing: what is not heard is not over.

        Raises:
            StorageFailed: The book or the feeds' store did not answer.
        """
        unseen = {kind for quantity, kinds in RESTS_ON.items() if picture.of(quantity) is None for kind in kinds}
        signals, told = [*self.warnings.look(turn.now)], [*self.warnings.told]
        quiet = [*self.warnings.silent]
        if self.rain is not None:
            signals += self.rain.look(turn.now)
            told += self.rain.told()
            quiet += self.rain.unheard
        unseen |= {"signal"} if quiet else set()
        found = self.alarming.findings
        self.changes = self.plans.take(signals, found, turn.now, run_id=turn.run_id, unseen=unseen)
        return replace(picture, left_out=(*picture.left_out, *told))
