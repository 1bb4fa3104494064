"""How many a site holds: the approved figure first, a formula only where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from models.crowd.sites.site import VisitSite
from models.crowd.sites.spaces import spaces
from models.emergency.resources.shift import WEEK_MIN, week_of


@dataclass(frozen=True)
class Capacity:
    """What a site holds.

    Attributes:
        instant: People at once; None: not known.
        daily: People a day; None: not known.
        instant_basis, daily_basis: "approved", "formula" or "unknown".
        source: Where the figures come from.
    """

    instant: float | None
    daily: float | None
    instant_basis: str
    daily_basis: str
    source: str


def capacity_of(site: VisitSite) -> Capacity:
    """A site's capacity.

    Where nothing was approved: at once C = area / ground for a person, the most ground of the table's range (the
    cautious end); a day C x whole turns of opening hours / stay (LB/T 034-2014; the standard itself was not read:
    secondary source: GB/T 18971-2003's annex on tourism capacity, daily space capacity = area x turns / ground for a
    person, as quoted on the web).
    """
    approved, told = site.approved, []
    instant, instant_basis = (float(approved.instant), "approved") if approved and approved.instant else (None, "")
    if approved:
        told.append(approved.source)
    if instant is None:
        ground = ground_of(site)
        if ground is not None and site.area_m2:
            instant, instant_basis = float(int(site.area_m2 / ground[0])), "formula"
            told.append(f"{site.area_m2:.0f} m2 / {ground[0]:g} m2 per person: {ground[1]}")
    daily, daily_basis = (float(approved.daily), "approved") if approved and approved.daily else (None, "")
    if daily is None and instant is not None and site.stay is not None:
        turns = max(int(open_s_a_day(site) / site.stay.median_s), 1)
        daily, daily_basis = instant * turns, "formula"
        told.append(f"{turns} turns a day, stay {site.stay.median_s / 60:g} min: {site.stay.source}")
    return Capacity(instant, daily, instant_basis or "unknown", daily_basis or "unknown", "; ".join(told))


def ground_of(site: VisitSite) -> tuple[float, str] | None:
    """Ground for a person (m2) and who says so; None: nobody."""
    if site.m2_per_person is not None:
        return site.m2_per_person, site.source
    return (spaces()[site.space].most_m2, spaces()[site.space].source) if site.space else None


def open_s_a_day(site: VisitSite) -> float:
    """Seconds that a site is open on the days on which it is; a day where nobody said."""
    if not site.hours:
        return 86400.0
    week = week_of(site.hours).reshape(7, WEEK_MIN // 7)
    return 60.0 * float(week.sum(axis=1).max())
