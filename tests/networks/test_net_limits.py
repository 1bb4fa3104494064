"""What roads let through: weights in any unit, the strictest of an edge's ways, and what says nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from shapely.geometry import LineString

from networks.osm.objects import MapObject, relevant
from networks.osm.values import read_weight
from networks.roads.conditions import hold_at
from networks.roads.limits import RoadLimit, road_limits
from networks.roads.net_file import NetEdge

LINE = LineString([(0, 0), (1, 0)])


def way(number: int, **tags: str) -> MapObject:
    said = {key.replace("__", ":"): value for key, value in tags.items()}
    return MapObject(f"w{number}", "road", {"highway": "service", **said}, (), LINE, 0.0)


def edge(name: str, *ways: int) -> NetEdge:
    return NetEdge(name, "a", "b", "service", "", 1, 10.0, 50.0, ((0, 0), (1, 0)), frozenset({"passenger"}), ways)


def limits(*objects: MapObject, ways: tuple[int, ...] = (1,)) -> dict[str, float]:
    found = road_limits([edge("e", *ways)], {one.osm: one for one in objects})
    return {one.kind: one.value for one in found}


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [("7.5", 7.5), ("3.5 t", 3.5), ("3,5", 3.5), ("7500 kg", 7.5), ("10 st", 9.0718474), ("12;18", 12.0),
     ("none", None), ("default", None), ("-3", None), ("0", None), ("900", None), (None, None)],
)  # fmt: skip
def test_weights(text: str | None, tonnes: float | None) -> None:
    assert read_weight(text).value == (pytest.approx(tonnes) if tonnes else None)


def test_what_holds_at_some_hours_keeps_them_and_other_conditions_are_left_out() -> None:
    tags = {"hgv:conditional": "no @ (Mo-Fr 07:00-19:00); destination @ (Sa)", "maxweight": "12",
            "maxweight:conditional": "3.5 @ (22:00-06:00); 7.5 @ (wet); 5 @ sunset-sunrise"}  # fmt: skip
    found = road_limits([edge("e", 1)], {"w1": MapObject("w1", "road", {"highway": "service", **tags}, (), LINE, 0.0)})
    assert [(one.kind, one.value, one.when) for one in found] == [
        ("lorry", 3.5, "Mo-Fr 07:00-19:00"), ("weight_t", 12.0, ""), ("weight_t", 3.5, "22:00-06:00"),
    ]  # fmt: skip
    friday, saturday = datetime(2026, 7, 17, 8, 0), datetime(2026, 7, 18, 23, 30)
    assert [hold_at(one.when, friday) for one in found if one.when] == [True, False]
    assert [hold_at(one.when, saturday) for one in found if one.when] == [False, True]
    assert {"hgv:conditional", "maxweight:conditional"} <= set(relevant(tags))


def test_the_strictest_of_an_edges_ways_holds_and_names_its_way() -> None:
    objects = {one.osm: one for one in (way(1, maxheight="4.3", maxweight="19"), way(2, maxheight="3.8"), way(3))}
    found = road_limits([edge("e", 1, -2, 3), edge("f", 3), edge("g", 9)], objects)
    assert found == [RoadLimit("e", "height_m", 3.8, "w2"), RoadLimit("e", "weight_t", 19.0, "w1")]


def test_all_kinds_are_read() -> None:
    told = way(1, maxheight="4.3", maxheight__physical="4.1", maxwidth="2.2", hazmat="no", hgv="no")
    assert limits(told) == {"height_m": 4.1, "width_m": 2.2, "hazmat": 0.0, "lorry": 3.5}


def test_what_says_nothing_is_no_limit() -> None:
    assert limits(way(1, maxheight="default", maxweight="none", hazmat="destination", hgv="destination")) == {}
    assert limits(way(1, maxheight="0.3", maxwidth="wide")) == {}
