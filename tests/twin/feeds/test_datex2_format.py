"""DATEX II: real situations, valid and not; measurements of both versions whose rows are known in closed form."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from referee import feeds_folder, judged, parsed, schema_of, understood

from calibration import Observation
from networks.errors import BadInput
from twin.feeds import Place, Situation, format_named
from twin.feeds.formats.datex2 import Datex2, Datex2Options

DATEX = Datex2(Datex2Options())
READ = {
    *("situationRecordVersionTime", "severity", "overallSeverity", "confidentiality", "informationStatus"),
    *("validityStatus", "overallStartTime", "overallEndTime", "probabilityOfOccurrence", "accidentType"),
    *("abnormalTrafficType", "obstructionType", "roadMaintenanceType", "roadOrCarriagewayOrLaneManagementType"),
    *("temporarySpeedLimit", "specificLocation", "publicationTime", "applicableDay", "cancel", "end"),
    *("numberOfLanesRestricted", "latitude", "longitude", "startOfPeriod", "endOfPeriod"),
}
V2 = """<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 modelBaseVersion="2"><exchange><supplierIdentification><country>fi</country><nationalIdentifier>T</nationalIdentifier>
</supplierIdentification></exchange><payloadPublication xsi:type="{sort}" lang="en">
<publicationTime>2026-05-30T08:01:00+08:00</publicationTime><publicationCreator><country>fi</country>
<nationalIdentifier>T</nationalIdentifier></publicationCreator>{content}</payloadPublication></d2LogicalModel>"""
HEADER = """<headerInformation><confidentiality>noRestriction</confidentiality>
<informationStatus>{status}</informationStatus></headerInformation>"""
V3 = """<mc:messageContainer xmlns:mc="http://datex2.eu/schema/3/messageContainer"
 xmlns:com="http://datex2.eu/schema/3/common" xmlns:sit="http://datex2.eu/schema/3/situation"
 xmlns:loc="http://datex2.eu/schema/3/locationReferencing" xmlns:roa="http://datex2.eu/schema/3/roadTrafficData"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><mc:payload xsi:type="{sort}" lang="nl">
<com:publicationTime>2026-05-30T08:01:00+08:00</com:publicationTime>{content}</mc:payload></mc:messageContainer>"""


def v2(sort: str, content: str) -> bytes:
    return V2.format(sort=sort, content=content).encode()


def v3(sort: str, content: str) -> bytes:
    return V3.format(sort=sort, content=content).encode()


def situation(
    times: str = "<overallStartTime>2026-05-30T08:00:00+08:00</overallStartTime>",
    *,
    status: str = "real",
    state: str = "active",
    where: str = '<groupOfLocations xsi:type="Point"/>',
    more: str = "",
    impact: str = "",
) -> bytes:
    return v2(
        "SituationPublication",
        f"""<situation id="S" version="1">{HEADER.format(status=status)}
<situationRecord xsi:type="Accident" id="R" version="3">
<situationRecordCreationTime>2026-05-30T08:00:00+08:00</situationRecordCreationTime>
<situationRecordVersionTime>2026-05-30T08:00:30+08:00</situationRecordVersionTime>
<probabilityOfOccurrence>certain</probabilityOfOccurrence><validity><validityStatus>{state}</validityStatus>
<validityTimeSpecification>{times}</validityTimeSpecification></validity>{impact}{where}{more}
<accidentType>collision</accidentType></situationRecord></situation>""",
    )


def measured(*values: str, status: str = "real") -> bytes:
    numbered = "".join(
        f'<measuredValue index="{number}"><measuredValue>{value}</measuredValue></measuredValue>'
        for number, value in enumerate(values, start=1)
    )
    return v2(
        "MeasuredDataPublication",
        f"""<measurementSiteTableReference xsi:type="_MeasurementSiteTableVersionedReference"
 targetClass="MeasurementSiteTable" id="T" version="1"/>{HEADER.format(status=status)}<siteMeasurements>
<measurementSiteReference xsi:type="_MeasurementSiteRecordVersionedReference" targetClass="MeasurementSiteRecord"
 id="N1" version="1"/><measurementTimeDefault>2026-05-30T08:00:00+08:00</measurementTimeDefault>
{numbered}</siteMeasurements>""",
    )


def flow(rate: str, period: str = "<measurementOrCalculationPeriod>60</measurementOrCalculationPeriod>") -> str:
    return f"""<basicData xsi:type="TrafficFlow">{period}
