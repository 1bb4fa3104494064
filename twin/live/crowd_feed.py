"""Counts of a file that a replay plays beside its hidden evening: who goes in and out, who is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from calibration import Observation
from calibration.occupancy import Layout, read_counters
from networks.errors import BadInput
from twin.live.recording import Recording
from twin.observation_files import read_any
from twin.zones_now import sites_of

if TYPE_CHECKING:
    from models.crowd.sites import Sites
    from networks import City
    from scenarios import Scenario

GRID_S = 300


@dataclass(frozen=True)
class CrowdFeed:
    """Counters of sites, and what they tell in a replay.

    Attributes:
        layout: Zones, doors and counters.
        sites: What they hold.
        opened: When the day begins: nobody is there.
        observations: By result time; empty: they come in by feed alone.
    """

    layout: Layout
    sites: Sites
    opened: datetime
    observations: tuple[Observation, ...] = ()

    def beside(self, recording: Recording) -> Recording:
        """The recording with these counts in it."""
        both = (*recording.observations, *self.observations)
        return replace(recording, observations=tuple(sorted(both, key=lambda o: (o.result_time, o.sensor_id, o.begin))))


def read_crowd_feed(
    counters: Path, counts: Path | None, sites: Path | None, city: City, scenario: Scenario
) -> CrowdFeed:
    """Counters, and the counts of the scenario's day up to its end.

    Args:
        counters: As for `twin crowd now`.
        counts: Observations; None: they come in by feed alone.
        sites: `sites.yaml`; None: what the map knows.
        city: Where.
        scenario: The evening that is replayed.

    Raises:
        BadInput: A file cannot be read, or tells nothing of these counters on that day.
    """
    layout, known = read_counters(counters), sites_of(city, sites)
    start, end = scenario.start, scenario.period.end
    if counts is None:
        return CrowdFeed(layout, known, _on_grid(start))
    midnight = scenario.period.begin.replace(hour=0, minute=0, second=0, microsecond=0)
    told = [
        _spoken(one)
        for one in read_any(counts)
        if one.sensor_id in layout.counters and midnight <= one.begin and one.end <= end
    ]
    if not told:
        raise BadInput(
            "it tells nothing of these counters on the day of the replay", file=counts,
            expected=f"{', '.join(list(layout.counters)[:5])} between {midnight.isoformat()} and {end.isoformat()}",
        )  # fmt: skip
    first = min(one.begin for one in told).astimezone(start.tzinfo)
    said = tuple(sorted(told, key=lambda one: one.result_time))
    return CrowdFeed(layout, known, _on_grid(min(first, start)), said)


def _spoken(one: Observation) -> Observation:
    """Nobody tells a count before its period is over."""
    return one if one.result_time >= one.end else replace(one, result_time=one.end.astimezone(UTC))


def _on_grid(moment: datetime) -> datetime:
    return moment - timedelta(seconds=(moment.minute * 60 + moment.second) % GRID_S, microseconds=moment.microsecond)
