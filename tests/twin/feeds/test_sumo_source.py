"""A small street as a source: what its loops say is what was driven, the same each time, and nothing is left behind."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from twin.feeds import format_named, source_named
from twin.feeds.source import Delivery
from twin.feeds.sources.sumo import Sumo

BEGIN = datetime(2026, 6, 1, 8, tzinfo=UTC)
NET = """<net version="1.20" junctionCornerDetail="5" limitTurnSpeed="5.50"><location netOffset="0.00,0.00"
convBoundary="0.00,0.00,1000.00,0.00" origBoundary="0,0,1000,0" projParameter="!"/>
<edge id="e" from="a" to="b" priority="-1"><lane id="e_0" index="0" speed="20.00" length="1000.00"
shape="0.00,-1.60 1000.00,-1.60"/></edge>
<junction id="a" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape="0,0 0,-3.2"/>
<junction id="b" type="dead_end" x="1000" y="0" incLanes="e_0" intLanes="" shape="1000,-3.2 1000,0"/></net>"""
VEHICLES = 12
ROUTES = """<routes><vType id="car" length="5" maxSpeed="10" speedFactor="1" speedDev="0" sigma="0"/>
<route id="r" edges="e"/>{}</routes>""".format(
    "".join(f'<vehicle id="v{n}" type="car" route="r" depart="{10 * n}" departSpeed="max"/>' for n in range(VEHICLES))
)
LOOPS = '<additional><e1Detector id="gate" lane="e_0" pos="105" freq="60" file="out.xml"/></additional>'


def case(folder: Path, *, loops: bool = True) -> Path:
    (folder / "net.xml").write_text(NET)
    (folder / "rou.xml").write_text(ROUTES)
    (folder / "add.xml").write_text(LOOPS)
    more = '<additional-files value="add.xml"/>' if loops else ""
    file = folder / "run.sumocfg"
    file.write_text(
        f'<configuration><input><net-file value="net.xml"/><route-files value="rou.xml"/>{more}</input>'
        '<time><begin value="0"/><end value="240"/></time></configuration>'
    )
    return file


def street(file: Path, **more: object) -> Sumo:
    return Sumo(Sumo.Connection(**({"sumocfg": file, "speed": 0.0, "begin": BEGIN} | more)), "street")


async def said(source: Sumo, count: int = 99) -> list[Delivery]:
    found: list[Delivery] = []
    stream = source.deliveries()
    async for delivery in stream:
        found.append(delivery)
        if len(found) == count:
            break
    await stream.aclose()
    return found


def rows(deliveries: list[Delivery]):
    form = format_named("sensorthings")
    told = [form(form.Options()).understand(d.message) for d in deliveries]
    assert not any(one.faults for one in told)
    return [row for one in told for row in one.records]


def test_loops_count_who_drove_and_how_fast_and_say_that_it_is_no_street(tmp_path):
    found = rows(asyncio.run(said(street(case(tmp_path)))))
    counts = [row for row in found if row.measure == "vehicle_count"]
    assert [row.begin for row in counts] == [BEGIN + timedelta(minutes=n) for n in range(4)]
    assert all(row.synthetic and row.sensor_id == "gate" and row.period_s == 60 for row in found)
    # vehicle n leaves the loop (105 m + 5 m) at 10 m/s, 10 n + 10.5 s after the begin
    assert [row.result for row in counts] == [5, 6, 1, 0]
    speeds = [row.result for row in found if row.measure == "speed"]
    assert len(speeds) == 3 and speeds == pytest.approx([10.0] * 3, rel=0.02)
    covered = [row.result for row in found if row.measure == "occupancy"]
    assert covered[:2] == pytest.approx([5 * 0.5 / 60, 6 * 0.5 / 60], rel=0.01)
    assert not (tmp_path / "out.xml").exists()


def test_a_loop_on_every_lane_is_named_like_it(tmp_path):
    found = rows(asyncio.run(said(street(case(tmp_path, loops=False), loops="every lane"))))
    assert {row.sensor_id for row in found} == {"e_0"}
    assert sum(row.result for row in found if row.measure == "vehicle_count") == VEHICLES


def test_the_same_case_tells_the_same(tmp_path):
    file = case(tmp_path)
    one, two = (asyncio.run(said(street(file, end_s=120))) for _ in range(2))
    assert len(one) == 2
    assert [d.message.payload for d in one] == [d.message.payload for d in two]


def test_time_goes_as_fast_as_was_asked_for(tmp_path):
    async def three() -> float:
        began_s, stream = time.monotonic(), street(case(tmp_path), speed=200.0).deliveries()
        for _ in range(3):
            await anext(stream)
        await stream.aclose()
        return time.monotonic() - began_s

    assert asyncio.run(three()) >= 3 * 60 / 200  # never early; a busy machine makes it late


def test_who_stops_asking_leaves_no_process(tmp_path):
    async def stop_early() -> list[bytes]:
        await said(street(case(tmp_path)), 1)
        return [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline")]

    assert not any(str(tmp_path).encode() in line for line in asyncio.run(stop_early()))


def test_a_case_without_loops_or_that_is_none_is_told(tmp_path):
    with pytest.raises(ConnectionError, match="no induction loops"):
        asyncio.run(said(street(case(tmp_path, loops=False))))
    with pytest.raises(ConnectionError, match="no such file"):
        asyncio.run(said(street(tmp_path / "nothing.sumocfg")))


def test_a_fast_street_needs_a_begin():
    with pytest.raises(ValueError, match="needs a begin"):
        Sumo.Connection(sumocfg="a", speed=60)
    assert source_named("sumo") is Sumo
