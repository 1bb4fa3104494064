"""`DayLine`: how people get home from a source of a day, by runs of a metro, bus or ferry that take so many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.crowd.city.controls import Line
from networks.errors import BadInput
from networks.sentence import Sentence, say
from scenarios.visits.sources import DaySource
from scenarios.visits.text import LineText


@dataclass(frozen=True)
class DayLine:
    """A line, or all lines of a stop together.

    Attributes:
        line_id: Its id in the file.
        name: For readers.
        stop: Id of the source whose people it takes home.
        headway_s: Time between two departures (s).
        places: People whom a run takes there.
        area_m2: Ground to wait on (m2).
        provenance: Who says so.
    """

    line_id: str
    name: str
    stop: str
    headway_s: float
    places: int
    area_m2: float
    provenance: str

    def row(self, sources: Sequence[DaySource]) -> Line:
        """It as the model knows it: by the row of its source."""
        rows = [one.source_id for one in sources]
        return Line(rows.index(self.stop), self.headway_s, self.places, self.area_m2, self.name)

    def told_short(self, sources: Sequence[DaySource], length_s: float) -> tuple[Sentence, ...]:
        """Said where it cannot take its people home within the whole day."""
        people = next(one.people for one in sources if one.source_id == self.stop)
        taken = int(length_s // self.headway_s + 1) * self.places
        if taken >= people:
            return ()
        return (
            say(
                f"{self.name} takes {taken} people home in the whole day, and {people} come from {self.stop}",
                f"{self.name}全天仅能运送{taken}人返程，而来自{self.stop}的有{people}人",
            ),
        )


def lines_of(
    said: Sequence[LineText], sources: Sequence[DaySource], refused: Callable[..., BadInput]
) -> tuple[DayLine, ...]:
    """The lines of a day's file.

    Args:
        said: What it says.
        sources: Where its people come from.
        refused: Makes the error, told with the place in the file.

    Raises:
        BadInput: A line at a stop that nobody comes from, or a second one at the same stop.
    """
    stops, found = [one.source_id for one in sources], dict[str, DayLine]()
    for index, one in enumerate(said):
        if one.stop not in stops:
            raise refused(
                f"line {one.id}: no people come from {one.stop!r}", "lines", index,
                expected="a source: " + ", ".join(stops[:12]),
            )  # fmt: skip
        if one.stop in found:
            raise refused(
                f"{one.stop} has two lines, {found[one.stop].line_id} and {one.id}", "lines", index,
                expected="one for each source", remedy="give the headway and places that both have together",
            )  # fmt: skip
        found[one.stop] = DayLine(
            one.id, one.name or one.id, one.stop, 60.0 * one.headway_min, one.places, one.area_m2, one.source
        )
    return tuple(found.values())
