"""Tables: each row in closed form, units and zones, wrong rows told with their line, whatever else comes in."""

import gzip
import io
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st

from calibration import MEASURES, Observation
from calibration.counting import factor_of
from networks.errors import BadInput
from twin.feeds import Message, format_named
from twin.feeds.formats.table import TableFile

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def understood(content: str | bytes, **options: object):
    payload = content.encode() if isinstance(content, str) else content
    form = TableFile(TableFile.Options.model_validate(options))
    return form.understand(Message(payload, "drop/a.csv", RECEIVED))


def seen(result: float | None, sensor: str = "a", measure: str = "vehicle_count", period_s: float = 300.0, **more):
    fields = {"begin": AT, "quality": "good" if result is not None else "missing", "result_time": RECEIVED} | more
    return Observation(sensor, measure, period_s=period_s, result=result, **fields)


def test_a_file_of_the_house_needs_no_options():
    told = understood("sensor_id,measure,begin,period_s,result\na,vehicle_count,2026-06-01T08:00:00Z,300,12\n")
    assert told.records == (seen(12.0),) and not told.faults and not told.left_out


def test_columns_zone_format_and_unit_come_from_options():
    told = understood(
        "Site;When;Flow;Remark\na;01/06/2026 16:00;120;ok\n",
        columns={"sensor": "Site", "time": "When", "value": "Flow"},
        zone="Asia/Shanghai", time_format="%d/%m/%Y %H:%M", unit="veh/h", period_s=300,
    )  # fmt: skip
    assert told.records == (seen(10.0),) and told.left_out == {"column Remark": 1}


def test_each_row_may_say_its_own_zone_unit_measure_and_when():
    content = (
        "sensor_id\tbegin\tzone\tmeasure\tresult\tunit\tperiod_s\tresult_time\n"
        "a\t2026-06-01 16:00\tAsia/Shanghai\tspeed\t36\tkm/h\t60\t2026-06-01T08:05:00+00:00\n"
        "a\t2026-06-01 04:00\tAmerica/New_York\toccupancy\t25\t%\t60\t\n"
    )
    assert understood(content).records == (
        seen(10.0, measure="speed", period_s=60.0, result_time=AT + timedelta(minutes=5)),
        seen(0.25, measure="occupancy", period_s=60.0),
    )


def test_a_column_a_sensor_and_gaps_are_gaps():
    columns = {"time": "t", "sensors": ["a", "b"]}
    told = understood("t,a,b\n1780300800,1,\n", columns=columns, time_format="epoch", period_s=300)
    assert told.records == (seen(1.0), seen(None, "b"))


def test_one_sensor_a_file():
    told = understood("begin,result\n2026-06-01T08:00:00Z,3\n", sensor="a", period_s=300)
    assert told.records == (seen(3.0),)


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_with_real_times_and_numbers(packed):
    frame = pd.DataFrame({"sensor_id": ["a", "b"], "begin": pd.to_datetime([AT, AT]), "result": [12.0, float("nan")]})
    out = io.BytesIO()
    frame.to_parquet(out)
    payload = gzip.compress(out.getvalue()) if packed else out.getvalue()
    assert understood(payload, period_s=300).records == (seen(12.0), seen(None, "b"))


