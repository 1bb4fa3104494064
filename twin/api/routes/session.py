"""Signing in and out of the pages, who is signed in, and who is on duty."""

from __future__ import annotations

import asyncio
import math
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import Refused
from twin.api.behind import Behind
from twin.api.doorkeeper import COOKIE, LONGEST_TOKEN
from twin.api.pages import pages_for
from twin.api.routes.caller import BEARER, caller, needs
from twin.api.routes.said import ACT, READ, told
from twin.api.sign_in import EitherSignIn
from twin.desk import ACTS, People, Person, may


class PersonTold(BaseModel):
    """Somebody at the desk."""

    name: str
    role: str


class Me(BaseModel):
    """Who is signed in; null where nobody is."""

    name: str | None
    role: str | None
    pages: list[str] = Field(description="Addresses of the pages that this server has and the role may use.")
    may: list[str] = Field(description="What they may do; where nobody has to sign in, all that needs no name.")
    idle_s: float | None = Field(description="Without a key or a click for so long the page ends the session.")


class OnDutyTold(BaseModel):
    """Somebody on duty, and how they are reached."""

    agency: str
    name: str
    call: str
    begins: datetime
    ends: datetime


class Nothing(BaseModel):
    """No more to say; yet it is JSON, which a foreign form cannot send."""

    model_config = ConfigDict(extra="forbid")


class TokenBody(BaseModel):
    """What proves who signs in."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN, pattern=r"^[!-~]*$")]


def router(behind: Behind) -> APIRouter:
    """/api/me, /api/roster, /sign-in, /sign-out."""
    routes = APIRouter(tags=["people"])
    people = People(behind.book)
    sign_in = behind.sign_in or EitherSignIn(people)

    @routes.get("/api/roster", responses=told(*READ), dependencies=[needs("audit")])
    def roster() -> list[OnDutyTold]:
        """Who is on duty now, by agency; empty where no roster was given."""
        return [OnDutyTold.model_validate(one, from_attributes=True) for one in behind.roster()]

    def keep_cookie(response: Response, request: Request, token: str, person: Person) -> None:
        """Until the session's end: who only looks (a wall) has none, everybody else must do something now and then."""
        secure, idle_s = request.url.scheme == "https", behind.idle_of(person.role)
        age = None if idle_s is None else math.ceil(idle_s)
        response.set_cookie(COOKIE, token, age, httponly=True, samesite="strict", secure=secure, path="/")

    @routes.get("/api/me", responses=told(*READ))
    def me(request: Request) -> Me:
        """Who is signed in, and what they may do."""
        person = caller(request)
        if person is None:
            known = bool(people.all())
            return Me(name=None, role=None, pages=pages_for(None), may=["see"] if known else [*ACTS], idle_s=None)
        may_do = [act for act in ACTS if may(person.role, act)]
        pages, idle_s = pages_for(person.role), behind.idle_of(person.role)
        return Me(name=person.name, role=person.role, pages=pages, may=may_do, idle_s=idle_s)

    @routes.post("/api/me/stay", status_code=204, responses=told(*ACT))
    def stay(_body: Nothing, request: Request, response: Response) -> None:
        """The session goes on: the page asks for it while somebody uses it."""
        person, token = caller(request), request.cookies.get(COOKIE)
        if person is not None and token is not None:
            keep_cookie(response, request, token, person)

    @routes.post("/sign-in", responses=told(*ACT))
    async def signed_in(body: TokenBody, request: Request, response: Response) -> PersonTold:
        """Keep a token in a cookie that scripts cannot read and other sites' pages cannot send."""
        try:
            person: Person = await asyncio.to_thread(sign_in.who, body.token)
        except Refused as error:
            raise HTTPException(401, error.what, headers=BEARER) from error
        keep_cookie(response, request, body.token, person)
        return PersonTold(name=person.name, role=person.role)

    @routes.post("/sign-out", status_code=204, responses=told(*ACT))
    def signed_out(_body: Nothing, response: Response) -> None:
        """Forget the cookie."""
        response.delete_cookie(COOKIE, path="/")

    return routes
