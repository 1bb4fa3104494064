"""Why a queue begins where it begins: the cause by its name, and what speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from calibration.bottlenecks.jams import Jam
from calibration.flows.carrying import Capacity, capacity
from networks.safe_xml import read_xml
from networks.sentence import Sentence, say

CAUSES: dict[str, Sentence] = {
    "incident": say("incident or closure", "事件或封闭"),
    "signal": say("signal with too little green", "信号绿灯不足"),
    "turning": say("a turning movement blocks its lane", "转向车流阻塞车道"),
    "lane drop": say("lane drop", "车道减少"),
    "right of way": say("merge or right of way", "合流或让行"),
    "spill-back": say("held back from beyond", "下游回溢"),
    "unknown": say("unknown", "原因不明"),
}
SATURATED = 0.85
"""Degree of saturation from which queues stay from one cycle to the next (HCM 2016, ch. 19: delay grows fast there)."""
HELD = 0.45
"""Share of the lanes beyond that is taken when they hold back who wants in, without being a jam of their own (ours)."""
_YIELDS = frozenset("mswo")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, and what speaks for it.

    Attributes:
        name: Of CAUSES.
        why: The evidence.
        signal: The signal at the head's end; empty where there is none.
        saturation: Flow over what the head's end can carry, in the busiest period while the queue stands; NaN where
            nobody knows.
    """

    name: str
    why: Sentence
    signal: str
    saturation: float


@dataclass(frozen=True, slots=True)
class Ends:
    """What lies at the ends of streets, as the network says.

    Attributes:
        carries: Vehicles per hour out of each street and over each turn.
        at: Row of a street in `carries.edges`.
        lanes: Lanes of each street.
        signal: Signal at its end.
        yields: Share of its turns that give way.
        turns: Streets that follow.
    """

    carries: Capacity
    at: Mapping[str, int]
    lanes: Mapping[str, int]
    signal: Mapping[str, str]
    yields: Mapping[str, float]
    turns: Mapping[str, tuple[str, ...]]


def ends_in(net_file: Path, additional: Iterable[Path] = ()) -> Ends:
    """Read them.

    Raises:
        BadInput: A file is damaged.
    """
    root = read_xml(net_file)
    lanes = {
        edge.get("id", ""): sum("passenger" not in lane.get("disallow", "") for lane in edge.iter("lane"))
        for edge in root.iter("edge")
        if edge.get("function", "") in ("", "normal", "connector")
    }
    signal: dict[str, str] = {}
    minor: dict[str, list[bool]] = defaultdict(list)
    turns: dict[str, list[str]] = defaultdict(list)
    for link in root.iter("connection"):
        start, end = link.get("from", ""), link.get("to", "")
        if start not in lanes:
            continue
        if link.get("tl"):
            signal[start] = link.get("tl", "")
        minor[start].append(link.get("state", "M") in _YIELDS)
        if end in lanes and end not in turns[start] and link.get("dir") != "t":
            turns[start].append(end)
    names = tuple(lanes)
    yields = {edge: float(np.mean(states)) for edge, states in minor.items()}
    carries = capacity(net_file, names, additional)
    return Ends(
        carries, {edge: at for at, edge in enumerate(names)}, lanes, signal, yields,
        {edge: tuple(after) for edge, after in turns.items()},
    )  # fmt: skip


def cause_of(
    jam: Jam, ends: Ends, incidents: Collection[str] = (), turn_vph: Mapping[tuple[str, str], float] | None = None
) -> Cause:
    """The first that the evidence allows, the surest kinds first; "unknown" is an answer.

    Args:
        jam: The queue.
        ends: What the network says.
        incidents: Streets with a known incident or closure.
        turn_vph: Vehicles over turns (from, to), in any unit, where the ways of vehicles are known.
    """
    head, signal = jam.head, ends.signal.get(jam.head, "")
    most = float(ends.carries.edges[ends.at[head]]) if head in ends.at else float("nan")
    degree = jam.flow_vph / most

    def told(name: str, en: str, zh: str) -> Cause:
        return Cause(name, say(en, zh), signal, degree)

    after = ends.turns.get(head, ())
    blocked = [edge for edge in (head, *after) if edge in set(incidents)]
    if blocked:
        return told("incident", f"an incident is known on {blocked[0]}", f"{blocked[0]} 有已知事件")
    figure = f"{jam.flow_vph:.0f} of {most:.0f} vehicles/h", f"{jam.flow_vph:.0f} / {most:.0f} 辆/小时"
    if signal and degree >= SATURATED:
        return told("signal", f"degree of saturation {degree:.2f} ({figure[0]})", f"饱和度 {degree:.2f}（{figure[1]}）")
    turn = _worst_turn(jam, ends, turn_vph or {})
    if turn is not None and turn[1] >= SATURATED:
        return told(
            "turning",
            f"with who turns to {turn[0]} its lanes are saturated ({turn[1]:.2f}), without them not ({degree:.2f})",
            f"计入转向 {turn[0]} 的车流后车道饱和（{turn[1]:.2f}），否则未饱和（{degree:.2f}）",
        )
    if jam.beyond >= HELD:
        share = f"{100 * jam.beyond:.0f} %"
        return told("spill-back", f"the lanes beyond are {share} taken", f"下游车道占用 {share}")
    if not signal:
        narrow = sum(ends.lanes.get(edge, 0) for edge in after)
        if after and narrow < ends.lanes.get(head, 1):
            return told(
                "lane drop", f"{ends.lanes[head]} lanes go over into {narrow}", f"{ends.lanes[head]} 车道减为 {narrow}"
            )
        if ends.yields.get(head, 0.0) > 0.5:
            return told("right of way", f"it gives way, and carried {figure[0]}", f"须让行，通过 {figure[1]}")
    return told(
        "unknown",
        f"{figure[0]}; parking, a school or drivers' manoeuvres cannot be seen in flows",
        f"{figure[1]}；停车、学校接送等无法从流量看出",
    )


def _worst_turn(jam: Jam, ends: Ends, turn_vph: Mapping[tuple[str, str], float]) -> tuple[str, float] | None:
    """The turn that takes most of the end's capacity, and the degree of saturation with all turns counted.

    On one lane all turns queue behind each other: their degrees add up (shared lane, HCM 2016, eq. 20-59); on several
    the fullest turn counts alone.
    """
    after = ends.turns.get(jam.head, ())
    flows = {edge: turn_vph.get((jam.head, edge), 0.0) for edge in after}
    total = sum(flows.values())
    if len(after) < 2 or not total:
        return None
    degrees = {
        edge: jam.flow_vph * flow / total / most
        for edge, flow in flows.items()
        if (most := ends.carries.turns.get((jam.head, edge), 0.0)) > 0
    }
    worst = max(degrees, key=lambda edge: degrees[edge])
    return worst, sum(degrees.values()) if ends.lanes.get(jam.head, 1) == 1 else degrees[worst]


def turns_driven(ways: Iterable[Sequence[str]], vehicles: Iterable[float]) -> dict[tuple[str, str], float]:
    """Vehicles over each turn (from, to), from the ways that they take."""
    found: dict[tuple[str, str], float] = {}
    for way, count in zip(ways, vehicles, strict=True):
        for turn in pairwise(way):
            found[turn] = found.get(turn, 0.0) + count
    return found
