"""What a scenario changes in the city: a tagged union on `kind`, checked where the text comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
    model_validator,
)

from scenarios.plan_text import PlanText
from scenarios.rain.rainfall import Rainfall as Rainfall
from scenarios.text import Text

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Words(Text):
    """A short text in the languages that the twin speaks."""

    en: str = ""
    zh: str = ""


class Place(Text):
    """Somewhere in the city, told in exactly one way.

    Attributes:
        attraction: Name of a row of the city's attractions, facilities or stops.
        lon: Longitude, degrees east (WGS 84); with `lat`.
        lat: Latitude, degrees north (WGS 84); with `lon`.
        edge: Id of a road edge.
    """

    attraction: str | None = None
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    edge: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Place:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("a place needs both lon and lat")
        told = [self.attraction is not None, self.lon is not None, self.edge is not None]
        if sum(told) != 1:
            raise ValueError("a place is told by exactly one of: attraction, lon and lat, edge")
        return self


class _Timed(Text):
    """Something that may begin and end within the period; without them it holds for the whole run."""

    begin: AwareDatetime | None = None
    end: AwareDatetime | None = None

    @field_validator("end")
    @classmethod
    def _after_begin(cls, end: datetime | None, info: ValidationInfo) -> datetime | None:
        begin = info.data.get("begin")
        if begin is not None and end is not None and end <= begin:
            raise ValueError(f"the end {end.isoformat()} is not after the begin {begin.isoformat()}")
        return end


class RoadClosure(_Timed):
    """Edges that nobody may enter from `begin` to `end`."""

    kind: Literal["road_closure"]
    edges: tuple[str, ...] = Field(min_length=1)


class Exit(Text):
    """A way out of a venue: visitors enter the street at the walk node nearest to it."""

    name: str = Field(min_length=1)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    share: PositiveFloat = 1.0


class Parking(Text):
    """Where visitors park, and what they do when it is full.

    Attributes:
        capacity: Places for visitors by the name (or OSM id) of a car park; they park nowhere else. Empty: every car
            park on the map, with all its places free.
        guidance: Share of drivers who follow signs with free places: when they call the own car park full, these
            drivers go to the next that they call free. 0: there are no signs.
        patience_s: Other drivers wait so long in the queue of a full one before they try their next, s.
        entry_s: A car stands so long at the barrier, s.
    """

    capacity: dict[str, NonNegativeInt] = Field(default_factory=dict)
    guidance: Share = 0.0
    patience_s: PositiveFloat = 600.0
    entry_s: PositiveFloat = 6.0


class Event(Text):
    """A crowd that leaves a venue, and comes to it where a begin is given.

    Attributes:
        at: The venue.
        people: Persons who leave.
        begins: When all of them want to be there; without it they are there from the start.
        arrival_s: They want to be there within so long before `begins`, s.
        parking: Car parks of those who come by car; only with `begins`.
        ends: When the first may leave.
        egress_s: All have started to leave this long after `ends`, s.
        exits: Ways out; without them four are taken around the venue.
        car_share: Share of persons who came by car.
        party_size: Persons in one car.
    """

    kind: Literal["event"]
    name: str = Field(min_length=1)
    event_kind: Literal["concert", "festival", "match", "market", "other"] = "concert"
    at: Place
    people: PositiveInt
    ends: AwareDatetime
    begins: AwareDatetime | None = None
    arrival_s: PositiveFloat = 3600.0
    egress_s: PositiveFloat = 1800.0
    exits: tuple[Exit, ...] = ()
    car_share: Share = 0.08
    party_size: float = Field(default=2.3, ge=1.0)
    parking: Parking | None = None

    @model_validator(mode="after")
    def _comes_before_it_leaves(self) -> Event:
        if self.begins is None and self.parking is not None:
            raise ValueError("parking needs begins: when the visitors want to be there")
        if self.begins is not None and self.begins >= self.ends:
            raise ValueError(f"it begins at {self.begins.isoformat()}, not before it ends at {self.ends.isoformat()}")
        return self

    @field_validator("exits")
    @classmethod
    def _names_once(cls, exits: tuple[Exit, ...]) -> tuple[Exit, ...]:
        names = [way.name for way in exits]
        if len(set(names)) != len(names):
            raise ValueError("two exits have the same name")
        return exits


class EmergencyCall(Text):
    """A call for an ambulance; `unit` and `route` are decided beforehand when given."""

    kind: Literal["emergency_call"]
    call_id: str = Field(min_length=1)
    time: AwareDatetime
    at: Place
    call_kind: str = "medical"
    priority: int = Field(default=1, ge=1, le=3)
    unit: str | None = None
    route: tuple[str, ...] = ()

    @field_validator("route")
    @classmethod
    def _needs_unit(cls, route: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if route and not info.data.get("unit"):
            raise ValueError("a route needs the unit that drives it")
        return route


class SignalPlanChange(Text):
    """Signal programs for the whole run: written here, or read from a SUMO additional `file` beside the scenario."""

    kind: Literal["signal_plan"]
    plans: tuple[PlanText, ...] = Field(min_length=1)


class DemandChange(_Timed):
    """Trips that depart from `begin` to `end` times `scale`, of those from `origins` or to `destinations` if given."""

    kind: Literal["demand_change"]
    scale: NonNegativeFloat
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()


class VisitorGuidance(Text):
    """Where visitors are sent and when they are let go.

    Attributes:
        event: Name of the event, or every event if not given.
        stop_shares: Shares by the name (or OSM id) of a stop or car park, among those who follow the guidance.
        exit_shares: Shares by the name of an exit, among those who follow the guidance.
        stagger_s: The release is stretched by this much, s.
        compliance: Share of visitors who follow the guidance.
    """

    kind: Literal["visitor_guidance"]
    event: str | None = None
    stop_shares: dict[str, NonNegativeFloat] = Field(default_factory=dict)
    exit_shares: dict[str, NonNegativeFloat] = Field(default_factory=dict)
    stagger_s: NonNegativeFloat = 0.0
    compliance: Share = 0.6

    @field_validator("stop_shares", "exit_shares")
    @classmethod
    def _some(cls, shares: dict[str, float]) -> dict[str, float]:
        if shares and sum(shares.values()) <= 0:
            raise ValueError("the shares sum to zero")
        return shares


class TransitHeadway(Text):
    """Another headway of a line of buses, between the first and the last departure within the run.

    Attributes:
        line: Its id in the layer transit_routes (`18/0`), without direction (`18`: both), or its name.
        factor: Times the planned headway; or
        minutes: The new headway, min.
    """

    kind: Literal["transit_headway"]
    line: str = Field(min_length=1)
    factor: float | None = Field(default=None, gt=0.0, le=20.0)
    minutes: float | None = Field(default=None, ge=0.5)

    @model_validator(mode="after")
    def _one_headway(self) -> TransitHeadway:
        if (self.factor is None) == (self.minutes is None):
            raise ValueError("transit_headway needs exactly one of: factor, minutes")
        return self


class TransitFleet(Text):
    """No more vehicles than these serve a line's direction: a departure for which none is back is cancelled.

    Attributes:
        line: As in transit_headway.
        vehicles: How many there are.
        layover_s: Rest after each round, s.
    """

    kind: Literal["transit_fleet"]
    line: str = Field(min_length=1)
    vehicles: PositiveInt
    layover_s: NonNegativeFloat = 300.0


class BusPriority(Text):
    """Buses go first at signals: greens are held for them, others end early, within bounds (models.traffic.priority).

    Attributes:
        signals: Ids of signals; empty is all.
        bound_s: The most by which a green is held or ended early, s.
    """

    kind: Literal["bus_priority"]
    signals: tuple[str, ...] = ()
    bound_s: float = Field(default=10.0, gt=0.0, le=30.0)


Intervention = Annotated[
    RoadClosure
    | Rainfall
    | Event
    | EmergencyCall
    | SignalPlanChange
    | DemandChange
    | VisitorGuidance
    | TransitHeadway
    | TransitFleet
    | BusPriority,
    Field(discriminator="kind"),
]
