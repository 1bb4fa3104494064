"""Who may sit at the desk."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from twin.api.behind import Behind
from twin.api.routes.caller import caller, needs
from twin.api.routes.said import ACT, READ, Id, Who, told
from twin.api.routes.session import Nothing, PersonTold
from twin.desk import People

Role = Literal["viewer", "operator", "engineer", "planner", "administrator"]


class NewPerson(BaseModel):
    """Somebody to let in."""

    model_config = ConfigDict(extra="forbid")

    name: Who
    role: Role


class Token(BaseModel):
    """A token: told once, and kept nowhere."""

    name: str
    token: str


def router(behind: Behind) -> APIRouter:
    """/api/people."""
    routes = APIRouter(tags=["people"])
    people = People(behind.book)

    @routes.get("/api/people", responses=told(*READ), dependencies=[needs("people")])
    def listed() -> list[PersonTold]:
        """Everybody, by name."""
        return [PersonTold(name=one.name, role=one.role) for one in people.all()]

    @routes.post("/api/people", status_code=201, responses=told(*ACT), dependencies=[needs("people")])
    def add(body: NewPerson, request: Request) -> Token:
        """Let somebody in; the answer holds their token, which cannot be asked for again."""
        return Token(name=body.name, token=people.add(body.name, body.role, by=_by(request)))

    @routes.post("/api/people/{name}/token", responses=told(*ACT), dependencies=[needs("people")])
    def renew(name: Id, _body: Nothing, request: Request) -> Token:
        """A new token; the one before opens nothing any more."""
        return Token(name=name, token=people.renew(name, by=_by(request)))

    @routes.delete("/api/people/{name}", status_code=204, responses=told(*ACT), dependencies=[needs("people")])
    def remove(name: Id, request: Request) -> None:
        """Somebody leaves; what they did stays in the audit."""
        people.remove(name, by=_by(request))

    return routes


def _by(request: Request) -> str:
    person = caller(request)
    assert person is not None  # needs("people") saw to it
    return person.name
