"""Published cases whose data lies in a folder of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from models.check import Check
from models.flood.validation.ea_test_4 import ea_test_4, recession
from models.flood.validation.macdonald import tabled
from models.flood.validation.merewether import by_inertia, by_shallow_water
from networks.errors import BadInput

CASES: dict[str, Callable[[Path], Iterator[Check]]] = {
    "flood/ea_test4": ea_test_4,
    "flood/swashes": tabled,
    "flood/merewether": by_inertia,
}
"""Where in the folder the data of each case lies, and who runs it: without its files a case gives nothing."""
LONG_CASES: dict[str, Callable[[Path], Iterator[Check]]] = {
    "flood/merewether": by_shallow_water,
    "flood/ea_test4": recession,
}
"""Cases that take minutes: the whole equations on fine cells."""


def published(folder: Path, left_out: Callable[[str], None] | None = None, *, long: bool = False) -> Iterator[Check]:
    """Every case whose data is there.

    Args:
        folder: Holds `flood/ea_test4`, `flood/swashes`, `flood/merewether`, or some of them.
        left_out: Told the part of the folder that has no data of its case.
        long: Run those that take minutes too.

    Raises:
        BadInput: The folder has none of them.
    """
    found = False
    for place, case in [*CASES.items(), *(LONG_CASES.items() if long else ())]:
        checks = case(folder)
        first = next(checks, None)
        if first is None:
            if left_out:
                left_out(place)
            continue
        found = True
        yield first
        yield from checks
    if not found:
        raise BadInput(
            "no data of EA Test 4, SWASHES or Merewether",
            file=folder,
            expected="one of " + ", ".join(CASES),
            remedy="leave --data out: the rest needs no data",
        )
