"""What may be asked of a collection: bbox, datetime, limit and offset, as OGC 17-069r4 defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from networks.errors import BadInput
from twin.api.features.collection import Bounds


class LIMIT:
    """How many features a page may have."""

    usual = 10
    most = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes:
        bounds: West, south, east, north in degrees; None: everywhere.
        begin: From this moment; None: open.
        end: To this moment; None: open.
        limit: Features at most.
        offset: Features to pass over.
    """

    bounds: Bounds | None
    begin: datetime | None
    end: datetime | None
    limit: int
    offset: int


def read_asking(bbox: str | None, interval: str | None, limit: int, offset: int) -> Asked:
    """The question in a request's parameters.

    Raises:
        BadInput: A value that is none (/req/core/query-param-invalid).
    """
    bounds = read_bounds(bbox) if bbox is not None else None
    begin, end = read_interval(interval) if interval is not None else (None, None)
    return Asked(bounds, begin, end, min(limit, LIMIT.most), offset)


def read_bounds(text: str) -> Bounds:
    """A box from four numbers, or six with heights, which are passed over.

    Raises:
        BadInput: It is none.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise BadInput(f"no box: {text[:80]!r}", place="bbox", expected="west,south,east,north in degrees")
    west, south, east, north = numbers
    if south > north or not -90 <= south <= north <= 90 or not all(-180 <= one <= 180 for one in (west, east)):
        raise BadInput(f"no box on the earth: {text[:80]!r}", place="bbox", expected="west,south,east,north in degrees")
    return west, south, east, north


def read_interval(text: str) -> tuple[datetime | None, datetime | None]:
    """A moment (RFC 3339), or an interval A/B, where ".." or nothing is open.

    Raises:
        BadInput: It is none.
    """
    parts = text.split("/")
    if len(parts) > 2 or (len(parts) == 1 and parts[0] in ("", "..")):
        raise BadInput(f"no time: {text[:80]!r}", place="datetime", expected="a time with a zone, or begin/end")
    moments = [None if part in ("", "..") else _moment(part) for part in parts]
    begin, end = moments[0], moments[-1]
    if begin is not None and end is not None and begin > end:
        raise BadInput(f"it ends before it begins: {text[:80]!r}", place="datetime", expected="begin/end")
    return begin, end


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise BadInput(f"no time: {text[:80]!r}", place="datetime", expected="2026-07-17T15:00:00Z") from error
    if moment.tzinfo is None or len(text) < 20:
        raise BadInput(f"a time without a zone: {text[:80]!r}", place="datetime", expected="2026-07-17T15:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(f"no time: {text[:80]!r}", place="datetime", expected="2026-07-17T15:00:00Z") from error
