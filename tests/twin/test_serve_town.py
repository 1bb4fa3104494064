"""`twin serve CITY --case`: a tiny town is followed through a store of feeds, killed, and found again."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration import Observation
from calibration.flows import simulated
from models.sumo import can_fork
from networks import sumo_home
from twin.cli import run
from twin.desk import Book
from twin.live.cycles import Cycles
from twin.store import FeedStore

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
EDGES = ("left0A0", "A0B0", "right1B1", "B1A1", "top1B1")
FEEDS = """
store: {folder: data}
feeds:
  - {id: counts, source: {kind: folder, path: inbox}, format: sensorthings}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case of half an hour, its City, its sensors, and a file of feeds."""
    folder = tmp_path_factory.mktemp("town")
    net = folder / "grid.net.xml"
    made = ("--grid", "--grid.number", "2", "--grid.length", "150", "--grid.attach-length", "150", "-o", str(net))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    ways = [("left0A0", "B0right0"), ("right1B1", "A1left1"), ("bottom0A0", "A1top0"), ("top1B1", "B0bottom1")]
    trips = sorted((8.0 * at, f"{a}-{at}", a, b) for a, b in ways for at in range(225))
    rows = "".join(f'<trip id="{name}" depart="{time}" from="{a}" to="{b}"/>' for time, name, a, b in trips)
    (folder / "own.rou.xml").write_text(f"<routes>{rows}</routes>", encoding="utf-8")
    (folder / "grid.sumocfg").write_text(
        '<configuration><net-file value="grid.net.xml"/><route-files value="own.rou.xml"/></configuration>',
        encoding="utf-8",
    )
    told = simulated(net, folder / "own.rou.xml", end_s=1800.0, period_s=300.0, seed=4).counts
    np.save(folder / "told.npy", told.vehicles[[told.edges.index(edge) for edge in EDGES]])
    (folder / "sensors.csv").write_text("\n".join(["sensor_id,edge", *(f"d-{e},{e}" for e in EDGES)]), encoding="utf-8")
    (folder / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    assert run(["build", str(net), "-o", str(folder / "city")]) == 0
    return folder


def tell(town: Path, store: Path, first: int, last: int, silent: tuple[str, ...] = ()) -> None:
    """What the sensors counted in periods [first, last), into the store."""
    told = np.load(town / "told.npy")
    rows = []
    for period in range(first, last):
        begin = BEGIN + timedelta(seconds=300 * period)
        rows += [
            (0, Observation(f"d-{edge}", "vehicle_count", begin, 300.0, float(told[at, period]), "good", begin))
            for at, edge in enumerate(EDGES) if edge not in silent
        ]  # fmt: skip
    with FeedStore(store) as kept:
        at = kept.position("counts")
        kept.take("counts", at, at + 1, [(at, row) for _, row in rows], [])


def words(town: Path, out: Path, *more: str) -> list[str]:
    return ["serve", str(town / "city"), "--case", str(town / "grid.sumocfg"), "--feeds", str(out / "feeds.yaml"),
            "--sensors", str(town / "sensors.csv"), "--begin", BEGIN.isoformat(), "--members", "2", "--horizon",
            "15min", "--clock", "feeds", "--no-record", "--port", "0", "--out", str(out / "out"), *more]  # fmt: skip


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_cycles_follow_what_is_heard_and_go_on_after_a_stop(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    tell(town, tmp_path / "data", 0, 3)
    assert run(words(town, tmp_path, "--cycles", "1")) == 0
    told = capsys.readouterr().out
    assert "2026-05-04 00:15  demand" in told and "2 members" in told and "15 min ahead" in told
    tell(town, tmp_path / "data", 3, 5, silent=("A0B0",))
    assert run(words(town, tmp_path, "--cycles", "1")) == 0
    told = capsys.readouterr().out
    assert "2026-05-04 00:25" in told and "00:15  demand" not in told
    assert "1 of 5 sensors said nothing of the last period" in told
    book = Book.open(tmp_path / "out" / "desk.sqlite")
    lived = Cycles(book).last(10)
    assert [one.moment for one in lived] == [BEGIN + timedelta(minutes=25), BEGIN + timedelta(minutes=15)]
    assert any("no cycle for 1 steps" in entry.detail for entry in book.audit())
    book.close()
