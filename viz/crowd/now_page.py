"""The page of who is where now: one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup

from viz.crowd.chart import TALL, WIDE, time_chart
from viz.palette import BLUE, CANNOT_TELL, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from calibration.occupancy import Followed, Foreseen, HourSkill, Shown
    from models.crowd.sites import Capacity, Foretold
    from networks.sentence import Sentence


class ZoneLine(Protocol):
    """What is told of one zone."""

    @property
    def zone(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def people(self) -> Shown: ...
    @property
    def soon(self) -> Shown: ...
    @property
    def capacity(self) -> Capacity | None: ...
    @property
    def level(self) -> int: ...
    @property
    def foretold(self) -> Foretold | None: ...


def now_page(
    zones: Sequence[ZoneLine], found: Followed, soon: Foreseen, notes: Sequence[Sentence],
    skill: Mapping[str, Sequence[HourSkill]] | None = None,
) -> str:  # fmt: skip
    """The page.

    Args:
        zones: A line for each zone.
        found: What was followed until now.
        soon: What is foreseen.
        notes: What counters cannot both mean, and what capacities rest on.
        skill: Zone -> how good forecasts from its past days were.
    """
    colours = f"--crowd-counted:{hex_of(CANNOT_TELL)};--crowd-forecast:{hex_of(BLUE)};--crowd-limit:{hex_of(ORANGE)}"
    names = {one.zone: one.name or one.zone for one in zones}
    minutes = round((soon.times[-1] - found.times[-1]).total_seconds() / 60)
    shown = {
        "css": Markup(f":root{{{colours}}}\n{page_file('crowd.css')}"),
        "wide": f"{WIDE:.0f}",
        "tall": f"{TALL:.0f}",
        "minutes": minutes,
        "zones": [_row(one) for one in zones],
        "holds": any(one.capacity and one.capacity.instant for one in zones),
        "charts": [
            (
                one.name or one.zone,
                time_chart(
                    found.times, found.people[one.zone], soon.times, soon.people[one.zone],
                    one.capacity.instant if one.capacity else None,
                ),
            )
            for one in zones
        ],
        "errors": [
            (sensor, _percent(one.mean), f"{_percent(one.low)} … {_percent(one.high)}")
            for sensor, one in found.errors.items()
        ],
        "notes": notes,
        "skill": [_judged(names.get(zone, zone), one) for zone, rows in (skill or {}).items() for one in rows],
    }  # fmt: skip
    part = Markup(templates().get_template("crowd_now.html.j2").render(shown))
    time = f"{found.times[-1]:%Y-%m-%d %H:%M}"
    return page(time, [part], kind=both("crowd.kind_now"), lead=both("crowd.now_lead", counters=len(found.errors)))


def _row(one: ZoneLine) -> dict[str, object]:
    holds = one.capacity.instant if one.capacity else None
    return {
        "name": one.name or one.zone,
        "people": f"{one.people.mean:,.0f}",
        "people_span": f"{one.people.low:,.0f} – {one.people.high:,.0f}",
        "soon": f"{one.soon.mean:,.0f}",
        "soon_span": f"{one.soon.low:,.0f} – {one.soon.high:,.0f}",
        "holds": f"{holds:,.0f}" if holds else "",
        "basis": both(f"crowd.basis_{one.capacity.instant_basis}") if one.capacity and holds else "",
        "share": f"{100 * one.people.mean / holds:.0f} %" if holds else "",
        "level": str(one.level) if one.level else "",
        "next": _next(one.foretold),
    }


def _judged(name: str, one: HourSkill) -> list[str]:
    sizes = [f"{size:,.1f}" for size in (one.mae, one.mae_now, one.mae_usual)]
    return [name, str(one.minutes), str(one.n), *sizes, f"{100 * one.held:.0f} %"]


def _next(foretold: Foretold | None) -> Markup:
    if foretold is None:
        return Markup("")
    if foretold.expected is None:
        return both("crowd.next_perhaps", level=foretold.level, earliest=_clock(foretold.earliest))
    times = {"expected": _clock(foretold.expected), "earliest": _clock(foretold.earliest)}
    return both("crowd.next_alarm", level=foretold.level, **times)


def _clock(time: datetime) -> str:
    return f"{time:%H:%M}"


def _percent(share: float) -> str:
    whole = round(100 * share)
    return f"{whole:+d} %" if whole else "0 %"
