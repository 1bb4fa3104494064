"""`StreetsNow`: what others ask of the stage that keeps the streets, however it does that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from calibration.skill import Forecast, Served
    from twin.cycle import Picture, Turn
    from twin.live.carried import Carried
    from twin.live.counts_now import CountsNow


class CycleOfStreets(Protocol):
    """What the last cycle did: its moment on the clock of forecasts, and how the town agrees with the counts."""

    @property
    def now_s(self) -> float:
        """Its moment."""

    @property
    def forecasts(self) -> Sequence[Forecast]:
        """What it forecast; none where no member is usable."""

    @property
    def factor(self) -> tuple[float, float, float]:
        """Of the demand: low, middle, high."""

    @property
    def misfit(self) -> float:
        """Mean GEH at the sensors; NaN where nothing could be compared."""

    @property
    def members(self) -> int:
        """Those that count."""


class StreetsNow(Protocol):
    """The stage of the streets."""

    name: str

    @property
    def counts(self) -> CountsNow:
        """What its sensors say."""

    @property
    def served(self) -> Mapping[str, Served]:
        """What is served at the sensors, by quantity."""

    @property
    def carried(self) -> Carried | None:
        """What receivers carried out; None: nothing leaves."""

    @property
    def cycle(self) -> CycleOfStreets | None:
        """The last one; None before the first."""

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Flow and speed of every street."""
