"""What became of each correction on a map: applies, said by the map itself, changed meanwhile, gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from networks.corrections.reading import Corrections
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
    Witness,
)
from networks.errors import BadCorrections
from networks.osm.extract import Tags
from networks.osm.objects import MapObject, distance_m, metres_apart
from networks.sentence import Sentence, say

State = Literal["applies", "said", "changed", "gone"]
MOVED_M = 30.0
"""An object that was carried farther than this since its correction was written should be looked at again."""
_SUCCESSOR_M = 40.0
_IDENTITY = ("highway", "name", "building", "amenity", "junction", "bridge", "tunnel")


@dataclass(frozen=True)
class Judgement:
    """One correction on one map.

    Attributes:
        index: Number of the entry, from 0.
        line: Its line in the file.
        state: `applies`; `said`: the map says so itself now; `changed`: applied, but the object changed meanwhile;
            `gone`: not applied.
        osm: The object that it is about.
        what: The state in a sentence.
        successor: The object that most likely took its place; "" where there is none.
        at: (Longitude, latitude), degrees; None where unknown.
        applied: Whether it is applied.
        witness: The object as it is on this map; None where there is none.
    """

    index: int
    line: int
    state: State
    osm: str
    what: Sentence
    successor: str
    at: tuple[float, float] | None
    applied: bool
    witness: Witness | None


class MapView:
    """The map as corrections see it: remembered objects, and the nodes of roads."""

    def __init__(self, objects: Mapping[str, MapObject]) -> None:
        self.objects = objects
        self._roads_of: dict[int, list[str]] = {}
        self._place: dict[int, tuple[float, float]] = {}
        for one in objects.values():
            if one.kind in ("road", "path"):
                whole = len(one.nodes) == len(one.shape.coords)
                for i, ref in enumerate(one.nodes):
                    self._roads_of.setdefault(ref, []).append(one.osm)
                    if whole:
                        self._place[ref] = one.shape.coords[i][:2]
            elif one.osm.startswith("n"):
                self._place[int(one.osm[1:])] = one.middle

    def place(self, osm: str) -> tuple[float, float] | None:
        """Where an object is, degrees."""
        if osm.startswith("n") and osm not in self.objects:
            return self._place.get(int(osm[1:]))
        one = self.objects.get(osm)
        return one.middle if one else None

    def on_road(self, node: int) -> bool:
        """Whether a road or path passes a node."""
        return node in self._roads_of

    def tags(self, osm: str) -> Tags:
        """Its tags."""
        one = self.objects.get(osm)
        return one.tags if one else {}

    def kind(self, osm: str) -> str:
        """Its kind; "" where nothing is known of it."""
        one = self.objects.get(osm)
        return one.kind if one else ""


def target(one: Correction) -> str:
    """The object that a correction is about; "" for a new facility."""
    match one:
        case WayTags() | DeleteWay() | Underpass():
            return f"w{one.way}"
        case Signal():
            return f"n{one.node}"
        case Turn():
            return f"n{one.via}"
        case BuildingHeight():
            return one.building
        case CarPark():
            return one.car_park
    return ""


def judge(corrections: Corrections, view: MapView) -> list[Judgement]:
    """The state of every correction on a map.

    Raises:
        BadCorrections: An entry without a witness names an object that is not on this map, or is no road, building,
            car park: a slip of the pen, for nothing says that it ever was there.
    """
    found = []
    for index, one in enumerate(corrections.items):
        lack = _lack(one, view)
        if lack is not None and one.witness is None:
            raise BadCorrections(
                lack["en"],
                file=corrections.file,
                place=f"line {corrections.lines[index]}, corrections.{index}",
                expected=_EXPECTED.get(type(one).__name__, "a road of this map"),
                remedy="check the number on openstreetmap.org; entries with a witness may outlive their object",
            )
        found.append(_judgement(index, corrections.lines[index], one, view, lack))
    return found


_EXPECTED = {
    "Signal": "a node of a road on this map",
    "Turn": "two roads of this map and a node where they meet",
    "BuildingHeight": "a building of this map (w or r and its number)",
    "CarPark": "a car park of this map, amenity=parking (n, w or r and its number)",
}


def _lack(one: Correction, view: MapView) -> Sentence | None:
    """What a correction needs and the map has not."""
    osm = target(one)
    match one:
        case Facility():
            return None
        case Signal():
            return (
                None if view.on_road(one.node) else _absent(osm, say("no road passes it", "没有道路经过该节点"), view)
            )
        case Turn():
            for way in (f"w{one.from_way}", f"w{one.to}"):
                if view.kind(way) != "road":
                    return _absent(way, say("it is no road", "该对象不是道路"), view)
                if one.via not in view.objects[way].nodes:
                    return say(f"{way} does not pass {osm}", f"{way}不经过{osm}")
            return None
        case BuildingHeight():
            ok = view.kind(osm) == "building" or view.tags(osm).get("building", "no") != "no"
            return None if ok else _absent(osm, say("it is no building", "该对象不是建筑"), view)
        case CarPark():
            ok = view.tags(osm).get("amenity") == "parking"
            return None if ok else _absent(osm, say("it is no car park", "该对象不是停车场"), view)
    ok = view.kind(osm) in ("road", "path")
    return None if ok else _absent(osm, say("it is no road", "该对象不是道路"), view)


def _absent(osm: str, wrong: Sentence, view: MapView) -> Sentence:
    if view.place(osm) is None:
        return say(f"{osm} is not on this map", f"地图中没有{osm}")
    return say(f"{osm}: {wrong['en']}", f"{osm}：{wrong['zh']}")


def _judgement(index: int, line: int, one: Correction, view: MapView, lack: Sentence | None) -> Judgement:
    osm = target(one)
    seen = witness_of(one, view)
    at = seen.at if seen else one.witness.at if one.witness else None
    if lack is not None:
        heir = _successor(one, view)
        hint = say(f"; in its place: {heir}", f"；现位于该处的对象：{heir}") if heir else say("", "")
        told = say(f"{lack['en']}: not applied{hint['en']}", f"{lack['zh']}，未应用{hint['zh']}")
        return Judgement(index, line, "gone", osm, told, heir, at, False, None)
    if _said(one, view):
        told = say("the map says so itself now: the entry can go", "地图现已与更正一致，可删除该条")
        return Judgement(index, line, "said", osm, told, "", at, True, seen)
    changes = _changes(one, seen)
    if changes:
        said = "; ".join(changes)
        told = say(f"applied, but the object changed meanwhile: {said}", f"已应用，但该对象此后有变化：{said}")
        return Judgement(index, line, "changed", osm, told, "", at, True, seen)
    return Judgement(index, line, "applies", osm, say("applies", "有效"), "", at, True, seen)


def witness_of(one: Correction, view: MapView) -> Witness | None:
    """What the object of a correction is like on a map, as far as the correction hangs on it."""
    if isinstance(one, Facility):
        return Witness(at=one.at)
    osm = target(one)
    place = view.place(osm)
    if place is None:
        return None
    keys = {*_IDENTITY, *(key for key in _concerned(one, view.tags(osm)))}
    tags = {key: value for key, value in view.tags(osm).items() if key in keys}
    return Witness(tags=tags, at=(round(place[0], 7), round(place[1], 7)))


def _concerned(one: Correction, tags: Tags) -> list[str]:
    """The tags that a correction overrides or hangs on."""
    match one:
        case WayTags():
            families = {key.split(":")[0] for key in one.set}
            return [key for key in tags if key.split(":")[0] in families | {"oneway"}]
        case BuildingHeight():
            return ["height", "building:levels"]
        case CarPark():
            return ["capacity", "parking"]
    return []


def _said(one: Correction, view: MapView) -> bool:
    tags = view.tags(target(one))
    match one:
        case WayTags():
            return all(tags.get(key) == value for key, value in one.set.items())
        case Signal():
            return one.present and view.kind(target(one)) == "signal"
        case BuildingHeight():
            return tags.get("height", "").removesuffix("m").strip() == f"{one.height_m:g}"
        case CarPark():
            return tags.get("capacity") == str(one.capacity)
        case Facility():
            near = [o for o in view.objects.values() if o.kind == "facility" and o.tags.get("amenity") == one.facility]
            return any(metres_apart(o.middle, one.at) < _SUCCESSOR_M for o in near)
    return False


def _changes(one: Correction, seen: Witness | None) -> list[str]:
    """How the object differs from the witness, in the words of the map."""
    if one.witness is None or seen is None or isinstance(one, Facility):
        return []
    before, now = one.witness.tags, seen.tags
    told = [
        f"{key}: {before.get(key, '-')} -> {now.get(key, '-')}"
        for key in sorted(before.keys() | now.keys())
        if before.get(key) != now.get(key)
    ]
    moved = metres_apart(one.witness.at, seen.at)
    return [*told, f"{moved:.0f} m"] if moved > MOVED_M else told


def _successor(one: Correction, view: MapView) -> str:
    """The object like the witness that lies nearest to where it was, within 40 m; the same name counts first."""
    if one.witness is None:
        return ""
    at, tags = one.witness.at, one.witness.tags
    kinds = {"BuildingHeight": ("building",), "CarPark": ("car_park",), "Signal": ("signal",)}
    wanted = kinds.get(type(one).__name__, ("road", "path"))
    near = []
    for other in view.objects.values():
        if other.kind in wanted and other.osm != target(one) and _boxes_meet(other, at):
            gap = distance_m(other.shape, at)
            if gap <= _SUCCESSOR_M:
                alike = tags.get("name") and other.tags.get("name") == tags.get("name")
                same = other.tags.get("highway") == tags.get("highway")
                near.append((not alike, not same, round(gap, 1), other.osm))
    return min(near)[3] if near else ""


def _boxes_meet(other: MapObject, at: tuple[float, float], reach: float = 0.002) -> bool:
    west, south, east, north = other.shape.bounds
    return west - reach <= at[0] <= east + reach and south - reach <= at[1] <= north + reach
