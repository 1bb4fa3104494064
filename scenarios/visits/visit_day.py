"""A day of visitors as its file says it, and the model of it for a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from models.crowd import crossing_wait_s
from models.crowd.city import Arrivals, CityDay, Opening, SiteTable, Sources, Taste, draw_people, opening_of, table_of
from models.crowd.sites import AlarmLevels, VisitSite
from models.emergency.resources import duty_spans
from networks.sentence import Sentence, say
from scenarios.visits.lines import DayLine
from scenarios.visits.shut_paths import ShutPaths, shut_at
from scenarios.visits.sources import DaySource

if TYPE_CHECKING:
    from networks import WalkGraph

STEP_S = 5.0
"""Length of a step of such a day (s)."""
QUARTER_S = 900.0
LINKED_S = 300.0
"""How often paths may open and close (s)."""


@dataclass(frozen=True)
class Warned:
    """An evacuation of all sites.

    Attributes:
        at_s: From then on nobody is let in (s after the day's begin).
        leave_s: Who is inside leaves within this time (s).
    """

    at_s: float
    leave_s: float


@dataclass(frozen=True)
class VisitDay:
    """A day of visitors.

    Attributes:
        name: Its name.
        title, description: In both languages.
        graph: The walk graph.
        begin: Second 0, by the local clock.
        length_s: How long it is.
        sources: Where people come from.
        arrivals: When, by quarter hours and source.
        sites: What they visit.
        alarms: From which shares of a capacity on there is an alarm.
        shut: Paths that are shut for some time.
        home_s: From then on everybody who is free goes back.
        mean_visits: Sites that a group wants to see.
        group_shares, age_shares: See `draw_people`.
        rain_s: From and to, or None.
        shows: Site -> people stay there to the end, and are let out over so many seconds.
        warned: An evacuation, or None.
        one_out_one_in: Sites that admit nobody beyond their capacity.
        source: Who says so.
        notes: What is guessed, missing or odd.
        taste: What visitors weigh.
        lines: How people get home from some sources.
    """

    name: str
    title: Sentence
    description: Sentence
    graph: WalkGraph
    begin: datetime
    length_s: float
    sources: tuple[DaySource, ...]
    arrivals: Arrivals
    sites: tuple[VisitSite, ...]
    alarms: AlarmLevels
    shut: tuple[ShutPaths, ...]
    home_s: float
    mean_visits: float
    group_shares: tuple[float, ...]
    age_shares: tuple[float, ...]
    rain_s: tuple[float, float] | None
    shows: dict[str, float]
    warned: Warned | None
    one_out_one_in: tuple[str, ...]
    source: str
    notes: tuple[Sentence, ...]
    taste: Taste = field(default_factory=Taste)
    lines: tuple[DayLine, ...] = ()

    @property
    def people(self) -> int:
        """How many come."""
        return sum(one.people for one in self.sources)

    @property
    def site_table(self) -> SiteTable:
        """The sites as columns, with the opening hours of this date."""
        return table_of(self.sites, self._opening())

    def _opening(self) -> Opening:
        spans, warned = [], self.warned
        for site in self.sites:
            mine = duty_spans(site.hours, self.begin.replace(tzinfo=None), self.length_s)
            if warned is not None:
                mine = tuple((a, min(b, warned.at_s)) for a, b in mine if a < warned.at_s)
            spans.append(mine or ((0.0, 0.0),))
        out = [warned.leave_s if warned else self.shows.get(site.site_id, 0.0) for site in self.sites]
        return opening_of(spans, out, [site.site_id in self.shows for site in self.sites])


def city_day(day: VisitDay, seed: int, **more: object) -> CityDay:
    """The model of a day: who comes is drawn from `seed` alone, whatever is done about it.

    Before every link that crosses a road people wait the expected time of a signal (`models.crowd.signal_wait_s`): such
    a day has no traffic beside it, and so no lights.

    Args:
        day: The day.
        seed: Of all its streams.
        more: Passed to `CityDay`.
    """
    sources = Sources(
        tuple(one.kind for one in day.sources),
        np.array([one.node for one in day.sources]),
        np.array([one.people for one in day.sources]),
    )
    people = draw_people(
        sources, seed, mean_visits=day.mean_visits, arrivals=day.arrivals, group_shares=day.group_shares,
        age_shares=day.age_shares,
    )  # fmt: skip
    given: dict[str, object] = {
        "closes_s": day.home_s if day.warned is None else min(day.home_s, day.warned.at_s),
        "rain_s": day.rain_s,
        "taste": day.taste,
        "one_out_one_in": np.array([one.site_id in day.one_out_one_in for one in day.sites]),
        "lines": tuple(one.row(day.sources) for one in day.lines),
        "step_s": STEP_S,
        "wait_s": crossing_wait_s(day.graph),
    }
    return CityDay(day.graph, sources, day.site_table, people, **(given | more))  # type: ignore[arg-type]


def live_through(
    day: VisitDay, model: CityDay, every_s: float, tell: Callable[[float], None], until_s: float | None = None
) -> None:
    """Live through the day: paths open and close at their times, `tell(now_s)` is called every `every_s`.

    Args:
        day: The day.
        model: See `city_day`.
        every_s: A multiple of LINKED_S.
        tell: Called after each `every_s`.
        until_s: Ends there; None: at the end of the day.
    """
    shut = np.zeros(len(day.graph.length_m), dtype=bool)
    end = day.length_s if until_s is None else until_s
    while model.now_s < end - 1e-6:
        closed = shut_at(day.shut, model.now_s, len(shut))
        if (closed != shut).any():
            shut = closed
            model.close(shut)
        model.live(min(end, model.now_s + LINKED_S))
        if model.now_s % every_s < 1e-6 or model.now_s >= end - 1e-6:
            tell(model.now_s)


def cut_off(day: VisitDay) -> list[tuple[str, str, float]]:
    """Sites that shut paths cut off from every source: (site, path, from when on; s)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph, n = day.graph, len(day.graph.node_x)
    found: list[tuple[str, str, float]] = []
    for one in day.shut:
        for at in np.unique(one.from_s).tolist():
            stays = ~shut_at(day.shut, max(at, 0.0), len(graph.length_m))
            ends = (np.ones(stays.sum()), (graph.link_from[stays], graph.link_to[stays]))
            _, part = connected_components(coo_matrix(ends, shape=(n, n)), directed=False)
            reached = {int(part[source.node]) for source in day.sources}
            known = {name for name, _, _ in found}
            for site in day.sites:
                nodes = [gate.node for gate in site.gates] or [site.node]
                if site.site_id not in known and not any(int(part[node]) in reached for node in nodes):
                    found.append((site.site_id, one.name, at))
    return found


def told_cut_off(cut: list[tuple[str, str, float]], begin: datetime) -> tuple[Sentence, ...]:
    """A sentence for each path that cuts off sites for a part of the day."""
    paths = dict.fromkeys(path for _, path, _ in cut)
    return tuple(_cut_by(path, [(site, at) for site, by, at in cut if by == path], begin) for path in paths)


def _cut_by(path: str, sites: list[tuple[str, float]], begin: datetime) -> Sentence:
    (first, at), more = sites[0], len(sites) - 1
    clock = f"{begin + timedelta(seconds=at):%H:%M}"
    if not more:
        return say(
            f"{first} is cut off by {path} from {clock} on: nobody gets there then",
            f"{clock}起{first}因{path}封闭而无路可达",
        )
    last = f"{begin + timedelta(seconds=max(later for _, later in sites)):%H:%M}"
    return say(
        f"{path} cuts off {first} from {clock} on and {more} more sites by {last}: nobody gets there then",
        f"{path}自{clock}起使{first}无路可达，至{last}另有{more}处景点无路可达",
    )
