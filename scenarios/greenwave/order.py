"""What the process with the simulation is asked, and what it tells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.emergency.greenwave import Rhythm, Step

BLUE = "bluelight"
"""Id of the vehicle type with `device.bluelight`; the vehicle itself is `bluelight.<call>`."""


@dataclass(frozen=True)
class Call:
    """One drive under blue light.

    Attributes:
        call_id: Its name.
        time_s: When it is asked for; the vehicle stands ready on its first edge.
        from_edge, to_edge: Where it drives; the way is SUMO's quickest at that moment.
        only: Signals that may hand over; empty for all on the way.
        also: Sets of signals that are driven too, where they are on the way.
    """

    call_id: str
    time_s: float
    from_edge: str
    to_edge: str
    only: tuple[str, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Order:
    """What to simulate.

    Attributes:
        options: SUMO's, by full name.
        net: The network.
        rhythms: Of every signal that can hand over.
        calls: By time. A call whose way passes fewer than `least_signals` is left out, and told so.
        record: Signals and the vehicles on the way are recorded.
        least_signals: See `calls`.
        fewer: Each call is driven again for each of these numbers, with so many of the signals that gain most; 0 is the
            half of those on its way, rounded up.
        one_each: Of calls at the same time the first that comes to something is driven, the rest left out.
        search: So many drives more at most look for the signals that should take part, see `choosing.fewer_tried`.
    """

    options: Mapping[str, str]
    net: str
    rhythms: Mapping[str, Rhythm]
    calls: Sequence[Call]
    record: bool = False
    least_signals: int = 1
    fewer: tuple[int, ...] = ()
    one_each: bool = False
    search: int = 0


@dataclass(frozen=True)
class Drive:
    """One arm of a call.

    Attributes:
        travel_s: From the call to the end of the way; NaN where the vehicle had not come by `end_s`.
        home_s: When the last signal was in step again.
        end_s: End of the measurement: three cycles later.
        lost_s: Vehicle -> time lost from the call to `end_s`, of all who were on an approach of a signal of the way
            or on the edges that lead to it.
        to_enter_s: Vehicle-seconds spent waiting to enter the network.
        all_s: Vehicle-seconds of all who drive or wait to enter.
        standing: time_s, lane, metres from the lane's begin and speed of who stands on an approach, each fifth second.
        passed_s: Stop line -> when the vehicle passed it.
        shown: Signal -> what it showed each time that it was taken over.
        states: time_s, signal, state whenever it changed; recorded drives alone.
        tracks: time_s, vehicle, lane, metres, speed; recorded drives alone.
        aside: Signals that could not hand over, and why.
        teleports: Vehicles that SUMO moved by force.
    """

    travel_s: float
    home_s: float
    end_s: float
    lost_s: Mapping[str, float]
    to_enter_s: float
    all_s: float
    standing: Sequence[tuple[float, str, float, float]]
    passed_s: Mapping[int, float]
    shown: Mapping[str, tuple[tuple[Step, ...], ...]] = field(default_factory=dict)
    states: Sequence[tuple[float, str, str]] = ()
    tracks: Sequence[tuple[float, str, str, float, float]] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    teleports: int = 0


@dataclass(frozen=True)
class Told:
    """What came of a call.

    Attributes:
        call: The call.
        edges: Its way; empty where there is none.
        wave: With signals that hand over; None where it came to nothing.
        blue: With `device.bluelight` alone.
        lanes_m: Length of each lane of an approach.
        fewer: With some of the signals alone: (those, in the order of travel; the drive).
        problem: Why there is no result, "" where there is one.
        least_s: The same way in empty streets with every signal green: no wave can be quicker. NaN where not known.
    """

    call: Call
    edges: tuple[str, ...]
    wave: Drive | None
    blue: Drive | None
    lanes_m: Mapping[str, float]
    fewer: tuple[tuple[tuple[str, ...], Drive], ...] = ()
    problem: str = ""
    least_s: float = math.nan
