"""The page of a visitor day: one HTML file, both languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from markupsafe import Markup

from models.crowd.sites import density_bands
from viz.crowd.chart import TALL, WIDE, time_chart
from viz.crowd.hour_map import hour_map, path_names
from viz.palette import AMBER, BLUE, CANNOT_TELL, GREEN, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from networks import City
    from scenarios.visits.alarms import DensePath, SiteAlarm
    from scenarios.visits.visit_day import VisitDay
    from scenarios.visits.walked import WalkedDay

BAND_COLOURS = {"green": GREEN, "yellow": AMBER, "orange": ORANGE, "red": (200, 0, 40), "emergency": (110, 0, 90)}
SHOWN_SITES, SHOWN_COURSES = 25, 4
_WHOLE = ("people", "visits", "visit_h", "gate_h", "most_walking", "stranded")


class _Spread(NamedTuple):
    """People at a moment: what `time_chart` draws."""

    mean: float
    low: float
    high: float


def day_page(
    city: City, day: VisitDay, walked: Sequence[WalkedDay], figures: Sequence[tuple[str, float, float, float]],
    sites: Sequence[SiteAlarm], paths: Sequence[DensePath],
) -> str:  # fmt: skip
    """The page.

    Args:
        city: Where.
        day: What was asked.
        walked: Every draw.
        figures: (name, mean, low, high) of the day.
        sites: Alarms of each site, the fullest first.
        paths: Where it gets dangerous.
    """
    names = path_names(city, [one.link for one in paths])
    shown = {
        "css": Markup(_colours()) + page_file("crowd.css") + page_file("crowd_day.css"),
        "wide": f"{WIDE:.0f}",
        "tall": f"{TALL:.0f}",
        "data": Markup(json.dumps(hour_map(city, day, walked[0]), ensure_ascii=False).replace("</", "<\\/")),
        "script": page_file("crowd_day.js"),
        "bands": _bands(),
        "seed": walked[0].seed,
        "figures": [_figure(day, *one) for one in figures if one[0] != "stranded" or one[1] > 0],
        "levels": [f"{100 * share:g}" for share in day.alarms.shares],
        "levels_source": day.alarms.source,
        "sites": [_site(day, one) for one in sites[:SHOWN_SITES]],
        "courses": [
            (one.site.name or one.site.site_id, _course(day, walked, one)) for one in sites[:SHOWN_COURSES] if one.most
        ],
        "paths": [_path(day, one, names[one.link]) for one in paths],
        "hours": _hours(day, walked),
        "notes": day.notes,
    }
    part = Markup(templates().get_template("crowd_day.html.j2").render(shown))
    lead = both("visits.lead", people=f"{day.people:,}", draws=len(walked), source=day.source)
    return page(day.title, [part], kind=both("visits.kind"), lead=lead)


def _colours() -> str:
    bands = "".join(f"--band-{name}:{hex_of(colour)};" for name, colour in BAND_COLOURS.items())
    usual = f"--crowd-counted:{hex_of(CANNOT_TELL)};--crowd-forecast:{hex_of(BLUE)};--crowd-limit:{hex_of(ORANGE)};"
    return f":root{{{usual}{bands}}}\n"


def _bands() -> list[dict[str, Any]]:
    bands = density_bands()
    ends = [*(f"{one.from_pm2:g}" for one in bands[1:]), ""]
    return [
        {"colour": hex_of(BAND_COLOURS[one.colour]), "from": f"{one.from_pm2:g}", "to": end, "meaning": one.meaning}
        for one, end in zip(bands, ends, strict=True)
    ]


def _figure(day: VisitDay, name: str, mean: float, low: float, high: float) -> tuple[Markup, str, str]:
    if name == "last_inside_s":
        span = f"{_clock(day, low)} – {_clock(day, high)}" if low == low else ""
        return both("visits.last_inside"), _clock(day, mean), span
    scale, digits = (100.0, 1) if name == "back_share" else (1.0, 0 if name in _WHOLE or mean >= 100 else 1)
    most = 100.0 if name == "back_share" else np.inf
    span = f"{max(0.0, scale * low):,.{digits}f} – {min(most, scale * high):,.{digits}f}" if low == low else ""
    return both(f"visits.{name}"), f"{scale * mean:,.{digits}f}", span


def _site(day: VisitDay, one: SiteAlarm) -> dict[str, Any]:
    holds = one.capacity.instant
    alarms = [
        both("visits.chance", time=_clock(day, first), chance=f"{100 * chance:.0f}")
        if first is not None
        else (f"– ({100 * chance:.0f} %)" if chance else "")
        for first, chance in zip(one.first_s, one.chance, strict=True)
    ]
    return {
        "name": one.site.name or one.site.site_id,
        "most": f"{one.most:,.0f}",
        "span": f"{one.most_low:,.0f} – {one.most_high:,.0f}",
        "holds": f"{holds:,.0f}" if holds else "",
        "basis": both(f"crowd.basis_{one.capacity.instant_basis}") if holds else "",
        "share": f"{100 * one.share:.0f} %" if one.share is not None else "",
        "visits": f"{one.visits:,.0f}",
        "daily": f"{100 * one.daily_share:.0f} %" if one.daily_share is not None else "",
        "alarms": alarms,
        "lead": both("visits.minutes", minutes=f"{one.lead_s / 60:.0f}") if one.lead_s is not None else "",
    }


def _course(day: VisitDay, walked: Sequence[WalkedDay], one: SiteAlarm) -> Markup:
    at = next(row for row, site in enumerate(day.sites) if site.site_id == one.site.site_id)
    people = np.array([draw.inside[:, at] for draw in walked], dtype=float)
    spread = [
        _Spread(float(column.mean()), float(np.quantile(column, 0.05)), float(np.quantile(column, 0.95)))
        for column in people.T
    ]
    times = [day.begin + timedelta(seconds=float(second)) for second in walked[0].times_s]
    return time_chart(times[:1], spread[:1], times[1:], spread[1:], one.capacity.instant)  # type: ignore[arg-type]


def _path(day: VisitDay, one: DensePath, name: str) -> dict[str, Any]:
    begin = day.begin + timedelta(hours=one.hour)
    return {
        "name": name or both("visits.unnamed", link=one.link),
        "hour": f"{begin:%H:%M}–{begin + timedelta(hours=1):%H:%M}",
        "minutes": f"{one.person_min:,.0f}",
        "most": f"{one.most_pm2:.1f}",
        "chance": f"{100 * one.chance:.0f} %",
        "lead": both("visits.minutes", minutes=f"{one.lead_s / 60:.0f}"),
    }


def _hours(day: VisitDay, walked: Sequence[WalkedDay]) -> list[tuple[str, str, str]]:
    from scenarios.visits.alarms import danger_by_hour

    by_hour = danger_by_hour(walked)
    return [
        (f"{day.begin + timedelta(hours=at):%H:%M}", f"{column.mean():,.0f}",
         f"{np.quantile(column, 0.05):,.0f} – {np.quantile(column, 0.95):,.0f}")
        for at, column in enumerate(by_hour.T) if column.any()
    ]  # fmt: skip


def _clock(day: VisitDay, at_s: float) -> str:
    moment: datetime = day.begin + timedelta(seconds=min(at_s, day.length_s))
    return f"{moment:%H:%M}"
