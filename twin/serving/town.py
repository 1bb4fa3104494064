"""`twin serve --case`: feeds, town, cycles, desk and cockpit of a real city in one service."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from networks.sentence import say
from twin.serving.opening import OpenedTown
from twin.serving.session import Tell, TownSession

if TYPE_CHECKING:
    from twin.api.entrance import Entrance
    from twin.desk import Desk, OnDuty
    from twin.whatif import WhatIfs


def serve_town(session: TownSession, tell: Tell) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: The port is taken, feeds or case cannot be read, no sensor stands on a street of the case.
        StorageFailed: Something cannot be kept in `out`.
        EngineFailed: SUMO refused the case.
    """
    from twin.api.entrance import Entrance
    from twin.api.listening import Listening
    from twin.desk import Desk, desk_place, read_roster
    from twin.feeds import read_feeds
    from twin.live.feeds_beside import FeedsBeside
    from twin.store import FeedStore
    from twin.whatif import WhatIfs

    feeds = read_feeds(session.feeds)
    roster = read_roster(session.files.roster) if session.files.roster else ()
    with ExitStack() as stack:
        entrance = session.entrance or Entrance(Listening(port=session.port))
        listening = stack.enter_context(entrance.open())
        store = stack.enter_context(FeedStore(feeds.folder, feeds.database))
        if session.record:
            stack.enter_context(FeedsBeside(session.feeds))
        desk = Desk.open(desk_place(session.out))
        stack.callback(desk.close)
        entrance.check_people(desk)
        what_ifs = WhatIfs(session.city, session.runs, session.out / "what-if")
        what_ifs.start()
        stack.callback(what_ifs.close)
        opened = OpenedTown(session, feeds, store, desk, stack, tell)
        port = listening.getsockname()[1]
        address = entrance.listening.address(port)
        tell(say(f"cockpit: {address}  (Ctrl-C ends)", f"驾驶舱：{address}（Ctrl-C结束）"))
        asyncio.run(_serve(session, entrance, opened, desk, roster, what_ifs, listening, port))


async def _serve(
    session: TownSession, entrance: Entrance, opened: OpenedTown, desk: Desk, roster: Sequence[OnDuty],
    what_ifs: WhatIfs, listening: socket.socket, port: int,
) -> None:  # fmt: skip
    from twin.desk import on_duty
    from twin.live.pacing import keep_pace
    from twin.live.posting import keep_posting
    from twin.live.town_state import TownState
    from twin.plans import read_plans
    from twin.reports import Shelf
    from twin.serving.behind_town import behind_town
    from twin.serving.ending import Server, until_told
    from twin.serving.filming import filming
    from twin.serving.notifying import Manager, keep_telling
    from twin.serving.signals_here import signals_of

    seen, posting = opened.staged.seen, opened.staged.posting
    maker = TownState(session.city, opened.now, opened.traffic, desk, seen.people, seen.hours, seen.warnings)
    plans = read_plans(session.files.plans) if session.files.plans else read_plans()
    behind = behind_town(session.city, opened.now, maker, desk, plans, what_ifs)
    behind = replace(behind, signals=signals_of(session.city, session.sumocfg, opened.traffic.carried))
    behind = replace(behind, idle_s=entrance.idle_s, roster=lambda: on_duty(roster, opened.now.clock.now()))
    shelf = Shelf(session.out, session.out / "reports", session.city.folder)
    app = entrance.app(replace(behind, reports=shelf), port)
    server = Server(entrance.config(app))
    manager = Manager.around()
    pacing = asyncio.create_task(keep_pace(lambda: desk.mode().name, opened.feeds.folder))
    telling = asyncio.create_task(keep_telling(manager, server, behind.ready))
    cycling = asyncio.create_task(opened.now.run(cycles=session.cycles))
    posted = [asyncio.create_task(keep_posting(posting, lambda: opened.now.stopping))] if posting else []
    posted += filming(session.out, session.film, behind.layers, behind.state, behind.hour, lambda: opened.now.stopping)
    cycling.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await until_told(server, listening)
    finally:
        opened.now.stopping = True
        manager.tell(STOPPING="1")
        telling.cancel()
        pacing.cancel()
        shelf.close()
        if not cycling.done():
            cycling.cancel()
        await asyncio.gather(cycling, telling, pacing, *posted, return_exceptions=True)
    if not cycling.cancelled() and (error := cycling.exception()):
        raise error
