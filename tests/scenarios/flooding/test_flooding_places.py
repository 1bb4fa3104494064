"""Names, ways round, vehicles caught: by hand on a square of streets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from square_town import SHAPES, square

from networks import Pond, StorageCurve, Terrain
from networks.errors import BadInput
from networks.sentence import say
from scenarios.flooding.caught import caught_vehicles
from scenarios.flooding.detour import Detours
from scenarios.flooding.flows import read_flows
from scenarios.flooding.places import beside_underpasses
from scenarios.flooding.streets import Streets, told_apart
from scenarios.flooding.watched import WatchedUnderpass, low_cells
from scenarios.members.trapped import trapped_by_place


def test_places_go_by_their_streets() -> None:
    streets = Streets(square())
    assert streets.place(30, 3) == say("West Street", "West Street")
    assert streets.place(95, 5) == say("West Street at Hill Lane", "West Street（近Hill Lane）")
    assert streets.place(50, -80) == say("near West Street", "West Street附近")
    assert streets.place(5000, 5000) is None
    assert streets.underpass("", ("dip",), 160, 0) == say("underpass near East Street", "East Street附近的下穿通道")
    assert streets.underpass("", ("in", "dip"), 150, 0) == say("West Street", "West Street")
    assert streets.underpass("Mill", ("dip",), 150, 0) == say("Mill", "Mill")
    twice = told_apart([say("A", "甲"), say("B", "乙"), say("A", "甲")])
    assert [one["en"] for one in twice] == ["A", "B", "A (2)"] and twice[2]["zh"] == "甲（2）"


def test_the_way_round_stays_open_or_says_that_none_does() -> None:
    city = square()
    detours, open_all = Detours(city, Streets(city)), np.zeros(6, bool)
    found = detours.around(["dip"], open_all)
    assert found is not None and found.edges == ("in", "up", "over", "down", "out")
    assert found.streets == ("Hill Lane", "High Road") and found.extra_s == pytest.approx(20.0)  # 300 m against 100
    assert found.sentence["en"] == "Hill Lane, High Road (+1 min)"
    shut = open_all.copy()
    shut[list(SHAPES).index("over")] = True
    none = detours.around(["dip"], shut)
    assert none is not None and not none.edges and none.sentence["en"] == "none stays open to cars"
    assert detours.around(["nothing"], open_all) is None
    assert detours.around(["in"], open_all) is None  # nobody comes from before it
    assert detours.entries(["dip"]).tolist() == [1] and detours.entries(["over", "down"]).tolist() == [4]


def test_those_are_caught_who_crawl_through_when_engines_die() -> None:
    deep, shallow = np.array([0.0, 0.3, 0.5]), np.array([0.0, 0.3, 0.44])
    caught = caught_vehicles(540.0, 2.0, 60.0, [deep, shallow, deep])
    assert caught.tolist() == pytest.approx([6.0, 0.0, 6.0])  # 0.15 a second, 40 s at 1.5 m/s
    assert caught_vehicles(5400.0, 1.0, 60.0, [deep]).tolist() == pytest.approx([8.0])  # no more fit in


def test_trapped_vehicles_by_underpass(monkeypatch: pytest.MonkeyPatch) -> None:
    from scenarios.members import trapped

    class One:
        underpass_id, edges = "u1", ("dip", "in")

    monkeypatch.setattr(trapped, "read_underpasses", lambda _city: (One(),))
    trips = pd.DataFrame({"trapped": [True, True, False, True], "trapped_on": ["dip", "in", "", "over"]})
    assert trapped_by_place(square(), trips) == {"elsewhere": 1, "u1": 2}
    assert trapped_by_place(square(), trips[2:3]) == {} and trapped_by_place(square(), None) == {}


def test_flows_are_those_of_the_assignment(tmp_path: Any) -> None:
    file = tmp_path / "edges.csv"
    file.write_text("edge_id,veh_h_car,veh_h_truck\nup,100,20\n", encoding="utf-8")
    assert read_flows(square(), tmp_path).veh_h.tolist() == [0, 0, 0, 120, 0, 0]
    for text, says in (
        ("edge_id,veh_h_car\nelse,1\n", "not in the city"),
        ("edge_id,veh_h_car\nup,-1\n", "negative"),
        ("edge_id,flow\nup,1\n", "no flows"),
        ("", "no table"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            read_flows(square(), file)
    with pytest.raises(BadInput, match="cannot be read"):
        read_flows(square(), tmp_path / "none.csv")


def test_a_pond_that_is_an_underpass_is_no_second_place() -> None:
    ground = np.full((4, 6), 10.0)
    ground[1:3, 1:5] = [[7, 6, 8, 9], [7, 7, 9, 9]]
    low = np.zeros_like(ground, bool)
    low[1, 1:3] = low[1, 4] = True
    nothing = np.zeros_like(ground, np.uint8)
    terrain = Terrain(ground, nothing, 5.0, Affine(5, 0, 0, 0, -5, 20), 0.1, False, say("t", "t"), low_road=low)
    first, second = low_cells(terrain, [(12.5, 12.5), (22.5, 12.5)])
    assert first.tolist() == [7, 8] and second.tolist() == [10]
    cells = np.array([7, 8, 9, 10, 13, 14, 15, 16])
    curve = StorageCurve(np.array([0.0, 4.0]), np.array([0.0, 200.0]))
    pond = Pond("pond_1", "", "terrain", 12.5, 12.5, 6.0, 10.0, curve, 100.0, cells)
    under = WatchedUnderpass(None, say("u", "u"), 8, 12.5, 12.5, 9.0, 0.3, say("s", "s"), False, None, (), first)  # type: ignore[arg-type]
    (left,) = beside_underpasses(terrain, [pond], [under])
    assert left.cells.tolist() == [9, 10, 13, 14, 15, 16] and left.bottom_m == 7.0
    assert left.storage is not None and left.storage.volume_m3[-1] == pytest.approx((2 + 1 + 3 + 3 + 1 + 1) * 25)
    assert not beside_underpasses(terrain, [Pond(**{**vars(pond), "cells": np.array([7, 8, 9])})], [under])
