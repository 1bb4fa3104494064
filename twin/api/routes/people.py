"""Who may sit at the desk; signing in and out of the pages."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import Refused
from twin.api.behind import Behind
from twin.api.doorkeeper import COOKIE, LONGEST_TOKEN
from twin.api.pages import pages_for
from twin.api.routes.caller import BEARER, caller, needs
from twin.api.routes.said import ACT, READ, Id, Who, told
from twin.api.sign_in import EitherSignIn
from twin.desk import People, Person

Role = Literal["viewer", "operator", "engineer", "planner", "administrator"]


class PersonTold(BaseModel):
    """Somebody at the desk."""

    name: str
    role: str


class Me(BaseModel):
    """Who is signed in; null where nobody is."""

    name: str | None
    role: str | None
    pages: list[str] = Field(description="addresses of the pages that this server has and the role may use")


class NewPerson(BaseModel):
    """Somebody to let in."""

    model_config = ConfigDict(extra="forbid")

    name: Who
    role: Role


class Nothing(BaseModel):
    """No more to say; yet it is JSON, which a foreign form cannot send."""

    model_config = ConfigDict(extra="forbid")


class Token(BaseModel):
    """A token: told once, and kept nowhere."""

    name: str
    token: str


class TokenBody(BaseModel):
    """What proves who signs in."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN, pattern=r"^[!-~]*$")]


def router(behind: Behind) -> APIRouter:
    """/api/people, /api/me, /sign-in, /sign-out."""
    routes = APIRouter(tags=["people"])
    people = People(behind.book)
    sign_in = behind.sign_in or EitherSignIn(people)

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

    @routes.get("/api/me", responses=told(*READ))
    def me(request: Request) -> Me:
        """Who is signed in."""
        person = caller(request)
        name, role = (person.name, person.role) if person else (None, None)
        return Me(name=name, role=role, pages=pages_for(role))

    @routes.post("/sign-in", responses=told(*ACT))
    async def signed_in(body: TokenBody, request: Request, response: Response) -> PersonTold:
        """Keep a token in a cookie that scripts cannot read and other sites' pages cannot send."""
        try:
            person: Person = await asyncio.to_thread(sign_in.who, body.token)
        except Refused as error:
            raise HTTPException(401, error.what, headers=BEARER) from error
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, body.token, httponly=True, samesite="strict", secure=secure, path="/")
        return PersonTold(name=person.name, role=person.role)

    @routes.post("/sign-out", status_code=204, responses=told(*ACT))
    def signed_out(_body: Nothing, response: Response) -> None:
        """Forget the cookie."""
        response.delete_cookie(COOKIE, path="/")

    return routes


def _by(request: Request) -> str:
    person = caller(request)
    assert person is not None  # needs("people") saw to it
    return person.name