<vehicleFlow><vehicleFlowRate>{rate}</vehicleFlowRate></vehicleFlow></basicData>"""


def speed(kmh: str, used: str = "") -> str:
    return f"""<basicData xsi:type="TrafficSpeed"><measurementOrCalculationPeriod>60</measurementOrCalculationPeriod>
<averageVehicleSpeed{used}><speed>{kmh}</speed></averageVehicleSpeed></basicData>"""


MEASURED = measured(
    flow("1200"),
    speed("36"),
    """<basicData xsi:type="TrafficConcentration"><measurementOrCalculationPeriod>60</measurementOrCalculationPeriod>
<occupancy><percentage>12.5</percentage></occupancy></basicData>""",
    """<basicData xsi:type="TravelTimeData"><measurementOrCalculationPeriod>60</measurementOrCalculationPeriod>
<travelTime><duration>300</duration></travelTime></basicData>""",
    """<basicData xsi:type="PrecipitationInformation"><precipitationDetail><precipitationIntensity>
<millimetresPerHourIntensity>7.5</millimetresPerHourIntensity></precipitationIntensity></precipitationDetail>
</basicData>""",
)


def observations(payload: bytes, **options: Any) -> list[Observation]:
    result = understood(Datex2(Datex2Options(**options)), payload)
    assert not result.faults, result.faults
    return [row for row in result.records if isinstance(row, Observation)]


def one(payload: bytes) -> Situation:
    result = understood(DATEX, payload)
    assert not result.faults, result.faults
    (row,) = result.records
    assert isinstance(row, Situation)
    return row


def at(minute: float) -> datetime:
    return datetime(2026, 5, 30, tzinfo=UTC) + timedelta(minutes=minute)


TIMES = "validity/validityTimeSpecification"


@pytest.mark.parametrize(
    ("file", "kinds", "faults"),
    [
        ("Datex2_2017-08-10-15-59-34-896.xml", ["accident", "congestion", "lane closure"], []),
        (
            "Datex2_2019-11-26-15-35-08-487.xml",
            ["accident", "obstruction", "lane closure"],
            [
                f"situationRecord GUID5036607301/{TIMES}/overallEndTime",
                f"situationRecord GUID5036607302/{TIMES}/overallEndTime",
            ],
        ),
        (
            "Roadwork.xml",
            ["lane closure", "speed limit", "roadworks", "roadworks", "closure", "roadworks", "closure", "roadworks"],
            [],
        ),
        (
            "TrafficSituationAccidentAndRoadOrCarriagewayOrLaneManagement.xml",
            ["accident", "lane closure", "congestion"],
            [
                f"situationRecord GUID503960540{record}/{TIMES}/overall{end}Time"
                for record in (1, 2)
                for end in ("Start", "End")
            ],
        ),
        (
            "roadworks_GUID50013753.xml",
            ["speed limit", "roadworks"],
            [
                "headerInformation/confidentiality",
                "situationRecord GUID5001400701/situationRecordVersionTime",
                f"situationRecord GUID5001400701/{TIMES}/overallEndTime",
            ],
        ),
    ],
)
def test_real_situations(file: str, kinds: list[str], faults: list[str]) -> None:
    folder = feeds_folder("datex2")
    payload = (folder / file).read_bytes()
    result = understood(DATEX, payload)
    assert [row.kind for row in result.records if isinstance(row, Situation)] == kinds
    assert [fault.place.partition("/situation ")[2].partition("/")[2] for fault in result.faults] == faults
    assert not result.left_out
    (schema_file,) = folder.glob("*.xsd")
    assert schema_of(schema_file).validate(parsed(payload)) == (not faults), "the schema says the same"


def test_details_of_real_situations() -> None:
    folder = feeds_folder("datex2")
    accident = understood(DATEX, (folder / "Datex2_2017-08-10-15-59-34-896.xml").read_bytes()).records[0]
    assert isinstance(accident, Situation)
    assert (accident.situation, accident.part) == ("GUID50013339", "GUID5001357701")
    assert accident.told == datetime(2017, 8, 10, 12, 56, 56, 951000, tzinfo=UTC)
    assert accident.begin == datetime(2017, 8, 10, 12, 49, 10, tzinfo=UTC) and accident.end is None
    assert accident.area is None and "Tampereen" in accident.words["fi"]
    assert accident.details["alert_c"] == [
        {
            **{"country": "6", "table": "17", "version": "1.11.33", "direction": "positive"},
            **{"primary": 992, "secondary": 993},
        }
    ]
    works = understood(DATEX, (folder / "Roadwork.xml").read_bytes()).records
    assert works[1].details["speed_limit_mps"] == 16.667  # type: ignore[union-attr]
    assert works[3].details["alert_c"][0]["primary_offset_m"] == 2275  # type: ignore[union-attr]


def test_what_is_not_datex_is_refused() -> None:
    folder = feeds_folder("datex2")
    for file in ("HaeKaikkiLaskennallisetAnturitResponse.xml", "keliennuste-v2.json"):
        with pytest.raises(BadInput):
            understood(DATEX, (folder / file).read_bytes())
    with pytest.raises(BadInput, match="holds nothing of DATEX II 2 or 3"):
        understood(DATEX, b'<d2LogicalModel xmlns="http://datex2.eu/schema/1_0/1_0"/>')


PERIODS = """<overallStartTime>2026-05-30T08:00:00+08:00</overallStartTime>
<overallEndTime>2026-06-30T08:00:00+08:00</overallEndTime><validPeriod><startOfPeriod>2026-05-30T22:00:00+08:00
</startOfPeriod><recurringTimePeriodOfDay xsi:type="TimePeriodByHour"><startTimeOfPeriod>22:00:00</startTimeOfPeriod>
<endTimeOfPeriod>06:00:00</endTimeOfPeriod></recurringTimePeriodOfDay><recurringDayWeekMonthPeriod>
<applicableDay>monday</applicableDay></recurringDayWeekMonthPeriod></validPeriod>"""
WHERE = """<groupOfLocations xsi:type="Point"><pointByCoordinates><pointCoordinates><latitude>60.1</latitude>
<longitude>24.9</longitude></pointCoordinates></pointByCoordinates></groupOfLocations>"""
FULL = situation(
    PERIODS,
    where=WHERE,
    impact="<impact><numberOfLanesRestricted>1</numberOfLanesRestricted></impact>",
    more="<management><lifeCycleManagement><cancel>false</cancel><end>false</end></lifeCycleManagement></management>",
)


@pytest.mark.parametrize(
    "file", ["Datex2_2017-08-10-15-59-34-896.xml", pytest.param("Roadwork.xml", marks=pytest.mark.full), ""]
)
def test_what_the_schema_calls_invalid_is_a_fault(file: str) -> None:
    folder = feeds_folder("datex2")
    (schema_file,) = folder.glob("*.xsd")
    schema = schema_of(schema_file)
    payload = (folder / file).read_bytes() if file else FULL
    assert schema.validate(parsed(payload)), schema.error_log
    invalid, missed = judged(DATEX, schema, payload, READ)
    assert invalid > 100
    assert not missed


def test_the_schema_and_measured_values() -> None:
    folder = feeds_folder("datex2")
    (schema_file,) = folder.glob("*.xsd")
    schema = schema_of(schema_file)
    assert schema.validate(parsed(MEASURED)), schema.error_log
    fields = {
        *("measurementTimeDefault", "vehicleFlowRate", "speed", "percentage", "duration", "informationStatus"),
        *("millimetresPerHourIntensity", "measurementOrCalculationPeriod", "publicationTime"),
    }
    invalid, missed = judged(DATEX, schema, MEASURED, fields)
    assert invalid > 50
    assert not missed
    assert schema.validate(parsed(SITES)), schema.error_log


def test_periods_places_and_impact() -> None:
    row = one(FULL)
    assert row.end == datetime(2026, 6, 30, tzinfo=UTC)
    assert row.details["periods"] == [
        {"begin": "2026-05-30T14:00:00+00:00", "hours": [("22:00:00", "06:00:00")], "days": ["monday"]}
    ]
    assert row.area == {"type": "Point", "coordinates": [24.9, 60.1]}
    assert row.details["lanes_restricted"] == 1 and row.details["version"] == "3"
    assert row.told == at(0.5) and row.details["types"] == ["collision"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, "actual"),
        ({"status": "test"}, "test"),
        ({"status": "securityExercise"}, "exercise"),
        ({"status": "technicalExercise"}, "exercise"),
        ({"state": "suspended"}, "ended"),
        ({"more": "<management><lifeCycleManagement><end>true</end></lifeCycleManagement></management>"}, "ended"),
        (
            {"more": "<management><lifeCycleManagement><cancel>1</cancel></lifeCycleManagement></management>"},
            "cancelled",
        ),
        (
            {
                "status": "test",
                "more": "<management><lifeCycleManagement><cancel>1</cancel></lifeCycleManagement></management>",
            },
            "test",
        ),
    ],
)
def test_what_holds(asked: dict[str, str], status: str) -> None:
    assert one(situation(**asked)).status == status


def test_times_that_cannot_be() -> None:
    turned = """<overallStartTime>2026-05-30T08:00:00+08:00</overallStartTime>
