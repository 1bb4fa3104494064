"""`twin serve CITY` alone: the planning desk of a city, where nothing is live."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.sentence import say
from twin.serving.session import Tell

if TYPE_CHECKING:
    from networks import City
    from twin.api.behind import Behind
    from twin.api.entrance import Entrance

WHAT_IF = "what-if"


@dataclass(frozen=True)
class PlanningSession:
    """What is served.

    Attributes:
        city: Where.
        out: Folder of the desk and the what-ifs; a second start goes on where the first ended.
        runs: Store of runs.
        entrance: Where the API listens and who may come in.
    """

    city: City
    out: Path
    runs: Path
    entrance: Entrance


def serve_planning(session: PlanningSession, tell: Tell) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: The port is taken; it would be open to other machines without TLS and sign-in.
        StorageFailed: Something cannot be kept in `out`.
    """
    from twin.api.behind import Behind, StateFeed
    from twin.desk import Desk
    from twin.serving.signals_here import signals_of
    from twin.whatif import WhatIfs
    from viz import base_layers

    with ExitStack() as stack:
        listening = stack.enter_context(session.entrance.open())
        desk = Desk.open(session.out / "desk.sqlite")
        stack.callback(desk.close)
        session.entrance.check_people(desk)
        what_ifs = WhatIfs(session.city, session.runs, session.out / WHAT_IF)
        what_ifs.start()
        stack.callback(what_ifs.close)
        behind = Behind(
            desk, StateFeed(dict), layers=lambda: base_layers(session.city), what_ifs=what_ifs, front=f"/{WHAT_IF}",
            signals=signals_of(session.city),
        )  # fmt: skip
        address = session.entrance.listening.address(listening.getsockname()[1])
        tell(say(f"planning desk: {address}{WHAT_IF}  (Ctrl-C ends)", f"规划席位：{address}{WHAT_IF}（Ctrl-C结束）"))
        asyncio.run(_serve(session, behind, listening))


async def _serve(session: PlanningSession, behind: Behind, listening: socket.socket) -> None:
    from twin.serving.ending import Server, until_told

    app = session.entrance.app(behind, listening.getsockname()[1])
    await until_told(Server(session.entrance.config(app)), listening)
