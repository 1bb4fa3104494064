"""How drivers respond to what a scenario changes: a tagged union on `kind`, or the same in short, `informed(0.3)`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from scenarios.interventions import Share
from scenarios.text import Text

KnownWays = Literal["assigned", "settled"]


class _Response(Text):
    """The base of all responses.

    Attributes:
        known_ways: The ways that drivers know from before: `assigned`, from the guessed assignment of the hour; or
            `settled`, from the equilibrium of the same scenario without its interventions (gap of 1 %).
    """

    known_ways: KnownWays = "assigned"


class NoResponse(_Response):
    """The surprise: nobody hears of anything; everybody sets out on the way known from before.

    Attributes:
        at_closure: What they do who meet a shut road: `turn` round there and go by free-flow times (pull over and wait
            where no way leads on); `wait` before it until it opens; `give_up`, and leave the road.
    """

    kind: Literal["none"] = "none"
    at_closure: Literal["turn", "wait", "give_up"] = "turn"


class Informed(_Response):
    """Some hear of jams and closures and go round them; the others turn where they meet a closure.

    Attributes:
        share: Of all drivers; each one's rank is drawn beforehand, so a larger share holds the smaller one.
        from_when: From when on they hear, before departure or on the way; without it all the time.
    """

    kind: Literal["informed"] = "informed"
    share: Share = 0.5
    from_when: AwareDatetime | None = None


class DayToDay(_Response):
    """The same day again and again: drivers revise by what the days before were like; the last day counts.

    Attributes:
        days: Days, the first (nobody knows) and the last included.
    """

    kind: Literal["day_to_day"] = "day_to_day"
    days: int = Field(default=10, ge=2, le=200)


class Equilibrium(_Response):
    """The settled state: no driver would gain by another way. The first state that stays within the gap counts.

    Attributes:
        gap: Relative gap, in four iterations running: what drivers lose against the best way at their departure, over
            what the best ways take, both by the simulated edge times.
        most_days: Iterations at most; a member that is not settled by then says so.
    """

    kind: Literal["equilibrium"] = "equilibrium"
    gap: float = Field(default=0.01, gt=0.0, lt=1.0)
    most_days: int = Field(default=40, ge=4, le=500)


_SHORT = re.compile(r"\s*(?P<kind>[a-z_]+)\s*(?:\(\s*(?P<given>[^()]*?)\s*\))?\s*")
_ORDER = {
    "none": ("at_closure",),
    "informed": ("share", "from_when"),
    "day_to_day": ("days",),
    "equilibrium": ("gap", "most_days"),
}


def _long(told: Any) -> Any:
    """`informed(0.3)` as the dict that it is short for."""
    if not isinstance(told, str):
        return told
    found = _SHORT.fullmatch(told)
    kind = found["kind"] if found else told
    if not found or kind not in _ORDER:
        raise ValueError(f"unknown response; known: {', '.join(_ORDER)}, such as informed(0.3)")
    given = [part.strip() for part in (found["given"] or "").split(",")] if found["given"] else []
    if len(given) > len(_ORDER[kind]):
        raise ValueError(f"{kind} takes at most {len(_ORDER[kind])}: {', '.join(_ORDER[kind])}")
    return {"kind": kind, **dict(zip(_ORDER[kind], given, strict=False))}


_Union = Annotated[NoResponse | Informed | DayToDay | Equilibrium, Field(discriminator="kind")]
Response = Annotated[_Union, BeforeValidator(_long, json_schema_input_type=_Union | str)]


def repeated(response: Response) -> bool:
    """Whether the days before must be run to know this one."""
    return isinstance(response, DayToDay | Equilibrium) or response.known_ways == "settled"


def in_short(response: Response) -> str:
    """`informed(0.3)`: the kind, and what differs from its defaults in the order of the short form."""
    given = [getattr(response, name) for name in _ORDER[response.kind]]
    default = [type(response).model_fields[name].default for name in _ORDER[response.kind]]
    while given and given[-1] == default[-1]:
        given.pop(), default.pop()
    words = [f"{one:g}" if isinstance(one, float) else one.isoformat() if hasattr(one, "isoformat") else str(one)
             for one in given]  # fmt: skip
    return response.kind + (f"({', '.join(words)})" if words else "")
