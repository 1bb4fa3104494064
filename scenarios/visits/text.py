"""What a file of a visitor day may say, field by field."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from models.emergency.resources.text import Clock, Degrees, Name, Source
from scenarios.interventions import Words
from scenarios.text import Text

Position = tuple[Degrees, Degrees]
ShareOfAll = Annotated[float, Field(ge=0, le=1)]
Kind = Literal["station", "stop", "car_park", "hotel", "gateway"]


class SpanText(Text):
    """From when to when by the local clock; past midnight where `to` is not after `from`."""

    model_config = Text.model_config | {"populate_by_name": True}
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class ArrivalsText(Text):
    """Relative numbers of people by quarter hour, from a time on."""

    model_config = Text.model_config | {"populate_by_name": True}
    begin: Clock = Field(alias="from")
    shares: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1, max_length=96)]

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if sum(self.shares) <= 0:
            raise ValueError("nobody arrives: one share must be above 0")
        return self


class SourceText(Text):
    """Where people come from and go back to."""

    id: Name
    name: str = ""
    kind: Kind
    at: Position
    people: Annotated[int, Field(ge=0)] | None = None
    share: Annotated[float, Field(gt=0)] | None = None
    arrivals: ArrivalsText | None = None
    source: Source

    @model_validator(mode="after")
    def _how_many(self) -> Self:
        if (self.people is None) == (self.share is None):
            raise ValueError("say once how many come from it: people:, or share: of all")
        return self


class AgesText(Text):
    """Shares of children, adults and people of 65 and more."""

    child: ShareOfAll
    adult: ShareOfAll
    old: ShareOfAll

    @model_validator(mode="after")
    def _all(self) -> Self:
        if abs(self.child + self.adult + self.old - 1.0) > 1e-6:
            raise ValueError("child, adult and old do not add up to 1")
        return self


class ClosedText(Text):
    """Paths that nobody may enter: those within some metres of a place, or along and across a street."""

    model_config = Text.model_config | {"populate_by_name": True}
    name: Name
    at: Position | None = None
    radius_m: Annotated[float, Field(gt=0, le=500)] = 15.0
    street: str | None = None
    begin: Clock | None = Field(default=None, alias="from")
    end: Clock | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.at is None) == (self.street is None):
            raise ValueError("say once what is closed: at: [longitude, latitude], or street: its name on the map")
        if (self.begin is None) != (self.end is None):
            raise ValueError("give from and to, or neither: then it is closed all day")
        return self


class NarrowText(Text):
    """The path at a place, and how many people a minute it takes, each way."""

    name: Name
    at: Position
    per_min: Annotated[float, Field(gt=0, le=2000)]
    source: Source


class LineText(Text):
    """Runs that take people home from a source: a metro, bus or ferry line, or all lines of a stop together."""

    id: Name
    name: str = ""
    stop: Name
    headway_min: Annotated[float, Field(gt=0, le=240)]
    places: Annotated[int, Field(gt=0, le=20000)]
    area_m2: Annotated[float, Field(gt=0, le=100000)]
    source: Source


class ShowText(Text):
    """A site where everybody stays to the end of its opening hours and is let out over some minutes."""

    site: Name
    out_min: Annotated[float, Field(ge=0, le=240)] = 0.0


class WarningText(Text):
    """An evacuation: from then on nobody is let in, and who is inside leaves within some minutes."""

    at: Clock
    leave_min: Annotated[float, Field(ge=0, le=240)] = 20.0


class VisitDayText(Text):
    """A day of visitors.

    Attributes:
        begin: When it begins; the UTC offset is local time.
        hours: How long it is.
        people: How many come, where the sources do not say it all.
        source: Who says so; "synthetic" figures are told as such.
        datum: Of all positions.
        sites: File of sites, beside this one; without it those of the map.
        sources: Where people come from; without them those of the map.
        arrivals: When, for sources that do not say it themselves.
        groups: Shares of groups of 1, 2, ...
        visits: Sites that a group wants to see, on average.
        home_by: From then on everybody who is free goes back.
        storm_begins: When the storm of a flood run begins that has no begin by the clock.
        one_out_one_in: Sites that admit nobody beyond their capacity.
        narrow: Paths that take fewer people than the map's width says.
        lines: How people get home from sources; without a line they are back when they are at the source.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.+-]*$")]
    title: Words = Words()
    description: Words = Words()
    begin: AwareDatetime
    hours: Annotated[float, Field(gt=0, le=24)] = 16.0
    people: Annotated[int, Field(gt=0)] | None = None
    source: Source
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    sites: str | None = None
    sources: tuple[SourceText, ...] = ()
    arrivals: ArrivalsText | None = None
    groups: Annotated[list[ShareOfAll], Field(min_length=1, max_length=12)] | None = None
    ages: AgesText | None = None
    visits: Annotated[float, Field(ge=1, le=4)] = 2.0
    home_by: Clock | None = None
    rain: SpanText | None = None
    closed: tuple[ClosedText, ...] = ()
    shows: tuple[ShowText, ...] = ()
    warning: WarningText | None = None
    storm_begins: Clock | None = None
    one_out_one_in: tuple[Name, ...] = ()
    narrow: tuple[NarrowText, ...] = ()
    lines: tuple[LineText, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        ids = [one.id for one in self.sources]
        if len(set(ids)) != len(ids):
            raise ValueError("two sources have one id")
        if self.groups is not None and abs(sum(self.groups) - 1.0) > 1e-6:
            raise ValueError(f"shares of groups add up to {sum(self.groups):g}, not 1")
        if self.people is None and self.sources and any(one.people is None for one in self.sources):
            raise ValueError("some sources have a share: say how many people come in all")
        if sum(one.people or 0 for one in self.sources) > (self.people or 1e12):
            raise ValueError(f"more come from the sources than the {self.people} people in all")
        return self
