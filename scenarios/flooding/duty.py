"""What the duty officer is told: for each place one sentence that says what may happen, by when, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from networks import Pond, say
from networks.sentence import Sentence
from scenarios.flooding.places import CLOSE_M, CLOSE_SOURCE, WARN_M, Places, WatchedUnderpass
from scenarios.flooding.storm_run import Passing, StormAnswer

WORTH_SAYING = 0.05


@dataclass(frozen=True)
class Watch:
    """One place of the list.

    Attributes:
        place: Its id.
        kind: underpass or pond.
        name: To be shown.
        x: m in the city's plane; NaN where nobody knows.
        y: Likewise.
        trusted: Its depths and times may be said; False: on this terrain it is known to be prone alone.
        warn: When its warning depth is reached; None where it has none.
        close: When its closing depth is reached.
        deepest_m: (low, middle, high): 10th, 50th, 90th percentile of the members' deepest water.
        close_by_s: The latest moment (s) to give the order; None: never reached.
        sentence: For the duty officer.
    """

    place: str
    kind: str
    name: str
    x: float
    y: float
    trusted: bool
    warn: Passing | None
    close: Passing
    deepest_m: tuple[float, float, float]
    close_by_s: float | None
    sentence: Sentence


def duty_list(answer: StormAnswer, places: Places, *, trusted: bool, begin: datetime | None = None) -> list[Watch]:
    """Every underpass and ponding point, the likeliest to pass its closing depth first.

    Args:
        answer: The ensemble.
        places: What was watched.
        trusted: The terrain is good for depths, or the user assumes so. Otherwise only surveyed underpasses get depths,
            times and an order to close; the others are named as prone, without a number.
        begin: The run's begin on the wall clock; None: times are minutes after it.
    """
    at = clock(begin)
    found = [_underpass(answer, number, places, trusted, at) for number in range(len(places.underpasses))]
    found += [_pond(answer, number, one, trusted, at) for number, one in enumerate(places.ponds)]
    return sorted(found, key=lambda one: (-one.close.chance, one.close.middle_s or np.inf, one.place))


def _underpass(answer: StormAnswer, number: int, places: Places, trusted: bool, at: Callable[[float], str]) -> Watch:
    one = places.underpasses[number]
    close = answer.underpass_passing(number, one.close_m)
    warn = answer.underpass_passing(number, one.warn_m) if np.isfinite(one.warn_m) else None
    gate = one.about.gate if one.about else None
    by = None if close.first_s is None else max(0.0, close.first_s - (gate.takes_s if gate else 0.0))
    may = trusted or one.surveyed
    order = say(f" ({gate.command})", f"（{gate.command}）") if gate else say("", "")
    more = _more(one, places.nearest_cameras(one.x, one.y))
    sentence = _sentence(one.name, close, by, order, more, one.close_source, may, at)
    deepest = _deepest([member.underpass_m[:, number] for member in answer.members])
    return Watch(one.sump.name, "underpass", one.name, one.x, one.y, may, warn, close, deepest, by, sentence)


def _pond(answer: StormAnswer, number: int, one: Pond, trusted: bool, at: Callable[[float], str]) -> Watch:
    close = answer.pond_passing(number, CLOSE_M)
    name = one.name or one.pond_id
    nothing = say("", "")
    sentence = _sentence(name, close, close.first_s, nothing, nothing, CLOSE_SOURCE, trusted, at)
    deepest = _deepest([member.pond_m[:, number] for member in answer.members])
    warn = answer.pond_passing(number, WARN_M)
    return Watch(one.pond_id, "pond", name, one.x, one.y, trusted, warn, close, deepest, close.first_s, sentence)


def _sentence(
    name: str, close: Passing, by: float | None, order: Sentence, more: Sentence, source: Sentence, trusted: bool,
    at: Callable[[float], str],
) -> Sentence:  # fmt: skip
    if not trusted:
        if close.chance < WORTH_SAYING:
            return say(f"{name}: not known to be prone.", f"{name}：未见易积水迹象。")
        return say(
            f"{name}: prone to ponding in this storm; the terrain is for screening alone, so send somebody to look "
            "before anything is closed.",
            f"{name}：本场降雨中易积水；地形数据仅供筛查，封闭前请派人现场查看。",
        )
    if close.chance < WORTH_SAYING or close.middle_s is None or by is None:
        return say(
            f"{name}: not expected to pass {close.depth_m:.2f} m.", f"{name}：预计水深不超过{close.depth_m:.2f}米。"
        )
    share, limit = f"{100 * close.chance:.0f}", f"{close.depth_m:.2f}"
    return say(
        f"{name}: {share} % to pass its closing depth of {limit} m ({source['en']}) by {at(close.middle_s)}; "
        f"close by {at(by)}{order['en']}.{more['en']}",
        f"{name}：有{share}%的可能在{at(close.middle_s)}前超过封闭水深{limit}米（{source['zh']}）；"
        f"请在{at(by)}前封闭{order['zh']}。{more['zh']}",
    )


def _more(one: WatchedUnderpass, near: tuple[str, ...]) -> Sentence:
    """Detour, cameras and gauge: what the file says, else the nearest cameras of the city."""
    detour, cameras, gauge = (one.about.detour, one.about.cameras, one.about.gauge) if one.about else ("", (), "")
    english, chinese = list[str](), list[str]()
    for value, en, zh in (
        (detour, "Detour", "绕行"),
        (", ".join(cameras or near), "Cameras", "摄像头"),
        (gauge, "Gauge", "水位计"),
    ):
        if value:
            english.append(f" {en}: {value}.")
            chinese.append(f"{zh}：{value}。")
    return {"en": "".join(english), "zh": "".join(chinese)}


def _deepest(courses: list[np.ndarray]) -> tuple[float, float, float]:
    low, middle, high = np.quantile([course.max() for course in courses], (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def clock(begin: datetime | None) -> Callable[[float], str]:
    """Moments (s since the begin) in words: on the wall clock, or minutes after the begin."""
    if begin is None:
        return lambda seconds: f"T+{seconds / 60:.0f} min"
    return lambda seconds: f"{begin + timedelta(seconds=seconds):%H:%M}"
