"""Whether the service lives, whether it can be relied on, and its figures for Prometheus."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from networks.errors import TwinError
from twin.api.behind import Behind
from twin.api.figure import exposition
from twin.api.metrics import figures_of
from twin.api.routes.caller import needs
from twin.api.routes.said import told

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Health(BaseModel):
    """How it is."""

    status: str
    why: str = ""


def router(behind: Behind) -> APIRouter:
    """/health/live, /health/ready, /metrics."""
    routes = APIRouter(tags=["health"])

    @routes.get("/health/live", responses=told(421))
    async def live() -> Health:
        """It answers: start it again only where this fails."""
        return Health(status="live")

    @routes.get("/health/ready", response_model=Health, responses={503: {"model": Health}, **told(421)})
    async def ready() -> Response:
        """The database answers and the loop is in step; 503 with the reason otherwise."""
        why = await asyncio.to_thread(_why_not, behind)
        answer = Health(status="ready" if not why else "not ready", why=why)
        return JSONResponse(answer.model_dump(), 503 if why else 200)

    @routes.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses=told(401, 403, 421, 429, 503),
        dependencies=[needs("see")],
    )
    async def metrics() -> Response:
        """Figures in Prometheus' text format 0.0.4."""
        figures = await asyncio.to_thread(figures_of, behind)
        return Response(exposition(figures), media_type=PROMETHEUS)

    return routes


def _why_not(behind: Behind) -> str:
    try:
        behind.book.clock()
    except TwinError as error:
        return error.what
    return behind.ready()
