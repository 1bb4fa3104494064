"""Doubts about people and places: heights, population, car parks that the map does not state."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median
from typing import Any

import numpy as np
from shapely import STRtree, point_on_surface

from networks.doubts import Doubt
from networks.places.buildings import FLOOR_M2_PER_PERSON
from networks.quality.evidence import Evidence
from networks.quality.load import Load
from networks.sentence import say

_PER_PERSON_RANGE = (35.0, 50.0)
"""m2 of floor per person that European housing statistics report, as in `networks.places.buildings`."""
_FEWEST = 5


def place_doubts(evidence: Evidence, load: Load) -> list[Doubt]:
    """Doubts with their final influence: the share of the city's trip ends that hang on each, times how wrong it is.

    Trip ends are people, jobs and parked cars.
    """
    zones = evidence.layer("zones")
    people = sum(float(z["population"]) + float(z["jobs"]) for z in zones)
    inside = 1.0 - load.through**2
    ends = people + sum(float(row["capacity"]) for row in evidence.layer("car_parks"))
    return [*_population(zones, people, inside), *_heights(evidence, people, inside), *_car_parks(evidence, ends)]


def _population(zones: Sequence[dict[str, Any]], people: float, inside: float) -> list[Doubt]:
    """One doubt about the whole city: trips that begin or end in it rest on its people."""
    if not zones:
        return []
    at = np.array([(point.x, point.y) for zone in zones if (point := zone["geometry"].centroid)])
    x, y = (round(float(value), 3) for value in (at.min(axis=0) + at.max(axis=0)) / 2)
    low, _ = _PER_PERSON_RANGE
    wrong = 1.0 - low / FLOOR_M2_PER_PERSON
    what = say(
        f"people and jobs ({people:,.0f}) are guessed from building volume",
        f"人口与就业岗位（{people:,.0f}）由建筑体量推测",
    )
    if people <= 0:
        wrong = 1.0
        what = say(
            "no buildings on the map: nobody knows where people live and work",
            "地图上没有建筑，居住与就业分布未知",
        )
    remedy = say("import census and job figures by zone", "按小区导入人口与就业统计数据")
    return [Doubt("guessed_population", "", "", what, remedy, inside * wrong, x, y)]


def _heights(evidence: Evidence, people: float, inside: float) -> list[Doubt]:
    """Zones with guessed heights, by the people and jobs that rest on them."""
    zones, buildings = evidence.layer("zones"), evidence.layer("buildings")
    known = [float(b["levels"]) for b in buildings if b["height_source"] != "guessed"]
    if not zones or not buildings or people <= 0:
        return []
    usual = median(known) if known else 0.0
    wrong = mean(abs(n - usual) / max(n, usual) for n in known) if len(known) >= _FEWEST else 1.0
    floor, unknown, count = _floors(zones, buildings)
    doubts = []
    for i in np.flatnonzero(unknown > 0):
        zone, part = zones[i], unknown[i] / floor[i]
        ends = (float(zone["population"]) + float(zone["jobs"])) * part / people
        middle = zone["geometry"].representative_point()
        doubts.append(
            Doubt(
                kind="guessed_height",
                osm="",
                net=str(zone["zone_id"]),
                what=say(
                    f"zone {zone['zone_id']}: heights of {count[i]} buildings guessed, {part:.0%} of its floor area",
                    f"小区 {zone['zone_id']}：{count[i]}栋建筑高度为推测，占其建筑面积{part:.0%}",
                ),
                remedy=say("import heights or storeys", "导入建筑高度或层数"),
                influence=inside * ends * wrong,
                x=round(middle.x, 3),
                y=round(middle.y, 3),
            )
        )
    return doubts


def _floors(
    zones: Sequence[dict[str, Any]], buildings: Sequence[dict[str, Any]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per zone: floor area (m2), that of buildings with guessed heights, and how many those are."""
    at = point_on_surface(np.array([b["geometry"] for b in buildings], dtype=object))
    building, zone = STRtree([z["geometry"] for z in zones]).query(at, predicate="intersects")
    area = np.array([float(b["floor_area_m2"]) for b in buildings])[building]
    guessed = np.array([b["height_source"] == "guessed" for b in buildings])[building]
    size = len(zones)
    return (
        np.bincount(zone, weights=area, minlength=size),
        np.bincount(zone, weights=area * guessed, minlength=size),
        np.bincount(zone, weights=guessed, minlength=size).astype(int),
    )


def _car_parks(evidence: Evidence, ends: float) -> list[Doubt]:
    rows = [row for row in evidence.layer("car_parks") if row["capacity_source"] == "guessed"]
    doubts = []
    for row in rows:
        point = row["geometry"].representative_point()
        name = row["name"] or row["osm_id"]
        doubts.append(
            Doubt(
                kind="guessed_capacity",
                osm=row["osm_id"],
                net=row["edge_id"],
                what=say(
                    f"car park {name}: room for {row['capacity']} cars, guessed",
                    f"停车场 {name}：{row['capacity']}个泊位为推测",
                ),
                remedy=say("ask its operator: capacity=* on the map", "向运营方核实：在地图上补充 capacity 标签"),
                influence=float(row["capacity"]) / ends,
                x=round(point.x, 3),
                y=round(point.y, 3),
            )
        )
    return doubts
