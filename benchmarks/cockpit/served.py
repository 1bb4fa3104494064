"""The real application with a made-up loop behind it, as a process of its own: each line on its input ends a cycle."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import uvicorn

from benchmarks.cockpit.made_up import MadeUp
from benchmarks.cockpit.wide_city import WideCity
from networks import City
from twin.api.server import StateFeed, loopback_socket, make_app
from twin.desk import Desk
from viz import base_layers


def main(folder: str, copies: str) -> None:
    """Serve until the input ends; tell the port, then the second at which each cycle ended."""
    city = WideCity(City.open(Path(folder)), int(copies))
    loop = MadeUp(city)
    desk = Desk.open(Path(tempfile.mkdtemp()) / "desk.sqlite")
    listening = loopback_socket(0)
    port = listening.getsockname()[1]
    state = StateFeed(loop.state, version=lambda: loop.hour().hour_id)
    app = make_app(layers=lambda: base_layers(city), state=state, desk=desk, port=port, hour=loop.hour)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    )
    print(json.dumps({"port": port, "edges": len(city.layer("edges"))}), flush=True)
    asyncio.run(_serve(server, listening, loop))


async def _serve(server: uvicorn.Server, listening: object, loop: MadeUp) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))  # type: ignore[list-item]
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            await asyncio.to_thread(loop.next_cycle)
            print(json.dumps({"cycle": loop.cycle, "ended_s": time.time()}), flush=True)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    main(*sys.argv[1:])
