"""`day.yaml`: a day of visitors, each mistake with its line; what it does not say comes from the city's own map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import ValidationError

from models.crowd.city.people import AGE_SHARES, GROUP_SHARES
from models.crowd.city.site_table import Taste
from models.crowd.sites import Sites, read_sites, sites_on_map
from networks.errors import BadInput
from networks.sentence import Sentence, say
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told
from scenarios.interventions import Words
from scenarios.visits.day_clock import DayClock
from scenarios.visits.day_places import DayPlaces
from scenarios.visits.lines import lines_of
from scenarios.visits.narrow import narrowed
from scenarios.visits.shut_paths import ShutPaths, of_street, under_water
from scenarios.visits.sources import DaySource, sources_on_map, whole_numbers
from scenarios.visits.text import ArrivalsText, ClosedText, VisitDayText
from scenarios.visits.visit_day import QUARTER_S, VisitDay, Warned, cut_off, told_cut_off
from scenarios.visits.waits import told_waits

if TYPE_CHECKING:
    from networks import City

REMEDY = "mend that line; see docs/how-to.md, A day of visitors"
LAST_COME_S = 3 * 3600.0
"""Where nobody says when people come, the last do so long before everybody goes home (guess)."""


def read_visit_day(
    file: Path | str, city: City, *, sites: Path | None = None, people: int | None = None, flood: Path | None = None,
    alarm: float = 0.5,
) -> VisitDay:  # fmt: skip
    """Read and check a day of visitors against a city.

    Args:
        file: See `VisitDayText`.
        city: Where.
        sites: A sites file instead of the day's own.
        people: How many come in all, instead of the day's own.
        flood: A flood run of the city that shuts paths.
        alarm: Such a path is shut in so many of its members.

    Raises:
        BadInput: It is missing, no YAML, a field is unknown or impossible; a source lies outside the map or off the
            network; a path that is shut all day cuts off a site. Told with the line.
    """
    file = Path(file)
    text = read_text(file, expected="a day of visitors in YAML")
    root = compose(text, file, BadInput, "a day of visitors", remedy=REMEDY)
    refuse_twins(root, file, BadInput)
    try:
        said = VisitDayText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="day", tags=(), remedy=REMEDY) from error
    return _Reader(city, said, file, root).day(sites, people, flood, alarm)


def default_day(
    city: City,
    people: int,
    begin: datetime,
    *,
    sites: Path | None = None,
    flood: Path | None = None,
    alarm: float = 0.5,
) -> VisitDay:
    """A day of sixteen hours that nobody wrote down: sources, sites and times are guesses, and the notes say so."""
    title = Words(en=f"A day of visitors in {city.name}", zh=f"{city.name}：游客一日")
    said = VisitDayText(name="day", title=title, begin=begin, people=people, source="guessed from the map")
    return _Reader(city, said, None, None).day(sites, people, flood, alarm)


class _Reader:
    def __init__(self, city: City, said: VisitDayText, file: Path | None, root: Any) -> None:
        self._city, self._said, self._file, self._root = city, said, file, root
        self._clock = DayClock(said.begin, 3600.0 * said.hours)

    def day(self, sites: Path | None, people: int | None, flood: Path | None, alarm: float) -> VisitDay:
        said, clock = self._said, self._clock
        narrow = DayPlaces(self._city, said.datum, [])
        graph = narrowed(self._city.walk_graph(), narrow, said.narrow, self._error)
        found = self._sites(sites)
        sources, notes = self._sources(people)
        home_s = (
            self._at(said.home_by, "home_by") if said.home_by else max(0.6 * clock.length_s, clock.length_s - 10800)
        )
        shut = [self._shut(one, index) for index, one in enumerate(said.closed)]
        if flood is not None:
            storm_s = self._at(said.storm_begins, "storm_begins") if said.storm_begins else None
            shut.append(under_water(flood, self._city, said.begin, alarm, clock.length_s, storm_s))
        rain = (self._at(said.rain.begin, "rain"), self._at(said.rain.end, "rain")) if said.rain else None
        warned = Warned(self._at(said.warning.at, "warning"), 60.0 * said.warning.leave_min) if said.warning else None
        day = VisitDay(
            said.name, say(said.title.en or said.name, said.title.zh or said.title.en or said.name),
            say(said.description.en, said.description.zh or said.description.en), graph, said.begin, clock.length_s,
            sources, self._arrivals(sources, home_s), found.sites, found.alarms, tuple(shut), home_s, said.visits,
            tuple(said.groups or GROUP_SHARES),
            (said.ages.child, said.ages.adult, said.ages.old) if said.ages else AGE_SHARES,
            rain, {one.site: 60.0 * one.out_min for one in said.shows}, warned, tuple(said.one_out_one_in),
            said.source, (*notes, *found.notes, *told_waits(graph)), Taste(**found.taste),
            lines_of(said.lines, sources, self._error),
        )  # fmt: skip
        self._known_sites(day)
        return self._reached(day)

    def _sites(self, sites: Path | None) -> Sites:
        own = self._file.parent / self._said.sites if self._file and self._said.sites else None
        file = sites or own
        return read_sites(file, self._city) if file else sites_on_map(self._city)

    def _sources(self, people: int | None) -> tuple[tuple[DaySource, ...], list[Sentence]]:
        said, notes = self._said, list[Sentence]()
        total = people or said.people
        if not said.sources:
            if total is None:
                raise self._error("nobody said how many people come", "people", remedy="give --people, or people:")
            found, told_ = sources_on_map(self._city, total)
            return found, [*told_, *self._synthetic()]
        places = DayPlaces(self._city, said.datum, [one.at for one in said.sources])
        fixed = sum(one.people or 0 for one in said.sources)
        shares = np.array([one.share or 0.0 for one in said.sources])
        own = [float(one.people or 0) for one in said.sources]
        if people is not None and fixed and not shares.any():
            wanted = [people * one / fixed for one in own]
        elif shares.any():
            rest = max(0, (total or 0) - fixed)
            wanted = [n + rest * share / shares.sum() for n, share in zip(own, shares, strict=True)]
        else:
            wanted = own
        rows = []
        for index, (one, n) in enumerate(zip(said.sources, whole_numbers(wanted), strict=True)):
            try:
                x, y, node = places.find(one.at, one.id)
            except BadInput as error:
                raise self._error(error.what, "sources", index, remedy=error.remedy or REMEDY) from error
            rows.append(DaySource(one.id, one.name, one.kind, x, y, node, n, one.source))
        if not sum(row.people for row in rows):
            raise self._error("nobody comes from any source", "sources", remedy="give people")
        return tuple(rows), [*notes, *places.notes, *self._synthetic()]

    def _synthetic(self) -> list[Sentence]:
        return [say(f"who comes and when: {self._said.source}", f"客流来源与到达时间的依据：{self._said.source}")]

    def _arrivals(self, sources: Sequence[DaySource], home_s: float) -> Any:
        from models.crowd.city import Arrivals

        slices = int(np.ceil(self._clock.length_s / QUARTER_S))
        usual = self._course(self._said.arrivals, slices) if self._said.arrivals else _bell(slices, home_s)
        own = {one.id: self._course(one.arrivals, slices) for one in self._said.sources if one.arrivals}
        return Arrivals(0.0, QUARTER_S, np.array([own.get(one.source_id, usual) for one in sources]))

    def _course(self, said: ArrivalsText, slices: int) -> np.ndarray:
        first = self._at(said.begin, "arrivals")
        if first % QUARTER_S or first / QUARTER_S + len(said.shares) > slices:
            raise self._error(
                f"arrivals of {len(said.shares)} quarter hours from {said.begin} on", "arrivals",
                expected=f"from a quarter hour of the day on, ending by {self._clock.told(self._clock.length_s)}",
            )  # fmt: skip
        shares = np.zeros(slices)
        shares[int(first / QUARTER_S) :][: len(said.shares)] = said.shares
        return shares

    def _shut(self, said: ClosedText, index: int) -> ShutPaths:
        try:
            if said.street is not None:
                links = of_street(self._city, said.street)
            else:
                assert said.at is not None
                links = DayPlaces(self._city, self._said.datum, []).near(said.at, said.radius_m, said.name)
        except BadInput as error:
            raise self._error(error.what, "closed", index, remedy=error.remedy or REMEDY) from error
        if not len(links):
            raise self._error(f"{said.name}: there is no path for walkers", "closed", index, remedy="move it onto one")
        from_s = self._at(said.begin, "closed", index) if said.begin else 0.0
        to_s = self._at(said.end, "closed", index) if said.end else self._clock.length_s + 1.0
        if to_s <= from_s:
            raise self._error(f"{said.name} is closed from {said.begin} to {said.end}", "closed", index,
                              expected="from before to, within the day")  # fmt: skip
        return ShutPaths(said.name, links, np.full(len(links), from_s), np.full(len(links), to_s))

    def _known_sites(self, day: VisitDay) -> None:
        known = {one.site_id: one for one in day.sites}
        named = [("shows", i, one.site) for i, one in enumerate(self._said.shows)]
        named += [("one_out_one_in", i, one) for i, one in enumerate(day.one_out_one_in)]
        for field, index, site in named:
            if site not in known:
                raise self._error(f"there is no site {site!r}", field, index, expected=", ".join(list(known)[:12]))
            if field == "shows" and not known[site].hours:
                raise self._error(f"the show at {site} has no end", field, index, remedy="give the site hours")

    def _reached(self, day: VisitDay) -> VisitDay:
        """Refuse what is cut off all day, tell what is for a part of it, and gates that outnumber the people."""
        cut = cut_off(day)
        for site, path, at in cut:
            if at <= 0 and all((one.to_s >= day.length_s).all() for one in day.shut if one.name == path):
                index = next((i for i, one in enumerate(self._said.closed) if one.name == path), 0)
                raise self._error(
                    f"{path}, shut all day, cuts off the site {site} from every source", "closed", index,
                    remedy="open another way, shut it for a part of the day, or leave the site out",
                )  # fmt: skip
        many = [
            say(
                f"{one.site_id} has {len(one.gates)} gates, more than the {day.people} people who come",
                f"{one.site_id}有{len(one.gates)}个出入口，多于到来的{day.people}人",
            )
            for one in day.sites
            if len(one.gates) > day.people
        ]
        short = [told for one in day.lines for told in one.told_short(day.sources, day.length_s)]
        return replace(day, notes=(*day.notes, *told_cut_off(cut, day.begin), *many, *short))

    def _at(self, clock: str, *place: str | int) -> float:
        try:
            return self._clock.seconds(clock)
        except BadInput as error:
            raise self._error(error.what, *place, expected=error.expected) from error

    def _error(
        self, what: str, *place: str | int, expected: str | None = None, remedy: str | None = REMEDY
    ) -> BadInput:
        line = f"line {line_of(self._root, place)}" if self._root is not None else None
        return BadInput(what, file=self._file, place=line, expected=expected, remedy=remedy)


def _bell(slices: int, home_s: float) -> np.ndarray:
    """Arrivals by quarter hour: a bell that ends LAST_COME_S before people go home; a guess."""
    from scipy.stats import beta

    last = max(QUARTER_S, home_s - LAST_COME_S)
    at = np.arange(slices + 1) * QUARTER_S / last
    return np.asarray(np.diff(beta.cdf(np.clip(at, 0.0, 1.0), 2.5, 3.5)))
