"""What a sites file may say, field by field."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.emergency.resources.text import Degrees, Name, ShiftText, Source

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
People = Annotated[int, Field(gt=0)]
Position = tuple[Degrees, Degrees]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GateText(_Text):
    """A gate: where, and how many people a minute it lets through."""

    id: Name
    at: Position
    in_per_min: Positive | None = None
    out_per_min: Positive | None = None


class StayText(_Text):
    """How long people stay: lognormal, by its median and the standard deviation of its logarithm."""

    median_min: Positive
    sigma: Annotated[float, Field(ge=0, le=3)] = 0.5
    source: Source


class ApprovedText(_Text):
    """Approved figures: people at once, people a day, people at once by facility."""

    instant: People | None = None
    daily: People | None = None
    facilities: dict[Name, People] = {}
    source: Source

    @model_validator(mode="after")
    def _figures(self) -> Self:
        if self.instant is None and self.daily is None and not self.facilities:
            raise ValueError("it approves nothing: give instant, daily or facilities")
        if self.instant is not None and self.daily is not None and self.daily < self.instant:
            raise ValueError(f"{self.instant} at once is more than {self.daily} a day")
        return self


class SiteText(_Text):
    """A site: at a longitude and latitude, or an object of the map (`osm: w123`)."""

    id: Name
    name: str = ""
    at: Position | None = None
    osm: Annotated[str, Field(pattern=r"^[nwr]\d+$")] | None = None
    kind: str = ""
    area_m2: Positive | None = None
    space: str = ""
    m2_per_person: Positive | None = None
    gates: list[GateText] = []
    stay: StayText | None = None
    hours: list[ShiftText] = []
    approved: ApprovedText | None = None
    draw: Annotated[float, Field(ge=0, le=1000)] | None = None
    source: Source

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.at is None) == (self.osm is None):
            raise ValueError("give its place once: at: [longitude, latitude], or osm: ID")
        if self.space and self.m2_per_person is not None:
            raise ValueError("give space or m2_per_person, not both")
        return self


class AlarmsText(_Text):
    """Shares of a capacity, percent, at which alarms begin; they end `hysteresis` percent lower."""

    levels: Annotated[list[Annotated[float, Field(gt=0, le=200)]], Field(min_length=1)]
    hysteresis: Annotated[float, Field(ge=0, le=50)] = 5.0
    source: Source


class TasteText(_Text):
    """What visitors weigh: utilities of a minute on foot, of a full site, of the open in rain; all below 0."""

    per_min: Annotated[float, Field(lt=0, allow_inf_nan=False)]
    crowding: Annotated[float, Field(lt=0, allow_inf_nan=False)]
    rain: Annotated[float, Field(lt=0, allow_inf_nan=False)]
    source: Source


class SitesText(_Text):
    """A sites file."""

    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    alarms: AlarmsText | None = None
    taste: TasteText | None = None
    sites: Annotated[list[SiteText], Field(min_length=1)]
