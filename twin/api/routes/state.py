"""The page's map layers, the state now, its stream, and the next hour in steps."""

from __future__ import annotations

import asyncio
import json

from fastapi import APIRouter, Depends, Response

from networks.errors import NotThere
from twin.api.beforehand import Beforehand
from twin.api.behind import Behind
from twin.api.routes.caller import needs
from twin.api.routes.said import READ, told
from twin.api.routes.streaming import STREAM, event, one_stream, stream

LOOK_S = 0.05
"""How often an open stream looks whether a cycle has ended: pages are to show it within half a second."""


def router(behind: Behind) -> APIRouter:
    """GET /api/city, /api/state, /api/hour, /api/events."""
    routes = APIRouter(tags=["state"], responses=told(*READ), dependencies=[needs("see")])
    kept: dict[str, str] = {}
    once = asyncio.Lock()
    state = behind.state
    packed = Beforehand(lambda: json.dumps(behind.layers(), ensure_ascii=False, allow_nan=False))

    @routes.get("/api/city")
    async def city() -> Response:
        """The static map layers: streets, names, blocks; the same until the service starts again."""
        return Response(await asyncio.to_thread(packed.text), media_type="application/json")

    @routes.get("/api/state")
    async def state_now() -> Response:
        """What the cockpit shows: the city now and in the next hour, feeds, recommendations."""
        return Response(await state.text(), media_type="application/json")

    @routes.get("/api/hour")
    async def hour() -> Response:
        """Now and the next hour in steps: streets, queues, water, sites, units (`state.hour.id` says which)."""
        now = behind.hour()
        if now is None:
            raise NotThere("nothing is forecast yet", expected="a cycle of the twin that has ended")
        async with once:
            if kept.get("hour_id") != now.hour_id:
                kept["hour"] = await asyncio.to_thread(
                    lambda: json.dumps(now.told(), ensure_ascii=False, allow_nan=False)
                )
                kept["hour_id"] = now.hour_id
        return Response(kept["hour"], media_type="application/json")

    @routes.get("/api/events", response_class=Response, responses=STREAM, dependencies=[Depends(one_stream(behind))])
    async def events() -> Response:
        """The state again whenever it changed (event `state`). Who reads slowly misses states, and gets the newest."""
        last = ""

        async def step() -> list[bytes]:
            nonlocal last
            text = await state.text()
            changed, last = text != last, text
            return [event("state", text)] if changed else []

        return stream(step, min(state.pause_s, LOOK_S))

    return routes
