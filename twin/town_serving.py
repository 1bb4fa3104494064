"""`twin serve --case`: feeds, town, cycles, desk and cockpit of a real city in one service."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.sentence import Sentence, say
from twin.town_stages import Staged, StageFiles, stages_of

if TYPE_CHECKING:
    from calibration.counting import ReadCounts
    from calibration.incidents import Watching
    from calibration.live import LiveTown, Usual
    from models.sumo import SumoCase
    from networks import City
    from twin.api.entrance import Entrance
    from twin.cycle import LiveClock, Mode, Picture, Stage
    from twin.desk import Desk
    from twin.live.city_now import CityNow
    from twin.live.counts_now import CountsNow
    from twin.live.town_folder import TownFolder
    from twin.live.traffic import Traffic
    from twin.store import FeedStore

Tell = Callable[[Sentence], None]
LAG_S, WINDOW_S = 900.0, 1800.0


@dataclass(frozen=True)
class TownSession:
    """What is served.

    Attributes:
        city: Where; the map of the cockpit.
        sumocfg: The case whose own cars are the usual demand.
        feeds: FEEDS.yaml.
        out: Folder of towns, desk and scores; a second start goes on where the first ended.
        sensors: Table of sensors and where they stand; None: those that the city has registered.
        begin: Wall-clock time of the case's second 0; with a zone. None: midnight of today, UTC.
        keep: Route files of the case that drive by timetable.
        period_s: Of counts and cycles.
        at_once: Members that run at a time; None is one per CPU.
        members: Of each forecast in normal mode; None: what the mode says.
        horizon_s: How far forecasts go; None: what the mode says.
        meso: Mesoscopic.
        usual: Days counted before; where there are three, incidents are sought.
        seed: Of every draw.
        port: Port of the cockpit; 0 for any free one.
        record: Run the feeds; else another process records them.
        by_feeds: The clock is what sensors say, not the wall's.
        cycles: End after so many; None: on Ctrl-C.
        files: What is looked for, who is called, who takes orders.
        entrance: Where the API listens and who may come in; None: on loopback, at `port`.
    """

    city: City
    sumocfg: Path
    feeds: Path
    out: Path
    sensors: Path | None = None
    begin: datetime | None = None
    keep: tuple[Path, ...] = ()
    period_s: float = 300.0
    at_once: int | None = None
    members: int | None = None
    horizon_s: float | None = None
    meso: bool = False
    usual: tuple[ReadCounts, ...] = ()
    seed: int = 1
    port: int = 8765
    record: bool = True
    by_feeds: bool = False
    cycles: int | None = None
    files: StageFiles = field(default_factory=StageFiles)
    entrance: Entrance | None = None


def serve_town(session: TownSession, tell: Tell) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: The port is taken, feeds or case cannot be read, no sensor stands on a street of the case.
        StorageFailed: Something cannot be kept in `out`.
        EngineFailed: SUMO refused the case.
    """
    from twin.api.entrance import Entrance
    from twin.api.listening import Listening
    from twin.desk import Desk
    from twin.feeds import read_feeds
    from twin.live.feeds_beside import FeedsBeside
    from twin.store import FeedStore

    feeds = read_feeds(session.feeds)
    with ExitStack() as stack:
        entrance = session.entrance or Entrance(Listening(port=session.port))
        listening = stack.enter_context(entrance.open())
        store = stack.enter_context(FeedStore(feeds.folder, feeds.database))
        if session.record:
            stack.enter_context(FeedsBeside(session.feeds))
        desk = Desk.open(session.out / "desk.sqlite")
        stack.callback(desk.close)
        entrance.check_people(desk)
        opened = _Opened(session, store, desk, stack, tell)
        port = listening.getsockname()[1]
        address = entrance.listening.address(port)
        tell(say(f"cockpit: {address}  (Ctrl-C ends)", f"驾驶舱：{address}（Ctrl-C结束）"))
        asyncio.run(_serve(session, entrance, opened, desk, listening, port))


class _Opened:
    """Everything that is open while a town is served."""

    def __init__(self, session: TownSession, store: FeedStore, desk: Desk, stack: ExitStack, tell: Tell) -> None:
        from calibration.live import own_demand_once
        from models.sumo import read_case
        from twin.live.town_folder import town_folder

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
        self.traffic = _traffic(session, case, self.town, self.counts, place)
        zone = session.begin.tzinfo if session.begin and session.begin.tzinfo else UTC
        self.staged: Staged = stages_of(
            session.city, case, self.traffic, self.counts, store, desk, session.files, session.out, zone,
            seed=session.seed, meso=session.meso,
        )  # fmt: skip
        if self.staged.posting is not None:
            stack.callback(self.staged.posting.mailroom.close)
        self.now = self._city_now(session, place, desk, tell)

    def _city_now(self, session: TownSession, place: TownFolder, desk: Desk, tell: Tell) -> CityNow:
        from twin.live.city_now import CityNow
        from twin.live.due import Due
        from twin.live.ladder import Ladder
        from twin.live.round import Round

        rounds = Round(self.staged.stages, Ladder(lag_s=LAG_S), session.period_s)
        due = Due(session.period_s, pace=None if session.by_feeds else 1.0)

        def told(picture: Picture, mode: Mode, _rung: int) -> None:
            for line in cycle_lines(picture, mode, self.traffic, self.staged.stages):
                tell(line)

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


