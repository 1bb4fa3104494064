"""Alarms held against what was planted: how many were right, what was missed, and what a seat had to bear.

An alarm is matched to an event by three rules, which were written down before any result was looked at:

1. **Kind**: the kind of the alarm's head is one of the event's `kinds` (what such an event may rightly be told as).
2. **Time**: it first asked somebody to act not before `begins - ahead_s` of the event and not after `ends + after_s`.
   `ahead_s` is how early it can be known at all: 0 for an incident, an hour for what weather or a calendar announces.
3. **Place**: one of its subjects is the event's subject; or one of its streets is at most `near_junctions` junctions
   from one of the event's; or, where either has no streets, their places are at most `near_m` apart.

Only alarms that somebody has to act on count. An alarm may match several events, and an event several alarms.
Precision is the share of these alarms that match any event. Recall is the share of events that must be found that
are matched. Further alarms of an event that has one already are no error, but they are counted (`repeats`), and they
are in the load of the seat. Lead is from the first matching alarm to the begin of the event; negative: it came late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.alarms.alarm import Alarm
from twin.alarms.grouping import distance_m
from twin.alarms.streets import Streets


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that happens, as the truth has it.

    Attributes:
        event_id: Its name.
        kinds: Kinds of alarms that tell it rightly.
        begins: When it begins; with a zone.
        ends: When it is over.
        subjects: Ids that name it: sensors, zones, ponding points, areas, edges.
        edges: Streets that it touches.
        place: Longitude and latitude (degrees).
        ahead_s: How early it may be told (s).
        must: Whether it has to be found; what nobody planted, but happened all the same, does not.
    """

    event_id: str
    kinds: frozenset[str]
    begins: datetime
    ends: datetime
    subjects: frozenset[str] = frozenset()
    edges: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    ahead_s: float = 0.0
    must: bool = True


@dataclass(frozen=True, slots=True)
class Score:
    """What alarms were worth.

    Attributes:
        alarms: Alarms that somebody had to act on.
        right: Those that match an event.
        events: Events that had to be found.
        found: Those that were.
        repeats: Further alarms of events that had one already.
        per_seat_hour: `alarms` per hour and seat.
        lead_s: Of each found event, from its first alarm to its begin (s); negative: late.
        false: Ids of alarms that match nothing.
        missed: Ids of events that no alarm matches.
    """

    alarms: int
    right: int
    events: int
    found: int
    repeats: int
    per_seat_hour: float
    lead_s: dict[str, float]
    false: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of the alarms that were right; NaN without alarms."""
        return self.right / self.alarms if self.alarms else float("nan")

    @property
    def recall(self) -> float:
        """Share of the events that were found; NaN without events."""
        return self.found / self.events if self.events else float("nan")


def score(
    alarms: Sequence[Alarm], planted: Sequence[Planted], streets: Streets, *, hours: float, seats: int = 1,
    after_s: float = 900.0, near_junctions: int = 3, near_m: float = 300.0,
) -> Score:  # fmt: skip
    """Hold alarms against events by the rules above.

    Args:
        alarms: All of them; only those count that ever asked somebody to act (`Alarm.asked`).
        planted: What happened.
        streets: Which streets touch.
        hours: How long somebody watched.
        seats: How many did.
        after_s: So long after an event its alarm may come (s).
        near_junctions: So many junctions away is near.
        near_m: So far away is near, where there are no streets (m).

    Raises:
        ValueError: No time, or nobody watched.
    """
    if not hours > 0 or seats < 1:
        raise ValueError(f"{hours:g} hours and {seats} seats: nobody watched")
    near = {one.event_id: streets.around(one.edges, near_junctions) | set(one.edges) for one in planted}
    right, repeats = 0, 0
    first: dict[str, float] = {}
    false: list[str] = []
    asking = [(one.asked, one) for one in alarms if one.asked is not None]
    for told, alarm in sorted(asking, key=lambda pair: (pair[0], pair[1].alarm_id)):
        matched = [
            one
            for one in planted
            if alarm.kind in one.kinds
            and _in_time(told, one, after_s)
            and _there(alarm, one, near[one.event_id], near_m)
        ]
        right += bool(matched)
        if not matched:
            false.append(alarm.alarm_id)
        elif all(one.event_id in first for one in matched):
            repeats += 1
        for one in matched:
            first.setdefault(one.event_id, (one.begins - told).total_seconds())
    must = [one.event_id for one in planted if one.must]
    missed = tuple(one for one in must if one not in first)
    found = {one: first[one] for one in must if one in first}
    load = len(asking) / (hours * seats)
    return Score(len(asking), right, len(must), len(found), repeats, load, found, tuple(false), missed)


def _in_time(told: datetime, one: Planted, after_s: float) -> bool:
    return one.begins - timedelta(seconds=one.ahead_s) <= told <= one.ends + timedelta(seconds=after_s)


def _there(alarm: Alarm, one: Planted, near: frozenset[str] | set[str], near_m: float) -> bool:
    if any(finding.subject in one.subjects for finding in alarm.findings):
        return True
    if alarm.edges and one.edges:
        return not near.isdisjoint(alarm.edges)
    return one.place is not None and any(
        finding.place is not None and distance_m(finding.place, one.place) <= near_m for finding in alarm.findings
    )
