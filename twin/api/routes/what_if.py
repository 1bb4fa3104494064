"""What-ifs: planners ask, the queue answers one at a time, everybody may look."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import NotThere
from networks.sentence import Sentence
from twin.api.behind import Behind
from twin.api.routes.caller import acting, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Id, Who, plain_json, told
from twin.api.routes.streaming import STREAM, event, one_stream, stream
from twin.whatif import Question, WhatIf, WhatIfs, about, as_yaml, opened, scenario_of

PAUSE_S = 0.5
SEE, PLAN = [needs("see")], [needs("what-if")]
FILE: dict[int | str, dict[str, Any]] = {200: {"description": "A file.", "content": {"application/octet-stream": {}}}}
Queue = Callable[[], WhatIfs]
Text = Annotated[str, Field(min_length=1, max_length=60_000, pattern=NO_CONTROLS)]


class AskedBody(BaseModel):
    """A what-if: the fields of a scenario file, drivers' responses side by side, and what may be spent."""

    model_config = ConfigDict(extra="forbid")

    scenario: dict[str, Any]
    responses: str = Field("none,equilibrium", min_length=1, max_length=200, pattern=NO_CONTROLS)
    members: int = Field(4, ge=1, le=64)
    budget_s: float = Field(1800.0, ge=10.0, le=86_400.0)
    who: Who | None = None

    def question(self) -> Question:
        """Without who asks."""
        return Question(
            scenario=plain_json(self.scenario), **self.model_dump(include={"responses", "members", "budget_s"})
        )


