"""Reports of a served town: those that were made, their files, and one more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import BadInput, NotThere
from twin.api.behind import Behind
from twin.api.routes.caller import needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Id, told
from twin.desk import Cases
from twin.reports import Shelf, Shelved

ZONE = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+\-/]+$")]


class ReportAsked(BaseModel):
    """What to make: the day's report (without `day` that of the last cycle), or the review of a case."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["day", "review"]
    day: date | None = None
    case: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROLS)] | None = None
    timezone: ZONE = "UTC"


class ReportTold(BaseModel):
    """A report: `key` names its folder; `problem` says why it failed."""

    key: str
    state: Literal["making", "made", "failed"]
    made_at: datetime | None
    files: list[str]
    problem: str


class ReportsTold(BaseModel):
    """All reports, and the cases that can be reviewed."""

    reports: list[ReportTold]
    cases: list[str]


def router(behind: Behind) -> APIRouter:
    """/api/reports, and the files at /reports/KEY/NAME."""
    routes = APIRouter(tags=["reports"], dependencies=[needs("audit")])

    @routes.get("/api/reports", responses=told(*READ))
    def listed() -> ReportsTold:
        """Every report, the newest day first."""
        cases = [one.case_id for one in Cases(behind.book).all()]
        return ReportsTold(reports=[_told(one) for one in _shelf(behind).all()], cases=cases)

    @routes.post("/api/reports", responses=told(*ACT), status_code=202)
    def make(asked: ReportAsked) -> ReportTold:
        """Begin to make one; it takes seconds to a minute, beside the loop, and one at a time."""
        shelf = _shelf(behind)
        try:
            ZoneInfo(asked.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise BadInput("body.timezone: no such time zone", expected="a name such as Asia/Shanghai") from error
        if asked.kind == "day":
            return _told(shelf.day(asked.day, asked.timezone))
        if asked.case is None:
            raise BadInput("body.case: which case?", expected="one that /api/reports lists")
        return _told(shelf.review(asked.case, asked.timezone))

    @routes.get("/reports/{key}/{name}", include_in_schema=False)
    def file(key: Id, name: Id) -> FileResponse:
        """A file; pages run no script but our own, everything else is saved."""
        from viz.reports.shelf_page import report_policy

        place = _shelf(behind).file(key, name)
        if place.suffix == ".html":
            return FileResponse(place, headers={"content-security-policy": report_policy()})
        shown = place.suffix == ".pdf"
        return FileResponse(place, filename=place.name, content_disposition_type="inline" if shown else "attachment")

    return routes


def _shelf(behind: Behind) -> Shelf:
    if behind.reports is None:
        raise NotThere("this server keeps no reports", remedy="twin serve CITY --case RUN.sumocfg keeps them")
    return behind.reports


def _told(one: Shelved) -> ReportTold:
    return ReportTold(key=one.key, state=one.state, made_at=one.made_at, files=list(one.files), problem=one.problem)  # type: ignore[arg-type]
