"""The page of a review of sensors: who has to be looked after, what each said beside what was expected, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup, escape

from networks.roads.net_file import read_net
from networks.sentence import Sentence, say
from viz.calibration.plane import ticks
from viz.calibration.town_plane import TownPlane
from viz.palette import BLUE, GREY, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import spans

if TYPE_CHECKING:
    from calibration.health import Filled, Finding, Health, Issue

SHOWN = 36
_WIDE, _TALL, _LEFT, _FOOT = 340.0, 130.0, 34.0, 20.0
_WORDS = {
    "kind": say("Health of sensors", "传感器健康状况"),
    "issues": say("To be looked after", "待处理问题"),
    "seen": say("What they said, and what was expected", "实测与预期"),
    "said": say("said", "实测"),
    "expected": say("expected from the others", "由其他传感器推算的预期值"),
    "when": say("not believed then", "该时段不予采信"),
    "map": say("Where they are", "位置"),
    "sound": say("sound", "正常"),
    "out": say("out", "停用"),
    "doubtful": say("doubtful", "存疑"),
    "sensor": say("sensor", "检测器"),
    "fault": say("fault", "故障"),
    "time": say("from - to", "起止"),
    "evidence": say("what was seen", "依据"),
    "instead": say("instead", "替代来源"),
    "state": say("state", "状态"),
    "owner": say("owner", "负责人"),
    "none": say("No sensor is suspicious.", "没有可疑的传感器。"),
    "more": say("The others are in the table.", "其余见上表。"),
    "hour": say("hour of the day", "时刻"),
}
_STATES = {
    "open": say("open", "待处理"), "acknowledged": say("acknowledged", "已确认"), "mended": say("mended", "已修复"),
}  # fmt: skip
_SOURCES = {
    "sensor": say("itself", "自身"), "series": say("sensors in series", "同一路段传感器"),
    "history": say("its usual day", "其往日数据"), "others": say("the others", "其他传感器"),
    "none": say("nothing (a gap)", "无（缺测）"),
}  # fmt: skip


def health_page(title: str, net_file: Path, health: Health, filled: Filled, issues: Sequence[Issue]) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network.
        health: The review.
        filled: What stands in for what is not believed.
        issues: The list that somebody keeps; those of this review have an owner and a state.
    """
    from calibration.health import FAULTS

    counts, out = health.counts, health.out
    doubted = {one.sensor for one in health.findings} - out
    sound = len(counts.sensors) - len(out) - len(doubted)
    kept = {one.issue_id: one for one in issues}
    rows = [
        {
            "sensor": one.sensor, "fault": FAULTS[one.fault], "time": _span(one),
            "evidence": one.evidence, "instead": _SOURCES[filled.used(one.sensor) if one.sensor in out else "sensor"],
            "state": _STATES[issue.state if (issue := kept.get(f"{one.sensor}:{one.fault}")) else "open"],
            "owner": issue.owner if issue else "",
        }
        for one in health.findings
    ]  # fmt: skip
    names = list(dict.fromkeys(one.sensor for one in health.findings))
    headline = say(
        f"{sound} of {len(counts.sensors)} sensors are sound, {len(out)} are out, {len(doubted)} are doubtful.",
        f"{len(counts.sensors)} 个检测器中，{sound} 个正常，{len(out)} 个停用，{len(doubted)} 个存疑。",
    )
    note = say(
        f"The alarm is set to name {100 * health.false_alarms:g} % of sound sensors by chance. Streets differ from "
        "their usual day: on two simulated towns it named up to 3.8 %. Look before you mend.",
        f"报警阈值按误报率 {100 * health.false_alarms:g} % 设定。道路与往日有别："
        "在两个仿真城市中误报率最高为 3.8 %。处理前请先核实。",
    )
    shown = {
        "css": Markup(_colours()) + page_file("calibration.css") + page_file("health.css"),
        "headline": headline, "note": note, "good": not out, "word": _WORDS, "rows": rows,
        "plots": [(name, Markup(_plot(health, name))) for name in names[:SHOWN]], "more": len(names) > SHOWN,
        "map": _map(net_file, health, out, doubted),
    }  # fmt: skip
    part = Markup(templates().get_template("health.html.j2").render(shown))
    begin, end = (_clock(at) for at in (counts.begin_s, counts.end_s))
    lead = say(
        f"{len(counts.sensors)} sensors, {begin} to {end}, periods of {counts.period_s / 60:g} min",
        f"{len(counts.sensors)} 个检测器，{begin} 至 {end}，时段 {counts.period_s / 60:g} 分钟",
    )
    return page(title, [part], kind=spans(_WORDS["kind"]), lead=spans(lead))


