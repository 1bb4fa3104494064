"""`twin serve --replay`: broker, replay, feeds, cycles and server in one process, on loopback only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from networks.sentence import say
from twin.serving.replay_session import ReplaySession
from twin.serving.session import Tell

if TYPE_CHECKING:
    from twin.api.entrance import Entrance
    from twin.desk import Desk, OnDuty
    from twin.serving.opening_evening import OpenedEvening


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
