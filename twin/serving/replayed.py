"""`twin serve --replay`: broker, replay, feeds, loop and server in one process, on loopback only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import uvicorn

from calibration import ObservationTable
from networks.errors import EngineFailed, TwinError
from twin.api.server import StateFeed, loopback_socket, make_app
from twin.broker import USER, EmbeddedBroker
from twin.cycle.clock import ReplayClock
from twin.desk import Desk
from twin.live.advisor import SearchRecommender
from twin.live.count_skill import CountSkill
from twin.live.hearing import Feeds
from twin.live.loop import LiveLoop, LoopSettings
from twin.live.playing import play_through
from twin.live.recording import CALLS_SENSOR, Recording, record
from twin.live.site_watch import SiteWatch, keep_watch
from twin.live.state import StateMaker
from twin.out.proposals import Proposals
from twin.serving.ending import Server, until_told
from twin.serving.filming import filming
from twin.serving.signals_here import signals_of

if TYPE_CHECKING:
    from networks import Camera, City
    from scenarios import Executor, Scenario, Store
    from twin.api.tiles import Tiles
    from twin.live.crowd_feed import CrowdFeed

Tell = Callable[[str], None]
OnDone = Callable[[int, Any], None]
OnLost = Callable[[int, TwinError], Any]


@dataclass(frozen=True)
class ReplaySession:
    """What a replay needs.

    Attributes:
        city: Where.
        scenario: The evening that is replayed.
        store: Where runs land.
        executor: Workers.
        out: Folder of the desk and the outbox.
        speed: Seconds of the replay per second.
        port: Port of the cockpit; 0 for any free one.
        webhook: Where recommendations are posted, if anywhere.
        members: Members of each forecast.
        signals: Also search signal timings.
        crowd: Counters of sites; None: nobody counts there.
        cameras: In place of the city's.
        tiles: A tile server beneath the map; None: the city's own layers.
        film: How long what was shown is kept (of the replay's time); None: not at all.
    """

    city: City
    scenario: Scenario
    store: Store
    executor: Executor
    out: Path
    speed: float = 10.0
    port: int = 8765
    webhook: str | None = None
    members: int = 4
    signals: bool = True
    crowd: CrowdFeed | None = None
    cameras: Sequence[Camera] | None = None
    tiles: Tiles | None = None
    film: timedelta | None = timedelta(hours=24)


def serve_replay(session: ReplaySession, tell: Tell) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: The port is taken, the scenario does not fit the city.
        StorageFailed: The desk cannot be kept in `out`.
    """
    from scenarios import check_scenario

    check_scenario(session.scenario, session.city)
    with loopback_socket(session.port) as listening:
        port = listening.getsockname()[1]
        tell("simulating the hidden evening that plays the street (synthetic; kept for the next time) ...")
        recording = record(session.city, session.scenario, session.store, session.executor)
        if session.crowd is not None:
            recording = session.crowd.beside(recording)
        desk = Desk.open(session.out / "desk.sqlite")
        outbox = Proposals(desk.book, session.out / "outbox", session.webhook)
        for late in outbox.work():
            tell(f"{late.message.channel}, from before: {late.message.rec_id} {late.state} {late.last.detail}")
        tell(f"desk: {session.out / 'desk.sqlite'}  (twin desk --desk {session.out / 'desk.sqlite'} list)")
        tell(f"forecasts and their scores: {session.out / 'skill'}  (twin skill {session.out / 'skill'})")
        tell(f"cockpit: http://127.0.0.1:{port}/  (Ctrl-C ends)")
        try:
            asyncio.run(_serve(session, recording, desk, outbox, listening, port))
        finally:
            desk.close()


async def _serve(
    session: ReplaySession, recording: Recording, desk: Desk, outbox: Proposals, listening: socket.socket, port: int
) -> None:
    from viz import base_layers

    clock = ReplayClock(session.scenario.period.begin.astimezone(UTC), session.speed)
    sensors = [str(name) for name in session.city.layer("sensors")["sensor_id"]]
    crowd = session.crowd
    counters = list(crowd.layout.counters) if crowd else []
    feeds = Feeds(ObservationTable(), clock.now, sensors=[*sensors, CALLS_SENSOR, *counters])
    watch = SiteWatch(crowd.layout, crowd.sites, crowd.opened) if crowd else None
    if watch is not None:
        feeds.when_heard(watch.hear)
    executor = _Stoppable(session.executor)
    recommender = SearchRecommender(session.city, session.store, executor, signals=session.signals)
    settings = LoopSettings(seeds=tuple(range(81_001, 81_001 + session.members)))
    loop = LiveLoop(
        session.city,
        session.scenario,
        clock,
        feeds,
        desk,
        outbox,
        recommender,
        session.store,
        executor,
        settings,
        skill=CountSkill(session.out / "skill"),
        sites=watch,
    )
    maker = StateMaker(loop, session.cameras)
    state = StateFeed(maker.state)
    app = make_app(
        layers=lambda: base_layers(session.city),
        state=state,
        desk=desk,
        port=port,
        before_decision=lambda: desk.set_clock(clock.now()),
        signals=signals_of(session.city),
        hour=maker.hour,
        tiles=session.tiles,
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="off")
    async with EmbeddedBroker() as broker:
        door = (broker.host, broker.port)
        work: list[asyncio.Task[object]] = [
            asyncio.create_task(feeds.listen(*door, user=USER, pass_phrase=broker.pass_phrase))
        ]
        await asyncio.wait_for(feeds.connected.wait(), 30)
        work.append(
            asyncio.create_task(play_through(recording, clock, *door, user=USER, pass_phrase=broker.pass_phrase))
        )
        work.append(asyncio.create_task(loop.run()))
        work += filming(
            session.out, session.film, lambda: base_layers(session.city), state, maker.hour, lambda: loop.stopping, 1.0
        )
        if watch is not None:
            work.append(asyncio.create_task(keep_watch(watch, clock, loop.say)))
        try:
            await until_told(Server(config), listening)
        finally:
            loop.stopping = True
            for task in work:
                task.cancel()
            executor.close()  # a forecast that is under way ends with its workers
            await asyncio.gather(*work, return_exceptions=True)


Item = TypeVar("Item")
Result = TypeVar("Result")


class _Stoppable:
    """Hands work to an executor until it is stopped: a search that is under way must not start workers again."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self._stopped = executor, False

    def map(
        self,
        fn: Callable[[Item], Result],
        items: Sequence[Item],
        on_done: OnDone | None = None,
        on_lost: OnLost | None = None,
    ) -> list[Result]:
        """As the executor does, unless stopped."""
        if self._stopped:
            raise EngineFailed("the live twin is stopping")
        return self._executor.map(fn, items, on_done, on_lost)

    def close(self) -> None:
        """Stop for good."""
        self._stopped = True
        self._executor.close()
