"""What streets and turns can carry, from lanes, right of way and signal programs, before anything is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from calibration.flows.roads import Floats
from networks.safe_xml import read_xml

SATURATION_H = 1800.0
"""Vehicles per hour over the stop line of one lane that has green (HCM 2016, ch. 19: 1750 to 1900 before factors)."""
MINOR = 0.35
"""Share of that for who must give way (guess; HCM 2016 ch. 20 tells .2 to .6 for usual main flows)."""
_SHARE = {"G": 1.0, "g": 0.6, "M": 1.0, "=": 0.6, "m": MINOR, "s": MINOR, "w": MINOR, "o": MINOR, "O": 1.0}


@dataclass(frozen=True, slots=True)
class Capacity:
    """Vehicles per hour.

    Attributes:
        edges: Out of each edge (E), over all its turns.
        turns: Of each turn (from, to) by edge ids.
    """

    edges: Floats
    turns: dict[tuple[str, str], float]


def capacity(net_file: Path, edges: Sequence[str], additional: Iterable[Path] = ()) -> Capacity:
    """What a network can carry: green shares of its signal programs, priority of its connections, lanes.

    A lane carries what its best connection lets through; an edge what its lanes carry. A lane from which no connection
    leads (the rim) flows freely. Programs in additional files replace the network's, as SUMO has it.

    Args:
        net_file: The network.
        edges: Ids of the edges that are wanted (E).
        additional: Files that may hold signal programs.

    Raises:
        BadInput: A file is damaged.
    """
    root = read_xml(net_file)
    green = _green_shares(root)
    for file in additional:
        if Path(file).suffix == ".xml":
            green |= _green_shares(read_xml(Path(file)))
    lanes: dict[str, int] = {edge.get("id", ""): len(edge.findall("lane")) for edge in root.iter("edge")}
    best: dict[tuple[str, str], float] = {}
    turns: dict[tuple[str, str], float] = {}
    for link in root.iter("connection"):
        begin, end = link.get("from", ""), link.get("to", "")
        if begin.startswith(":"):
            continue
        share = _share(link, green)
        lane = begin, link.get("fromLane", "0")
        best[lane] = max(best.get(lane, 0.0), share)
        turns[begin, end] = turns.get((begin, end), 0.0) + share * SATURATION_H
    out = {edge: float(count) for edge, count in lanes.items()}
    for (edge, _), share in best.items():
        out[edge] -= 1.0 - share
    return Capacity(np.array([max(out.get(edge, 1.0), 0.1) * SATURATION_H for edge in edges]), turns)


def _share(link: ElementTree.Element, green: dict[str, list[float]]) -> float:
    shares = green.get(link.get("tl", ""))
    if shares is not None and int(link.get("linkIndex", "-1")) in range(len(shares)):
        return max(shares[int(link.get("linkIndex", "-1"))], 0.02)
    return _SHARE.get(link.get("state", "M"), 1.0)


def _green_shares(root: ElementTree.Element) -> dict[str, list[float]]:
    """Share of the cycle in which each link of each signal has green, permissive green counted in part."""
    told = {}
    for logic in root.iter("tlLogic"):
        phases = [(float(phase.get("duration", "0")), phase.get("state", "")) for phase in logic.findall("phase")]
        cycle = sum(duration for duration, _ in phases)
        if cycle > 0 and phases[0][1]:
            told[logic.get("id", "")] = [
                sum(duration * _SHARE.get(state[at], 0.0) for duration, state in phases if state[at] in "Gg") / cycle
                for at in range(min(len(state) for _, state in phases))
            ]
    return told
