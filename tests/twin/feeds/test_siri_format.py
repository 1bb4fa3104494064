"""SIRI: the standard's own examples, a lite one, and hand-made deliveries whose rows are known."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st
from referee import feeds_folder, understood

from networks.errors import BadInput
from twin.feeds import TABLE_OF, Arrival, Position, Record, Situation, format_named
from twin.feeds.formats.siri import Siri, SiriOptions

SIRI = Siri(SiriOptions())
FRAMED = """<FramedVehicleJourneyRef><DataFrameRef>2026-05-30</DataFrameRef>
<DatedVehicleJourneyRef>T1</DatedVehicleJourneyRef></FramedVehicleJourneyRef>"""


def siri(content: str, head: str = "") -> bytes:
    return f"""<Siri xmlns="http://www.siri.org.uk/siri" version="2.0"><ServiceDelivery>
<ResponseTimestamp>2026-05-30T08:00:00+08:00</ResponseTimestamp>{head}{content}</ServiceDelivery></Siri>""".encode()


def timetable(journey: str) -> bytes:
    return siri(
        f"""<EstimatedTimetableDelivery><ResponseTimestamp>2026-05-30T08:00:00+08:00</ResponseTimestamp>
<EstimatedJourneyVersionFrame><RecordedAtTime>2026-05-30T07:59:00+08:00</RecordedAtTime><EstimatedVehicleJourney>
<LineRef>L1</LineRef>{FRAMED}{journey}</EstimatedVehicleJourney></EstimatedJourneyVersionFrame>
</EstimatedTimetableDelivery>"""
    )


def call(
    more: str = "", arrival: str = "10:00", expected: str = "10:02", name: str = "EstimatedCall", order: int = 3
) -> str:
    told = f"<ExpectedArrivalTime>2026-05-30T{expected}:00+08:00</ExpectedArrivalTime>" if expected else ""
    return f"""<{name}s><{name}><StopPointRef>S1</StopPointRef><Order>{order}</Order>{more}
<AimedArrivalTime>2026-05-30T{arrival}:00+08:00</AimedArrivalTime>{told}</{name}></{name}s>"""


def vehicle(more: str = "", lon: str = "24.9", lat: str = "60.1", ref: str = "<VehicleRef>V1</VehicleRef>") -> bytes:
    return siri(
        f"""<VehicleMonitoringDelivery><ResponseTimestamp>2026-05-30T08:00:00+08:00</ResponseTimestamp><VehicleActivity>
<RecordedAtTime>2026-05-30T07:59:00+08:00</RecordedAtTime><MonitoredVehicleJourney><LineRef>L1</LineRef>{FRAMED}
<VehicleMode>tram</VehicleMode><VehicleLocation><Longitude>{lon}</Longitude><Latitude>{lat}</Latitude>
</VehicleLocation>{ref}{more}</MonitoredVehicleJourney></VehicleActivity></VehicleMonitoringDelivery>"""
    )


PERIOD = "<ValidityPeriod><StartTime>2026-05-30T08:00:00+08:00</StartTime>{end}</ValidityPeriod>"


def situation(more: str = "", end: str = "", name: str = "PtSituationElement") -> bytes:
    ends = f"<EndTime>{end}</EndTime>" if end else ""
    return siri(
        f"""<SituationExchangeDelivery><Situations><{name}><CreationTime>2026-05-30T07:00:00+08:00</CreationTime>
