"""The page of a forecast of visitors: one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.crowd.chart import TALL, WIDE, day_chart
from viz.palette import BLUE, CANNOT_TELL, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from calibration.visits import DayForecast, Forecast, HorizonSkill
    from models.crowd.sites import DayAlarm

SHOWN_DAYS = 84
"""So much of the history is drawn."""


def forecast_page(
    title: str, forecast: Forecast, skill: Sequence[HorizonSkill], alarms: Sequence[DayAlarm] = (),
    capacity: float | None = None,
) -> str:  # fmt: skip
    """The page.

    Args:
        title: Its heading: the site's name.
        forecast: The days to come.
        skill: How good such forecasts were.
        alarms: Of each day to come, where a daily capacity is known.
        capacity: That one.
    """
    history = forecast.history
    begin = max(0, len(history) - SHOWN_DAYS)
    days = forecast.days
    bands = [
        ("crowd-wide", ([one.low90 for one in days], [one.high90 for one in days])),
        ("crowd-narrow", ([one.low80 for one in days], [one.high80 for one in days])),
    ]
    shown = {
        "css": Markup(
            f":root{{--crowd-counted:{hex_of(CANNOT_TELL)};--crowd-forecast:{hex_of(BLUE)};--crowd-limit:{hex_of(ORANGE)}}}\n{page_file('crowd.css')}"
        ),
        "wide": f"{WIDE:.0f}",
        "tall": f"{TALL:.0f}",
        "chart": day_chart(
            history.day(begin),
            history.visitors[begin:].tolist(),
            [one.median for one in days],
            bands,
            limit=capacity,
        ),
        "days": [_row(one, alarms[at] if alarms else None) for at, one in enumerate(days)],
        "alarms": bool(alarms),
        "capacity": f"{capacity:,.0f}" if capacity else "",
        "skill": [_judged(one) for one in skill],
        "notes": forecast.notes,
    }
    part = Markup(templates().get_template("crowd_forecast.html.j2").render(shown))
    known = int((history.visitors == history.visitors).sum())
    lead = both("crowd.forecast_lead", last=str(history.last), days=known)
    return page(title, [part], kind=both("crowd.kind_forecast"), lead=lead)


def _row(one: DayForecast, alarm: DayAlarm | None) -> dict[str, Any]:
    weekday = both(f"crowd.kind_{('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[one.day.weekday()]}")
    special = one.kind not in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    sort = Markup("{} · {}").format(weekday, both(f"crowd.kind_{one.kind}")) if special else weekday
    return {
        "day": str(one.day),
        "sort": sort,
        "median": f"{one.median:,.0f}",
        "within80": f"{one.low80:,.0f} – {one.high80:,.0f}",
        "within90": f"{one.low90:,.0f} – {one.high90:,.0f}",
        "share": f"{100 * alarm.share:.0f} %" if alarm else "",
        "level": _level(alarm),
    }


def _level(alarm: DayAlarm | None) -> Markup | str:
    if alarm is None or not alarm.perhaps:
        return ""
    if alarm.level == alarm.perhaps:
        return str(alarm.level)
    return both("crowd.day_alarm" if alarm.level else "crowd.day_perhaps", level=alarm.level, perhaps=alarm.perhaps)


def _judged(one: HorizonSkill) -> list[str]:
    sizes = [f"{size:,.0f}" for size in (one.mae, one.mae_seasonal, one.mae_naive)]
    return [str(one.horizon), str(one.n), *sizes, f"{one.mase:.2f}", *(f"{100 * share:.0f} %" for share in one.held)]
