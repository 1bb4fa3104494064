"""`Planted`: what happens in a hidden city on one day, read from a file that its twin never sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from networks.errors import BadInput

DAY_S = 86400.0


def _seconds(value: object) -> object:
    """Seconds of a time of day like 07:50; numbers stay."""
    if isinstance(value, str):
        hours, colon, minutes = value.partition(":")
        if not (colon and hours.isdigit() and minutes.isdigit() and int(minutes) < 60):
            raise ValueError(f"{value!r} is no time of day like '07:50' (in quotes)")
        return 3600.0 * int(hours) + 60.0 * int(minutes)
    return value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Timed(_Part):
    """Something that lasts; seconds from the begin of the day, or times of day in the file."""

    from_s: Annotated[float, Field(ge=0.0, alias="from")]
    to_s: Annotated[float, Field(gt=0.0, alias="to")]

    _clock = field_validator("from_s", "to_s", mode="before")(_seconds)

    @model_validator(mode="after")
    def _forward(self) -> Timed:
        if self.to_s <= self.from_s:
            raise ValueError("it ends before it begins")
        return self

    def holds(self, at_s: float) -> bool:
        """Whether it lasts at a moment."""
        return self.from_s <= at_s < self.to_s


class Incident(Timed):
    """Vehicles stand in lanes of a street; `at` is where, as a share of its length."""

    edge: str
    lanes: Annotated[tuple[int, ...], Field(min_length=1)]
    at: Share = 0.6


class Cloudburst(Timed):
    """Rain that grows to `peak_mm_h` by the middle of its time and fades again, all over the town."""

    peak_mm_h: Positive


class Pond(_Part):
    """A hollow of a street.

    Attributes:
        name: Of the point and of its level sensor.
        edges: Streets that lie in it.
        catchment_m2: Where its water falls.
        runoff: Share of the rain that runs there.
        area_m2: Of the water's surface, whatever its depth.
        drain_m3s: What the gully takes away while there is water.
        slow_m, close_m: Depths from which drivers crawl, and from which nobody passes.
    """

    name: str
    edges: Annotated[tuple[str, ...], Field(min_length=1)]
    catchment_m2: Positive
    runoff: Share = 0.8
    area_m2: Positive
    drain_m3s: Positive
    slow_m: Positive = 0.10
    close_m: Positive = 0.30


class Concert(Timed):
    """An event of so many, some of whom come by car; `to` is when the music ends, `capacity` whom the site can hold."""

    site: str
    edge: str
    visitors: Annotated[int, Field(gt=0)]
    by_car: Share = 0.5
    persons_a_car: Positive = 2.5
    gates: Annotated[int, Field(gt=0)] = 2
    capacity: Annotated[int, Field(gt=0)]


class Fault(Timed):
    """A sensor that lies: it repeats its last word, is silent, or counts more and more (share of the truth an hour)."""

    edge: str
    kind: Literal["stuck", "silent", "drift"]
    per_hour: float = 0.15


class Receiver(Timed):
    """A receiver of orders that is not honest for a while.

    It acknowledges and does nothing ("lies"), acts and answers so much later ("late"), or acts and never answers
    ("silent").
    """

    name: str
    does: Literal["lies", "late", "silent"]
    late_s: Positive = 900.0


class Planted(_Part):
    """A hidden day.

    Attributes:
        town: Of `benchmarks.calibration.towns.TOWNS`.
        begin: What the clock shows at second 0; in the past, since feeds refuse news of tomorrow.
        seed: Of every draw.
        hours: How long the day is.
        level: Demand beside the usual one.
        sensors: Share of the driven streets that have one.
        error: One standard deviation of a sensor's own factor.
        compliance: Share of the drivers who follow a sign.
        cycle_s: Sensors speak once in so many seconds.
    """

    town: str
    begin: AwareDatetime
    seed: int = 1
    hours: Annotated[float, Field(gt=0, le=48)] = 24.0
    level: Positive = 1.0
    sensors: Share = 0.35
    error: Annotated[float, Field(ge=0.0, le=0.5)] = 0.03
    compliance: Share = 0.4
    cycle_s: Positive = 300.0
    incidents: tuple[Incident, ...] = ()
    cloudbursts: tuple[Cloudburst, ...] = ()
    ponds: tuple[Pond, ...] = ()
    concerts: tuple[Concert, ...] = ()
    faults: tuple[Fault, ...] = ()
    receivers: tuple[Receiver, ...] = ()

    @property
    def end_s(self) -> float:
        """Length of the day."""
        return 3600.0 * self.hours

    def moment(self, at_s: float) -> datetime:
        """The time of a second of the day."""
        return self.begin + timedelta(seconds=at_s)

    def second(self, moment: datetime) -> float:
        """The second of the day of a time."""
        return (moment - self.begin).total_seconds()


def read_planted(file: Path) -> Planted:
    """Read a day.

    Raises:
        BadInput: Not such a file; names the place in it.
    """
    try:
        return Planted.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadInput(f"not YAML: {error}", file=file) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(first["msg"], file=file, place=place) from error
