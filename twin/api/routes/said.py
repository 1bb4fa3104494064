"""What comes in and what goes out: texts, errors, and what every address may answer."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field

from networks.errors import BadInput

NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Id = Annotated[str, Path(min_length=1, max_length=200, pattern=NO_CONTROLS)]
Limit = Annotated[int, Query(ge=1, le=1000, description="Rows at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Rows to pass over.")]
Who = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROLS)]
Reason = Annotated[str, Field(min_length=1, max_length=4000, pattern=NO_CONTROLS)]


class Problem(BaseModel):
    """What went wrong, told to the person who can mend it."""

    error: str
    expected: str | None = None
    remedy: str | None = None


WORDS = {
    400: "Something given cannot be used.",
    401: "Nobody is signed in, or the token is not good.",
    403: "This role may not, or another site's page asked.",
    404: "There is no such thing.",
    409: "Not allowed now: decided already, expired, changed meanwhile.",
    413: "The body is too long, or its length is not told.",
    415: "Not application/json.",
    421: "Another host was asked for.",
    429: "Too many requests; Retry-After says when.",
    503: "It could not be answered in time, or the database is away.",
}
READ, ACT = (400, 401, 403, 404, 421, 429, 503), tuple(WORDS)


def told(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What an address may answer beside 200, for its description."""
    return {code: {"model": Problem, "description": WORDS[code]} for code in codes}


def plain_json(given: Any) -> Any:
    """JSON that a database can hold: no characters that are none, no numbers that are none, not nested for ever.

    Raises:
        BadInput: It is not.
    """
    try:
        text = json.dumps(given, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "it cannot be kept as JSON", place="body", expected="finite numbers and whole characters"
        ) from error
    if "\\u0000" in text:
        raise BadInput("it holds a character that no text has", place="body", expected="text without NUL")
    return given
