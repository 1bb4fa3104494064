"""What a green wave is worth on the way to a call: a measured gain with its scatter, declared and never assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.emergency.dispatching.travel import Drive
from models.routing import Floats
from models.streams import stream


@dataclass(frozen=True)
class Wave:
    """Drives to calls that signals hand over to.

    A drive over `least_signals` signals or more takes the share of its time less that one measured call saved, drawn
    for the call; shorter ways were not measured and gain nothing. Whom to send is decided without it.

    Attributes:
        saved: (measured calls,) share of the travel time that each saved; below 0 where the wave lost time.
        signals: How many signals a way of edges passes.
        classes: Classes of vehicles that signals hand over to.
        least_signals: Ways over fewer gain nothing.
        seed: Of the draw, from the stream `green wave CALL`.
    """

    saved: Floats
    signals: Callable[[Sequence[int]], int]
    classes: tuple[str, ...]
    least_signals: int = 3
    seed: int = 0

    def quicker(self, call_id: str, kind: str, drive: Drive) -> Drive:
        """The drive of a class of vehicles with the gain of that call."""
        if kind not in self.classes or self.signals(drive.edges) < self.least_signals:
            return drive
        share = float(stream(self.seed, f"green wave {call_id}").choice(np.asarray(self.saved)))
        begin = drive.entered_s[0]
        return replace(drive, entered_s=begin + (drive.entered_s - begin) * (1.0 - share))
