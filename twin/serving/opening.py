"""Everything that is open while a town is served: case, counts, the followed town, its stages and cycles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.sentence import say
from twin.serving.lines import cycle_lines
from twin.serving.memory import give_back
from twin.serving.session import Tell, TownSession
from twin.serving.stages import Staged, stages_of

if TYPE_CHECKING:
    from calibration.counting import Counts
    from calibration.incidents import Watching
    from calibration.live import LiveTown, Usual
    from models.sumo import SumoCase
    from twin.cycle import LiveClock, Mode, Picture
    from twin.desk import Desk
    from twin.feeds import FeedSet
    from twin.live.city_now import CityNow
    from twin.live.counts_now import CountsNow
    from twin.live.town_folder import TownFolder
    from twin.live.traffic import Traffic
    from twin.store import FeedStore
    from twin.usual_days import Days

LAG_S, WINDOW_S = 900.0, 1800.0


class OpenedTown:
    """Everything that is open while a town is served."""

    def __init__(
        self, session: TownSession, feeds: FeedSet, store: FeedStore, desk: Desk, stack: ExitStack, tell: Tell
    ) -> None:
        from calibration.live import own_demand_once
        from models.sumo import read_case
        from twin.live.town_folder import town_folder

        self.feeds = feeds
        case = read_case(session.sumocfg)
        tell(say("reading the case; its own cars are the usual demand ...", "读取案例，以其自身车流为常态需求……"))
        without, usual = own_demand_once(
            case, session.out / "own", keep=session.keep, period_s=session.period_s, seed=session.seed
        )
        sensors, edges = _on_streets(session, case)
        self.clock, now = _clock(session, store, sensors)
        place: TownFolder = town_folder(session.out, now, session.begin, usual.begin_s, session.period_s)
        self.counts = _counts(store, sensors, edges, place, session.period_s)
        self.town = stack.enter_context(_town(session, without, usual, sensors, edges, place))
        tell(say(f"town: {place.folder}, second 0 is {place.origin.isoformat()}, {len(sensors)} sensors",
                 f"城市：{place.folder}，第0秒为{place.origin.isoformat()}，{len(sensors)}个检测器"))  # fmt: skip
        days = _usual_days(session, self.counts)
        self.traffic = _traffic(session, case, self.town, self.counts, place, days)
        self.zone = session.begin.tzinfo if session.begin and session.begin.tzinfo else UTC
        self.staged: Staged = stages_of(
            session.city, case, self.traffic, self.counts, store, desk, session.files, session.out, self.zone,
            feeds=feeds, usual=days[1][0] if days else None, seed=session.seed, meso=session.meso,
        )  # fmt: skip
        if self.staged.posting is not None:
            stack.callback(self.staged.posting.mailroom.close)
        self.now = self._city_now(session, place, desk, tell)

    def _city_now(self, session: TownSession, place: TownFolder, desk: Desk, tell: Tell) -> CityNow:
        from twin.live.city_now import CityNow
        from twin.live.due import Due
        from twin.live.ladder import Ladder
        from twin.live.round import Round

        rounds = Round(self.staged.stages, Ladder(lag_s=LAG_S), session.period_s, zone=self.zone)
        due = Due(session.period_s, pace=None if session.by_feeds else 1.0)

        def told(picture: Picture, mode: Mode, _rung: int) -> None:
            for line in cycle_lines(picture, mode, self.traffic, self.staged.stages):
                tell(line)
            give_back()

        return CityNow(
            self.clock, self.counts, rounds, desk.book, place.origin, due, mode=_mode_of(session, desk), tell=told,
            drives=session.by_feeds,
        )  # fmt: skip


def _on_streets(session: TownSession, case: SumoCase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sensors on streets that cars may use, and these."""
    from calibration.counting import read_places, watched_net
    from calibration.counting.matching import match
    from calibration.flows import read_roads
    from networks.places.sensors import read_sensors

    if session.sensors is not None:
        places = read_places(session.sensors)
        edge_of, _ = match(list(places), places, watched_net(case.net), str(session.sensors))
        known = {name: edge for name, (edge, _) in edge_of.items()}
    else:
        registered = read_sensors(session.city)
        known = {one.sensor_id: one.edge_id for one in registered if one.edge_id and one.kind == "detector"}
    cars = set(read_roads(case.net).edges)
    found = {name: edge for name, edge in known.items() if edge in cars}
    if not found:
        raise BadInput(
            "no sensor stands on a street that cars may use", file=session.sumocfg,
            expected="sensors of this case's network", remedy="give --sensors: sensor_id and edge",
        )  # fmt: skip
    return tuple(found), tuple(found.values())


