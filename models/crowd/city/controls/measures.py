"""What can be done about a day of visitors: facts that a `Guide` carries out.

Advice reaches those groups alone who follow it (`Controls.compliance`); `OneWay`, `Closure`, `Gate` and what is
`binding` bind everybody, by barriers and stewards. Times are seconds after the run's start.
"""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS = 1e9
"""A moment that no day reaches (s)."""


@dataclass(frozen=True)
class Signs:
    """Advice to avoid links: who follows takes them to be `toll_s` longer, on the way and when choosing where to go.

    Attributes:
        links: The links, both ways.
        toll_s: Detour that those who follow accept to avoid one of them (s).
    """

    links: tuple[int, ...]
    toll_s: float
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class OneWay:
    """Links that may be walked in one direction only; binding.

    Attributes:
        links: The links.
        heading: Of each, the one that stays open: 0 from the link's start on, 1 from its end on.
    """

    links: tuple[int, ...]
    heading: tuple[int, ...]
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Closure:
    """Links that nobody may enter; binding."""

    links: tuple[int, ...]
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Slots:
    """Booked times of arrival in the area: who follows comes in the nearest slot that is not booked out.

    Attributes:
        slot_s: Length of a slot (s).
        people: Arrivals that a slot takes.
        furthest_s: Who would have to come earlier or later by more than this comes as wished (s).
    """

    slot_s: float
    people: int
    furthest_s: float


@dataclass(frozen=True)
class Gate:
    """A gate that lets in a share of its rate, perhaps nobody beyond the site's capacity; binding.

    Attributes:
        site: Row of the site.
        share: Of its rate.
        one_out_one_in: Whether the capacity is kept.
    """

    site: int
    share: float = 1.0
    one_out_one_in: bool = False


@dataclass(frozen=True)
class Hold:
    """Holding back: people whose way leads over `links` set out, in turn, at a rate that these can take.

    They wait where they are: at the station, in the site that they leave, on its forecourt.

    Attributes:
        links: The links to keep free.
        rate_ps: How many set out (persons/s).
        area_m2: Ground on which all who are held stand (m2).
        binding: Whether everybody is held, or those who follow.
    """

    links: tuple[int, ...]
    rate_ps: float
    area_m2: float
    binding: bool = False
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Shuttle:
    """A bus between two nodes, one way, that those take who follow, where it is expected to be quicker than walking.

    Attributes:
        from_node, to_node: Its stops.
        headway_s: Time between two buses (s).
        places: People in a bus.
        ride_s: Time from stop to stop (s).
        area_m2: Ground to wait on (m2).
    """

    from_node: int
    to_node: int
    headway_s: float
    places: int
    ride_s: float
    area_m2: float
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Parking:
    """Who follows is guided from one car park (or station) to another, until that is full, and goes back from there.

    Attributes:
        source, instead: Rows of the sources.
        places: People whom the other one takes in beyond its own.
    """

    source: int
    instead: int
    places: int


@dataclass(frozen=True)
class Stagger:
    """Leaving one after another: who would go home waits for up to `spread_s`, evenly spread.

    Attributes:
        spread_s: The longest wait (s).
        binding: Whether everybody is asked block by block, or those who follow.
    """

    spread_s: float
    binding: bool = False
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Runs:
    """Extra runs of the metro or bus that takes people home from a source; binding.

    Attributes:
        source: Row of a source that has a `Line`.
        headway_s: Time between two departures (s).
    """

    source: int
    headway_s: float
    from_s: float = 0.0
    until_s: float = ALWAYS


@dataclass(frozen=True)
class Line:
    """How people get home from a source, with or without measures: by runs that take so many.

    Attributes:
        source: Row of the source.
        headway_s: Time between two departures (s).
        places: People whom a run takes.
        area_m2: Ground to wait on (m2).
        name: For readers; perhaps empty.
    """

    source: int
    headway_s: float
    places: int
    area_m2: float
    name: str = ""


Control = Signs | OneWay | Closure | Slots | Gate | Hold | Shuttle | Parking | Stagger | Runs
KINDS: dict[str, type[Control]] = {
    "signs": Signs, "one_way": OneWay, "closure": Closure, "slots": Slots, "gate": Gate, "hold": Hold,
    "shuttle": Shuttle, "parking": Parking, "stagger": Stagger, "runs": Runs,
}  # fmt: skip
"""Each by the name that files give it."""
