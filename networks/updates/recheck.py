"""What in a city must be checked again after the map changed: corrections, sensors, signal plans, zones, edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from shapely import STRtree, transform
from shapely.geometry import Point

from networks.city import City
from networks.corrections.judging import MapView, judge
from networks.corrections.reading import read_corrections
from networks.corrections.sources import remembered
from networks.osm.objects import MapObject
from networks.roads.net_file import read_net
from networks.sentence import Sentence, joined, say
from networks.updates.change import Change
from networks.updates.comparison import Comparison
from networks.updates.cover import Flat

_HARD = ("lanes", "oneway", "turn", "access", "motor_vehicle", "vehicle", "highway", "junction", "bus", "psv")
_AT_JUNCTION = ("road", "signal", "crossing", "restriction")
_REACH_M = 40.0
_ZONE_SHARE = 0.1
_DOES = {"added": "新增", "removed": "移除", "moved": "移位", "retagged": "属性变更"}
_KIND_ZH = {"road": "道路", "signal": "信号灯", "crossing": "人行横道", "restriction": "转向限制"}


@dataclass(frozen=True)
class Recheck:
    """One thing to check.

    Attributes:
        kind: correction, sensor, signal, zone, gateway or edge.
        name: Its id in the city.
        what: Why, in both languages.
        osm: Objects of the map that changed, space between.
        importance: 0 to 1.
    """

    kind: str
    name: str
    what: Sentence
    osm: str
    importance: float


def rechecks(
    city: City, comparison: Comparison, old: Mapping[str, MapObject], new: Mapping[str, MapObject]
) -> list[Recheck]:
    """Everything in a city that hangs on what changed, the most important first."""
    touched = touched_edges(city, comparison.changes)
    found = [
        *_corrections(city, new),
        *_on_edges(city, touched),
        *_signals(city, comparison.changes, old, new),
        *_zones(city, comparison.changes, old, new),
    ]
    return sorted(found, key=lambda one: (-one.importance, one.kind, one.name))


def touched_edges(city: City, changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Edge of the city -> changes of the roads that it was made from, names and the like left out."""
    of_way: dict[str, list[Change]] = {}
    for change in changes:
        hard = change.what != "retagged" or _hard(change)
        if change.kind in ("road", "path") and change.osm_before and hard:
            of_way.setdefault(change.osm_before, []).append(change)
    found: dict[str, list[Change]] = {}
    for edge in read_net(city.net_file).edges:
        met = [change for way in edge.osm_ways for change in of_way.get(f"w{way}", ())]
        if met:
            found[edge.edge_id] = met
    return found


def _hard(change: Change) -> bool:
    keys = {part.removeprefix("no ").split("=")[0].split(":")[0] for part in change.before.split("; ")}
    return bool(keys & set(_HARD))


def told(change: Change) -> Sentence:
    """A change in a few words."""
    difference = f" ({change.before} -> {change.after})" if change.what == "retagged" else ""
    kind = _KIND_ZH.get(change.kind, change.kind)
    return say(
        f"{change.kind} {change.osm} {change.what}{difference}",
        f"{kind}{change.osm}{_DOES[change.what]}{difference}",
    )


def _corrections(city: City, new: Mapping[str, MapObject]) -> list[Recheck]:
    file = remembered(city.folder)
    if file is None:
        return []
    found = judge(read_corrections(file), MapView(new))
    rank = {"gone": 1.0, "changed": 0.7, "said": 0.2}
    return [
        Recheck("correction", f"{one.index + 1} (line {one.line})", one.what, one.osm, rank[one.state])
        for one in found
        if one.state != "applies"
    ]


def _on_edges(city: City, touched: Mapping[str, list[Change]]) -> list[Recheck]:
    found = []
    for layer, column, kind in (("sensors", "sensor_id", "sensor"), ("gateways", "edge_id", "gateway")):
        for row in city.layer(layer).to_dict("records"):
            met = touched.get(row["edge_id"], [])
            if met:
                most = max(change.importance for change in met)
                known = 1.0 if row.get("source") == "registered" else 0.5
                found.append(_recheck(kind, str(row[column]), met, round(0.5 * known * (1.0 + most), 3)))
    return found


def _recheck(kind: str, name: str, met: list[Change], importance: float) -> Recheck:
    first = sorted(met, key=lambda c: (-c.importance, c.osm))[:3]
    return Recheck(kind, name, joined([told(c) for c in first]), " ".join(c.osm for c in first), importance)


def _signals(
    city: City, changes: Iterable[Change], old: Mapping[str, MapObject], new: Mapping[str, MapObject]
) -> list[Recheck]:
    """Signals with a change of road, signal, crossing or restriction within 40 m."""
    near = [
        c for c in changes
        if c.kind in _AT_JUNCTION and (c.what != "retagged" or (c.kind == "road" and _hard(c)))
    ]  # fmt: skip
    table = city.layer("signals")
    if not near or not len(table):
        return []
    flat = Flat(*city.center_lonlat)
    shapes = [_shape(c, old, new, flat) for c in near]
    tree = STRtree(shapes)
    found = []
    for row, place in zip(table.to_dict("records"), table.geometry.to_crs(4326), strict=True):
        at = Point(flat.metres(np.array([[place.x, place.y]]))[0])
        met = [near[i] for i in sorted(tree.query(at, predicate="dwithin", distance=_REACH_M))]
        if met:
            known = 0.5 if row["plan_source"] == "guessed" else 1.0
            most = max(0.9 if c.kind == "signal" else c.importance for c in met)
            found.append(_recheck("signal", str(row["tls_id"]), met, round(known * most, 3)))
    return found


def _shape(change: Change, old: Mapping[str, MapObject], new: Mapping[str, MapObject], flat: Flat) -> object:
    one = new.get(change.osm) or old[change.osm_before]
    return transform(one.shape, flat.metres)


def _zones(
    city: City, changes: Iterable[Change], old: Mapping[str, MapObject], new: Mapping[str, MapObject]
) -> list[Recheck]:
    """Zones where a tenth of the built ground came or went."""
    import geopandas as gpd

    built = [
        (change, (new.get(change.osm) or old[change.osm_before]).area_m2)
        for change in changes
        if change.kind == "building" and change.what in ("added", "removed")
    ]
    zones, buildings = city.layer("zones"), city.layer("buildings")
    if not built or not len(zones):
        return []
    places = gpd.points_from_xy([c.lon for c, _ in built], [c.lat for c, _ in built], crs=4326).to_crs(zones.crs)
    tree, homes = STRtree(places), STRtree(buildings.geometry.representative_point().to_numpy())
    areas = buildings.geometry.area.to_numpy()
    found = []
    for name, shape in zip(zones["zone_id"], zones.geometry, strict=True):
        met = [built[i] for i in sorted(tree.query(shape, predicate="contains"))]
        ground = float(areas[homes.query(shape, predicate="contains")].sum())
        share = sum(area for _, area in met) / max(ground, 1.0)
        if met and share > _ZONE_SHARE:
            what = say(
                f"{len(met)} buildings came or went, {min(share, 1.0):.0%} of the built ground: guess its people anew",
                f"{len(met)}栋建筑新增或拆除，占建成面积的{min(share, 1.0):.0%}，人口需重新估计",
            )
            names = " ".join(c.osm for c, _ in met[:5])
            found.append(Recheck("zone", str(name), what, names, round(0.3 * min(share, 1.0), 3)))
    return found
