"""Passenger counts of vehicles (APC events of Helsinki's positioning): who got on and off at a stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calibration import Observation
from networks.errors import BadInput
from twin.feeds.formats.checks import items, members
from twin.feeds.formats.json_in import shown
from twin.feeds.formats.ranges import observed

_QUALITY = {"regular": "good", "defect": "suspect", "other": "suspect"}
_PEOPLE = frozenset({"adult", "child", "wheelchair", "other"})
_THINGS = frozenset({"pram", "bike"})


def counted(
    counts: Mapping[str, Any], mover: str, time: datetime, trip: str, where: Mapping[str, Any]
) -> list[Observation]:
    """How many people got on and off, over all doors; bicycles and prams are no people.

    Raises:
        BadInput: A door's count is none, so that the sum is not known.
    """
    quality = counts.get("countquality", "regular")
    if quality not in _QUALITY:
        raise BadInput(f"the quality is {shown(quality)!r}", place="countquality", expected=", ".join(_QUALITY))
    on = off = 0.0
    doors = items(counts.get("doorcounts", []), "doorcounts", 50)
    if not doors:
        return []
    for number, door in enumerate(doors):
        place = f"doorcounts[{number}]"
        for at, one in enumerate(items(members(door, place).get("count"), f"{place}.count", 50)):
            said = members(one, f"{place}.count[{at}]")
            sort = said.get("class")
            if sort in _THINGS:
                continue
            if sort not in _PEOPLE:
                expected = ", ".join(sorted(_PEOPLE | _THINGS))
                raise BadInput(f"the class is {shown(sort)!r}", place=f"{place}.count[{at}].class", expected=expected)
            on += observed("boarding", said.get("in"), f"{place}.count[{at}].in")
            off += observed("alighting", said.get("out"), f"{place}.count[{at}].out")
    details = dict(where) | ({"trip": trip} if trip else {})
    good = _QUALITY[quality]
    return [
        Observation(mover, "boarding", time, 0.0, on, good, time, False, details),
        Observation(mover, "alighting", time, 0.0, off, good, time, False, details),
    ]