<overallEndTime>2026-05-29T08:00:00+08:00</overallEndTime>"""
    result = understood(DATEX, situation(turned))
    assert not result.records and "before it begins" in result.faults[0].what
    naive = "<overallStartTime>2026-05-30T08:00:00</overallStartTime>"
    result = understood(DATEX, situation(naive))
    assert not result.records and "does not tell its time zone" in result.faults[0].what
    row = understood(Datex2(Datex2Options(zone="Asia/Shanghai")), situation(naive)).records[0]
    assert isinstance(row, Situation) and row.begin == at(0)
    with pytest.raises(ValidationError, match="no time zone"):
        Datex2Options(zone="Middle-earth")
    later = situation().replace(b"2026-05-30T08:00:30", b"2026-06-03T08:00:30")
    assert "future" in understood(DATEX, later).faults[0].what


def test_measured_values_in_closed_form() -> None:
    rows = observations(MEASURED)
    assert [(row.sensor_id, row.measure, row.begin, row.period_s, row.quality) for row in rows] == [
        ("N1/1", "vehicle_count", at(-1), 60, "good"),
        ("N1/2", "speed", at(-1), 60, "good"),
        ("N1/3", "occupancy", at(-1), 60, "good"),
        ("N1/4", "travel_time", at(-1), 60, "good"),
        ("N1/5", "rain_intensity", at(0), 0, "good"),
    ]
    assert [row.result for row in rows] == pytest.approx([20, 10, 0.125, 300, 7.5])
    assert {row.result_time for row in rows} == {at(1)}
    assert [row.begin for row in observations(MEASURED, stamp="begin")][:2] == [at(0), at(0)]
    assert [row.begin for row in observations(MEASURED, stamp="middle")][:1] == [at(-0.5)]


@given(rate=st.integers(0, 20_000), period_s=st.integers(1, 3600))
def test_counts_are_rates_times_periods(rate: int, period_s: int) -> None:
    period = f"<measurementOrCalculationPeriod>{period_s}</measurementOrCalculationPeriod>"
    (row,) = observations(measured(flow(str(rate), period)))
    assert row.result == pytest.approx(rate * period_s / 3600) and row.end == at(0)


def test_a_flow_without_a_period_is_no_count() -> None:
    result = understood(DATEX, measured(flow("1200", "")))
    assert not result.records and "how long" in result.faults[0].what
    (row,) = observations(measured(flow("1200", "")), period_s=300)
    assert row.result == pytest.approx(100) and row.period_s == 300


def test_nothing_measured_is_missing_and_never_zero() -> None:
    error = speed("0").replace("<speed>", "<dataError>true</dataError><speed>")
    used = ' numberOfInputValuesUsed="0"'
    rows = observations(measured(speed("-1", used), error, speed("-1"), flow("0")))
    assert [(row.result, row.quality) for row in rows] == [(None, "missing")] * 3 + [(0, "good")]
    broken = """<measurementEquipmentFault><faultLastUpdateTime>2026-05-30T08:00:00+08:00</faultLastUpdateTime>
