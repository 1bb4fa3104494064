"""Do-something against do-minimum: totals side by side, and what users gain by the rule of half."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput
from scenarios.planning.assigned import Assigned, skims
from scenarios.planning.scheme import ValueOfTime


@dataclass(frozen=True)
class Benefit:
    """What the users of a class gain in an hour.

    Attributes:
        user_class: The class.
        vehicle_h: Gain in generalised vehicle-hours (tolls counted as time), below 0 a loss.
        money: The same in money; None without a value of time.
        lost_trips: Trips that a way led for before and none leads for after, or the other way round (below 0); they
            have no finite cost and are not in the gain.
    """

    user_class: str
    vehicle_h: float
    money: float | None
    lost_trips: float


def benefits(before: Assigned, after: Assigned, value: ValueOfTime | None) -> tuple[Benefit, ...]:
    """Change of consumer surplus by the rule of half: sum of (q0 + q1) / 2 * (c0 - c1) over pairs of zones.

    Args:
        before: Do-minimum.
        after: Do-something, with the same zones and classes.
        value: Value of time by class.

    Raises:
        BadInput: A class has no value of time.

    Source: Williams 1976, Travel demand models, duality relations and user benefit analysis, Journal of Regional
    Science 16(2), doi:10.1111/j.1467-9787.1976.tb00965.x.
    """
    found = []
    for old, new in zip(before.classes, after.classes, strict=True):
        c0, c1 = skims(before, old)["cost_min"] / 60.0, skims(after, new)["cost_min"] / 60.0
        both = np.isfinite(c0) & np.isfinite(c1)
        mean = (old.trips + new.trips) / 2.0
        gain = float((np.where(both, mean, 0.0) * (np.where(both, c0, 0.0) - np.where(both, c1, 0.0))).sum())
        lost = float(
            new.trips[np.isfinite(c0) & ~np.isfinite(c1)].sum() - new.trips[~np.isfinite(c0) & np.isfinite(c1)].sum()
        )
        worth = None
        if value is not None:
            if old.name not in value.per_vehicle_h:
                raise BadInput(f"the scheme has no value of time for the class {old.name}", place="value_of_time")
            worth = gain * value.per_vehicle_h[old.name]
        found.append(Benefit(old.name, gain, worth, lost))
    return tuple(found)
