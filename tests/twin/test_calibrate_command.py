"""`twin calibrate` from counts to the report, on a grid of nine crossings whose demand is known."""

from __future__ import annotations

import csv
import re
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.flows import read_roads, simulated
from calibration.proof import Setting, joined_way, run_demand
from networks import City, sumo_home, zone_connectors
from twin.cli import run

BEGIN_S, END_S, PERIOD_S = 0.0, 1800.0, 900.0


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network, its demand, a .sumocfg, and what was counted on every second street that is driven."""
    folder = tmp_path_factory.mktemp("grid")
    net = folder / "grid.net.xml"
    made = ("--grid", "--grid.number", "3", "--grid.length", "150", "--grid.attach-length", "150", "-o", str(net))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    pairs = [("left0A0", "C0right0"), ("right1C1", "A1left1"), ("bottom0A0", "A2top0"), ("top2C2", "C0bottom2"),
             ("left2A2", "C2right2"), ("bottom1B0", "B2top1")]  # fmt: skip
    trips = sorted((every * at, f"{a}-{at}", a, b) for (a, b), every in zip(pairs, (8, 9, 10, 12, 15, 20), strict=True)
                   for at in range(int(END_S / every)))  # fmt: skip
    rows = "".join(f'<trip id="{name}" depart="{time}" from="{a}" to="{b}"/>' for time, name, a, b in trips)
    demand = folder / "own.rou.xml"
    demand.write_text(f"<routes>{rows}</routes>", encoding="utf-8")
    (folder / "grid.sumocfg").write_text(
        '<configuration><net-file value="grid.net.xml"/><route-files value="own.rou.xml"/>'
        f'<begin value="{BEGIN_S}"/><end value="{END_S}"/></configuration>',
        encoding="utf-8",
    )
    seen = simulated(net, demand, begin_s=BEGIN_S, end_s=END_S, period_s=PERIOD_S, seed=7).counts
    driven = [at for at in range(len(seen.edges)) if seen.vehicles[at].sum() > 20][::2]
    lines = [
        f"{seen.edges[at]},{BEGIN_S + column * PERIOD_S:g},{PERIOD_S:g},{seen.vehicles[at, column]:g}"
        for at in driven
        for column in range(seen.vehicles.shape[1])
    ]
    (folder / "counts.csv").write_text("\n".join(["sensor_id,begin,period_s,result", *lines]) + "\n", encoding="utf-8")
    return folder


def calibrate(grid: Path, out: Path, *more: str) -> int:
    counts = () if "--counts" in more else ("--counts", str(grid / "counts.csv"))
    words = ["calibrate", "--sumocfg", str(grid / "grid.sumocfg"), *counts, "--report", str(out), "--rounds", "1"]
    return run([*words, *more])


def test_counts_become_a_demand_with_its_proof(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert calibrate(grid, out, "--by", "edges", "--hold-out", "0.3", "--peer") == 0
    told = capsys.readouterr().out
    for words in ("held out:", "calibrated", "own demand", "routeSampler", "TAG M3.1", "FHWA 2019", "not assessable"):
        assert words in told
    with (out / "sensors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["role"] for row in rows} == {"held out", "used"}
    truth = [(float(row["observed_vph"]), float(row["before_vph"])) for row in rows]
    assert np.allclose(*zip(*truth, strict=True), rtol=0.1, atol=12), "the case's own demand is what was counted"
    assert all(float(row["distance_m"]) == 0 for row in rows if row["role"] == "used")
    with (out / "criteria.csv").open(encoding="utf-8") as file:
        states = {(row["guide"], row["criterion"]): row["state"] for row in csv.DictReader(file)}
    assert states["FHWA 2019", "I: time-variant outliers"] == "not assessable"
    demand = (out / "demand.rou.xml").read_text(encoding="utf-8")
    assert demand.count("<vehicle ") > 100
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "held-out" in page and "留出" in page and "https://" not in page.replace("http://www.w3.org", "")


@pytest.fixture(scope="module")
def city(grid: Path) -> Path:
    """The same grid as a City folder."""
    assert run(["build", str(grid / "grid.net.xml"), "--out", str(grid / "city")]) == 0
    return grid / "city"


def true_trips(grid: Path) -> Counter[tuple[str, str]]:
    text = (grid / "own.rou.xml").read_text(encoding="utf-8")
    return Counter(re.findall(r'from="(\S+)" to="(\S+)"', text))


def table(file: Path, trips: dict[tuple[str, str], float]) -> Path:
    lines = [f"{a},{b},{number},00:00,00:30" for (a, b), number in sorted(trips.items())]
    file.write_text("\n".join(["origin,destination,trips,begin,end", *lines]) + "\n", encoding="utf-8")
    return file


def test_a_trip_table_between_edges_gives_the_trips_that_were_driven(grid: Path, tmp_path: Path) -> None:
    """Held-out flows are those of a table that is right, and its pairs alone are driven."""
    truth = true_trips(grid)
    od = table(tmp_path / "od.csv", {pair: 1.3 * number for pair, number in truth.items()})
    assert calibrate(grid, tmp_path / "out", "--od", str(od), "--by", "edges", "--seeds", "1", "--no-before") == 0
    sensors = pd.read_parquet(tmp_path / "out" / "sensors.parquet")
    assert (sensors[sensors["role"] == "held out"]["geh"] < 5).mean() > 0.9
    demand = (tmp_path / "out" / "demand.rou.xml").read_text(encoding="utf-8")
    ends = re.findall(r'edges="(\S+)(?: \S+)* (\S+)"', demand)
    assert ends and set(ends) <= set(truth), "pairs that the table does not name are not driven"
    assert 0.85 < demand.count("<vehicle ") / truth.total() < 1.15, "counts correct the table's level"


def test_probes_tell_which_ways_are_driven(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One vehicle in ten of each pair was seen on its way: most that is driven goes from where it really goes to."""
    truth = true_trips(grid)
    roads = read_roads(grid / "grid.net.xml")
    lines = [f"{' '.join(joined_way(pair, roads))},{number // 10}" for pair, number in sorted(truth.items())]
    probes = tmp_path / "probes.csv"
    probes.write_text("\n".join(["edges,vehicles", *lines]) + "\n", encoding="utf-8")
    more = ("--probes", str(probes), "--by", "edges", "--seeds", "1", "--no-before")
    assert calibrate(grid, tmp_path / "out", *more) == 0
    assert "begun with the ways of probe vehicles" in capsys.readouterr().out
    demand = (tmp_path / "out" / "demand.rou.xml").read_text(encoding="utf-8")
    ends = {name: (a, b) for name, a, b in re.findall(r'id="(p\d+)" edges="(\S+)(?: \S+)* (\S+)"', demand)}
    driven = [ends[name] in truth for name in re.findall(r'route="(p\d+)"', demand)]
    assert np.mean(driven) > 0.8 and 0.8 < len(driven) / truth.total() < 1.25
    probes.write_text("edges,vehicles\nleft0A0 A0B0,some\n", encoding="utf-8")
    assert calibrate(grid, tmp_path / "bad", *more) == 2
    assert "vehicles is 'some'" in capsys.readouterr().err


