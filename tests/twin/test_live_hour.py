"""The next hour as pages read it: codes, when water reaches a limit, what the twin has skill in, and its address."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from calibration.skill import Forecast
from twin.alarms import shipped_thresholds
from twin.api.behind import Behind, StateFeed
from twin.api.server import application
from twin.cycle import Picture
from twin.desk import Desk
from twin.live.hour import NOT_KNOWN, SURE, Hour, codes
from twin.live.rows_now import first_s, pond_rows, sensor_rows
from twin.live.town_hour import TownHour
from viz import unpack

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0.0, 1.0)), min_size=1))
def test_codes_are_read_back_to_half_a_step(values: list[float]) -> None:
    given_values = np.array(values)
    told = codes(given_values, 200.0, 200)
    known = ~np.isnan(given_values)
    assert (told[~known] == NOT_KNOWN).all() and (told[known] <= 200).all()
    assert np.abs(told[known] / 200.0 - given_values[known]).max(initial=0.0) <= 0.0025 + 1e-12


def test_people_are_told_link_by_link_and_step_by_step() -> None:
    still = np.zeros((3, 2))
    crowd = [[(7, 0.5), (3, 2.0)], [(9, 60.0)], []]
    told = Hour("a", NOW, 300.0, still, np.zeros((3, 2), np.uint8), crowd=crowd).told()["crowd"]
    assert unpack(told["links"]).tolist() == [3, 7, 9]
    assert unpack(told["density"]).tolist() == [[81, 21, 0], [0, 0, 254], [0, 0, 0]]
    nobody = Hour("a", NOW, 300.0, still, np.zeros((3, 2), np.uint8), crowd=[[], [], []])
    assert nobody.told()["crowd"] is None and Hour("a", NOW, 300.0, still, nobody.sure).told()["crowd"] is None


def test_a_pond_tells_when_it_is_likely_and_perhaps_too_deep() -> None:
    members = np.zeros((20, 2, 4))
    members[:, 0] = [0.0, 0.1, 0.2, 0.3]
    members[0, 0, 1] = 0.5
    depth = Forecast("gauges", "depth", ("low", "dry"), 0.0, 0.0, 300.0, members)
    low, dry = pond_rows(depth, 0.15, {"low": (24.9, 60.1)})
    assert (low["sooner_s"], low["reach_s"], low["lon"]) == (300.0, 600.0, 24.9)
    assert (dry["sooner_s"], dry["reach_s"], dry["lon"]) == (None, None, None)
    assert low["depth_m"] == [0.0, 0.1, 0.2, 0.3] and first_s(np.array([0.6]), 0.5, 300.0) == 0.0


def test_a_silent_sensor_is_not_only_late() -> None:
    rows = sensor_rows(("a", "b", "c"), {}, silent=("a",), late=("a", "b"), issues=())
    assert [row["status"] for row in rows] == ["silent", "late", "ok"]


class _City:
    """Three streets of 10 m/s, and nothing else."""

    crs, georeferenced = "EPSG:32635", True

    def layer(self, name: str) -> gpd.GeoDataFrame:
        keys = {"edges": "edge_id", "sensors": "sensor_id", "cameras": "camera_id", "car_parks": "osm_id",
                "signals": "tls_id"}  # fmt: skip
        if name != "edges":
            return gpd.GeoDataFrame({keys[name]: [], "plan_source": []}, geometry=[], crs=self.crs)
        lines = [LineString([(385_000, 6_671_000 + 10 * at), (385_100, 6_671_000 + 10 * at)]) for at in range(3)]
        return gpd.GeoDataFrame(
            {"edge_id": ["a", "b", "c"], "speed_mps": 10.0, "lanes": 1}, geometry=lines, crs=self.crs
        )


def _town_hour(by: Any) -> Hour:
    served = SimpleNamespace(by=np.array(by), forecast=SimpleNamespace(places=("a", "b")))
    counts = SimpleNamespace(
        sensors=("d",), edges=("a",),
        up_to=lambda _: (SimpleNamespace(sensors=("d",), vehicles=np.ones((1, 3)), period_s=300.0), None),
    )  # fmt: skip
    traffic: Any = SimpleNamespace(served={"speed": served}, counts=counts, carried=None)
    speed = np.broadcast_to(np.array([[5.0, 5.0], [1.0, 2.0]]), (4, 2, 2))
    flow = np.full((4, 2, 2), 30.0)
    forecasts = tuple(
        Forecast("twin", name, ("a", "b"), 0.0, 0.0, 300.0, members)
        for name, members in (("speed", speed), ("flow", flow))
    )
    picture = Picture("run-7", NOW, NOW, forecasts)
    city: Any = _City()
    hour = TownHour(city, traffic, shipped_thresholds()).of(picture)
    assert hour is not None
    return hour


def test_streets_are_sure_only_where_the_twin_was_better_than_the_usual() -> None:
    hour = _town_hour([["twin", "persistence"], ["mixed", "twin"]])
    nothing, no_skill, skilled = SURE["nothing"], SURE["no_skill"], SURE["skilled"]
    assert hour.sure.tolist() == [[skilled, skilled, nothing], [no_skill, skilled, nothing]]
    assert hour.ratio[0, :2].tolist() == [0.5, 0.1] and np.isnan(hour.ratio[:, 2]).all()
    assert hour.queue is not None
    slow = 30 * 7.6 / (300 * 1 * 1.0)  # Little's law at 1 m/s; the other street is not slow
    assert hour.queue[0, 0] == 0.0 and hour.queue[0, 1] == pytest.approx(slow)


def test_the_hour_has_an_address_and_none_before_the_first_cycle(tmp_path: Path) -> None:
    told: list[Hour | None] = [None]
    desk = Desk.open(tmp_path / "desk.sqlite")
    app = application(Behind(desk, StateFeed(dict), hour=lambda: told[0]))
    http = TestClient(app)
    assert http.get("/api/hour").status_code == 404
    told[0] = _town_hour([["twin", "twin"], ["twin", "twin"]])
    said = http.get("/api/hour").json()
    assert (said["id"], said["steps"], said["step_s"]) == ("run-7", 2, 300.0)
    assert unpack(said["speed"]).tolist() == [[100, 20, NOT_KNOWN], [100, 40, NOT_KNOWN]]
    assert said["rows"]["sensors"][0]["status"] == "ok" and json.dumps(said, allow_nan=False)
    desk.close()
