"""What a resources file may say, field by field."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Source = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(pattern=r"^[^\s].*$", max_length=80)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlacedText(_Text):
    """Something that stands somewhere: at a longitude and latitude, or at a road edge."""

    id: Name
    name: str = ""
    at: tuple[Degrees, Degrees] | None = None
    edge: str | None = None
    source: Source

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.at is None) == (self.edge is None):
            raise ValueError("give its place once: at: [longitude, latitude], or edge: ID")
        return self


class StationText(PlacedText):
    """A base of units; a neighbour's with `mutual_aid`, whose units come after `request_s` more."""

    mutual_aid: bool = False
    request_s: Seconds = 0.0


class ShiftText(_Text):
    """Hours on duty by the local clock, past midnight where `to` is not after `from`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    days: Annotated[list[Day], Field(min_length=1)] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class UnitText(_Text):
    """A vehicle with its crew; `class` is one of the vehicle table's, `turnout_s` from order to wheels rolling."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    id: Name
    station: Name
    kind: Name = Field(alias="class")
    skills: list[Name] = []
    crew: Annotated[int, Field(ge=1)] = 2
    shifts: list[ShiftText] = []
    turnout_s: Seconds | None = None
    source: Source


class DepotText(PlacedText):
    """A store: how many of each material."""

    materials: dict[Name, Count]


class ShelterText(PlacedText):
    """Where people can go, and how many."""

    places: Count


class HospitalText(PlacedText):
    """A hospital: patients it can take at once (none: nobody said), and what it is able to treat."""

    beds: Count | None = None
    specialities: list[Name] = []


class ResourcesText(_Text):
    """A resources file."""

    stations: list[StationText] = []
    units: list[UnitText] = []
    standby: list[PlacedText] = []
    depots: list[DepotText] = []
    shelters: list[ShelterText] = []
    hospitals: list[HospitalText] = []

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("it names nothing: no station, unit, depot, shelter or hospital")
        return self
