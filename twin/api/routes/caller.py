"""Who asks, and whether their role may."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, HTTPException, Request

from twin.api.behind import Behind
from twin.desk import People, Person, may, same_person

BEARER = {"WWW-Authenticate": 'Bearer realm="citytwin"'}
ONLY_SIGNED_IN = ("people", "authority")


def caller(request: Request) -> Person | None:
    """The person who is signed in; None on loopback, where nobody has to."""
    person: Person | None = getattr(request.state, "person", None)
    return person


def check(request: Request, act: str) -> None:
    """Answer 403 when the caller's role may not do this, and 401 when they must sign in first."""
    person = caller(request)
    if person is None and act in ONLY_SIGNED_IN:
        raise HTTPException(401, "sign in: this is never done without", headers=BEARER)
    if person is not None and not may(person.role, act):
        raise HTTPException(403, f"the role {person.role} may not do this ({act})")


def needs(act: str) -> Any:
    """A dependency that checks an act."""

    def allowed(request: Request) -> None:
        check(request, act)

    return Depends(allowed)


def acting(behind: Behind, request: Request, who: str | None) -> tuple[str, str | None]:
    """The name and the role that a decision is entered under.

    Who is signed in acts under their own name. Where nobody has to sign in a name is taken at its word, until the
    desk knows people.
    """
    person = caller(request)
    if person is not None:
        if who is not None and same_person(who) != same_person(person.name):
            raise HTTPException(403, f"you are signed in as {person.name} and cannot act as somebody else")
        return person.name, person.role
    if People(behind.book).all():
        raise HTTPException(401, "sign in: this desk knows its people", headers=BEARER)
    if who is None:
        raise HTTPException(400, "body.who: who decides?")
    return who, None