def _traffic(
    session: TownSession, case: SumoCase, town: LiveTown, counts: CountsNow, place: TownFolder
) -> Traffic:  # fmt: skip
    from twin.live.traffic import Traffic
    from twin.town_skill import TownSkill

    skill = TownSkill(session.out / "skill", counts.edges, counts.begin_s, counts.period_s, None)
    kept = place.folder / "live" / "watch.json"
    return Traffic(town, counts, skill, _watching(session, case, town, counts, kept), kept, session.at_once)


def _watching(
    session: TownSession, case: SumoCase, town: LiveTown, counts: CountsNow, kept: Path
) -> Watching | None:  # fmt: skip
    """Who looks for incidents, as far as somebody knows what is usual."""
    import numpy as np

    from calibration.counting import Counts
    from calibration.incidents import found_again
    from twin.following import watch_in
    from twin.usual_days import days_of

    if not session.usual:
        return None
    periods = round((min(one.counts.end_s for one in session.usual) - counts.begin_s) / counts.period_s)
    gaps = np.full((len(counts.sensors), max(periods, 1)), np.nan)
    day = Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, gaps)
    return found_again(watch_in(case, town, day, days_of(session.usual, day)), kept)


def _mode_of(session: TownSession, desk: Desk) -> Callable[[], Mode]:
    """The mode that the desk is in; members and horizon as they were asked for."""
    from dataclasses import replace

    def mode() -> Mode:
        at = replace(desk.mode(), cycle_s=session.period_s)
        at = at if session.members is None else replace(at, members=session.members)
        return at if session.horizon_s is None else replace(at, horizon_s=session.horizon_s)

    return mode


def cycle_lines(picture: Picture, mode: Mode, traffic: Traffic, stages: Sequence[Stage] = ()) -> list[Sentence]:
    """A cycle in a line, and one for each thing that it did without."""
    took = sum(picture.seconds.values())
    cycle = traffic.cycle
    flow = picture.of("flow")
    en, zh = f"{picture.now:%Y-%m-%d %H:%M}", f"{picture.now:%Y-%m-%d %H:%M}"
    if mode.name != "normal":
        en, zh = f"{en}  {mode.name}", f"{zh}  应急"
    if cycle is not None and cycle.forecasts and flow is not None and flow.made_s == cycle.now_s:
        en += f"  demand {cycle.factor[1]:.2f} of the usual  GEH {cycle.misfit:.1f}  {cycle.members} members"
        zh += f"  需求为平时的{cycle.factor[1]:.2f}倍  GEH {cycle.misfit:.1f}  {cycle.members}个成员"
    minutes = (flow.period_s * flow.members.shape[2] / 60.0) if flow else 0.0
    en += f"  {minutes:.0f} min ahead  {took:.0f} s  {picture.run_id}"
    zh += f"  预测{minutes:.0f}分钟  {took:.0f}秒  {picture.run_id}"
    more = [*_happened(stages)]
    more += [say(f"    without: {one['en']}", f"    未执行：{one['zh']}") for one in picture.left_out]
    return [say(en, zh), *more]


def _happened(stages: Sequence[Stage]) -> Iterator[Sentence]:
    """Alarms, cases and recommendations of the last cycle, a line each."""
    from twin.live.advising import Advising
    from twin.live.alarming import Alarming
    from twin.live.planning import Planning

    for stage in stages:
        if isinstance(stage, Alarming):
            for one in stage.changes:
                if one.what != "watched":
                    text = one.alarm.text
                    yield say(f"    alarm {one.what} {one.alarm.level}: {text['en']}",
                              f"    预警{one.what} {one.alarm.level}：{text['zh']}")  # fmt: skip
        elif isinstance(stage, Planning):
            for change in stage.changes:
                yield say(
                    f"    case {change.case_id}: {change.text['en']}", f"    案件{change.case_id}：{change.text['zh']}"
                )
        elif isinstance(stage, Advising):
            for rec_id in stage.proposed:
                yield say(f"    recommended: {rec_id}", f"    建议：{rec_id}")


async def _serve(
    session: TownSession, entrance: Entrance, opened: _Opened, desk: Desk, listening: socket.socket, port: int
) -> None:  # fmt: skip
    from twin.live.posting import keep_posting
    from twin.live.town_state import TownState
    from twin.plans import read_plans
    from twin.serving import Server, until_told
    from twin.town_api import behind_town

    people, posting = opened.staged.people, opened.staged.posting
    maker = TownState(session.city, opened.now, opened.traffic, desk, people)
    plans = read_plans(session.files.plans) if session.files.plans else read_plans()
    app = entrance.app(behind_town(session.city, opened.now, maker, desk, plans), port)
    server = Server(entrance.config(app))
    cycling = asyncio.create_task(opened.now.run(cycles=session.cycles))
    posted = [asyncio.create_task(keep_posting(posting, lambda: opened.now.stopping))] if posting else []
    cycling.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await until_told(server, listening)
    finally:
        opened.now.stopping = True
        if not cycling.done():
            cycling.cancel()
        await asyncio.gather(cycling, *posted, return_exceptions=True)
    if not cycling.cancelled() and (error := cycling.exception()):
        raise error
