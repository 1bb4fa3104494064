"""A tiny town to be served: a grid of four crossings, its City, its sensors, and what they count, period by period."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from calibration import Observation
from calibration.flows import simulated
from networks import sumo_home
from twin.cli import run
from twin.store import FeedStore

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
EDGES = ("left0A0", "A0B0", "right1B1", "B1A1", "top1B1")
PERIOD_S = 300.0
FEEDS = """
store: {folder: data}
feeds:
  - {id: counts, source: {kind: folder, path: inbox}, format: sensorthings}
"""


def write_town(folder: Path, periods: int = 6) -> Path:
    """Write net, demand, configuration, sensors, what they count (`told.npy`) and the City; give the folder."""
    net, end_s = folder / "grid.net.xml", PERIOD_S * periods
    made = ("--grid", "--grid.number", "2", "--grid.length", "150", "--grid.attach-length", "150", "-o", str(net))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    ways = [("left0A0", "B0right0"), ("right1B1", "A1left1"), ("bottom0A0", "A1top0"), ("top1B1", "B0bottom1")]
    trips = sorted((8.0 * at, f"{a}-{at}", a, b) for a, b in ways for at in range(int(end_s // 8)))
    rows = "".join(f'<trip id="{name}" depart="{time}" from="{a}" to="{b}"/>' for time, name, a, b in trips)
    (folder / "own.rou.xml").write_text(f"<routes>{rows}</routes>", encoding="utf-8")
    (folder / "grid.sumocfg").write_text(
        '<configuration><net-file value="grid.net.xml"/><route-files value="own.rou.xml"/></configuration>',
        encoding="utf-8",
    )
    told = simulated(net, folder / "own.rou.xml", end_s=end_s, period_s=PERIOD_S, seed=4).counts
    np.save(folder / "told.npy", told.vehicles[[told.edges.index(edge) for edge in EDGES]])
    sensors = ["sensor_id,edge", *(f"d-{edge},{edge}" for edge in EDGES)]
    (folder / "sensors.csv").write_text("\n".join(sensors), encoding="utf-8")
    if run(["build", str(net), "-o", str(folder / "city")]) != 0:
        raise RuntimeError("the City of a tiny town could not be built")
    return folder


def tell(town: Path, store: Path, first: int, last: int, silent: tuple[str, ...] = ()) -> None:
    """What the sensors counted in periods [first, last), into a store of feeds; the last one again and again after."""
    told = np.load(town / "told.npy")
    rows = []
    for period in range(first, last):
        begin = BEGIN + timedelta(seconds=PERIOD_S * period)
        column = min(period, told.shape[1] - 1)
        rows += [
            Observation(f"d-{edge}", "vehicle_count", begin, PERIOD_S, float(told[at, column]), "good", begin)
            for at, edge in enumerate(EDGES) if edge not in silent
        ]  # fmt: skip
    with FeedStore(store) as kept:
        at = kept.position("counts")
        kept.take("counts", at, at + 1, [(at, row) for row in rows], [])


def words(town: Path, place: Path, *more: str) -> list[str]:
    """`twin serve` of it, on the clock of what is told; all is kept in a place."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    return ["serve", str(town / "city"), "--case", str(town / "grid.sumocfg"), "--feeds", str(place / "feeds.yaml"),
            "--sensors", str(town / "sensors.csv"), "--begin", BEGIN.isoformat(), "--members", "2", "--horizon",
            "15min", "--clock", "feeds", "--no-record", "--port", "0", "--out", str(place / "out"), *more]  # fmt: skip
