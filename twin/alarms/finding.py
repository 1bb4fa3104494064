"""`Finding`: one piece of trouble that is there, or is coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from networks.digest import digest_json
from networks.sentence import Sentence

KINDS = ("spillback", "incident", "ponding", "site", "coverage", "sensor")
LEVELS = ("IV", "III", "II", "I")
"""Least to worst: blue, yellow, orange, red."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one finder found in one cycle.

    Attributes:
        kind: One of KINDS.
        subject: What it is about: id of an edge, a ponding point, a zone, an area, a sensor.
        level: One of LEVELS.
        text: In words, with figures and units.
        at: When it was found, by the live clock; with a zone.
        begins: When it begins; `at` where it is there already, later where it is forecast.
        ends: When it is over, where a forecast says so.
        probability: Share of members that say so (0..1); 1 where it was seen.
        edges: Streets that it touches; may be empty.
        place: Longitude and latitude, degrees, where it has a place.
        evidence: Ids of runs, recommendations or observations that it rests on.
        run_id: The cycle that found it.
        cause: Findings of one cause that begin together are one alarm, wherever they are; empty: by place alone.
    """

    kind: str
    subject: str
    level: str
    text: Sentence
    at: datetime
    begins: datetime
    ends: datetime | None = None
    probability: float = 1.0
    edges: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    evidence: tuple[str, ...] = ()
    run_id: str = ""
    cause: str = ""

    @property
    def key(self) -> str:
        """The same for the same trouble in every cycle: kind and subject."""
        return digest_json([self.kind, self.subject])[:16]

    @property
    def severity(self) -> int:
        """1 (level IV) to 4 (level I)."""
        return LEVELS.index(self.level) + 1
