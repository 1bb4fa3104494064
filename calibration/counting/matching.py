"""Which edge each sensor watches: by its name, its table, SUMO's detector file, or where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from calibration.counting.repair import Repair
from calibration.counting.watched_streets import WITHIN_M, WatchedNet
from networks.errors import BadInput
from networks.imports.table_text import read_rows
from networks.safe_xml import read_xml
from networks.sentence import Sentence, say

_ID = ("sensor_id", "id", "sensor", "detector")
_COLUMNS = ("edge", "lane", "lon", "lat", "x", "y", "bearing", "kind", "measures", "unit", "period_s", "owner", "name")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sensor stands, as its owner says; at least one of edge, lane, lon and lat, x and y.

    Attributes:
        edge: SUMO edge.
        lane: SUMO lane: the sensor watches this lane alone.
        lon, lat: Degrees, WGS 84.
        x, y: Metres in the network's plane.
        bearing_deg: Where the traffic that it counts goes, degrees clockwise from north.
        line: Line in the table.
    """

    edge: str = ""
    lane: str = ""
    lon: float | None = None
    lat: float | None = None
    x: float | None = None
    y: float | None = None
    bearing_deg: float | None = None
    line: int = 0


def read_places(file: Path | str) -> dict[str, Place]:
    """Sensors by id from CSV (sensor_id and edge, lane, lon,lat or x,y; perhaps bearing) or SUMO's additional XML.

    Raises:
        BadInput: It cannot be read, a column is unknown, or a sensor has no place.
    """
    file = Path(file)
    if file.name.endswith((".xml", ".xml.gz")):
        root = read_xml(file, roots=("additional", "add"))
        found = [item for tag in ("e1Detector", "inductionLoop") for item in root.iter(tag)]
        return {item.get("id", ""): Place(lane=item.get("lane", ""), line=n) for n, item in enumerate(found, start=1)}
    header, rows = read_rows(file)
    key = next((name for name in _ID if name in header), None)
    if key is None or (unknown := [name for name in header if name != key and name not in _COLUMNS]):
        what = "a column sensor_id is missing" if key is None else f"columns unknown: {', '.join(unknown)}"
        raise BadInput(what, file=file, place="line 1", expected=", ".join(("sensor_id", *_COLUMNS[:7])))
    places = {}
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        numbers = {name: _number(row.get(name, ""), name, file, line) for name in ("lon", "lat", "x", "y", "bearing")}
        bearing = numbers.pop("bearing")
        places[row[key]] = Place(row.get("edge", ""), row.get("lane", ""), **numbers, bearing_deg=bearing, line=line)
    return places


def match(
    sensors: Sequence[str], places: Mapping[str, Place], net: WatchedNet, file: str = ""
) -> tuple[dict[str, tuple[str, int | None]], list[Repair]]:
    """Sensor -> (edge, its lane or None); and who is left out, and why.

    Args:
        sensors: Names in the readings.
        places: Where they stand; one that is not in it is an edge or lane by its own name.
        net: The network.
        file: Name of the table of places.
    """
    found: dict[str, tuple[str, int | None]] = {}
    repairs: list[Repair] = []
    for sensor in sensors:
        place = places.get(sensor) or _by_name(sensor, net)
        edge, lane, before, why = _edge_of(sensor, place, net)
        what = "place"
        if edge and not net.open_to_cars(edge):
            why = say(f"cars may not drive on edge {edge}", f"路段 {edge} 不允许小汽车通行")
            before, edge, what = edge, "", "closed_edge"
        if edge and place and (turned := _turned(edge, place, net)):
            told = say(
                f"it counts traffic towards {place.bearing_deg:g} degrees, and edge {edge} runs the other way: the "
                f"edge of the other direction is {turned}",
                f"其统计车流方向为 {place.bearing_deg:g} 度，而路段 {edge} 方向相反：改用对向路段 {turned}",
            )
            repairs.append(Repair(sensor, "reversed_edge", "repaired", file, place.line, 1, edge, turned, told))
            edge = turned
        if not edge:
            line = place.line if place else 0
            repairs.append(Repair(sensor, what, "left_out", file, line, 1, before, "", why))
            continue
        if why["en"]:
            repairs.append(Repair(sensor, "place", "noted", file, place.line if place else 0, 1, before, edge, why))
        found[sensor] = (edge, lane)
    return found, repairs


