"""The cockpit's HTTP API on loopback: page, map layers, state, server-sent events, decisions."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import BadInput, NotThere, Refused, StorageFailed, TwinError
from twin.api.gate import Gate

if TYPE_CHECKING:
    from twin.desk import Desk

STATUSES = {BadInput: 400, NotThere: 404, Refused: 409, StorageFailed: 503}


class DecisionBody(BaseModel):
    """What an operator decides."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approve", "reject"]
    who: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=4000)


class StateFeed:
    """The newest state as JSON text, made at most once per `pause_s` however many pages look at it.

    Args:
        make: Makes the state; called in a thread.
        pause_s: Wall seconds.
    """

    def __init__(self, make: Callable[[], dict[str, Any]], *, pause_s: float = 1.0) -> None:
        self._make, self.pause_s = make, pause_s
        self._text, self._made = "", -1e9
        self._turn = asyncio.Lock()

    async def text(self, *, fresh: bool = False) -> str:
        """The state as JSON text; `fresh`: made now, after a decision."""
        async with self._turn:
            if fresh or time.monotonic() - self._made >= self.pause_s:
                self._text = json.dumps(await asyncio.to_thread(self._make), ensure_ascii=False, allow_nan=False)
                self._made = time.monotonic()
            return self._text


def make_app(
    *,
    layers: Callable[[], dict[str, Any]],
    state: StateFeed,
    desk: Desk,
    port: int,
    before_decision: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application behind its gate.

    Args:
        layers: The static map layers, JSON-ready; asked for once.
        state: Of the live loop.
        desk: Where decisions go.
        port: The port that will be listened on.
        before_decision: Called before each decision (sets the desk's clock in a replay).
    """
    app = FastAPI(title="citytwin cockpit", docs_url=None, redoc_url=None)
    app.add_middleware(Gate, port=port)
    kept: dict[str, str] = {}
    once = asyncio.Lock()

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        from viz import cockpit_page

        return cockpit_page()

    @app.get("/static/{name}")
    def asset(name: str) -> Response:
        from viz import cockpit_asset

        body, media_type = cockpit_asset(name)
        return Response(body, media_type=media_type)

    @app.get("/api/city")
    async def city() -> Response:
        async with once:
            if "city" not in kept:
                kept["city"] = json.dumps(await asyncio.to_thread(layers), ensure_ascii=False, allow_nan=False)
        return Response(kept["city"], media_type="application/json")

    @app.get("/api/state")
    async def state_now() -> Response:
        return Response(await state.text(), media_type="application/json")

    @app.get("/api/events", response_class=EventSourceResponse)
    async def events() -> AsyncIterator[ServerSentEvent]:
        last = ""
        while True:
            text = await state.text()
            if text != last:
                yield ServerSentEvent(raw_data=text, event="state", retry=2000)
                last = text
            await asyncio.sleep(state.pause_s)

    @app.post("/api/recommendations/{rec_id}/decision")
    async def decide(rec_id: Annotated[str, Path(max_length=200)], body: DecisionBody) -> dict[str, Any]:
        def enter() -> str:
            before_decision()
            return desk.decide(desk.exactly(rec_id).rec_id, body.decision, who=body.who, why=body.reason).status

        status = await asyncio.to_thread(enter)
        await state.text(fresh=True)
        return {"rec_id": rec_id, "status": status}

    _tell_errors(app)
    return app


def _tell_errors(app: FastAPI) -> None:
    @app.exception_handler(TwinError)
    async def told(_request: Request, error: TwinError) -> JSONResponse:
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        return JSONResponse({"error": error.what, "expected": error.expected, "remedy": error.remedy}, status)

    @app.exception_handler(RequestValidationError)
    async def misread(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return JSONResponse({"error": f"{place}: {first['msg']}", "expected": None, "remedy": None}, 400)


def loopback_socket(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1 and nowhere else; port 0 lets the system choose.

    Raises:
        BadInput: The port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise BadInput(
            f"port {port} cannot be used: {error.strerror}",
            place="--port",
            remedy="choose another, or 0 for any free one",
        ) from error
    listening.listen(64)
    return listening
