"""`twin serve`: broker, replay, feeds, loop and server in one process, on loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from calibration import ObservationTable
from twin.advisor import SearchRecommender
from twin.broker import USER, EmbeddedBroker
from twin.desk import Desk
from twin.feeds import Feeds
from twin.live_state import StateMaker
from twin.liveclock import ReplayClock
from twin.loop import LiveLoop, LoopSettings
from twin.outbox import Outbox
from twin.recording import CALLS_SENSOR, Recording, record
from twin.replay import play_through
from twin.server import StateFeed, loopback_socket, make_app

if TYPE_CHECKING:
    from networks import City
    from scenarios import Executor, Scenario, Store

Tell = Callable[[str], None]


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
        desk = Desk.open(session.out / "desk.sqlite")
        outbox = Outbox(session.out / "outbox", session.webhook)
        for late in outbox.deliver_pending():
            tell(f"webhook, from before: {late.rec_id} {late.status} {late.reason}")
        tell(f"desk: {session.out / 'desk.sqlite'}  (twin desk --desk {session.out / 'desk.sqlite'} list)")
        tell(f"cockpit: http://127.0.0.1:{port}/  (Ctrl-C ends)")
        try:
            asyncio.run(_serve(session, recording, desk, outbox, listening, port))
        finally:
            desk.close()


async def _serve(
    session: ReplaySession, recording: Recording, desk: Desk, outbox: Outbox, listening: object, port: int
) -> None:
    from viz import base_layers

    clock = ReplayClock(session.scenario.period.begin.astimezone(UTC), session.speed)
    sensors = [str(name) for name in session.city.layer("sensors")["sensor_id"]]
    feeds = Feeds(ObservationTable(), clock.now, sensors=[*sensors, CALLS_SENSOR])
    recommender = SearchRecommender(session.city, session.store, session.executor, signals=session.signals)
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
        session.executor,
        settings,
    )
    state = StateFeed(StateMaker(loop).state)
    app = make_app(
        layers=lambda: base_layers(session.city),
        state=state,
        desk=desk,
        port=port,
        before_decision=lambda: desk.set_clock(clock.now()),
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
        try:
            await uvicorn.Server(config).serve(sockets=[listening])  # type: ignore[list-item]
        finally:
            loop.stopping = True
            for task in work:
                task.cancel()
            session.executor.close()  # a forecast that is under way ends with its workers
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*work, return_exceptions=True)
