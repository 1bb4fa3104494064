"""What trials of dispatch are given: traffic, hidden floods, drawn closures, measured waves; and odd ones refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from models.emergency.resources import Resources, resources_on_map
from models.routing import vehicle
from networks.errors import BadInput
from scenarios import Store
from scenarios.emergency.drawn_days import drawn_closures, drawn_day
from scenarios.emergency.journey import Roads
from scenarios.emergency.service import Service
from scenarios.emergency.traffic import read_traffic
from scenarios.emergency.water import WaterAhead
from scenarios.emergency.wave_gain import read_wave_gain

if TYPE_CHECKING:
    from networks import City


def assigned(city: City, folder: Path, times: dict[str, float], /, **about: Any) -> Path:
    folder.mkdir()
    told = {"made_by": "twin assign", "city": {"name": city.name, "digest": city.digest}} | about
    (folder / "summary.json").write_text(json.dumps(told), encoding="utf-8")
    rows = [f"{edge},{spent}" for edge, spent in times.items()]
    (folder / "edges.csv").write_text("\n".join(["edge_id,time_s", *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def edges(helsinki: City) -> list[str]:
    allowed = np.asarray(helsinki.road_graph("emergency").allowed, dtype=bool)
    return helsinki.layer("edges")["edge_id"][allowed].tolist()


def service(city: City, roads: Roads, **more: Any) -> Service:
    found: Resources = resources_on_map(city)
    return Service(city, found, roads, datetime(2026, 1, 5, 8), 2.0, **more)


def test_an_assigned_hour_slows_everybody_and_blue_light_less(helsinki: City, edges: list[str], tmp_path: Path) -> None:
    traffic = read_traffic(assigned(helsinki, tmp_path / "a", {edges[0]: 500.0, edges[1]: 0.01}), helsinki)
    ambulance = vehicle("ambulance")
    dry = service(helsinki, Roads(helsinki, ambulance))
    busy = service(helsinki, Roads(helsinki, ambulance, traffic=traffic))
    first, second = (dry.index[edge] for edge in edges[:2])
    assert busy.base.edge_s[0, first] == pytest.approx(500.0 * ambulance.traffic_share)
    assert busy.base.edge_s[0, second] == dry.base.edge_s[0, second]  # never quicker than on an empty road
    assert any("traffic: the assigned hour of a" in note["en"] for note in busy.notes())


def test_a_run_is_read_in_slices_and_its_waits_count_once(helsinki: City, edges: list[str], tmp_path: Path) -> None:
    store, slow, shut = Store(tmp_path / "runs"), edges[0], edges[1]
    rows = [
        {"time_s": t, "edge_id": edge, "density_vpkm": 10.0, "speed_mps": 2.0 if t < 300 else 4.0, "closed": closed}
        for t in (0.0, 60.0, 300.0)
        for edge, closed in ((slow, False), (shut, t == 300.0))
    ]
    with store.landing("run", "abc") as landing:
        landing.write_table("edges", pd.DataFrame(rows))
        landing.manifest |= {"seed": 4, "measures": {}, "end_s": 600.0, "validity": {"valid": True, "reasons": []}}
    traffic = read_traffic(store.get("run", "abc"), helsinki)
    roads = Roads(helsinki, vehicle("ambulance"), traffic=traffic)
    at, length_m = roads.router.index[slow], helsinki.layer("edges").set_index("edge_id")["length_m"]
    assert traffic.times_s.tolist() == [0.0, 300.0]
    assert traffic.edge_s[:, at].tolist() == pytest.approx([length_m[slow] / 2.0, length_m[slow] / 4.0])
    base = service(helsinki, roads).base
    assert np.isinf(base.edge_s[1, roads.router.index[shut]]) and np.isfinite(base.edge_s[0, roads.router.index[shut]])
    plain = Roads(helsinki, vehicle("ambulance"))
    assert roads.turn_s.sum() < plain.turn_s.sum()  # the lights' waits are in the run's times


def test_hidden_floods_and_closures_are_the_same_for_all_who_ask(helsinki: City, edges: list[str]) -> None:
    number = len(helsinki.layer("edges"))
    worlds = np.full((2, number), np.inf)
    roads = Roads(helsinki, vehicle("ambulance"))
    worlds[1, roads.router.index[edges[0]]] = 600.0
    water = WaterAhead(np.zeros(number), np.full(number, np.inf), None, 2, "car", True, worlds)
    wet = service(helsinki, Roads(helsinki, vehicle("ambulance"), water=water), truth=water)
    at = wet.index[edges[0]]
    assert np.isfinite(drawn_day(wet, 2).true.edge_s[:, at]).all()
    assert np.isinf(drawn_day(wet, 3).true.edge_s[drawn_day(wet, 3).true.slot(600.0), at])
    outlook = drawn_day(wet, 3).outlook
    assert outlook is not None and len(outlook.shut_s) == 2
    works = service(helsinki, roads, closures=7)
    begin, end = drawn_closures(works, 5)
    assert np.isfinite(begin).sum() == 7 and (end[np.isfinite(begin)] > begin[np.isfinite(begin)]).all()
    assert (drawn_closures(replace(works, hours=2.0), 5)[0] == begin).all()
    day = drawn_day(works, 5)
    first = int(np.argmin(begin))
    assert np.isinf(day.true.edge_s[day.true.slot(begin[first] + 1.0), first])
    assert np.isfinite(day.believed.edge_s[day.believed.slot(begin[first] + 1.0), first])


def test_a_gain_is_a_share_or_the_rows_that_were_measured(tmp_path: Path) -> None:
    assert read_wave_gain("0.17").saved.tolist() == [0.17]
    file = tmp_path / "rows.csv"
    file.write_text("call_id,blue_s,wave_s\na,100,80\nb,50,55\nc,60,\nd,nan,10\n", encoding="utf-8")
    gain = read_wave_gain(str(file))
    assert gain.saved == pytest.approx([0.2, -0.1]) and "2 left out" in gain.told["en"]


def test_what_is_no_traffic_no_gain_is_told(helsinki: City, edges: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    other = assigned(helsinki, tmp_path / "other", {}, city={"name": "Turku", "digest": "0"})
    odd = assigned(helsinki, tmp_path / "odd", {"no such edge": 3.0})
    half = assigned(helsinki, tmp_path / "half", {edges[0]: 1.0}, made_by="somebody")
    for folder, told in (
        (tmp_path / "empty", "no traffic can be read"),
        (other, "of another Turku"),
        (odd, "no road edge no such edge"),
        (half, "no readable assignment"),
    ):
        with pytest.raises(BadInput, match=told):
            read_traffic(folder, helsinki)
    bare = tmp_path / "bare.csv"
    bare.write_text("blue_s\n4\n", encoding="utf-8")
    lost = tmp_path / "lost.csv"
    lost.write_text("blue_s,wave_s\n4,\n", encoding="utf-8")
    for text, told in (
        ("1.5", "a gain of 1.5"), (str(bare), "wave_s"), (str(lost), "not one call"), ("x.csv", "x.csv"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=told):
            read_wave_gain(text)
