"""A small town's quality: doubts, repairs and a report, in the exact form of a city."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
from shapely.geometry import Point
from small_town import BOTTOM, CRS, LEFT, SIDE, SmallCity, small_city

MIDDLE = [24.93, 60.16]


def words(text: str) -> dict[str, str]:
    """A sentence in both languages."""
    return {"en": text, "zh": f"中文 {text}"}


def check(name: str, value: float | None, threshold: float | None, passed: bool | None, **more: Any) -> dict[str, Any]:
    """A check of a report."""
    told = {"name": name, "family": "roads", "unit": "share", "direction": "at_least" if threshold else "told"}
    texts = {key: words(f"{key} of {name}") for key in ("title", "why", "fix")}
    where = [{"id": "n1_2", "words": "1 lane", "lonlat": MIDDLE}] if passed is False else []
    found = {"value": value, "threshold": threshold, "passed": passed}
    return {**told, **texts, **found, "offenders": where, "offender_count": len(where), **more}


def small_quality(
    *, doubts: int = 70, repairs: int = 130, street: str = "Pohjoiskatu"
) -> tuple[SmallCity, dict[str, Any]]:
    """The town and its report; the first doubt is about a street of two edges."""
    kinds = ("guessed_lanes", "guessed_plan", "border_flow", "guessed_height", "terrain_coarse", "left_out_road", "odd")
    doubted = [
        {
            "kind": kinds[i % len(kinds)],
            "osm": f"w{i + 1}",
            "net": "n1_2 n1_3" if i == 0 else "",
            "what_en": f"{street} {i}: guessed",
            "what_zh": f"{street} {i}：推测",
            "remedy_en": "count them",
            "remedy_zh": "清点",
            "influence": round(0.5 / (i + 1), 4),
            "geometry": Point(LEFT + 17 * i % SIDE, BOTTOM + 31 * i % SIDE),
        }
        for i in range(doubts)
    ]
    repaired = [
        {
            "rule": ("lanes_from_tag", "signal_joined")[i % 2],
            "osm": f"w{i + 1}",
            "net": f"n1_{i % 6}",
            "why_en": "the tag says so",
            "why_zh": "以标签为准",
            "before": f"lanes={i}",
            "after": "lanes=2",
            "geometry": Point(LEFT + 23 * i % SIDE, BOTTOM + 41 * i % SIDE),
        }
        for i in range(repairs)
    ]
    town = small_city()
    layers = {**town.layers, "doubts": layer(doubted, DOUBTS), "repairs": layer(repaired, REPAIRS)}
    rules = {rule: sum(one["rule"] == rule for one in repaired) for rule in ("lanes_from_tag", "signal_joined")}
    checks = [
        check("lanes_as_tagged", 0.999, 0.99, True),
        check("strongly_connected", 0.9871, 0.99, False),
        check("plans_guessed", 1.0, None, None),
        check("terrain_error", None, 0.3, None, unit="m", direction="at_most"),
        check("map_dated", 0.0, 1.0, False, unit="flag"),
    ]
    report = {
        "format": 1,
        "attribution": "© OpenStreetMap contributors",
        "data_date": "2024-05-06T00:00:00Z",
        "passed": 1,
        "failed": 2,
        "checks": checks,
        "doubts": {"count": doubts, "by_kind": {}, "top": []},
        "looked_at": {},
        "repairs": {"count": repairs, "by_rule": {rule: count for rule, count in rules.items() if count}},
    }
    return replace(town, layers=layers), report


DOUBTS = ["kind", "osm", "net", "what_en", "what_zh", "remedy_en", "remedy_zh", "influence"]
REPAIRS = ["rule", "osm", "net", "why_en", "why_zh", "before", "after"]


def layer(rows: list[dict[str, Any]], columns: list[str]) -> gpd.GeoDataFrame:
    """A layer, perhaps without rows."""
    return gpd.GeoDataFrame(
        {name: [row[name] for row in rows] for name in columns}, geometry=[row["geometry"] for row in rows], crs=CRS
    )
