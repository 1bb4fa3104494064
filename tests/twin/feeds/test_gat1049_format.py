"""GA/T 1049: lanes' traffic in closed form, secrets taken out, what is not taken counted, what is wrong told."""

import gzip
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st

from calibration import Observation
from networks.errors import BadInput
from networks.protocols.gat1049.message import PLATFORM, PUSH, SIGNALS, Operation, write_message
from networks.protocols.gat1049.message import Message as Packet
from twin.feeds import Message, format_named
from twin.feeds.formats.gat1049 import Gat1049

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
LANES = """<CrossTrafficData><CrossID>33010000123</CrossID><EndTime>2026-06-01 16:05:00</EndTime>
<Interval>300</Interval><DataList>
<Data><LaneNo>1</LaneNo><Volume>120</Volume><Speed>36.0</Speed><Saturation>50</Saturation>
<QueueLength>12.5</QueueLength><HeadTime>2.5</HeadTime><Occupancy>25</Occupancy></Data>
<Data><LaneNo>2</LaneNo><Volume>0</Volume><Occupancy>0</Occupancy></Data></DataList></CrossTrafficData>"""
STAGE = """<StageTrafficData><CrossID>33010000123</CrossID><StartTime>2026-06-01 16:00:00</StartTime>
<EndTime>2026-06-01 16:00:40</EndTime><StageNo>3</StageNo><DataList><Data><LaneNo>1</LaneNo>
<VehicleNum>9</VehicleNum><Occupancy>60</Occupancy></Data></DataList></StageTrafficData>"""
STATE = "<CrossSignalGroupStatus><CrossID>33010000123</CrossID></CrossSignalGroupStatus>"


def packet(*objects: str, token: str = "") -> bytes:
    found = tuple(ET.fromstring(one) for one in objects)
    seq = "20260601160500000001"
    return write_message(Packet(PUSH, seq, (Operation("Notify", found),), token, SIGNALS, PLATFORM))


def understood(payload: bytes, **options: object):
    return Gat1049(Gat1049.Options(**options)).understand(Message(payload, "utcs", RECEIVED))


def seen(measure: str, value: float, sensor: str = "33010000123/1", period_s: float = 300.0, **details: float):
    begin = datetime(2026, 6, 1, 8, tzinfo=UTC)
    return Observation(sensor, measure, begin, period_s, pytest.approx(value), "good", RECEIVED, False, details)


def test_lanes_of_an_interval_and_of_a_stage_in_closed_form():
    told = understood(packet(LANES, STAGE, STATE))
    assert not told.faults and told.left_out == {"CrossSignalGroupStatus": 1}
    assert told.records == (
        seen("vehicle_count", 10.0, queue_m=12.5, saturation=0.5, headway_s=2.5),
        seen("speed", 10.0),
        seen("occupancy", 0.25),
        seen("vehicle_count", 0.0, "33010000123/2"),
        seen("occupancy", 0.0, "33010000123/2"),
        seen("vehicle_count", 9.0, "33010000123/1/3", 40.0),
        seen("occupancy", 0.6, "33010000123/1/3", 40.0),
    )


def test_options_say_what_volume_is_and_where_clocks_stand():
    told = understood(packet(LANES), volume="counted", zone="+00:00")
    assert told.records[0].result == 120 and told.records[0].begin.hour == 16


def test_a_clock_of_another_zone_may_lie_in_the_future_and_is_told():
    with pytest.raises(BadInput, match="cannot be"):
        understood(packet(LANES.replace("2026-06-01 16:05:00", "2026-06-03 16:05:00")))


@pytest.mark.parametrize(
    ("was", "wrong", "place"),
    [
        ("<Speed>36.0<", "<Speed>3600<", "Speed"),
        ("<Volume>120<", "<Volume>-1<", "Volume"),
        ("<Volume>120</Volume>", "", "Volume"),
        ("<Occupancy>25<", "<Occupancy>125<", "Occupancy"),
        ("<LaneNo>1<", "<LaneNo>1.5<", "LaneNo"),
        ("<QueueLength>12.5<", "<QueueLength>NaN<", "QueueLength"),
    ],
)
def test_a_wrong_value_costs_itself_alone(was, wrong, place):
    told = understood(packet(LANES.replace(was, wrong)))
    assert [fault.place for fault in told.faults] == [f"CrossTrafficData 1.{place}"] and len(told.records) >= 2


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ("<Interval>300<", "<Interval>0<"), ("<Interval>300<", "<Interval>999999<"), ("16:05:00", "25:05:00"),
        ("2026-06-01", "1980-06-01"), ("<CrossID>33010000123<", "<CrossID> <"),
    ],
)  # fmt: skip
def test_what_costs_the_whole_object_is_refused(was, wrong):
    with pytest.raises(BadInput):
        understood(packet(LANES.replace(was, wrong)))


def test_tokens_users_and_passwords_are_not_written():
    login = "<SDO_User><UserName>chief</UserName><Pwd>secret</Pwd></SDO_User>"
    form = Gat1049(Gat1049.Options())
    payload = packet(login, LANES, token="abcdef")
    hiding = payload.replace(b"<Pwd>secret", b"<Pwd ><![CDATA[secret]]>")
    for one in (payload, gzip.compress(payload), hiding, payload[:-9]):
        assert not any(word in form.conceal(one) for word in (b"chief", b"secret", b"abcdef"))
    assert form.conceal(packet(LANES)) == packet(LANES)
    written = form.conceal(payload)
    assert not any(word in written for word in (b"chief", b"secret", b"abcdef"))
    told = form.understand(Message(written, "utcs", RECEIVED))
    assert len(told.records) == 5 and told.left_out == {"SDO_User": 1}


def test_attacks_and_other_things_are_refused():
    for payload in (b"", b"<a/>", b"<Message/>", b'<!DOCTYPE a [<!ENTITY b "c">]><Message>&b;</Message>', packet()):
        with pytest.raises(BadInput):
            understood(payload)


@given(st.integers(1, 99), st.integers(0, 9999), st.integers(1, 3600), st.integers(0, 150), st.integers(0, 100))
def test_what_is_written_is_understood(lane, volume, interval_s, speed, occupancy):
    one = f"""<CrossTrafficData><CrossID>c</CrossID><EndTime>2026-06-01 16:05:00</EndTime>
    <Interval>{interval_s}</Interval><DataList><Data><LaneNo>{lane}</LaneNo><Volume>{volume}</Volume><Speed>{speed}</Speed>
    <Occupancy>{occupancy}</Occupancy></Data></DataList></CrossTrafficData>"""
    rows = understood(packet(one)).records
    expected = [volume * interval_s / 3600, speed / 3.6, occupancy / 100]
    assert [row.result for row in rows] == pytest.approx(expected) and {row.sensor_id for row in rows} == {f"c/{lane}"}
    assert all(row.end == datetime(2026, 6, 1, 8, 5, tzinfo=UTC) for row in rows)


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_whatever_comes_in_is_understood_or_refused(n):
    assert min(fuzz(Gat1049(Gat1049.Options()), [packet(LANES, STATE), packet(STAGE)], n=n)) > 0


def test_it_is_on_the_shelf():
    assert format_named("gat1049") is Gat1049
