"""`Course`: what a drill plays: signals, findings, and how everybody behaves; by file, or made from a plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from networks.errors import BadInput
from networks.sentence import say
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins, told
from twin.alarms import KINDS, Finding
from twin.feeds import Situation
from twin.plans.plan import COLOURS, Level, Name, Plan, Words

COURSES = Path(__file__).parent / "library" / "courses"
_SEVERITY = {"IV": "minor", "III": "moderate", "II": "severe", "I": "extreme"}
_COLOUR = {level: colour for colour, level in COLOURS.items()}
_CHINESE = {"IV": "蓝色", "III": "黄色", "II": "橙色", "I": "红色"}
_STEP_MIN = 30.0
Minute = Annotated[float, Field(ge=0.0, le=7 * 24 * 60.0)]
PlanLevel = Annotated[Level, BeforeValidator(lambda value: COLOURS.get(value, value))]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlayedSignal(_Written):
    """An official signal: from which minute until which, its event and its level."""

    from_min: Minute
    until_min: Minute
    event: Words
    level: PlanLevel


class PlayedFinding(_Written):
    """A finding: told from which minute until which, and from when on the trouble is there.

    Attributes:
        begins_min: From then on it is there; until then it is forecast. None: from the first minute.
        until_min: It is not found any more.
    """

    kind: str
    subject: str = Field(min_length=1, max_length=200)
    level: PlanLevel
    from_min: Minute
    until_min: Minute
    begins_min: Minute | None = None
    probability: float = Field(default=0.8, ge=0.0, le=1.0)
    text: Words
    place: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _known(self) -> PlayedFinding:
        if self.kind not in KINDS:
            raise ValueError(f"no finder finds {self.kind}; there are {', '.join(KINDS)}")
        return self


class Behaviour(_Written):
    """How somebody answers.

    Attributes:
        acknowledge_min: So long after the call; None: never.
        done_min: So long after the call it is done, or signed; None: never told.
        refuse: They refuse instead of acknowledging.
        words: What they say.
    """

    acknowledge_min: Minute | None = None
    done_min: Minute | None = None
    refuse: bool = False
    words: str = Field(default="", max_length=400)


class Course(_Written):
    """A drill's course.

    Attributes:
        begin: Minute 0; with a zone.
        last_min: Its last minute.
        every_min: From one cycle to the next.
        signals: Official signals; they are exercises, whatever they say.
        findings: What the finders find.
        parties: How parties behave; one that is not named answers after two minutes and is done after ten.
        tasks: How parties behave with single tasks ("crews", "sign:II", "end:1"), before `parties`.
    """

    begin: AwareDatetime
    last_min: Minute
    every_min: Annotated[float, Field(gt=0.0, le=60.0)] = 5.0
    signals: tuple[PlayedSignal, ...] = ()
    findings: tuple[PlayedFinding, ...] = ()
    parties: dict[Name, Behaviour] = Field(default_factory=dict)
    tasks: dict[str, Behaviour] = Field(default_factory=dict)

    def moment(self, minute: float) -> datetime:
        """The time of a minute."""
        return self.begin + timedelta(minutes=minute)

    def behaviour(self, task: str, party: str) -> Behaviour:
        """How a party answers a task."""
        return self.tasks.get(task) or self.parties.get(party) or Behaviour(acknowledge_min=2.0, done_min=10.0)

    def situations(self) -> list[Situation]:
        """The signals as a feed would tell them, as exercises."""
        return [
            Situation(
                situation=f"exercise-{number}",
                part="",
                told=self.moment(one.from_min),
                kind="weather",
                begin=self.moment(one.from_min),
                end=self.moment(one.until_min),
                status="exercise",
                severity=_SEVERITY[one.level],
                words={
                    "en": f"{one.event['en']}, {_COLOUR[one.level]} warning",
                    "zh-CN": f"{one.event['zh']}{_CHINESE[one.level]}预警",
                },
                details={"event": f"{one.event['en']} {one.event['zh']}"},
            )
            for number, one in enumerate(self.signals, start=1)
        ]

    def found(self, minute: float) -> list[Finding]:
        """What is found in a minute."""
        return [self._finding(one, minute) for one in self.findings if one.from_min <= minute < one.until_min]

    def _finding(self, one: PlayedFinding, minute: float) -> Finding:
        begins = self.moment(one.from_min if one.begins_min is None else one.begins_min)
        now, ends = self.moment(minute), self.moment(one.until_min)
        probability = 1.0 if begins <= now else one.probability
        return Finding(
            one.kind, one.subject, one.level, one.text, now, begins, ends, probability, place=one.place, run_id="drill"
        )


def read_course(file: Path) -> Course:
    """A course from a file of YAML.

    Raises:
        BadInput: It cannot be read, or a field is missing, unknown or impossible: with its line.
    """
    text = read_text(file, expected="a drill's course in YAML, as in docs/plans.md")
    root = compose(text, file, BadInput, "a drill's course", remedy="see docs/plans.md")
    refuse_twins(root, file, BadInput)
    try:
        return Course.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="course", tags=(), remedy="mend that line") from error


def course_for(plan: Plan) -> Course:
    """The course that ships with a plan; where there is none, one made from the plan."""
    shipped = COURSES / f"{plan.plan}.yaml"
    return read_course(shipped) if shipped.is_file() else made_course(plan)


def made_course(plan: Plan) -> Course:
    """A course that sets off each level of a plan, mildest first, half an hour each, and then lets it end.

    Everybody answers in half of their time, but for the first task of the worst level: nobody hears it.
    """
    levels = plan.from_mildest()
    over = _STEP_MIN * len(levels)
    signals, findings = [], []
    for number, (name, level) in enumerate(levels):
        since = _STEP_MIN * number
        trigger = level.when[0]
        if trigger.signal is not None:
            words, at_least = trigger.signal.events, trigger.signal.at_least
            chinese = next((word for word in words if not word.isascii()), words[0])
            event = say(next((word for word in words if word.isascii()), words[0]), chinese)
            signals.append(PlayedSignal(from_min=since, until_min=over, event=event, level=at_least))
        for condition in trigger.findings:
            for one in range(condition.count):
                place = f"{condition.kind}-{one + 1}"
                findings.append(
                    PlayedFinding(
                        kind=condition.kind,
                        subject="drill" if plan.per == "subject" else place,
                        level=condition.level,
                        from_min=since,
                        until_min=over,
                        begins_min=since + 20.0,
                        probability=max(condition.probability, 0.8),
                        text=say(f"{place}, as the plan asks for level {name}", f"{place}，达到预案{name}级条件"),
                        place=None if condition.area in (None, "signal") else _middle(condition.area),
                    )
                )
    tasks = {f"sign:{name}": Behaviour(acknowledge_min=1.0, done_min=level.sign_min / 2) for name, level in levels}
    for _, level in levels:
        for task in level.tasks:
            half = (task.done_min or task.acknowledge_min) / 2
            tasks[task.id] = Behaviour(acknowledge_min=task.acknowledge_min / 2, done_min=half)
    unheard = next((level.tasks[0].id for _, level in reversed(levels) if level.tasks), None)
    if unheard is not None:
        tasks[unheard] = Behaviour()
    down = plan.stand_down
    last = over + down.hold_min + down.sign_min + down.acknowledge_min + 15.0
    begin = datetime.fromisoformat("2026-07-17T14:00:00+08:00")
    return Course(
        begin=begin, last_min=last, signals=tuple(signals), findings=tuple(findings), tasks=tasks, every_min=5.0
    )


def _middle(ring: object) -> tuple[float, float]:
    from shapely import Polygon

    point = Polygon(ring).representative_point()
    return (float(point.x), float(point.y))
