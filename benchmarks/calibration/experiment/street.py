"""The hidden street: another signal plan, slower in rain, and a lane closed for a while; as SUMO's additional files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from benchmarks.calibration.experiment.days import Closure
from models.streams import stream
from networks.roads.net_file import Net
from networks.safe_xml import read_xml

OFFSET_S, SPLIT = 15.0, 0.2
"""Signals are shifted by up to so much, and up to this share of the shorter main green goes to the other or back."""
WET = 0.85
"""Speeds in rain beside dry ones."""
HARDLY_LOST = 0.08
"""A street of one lane can be closed if hardly any of its vehicles has no way round."""


@dataclass(frozen=True, slots=True)
class _Signal:
    tls_id: str
    offset_s: float
    durations_s: tuple[float, ...]
    states: tuple[str, ...]


def write_signals(file: Path, sources: Sequence[Path], seed: int) -> None:
    """Write every signal's hidden plan, the same on all days; the last plan that SUMO reads is the one that runs.

    Args:
        file: What to write.
        sources: The network and additional files, in SUMO's order.
        seed: Of the town.
    """
    rng = stream(seed, "hidden signals")
    found = {one.tls_id: one for source in sources for one in _signals(source)}
    lines = ["<additional>"]
    for _, one in sorted(found.items()):
        durations = _resplit(one, float(rng.uniform(-SPLIT, SPLIT)))
        offset_s = round(one.offset_s + float(rng.uniform(-OFFSET_S, OFFSET_S)))
        lines.append(f'  <tlLogic id={quoteattr(one.tls_id)} type="static" programID="hidden" offset="{offset_s}">')
        lines += [
            f'    <phase duration="{duration:g}" state="{state}"/>'
            for duration, state in zip(durations, one.states, strict=True)
        ]
        lines.append("  </tlLogic>")
    file.write_text("\n".join([*lines, "</additional>"]), encoding="utf-8")


def _signals(source: Path) -> list[_Signal]:
    found = []
    for one in read_xml(source).iter("tlLogic"):
        phases = one.findall("phase")
        durations = tuple(float(phase.attrib["duration"]) for phase in phases)
        states = tuple(phase.attrib["state"] for phase in phases)
        found.append(_Signal(one.attrib["id"], float(one.get("offset") or 0), durations, states))
    return found


def _resplit(signal: _Signal, share: float) -> list[float]:
    """Whole seconds moved between the two longest greens; the cycle stays."""
    durations = list(signal.durations_s)
    green = [at for at, state in enumerate(signal.states) if "G" in state and "y" not in state]
    longest = sorted(green, key=lambda at: (-durations[at], at))[:2]
    if len(longest) == 2:
        moved = round(share * min(durations[at] for at in longest))
        durations[longest[0]] += moved
        durations[longest[1]] -= moved
    return durations


def write_rain(file: Path, net_file: Path, begin_s: float, end_s: float) -> None:
    """Write speed signs that slow every lane down while it rains."""
    by_speed: dict[float, list[str]] = defaultdict(list)
    for edge in read_xml(net_file).iter("edge"):
        for lane in edge.iter("lane") if not edge.get("function") else ():
            by_speed[float(lane.attrib["speed"])].append(lane.attrib["id"])
    lines = ["<additional>"]
    for number, (speed_mps, lanes) in enumerate(sorted(by_speed.items())):
        lines.append(f'  <variableSpeedSign id="rain{number}" lanes={quoteattr(" ".join(lanes))}>')
        lines.append(f'    <step time="{begin_s:g}" speed="{WET * speed_mps:.3f}"/>')
        lines.append(f'    <step time="{end_s:g}" speed="{speed_mps:.3f}"/>')
        lines.append("  </variableSpeedSign>")
    file.write_text("\n".join([*lines, "</additional>"]), encoding="utf-8")


def write_closure(file: Path, net: Net, closure: Closure) -> None:
    """Write a closed lane: drivers move over; where no lane is left, all drivers upstream look for another way."""
    whole = len(closure.lanes) == len(next(one for one in net.edges if one.edge_id == closure.edge).lane_allows)
    told = _upstream(net, closure.edge, 2) if whole else [closure.edge]
    closing = (
        [f"<closingReroute id={quoteattr(closure.edge)}/>"]
        if whole
        else [f"<closingLaneReroute id={quoteattr(f'{closure.edge}_{lane}')}/>" for lane in closure.lanes]
    )
    text = (
        f'<additional>\n  <rerouter id="closed" edges={quoteattr(" ".join(told))}>\n'
        f'    <interval begin="{closure.begin_s:g}" end="{closure.end_s:g}">{"".join(closing)}</interval>\n'
        "  </rerouter>\n</additional>\n"
    )
    file.write_text(text, encoding="utf-8")


def closable(
    net: Net, flow: dict[str, float], trips: dict[tuple[str, str], float]
) -> list[tuple[str, tuple[int, ...]]]:
    """Well used edges with the lanes that can be closed, busiest first.

    Where another lane serves every turn, one lane is closed; a town that has no such street loses a street of one lane
    round which nearly all its vehicles find a way.

    Args:
        net: The network.
        flow: Vehicles an hour by edge.
        trips: Vehicles an hour by origin and destination edge.
    """
    busy = sorted(
        (edge for edge in net.edges if flow.get(edge.edge_id, 0) > 0), key=lambda e: (-flow[e.edge_id], e.edge_id)
    )
    found = []
    for edge in busy:
        lane = _spare_lane(net, edge.edge_id)
        if lane is not None and edge.length_m > 80:
            found.append((edge.edge_id, (lane,)))
    if found:
        return found[:12]
    for edge in busy[:40]:
        lost = sum(
            number for ends, number in trips.items() if edge.edge_id in ends or not _reached(net, ends, edge.edge_id)
        )
        if lost < HARDLY_LOST * flow[edge.edge_id] and edge.length_m > 50:
            found.append((edge.edge_id, tuple(range(len(edge.lane_allows)))))
    return found[:5]


def _spare_lane(net: Net, edge: str) -> int | None:
    turns: dict[int, set[str]] = defaultdict(set)
    for link in net.links:
        if link.from_edge == edge and not link.turnaround and "passenger" in link.allows:
            turns[link.from_lane].add(link.to_edge)
    wanted = set().union(*turns.values())
    spare = [at for at in turns if wanted and wanted == set().union(*(turns[one] for one in turns if one != at))]
    return max(spare) if spare and len(turns) > 1 else None


def _reached(net: Net, ends: tuple[str, str], without: str) -> bool:
    after: dict[str, list[str]] = defaultdict(list)
    for before, behind in net.pairs("passenger"):
        after[before].append(behind)
    seen, open_ = {ends[0]}, [ends[0]]
    while open_:
        fresh = [one for one in after[open_.pop()] if one != without and one not in seen]
        seen.update(fresh)
        open_ += fresh
    return ends[1] in seen


def _upstream(net: Net, edge: str, steps: int) -> list[str]:
    found, front = [edge], {edge}
    for _ in range(steps):
        front = {link.from_edge for link in net.links if link.to_edge in front} - set(found)
        found += sorted(front)
    return found


def pick(options: list[tuple[str, tuple[int, ...]]], seed: int) -> tuple[str, tuple[int, ...]]:
    """One of them, by chance."""
    return options[int(stream(seed, "closed lane").integers(len(options)))]
