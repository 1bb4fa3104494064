"""Rain on drivers: the table's figures, and a bottleneck whose capacity falls by just that."""

from __future__ import annotations

import itertools
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.clock import Clock
from models.flood import Hyetograph
from models.traffic import Traffic, VehicleTrip
from models.traffic.weather import HEAVIEST_MM_H, RainOnDrivers, rain_factor, wet_after_s
from networks import sumo_home

END_S = 600.0


@dataclass(frozen=True)
class Narrows:
    """Three edges in a row, one lane; the middle one is slow."""

    net_file: Path
    edge_ids: tuple[str, ...] = ("before", "slow", "behind")


@pytest.fixture(scope="module")
def narrows(tmp_path_factory: pytest.TempPathFactory) -> Narrows:
    folder = tmp_path_factory.mktemp("narrows")
    places = ((0, 0), (800, 0), (1000, 0), (1400, 0))
    nodes = "".join(f'<node id="n{i}" x="{x}" y="{y}"/>' for i, (x, y) in enumerate(places))
    speeds = (("before", 13.9), ("slow", 8.33), ("behind", 13.9))
    edges = "".join(
        f'<edge id="{name}" from="n{i}" to="n{i + 1}" numLanes="1" speed="{speed}"/>'
        for i, (name, speed) in enumerate(speeds)
    )
    (folder / "n.nod.xml").write_text(f"<nodes>{nodes}</nodes>")
    (folder / "e.edg.xml").write_text(f"<edges>{edges}</edges>")
    net = folder / "narrows.net.xml"
    command = [sumo_home() / "bin" / "netconvert", "-n", folder / "n.nod.xml", "-e", folder / "e.edg.xml", "-o", net]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return Narrows(net)


def even(mm_h: float, begin_s: float = -60.0, end_s: float = END_S) -> Hyetograph:
    return Hyetograph(np.array([begin_s, end_s]), np.array([mm_h]), "assumed, for tests")


def driven(narrows: Narrows, folder: Path, rain: Hyetograph | None, *, every_s: float = 1.5) -> Traffic:
    number = int(END_S / every_s)
    trips = [VehicleTrip(f"v{i}", i * every_s, "car", narrows.edge_ids) for i in range(number)]
    traffic = Traffic(
        narrows.net_file, narrows.edge_ids, trips, seed=1, end_s=END_S, folder=folder, water=False, walkers=False,
        rain=rain,
    )  # fmt: skip
    Clock([traffic], step_s=5.0).run(END_S)
    return traffic


def capacity(traffic: Traffic) -> float:
    """Vehicles per hour that leave the narrows, once the queue stands."""
    edges = traffic.tables()["edges"]
    out = edges[(edges["edge_id"] == "behind") & (edges["time_s"] >= 240)]
    return float(out["entered"].sum()) * 3600 / (END_S - 240)


def test_factors_are_those_of_the_manual() -> None:
    assert rain_factor(0.0) == 1.0 and rain_factor(0.0, wet=True) == 0.95
    assert rain_factor(12.7) == pytest.approx(1 / 1.24)  # half an inch
    assert rain_factor(1.0) == 0.95  # light rain is no better than a wet road
    factors = [rain_factor(mm_h) for mm_h in np.linspace(0, 100, 201)]
    assert all(later <= earlier for earlier, later in itertools.pairwise(factors))
    assert rain_factor(100.0) == rain_factor(HEAVIEST_MM_H) == pytest.approx(0.768, abs=0.001)
    assert 0.5 * 3600 < wet_after_s() < 0.75 * 3600


def test_the_road_stays_wet_for_a_while() -> None:
    weather = RainOnDrivers(None, even(6.0, 100.0, 200.0), {})
    times = (99.0, 100.0, 199.0, 200.0, 200.0 + wet_after_s() - 1, 200.0 + wet_after_s())
    factors = [weather.factor_at(time) for time in times]
    falling = rain_factor(6.0)
    assert factors == [1.0, falling, falling, 0.95, 0.95, 1.0]


def test_the_capacity_of_a_bottleneck_falls_by_the_table(narrows: Narrows, tmp_path: Path) -> None:
    dry = capacity(driven(narrows, tmp_path / "dry", None))
    assert 1500 < dry < 2100
    for mm_h in (1.0, 8.0, 16.0):
        wet = capacity(driven(narrows, tmp_path / str(mm_h), even(mm_h)))
        assert wet / dry == pytest.approx(rain_factor(mm_h), rel=0.03), mm_h


def test_a_lone_driver_is_slower_and_the_table_says_when(narrows: Narrows, tmp_path: Path) -> None:
    runs = {mm_h: driven(narrows, tmp_path / str(mm_h), even(mm_h), every_s=300.0) for mm_h in (0.0, 16.0)}
    took = {mm_h: (t := run.tables()["trips"]).arrival_s[0] - t.depart_s[0] for mm_h, run in runs.items()}
    assert took[0.0] / took[16.0] == pytest.approx(rain_factor(16.0), rel=0.03)
    weather = runs[16.0].tables()["weather"]
    assert list(weather["time_s"]) == [0.0] and weather["rain_mm_h"][0] == 16.0
    assert weather["headway_factor"][0] == pytest.approx(1 / rain_factor(16.0))
    assert runs[0.0].tables()["weather"]["speed_factor"].tolist() == [1.0]


@pytest.mark.parametrize("rain", [even(16.0), even(16.0, 30.0, 90.0)])
def test_time_lost_is_told_against_free_flow_in_the_dry(narrows: Narrows, tmp_path: Path, rain: Hyetograph) -> None:
    dry, wet = (driven(narrows, tmp_path / str(k), one, every_s=150.0).tables() for k, one in enumerate((None, rain)))
    trips = dry["trips"].merge(wet["trips"], on="vehicle_id", suffixes=("", "_wet"))
    trips = trips[trips["finished"] & trips["finished_wet"]]
    longer = trips["arrival_s_wet"] - trips["arrival_s"]
    assert (longer > 2.0).all() and len(trips) >= 3
    assert np.allclose(trips["time_loss_s_wet"] - trips["time_loss_s"], longer, atol=1.5)
    assert np.allclose(trips["delay_s_wet"] - trips["delay_s"], longer, atol=1.5)
    lost = [tables["edges"]["time_loss_s"].sum() for tables in (dry, wet)]
    drove = [tables["edges"]["vehicle_s"].sum() for tables in (dry, wet)]
    assert lost[1] - lost[0] == pytest.approx(drove[1] - drove[0], rel=0.1)


def test_no_rain_is_the_run_without_and_a_shower_passes(narrows: Narrows, tmp_path: Path) -> None:
    dry, none, shower = (
        driven(narrows, tmp_path / name, rain, every_s=4.0).tables()
        for name, rain in (("dry", None), ("none", even(0.0)), ("shower", even(16.0, 300.0, 310.0)))
    )
    assert dry["trips"].equals(none["trips"]) and dry["edges"].equals(none["edges"])
    early = dry["trips"]["arrival_s"] < 300
    assert dry["trips"][early].equals(shower["trips"][early]) and early.any()
    assert list(shower["weather"]["speed_factor"].round(3)) == [1.0, 0.768, 0.95]
