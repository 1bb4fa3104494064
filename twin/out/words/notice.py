"""`Notice`: what a message tells people, taken from its body, whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from networks.errors import BadInput
from networks.sentence import LANGUAGES, Sentence, joined, say
from twin.out.assets import assets_of
from twin.out.message import OutMessage

Corner = tuple[float, float]
_WORDS = {
    "signal_plan": ("signal plan", "信号方案"),
    "signal_program": ("signal program", "信号方案切换"),
    "signal_phases": ("signal phases", "信号相位"),
    "signal_held": ("signal held in its phase", "信号保持当前相位"),
    "bus_priority": ("bus priority", "公交优先"),
    "road_closure": ("road closed", "道路封闭"),
    "lanes_closed": ("lanes closed", "车道封闭"),
    "lane_blocked": ("lane blocked", "车道受阻"),
    "speed_limit": ("speed limit", "限速"),
    "diversion": ("diversion", "绕行"),
    "sign": ("sign", "情报板"),
    "visitor_guidance": ("visitors guided", "游客疏导"),
    "transit_headway": ("headway of a line", "公交发车间隔"),
    "transit_fleet": ("vehicles of a line", "公交运力"),
    "task": ("task", "任务"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told.

    Attributes:
        title: In both languages.
        text: What is to be done, in both.
        level: "IV" to "I", or "" where nobody said.
        event: The kind of trouble or of action, as "ponding", "incident".
        at: When it was made.
        begins: When it holds; `at` where nobody said.
        ends: Until when; None where nobody said.
        probability: 0 to 1; None where nobody said.
        places: Name -> longitude and latitude, degrees.
        rings: Outlines of the area, closed, (lon, lat).
        area: Its name.
        exercise: It is a drill.
        message: "Alert", "Update" or "Cancel".
        replaces: Key and time of earlier messages that it updates or cancels.
    """

    title: Sentence
    text: Sentence
    level: str
    event: str
    at: datetime
    begins: datetime
    ends: datetime | None
    probability: float | None
    places: Mapping[str, Corner]
    rings: tuple[tuple[Corner, ...], ...]
    area: Sentence
    exercise: bool
    message: str
    replaces: tuple[tuple[str, datetime], ...]


def notice_of(message: OutMessage) -> Notice:
    """What a message tells.

    Body: `title`, `text` and `area` (a text, or one in each language), `at`, `begins`, `ends` (ISO 8601 with a zone),
    `level`, `event`, `probability`, `places` ({name: [lon, lat]}), `polygon` (rings of [lon, lat]), `exercise`,
    `message`, `replaces` ([{key, at}]), `interventions`.

    Raises:
        BadInput: Something is missing or of another shape.
    """
    body = message.body
    try:
        title = sentence(body.get("title") or message.kind.replace("_", " "))
        at = _moment(body["at"])
        rings = tuple(tuple((float(x), float(y)) for x, y in ring) for ring in body.get("polygon") or ())
        return Notice(
            title=title,
            text=sentence(body["text"]) if body.get("text") else interventions_told(body.get("interventions") or ()),
            level=str(body.get("level") or ""),
            event=str(body.get("event") or message.kind),
            at=at,
            begins=_moment(body["begins"]) if body.get("begins") else at,
            ends=_moment(body["ends"]) if body.get("ends") else None,
            probability=None if body.get("probability") is None else float(body["probability"]),
            places={str(name): (float(x), float(y)) for name, (x, y) in (body.get("places") or {}).items()},
            rings=rings,
            area=sentence(body["area"]) if body.get("area") else say("", ""),
            exercise=body.get("exercise") is True,
            message=str(body.get("message") or ("Cancel" if message.kind == "rollback" else "Alert")),
            replaces=tuple((str(one["key"]), _moment(one["at"])) for one in body.get("replaces") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise BadInput(what, place="body", expected="a body as twin.out.words.notice reads it") from error


def interventions_told(interventions: Any) -> Sentence:
    """What is to be done, in words: kinds and names of what they touch."""
    told = []
    for one in interventions:
        kind = str(one.get("kind", ""))
        en, zh = _WORDS.get(kind, (kind.replace("_", " "), kind))
        names = ", ".join(sorted(assets_of(one)))
        own = sentence(one.get("text") or "")
        own = own if own["en"] else say(names, names)
        told.append(say(f"{en}: {own['en']}".rstrip(": "), f"{zh}：{own['zh']}".rstrip("： ")))
    return joined(told) if told else say("", "")


def sentence(value: Any) -> Sentence:
    """A text, or one in each language."""
    if isinstance(value, str):
        return say(value, value)
    if isinstance(value, Mapping) and set(value) <= set(LANGUAGES):
        other = str(value.get("en") or value.get("zh") or "")
        return say(str(value.get("en") or other), str(value.get("zh") or other))
    raise ValueError(f"{value!r} is no text in English or Chinese")


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return moment
