"""Applies hand corrections to a map that was read, before anything is built from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from networks.coordinates.projection import Plane
from networks.corrections.judging import Judgement, MapView, judge, target
from networks.corrections.reading import Corrections, with_witnesses
from networks.corrections.schema import (
    BuildingHeight,
    CarPark,
    Correction,
    DeleteWay,
    Facility,
    Signal,
    Turn,
    Underpass,
    WayTags,
)
from networks.doubts import Doubt
from networks.osm.extract import Extract, Node, Relation, Tags, Way
from networks.osm.objects import MapObject
from networks.repairs import Repair
from networks.sentence import say

SOURCE = "citytwin:source:"
"""`citytwin:source:lanes=measured` on an object: the tag `lanes` was corrected by hand."""
LOWEST, PUMP = "citytwin:lowest_m", "citytwin:pump_m3s"


@dataclass(frozen=True)
class Corrected:
    """A map with its corrections.

    Attributes:
        extract: The map as it is built.
        judgements: What became of each correction.
        changes: (judgement, correction, before, after) of each that was applied and changed something.
        text: The file's text with a witness in every entry that is applied: the copy that the city keeps.
    """

    extract: Extract
    judgements: list[Judgement]
    changes: list[tuple[Judgement, Correction, str, str]]
    text: str


def correct(extract: Extract, objects: dict[str, MapObject], corrections: Corrections) -> Corrected:
    """Apply every correction that finds its object.

    Args:
        extract: The map as it was read.
        objects: `objects_of(extract)`.
        corrections: What to apply.

    Raises:
        BadCorrections: An entry without a witness names an object that is not on this map.
    """
    judgements = judge(corrections, MapView(objects))
    work = _Work(extract)
    changes = []
    for found in judgements:
        one = corrections.items[found.index]
        if found.applied and found.state != "said":
            before, after = work.apply(one)
            changes.append((found, one, before, after))
        elif found.applied:
            work.mark_said(one)
    witnesses = {found.index: found.witness for found in judgements if found.witness is not None}
    return Corrected(work.result(), judgements, changes, with_witnesses(corrections, witnesses))


class _Work:
    """The map while it is corrected."""

    def __init__(self, extract: Extract) -> None:
        self._extract = extract
        self._lonlat = dict(extract.lonlat)
        self._nodes = {node.osm_id: node for node in extract.nodes}
        self._ways = {way.osm_id: way for way in extract.ways}
        self._relations = {relation.osm_id: relation for relation in extract.relations}
        self._signals: dict[int, bool] = {}
        self._new_node = min(0, *self._lonlat) - 1
        self._new_relation = max(self._relations, default=0) + 1

    def result(self) -> Extract:
        """The corrected map."""
        return replace(
            self._extract,
            lonlat=self._lonlat,
            nodes=list(self._nodes.values()),
            ways=list(self._ways.values()),
            relations=list(self._relations.values()),
            forced_signals=self._signals,
        )

    def apply(self, one: Correction) -> tuple[str, str]:
        """Apply one; (before, after) in the words of the map."""
        match one:
            case WayTags():
                return self._retag(f"w{one.way}", one.set, one.source)  # type: ignore[arg-type]
            case BuildingHeight():
                tags: dict[str, str | None] = {"height": f"{one.height_m:g}"}
                tags |= {"building:levels": f"{one.levels:g}"} if one.levels else {}
                return self._retag(one.building, tags, one.source)
            case CarPark():
                return self._retag(one.car_park, {"capacity": str(one.capacity)}, one.source)
            case Underpass():
                depth: dict[str, str | None] = {LOWEST: f"{one.lowest_m:g}"}
                depth |= {} if one.pump_m3s is None else {PUMP: f"{one.pump_m3s:g}"}
                return self._retag(f"w{one.way}", depth, one.source)
            case Signal():
                return self._signal(one)
            case Turn():
                return self._turn(one)
            case Facility():
                return self._facility(one)
            case DeleteWay():
                gone = self._ways.pop(one.way)
                return f"highway={gone.tags.get('highway', '')}", "deleted"
        raise TypeError(type(one).__name__)

    def mark_said(self, one: Correction) -> None:
        """The map says so itself: nothing changes, but guesses about signals still obey."""
        if isinstance(one, Signal):
            self._signals[one.node] = one.present

    def _retag(self, osm: str, said: dict[str, str | None], source: str) -> tuple[str, str]:
        item = self._item(osm)
        tags: Tags = dict(item.tags)
        before = [f"{key}={tags[key]}" if key in tags else f"no {key}" for key in said]
        for key, value in said.items():
            tags.pop(key, None)
            if value is not None:
                tags[key] = value
                tags[SOURCE + key] = source
        self._put(osm, tags)
        return "; ".join(before), "; ".join(f"no {k}" if v is None else f"{k}={v}" for k, v in said.items())

    def _item(self, osm: str) -> Node | Way | Relation:
        number = int(osm[1:])
        if osm[0] == "n":
            return self._nodes[number]
        return self._ways[number] if osm[0] == "w" else self._relations[number]

    def _put(self, osm: str, tags: Tags) -> None:
        number = int(osm[1:])
        if osm[0] == "n":
            self._nodes[number] = replace(self._nodes[number], tags=tags)
        elif osm[0] == "w":
            self._ways[number] = replace(self._ways[number], tags=tags)
        else:
            self._relations[number] = replace(self._relations[number], tags=tags)

    def _signal(self, one: Signal) -> tuple[str, str]:
        tags = dict(self._nodes[one.node].tags) if one.node in self._nodes else {}
        was = "highway=" + tags["highway"] if "highway" in tags else "no signal"
        self._signals[one.node] = one.present
        if one.present:
            tags["highway"] = "traffic_signals"
        else:
            tags = {k: v for k, v in tags.items() if v != "traffic_signals" and k.split(":")[0] != "traffic_signals"}
        self._nodes.pop(one.node, None)
        if tags:
            self._nodes[one.node] = Node(one.node, tags)
        return was, "highway=traffic_signals" if one.present else "no signal"

    def _turn(self, one: Turn) -> tuple[str, str]:
        ends = {("w", one.from_way, "from"), ("n", one.via, "via")}
        here = [r for r in self._relations.values() if _restricts(r.tags) and ends <= set(r.members)]
        mine = [r for r in here if (("w", one.to, "to") in r.members) == r.tags["restriction"].startswith("no_")]
        if one.allowed:
            for relation in mine:
                del self._relations[relation.osm_id]
            gone = " ".join(f"r{r.osm_id} {r.tags['restriction']}" for r in mine)
            return gone or "no restriction forbids it", "allowed"
        tags = {"type": "restriction", "restriction": self._direction(one)}
        members = (("w", one.from_way, "from"), ("n", one.via, "via"), ("w", one.to, "to"))
        self._relations[self._new_relation] = Relation(self._new_relation, members, tags)
        self._new_relation += 1
        return "allowed", tags["restriction"]

    def _direction(self, one: Turn) -> str:
        """The name of a forbidden turn, from the bearings of the two ways."""
        into, out = self._bearing(one.from_way, one.via), self._bearing(one.to, one.via)
        if one.from_way == one.to or into is None or out is None:
            return "no_u_turn"
        turn = (out - into - 180.0 + 180.0) % 360.0 - 180.0
        if abs(turn) < 45.0:
            return "no_straight_on"
        if abs(turn) > 160.0:
            return "no_u_turn"
        return "no_right_turn" if turn > 0 else "no_left_turn"

    def _bearing(self, way: int, via: int) -> float | None:
        """Degrees clockwise from north, from `via` along a way."""
        nodes = self._ways[way].nodes
        at = nodes.index(via)
        other = nodes[at + 1] if at + 1 < len(nodes) else nodes[at - 1]
        if via not in self._lonlat or other not in self._lonlat:
            return None
        (x0, y0), (x1, y1) = self._lonlat[via], self._lonlat[other]
        return math.degrees(math.atan2((x1 - x0) * math.cos(math.radians(y0)), y1 - y0))

    def _facility(self, one: Facility) -> tuple[str, str]:
        key = "emergency" if one.facility == "ambulance_station" else "amenity"
        tags = {key: one.facility} | ({"name": one.name} if one.name else {})
        self._lonlat[self._new_node] = one.at
        self._nodes[self._new_node] = Node(self._new_node, tags)
        self._new_node -= 1
        return "nothing", f"{key}={one.facility}"


def _restricts(tags: Tags) -> bool:
    return tags.get("type") == "restriction" and tags.get("restriction", "").startswith(("no_", "only_"))


def correction_repairs(corrected: Corrected, plane: Plane) -> list[Repair]:
    """Each correction that changed the map, as a repair of rule `correction`."""
    repairs = []
    for found, one, before, after in corrected.changes:
        why = say(f"hand correction: {one.why}", f"人工更正：{one.why}")
        at = plane.point(*(found.at or corrected.extract.center_lonlat))
        repairs.append(Repair("correction", target(one), "", why, before, after, *at))
    return repairs


def correction_doubts(corrected: Corrected, plane: Plane) -> list[Doubt]:
    """Corrections whose object has gone or changed since they were written."""
    doubts = []
    for found in corrected.judgements:
        if found.state not in ("gone", "changed"):
            continue
        remedy = say(
            f"check entry {found.index + 1} (line {found.line}) of corrections.yaml again, "
            + (f"perhaps for {found.successor}, " if found.successor else "")
            + "and take its witness out: the next build writes a fresh one",
            f"请重新核对corrections.yaml第{found.index + 1}条（第{found.line}行）"
            + (f"，可能应改为{found.successor}" if found.successor else "")
            + "，并删去其witness，下次构建会重新写入",
        )
        what = say(f"correction of {found.osm}: {found.what['en']}", f"对{found.osm}的更正：{found.what['zh']}")
        at = plane.point(*(found.at or corrected.extract.center_lonlat))
        kind, weight = ("correction_lost", 0.8) if found.state == "gone" else ("correction_aged", 0.3)
        doubts.append(Doubt(kind, found.osm, "", what, remedy, weight, *at))
    return doubts
