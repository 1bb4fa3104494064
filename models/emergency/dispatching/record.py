"""What became of a call: its clocks, who came, and what was said when nobody could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.emergency.dispatching.fleet import Crewed
from models.emergency.planning import Call
from networks.sentence import Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Record:
    """A call's clocks in seconds of the run, NaN where it did not come to that.

    Attributes:
        call: The call.
        unit_id, station_id: Who came, or is on the way.
        order_s, rolling_s, arrival_s, contact_s, leave_s, hospital_s, free_s: The clocks.
        hospital_id: Where the patient was taken; "" where nobody was.
        mutual_aid: A neighbour's unit came.
        turned_round: Times that a crew met a road that was shut.
        diverted: Times that the unit under way was taken for a more urgent call.
        answered: Somebody arrived.
        notes: What has to be said: no unit free, cut off, hospital out of reach, and the next best thing.
        tried: Units that found no way.
        refused: Reasons that were given already.
    """

    call: Call
    unit_id: str = ""
    station_id: str = ""
    order_s: float = np.nan
    rolling_s: float = np.nan
    arrival_s: float = np.nan
    contact_s: float = np.nan
    leave_s: float = np.nan
    hospital_s: float = np.nan
    free_s: float = np.nan
    hospital_id: str = ""
    mutual_aid: bool = False
    turned_round: int = 0
    diverted: int = 0
    answered: bool = False
    notes: list[Sentence] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    @property
    def response_s(self) -> float:
        """From the call to arrival."""
        return self.arrival_s - self.call.time_s

    def clock_s(self, name: str) -> float:
        """One of `models.emergency.resources.CLOCKS`, s; NaN where it did not come to that."""
        begin, _, end = name.partition("_to_")
        moments = {"call": self.call.time_s, "order": self.order_s, "rolling": self.rolling_s}
        moments |= {"arrival": self.arrival_s, "contact": self.contact_s}
        return moments[end] - moments[begin]

    def say(self, sentence: Sentence) -> None:
        """Say something once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


@dataclass(frozen=True)
class Answered:
    """What became of all calls of a run.

    Attributes:
        records: By call, in the order of their times.
        busy_s: Unit's name and place in the list -> seconds from orders to being free.
        duty_s: The same -> seconds on duty.
        moves: Stand-by moves.
    """

    records: Sequence[Record]
    busy_s: dict[tuple[str, int], float]
    duty_s: dict[tuple[str, int], float]
    moves: int

    @property
    def utilisation(self) -> float:
        """Seconds busy over seconds on duty, all units together."""
        duty = sum(self.duty_s.values())
        return sum(self.busy_s.values()) / duty if duty else 0.0

    def table(self) -> pd.DataFrame:
        """One row a call: ids, clocks (s), and what was said, English and Chinese."""
        import pandas as pd

        rows = []
        for one in self.records:
            call = one.call
            rows.append(
                {
                    "call_id": call.call_id, "kind": call.kind, "priority": call.priority, "edge": call.edge_id,
                    "call_s": call.time_s, "order_s": one.order_s, "rolling_s": one.rolling_s,
                    "arrival_s": one.arrival_s, "contact_s": one.contact_s, "leave_s": one.leave_s,
                    "hospital_s": one.hospital_s, "free_s": one.free_s, "unit_id": one.unit_id,
                    "station_id": one.station_id, "hospital_id": one.hospital_id, "answered": one.answered,
                    "mutual_aid": one.mutual_aid, "turned_round": one.turned_round, "diverted": one.diverted,
                    "said": "; ".join(note["en"] for note in one.notes),
                    "said_zh": "；".join(note["zh"] for note in one.notes),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)


def answered(records: Sequence[Record], fleet: Sequence[Crewed], end_s: float) -> Answered:
    """The answer of a run that ended at `end_s`; who is on a task then has been busy until then."""
    busy, duty = dict[tuple[str, int], float](), dict[tuple[str, int], float]()
    for one in fleet:
        key = (one.unit.unit_id, one.order)
        busy[key] = one.busy_s + (end_s - one.since_s if one.doing != "idle" else 0.0)
        duty[key] = sum(max(0.0, min(b, end_s) - max(a, 0.0)) for a, b in one.unit.duty_s)
    return Answered(records, busy, duty, sum(one.moves for one in fleet))
