"""`VisitCase`: a `VisitDay` of a file as a case for advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from networks.sentence import Sentence
from scenarios.visits.advising.case import HOUR_S, Tell
from scenarios.visits.visit_day import VisitDay, city_day, live_through

if TYPE_CHECKING:
    from models.crowd.city import CityDay
    from models.crowd.city.controls import Controls


@dataclass(frozen=True)
class VisitCase:
    """See `Case`.

    Attributes:
        visit_day: The day.
    """

    visit_day: VisitDay

    @property
    def name(self) -> str:
        """Its name."""
        return self.visit_day.name

    @property
    def title(self) -> Sentence:
        """Its name for readers."""
        return self.visit_day.title

    def day(self, seed: int, controls: Controls) -> CityDay:
        """See `Case`."""
        return city_day(self.visit_day, seed, controls=controls)

    def live(self, model: CityDay, tell: Tell) -> None:
        """See `Case`."""
        live_through(self.visit_day, model, HOUR_S, tell)
