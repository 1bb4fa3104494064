"""Do-something against do-minimum: totals side by side, and what users gain by the rule of half."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenarios.measures.benefit import rule_of_half
from scenarios.planning.assigned import Assigned, assign_network, skims
from scenarios.planning.scheme import Scheme, SchemeFile, ValueOfTime, value_of_time, with_scheme

if TYPE_CHECKING:
    from networks import City


@dataclass(frozen=True)
class Benefit:
    """What the users of a class gain in an hour.

    Attributes:
        user_class: The class.
        vehicle_h: Gain in generalised vehicle-hours (tolls counted as time), below 0 a loss.
        money: The same in money.
        lost_trips: Trips that a way led for before and none leads for after, or the other way round (below 0); they
            have no finite cost and are not in the gain.
    """

    user_class: str
    vehicle_h: float
    money: float
    lost_trips: float


@dataclass(frozen=True)
class Compared:
    """A scheme beside doing the minimum.

    Attributes:
        scheme: What is done.
        after: The assignment with it.
        gains: Of users, by class.
        value: Value of time that they are judged by.
    """

    scheme: Scheme
    after: Assigned
    gains: tuple[Benefit, ...]
    value: ValueOfTime


def do_something(
    city: City,
    before: Assigned,
    given: SchemeFile,
    *,
    gap: float,
    rounds: int,
    progress: Callable[[int, float], None] | None = None,
) -> Compared:
    """Assign the same trips once a scheme is there, and say what users gain.

    Args:
        city: The city.
        before: Do-minimum.
        given: The scheme.
        gap: Relative gap to end at.
        rounds: End after so many in any case.
        progress: Called with the round and its gap.

    Raises:
        BadInput: The scheme does not fit the city or the classes, or leaves no way for any trip.
    """
    lanes = city.layer("edges")["lanes"].to_numpy(dtype=float)
    network, classes = with_scheme(before.city, lanes, before.classes, given)
    after = assign_network(network, classes, (*before.trips_told, *given.told), gap, rounds, progress)
    value = value_of_time(given, before.classes)
    return Compared(given.scheme, after, benefits(before, after, value), value)


def benefits(before: Assigned, after: Assigned, value: ValueOfTime) -> tuple[Benefit, ...]:
    """Change of consumer surplus by the rule of half: sum of (q0 + q1) / 2 * (c0 - c1) over pairs of zones.

    Args:
        before: Do-minimum.
        after: Do-something, with the same zones and classes.
        value: Value of time of each class.

    Source: see `rule_of_half`.
    """
    found = []
    for old, new in zip(before.classes, after.classes, strict=True):
        c0, c1 = skims(before, old)["cost_min"] / 60.0, skims(after, new)["cost_min"] / 60.0
        both = np.isfinite(c0) & np.isfinite(c1)
        gain = rule_of_half(old.trips[both], new.trips[both], c0[both], c1[both])
        lost = float(
            new.trips[np.isfinite(c0) & ~np.isfinite(c1)].sum() - new.trips[~np.isfinite(c0) & np.isfinite(c1)].sum()
        )
        worth = gain * value.per_vehicle_h[old.name]
        found.append(Benefit(old.name, gain, worth, lost))
    return tuple(found)
