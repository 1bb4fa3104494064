"""The mode of the twin, and what it may do on assets by itself."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from twin.api.behind import Behind
from twin.api.routes.caller import acting, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Reason, Who, told

Asset = Annotated[str, Query(min_length=1, max_length=200, pattern=NO_CONTROLS, description="signal:TLS, road:EDGE")]


class ModeTold(BaseModel):
    """How the twin works."""

    name: str
    cycle_s: float
    budget_s: float
    members: int
    horizon_s: float
    approvals: int


class ModeBody(BaseModel):
    """Which mode, and why."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["normal", "emergency"]
    reason: Reason
    who: Who | None = None


class AutonomyTold(BaseModel):
    """What the twin may do on an asset."""

    asset: str
    level: str


class AutonomyBody(BaseModel):
    """A level for an asset or a pattern such as signal:*; "file" gives back what the file of authority says."""

    model_config = ConfigDict(extra="forbid")

    asset: str = Field(min_length=1, max_length=200, pattern=NO_CONTROLS)
    level: Literal["shadow", "advise", "supervised", "bounded", "file"]
    reason: Reason
    who: Who | None = None


def router(behind: Behind) -> APIRouter:
    """/api/mode, /api/autonomy."""
    routes = APIRouter(tags=["mode"])
    desk = behind.desk

    def mode_told() -> ModeTold:
        return ModeTold.model_validate(desk.mode(), from_attributes=True)

    @routes.get("/api/mode", responses=told(*READ), dependencies=[needs("see")])
    def mode() -> ModeTold:
        """Usual days, or an emergency."""
        return mode_told()

    @routes.post("/api/mode", responses=told(*ACT), dependencies=[needs("mode")])
    def switch(body: ModeBody, request: Request) -> ModeTold:
        """Switch; logged with who and why."""
        who, role = acting(behind, request, body.who)
        desk.switch(body.mode, who=who, why=body.reason, role=role)
        return mode_told()

    @routes.get("/api/autonomy", responses=told(*READ), dependencies=[needs("see")])
    def autonomy(asset: Asset) -> AutonomyTold:
        """What the twin may do on an asset."""
        return AutonomyTold(asset=asset, level=desk.autonomy(asset))

    @routes.post("/api/autonomy", responses=told(*ACT), dependencies=[needs("autonomy")])
    def set_autonomy(body: AutonomyBody, request: Request) -> AutonomyTold:
        """Lower it, or give back what the file says; the answer is what holds now, never above the file's."""
        who, role = acting(behind, request, body.who)
        level = desk.set_autonomy(body.asset, body.level, who=who, why=body.reason, role=role)
        return AutonomyTold(asset=body.asset, level=level)

    return routes