<ParticipantRef>P</ParticipantRef><SituationNumber>1</SituationNumber>{PERIOD.format(end=ends)}{more}
<Summary xml:lang="EN">Late</Summary><Summary xml:lang="zh-cn">晚点</Summary></{name}></Situations>
</SituationExchangeDelivery>"""
    )


def rows(payload: bytes) -> tuple[Record, ...]:
    result = understood(SIRI, payload)
    assert not result.faults, result.faults
    return result.records


def arrival(payload: bytes) -> Arrival:
    (row,) = rows(payload)
    assert isinstance(row, Arrival)
    return row


def one(payload: bytes) -> Situation:
    (row,) = rows(payload)
    assert isinstance(row, Situation)
    return row


def at(hour: float) -> datetime:
    return datetime(2026, 5, 30, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("file", "tables", "left_out"),
    [
        ("ext_estimatedTimetable_response.xml", {"arrivals": 4}, {}),
        (
            "exv_vehicleMonitoring_response.xml",
            {"positions": 2, "arrivals": 2},
            {"VehicleActivityCancellation": 1, "call without a time": 1},
        ),
        (
            "exs_stopMonitoring_response.xml",
            {"positions": 2, "arrivals": 10},
            {"MonitoredStopVisitCancellation": 2, "StopLineNotice": 1, "StopLineNoticeCancellation": 1},
        ),
        ("exf_facilityMonitoring_response.xml", {}, {"FacilityCondition": 1}),
        ("SX_1022_main_message.xml", {"situations": 1}, {}),
        ("entur_siri-sx_lite.xml", {"situations": 1}, {}),
        ("exx_situationExchange_road.xml", {"situations": 1}, {}),
    ],
)
def test_examples(file: str, tables: dict[str, int], left_out: dict[str, int]) -> None:
    result = understood(SIRI, (feeds_folder("siri") / file).read_bytes())
    found = [TABLE_OF[type(row)] for row in result.records]
    assert {table: found.count(table) for table in found} == tables
    assert not result.faults and dict(result.left_out) == left_out


def test_details_of_examples() -> None:
    folder = feeds_folder("siri")
    arrivals = [
        row for row in rows((folder / "ext_estimatedTimetable_response.xml").read_bytes()) if isinstance(row, Arrival)
    ]
    assert [(row.trip, row.stop, row.status, row.delay_s) for row in arrivals] == [
        ("00008", "00001", "expected", None),
        ("00008", "00002", "expected", 0),
        ("00008", "00003", "expected", 0),
        ("00009", "", "cancelled", None),
    ]
    result = understood(SIRI, (folder / "exs_stopMonitoring_response.xml").read_bytes()).records
    early = [row for row in result if isinstance(row, Arrival) and row.stop == "HLTST011"]
    assert [(row.sequence, row.delay_s, row.status) for row in early] == [(14, 0, "expected"), (12, -120, "was there")]
    vehicles = [row for row in result if isinstance(row, Position)]
    assert [row.details["delay_s"] for row in vehicles] == [120, -120]
    assert vehicles[0].speed_mps == 22 and vehicles[0].details["occupancy"] == "seatsAvailable"
    entur = one((folder / "entur_siri-sx_lite.xml").read_bytes())
    assert (entur.situation, entur.severity, entur.details["version"]) == ("STA:2024-3443167", "moderate", "6")
    assert entur.end == datetime(2024, 11, 30, 12, 8, tzinfo=UTC) and set(entur.words) == {"de", "en", "it"}
    assert entur.details["lines"] == ["it:apb:Line:80120_.24a"]
    road = one((folder / "exx_situationExchange_road.xml").read_bytes())
    assert road.area == {"type": "Point", "coordinates": [-180, -90]} and "01223333337654" not in str(road)


def test_an_estimated_call() -> None:
    row = arrival(timetable(call()))
    assert row == Arrival(
        trip="T1",
        day="2026-05-30",
        stop="S1",
        sequence=3,
        told=at(0) - timedelta(minutes=1),
        scheduled=at(2),
        arrives=at(2) + timedelta(minutes=2),
        delay_s=120,
        route="L1",
    )


@given(st.integers(-7200, 7200))
def test_delays_are_differences_early_ones_too(delay_s: int) -> None:
    expected = (at(10) + timedelta(seconds=delay_s)).isoformat()
    text = f"""<EstimatedCalls><EstimatedCall><StopPointRef>S</StopPointRef><AimedDepartureTime>{at(10).isoformat()}
