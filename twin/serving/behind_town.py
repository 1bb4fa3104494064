"""What the API of a served town answers from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from twin.api.behind import Behind, StateFeed
from twin.api.features import city_collections
from twin.api.figure import Figure

if TYPE_CHECKING:
    from networks import City
    from twin.desk import Desk
    from twin.live.city_now import CityNow
    from twin.live.town_state import TownState
    from twin.plans import Plan
    from twin.whatif import WhatIfs

LATE_CYCLES = 3
"""A picture older than so many cycles is not relied on."""


def behind_town(
    city: City, now: CityNow, maker: TownState, desk: Desk, plans: Sequence[Plan], what_ifs: WhatIfs | None = None
) -> Behind:
    """Desk, state, map, features and figures of a town."""
    from viz import base_layers

    return Behind(
        desk,
        StateFeed(maker.state, version=maker.hour_id),
        layers=lambda: base_layers(city),
        ready=ready_of(now),
        collections=city_collections(city, maker.state) if city.georeferenced else {},
        plans=plans,
        hour=maker.hour,
        figures=lambda: town_figures(now),
        what_ifs=what_ifs,
    )


def ready_of(now: CityNow) -> Callable[[], str]:
    """Why a town cannot be relied on: no picture yet, or an old one."""

    def ready() -> str:
        picture = now.picture
        if picture is None:
            return "no cycle has ended yet"
        age = now.clock.now() - picture.now
        late = timedelta(seconds=LATE_CYCLES * now.due.step_s)
        return f"the last cycle is of {age.total_seconds() / 60:.0f} min ago" if age > late else ""

    return ready


def town_figures(now: CityNow) -> list[Figure]:
    """What the loop did last."""
    picture = now.picture
    figures = [Figure("twin_ladder_rung", "What is given up; 0: nothing.", float(now.round.ladder.rung))]
    if picture is None:
        return figures
    age_s = (now.clock.now() - picture.now).total_seconds()
    figures.append(Figure("twin_picture_age_seconds", "Since the moment of the newest picture.", age_s))
    for name, took in picture.seconds.items():
        figures.append(Figure("twin_stage_seconds", "Wall seconds of the last cycle.", float(took), {"stage": name}))
    return figures