<measurementEquipmentFault>intermittentDataValues</measurementEquipmentFault></measurementEquipmentFault>"""
    assert [row.quality for row in observations(measured(broken + speed("36")))] == ["suspect"]


@pytest.mark.parametrize(
    "wrong", [speed("-2"), speed("351"), speed("NaN"), flow("12.5"), flow("1e9"), flow("-1e3"), speed("")]
)
def test_impossible_values_are_faults_and_the_rest_is_kept(wrong: str) -> None:
    result = understood(DATEX, measured(wrong, speed("36")))
    assert len(result.faults) == 1 and "index" not in result.faults[0].place
    assert [row.sensor_id for row in result.records if isinstance(row, Observation)] == ["N1/2"]


def test_what_is_not_kept_is_counted() -> None:
    wind = '<basicData xsi:type="WindInformation"><wind/></basicData>'
    long = flow("1200").replace(
        "<vehicleFlow>", "<percentageLongVehicles><percentage>5</percentage></percentageLongVehicles><vehicleFlow>"
    )
    result = understood(DATEX, measured(wind, long))
    assert dict(result.left_out) == {"WindInformation": 1, "TrafficFlow: percentageLongVehicles": 1}
    assert len(result.records) == 1 and not result.faults
    result = understood(DATEX, measured(flow("1200"), status="test"))
    assert not result.records and dict(result.left_out) == {"measurement of a test or an exercise": 1}
    result = understood(DATEX, v2("VmsPublication", ""))
    assert dict(result.left_out) == {"VmsPublication": 1}


SITES = v2(
    "MeasurementSiteTablePublication",
    HEADER.format(status="real")
    + """<measurementSiteTable id="T" version="1"><measurementSiteRecord id="N1" version="2">
