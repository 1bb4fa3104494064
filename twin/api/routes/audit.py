"""The audit: what happened, whether its chain holds, and the stream of what happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from twin.api.behind import AuditFeed, Behind
from twin.api.routes.said import READ, Limit, told
from twin.api.routes.streaming import one_stream
from twin.desk.audit import entry_json

After = Annotated[int, Query(ge=0, le=2**31 - 1, description="The number of the last entry that is known.")]
LastSeen = Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)]


class EntryTold(BaseModel):
    """One thing that happened."""

    seq: int
    at: datetime
    clock_at: datetime
    who: str
    action: str
    rec_id: str | None
    detail: str


class BrokenTold(BaseModel):
    """A place where the chain does not hold."""

    seq: int
    what: str


class Verified(BaseModel):
    """Whether the chain holds."""

    whole: bool
    entries: int
    broken: list[BrokenTold]


def router(behind: Behind) -> APIRouter:
    """/api/audit."""
    routes = APIRouter(prefix="/api/audit", tags=["audit"], responses=told(*READ))
    feed = AuditFeed(behind.book)

    @routes.get("")
    def listed(after: After = 0, limit: Limit = 100) -> list[EntryTold]:
        """Entries after a number, oldest first."""
        return [EntryTold.model_validate(entry, from_attributes=True) for entry in feed.read(after, limit)]

    @routes.get("/verify")
    def verify() -> Verified:
        """Reads the whole chain: what was changed, taken out or put in between is named."""
        broken = [BrokenTold(seq=one.seq, what=one.what) for one in behind.book.broken()]
        return Verified(whole=not broken, entries=feed.newest(), broken=broken)

    @routes.get("/events", response_class=EventSourceResponse, dependencies=[Depends(one_stream(behind))])
    async def events(after: After | None = None, last_event_id: LastSeen = None) -> AsyncIterator[ServerSentEvent]:
        """Each entry as it happens (event `entry`, id = its number); `Last-Event-ID` or `after` goes on where one was.

        Without either it begins with the next thing that happens.
        """
        seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
        seq = await feed.last() if seen is None else seen
        yield ServerSentEvent(comment="begins", retry=2000)
        while True:
            for entry in await feed.after(seq, 100):
                seq = entry.seq
                text = json.dumps(entry_json(entry), ensure_ascii=False)
                yield ServerSentEvent(raw_data=text, event="entry", id=str(seq))
            await asyncio.sleep(feed.pause_s)

    return routes