def _clock(session: TownSession, store: FeedStore, sensors: tuple[str, ...]) -> tuple[LiveClock, datetime]:
    """The clock, and what it says; one that sensors drive waits for the first of them."""
    import time

    from twin.cycle import HeardClock, WallClock
    from twin.live.counts_now import heard_until

    if not session.by_feeds:
        clock = WallClock()
        return clock, clock.now()
    since = datetime.min.replace(tzinfo=UTC)
    while (first := heard_until(store, sensors, since)) is None:
        time.sleep(0.5)
    heard_clock: HeardClock

    def heard() -> datetime | None:
        return heard_until(store, sensors, heard_clock.last - timedelta(hours=1))

    heard_clock = HeardClock(heard, first)
    return heard_clock, first


def _counts(
    store: FeedStore, sensors: tuple[str, ...], edges: tuple[str, ...], place: TownFolder, period_s: float
) -> CountsNow:  # fmt: skip
    from twin.live.counts_now import CountsNow

    return CountsNow(store, sensors, edges, place.origin, place.begin_s, period_s)


def _town(
    session: TownSession, case: SumoCase, usual: Usual, sensors: tuple[str, ...], edges: tuple[str, ...],
    place: TownFolder,
) -> LiveTown:  # fmt: skip
    from calibration.live import LiveTown, Rhythm

    rhythm = Rhythm(LAG_S, WINDOW_S, 3600.0, 8, session.at_once)
    return LiveTown(
        case, usual, sensors, edges, place.folder / "live", seed=session.seed, rhythm=rhythm, begin_s=place.begin_s,
        meso=session.meso,
    )  # fmt: skip


def _usual_days(session: TownSession, counts: CountsNow) -> tuple[Counts, Days] | None:
    """The periods of which earlier days speak, with nothing counted yet, and what they say; None: there are none."""
    import numpy as np

    from calibration.counting import Counts
    from twin.usual_days import days_of

    if not session.usual:
        return None
    periods = round((min(one.counts.end_s for one in session.usual) - counts.begin_s) / counts.period_s)
    gaps = np.full((len(counts.sensors), max(periods, 1)), np.nan)
    day = Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, gaps)
    return day, days_of(session.usual, day)


def _traffic(
    session: TownSession, case: SumoCase, town: LiveTown, counts: CountsNow, place: TownFolder,
    days: tuple[Counts, Days] | None,
) -> Traffic:  # fmt: skip
    from twin.live.traffic import Traffic
    from twin.town_skill import TownSkill

    skill = TownSkill(session.out / "skill", counts.edges, counts.begin_s, counts.period_s, None)
    kept = place.folder / "live" / "watch.json"
    return Traffic(town, counts, skill, _watching(case, town, days, kept), kept, session.at_once)


def _watching(
    case: SumoCase, town: LiveTown, days: tuple[Counts, Days] | None, kept: Path
) -> Watching | None:  # fmt: skip
    """Who looks for incidents, as far as somebody knows what is usual."""
    from calibration.incidents import found_again
    from twin.following import watch_in

    return found_again(watch_in(case, town, *days), kept) if days else None


def _mode_of(session: TownSession, desk: Desk) -> Callable[[], Mode]:
    """The mode that the desk is in; members and horizon as they were asked for."""
    from dataclasses import replace

    def mode() -> Mode:
        at = replace(desk.mode(), cycle_s=session.period_s)
        at = at if session.members is None else replace(at, members=session.members)
        return at if session.horizon_s is None else replace(at, horizon_s=session.horizon_s)

    return mode