<measurementSiteRecordVersionTime>2026-05-01T08:00:00+08:00</measurementSiteRecordVersionTime>
<measurementSiteName><values><value lang="en">Ring 1</value></values></measurementSiteName>
<measurementSiteNumberOfLanes>2</measurementSiteNumberOfLanes>"""
    + "".join(
        f"""<measurementSpecificCharacteristics index="{index}"><measurementSpecificCharacteristics><period>60</period>
<specificLane>lane{index}</specificLane><specificMeasurementValueType>{sort}</specificMeasurementValueType>
<specificVehicleCharacteristics><vehicleType>anyVehicle</vehicleType></specificVehicleCharacteristics>
</measurementSpecificCharacteristics></measurementSpecificCharacteristics>"""
        for index, sort in ((1, "trafficFlow"), (2, "trafficSpeed"))
    )
    + """<measurementSiteLocation xsi:type="Point"><pointByCoordinates><pointCoordinates><latitude>60.1</latitude>
<longitude>24.9</longitude></pointCoordinates></pointByCoordinates></measurementSiteLocation></measurementSiteRecord>
</measurementSiteTable>""",
)


def test_a_place_for_each_index_of_a_site() -> None:
    result = understood(DATEX, SITES)
    assert not result.faults, result.faults
    rows = [row for row in result.records if isinstance(row, Place)]
    assert [(row.place, row.kind, row.lon, row.lat, row.name) for row in rows] == [
        ("N1/1", "detector", 24.9, 60.1, "Ring 1"),
        ("N1/2", "detector", 24.9, 60.1, "Ring 1"),
    ]
    assert rows[0].told == datetime(2026, 5, 1, tzinfo=UTC)
    assert rows[1].details["measure"] == "speed" and rows[1].details["lane"] == "lane2"
    assert rows[0].details["period_s"] == 60 and rows[0].details["vehicles"] == ["anyVehicle"]


def test_version_3() -> None:
    line = """<sit:locationReference xsi:type="loc:ItineraryByIndexedLocations">
<loc:locationContainedInItinerary index="0"><loc:location xsi:type="loc:LinearLocation"><loc:gmlLineString
 srsName="EPSG:4326"><loc:posList>52.0 5.0 52.1 5.1</loc:posList></loc:gmlLineString></loc:location>
</loc:locationContainedInItinerary><loc:locationContainedInItinerary index="1"><loc:location><loc:gmlLineString>
<loc:posList>52.2 5.2 52.3 5.3</loc:posList></loc:gmlLineString></loc:location></loc:locationContainedInItinerary>
</sit:locationReference>"""
    payload = v3(
        "sit:SituationPublication",
        f"""<sit:situation id="S"><sit:overallSeverity>high</sit:overallSeverity><sit:headerInformation>
