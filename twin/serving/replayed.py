"""`twin serve --replay`: broker, replay, feeds, cycles and server in one process, on loopback only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from networks.sentence import Sentence, say
from twin.serving.stage_files import StageFiles

if TYPE_CHECKING:
    from networks import City
    from scenarios import Executor, Scenario, Store
    from twin.api.entrance import Entrance
    from twin.api.tiles import Tiles
    from twin.desk import Desk, OnDuty
    from twin.live.crowd_feed import CrowdFeed
    from twin.serving.opening_evening import OpenedEvening

Tell = Callable[[Sentence], None]


@dataclass(frozen=True)
class ReplaySession:
    """What a replay needs.

    Attributes:
        city: Where.
        scenario: The evening that is replayed.
        store: Where runs land.
        executor: Workers.
        out: Folder of the desk and the outbox; a second start goes on where the first ended.
        speed: Seconds of the replay per second.
        port: Port of the cockpit; 0 for any free one.
        webhook: Where recommendations are posted, if anywhere.
        members: Members of each forecast.
        horizon_s: How far each forecast goes (s).
        signals: Also search signal timings.
        crowd: Counters of sites; None: nobody counts there.
        files: What is looked for and who is called; nobody takes orders.
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
    horizon_s: float = 1800.0
    signals: bool = True
    crowd: CrowdFeed | None = None
    files: StageFiles = field(default_factory=StageFiles)
    tiles: Tiles | None = None
    film: timedelta | None = timedelta(hours=24)


def serve_replay(session: ReplaySession, tell: Tell) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: The port is taken, the scenario does not fit the city, the desk in `out` is of another time.
        StorageFailed: Something cannot be kept in `out`.
    """
    from scenarios import check_scenario
    from twin.api.entrance import Entrance
    from twin.api.listening import Listening
    from twin.desk import Desk, desk_place, read_roster
    from twin.live.recording import record
    from twin.serving.opening_evening import OpenedEvening

    check_scenario(session.scenario, session.city)
    roster = read_roster(session.files.roster) if session.files.roster else ()
    with ExitStack() as stack:
        entrance = Entrance(Listening(port=session.port), tiles=session.tiles)
        listening = stack.enter_context(entrance.open())
        desk = Desk.open(desk_place(session.out))
        stack.callback(desk.close)
        tell(say("simulating the hidden evening that plays the street (synthetic; kept for the next time) ...",
                 "模拟代替实际街道的隐藏场景（合成数据；结果保留）……"))  # fmt: skip
        recording = record(session.city, session.scenario, session.store, session.executor)
        if session.crowd is not None:
            recording = session.crowd.beside(recording)
        opened = OpenedEvening(session, recording, desk, stack, tell)
        desk_file, skill = session.out / "desk.sqlite", session.out / "skill"
        tell(say(f"desk: {desk_file}  (twin desk --desk {desk_file} list)",
                 f"值班台：{desk_file}（twin desk --desk {desk_file} list）"))  # fmt: skip
        tell(say(f"forecasts and their scores: {skill}  (twin skill {skill})",
                 f"预测及其评分：{skill}（twin skill {skill}）"))  # fmt: skip
        port = listening.getsockname()[1]
        address = entrance.listening.address(port)
        tell(say(f"cockpit: {address}  (Ctrl-C ends)", f"驾驶舱：{address}（Ctrl-C结束）"))
        asyncio.run(_serve(session, entrance, opened, desk, roster, listening, port))


async def _serve(
    session: ReplaySession, entrance: Entrance, opened: OpenedEvening, desk: Desk, roster: Sequence[OnDuty],
    listening: socket.socket, port: int,
) -> None:  # fmt: skip
    from twin.broker import USER, EmbeddedBroker
    from twin.desk import on_duty
    from twin.live.evening_now import EveningNow
    from twin.live.playing import play_through
    from twin.live.town_state import TownState
    from twin.plans import read_plans
    from twin.reports import Shelf
    from twin.serving.behind_town import behind_town
    from twin.serving.ending import Server, until_told
    from twin.serving.filming import filming
    from twin.serving.signals_here import signals_of

    now, seen, feeds, clock = opened.now, opened.seen, opened.feeds, opened.clock
    beside = EveningNow(opened.evening, feeds, clock, lambda: now.over, seen.people)
    maker = TownState(
        session.city, now, opened.evening, desk, seen.people, seen.hours, seen.warnings, beside=beside.state
    )  # fmt: skip
    plans = read_plans(session.files.plans) if session.files.plans else read_plans()
    shelf = Shelf(session.out, session.out / "reports", session.city.folder)
    behind = replace(
        behind_town(session.city, now, maker, desk, plans),
        before_decision=lambda: desk.set_clock(clock.now()), signals=signals_of(session.city), reports=shelf,
        roster=lambda: on_duty(roster, clock.now()),
    )  # fmt: skip
    server = Server(entrance.config(entrance.app(behind, port)))
    async with EmbeddedBroker() as broker:
        door = (broker.host, broker.port)
        work: list[asyncio.Task[object]] = [
            asyncio.create_task(feeds.listen(*door, user=USER, pass_phrase=broker.pass_phrase))
        ]
        await asyncio.wait_for(feeds.connected.wait(), 30)
        work.append(
            asyncio.create_task(play_through(opened.recording, clock, *door, user=USER, pass_phrase=broker.pass_phrase))
        )
        work.append(asyncio.create_task(opened.storing.go_on()))
        work.append(asyncio.create_task(now.run()))
        work += filming(
            session.out, session.film, behind.layers, behind.state, behind.hour, lambda: now.stopping, 1.0
        )  # fmt: skip
        try:
            await until_told(server, listening)
        finally:
            now.stopping = True
            shelf.close()
            for task in work:
                task.cancel()
            opened.executor.close()  # a forecast that is under way ends with its workers
            await asyncio.gather(*work, return_exceptions=True)