</AimedDepartureTime><ExpectedDepartureTime>{expected}</ExpectedDepartureTime></EstimatedCall></EstimatedCalls>"""
    row = arrival(timetable(text))
    assert row.delay_s == delay_s and row.departs == at(10) + timedelta(seconds=delay_s) and row.sequence == -1


@pytest.mark.parametrize(
    ("journey", "status"),
    [
        (call(), "expected"),
        ("<ExtraJourney>true</ExtraJourney>" + call(), "added"),
        (call("<ExtraCall>true</ExtraCall>"), "added"),
        (call("<Cancellation>true</Cancellation>"), "skipped"),
        (call("<ArrivalStatus>cancelled</ArrivalStatus>"), "skipped"),
        ("<Cancellation>true</Cancellation>" + call(), "cancelled"),
        (call("<ActualArrivalTime>2026-05-30T10:01:00+08:00</ActualArrivalTime>", name="RecordedCall"), "was there"),
    ],
)
def test_what_happens_to_a_call(journey: str, status: str) -> None:
    row = arrival(timetable(journey))
    assert row.status == status
    if status == "was there":
        assert row.delay_s == 60, "what is real goes before what was expected"


def test_two_calls_at_one_stop_are_told_apart_or_told() -> None:
    numbered = rows(timetable(call(name="RecordedCall", order=1) + call(order=9)))
    assert [row.sequence for row in numbered if isinstance(row, Arrival)] == [1, 9]
    result = understood(SIRI, timetable((call(name="RecordedCall") + call()).replace("<Order>3</Order>", "")))
    assert len(result.records) == 1 and "which is which" in result.faults[0].what


def test_a_vehicle() -> None:
    more = "<Bearing>90</Bearing><Velocity>10</Velocity><Delay>-PT1M30S</Delay><Occupancy>fewSeatsAvailable</Occupancy>"
    (row,) = rows(vehicle(more + "<OccupancyPercentage>80</OccupancyPercentage>"))
    assert row == Position(
        mover="V1",
        time=at(0) - timedelta(minutes=1),
        lon=24.9,
        lat=60.1,
        told=at(0) - timedelta(minutes=1),
        kind="tram",
        speed_mps=10,
        bearing_deg=90,
        route="L1",
        trip="T1",
        occupancy=0.8,
        details={"delay_s": -90, "occupancy": "fewSeatsAvailable"},
    )


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        (vehicle(lon="181"), 0),
        (vehicle(lat="NaN"), 0),
        (vehicle(lat=""), 0),
        (vehicle("<Bearing>400</Bearing>"), 1),
        (vehicle("<Velocity>1e9</Velocity>"), 1),
        (vehicle("<Delay>P1Y</Delay>"), 1),
        (vehicle("<Delay>2 min</Delay>"), 1),
        (vehicle("<Occupancy>cosy</Occupancy>"), 1),
        (vehicle().replace(b"2026-05-30T07:59:00+08:00", b"2027-05-30T07:59:00+08:00"), 0),
        (vehicle().replace(b"2026-05-30T07:59:00+08:00", b"2026-05-30T07:59:00"), 0),
        (timetable(call().replace("<StopPointRef>S1</StopPointRef>", "")), 0),
        (timetable(call().replace("<Order>3</Order>", "<Order>-3</Order>")), 0),
        (timetable(call(arrival="25:00")), 0),
        (timetable(call()).replace(b"T1<", b"<"), 0),
        (situation().replace(b"<SituationNumber>1</SituationNumber>", b""), 0),
        (situation(end="2026-05-30T07:00:00+08:00"), 0),
        (situation("<Severity>terrible</Severity>"), 1),
        (situation("<Progress>nowhere</Progress>"), 0),
    ],
)
def test_what_cannot_be_is_a_fault_at_its_place(payload: bytes, kept: int) -> None:
    result = understood(SIRI, payload)
    assert len(result.faults) == 1 and "Delivery/" in result.faults[0].place
    assert len(result.records) == kept


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("<Progress>open</Progress>", "actual"),
        ("<Progress>closed</Progress>", "ended"),
        ("<Progress>draft</Progress>", "draft"),
        ("<Reality>test</Reality><Progress>open</Progress>", "test"),
        ("<Reality>technicalExercise</Reality><Progress>closed</Progress>", "exercise"),
    ],
)
def test_situations(more: str, status: str) -> None:
    row = one(situation(more, end="2026-05-30T10:00:00+08:00"))
    assert (row.situation, row.status, row.begin, row.end) == ("P:1", status, at(0), at(2))
    assert row.words == {"en": "Late", "zh-CN": "晚点"} and row.told == at(-1)


def test_versions_periods_and_roads() -> None:
    again = "<VersionedAtTime>2026-05-30T09:00:00+08:00</VersionedAtTime><Version>2</Version>"
    later = "<ValidityPeriod><StartTime>2026-06-01T08:00:00+08:00</StartTime></ValidityPeriod>"
    row = one(situation(again + later, end="2026-05-30T10:00:00+08:00"))
    assert row.told == at(1) and row.end is None and len(row.details["periods"]) == 2
    road = one(situation("<AlertCause>roadworks</AlertCause>", name="RoadSituationElement"))
    assert (road.kind, road.details["cause"]) == ("roadworks", "roadworks")


def test_what_the_producer_says_of_itself() -> None:
    failed = siri(
        "", "<Status>false</Status><ErrorCondition><OtherError/><Description>no data</Description></ErrorCondition>"
    )
    result = understood(SIRI, failed)
    assert not result.records and "no data" in result.faults[0].what
    more = siri("", "<MoreData>true</MoreData>")
    assert dict(understood(SIRI, more).left_out) == {"more data that wait at the producer": 1}
    beat = b'<Siri xmlns="http://www.siri.org.uk/siri"><HeartbeatNotification/></Siri>'
    assert dict(understood(SIRI, beat).left_out) == {"HeartbeatNotification": 1}


def test_in_envelopes_packed_and_as_lite_json() -> None:
    payload = vehicle("<Delay>PT30S</Delay>")
    told = rows(payload)
    soap = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        + payload
        + b"</s:Body></s:Envelope>"
    )
    assert rows(soap) == rows(gzip.compress(payload)) == rows(payload.decode().encode("utf-16")) == told
    lite: dict[str, Any] = {
        "RecordedAtTime": "2026-05-30T07:59:00+08:00",
        "MonitoredVehicleJourney": {
            "LineRef": {"value": "L1"},
            "FramedVehicleJourneyRef": {"DataFrameRef": {"value": "2026-05-30"}, "DatedVehicleJourneyRef": "T1"},
            "VehicleMode": ["tram"],
            "VehicleLocation": {"Longitude": 24.9, "Latitude": 60.1},
            "VehicleRef": {"value": "V1"},
            "Delay": "PT30S",
        },
    }
    document = {"Siri": {"ServiceDelivery": {"VehicleMonitoringDelivery": [{"VehicleActivity": [lite]}]}}}
    assert rows(json.dumps(document).encode()) == told


def test_drivers_are_taken_out_before_anything_is_written_down() -> None:
    named = vehicle("<DriverRef>D-77</DriverRef><DriverName>A. Smith</DriverName>")
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        hidden = SIRI.conceal(named.decode().encode(encoding))
        assert "Smith" not in hidden.decode(encoding) and "D-77" not in hidden.decode(encoding)
        assert rows(hidden) == rows(vehicle())
    assert b"Smith" not in SIRI.conceal(gzip.compress(named))
    lite = b'{"DriverName": {"value": "A. \\"X\\" Smith", "lang": "en"}, "DriverRef" : "D-77", "LineRef": "L1"}'
    assert json.loads(SIRI.conceal(lite)) == {"DriverName": "", "DriverRef": "", "LineRef": "L1"}
    assert SIRI.conceal(vehicle()) == vehicle()
    assert b"Smith" not in SIRI.conceal(named[:-300])


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b"[]", "cannot be read as XML"),
        (b"{}", "holds nothing of SIRI"),
        (b'{"a": ' * 2000, "it is"),
        (b"<Siri/>", "holds nothing of SIRI"),
        (b'<Siri xmlns="http://example.org"/>', "holds nothing of SIRI"),
        (b'<!DOCTYPE Siri><Siri xmlns="http://www.siri.org.uk/siri"/>', "document type"),
        (b"<a>" * 200, "nested too deeply"),
        (gzip.compress(b" " * 40_000_000), "larger than 32 MB"),
    ],
    ids=["empty", "list", "object", "deep JSON", "no namespace", "another", "doctype", "deep", "bomb"],
)
def test_what_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        understood(SIRI, payload)


SAMPLES = [
    timetable(call(name="RecordedCall", order=1) + call()),
    vehicle("<Delay>PT30S</Delay><Bearing>90</Bearing>"),
    situation("<Progress>open</Progress>", end="2026-05-30T10:00:00+08:00"),
    b'{"Siri": {"ServiceDelivery": {"ResponseTimestamp": "2026-05-30T08:00:00Z", "StopMonitoringDelivery": [{'
    b'"MonitoredStopVisit": [{"MonitoringRef": {"value": "S1"}, "MonitoredVehicleJourney": {"LineRef": "L1", '
    b'"DatedVehicleJourneyRef": "T1", "MonitoredCall": {"VisitNumber": 4, '
    b'"AimedArrivalTime": "2026-05-30T08:00:00Z"}}}]}]}}}',
]


def test_fuzzed() -> None:
    good, refused = fuzz(SIRI, SAMPLES, n=1000)
    assert good > 50 and refused > 50


@pytest.mark.full
def test_fuzzed_long() -> None:
    good, refused = fuzz(SIRI, SAMPLES, n=100_000)
    assert good > 5_000 and refused > 5_000


def test_the_plugin_has_its_name() -> None:
    form: Any = format_named("siri")
    assert form is Siri
