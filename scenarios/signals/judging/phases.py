"""What a controller would have logged in a judged run, by the measures that read logs of the field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scenarios.measures import atspm
from scenarios.measures.channels import Channels
from scenarios.measures.signal_events import events_of_run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Performance:
    """One phase (signal group) in one run.

    Attributes:
        cycles: Whole ones.
        on_green: Share of the arrivals that find green; NaN without arrivals.
        platoon_ratio: That share over the share of green; NaN likewise.
        failed: Share of the greens that were too short; NaN without a detector at the stop line.
        ratio: Volume over capacity; NaN without an advance detector.
    """

    cycles: int
    on_green: float
    platoon_ratio: float
    failed: float
    ratio: float


NOTHING = Performance(0, math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Phase:
    """One phase before and after.

    Attributes:
        number: In the events.
        name: Of its group.
        before, after: How it did.
    """

    number: int
    name: str
    before: Performance
    after: Performance


@dataclass(frozen=True)
class Log:
    """The events of one signal in one judged run of each plan.

    Attributes:
        channels: Its phases and detectors.
        before, after: Events (scenarios.measures.signal_events).
        phases: Measures of both.
    """

    channels: Channels
    before: pd.DataFrame = field(repr=False)
    after: pd.DataFrame = field(repr=False)
    phases: tuple[Phase, ...] = ()


def log_of(channels: Channels, recorded: Sequence[tuple[pd.DataFrame, pd.DataFrame]]) -> Log:
    """The log of one signal.

    Args:
        channels: Of the signal.
        recorded: States and passages of both runs, before and after.
    """
    events = [events_of_run(states, passed, [channels]) for states, passed in recorded]
    told = [_measured(one, channels) for one in events]
    phases = [
        Phase(number, name, *(side.get(number, NOTHING) for side in told))
        for number, (name, _) in sorted(channels.phases.items())
    ]
    return Log(channels, events[0], events[1], tuple(phases))


def _measured(events: pd.DataFrame, channels: Channels) -> dict[int, Performance]:
    detectors = channels.detectors
    arrived = atspm.arrivals_on_green(events, detectors).set_index("phase")
    failed = atspm.split_failures(events, detectors).groupby("phase")["failed"].mean()
    ratio = atspm.volume_to_capacity(events, detectors).set_index("phase")["ratio"]
    cycles = atspm.phase_cycles(events).groupby("phase").size()
    return {
        int(phase): Performance(
            int(cycles.get(phase, 0)),
            float(row["on_green"]),
            float(row["platoon_ratio"]),
            float(failed.get(phase, math.nan)),
            float(ratio.get(phase, math.nan)),
        )
        for phase, row in arrived.iterrows()
    }
