"""The audit: what happened, whether its chain holds, and the stream of what happens."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel

from twin.api.behind import AuditFeed, Behind
from twin.api.routes.caller import needs
from twin.api.routes.said import READ, Limit, told
from twin.api.routes.streaming import STREAM, event, one_stream, stream
from twin.desk.audit import entry_json

After = Annotated[int, Query(ge=0, le=2**31 - 1, description="The number of the last entry that is known.")]
LastSeen = Annotated[str | None, Header(alias="Last-Event-ID", max_length=9)]


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
    routes = APIRouter(prefix="/api/audit", tags=["audit"], responses=told(*READ), dependencies=[needs("audit")])
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

    @routes.get("/events", response_class=Response, responses=STREAM, dependencies=[Depends(one_stream(behind))])
    async def events(after: After | None = None, last_event_id: LastSeen = None) -> Response:
        """Each entry as it happens (event `entry`, id = its number); `Last-Event-ID` or `after` goes on where one was.

        Without either it begins with the next thing that happens.
        """
        known = last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit()
        seq = int(last_event_id or 0) if known else await feed.last() if after is None else after

        async def step() -> list[bytes]:
            nonlocal seq
            found = await feed.after(seq, 100)
            seq = found[-1].seq if found else seq
            return [event("entry", json.dumps(entry_json(one), ensure_ascii=False), one.seq) for one in found]

        return stream(step, feed.pause_s)

    return routes
