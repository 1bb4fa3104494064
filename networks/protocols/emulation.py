"""What emulators of any protocol have in common: whose signals they control, and what is kept from day to day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from networks.errors import BadInput
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulated_crossing import EmulatedCrossing, emulated_crossing
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan

Made = TypeVar("Made")


@dataclass(frozen=True)
class Emulation:
    """What is asked of an emulator.

    Attributes:
        plans: What runs, by signal.
        layouts: The ground.
        wiring: The network's plans: lamps that they show alike hang together.
        kept: A file in which the crossings are kept; None where they are not.
        left_out: Is told why a signal is not emulated.
    """

    plans: Mapping[str, SignalPlan]
    layouts: Mapping[str, Layout]
    wiring: Mapping[str, SignalPlan]
    kept: Path | None = None
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def kept_before(self) -> Path | None:
        """The file of an earlier day, if there is one."""
        return self.kept if self.kept is not None and self.kept.is_file() else None

    def crossings(
        self, make: Callable[[EmulatedCrossing], Made], records: Mapping[str, CrossingRecord] | None = None
    ) -> dict[str, Made]:
        """What a protocol makes of each crossing, by signal; those that it cannot tell are left out.

        Args:
            make: Raises BadInput where it cannot tell a crossing.
            records: What crossings kept; the others run their plan.
        """
        made = dict[str, Made]()
        for tls, plan in sorted(self.plans.items()):
            try:
                made[tls] = make(emulated_crossing(plan, self.layouts[tls], (records or {}).get(tls), self.wiring))
            except BadInput as error:
                self.left_out[tls] = error.what
        return made

    def keeper(self, write: Callable[[Path], None]) -> Callable[[], None]:
        """Writes into the file, where there is one."""

        def keep() -> None:
            if self.kept is not None:
                write(self.kept)

        return keep
