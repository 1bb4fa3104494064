"""`DayCase`: a visitor day that can be had again with other draws and other measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from models.crowd.city import CityDay, SiteTable, Sources, Taste
    from models.crowd.city.controls import Controls, Line
    from networks import WalkGraph


class Case(Protocol):
    """What advice is sought for; sent to workers whole."""

    @property
    def until_s(self) -> float:
        """When the last people are back (s after the run's start)."""

    def day(self, seed: int, controls: Controls | None = None) -> CityDay:
        """The day before its first second; the same people come whatever is done about it."""


@dataclass(frozen=True)
class DayCase:
    """A day from its parts; see `CityDay` and `draw_people`.

    Attributes:
        first_s, last_s: First and last arrival (s).
        until_s: When the last people are back (s).
    """

    graph: WalkGraph
    sources: Sources
    sites: SiteTable
    first_s: float = 0.0
    last_s: float = 8 * 3600.0
    closes_s: float = 10 * 3600.0
    until_s: float = 14 * 3600.0
    mean_visits: float = 2.0
    step_s: float = 5.0
    taste: Taste | None = None
    lines: tuple[Line, ...] = ()

    def day(self, seed: int, controls: Controls | None = None) -> CityDay:
        """See `Case`."""
        from models.crowd.city import CityDay, draw_people

        people = draw_people(
            self.sources, seed, first_s=self.first_s, last_s=self.last_s, mean_visits=self.mean_visits
        )  # fmt: skip
        return CityDay(
            self.graph, self.sources, self.sites, people, taste=self.taste, closes_s=self.closes_s, controls=controls,
            lines=self.lines, step_s=self.step_s,
        )  # fmt: skip
