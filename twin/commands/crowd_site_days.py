"""What a site's own file says of its days: the approved capacity, alarms, and weekdays on which it is shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.visits import OwnDay, VisitHistory
    from models.crowd.sites import AlarmLevels, VisitSite
    from networks.sentence import Sentence


@dataclass(frozen=True)
class SiteDays:
    """A site, as far as its days go.

    Attributes:
        name: Of the site.
        daily: People a day; None: nobody said.
        alarms: From which shares on.
        own: Days to come that it is shut, and those of the calendar.
        notes: Where that comes from, and what contradicts it.
    """

    name: str
    daily: float | None
    alarms: AlarmLevels
    own: dict[date, OwnDay]
    notes: tuple[Sentence, ...]


def site_days(
    city: Path, file: Path | None, site: str, history: VisitHistory, days: int, calendar: Mapping[date, OwnDay]
) -> SiteDays:
    """What a site of `sites.yaml` (or of the map) says of the days after a history.

    Raises:
        BadInput: There is no such site.
    """
    from models.crowd.sites import capacity_of, read_sites, sites_on_map
    from networks import BadInput, City

    opened = City.open(city)
    sites = read_sites(file, opened) if file else sites_on_map(opened)
    found = next((one for one in sites.sites if one.site_id == site), None)
    if found is None:
        known = ", ".join([one.site_id for one in sites.sites][:20])
        raise BadInput(f"there is no site {site!r}", file=file, expected=known or "a site of the city")
    capacity = capacity_of(found)
    shut, notes = _shut(found, history, days)
    if capacity.daily is not None:
        notes.append(_rests(capacity.daily, capacity.daily_basis, capacity.source))
    return SiteDays(found.name or site, capacity.daily, sites.alarms, shut | dict(calendar), tuple(notes))


def _shut(site: VisitSite, history: VisitHistory, days: int) -> tuple[dict[date, OwnDay], list[Sentence]]:
    """Days to come on which the hours let nobody in, and a note where the history says otherwise."""
    from calibration.visits import OwnDay
    from models.emergency.resources.shift import DAYS
    from networks.sentence import say

    begins = {day for one in site.hours for day in one.days}
    rests = [at for at, name in enumerate(DAYS) if site.hours and name not in begins]
    coming = [history.last + timedelta(days=step + 1) for step in range(days)]
    shut = {day: OwnDay(day, "closed", f"hours of {site.site_id}") for day in coming if day.weekday() in rests}
    came = [history.day(at) for at, people in enumerate(history.visitors) if people > 0]
    against = sum(day.weekday() in rests for day in came[-56:])
    notes = []
    if against:
        notes.append(
            say(
                f"visitors were counted on {against} of the last {len(came[-56:])} days although the site's hours "
                "shut it on those weekdays: the hours or the counts are wrong",
                f"最近{len(came[-56:])}天中有{against}天按开放时间应闭园却有游客统计：开放时间或统计有误",
            )
        )
    return shut, notes


def _rests(daily: float, basis: str, source: str) -> Sentence:
    from networks.sentence import say

    basis_zh = {"approved": "核定", "formula": "公式"}[basis]
    return say(
        f"capacity {daily:.0f} a day, {'by formula' if basis == 'formula' else basis}: {source}",
        f"日承载量{daily:.0f}人（{basis_zh}）：{source}",
    )
