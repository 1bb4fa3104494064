"""What a sensor said: one observation, and the table that keeps the recent ones.

Words are those of OGC SensorThings 1.1 (OGC 18-088): phenomenon time (when it was so), result time (when it was
said), result (None is a value: the sensor was asked and had nothing), result quality.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MEASURES: dict[str, tuple[str, str]] = {
    "vehicle_count": ("veh", "vehicles that passed in the period"),
    "rain_intensity": ("mm/h", "mean rain intensity in the period"),
    "person_count": ("people", "people who passed in the period"),
    "presence": ("people", "people who are there at the moment"),
    "device_count": ("devices", "devices that are there at the moment; no identity is kept"),
    "parked_vehicles": ("veh", "vehicles that stand there at the moment"),
    "speed": ("m/s", "mean speed of those that passed in the period (harmonic where the device can)"),
    "travel_time": ("s", "mean time from one place to another of those that arrived in the period"),
    "turning_share": ("1", "share of those leaving an approach that took one turn in the period"),
    "occupancy": ("1", "share of the period in which a vehicle stood over the device"),
    "bicycle_count": ("bikes", "bicycles and e-bikes that passed in the period"),
    "bus_count": ("veh", "buses that passed in the period"),
    "gate_count": ("people", "people who passed a gate in the period"),
    "path_sample": ("veh", "vehicles seen to take one route in the period; which one is in the details"),
    "penetration": ("1", "share of all vehicles that the device recognised in the period"),
    "water_level": ("m", "level of the water at the moment, above the device's zero"),
    "air_temperature": ("°C", "temperature of the air at the moment"),
    "relative_humidity": ("1", "humidity of the air as a share of saturation at the moment"),
    "wind_speed": ("m/s", "mean speed of the wind in the period"),
    "bikes_available": ("bikes", "shared bicycles that can be rented at a station at the moment"),
    "docks_available": ("docks", "places where a shared bicycle can be returned at a station at the moment"),
    "boarding": ("people", "people who got on a vehicle at a stop"),
    "alighting": ("people", "people who got off a vehicle at a stop"),
    "emergency_call": ("calls", "one call for help; where and what is in the details"),
}
"""What can be observed: name -> (unit, meaning)."""

QUALITIES = ("good", "suspect", "missing")


@dataclass(frozen=True, slots=True)
class Observation:
    """One result of one sensor.

    Attributes:
        sensor_id: The registered sensor (a Datastream in SensorThings).
        measure: A key of `MEASURES`.
        begin: Start of the phenomenon time, UTC.
        period_s: Length of the phenomenon time (s); 0 for a moment.
        result: In the measure's unit; None when the sensor had nothing to say.
        quality: "good", "suspect" or "missing".
        result_time: When it was said, UTC.
        synthetic: It comes from a simulation, not from a street.
        details: More, by name (a call's place and kind).
    """

    sensor_id: str
    measure: str
    begin: datetime
    period_s: float
    result: float | None
    quality: str
    result_time: datetime
    synthetic: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        """End of the phenomenon time, UTC."""
        return self.begin + timedelta(seconds=self.period_s)

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What makes two messages the same observation: sensor, measure and phenomenon time."""
        return (self.sensor_id, self.measure, self.begin)


@dataclass(frozen=True, slots=True)
class WindowTotal:
    """The sum of one sensor's results over a window.

    Attributes:
        total: Sum of the results that came, in the measure's unit.
        covered_s: How much of the window they cover (s); a gap is missing here, never counted as zero.
        spans: Begin and end of each result, in order: what a model must be compared over.
    """

    total: float
    covered_s: float
    spans: tuple[tuple[datetime, datetime], ...] = ()


class ObservationTable:
    """Recent observations, each once, in whatever order they arrive; threads may share it.

    Args:
        keep_s: Observations older than this before the newest one are forgotten (s).
    """

    def __init__(self, *, keep_s: float = 6 * 3600.0) -> None:
        self.keep_s = keep_s
        self._turn = threading.Lock()
        self._kept: dict[tuple[str, str, datetime], Observation] = {}
        self._newest = datetime.min.replace(tzinfo=UTC)
        self._forgotten_to = self._newest

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Observation]:
        with self._turn:
            kept = list(self._kept.values())
        return iter(sorted(kept, key=lambda o: (o.begin, o.sensor_id, o.measure)))

    def add(self, observation: Observation) -> bool:
        """Keep an observation; False when it was known already or is too old.

        A second message about the same phenomenon time replaces the first when it was said later (a correction).
        """
        with self._turn:
            if observation.begin < self._forgotten_to:
                return False
            known = self._kept.get(observation.key)
            if known is not None and known.result_time >= observation.result_time:
                return False
            self._kept[observation.key] = observation
            if observation.begin > self._newest:
                self._newest = observation.begin
                self._forget()
            return True

    def _forget(self) -> None:
        oldest = self._newest - timedelta(seconds=self.keep_s)
        if oldest - self._forgotten_to < timedelta(seconds=self.keep_s / 8) and self._forgotten_to.year > 1:
            return
        self._forgotten_to = oldest
        for key in [key for key in self._kept if key[2] < oldest]:
            del self._kept[key]

    def totals(self, measure: str, begin: datetime, end: datetime) -> dict[str, WindowTotal]:
        """Sums by sensor over the observations that lie wholly in [begin, end); missing results are gaps."""
        inside: dict[str, list[Observation]] = {}
        for seen in self:
            if seen.measure == measure and begin <= seen.begin and seen.end <= end and seen.quality == "good":
                inside.setdefault(seen.sensor_id, []).append(seen)
        return {
            sensor: WindowTotal(
                sum(o.result for o in inside[sensor] if o.result is not None),
                sum(o.period_s for o in inside[sensor] if o.result is not None),
                tuple((o.begin, o.end) for o in inside[sensor] if o.result is not None),
            )
            for sensor in sorted(inside)
        }

    def series(self, measure: str, *, sensor_id: str | None = None) -> list[Observation]:
        """All kept observations of a measure in the order of their phenomenon time."""
        return [o for o in self if o.measure == measure and (sensor_id is None or o.sensor_id == sensor_id)]

    def table(self) -> pd.DataFrame:
        """One row per observation: sensor_id, measure, begin, period_s, result, quality, result_time, synthetic."""
        import pandas as pd

        columns = ["sensor_id", "measure", "begin", "period_s", "result", "quality", "result_time", "synthetic"]
        return pd.DataFrame([[getattr(o, name) for name in columns] for o in self], columns=columns)
