"""`DayOutcome`: what a visitor day came to, with what its measures cost those who came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.crowd.city import CityDay

DENSE_PM2 = 3.5
DENSE_WEIGHT = 10.0
"""Minutes that people would walk or wait to be spared one of danger; an assumption."""


@dataclass(frozen=True)
class DayOutcome:
    """A day's figures.

    Attributes:
        dense_min: Person-minutes above 3.5 persons/m2, in the streets and where people wait for a shuttle, for a run
            home or held back. Queues at the gates of sites have no ground in the model, and are not among them.
        visit_h: Person-hours inside sites.
        lost_h: Person-hours between setting out and being back that are not visits: on foot, in queues, held, in buses.
        gate_h, held_h, shuttle_h: Person-hours of these at gates, held back (or leaving in turn), waiting for a bus.
        platform_h: Person-hours of waiting for a run home; not among `lost_h`.
        people: Who came.
        visits: Visits begun.
        refused: People who went to no site.
        shortened: Visits wished for and not made.
        shifted, shifted_h: People who came at another time than they wished, and by how many hours in all.
        moved: People who parked elsewhere.
        ridden: Rides in shuttles.
        out: People who were not back at the end, and of them those without any way.
    """

    dense_min: float
    visit_h: float
    lost_h: float
    gate_h: float
    held_h: float
    shuttle_h: float
    platform_h: float
    people: int
    visits: int
    refused: int
    shortened: int
    shifted: int
    shifted_h: float
    moved: int
    ridden: int
    out: int

    @property
    def trouble_h(self) -> float:
        """What advice is to lower (person-hours): time lost, with that in danger counted DENSE_WEIGHT times more."""
        return self.lost_h + self.platform_h + DENSE_WEIGHT * self.dense_min / 60.0


def outcome_of(day: CityDay) -> DayOutcome:
    """The figures of a day that is over."""
    guide, shown = day.guide, day.attractions
    dense_s = float(day.person_seconds_above(DENSE_PM2).sum()) + sum(place.dense_s for place in guide.standing)
    made = day.visits_made()
    size = np.bincount(day.people.party, minlength=len(made))
    return DayOutcome(
        dense_min=dense_s / 60.0,
        visit_h=float(shown.visit_s.sum()) / 3600.0,
        lost_h=(day.present_s - float(shown.visit_s.sum())) / 3600.0,
        gate_h=float(shown.wait_s.sum()) / 3600.0,
        held_h=(sum(place.waited_s for place in guide.held) + guide.staggered_s) / 3600.0,
        shuttle_h=sum(place.waited_s for place in guide.stops) / 3600.0,
        platform_h=sum(place.waited_s for place in guide.platforms) / 3600.0,
        people=len(day.people),
        visits=int(shown.visits.sum()),
        refused=int(size[made == 0].sum()),
        shortened=max(0, int(day.people.visits.sum()) - int(shown.visits.sum())),
        shifted=day.wishes.shifted,
        shifted_h=day.wishes.shifted_s / 3600.0,
        moved=day.wishes.moved,
        ridden=guide.ridden,
        out=len(day.people) - day.at_home,
    )