def test_a_city_begins_with_its_zones_or_with_a_trip_table(
    grid: Path, city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [line.split(",") for line in (grid / "counts.csv").read_text(encoding="utf-8").splitlines()]
    evening = [[row[0], str(float(row[1]) + 61200), *row[2:]] for row in rows[1:]]
    counts = tmp_path / "evening.csv"
    counts.write_text("\n".join(map(",".join, [rows[0], *evening])) + "\n", encoding="utf-8")
    words = ["calibrate", str(city), "--counts", str(counts), "--rounds", "1", "--seeds", "1"]
    assert run([*words, "--by", "edges", "--report", str(tmp_path / "zones")]) == 0
    assert "begun with who lives and works in the city's zones" in capsys.readouterr().out
    page = (tmp_path / "zones" / "report.html").read_text(encoding="utf-8")
    assert "The streets fill for 15 min" in page and "城市各小区的居民与岗位" in page
    doors = {edge: zone for zone, edges in zone_connectors(City.open(city).layer("zones")).items() for edge in edges}
    demand = (tmp_path / "zones" / "demand.rou.xml").read_text(encoding="utf-8")
    assert 60300 <= float(re.findall(r'depart="([\d.]+)"', demand)[0]) < 61200
    known = {(doors[a], doors[b]): 20.0 for a in ("left2A2", "right1C1") for b in ("A2top0", "C0bottom2")}
    od = tmp_path / "od.csv"
    od.write_text(table(od, known).read_text(encoding="utf-8").replace("00:00,00:30", "17:00,18:00"), encoding="utf-8")
    assert run([*words, "--by", "edges", "--od", str(od), "--report", str(tmp_path / "od")]) == 0
    assert "begun with the trip table od.csv" in capsys.readouterr().out
    strange = table(tmp_path / "strange.csv", {("nowhere", next(iter(doors.values()))): 1.0})
    assert run([*words, "--od", str(strange), "--report", str(tmp_path / "strange")]) == 2
    told = capsys.readouterr().err
    assert "nowhere" in told and "strange.csv" in told


def test_many_days_and_journeys_make_every_guideline_speak(
    grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve days of the same truth, each 5 % off by itself, and two routes timed: nothing is left not assessable."""
    rng = np.random.default_rng(5)
    rows = [line.split(",") for line in (grid / "counts.csv").read_text(encoding="utf-8").splitlines()]
    days = [
        [sensor, str(float(begin) + 86400 * day), period, f"{max(0.0, float(n) * level + rng.normal(0, 2)):.0f}"]
        for day, level in enumerate(rng.normal(1.0, 0.08, 12))
        for sensor, begin, period, n in rows[1:]
        if rng.random() > 0.1
    ]
    counts, times = tmp_path / "days.csv", tmp_path / "times.csv"
    counts.write_text("\n".join(map(",".join, [rows[0], *days])) + "\n", encoding="utf-8")
    routes = {"west-east": "left0A0 C0right0", "east-west": "right1C1 A1left1"}
    setting = Setting(grid / "grid.net.xml", (), (), BEGIN_S, END_S, PERIOD_S, drives=True)
    truth = run_demand(setting, [grid / "own.rou.xml"], [7])
    roads = read_roads(grid / "grid.net.xml")
    ways = {name: joined_way(edges.split(), roads) for name, edges in routes.items()}
    timed = [
        f"{name},{86400 * day + begin},900,{truth.journey_s(ways[name], begin, 900) * rng.normal(1, 0.05):.1f},{edges}"
        for day in range(12) for begin in (0, 900) for name, edges in routes.items()
    ]  # fmt: skip
    times.write_text("\n".join(["route,begin,period_s,seconds,edges", *timed]) + "\n", encoding="utf-8")
    od = table(tmp_path / "od.csv", {pair: float(number) for pair, number in true_trips(grid).items()})
    more = ("--counts", str(counts), "--journeys", str(times), "--by", "edges", "--no-before", "--seeds", "1")
    more = (*more, "--od", str(od))
    assert calibrate(grid, tmp_path / "out", *more) == 0
    told = capsys.readouterr().out
    assert "mean of 12 days" in told and "journeys: 2 routes, 12 days" in told
    with (tmp_path / "out" / "criteria.csv").open(encoding="utf-8") as file:
        found = {(row["guide"], row["criterion"]): row for row in csv.DictReader(file)}
    assert found["TAG M3.1", "Journey times"]["state"] == "pass"
    assert "2 routes" in found["FHWA 2004", "Journey times"]["found"]
    four = [row for (guide, _), row in found.items() if guide == "FHWA 2019"]
    assert len(four) == 4 and all(row["state"] in ("pass", "fail") for row in four)
    assert all("held-out" in row["found"] and "routes" in row["found"] for row in four)
    with (tmp_path / "out" / "journeys.csv").open(encoding="utf-8") as file:
        both = list(csv.DictReader(file))
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "west-east" in page and "行程时间" in page and "mean of 12 days" in page
    assert {row["route"] for row in both} == set(routes) and all(int(row["edges"]) == 4 for row in both)
    assert all(float(row["simulated_s"]) > 600 / 13.9 for row in both), "nobody drives faster than is allowed"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--journeys", "missing.csv"), "missing.csv"),
        (("--od", "missing.omx"), "missing.omx"),
        (("--od-hours", "noon"), "two times of the day"),
        (("--window", "5:00-6:00"), "nothing was counted from 5:00 to 6:00"),
        (("--window", "noon"), "two times of the day"),
        (("--counts", "missing.csv"), "missing.csv"),
        (("--keep", "buses.rou.xml"), "buses.rou.xml"),
    ],
)
def test_what_cannot_be_used_is_named(
    grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], said: str
) -> None:
    assert calibrate(grid, tmp_path / "out", *more) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_unknown_edges_and_too_few_sensors_are_named(
    grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "sensor_id,begin,period_s,result\n"
    strange = tmp_path / "strange.csv"
    strange.write_text(head + "nowhere,0,900,5\n", encoding="utf-8")
    assert calibrate(grid, tmp_path / "out", "--counts", str(strange)) == 2
    assert "no sensor can be matched" in capsys.readouterr().err
    one = tmp_path / "one.csv"
    one.write_text(head + "left0A0,0,900,100\nleft0A0,900,900,100\n", encoding="utf-8")
    assert calibrate(grid, tmp_path / "out", "--counts", str(one)) == 2
    assert "cannot be parted" in capsys.readouterr().err


def test_a_city_or_a_case_has_to_be_named(grid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["calibrate", "--counts", str(grid / "counts.csv"), "--report", str(tmp_path / "out")]) == 2
    assert "--sumocfg" in capsys.readouterr().err