def _by_name(sensor: str, net: WatchedNet) -> Place | None:
    if sensor in net.edges:
        return Place(edge=sensor)
    edge, _, lane = sensor.rpartition("_")
    return Place(lane=sensor) if edge in net.edges and lane.isdigit() else None


def _edge_of(sensor: str, place: Place | None, net: WatchedNet) -> tuple[str, int | None, str, Sentence]:
    """The edge, perhaps the lane, what was said, and what there is to say about it (empty where nothing is)."""
    none = say("", "")
    if place is None:
        near = get_close_matches(sensor, list(net.edges), n=2)
        hint = f"; similar edges: {', '.join(near)}" if near else ""
        hint_zh = f"；相近路段：{'、'.join(near)}" if near else ""
        why = say(
            f"nobody says where it stands, and no edge has its name{hint}",
            f"未说明其位置，也没有同名路段{hint_zh}",
        )
        return "", None, sensor, why
    if place.lane:
        edge, _, lane = place.lane.rpartition("_")
        if edge in net.edges and lane.isdigit():
            return edge, int(lane), place.lane, none
        return "", None, place.lane, say(f"no lane is {place.lane}", f"没有车道 {place.lane}")
    if place.edge:
        if place.edge in net.edges:
            return place.edge, None, place.edge, none
        return "", None, place.edge, say(f"no edge is {place.edge}", f"没有路段 {place.edge}")
    return _at_point(place, net)


def _at_point(place: Place, net: WatchedNet) -> tuple[str, int | None, str, Sentence]:
    xy = (place.x, place.y) if place.x is not None and place.y is not None else None
    told = f"{place.x} {place.y}"
    if xy is None and place.lon is not None and place.lat is not None:
        xy, told = net.plane_xy(place.lon, place.lat), f"{place.lon} {place.lat}"
        if xy is None:
            why = say("the network does not lie on earth: give edges", "路网没有地理坐标：请给出路段编号")
            return "", None, told, why
    if xy is None or xy[0] is None or xy[1] is None:
        return "", None, "", say("its row has no edge, no lon and lat, no x and y", "该行没有路段、经纬度或 x、y")
    near = net.nearest(xy[0], xy[1], place.bearing_deg)
    if near is None:
        why = say(f"no street for cars lies within {WITHIN_M:g} m", f"{WITHIN_M:g} 米内没有小汽车可通行的道路")
        return "", None, told, why
    edge, away = near
    if place.bearing_deg is None and net.opposite(edge):
        why = say(
            f"guessed: {away:.0f} m away; nobody says in which direction it counts (a column bearing would)",
            f"推测：相距 {away:.0f} 米；未说明统计方向（可增加 bearing 列）",
        )
        return edge, None, told, why
    return edge, None, told, say("", "")


def _turned(edge: str, place: Place, net: WatchedNet) -> str:
    """The opposite edge, where the sensor's bearing says that it counts that one."""
    if place.bearing_deg is None or not (place.edge or place.lane):
        return ""
    opposite = net.opposite(edge)
    if opposite is None:
        return ""
    both = [abs((bearing_of(net, one) - place.bearing_deg + 180) % 360 - 180) for one in (edge, opposite)]
    return opposite if both[0] > 120 and both[1] < 60 else ""


def bearing_of(net: WatchedNet, edge: str) -> float:
    """Where an edge runs from its first to its last point, degrees clockwise from north."""
    import math

    (x0, y0), (x1, y1) = net.edges[edge].shape[0], net.edges[edge].shape[-1]
    return math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360


def _number(text: str, name: str, file: Path, line: int) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise BadInput(f"{name} is {text!r}", file=file, place=f"line {line}", expected="a number") from error