def _span(one: Finding) -> Sentence:
    if one.until_s is not None:
        told = f"{_clock(one.since_s)}–{_clock(one.until_s)}"
        return say(told, told)
    if one.fault == "silent":
        return say(f"since {_clock(one.since_s)}", f"自 {_clock(one.since_s)} 起")
    return say("all the time", "全时段")


def _plot(health: Health, sensor: str) -> str:
    """What one sensor said (line) beside what was expected (dashes); what is not believed is shaded."""
    counts = health.counts
    row = counts.sensors.index(sensor)
    own, told, wrong = counts.vehicles[row], health.expected[row], health.wrong[row]
    most = float(np.nanmax(np.concatenate([own, told, [1.0]]))) * 1.05
    hours = (counts.begin_s + counts.period_s * np.arange(len(own) + 1)) / 3600.0

    def x(hour: float) -> float:
        return _LEFT + (_WIDE - _LEFT - 6) * (hour - hours[0]) / (hours[-1] - hours[0])

    def y(value: float) -> float:
        return 6 + (_TALL - _FOOT - 6) * (1 - min(value / most, 1.0))

    parts = [
        f'<rect class="health-wrong" x="{x(hours[at]):.1f}" y="6" width="{x(hours[at + 1]) - x(hours[at]) + 0.3:.1f}" '
        f'height="{_TALL - _FOOT - 6:.0f}"/>'
        for at in np.flatnonzero(wrong).tolist()
    ]
    for value in ticks(most)[:5]:
        parts.append(f'<path class="cal-grid" d="M{_LEFT} {y(value):.1f}H{_WIDE - 6}"/>')
        parts.append(
            f'<text class="cal-tick" x="{_LEFT - 4}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    step = 6 if hours[-1] - hours[0] > 8 else 1
    for hour in range(int(np.ceil(hours[0] / step) * step), int(hours[-1]) + 1, step):
        parts.append(
            f'<text class="cal-tick" x="{x(hour):.1f}" y="{_TALL - 4}" text-anchor="middle">{hour % 24}</text>'
        )
    middle = (hours[:-1] + hours[1:]) / 2
    for name, values in (("health-expected", told), ("health-said", own)):
        parts.append(f'<path class="{name}" d="{_path(values, middle, x, y)}"/>')
    label = f"{escape(sensor)}"
    return f'<svg viewBox="0 0 {_WIDE:.0f} {_TALL:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _path(values: np.ndarray, hours: np.ndarray, x: Any, y: Any) -> str:
    """A line that a gap breaks."""
    path, pen = [], "M"
    for value, hour in zip(values.tolist(), hours.tolist(), strict=True):
        if value != value:
            pen = "M"
            continue
        path.append(f"{pen}{x(hour):.1f} {y(value):.1f}")
        pen = "L"
    return "".join(path)


def _map(net_file: Path, health: Health, out: frozenset[str], doubted: set[str]) -> Markup:
    net = read_net(net_file)
    plane = TownPlane.of(net)
    shape = {edge.edge_id: edge.shape for edge in net.edges}
    signs = {"sound": [], "doubtful": [], "out": []}  # type: dict[str, list[str]]
    for sensor, edge in zip(health.counts.sensors, health.counts.edges, strict=True):
        kind = "out" if sensor in out else ("doubtful" if sensor in doubted else "sound")
        (at,) = plane.place([plane.middle(shape[edge])])
        signs[kind].append(sign(kind, float(at[0]), float(at[1]), f"<title>{escape(sensor)}</title>"))
    drawn = plane.streets(shape.values()) + "".join("".join(some) for some in signs.values())
    label = " / ".join(_WORDS["map"].values())
    return Markup(f'<svg viewBox="{plane.view}" role="img" aria-label="{label}">{drawn}</svg>')


def sign(kind: str, x: float, y: float, title: str = "") -> str:
    """A ring is sound, a diamond doubtful, a square with a cross out: told apart without colour."""
    if kind == "sound":
        return f'<circle class="health-sound" cx="{x:.1f}" cy="{y:.1f}" r="5">{title}</circle>'
    if kind == "doubtful":
        return f'<path class="health-doubtful" d="M{x:.1f} {y - 9:.1f}l9 9 -9 9 -9 -9z">{title}</path>'
    cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
    box = f'<path class="health-out" d="M{x - 8:.1f} {y - 8:.1f}h16v16h-16z">{title}</path>'
    return f'{box}<path class="health-cross" d="{cross}"/>'


def _clock(seconds: float) -> str:
    day, second = divmod(round(seconds), 86400)
    if day and not second:
        day, second = day - 1, 86400
    ahead = f"{day}d " if day else ""
    return f"{ahead}{second // 3600}:{second // 60 % 60:02d}"


def _colours() -> str:
    return f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};--cal-right:{hex_of(GREY)};}}\n"
