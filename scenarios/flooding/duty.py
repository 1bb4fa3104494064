"""What the duty officer is told: for each place one sentence that says what may happen, by when, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from networks import Pond, say
from networks.sentence import Sentence
from scenarios.flooding.caught import caught_vehicles
from scenarios.flooding.detour import Detour, Detours
from scenarios.flooding.flows import Flows
from scenarios.flooding.places import CAMERA_M, WARN_M, Places
from scenarios.flooding.storm_run import LIKELY, Passing, StormAnswer
from scenarios.flooding.watched import CLOSE_M, CLOSE_SOURCE, WatchedUnderpass

WORTH_SAYING = 0.05
NOTHING = say("", "")


@dataclass(frozen=True)
class Watch:
    """One place of the list.

    Attributes:
        place: Its id.
        kind: underpass or pond.
        name: What people call it.
        x: m in the city's plane; NaN where nobody knows.
        y: Likewise.
        trusted: Its depths and times may be said; False: on this terrain it is known to be prone alone.
        warn: When its warning depth is reached; None where it has none.
        close: When its closing depth is reached.
        deepest_m: (low, middle, high): 10th, 50th, 90th percentile of the members' deepest water.
        close_by_s: The latest moment (s) to give the order; None: never reached, or there is no road to close.
        caught: (members,) vehicles whose engines die in it if nobody closes it; None where no flow is known.
        detour: The way round for cars; None where none is needed or known.
        road: A road runs through it.
        sentence: For the duty officer.
    """

    place: str
    kind: str
    name: Sentence
    x: float
    y: float
    trusted: bool
    warn: Passing | None
    close: Passing
    deepest_m: tuple[float, float, float]
    close_by_s: float | None
    caught: np.ndarray | None
    detour: Detour | None
    road: bool
    sentence: Sentence


@dataclass(frozen=True)
class Help:
    """What the list may draw on besides the water.

    Attributes:
        detours: Ways round.
        flows: Vehicles on the roads.
        pumps: By place: the pumps that go there, and from where.
    """

    detours: Detours | None = None
    flows: Flows | None = None
    pumps: Mapping[str, Sentence] = field(default_factory=dict)


def duty_list(
    answer: StormAnswer, places: Places, *, trusted: bool, begin: datetime | None = None, by: Help | None = None
) -> list[Watch]:
    """Every underpass and ponding point, the likeliest to pass its closing depth first, roads before yards.

    Args:
        answer: The ensemble.
        places: What was watched.
        trusted: The terrain is good for depths, or the user assumes so. Otherwise only surveyed underpasses get depths,
            times and an order to close; the others are named as prone, without a number.
        begin: The run's begin on the wall clock; None: times are minutes after it.
        by: Ways round, traffic and pumps, as far as they are known.
    """
    work = _List(answer, places, trusted, clock(begin), by or Help())
    found = [work.underpass(number) for number in range(len(places.underpasses))]
    found += [work.pond(number) for number in range(len(places.ponds))]
    return sorted(found, key=lambda one: (-one.close.chance, not one.road, one.close.middle_s or np.inf, one.place))


@dataclass(frozen=True)
class _List:
    answer: StormAnswer
    places: Places
    trusted: bool
    at: Callable[[float], Sentence]
    by: Help

    def underpass(self, number: int) -> Watch:
        one, answer = self.places.underpasses[number], self.answer
        close = answer.underpass_passing(number, one.close_m)
        warn = answer.underpass_passing(number, one.warn_m) if np.isfinite(one.warn_m) else None
        gate = one.about.gate if one.about else None
        by = None if close.first_s is None else max(0.0, close.first_s - (gate.takes_s if gate else 0.0))
        may = self.trusted or one.surveyed
        order = say(f" ({gate.command})", f"（{gate.command}）") if gate else NOTHING
        courses = [member.underpass_m[:, number] for member in answer.members]
        caught, detour = self._caught(one, courses), self._round(one.edges, close)
        told = (caught, one.about.detour if one.about else "", detour, one.about.cameras if one.about else ())
        more = self._more(one.sump.name, one.x, one.y, *told, one.about.gauge if one.about else "")
        sentence = _sentence(one.name, close, by, order, more, one.close_source, may, self.at)
        place = (one.sump.name, "underpass", one.name, one.x, one.y, may)
        return Watch(*place, warn, close, _deepest(courses), by, caught, detour, True, sentence)

    def pond(self, number: int) -> Watch:
        one, name, answer = self.places.ponds[number], self.places.pond_names[number], self.answer
        close, warn = answer.pond_passing(number, CLOSE_M), answer.pond_passing(number, WARN_M)
        detour = self._round_pond(one, close)
        more = self._more(one.pond_id, one.x, one.y, None, "", detour, (), "")
        road = bool(len(self.places.roads_in(one)))
        if road:
            sentence = _sentence(name, close, close.first_s, NOTHING, more, CLOSE_SOURCE, self.trusted, self.at)
        else:
            sentence = _beside_roads(name, close, more, self.trusted, self.at)
        deepest = _deepest([member.pond_m[:, number] for member in answer.members])
        place = (one.pond_id, "pond", name, one.x, one.y, self.trusted)
        by = close.first_s if road else None
        return Watch(*place, warn, close, deepest, by, None, detour, road, sentence)

    def _caught(self, one: WatchedUnderpass, courses: list[np.ndarray]) -> np.ndarray | None:
        if self.by.flows is None or self.by.detours is None or not one.length_m:
            return None
        doors, lanes = self.by.detours.entries(one.edges), self.by.detours.lanes
        flow = float(self.by.flows.veh_h[doors].sum())
        return caught_vehicles(flow, float(lanes[doors].sum()), one.length_m, courses) if len(doors) else None

    def _round(self, edges: tuple[str, ...], close: Passing) -> Detour | None:
        if self.by.detours is None or close.chance < WORTH_SAYING or not edges:
            return None
        shut = self.answer.shut("car")[0] >= LIKELY if self.trusted else np.zeros(self.places.roads.lines, bool)
        return self.by.detours.around(edges, shut)

    def _round_pond(self, one: Pond, close: Passing) -> Detour | None:
        if not self.trusted or self.by.detours is None:
            return None
        roads = self.places.roads_in(one)
        shut = roads[self.answer.shut("car")[0][roads] >= LIKELY]
        return self._round(self.by.detours.kernel.ids(shut.tolist()), close)

    def _more(
        self, place: str, x: float, y: float, caught: np.ndarray | None, way: str, detour: Detour | None,
        cameras: tuple[str, ...], gauge: str,
    ) -> Sentence:  # fmt: skip
        """Vehicles caught, pumps, detour, cameras and gauge: what the file says, else what the city knows."""
        english, chinese = list[str](), list[str]()

        def tell(en: str, zh: str, value: Sentence) -> None:
            english.append(f" {en}: {value['en']}.")
            chinese.append(f"{zh}：{value['zh']}。")

        if caught is not None and caught.mean() >= LIKELY:
            count = f"{caught.mean():.0f}"
            tell(
                "Caught in it if it stays open",
                "若不封闭，预计被困",
                say(f"{count} vehicle{'s' * (count != '1')}", f"{count}辆车"),
            )
        if place in self.by.pumps:
            tell("Pumps", "排水泵", self.by.pumps[place])
        if way or detour is not None:
            tell("Detour", "绕行", say(way, way) if way or detour is None else detour.sentence)
        tell("Cameras", "摄像头", self._cameras(x, y, cameras))
        if gauge:
            tell("Gauge", "水位计", say(gauge, gauge))
        return say("".join(english), "".join(chinese))

    def _cameras(self, x: float, y: float, named: tuple[str, ...]) -> Sentence:
        near = [f"{name} ({away:.0f} m)" for name, away in self.places.nearest_cameras(x, y)]
        shown = [*named] or near
        if not shown:
            return say(f"none known within {CAMERA_M:.0f} m", f"{CAMERA_M:.0f}米内未知")
        return say(", ".join(shown), "、".join(shown))


def _sentence(
    name: Sentence, close: Passing, by: float | None, order: Sentence, more: Sentence, source: Sentence, trusted: bool,
    at: Callable[[float], Sentence],
) -> Sentence:  # fmt: skip
    en, zh = name["en"], name["zh"]
    if not trusted:
        if close.chance < WORTH_SAYING:
            return say(f"{en}: not known to be prone.", f"{zh}：未见易积水迹象。")
        return say(
            f"{en}: prone to ponding in this storm; the terrain is for screening alone, so send somebody to look "
            "before anything is closed.",
            f"{zh}：本场降雨中易积水；地形数据仅供筛查，封闭前请派人现场查看。",
        )
    limit = f"{close.depth_m:.2f}"
    if close.chance < WORTH_SAYING or close.middle_s is None or by is None:
        return say(f"{en}: not expected to pass {limit} m.", f"{zh}：预计水深不超过{limit}米。")
    share, when, until = f"{100 * close.chance:.0f}", at(close.middle_s), at(by)
    return say(
        f"{en}: {share} % to pass its closing depth of {limit} m ({source['en']}) by {when['en']}; "
        f"close by {until['en']}{order['en']}.{more['en']}",
        f"{zh}：有{share}%的可能在{when['zh']}前超过封闭水深{limit}米（{source['zh']}）；"
        f"请在{until['zh']}前封闭{order['zh']}。{more['zh']}",
    )


def _beside_roads(
    name: Sentence, close: Passing, more: Sentence, trusted: bool, at: Callable[[float], Sentence]
) -> Sentence:
    """A ponding point that no road runs through: there is nothing to close."""
    if not trusted or close.chance < WORTH_SAYING or close.middle_s is None:
        return _sentence(name, close, close.first_s, NOTHING, NOTHING, CLOSE_SOURCE, trusted, at)
    share, limit, when = f"{100 * close.chance:.0f}", f"{close.depth_m:.2f}", at(close.middle_s)
    return say(
        f"{name['en']}: {share} % to pass {limit} m by {when['en']}; no road runs through it.{more['en']}",
        f"{name['zh']}：有{share}%的可能在{when['zh']}前水深超过{limit}米；无道路穿过。{more['zh']}",
    )


def _deepest(courses: list[np.ndarray]) -> tuple[float, float, float]:
    low, middle, high = np.quantile([course.max() for course in courses], (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def clock(begin: datetime | None) -> Callable[[float], Sentence]:
    """Moments (s since the begin) in words: on the wall clock, or minutes after the begin."""

    def told(seconds: float) -> Sentence:
        if begin is None:
            return say(f"T+{seconds / 60:.0f} min", f"起始后{seconds / 60:.0f}分钟")
        moment = f"{begin + timedelta(seconds=seconds):%H:%M}"
        return say(moment, moment)

    return told