<com:informationStatus>real</com:informationStatus></sit:headerInformation>
<sit:situationRecord xsi:type="sit:MaintenanceWorks" id="R" version="4">
<sit:situationRecordVersionTime>2026-05-30T00:00:00Z</sit:situationRecordVersionTime><sit:validity>
<com:validityStatus>planned</com:validityStatus><com:validityTimeSpecification>
<com:overallStartTime>2026-07-01T00:00:00Z</com:overallStartTime></com:validityTimeSpecification></sit:validity>
{line}<sit:roadMaintenanceType>somethingNewInVersion3</sit:roadMaintenanceType></sit:situationRecord></sit:situation>""",
    )
    row = one(payload)
    assert (row.kind, row.severity, row.details["types"]) == ("roadworks", "severe", ["somethingNewInVersion3"])
    assert row.area == {
        "type": "MultiLineString",
        "coordinates": [[[5.0, 52.0], [5.1, 52.1]], [[5.2, 52.2], [5.3, 52.3]]],
    }
    turned = understood(Datex2(Datex2Options(positions="lon lat")), payload).records[0]
    assert isinstance(turned, Situation) and turned.area is not None
    assert turned.area["coordinates"][0][0] == [52.0, 5.0]
    national = understood(DATEX, payload.replace(b"EPSG:4326", b"EPSG:28992"))
    assert "coordinate system" in national.faults[0].what


def test_version_3_measured() -> None:
    content = """<roa:siteMeasurements><roa:measurementSiteReference id="N1" version="1"/>
<roa:physicalQuantity index="1"><roa:physicalQuantity xsi:type="roa:SinglePhysicalQuantity"><roa:basicData
 xsi:type="roa:TrafficFlow"><roa:measurementOrCalculationTime><roa:period>
<com:startOfPeriod>2026-05-29T23:55:00Z</com:startOfPeriod><com:endOfPeriod>2026-05-30T00:00:00Z</com:endOfPeriod>
</roa:period></roa:measurementOrCalculationTime><roa:vehicleFlow><roa:vehicleFlowRate>120</roa:vehicleFlowRate>
</roa:vehicleFlow></roa:basicData></roa:physicalQuantity></roa:physicalQuantity>
<roa:measurementTimeDefault><roa:timeMeaning>startTime</roa:timeMeaning><roa:timeValue>2026-05-30T00:00:00Z
</roa:timeValue></roa:measurementTimeDefault></roa:siteMeasurements>"""
    (row,) = observations(v3("roa:MeasuredDataPublication", content))
    assert (row.sensor_id, row.begin, row.period_s) == ("N1/1", at(-5), 300)
    assert row.result == pytest.approx(10)


def test_elaborated_values_of_known_places() -> None:
    place = """<pertinentLocation xsi:type="LocationByReference"><predefinedLocationReference id="L1" version="1"/>
</pertinentLocation>"""
    data = f"<basicData xsi:type='TravelTimeData'>{place}<travelTime><duration>90</duration></travelTime></basicData>"
    content = f"""<periodDefault>300</periodDefault><timeDefault>2026-05-30T08:00:00+08:00</timeDefault>
<elaboratedData>{data}</elaboratedData><elaboratedData><forecast>true</forecast>{data}</elaboratedData>
<elaboratedData>{data.replace('id="L1"', "")}</elaboratedData>"""
    result = understood(DATEX, v2("ElaboratedDataPublication", content))
    (row,) = result.records
    assert isinstance(row, Observation)
    assert (row.sensor_id, row.measure, row.result, row.begin, row.period_s) == ("L1", "travel_time", 90, at(-5), 300)
    assert dict(result.left_out) == {"forecast": 1, "value of a place without an id": 1}


def test_in_envelopes_packed_and_without_a_publication() -> None:
    soap = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' + FULL + b"</s:Body></s:Envelope>"
    )
    assert one(soap) == one(FULL) == one(gzip.compress(FULL))
    with pytest.raises(BadInput, match="larger than 32 MB"):
        understood(DATEX, gzip.compress(b"<a>" + b" " * 100_000_000 + b"</a>"))
    with pytest.raises(BadInput, match="breaks off"):
        understood(DATEX, gzip.compress(FULL)[:-20])
    alive = understood(DATEX, b'<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0"><exchange/></d2LogicalModel>')
    assert not alive.records and not alive.faults and sum(alive.left_out.values()) == 1


def test_faults_without_end_are_counted() -> None:
    result = understood(Datex2(Datex2Options()), measured(*[speed("fast")] * 1000))
    assert len(result.faults) == 201 and "800 more" in result.faults[-1].what


def test_fuzzed() -> None:
    good, refused = fuzz(DATEX, [FULL, MEASURED, SITES], n=1000)
    assert good > 50 and refused > 50


@pytest.mark.full
def test_fuzzed_long() -> None:
    good, refused = fuzz(DATEX, [FULL, MEASURED, SITES], n=100_000)
    assert good > 5_000 and refused > 5_000


def test_the_plugin_has_its_name() -> None:
    form: Any = format_named("datex2")
    assert form is Datex2
