"""`Plan`: who does what when trouble comes, as a city writes it down beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from networks.sentence import Sentence, read_sentence
from twin.alarms import KINDS, LEVELS

COLOURS = {"blue": "IV", "yellow": "III", "orange": "II", "red": "I"}
"""Colours of official warnings in China (and, from yellow on, of MeteoAlarm), as levels."""

Fault = tuple[tuple[str | int, ...], str]
"""Where something is wrong, and what."""
Level = Literal["IV", "III", "II", "I"]
Words = Annotated[Sentence, BeforeValidator(read_sentence)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]
"""Short, since the keys of messages are made of names."""
Minutes = Annotated[float, Field(gt=0.0, le=7 * 24 * 60.0)]
Corner = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _level(value: Any) -> Any:
    return COLOURS.get(value, value) if isinstance(value, str) else value


class SignalCondition(_Written):
    """An official warning that must be in force.

    Attributes:
        events: Words; one of them must be in the warning's event, event codes or headline. Case does not matter.
        at_least: Level, or a colour.
        own: Rain that the twin itself holds against the service's levels (`twin flood signals`) counts too.
    """

    events: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field(min_length=1)
    at_least: Annotated[Level, BeforeValidator(_level)] = "IV"
    own: bool = False


class FindingCondition(_Written):
    """Trouble that must be found, now or within a while.

    Attributes:
        kind: One of `twin.alarms.KINDS`.
        level: This level or a worse one.
        count: At least so many different subjects.
        probability: At least this share of members.
        within_min: It begins no later than this many minutes from now; None: whenever.
        area: "signal": where the official signal holds; or a ring of (longitude, latitude); None: anywhere.
    """

    kind: str
    level: Annotated[Level, BeforeValidator(_level)] = "IV"
    count: int = Field(default=1, ge=1, le=10_000)
    probability: float = Field(default=0.5, ge=0.0, le=1.0)
    within_min: Minutes | None = None
    area: Literal["signal"] | tuple[Corner, ...] | None = None

    @model_validator(mode="after")
    def _sound(self) -> FindingCondition:
        if self.kind not in KINDS:
            raise ValueError(f"no finder finds {self.kind}; there are {', '.join(KINDS)}")
        if isinstance(self.area, tuple) and len(self.area) < 3:
            raise ValueError("an area has three corners or more: [[lon, lat], ...]")
        return self


class Trigger(_Written):
    """All of it must hold at once: the official signal and each of the findings."""

    signal: SignalCondition | None = None
    findings: tuple[FindingCondition, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Trigger:
        if self.signal is None and not self.findings:
            raise ValueError("it asks for nothing: give it a signal, findings, or both")
        if self.signal is None and any(one.area == "signal" for one in self.findings):
            raise ValueError("area: signal needs a signal")
        return self


class Party(_Written):
    """An agency, or somebody who signs.

    Attributes:
        title: Its name.
        channel: The way out that reaches it (`twin.out`); "" where somebody has to telephone.
        roles: Roles at the desk (`twin.desk`) that may sign in its name; empty: it signs nothing.
        people: Who may, by name; empty: everybody with such a role.
    """

    title: Words
    channel: str = ""
    roles: tuple[Literal["operator", "engineer", "planner"], ...] = ()
    people: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()


class Task(_Written):
    """What an agency is asked to do.

    Attributes:
        id: Its name; once in a plan.
        agency: Who.
        text: What.
        acknowledge_min: It has so long to say that it heard.
        done_min: It has so long to say that it is done; None: nobody waits for that.
        at_once: Called before anybody signs: the plan itself allows it.
        escalate: Who is called next, and after that, when nothing is heard in time.
    """

    id: Name
    agency: Name
    text: Words
    acknowledge_min: Minutes
    done_min: Minutes | None = None
    at_once: bool = False
    escalate: tuple[Name, ...] = ()


class PlanLevel(_Written):
    """One level of a plan.

    Attributes:
        when: Any one of these sets it off.
        signs: Who signs.
        sign_min: They have so long; then the next of `escalate` is asked too.
        escalate: Who else may sign.
        tasks: What is called, beside all of the milder levels.
    """

    when: tuple[Trigger, ...] = Field(min_length=1)
    signs: Name
    sign_min: Minutes
    escalate: tuple[Name, ...] = ()
    tasks: tuple[Task, ...] = ()


class StandDown(_Written):
    """How it ends.

    Attributes:
        hold_min: No condition of any level has held for so long.
        sign_min: Who signed the level has so long to sign the end.
        text: What all who were called are told.
        acknowledge_min: They have so long to say that they heard.
    """

    hold_min: Minutes
    sign_min: Minutes = 30.0
    text: Words
    acknowledge_min: Minutes = 15.0


class Plan(_Written):
    """A response plan.

    Attributes:
        plan: Its name.
        version: As its owner counts.
        title: Its title.
        source: Where its figures come from.
        per: One case for the whole city, or one for each subject of a finding.
        parties: Agencies and who signs, by name.
        levels: From IV (mildest) to I; at least one.
        stand_down: How it ends.
    """

    plan: Name
    version: str = Field(min_length=1, max_length=40)
    title: Words
    source: Words
    per: Literal["city", "subject"] = "city"
    parties: dict[Name, Party] = Field(min_length=1)
    levels: dict[Level, PlanLevel] = Field(min_length=1)
    stand_down: StandDown

    def from_mildest(self) -> list[tuple[str, PlanLevel]]:
        """Its levels, mildest first."""
        return [(name, self.levels[name]) for name in LEVELS if name in self.levels]

    def up_to(self, level: str) -> list[tuple[str, PlanLevel]]:
        """Its levels up to this one, mildest first."""
        return [one for one in self.from_mildest() if LEVELS.index(one[0]) <= LEVELS.index(level)]

    def faults(self) -> Iterator[Fault]:
        """What fits its fields, yet not the rest of the plan: where, and what is wrong."""
        seen: set[str] = set()
        for name, level in self.from_mildest():
            at: tuple[str | int, ...] = ("levels", name)
            yield from self._unknown(level.escalate, (*at, "escalate"))
            for who in (level.signs, *level.escalate):
                if who in self.parties and not self.parties[who].roles:
                    yield (*at, "signs"), f"{who} signs, but its party has no roles"
            yield from self._unknown((level.signs,), (*at, "signs"))
            if self.per == "subject" and any(not trigger.findings for trigger in level.when):
                yield (*at, "when"), "per: subject needs findings in each trigger: they say what it is about"
            for number, task in enumerate(level.tasks):
                place = (*at, "tasks", number)
                yield from self._unknown((task.agency,), (*place, "agency"))
                yield from self._unknown(task.escalate, (*place, "escalate"))
                if task.done_min is not None and task.done_min < task.acknowledge_min:
                    yield (*place, "done_min"), "it must be done before it need be acknowledged"
                if task.id in seen:
                    yield (*place, "id"), f"a second task is called {task.id}"
                seen.add(task.id)

    def _unknown(
        self, names: tuple[str, ...], at: tuple[str | int, ...]
    ) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name in names:
            if name not in self.parties:
                yield at, f"{name} is none of the parties: {', '.join(sorted(self.parties))}"
