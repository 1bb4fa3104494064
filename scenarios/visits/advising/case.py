"""`Case`: a visitor day that can be had again with other draws and other measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from models.crowd.city import CityDay, SiteTable, Sources, Taste
    from models.crowd.city.controls import Controls, Line
    from networks import WalkGraph

HOUR_S = 3600.0
Tell = Callable[[float], None]


class Case(Protocol):
    """What advice is sought for; sent to workers whole."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def title(self) -> Sentence:
        """Its name for readers."""

    def day(self, seed: int, controls: Controls) -> CityDay:
        """The day before its first second; the same people come whatever is done about it."""

    def live(self, model: CityDay, tell: Tell) -> None:
        """Live through it; `tell(now_s)` after each hour and at the end."""


@dataclass(frozen=True)
class DayCase:
    """A day from its parts; see `CityDay` and `draw_people`.

    Attributes:
        first_s, last_s: First and last arrival (s).
        until_s: When the last people are back (s).
    """

    name: str
    graph: WalkGraph
    sources: Sources
    sites: SiteTable
    first_s: float = 0.0
    last_s: float = 8 * HOUR_S
    closes_s: float = 10 * HOUR_S
    until_s: float = 14 * HOUR_S
    mean_visits: float = 2.0
    step_s: float = 5.0
    taste: Taste | None = None
    lines: tuple[Line, ...] = ()

    @property
    def title(self) -> Sentence:
        """See `Case`."""
        return say(self.name, self.name)

    def day(self, seed: int, controls: Controls) -> CityDay:
        """See `Case`."""
        from models.crowd.city import CityDay, draw_people

        people = draw_people(
            self.sources, seed, first_s=self.first_s, last_s=self.last_s, mean_visits=self.mean_visits
        )  # fmt: skip
        return CityDay(
            self.graph, self.sources, self.sites, people, taste=self.taste, closes_s=self.closes_s, controls=controls,
            lines=self.lines, step_s=self.step_s,
        )  # fmt: skip

    def live(self, model: CityDay, tell: Tell) -> None:
        """See `Case`."""
        while model.now_s < self.until_s - 1e-6:
            model.live(min(self.until_s, model.now_s + HOUR_S))
            tell(model.now_s)