class TextBody(BaseModel):
    """The text of a scenario file."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class EndingBody(BaseModel):
    """Who ends it, where nobody is signed in."""

    model_config = ConfigDict(extra="forbid")

    who: Who | None = None


class WhatIfTold(BaseModel):
    """A what-if as it stands; `told` says why, where there is something to say."""

    key: str
    name: str
    title: Sentence
    who: str
    at: datetime
    responses: str
    members: int
    budget_s: float
    state: Literal["waiting", "running", "done", "ended", "failed"]
    told: Sentence | None
    progress: dict[str, Any]
    has_result: bool


class MeasureTold(BaseModel):
    """A measure that a comparison may show."""

    name: str
    title: Sentence
    unit: str
    better: str


def router(behind: Behind) -> APIRouter:
    """/api/what-if."""
    routes = APIRouter(prefix="/api/what-if", tags=["what-if"])

    def queue() -> WhatIfs:
        if behind.what_ifs is None:
            raise NotThere("this service has no planning desk", remedy="twin serve CITY")
        return behind.what_ifs

    _asking(routes, behind, queue)
    _writing(routes, queue)
    _following(routes, behind, queue)
    _reading(routes, queue)
    pages = APIRouter()
    pages.include_router(routes)
    _pages(pages, queue)
    return pages


def _pages(routes: APIRouter, queue: Queue) -> None:
    """The planning desk itself, and how each comparison was made."""

    @routes.get("/what-if", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        from viz import what_if_page

        return what_if_page()

    @routes.get("/what-if/{key}/method", response_class=HTMLResponse, include_in_schema=False, dependencies=SEE)
    def method(key: Id) -> str:
        from viz import method_page

        found = queue().one(key)
        result = json.loads(_there(found.folder / "result.json").read_text(encoding="utf-8"))
        return method_page(result, about(found, result, queue().city, queue().runs))


def _asking(routes: APIRouter, behind: Behind, queue: Queue) -> None:
    """Ask, and end."""

    @routes.post("", status_code=201, responses=told(*ACT), dependencies=PLAN)
    def ask(body: AskedBody, request: Request) -> WhatIfTold:
        """Put it at the end of the queue; it is checked against the city first."""
        who, _ = acting(behind, request, body.who)
        return _told(queue().ask(body.question(), who))

    @routes.post("/{key}/ending", responses=told(*ACT), dependencies=PLAN)
    def ending(key: Id, body: EndingBody, request: Request) -> WhatIfTold:
        """Stop it, whether it waits or runs; what was found stays."""
        who, _ = acting(behind, request, body.who)
        return _told(queue().end(key, who))


def _writing(routes: APIRouter, queue: Queue) -> None:
    """Scenario files, out and in, and what a comparison may show."""

    @routes.post("/file", responses=told(*ACT) | FILE, response_class=Response, dependencies=PLAN)
    def written(body: AskedBody) -> Response:
        """The scenario file that `twin run` takes, without running it."""
        scenario = scenario_of(body.question(), queue().city.folder.name)
        return _file(as_yaml(scenario).encode(), f"{scenario.name}.yaml", "application/yaml")

    @routes.post("/opening", responses=told(*ACT), dependencies=PLAN)
    def opening(body: TextBody) -> dict[str, Any]:
        """A scenario file as the fields that a page edits; it may name no other file."""
        return opened(body.text).model_dump(mode="json")

    @routes.get("/measures", responses=told(*READ), dependencies=SEE)
    def measures() -> list[MeasureTold]:
        """What a comparison may show."""
        from scenarios import MEASURES
        from viz.phrases import measure_title

        return [
            MeasureTold(name=name, title=measure_title(name), unit=one.unit, better=one.better)
            for name, one in MEASURES.items()
        ]


def _following(routes: APIRouter, behind: Behind, queue: Queue) -> None:
    """The list, and its stream."""

    def all_of_them() -> str:
        return json.dumps([_told(one).model_dump(mode="json") for one in queue().all()], ensure_ascii=False)

    @routes.get("", responses=told(*READ), dependencies=SEE)
    def listed() -> list[WhatIfTold]:
        """Newest first."""
        return [_told(one) for one in queue().all()]

    one_each = Depends(one_stream(behind))

    @routes.get("/events", response_class=Response, responses=told(*READ) | STREAM, dependencies=[*SEE, one_each])
    async def events() -> Response:
        """All what-ifs again whenever one has changed (event `what-ifs`)."""
        queue()
        last = ""

        async def step() -> list[bytes]:
            nonlocal last
            text = await asyncio.to_thread(all_of_them)
            changed, last = text != last, text
            return [event("what-ifs", text)] if changed else []

        return stream(step, PAUSE_S)


def _reading(routes: APIRouter, queue: Queue) -> None:
    """One, and its files."""

    @routes.get("/{key}", responses=told(*READ), dependencies=SEE)
    def one(key: Id) -> WhatIfTold:
        """One by its key."""
        return _told(queue().one(key))

    @routes.get("/{key}/files/{name}", responses=told(*READ) | FILE, response_class=Response, dependencies=SEE)
    def file(key: Id, name: Id) -> Response:
        """scenario.yaml, result.json, streets.json, user_benefits.csv, or assigned.zip (flows, turns, matrices)."""
        found = queue().one(key)
        if name == "assigned.zip":
            return _file(_zipped(_there(found.folder / "assigned")), f"{found.name}-assigned.zip", "application/zip")
        if name not in FILES:
            raise NotThere(f"a what-if has no file {name!r}", expected=", ".join((*FILES, "assigned.zip")))
        place, kind = FILES[name]
        saved = f"{found.name}.yaml" if name == "scenario.yaml" else f"{found.name}-{name}"
        return _file(_there(found.folder / place).read_bytes(), saved, kind)


FILES = {
    "scenario.yaml": ("scenario.yaml", "application/yaml"),
    "result.json": ("result.json", "application/json"),
    "streets.json": ("streets.json", "application/json"),
    "user_benefits.csv": ("assigned/user_benefits.csv", "text/csv"),
}


def _told(one: WhatIf) -> WhatIfTold:
    return WhatIfTold.model_validate(one, from_attributes=True)


def _there(place: Path) -> Path:
    if not place.exists():
        raise NotThere(
            f"there is no {place.name} yet", remedy="wait for its first member; a road must be closed for an assignment"
        )
    return place


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return out.getvalue()


def _file(body: bytes, name: str, kind: str) -> Response:
    return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
