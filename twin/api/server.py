"""The application: the cockpit's page and every address of the API behind one gate."""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException as HttpError
from starlette.routing import compile_path

from networks.errors import BadInput, NotThere, Refused, StorageFailed, TwinError
from twin.api.behind import Behind, StateFeed
from twin.api.describing import describe
from twin.api.doorkeeper import Doorkeeper
from twin.api.gate import Gate
from twin.api.outdating import Outdating
from twin.api.routes import (
    alarms,
    audit,
    cases,
    features,
    health,
    mode,
    outcomes,
    outgoing,
    people,
    recommendations,
    reports,
    session,
    signals,
    state,
    what_if,
)
from twin.api.sign_in import EitherSignIn
from twin.api.tiles import Tiles, layers_with
from twin.api.tongue import Tongue
from twin.desk import People

if TYPE_CHECKING:
    from twin.desk import Desk
    from twin.live import Hour
    from twin.signals import SignalGround

__all__ = ["Behind", "StateFeed", "application", "loopback_socket", "make_app"]

STATUSES = {BadInput: 400, NotThere: 404, Refused: 409, StorageFailed: 503}
NOUNS = (
    state,
    recommendations,
    alarms,
    cases,
    outgoing,
    outcomes,
    mode,
    audit,
    people,
    session,
    features,
    health,
    signals,
    what_if,
    reports,
)


def make_app(
    *,
    layers: Callable[[], dict[str, Any]],
    state: StateFeed,
    desk: Desk,
    port: int,
    before_decision: Callable[[], None] = lambda: None,
    signals: Callable[[], SignalGround] | None = None,
    hour: Callable[[], Hour | None] = lambda: None,
    tiles: Tiles | None = None,
) -> FastAPI:
    """The application behind its gate, on loopback, where nobody has to sign in until the desk knows people.

    Args:
        layers: The static map layers, JSON-ready; asked for once.
        state: Of the live loop.
        desk: Where decisions go.
        port: The port that will be listened on.
        before_decision: Called before each decision (sets the desk's clock in a replay).
        signals: Of the city, for the engineers' workspace.
        hour: Now and the next hour in steps; None before there is one.
        tiles: A tile server beneath the map; None: the city's own layers.
    """
    layers = layers_with(layers, tiles)
    people = EitherSignIn(People(desk.book))
    app = application(Behind(desk, state, layers, before_decision, sign_in=people, signals=signals, hour=hour))
    app.add_middleware(Doorkeeper, sign_in=people, required=False)
    app.add_middleware(Gate, port=port, pictures=tiles.origin if tiles else "")
    app.add_middleware(Tongue)
    return app


def application(behind: Behind) -> FastAPI:
    """Every address, without a gate."""
    app = FastAPI(
        title="citytwin", version=version("citytwin"), docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> Response:
        from viz import cockpit_page

        return RedirectResponse(behind.front, 303) if behind.front else HTMLResponse(cockpit_page())

    @app.get("/sign-in", response_class=HTMLResponse, include_in_schema=False)
    def sign_in() -> str:
        from viz import sign_in_page

        return sign_in_page()

    @app.get("/signals", response_class=HTMLResponse, include_in_schema=False)
    def workspace() -> str:
        from viz.signals.pages.workspace import workspace_page

        return workspace_page()

    @app.get("/static/signals/{name}", include_in_schema=False)
    def workspace_file(name: str) -> Response:
        from viz.signals.pages.workspace import workspace_asset

        body, media_type = workspace_asset(name)
        return Response(body, media_type=media_type)

    @app.get("/reports", response_class=HTMLResponse, include_in_schema=False)
    def shelf() -> str:
        from viz.reports.shelf_page import shelf_page

        return shelf_page()

    @app.get("/static/reports/{name}", include_in_schema=False)
    def shelf_file(name: str) -> Response:
        from viz.reports.shelf_page import shelf_asset

        body, media_type = shelf_asset(name)
        return Response(body, media_type=media_type)

    @app.get("/static/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        from viz import cockpit_asset, what_if_asset

        body, media_type = what_if_asset(name) if name.startswith("what_if") else cockpit_asset(name)
        return Response(body, media_type=media_type)

    for noun in NOUNS:
        app.include_router(noun.router(behind))
    app.add_middleware(Outdating, state=behind.state)
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
        return _problem(400, f"{place}: {first['msg']}")

    @app.exception_handler(HttpError)
    async def refused(request: Request, error: HttpError) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(app, request.url.path)) or headers.get("Allow", "GET")
        return _problem(error.status_code, str(error.detail), headers)


def _methods(app: FastAPI, path: str) -> list[str]:
    """What may be done at an address, as it is described: its own words come before names in braces (OpenAPI 3.1)."""
    found = {one: told for one, told in describe(app)["paths"].items() if compile_path(one)[0].match(path)}
    nearest = min((one.count("{") for one in found), default=0)
    return sorted({method.upper() for one, told in found.items() if one.count("{") == nearest for method in told})


def _problem(status: int, words: str, headers: Any = None) -> JSONResponse:
    return JSONResponse({"error": words, "expected": None, "remedy": None}, status, headers=headers)


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