def test_wrong_rows_are_told_with_their_line_and_the_others_are_kept():
    lines = [
        "a,2026-06-01T08:00:00Z,1", "a,2026-06-01T08:00:00,2", "a,2026-06-03T08:00:00Z,3", "a,1970-01-01T08:00:00Z,4",
        "a,2026-06-01T08:00:00Z,-5", "a,2026-06-01T08:00:00Z,1e999", "a,2026-06-01T08:00:00Z,six",
        ",2026-06-01T08:00:00Z,7",
        "a,2026-06-01T08:00:00Z", "", "a,2026-06-01T08:05:00Z,9",
    ]  # fmt: skip
    told = understood("sensor_id,begin,result\n" + "\n".join(lines), period_s=300)
    assert [row.result for row in told.records] == [1.0, 9.0]
    assert [fault.place for fault in told.faults] == [
        "line 3.begin", "line 4.begin", "line 5.begin", "line 6.result", "line 7.result", "line 8.result",
        "line 9.sensor_id", "line 10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        ("", {}, "empty"),
        ("sensor_id,begin,result\n", {}, "no row"),
        ("a,b\n1,2\n", {}, "no column 'begin'"),
        ("sensor_id,begin,result\na,2026-06-01T08:00:00Z,1", {"columns": {"unit": "Einheit"}}, "no column 'Einheit'"),
        ("sensor_id,begin,result\na,2026-06-01T08:00:00Z,1", {}, "how long a period"),
        ("sensor_id,begin,result,result\na,x,1,1", {}, "twice"),
        (b"sensor_id,begin\xff", {}, "not UTF-8"),
        (b"a,b\x00", {}, "U\\+0000"),
        (b"PAR1" + b"\x00" * 100 + b"PAR1", {}, "no Parquet"),
        (gzip.compress(bytes(70 << 20)), {}, "unpacks to more"),
    ],
)
def test_what_is_no_table_is_refused(content, options, what):
    with pytest.raises(BadInput, match=what):
        understood(content, **options)


def test_a_table_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr("twin.feeds.formats.table.MOST_ROWS", 3)
    with pytest.raises(BadInput, match="more than 3 rows"):
        understood("sensor_id,begin,result\n" + "a,2026-06-01T08:00:00Z,1\n" * 4, period_s=0)


def test_options_that_cannot_be_are_refused():
    for wrong in ({"measure": "cars"}, {"zone": "Mars/Base"}, {"period_s": -1}, {"column": {}}):
        with pytest.raises(ValueError):
            TableFile.Options.model_validate(wrong)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
                lambda s: s.strip() == s
            ),
            st.sampled_from([name for name, (unit, _) in MEASURES.items() if unit in ("veh", "people", "bikes")]),
            st.datetimes(datetime(1991, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),
            st.none() | st.floats(0, 1e9),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_understood(rows):
    frame = pd.DataFrame(rows, columns=["sensor_id", "measure", "begin", "result"])
    frame["begin"] = [row[2].isoformat() for row in rows]
    told = understood(frame.to_csv(index=False, lineterminator="\n"), period_s=300)
    assert not told.faults
    assert [(o.sensor_id, o.measure, o.begin, o.result) for o in told.records] == [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("measure", "unit", "factor"),
    [
        ("bus_count", "vph", 0.25),
        ("water_level", "cm", 0.01),
        ("travel_time", "min", 60.0),
        ("rain_intensity", "", 1.0),
    ],
)
def test_stated_units(measure, unit, factor):
    assert factor_of(measure, unit, 900.0) == factor
    with pytest.raises(BadInput):
        factor_of(measure, "parsec", 900.0)


SAMPLES = [
    b"sensor_id,measure,begin,period_s,result,unit\na,speed,2026-06-01T08:00:00Z,300,12,km/h\n"
    b"b,speed,2026-06-01T08:05:00Z,300,,\n",
    b'sensor_id;begin;result;zone\n"a;b";2026-06-01 08:00;1;Asia/Shanghai\n',
]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_whatever_comes_in_is_understood_or_refused(n):
    out = io.BytesIO()
    pd.DataFrame({"sensor_id": ["a"], "begin": [AT.isoformat()], "result": [12.0]}).to_parquet(out)
    form = TableFile(TableFile.Options(period_s=300, zone="Asia/Shanghai"))
    assert min(fuzz(form, SAMPLES, n=n)) > 0
    kept, refused = fuzz(form, [out.getvalue()], n=n // 4, name="parquet")
    assert kept > n // 200 and refused > n // 10


def test_it_is_on_the_shelf():
    assert format_named("table") is TableFile
