"""What the map says about signals: the nodes that carry one, and what is crossed there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from networks.osm.extract import Extract, Tags

_PATHS = ("footway", "path", "cycleway", "pedestrian", "steps", "bridleway", "corridor")
_TRACKS = ("tram", "rail", "light_rail", "narrow_gauge", "subway", "monorail")
_NO_CONTROL = ("blinker", "blink_mode", "emergency")


@dataclass(frozen=True)
class Evidence:
    """Nodes on drivable ways, in the order of their ids.

    Attributes:
        tagged: highway=traffic_signals, whatever they control.
        signals: Those that control traffic, and those that a correction forces.
        crossings: Crossings with signals of their own (crossing=traffic_signals, crossing:signals=yes).
        heads: Signal node -> the way's directions that it holds for: forward, backward or both; absent where unsaid.
        walked: Nodes where people or cyclists cross the road.
        railed: Nodes where rails cross the road.
        metered: Ramp meters.
        blinking: Lights that control nothing: beacons and those that only emergency services switch on.
        forbidden: Nodes that a correction says are no signals.
    """

    tagged: tuple[int, ...]
    signals: tuple[int, ...]
    crossings: tuple[int, ...]
    heads: Mapping[int, str]
    walked: frozenset[int]
    railed: frozenset[int]
    metered: frozenset[int]
    blinking: tuple[int, ...]
    forbidden: frozenset[int]


def read_evidence(extract: Extract, road_nodes: Collection[int], forced: Mapping[int, bool]) -> Evidence:
    """Signals of the map on the given road nodes; `forced` (node -> signalised or not) overrules the tags."""
    tags = {n.osm_id: n.tags for n in extract.nodes if n.osm_id in road_nodes}
    forbidden = {node for node, wanted in forced.items() if not wanted}
    lit = {n for n, t in tags.items() if t.get("highway") == "traffic_signals"}
    blinking = {n for n in lit if tags[n].get("traffic_signals") in _NO_CONTROL}
    signals = ({n for n in forced if forced[n] and n in road_nodes} | (lit - blinking)) - forbidden
    crossings = {n for n, t in tags.items() if _lit_crossing(t)} - signals - forbidden
    walked: set[int] = set()
    railed: set[int] = set()
    for way in extract.ways:
        if way.tags.get("highway") in _PATHS:
            walked.update(n for n in way.nodes if n in road_nodes)
        elif way.tags.get("railway") in _TRACKS:
            railed.update(n for n in way.nodes if n in road_nodes)
    walked |= {n for n, t in tags.items() if t.get("highway") == "crossing" or "crossing" in t}
    walked |= {n for n, t in tags.items() if t.get("traffic_signals") == "pedestrian_crossing"}
    return Evidence(
        tagged=tuple(sorted(lit)),
        signals=tuple(sorted(signals)),
        crossings=tuple(sorted(crossings)),
        heads={n: head for n in sorted(signals) if (head := _head(tags.get(n, {})))},
        walked=frozenset(n for n in walked if tags.get(n, {}).get("crossing") != "no"),
        railed=frozenset(railed),
        metered=frozenset(n for n in signals if tags.get(n, {}).get("traffic_signals") == "ramp_meter"),
        blinking=tuple(sorted(blinking)),
        forbidden=frozenset(forbidden),
    )


def _lit_crossing(tags: Tags) -> bool:
    return "traffic_signals" in tags.get("crossing", "") or (
        tags.get("crossing:signals", "no") != "no" and tags.get("highway") == "crossing"
    )


def _head(tags: Tags) -> str:
    told = tags.get("traffic_signals:direction") or tags.get("direction", "")
    return told if told in ("forward", "backward") else ""
