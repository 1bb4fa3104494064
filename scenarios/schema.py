"""The scenario: what is asked of the city, as a frozen model with a digest and a JSON Schema."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from networks.digest import digest_json
from scenarios.interventions import BusPriority, EmergencyCall, Event, Intervention, Place, Rainfall, Share, Words
from scenarios.response.response import Informed, Response
from scenarios.text import Text

Kind = TypeVar("Kind", bound=Text)

PROFILES = ("weekday_morning", "weekday_midday", "weekday_evening", "weekend_afternoon", "night")


class Period(Text):
    """From when to when. Run time 0 is `begin` minus the warm-up; the UTC offset of `begin` is local time.

    Attributes:
        warm_up_s: Seconds before `begin` in which the streets fill; not measured.
    """

    begin: AwareDatetime
    end: AwareDatetime
    warm_up_s: NonNegativeFloat = 900.0

    @field_validator("end")
    @classmethod
    def _after_begin(cls, end: datetime, info: ValidationInfo) -> datetime:
        begin = info.data.get("begin")
        if begin is not None and end <= begin:
            raise ValueError(f"the end {end.isoformat()} is not after the begin {begin.isoformat()}")
        if begin is not None and (end - begin).total_seconds() > 86400:
            raise ValueError("the period is longer than a day")
        return end


class Seeds(Text):
    """The seeds of an ensemble: `first`, `first + 1`, ..."""

    first: NonNegativeInt = 1
    count: PositiveInt = 8

    @property
    def all(self) -> tuple[int, ...]:
        """The seeds in order."""
        return tuple(range(self.first, self.first + self.count))


class DemandText(Text):
    """How much traffic: a time-of-day profile, a scale, and factors by origin edge (written by calibration).

    Attributes:
        source: `guessed` from roads, people and jobs; or `od`: the city's own trip table (twin import od).
        bicycle_share: Share of the everyday trips that are ridden on a bicycle instead of driven.
        ebike_share: Share of the everyday trips that are ridden on an e-bike (25 km/h) instead of driven.
    """

    profile: Literal["weekday_morning", "weekday_midday", "weekday_evening", "weekend_afternoon", "night"] = (
        "weekday_evening"
    )
    source: Literal["guessed", "od"] = "guessed"
    scale: NonNegativeFloat = 1.0
    factors: dict[str, NonNegativeFloat] = Field(default_factory=dict)
    bicycle_share: Share = 0.0
    ebike_share: Share = 0.0

    @model_validator(mode="after")
    def _no_more_than_all(self) -> DemandText:
        if self.bicycle_share + self.ebike_share > 1.0:
            raise ValueError("bicycle_share and ebike_share together are more than all trips")
        return self


class UnitText(Text):
    """An emergency vehicle and where it stands."""

    unit_id: str = Field(min_length=1)
    at: Place
    unit_kind: str = "ambulance"


class Dispatch(Text):
    """Who answers calls.

    Attributes:
        policy: `free_flow`: nearest by free-flow time, knows nothing of jam and flood; `forecast`: by forecast times.
        units: Vehicles; without them one stands at each ambulance station, fire station and hospital.
        turnout_s: From the call to wheels rolling, s.
        on_scene_s: Time at the scene, s.
    """

    policy: Literal["free_flow", "forecast"] = "free_flow"
    units: tuple[UnitText, ...] = ()
    turnout_s: NonNegativeFloat = 90.0
    on_scene_s: PositiveFloat = 600.0


class ValidityText(Text):
    """What a valid member keeps to (`models.traffic.Limits` has the reasons); one that cannot is stopped and named.

    Attributes:
        teleports: Share of the vehicles that SUMO may have moved by force.
        waiting: Share of the trips that may still wait to enter at the end.
        late: Share of the trips that may have waited 15 minutes for room to enter.
        standing: Mean share of the vehicles that may stand in the last 15 minutes.
        locked: Share of the vehicles that may never stand for 10 minutes on end.
        cost: Vehicle-seconds, as a multiple of those of the whole demand on empty roads.
        stop_early: End a member as soon as it cannot become valid any more.
    """

    teleports: Share = 0.03
    waiting: Share = 0.10
    late: Share = 0.10
    standing: Share = 0.65
    locked: Share = 0.95
    cost: PositiveFloat = 10.0
    stop_early: bool = True


class Scenario(Text):
    """A what-if: city, period, seeds, demand, what is changed, and how drivers respond to it.

    Attributes:
        outputs: Tables beyond the usual: `emissions` (HBEFA 4, European vehicles; also columns of `trips`) and `safety`
            (table `conflicts`: surrogate safety measures). Each slows a run.
        transit: `timetable`: the buses of the city's timetable run, where it has one (twin import gtfs); `none`: none.
    """

    name: str = Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9_.+-]*$")
    title: Words = Words()
    description: Words = Words()
    city: str = ""
    period: Period
    seeds: Seeds = Seeds()
    demand: DemandText = DemandText()
    dispatch: Dispatch = Dispatch()
    transit: Literal["timetable", "none"] = "timetable"
    outputs: tuple[Literal["emissions", "safety"], ...] = ()
    response: Response = Informed()
    interventions: tuple[Intervention, ...] = ()
    validity: ValidityText = ValidityText()
    measures: tuple[str, ...] = ()

    @field_validator("measures")
    @classmethod
    def _known(cls, measures: tuple[str, ...]) -> tuple[str, ...]:
        from scenarios.measures import MEASURES

        for name in measures:
            if name not in MEASURES:
                raise ValueError(f"no measure is called {name!r}; known: {', '.join(MEASURES)}")
        return measures

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        calls = [call.call_id for call in self.of(EmergencyCall)]
        if len(set(calls)) != len(calls):
            raise ValueError("two emergency calls have the same call_id")
        events = [event.name for event in self.of(Event)]
        if len(set(events)) != len(events):
            raise ValueError("two events have the same name")
        if len(self.of(BusPriority)) > 1:
            raise ValueError("there are two bus_priority; put their signals into one")
        if len(self.of(Rainfall)) > 1:
            raise ValueError("there are two rainfalls; put them into one hyetograph")
        return self

    @property
    def start(self) -> datetime:
        """Run time 0: `begin` minus the warm-up."""
        return self.period.begin - timedelta(seconds=self.period.warm_up_s)

    @property
    def end_s(self) -> float:
        """The end of the run, s after its start."""
        return self.seconds(self.period.end)

    @property
    def warm_up_s(self) -> float:
        """Where measuring begins, s after the run's start."""
        return self.period.warm_up_s

    def seconds(self, moment: datetime) -> float:
        """Run time of a moment, s after the run's start (negative before it)."""
        return (moment - self.start).total_seconds()

    def moment(self, seconds: float) -> datetime:
        """The local moment of a run time in s."""
        return self.start + timedelta(seconds=seconds)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The interventions of one kind, in order."""
        return tuple(item for item in self.interventions if isinstance(item, kind))

    def with_interventions(
        self, *more: Text | dict[str, Any], name: str | None = None, title: Words | dict[str, str] | None = None
    ) -> Scenario:
        """This scenario and more interventions, checked as if written in its file.

        Raises:
            pydantic.ValidationError: An intervention cannot be as it is.
        """
        text = self.model_dump(mode="json")
        text["interventions"] += [item.model_dump(mode="json") if isinstance(item, Text) else item for item in more]
        if name:
            text["name"] = name
        if title:
            text["title"] = title.model_dump() if isinstance(title, Words) else title
        return Scenario.model_validate(text)

    def replacing(self, **fields: Any) -> Scenario:
        """This scenario with other fields (`demand=..., dispatch=..., interventions=...`), checked again."""
        text = self.model_dump(mode="json")
        for key, value in fields.items():
            text[key] = TypeAdapter(Any).dump_python(value, mode="json")
        return Scenario.model_validate(text)

    def inputs(self) -> dict[str, Any]:
        """What a run depends on: everything but names, words, seeds, the list of measures and where radar rain lies."""
        said = self.model_dump(mode="json", exclude={"name", "title", "description", "city", "seeds", "measures"})
        for item in said["interventions"]:
            if item.get("radar"):
                del item["radar"]["folder"]
        return said

    @property
    def digest(self) -> str:
        """SHA-256 of `inputs()`: two scenarios that differ only in words have the same digest."""
        return digest_json(self.inputs())


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "citytwin scenario"
    return schema
