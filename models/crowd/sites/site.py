"""A site that people visit, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.crowd.sites.alarms import AlarmLevels
from models.emergency.resources.shift import Shift
from networks.sentence import Sentence


@dataclass(frozen=True)
class Gate:
    """Where people go in and out.

    Attributes:
        gate_id: Its name.
        x, y: Metres in the city's plane.
        node: The nearest node of the walk graph.
        off_walk_m: How far the nearest way for walkers is.
        in_per_min, out_per_min: People that it lets through a minute; None: nobody said.
    """

    gate_id: str
    x: float
    y: float
    node: int
    off_walk_m: float
    in_per_min: float | None = None
    out_per_min: float | None = None


@dataclass(frozen=True)
class Stay:
    """How long people stay: lognormal.

    Attributes:
        median_s: As many stay longer as shorter.
        sigma: Standard deviation of the logarithm.
        source: Who says so.
    """

    median_s: float
    sigma: float
    source: str


@dataclass(frozen=True)
class Approved:
    """Figures that an authority approved.

    Attributes:
        instant: People at once; None: not set.
        daily: People a day; None: not set.
        facilities: People at once by facility, such as a cable car.
        source: The decision.
    """

    instant: int | None
    daily: int | None
    facilities: Mapping[str, int]
    source: str


@dataclass(frozen=True)
class VisitSite:
    """A site.

    Attributes:
        site_id: Its name in files and tables; `n1` or `w1` where it comes from the map.
        name: Its name on the map, perhaps empty.
        kind: museum, park, square, ... as on the map.
        x, y: Where it is, metres in the city's plane.
        node: The nearest node of the walk graph.
        off_walk_m: How far the nearest way for walkers is (m).
        area_m2: Ground that visitors can use; None: nobody knows.
        space: Which of `spaces()` its ground is, or "".
        m2_per_person: Ground for a person, where the file sets its own; None: that of `space`.
        gates: Perhaps none: then people come in at `node`.
        stay: None: nobody said.
        hours: When it is open; empty: always.
        approved: None: no figure was approved.
        draw: Visitors that it draws, relative to a museum.
        source: Who says so.
        hours_source: Who says when it is open: the map (measured), with its text, or "" where the file does.
    """

    site_id: str
    name: str
    kind: str
    x: float
    y: float
    node: int
    off_walk_m: float
    area_m2: float | None
    space: str
    m2_per_person: float | None
    gates: tuple[Gate, ...]
    stay: Stay | None
    hours: tuple[Shift, ...]
    approved: Approved | None
    draw: float
    source: str
    hours_source: str = ""


@dataclass(frozen=True)
class Sites:
    """All sites of a city.

    Attributes:
        sites: In the file's or the map's order.
        alarms: From which shares of a capacity on there is an alarm.
        notes: What is guessed, missing or odd.
        taste: What visitors weigh, where it was calibrated: per_min, crowding and rain as in `Taste`.
    """

    sites: tuple[VisitSite, ...]
    alarms: AlarmLevels
    notes: tuple[Sentence, ...] = field(default_factory=tuple)
    taste: Mapping[str, float] = field(default_factory=dict)
