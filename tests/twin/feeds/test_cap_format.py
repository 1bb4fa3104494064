"""Warnings in CAP: real ones, wrong ones, attacks, and hand-made ones whose rows are known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from fuzzing import fuzz
from referee import feeds_folder, judged, schema_of, understood

from networks.errors import BadInput
from twin.feeds import Situation, format_named
from twin.feeds.formats.cap import Cap, CapOptions

CAP = Cap(CapOptions())
READ = {
    *("identifier", "sender", "sent", "status", "msgType", "scope", "language", "category", "event", "responseType"),
    *("urgency", "severity", "certainty", "effective", "onset", "expires", "areaDesc"),
}
INFO = """<info>{language}<category>Met</category><event>Rain</event>{response}<urgency>Immediate</urgency>
<severity>{severity}</severity><certainty>Likely</certainty>{times}<headline>{headline}</headline>{area}</info>"""


def info(
    language: str = "en",
    severity: str = "Severe",
    headline: str = "Rain",
    area: str = "",
    times: str = "<expires>2026-05-30T12:00:00+08:00</expires>",
    response: str = "",
) -> str:
    told = f"<language>{language}</language>" if language else ""
    return INFO.format(language=told, severity=severity, headline=headline, area=area, times=times, response=response)


def alert(
    *infos: str,
    message: str = "Alert",
    status: str = "Actual",
    references: str = "",
    identifier: str = "A1",
    more: str = "",
) -> bytes:
    named = f"<references>{references}</references>" if references else ""
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier>
<sender>met@city</sender><sent>2026-05-30T08:00:00+08:00</sent><status>{status}</status><msgType>{message}</msgType>
<scope>Public</scope>{named}{"".join(infos)}{more}</alert>""".encode()


def rows(payload: bytes) -> tuple[Situation, ...]:
    result = understood(CAP, payload)
    assert not result.faults, result.faults
    return tuple(row for row in result.records if isinstance(row, Situation))


def at(hour: float) -> datetime:
    return datetime(2026, 5, 30, int(hour), round(hour % 1 * 60), tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "kinds", "statuses", "faults", "left_out"),
    [
        ("thunderstorm.cap", ["weather"], ["actual"], [], {"contact, which may name a person": 1}),
        ("weather.cap", ["flood"], ["actual"], [], {}),
        ("earthquake.cap", ["geological"], ["actual"], [], {"contact, which may name a person": 1}),
        ("australia.cap", ["fire", "fire"], ["actual", "actual"], [], {}),
        ("canada.cap", ["weather"] * 3, ["ended"] * 3, [], {}),
        ("wcatwc-warning.cap", ["flood"] * 2, ["actual", "ended"], [], {}),
        (
            "cap_amber_alert_example.xml",
            ["rescue"],
            ["actual"],
            [],
            {"contact, which may name a person": 2, "description, which may name a person": 2},
        ),
        ("canada_errors.cap", ["weather"], ["ended"], ["alert/references"], {}),
        (
            "noaa_errors.cap",
            ["flood"],
            ["actual"],
            [
                *("alert/info[1]/area[1]/polygon[1]", "alert/info[1]/area[1]/polygon[2]", "alert/info[1]/severity"),
                *("alert/info[1]/urgency", "alert/info[1]/certainty"),
            ],
            {},
        ),
        ("nws_atom_feed_example.xml", ["flood"] * 58 + ["weather"] * 105, ["actual"] * 163, [], {}),
    ],
)
def test_real_alerts(
    file: str, kinds: list[str], statuses: list[str], faults: list[str], left_out: dict[str, int]
) -> None:
    result = understood(CAP, (feeds_folder("cap") / file).read_bytes())
    situations = [row for row in result.records if isinstance(row, Situation)]
    assert len(situations) == len(result.records)
    assert sorted(row.kind for row in situations) == kinds
    assert sorted(row.status for row in situations) == statuses
    assert [fault.place for fault in result.faults] == faults
    assert dict(result.left_out) == left_out
    assert len({(row.situation, row.part, row.told) for row in situations}) == len(situations)


def test_details_of_real_alerts() -> None:
    folder = feeds_folder("cap")
    (storm,) = rows((folder / "thunderstorm.cap").read_bytes())
    assert (storm.situation, storm.part, storm.severity) == ("KSTO@NWS.NOAA.GOV,KSTO1055887203", "", "severe")
    assert storm.begin == storm.told == datetime(2003, 6, 17, 21, 57, tzinfo=UTC)
    assert storm.end == datetime(2003, 6, 17, 23, tzinfo=UTC)
    assert storm.area is not None and storm.area["type"] == "Polygon"
    ring = storm.area["coordinates"][0]
    assert ring[0] == ring[-1] == [-120.14, 38.47] and len(ring) == 5
    (child,) = rows((folder / "cap_amber_alert_example.xml").read_bytes())
    assert set(child.words) == {"en-US", "es-US"} and child.end is None
    assert "DOE" not in str(child) and "SMITH" not in str(child), "nobody is named"
    quake = rows((folder / "earthquake.cap").read_bytes())[0]
    assert quake.area == {"type": "Point", "coordinates": [-173.274, -16.053]}
    assert quake.details["version"] == "1.1"
    atom = rows((folder / "nws_atom_feed_example.xml").read_bytes())
    assert sum(row.area is not None for row in atom) == 99
    ended = rows((folder / "canada.cap").read_bytes())[1:]
    assert [row.situation for row in ended] == [
        "cap@ec.gc.ca,2.49.0.1.124.a3f342a4.2012",
        "cap@ec.gc.ca,2.49.0.1.124.60f31a3a.2012",
    ]


def test_attacks_are_refused_at_once() -> None:
    folder = feeds_folder("cap")
    with pytest.raises(BadInput, match="declares a document type"):
        understood(CAP, (folder / "xee.cap").read_bytes())
    bomb = b'<!DOCTYPE a [<!ENTITY b "x">' + b"".join(
        f'<!ENTITY b{n} "&b{n - 1};&b{n - 1};">'.encode() for n in range(1, 40)
    )
    with pytest.raises(BadInput, match="declares a document type"):
        understood(CAP, bomb + b"]><alert>&b39;</alert>")


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("thunderstorm.cap", "cap12.xsd"),
        ("australia.cap", "cap12.xsd"),
        pytest.param("canada.cap", "cap12.xsd", marks=pytest.mark.full),
        ("cap_amber_alert_example.xml", "cap12.xsd"),
        ("weather.cap", "cap11.xsd"),
        ("earthquake.cap", "cap11.xsd"),
    ],
)
def test_what_the_schema_calls_invalid_is_a_fault(file: str, schema: str) -> None:
    folder = feeds_folder("cap")
    invalid, missed = judged(CAP, schema_of(folder / schema), (folder / file).read_bytes(), READ)
    assert invalid > 100
    assert not missed


def test_an_alert_in_two_languages_is_one_row() -> None:
    (row,) = rows(alert(info("en", headline="Rain"), info("zh-cn", headline="暴雨")))
    assert row.words == {"en": "Rain", "zh-CN": "暴雨"}
    assert (row.situation, row.part, row.told) == ("met@city,A1", "", at(0))
    assert (row.begin, row.end, row.severity) == (at(0), at(4), "severe")
    assert [row.part for row in rows(alert(info("en"), info("zh"), info("en", "Minor"), info("zh", "Minor")))] == [
        "1",
        "2",
    ]


def test_updates_and_cancels_end_what_they_name() -> None:
    named = 'met@city,A1,2026-05-30T07:00:00+08:00 "a b","c,d",2026-05-29T07:00:00+08:00'
    new, one, two = rows(alert(info(), message="Update", references=named, identifier="A2"))
    assert (new.situation, new.status) == ("met@city,A2", "actual")
    assert [(row.situation, row.part, row.status, row.end) for row in (one, two)] == [
        ("met@city,A1", "", "ended", at(0)),
        ("a b,c,d", "", "ended", at(0)),
    ]
    cancelled = rows(
        alert(info(), message="Cancel", references="met@city,A1,2026-05-30T07:00:00+08:00", identifier="A3")
    )
    assert [(row.situation, row.status) for row in cancelled] == [("met@city,A1", "cancelled")]
    assert cancelled[0].words == {"en": "Rain"}


@pytest.mark.parametrize("status", ["Test", "Exercise", "Draft"])
def test_no_test_is_taken_for_actual_or_ends_what_is(status: str) -> None:
    named = "met@city,A1,2026-05-30T07:00:00+08:00"
    (row,) = rows(alert(info(), status=status, message="Update", references=named, identifier="A2"))
    assert (row.situation, row.status) == ("met@city,A2", status.lower())
    (row,) = rows(alert(info(response="<responseType>AllClear</responseType>"), status=status))
    assert row.status == status.lower()
    result = understood(CAP, alert(info(), status=status, message="Cancel", references=named))
    assert not result.records and sum(result.left_out.values()) == 1


def test_what_cannot_be_read_ends_nothing() -> None:
    wrong = info(times="<expires>soon</expires>")
    result = understood(CAP, alert(wrong, message="Update", references="met@city,A1,2026-05-30T07:00:00+08:00"))
    assert not result.records
    assert [fault.place for fault in result.faults] == ["alert/info[1]/expires"]


def test_acknowledgements_are_left_out() -> None:
    for message, status in (("Ack", "Actual"), ("Error", "Actual"), ("Alert", "System")):
        result = understood(CAP, alert(message=message, status=status, references="a,b,2026-05-30T07:00:00+08:00"))
        assert not result.records and not result.faults and sum(result.left_out.values()) == 1


def test_where_it_holds() -> None:
    ring = "<polygon>0,0 0,2 1,2 1,0 0,0</polygon>"
    (row,) = rows(alert(info(area=f"<area><areaDesc>x</areaDesc>{ring}</area>")))
    assert row.area == {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]]}, (
        "counterclockwise"
    )
    turned = "<polygon>0,0 1,0 1,2 0,2 0,0</polygon>"
    (row,) = rows(alert(info(area=f"<area><areaDesc>x</areaDesc>{turned}</area>")))
    assert row.area == {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]]}
    (row,) = rows(
        alert(info(area="<area><areaDesc>x</areaDesc><circle>60,25 10</circle><altitude>100</altitude></area>"))
    )
    assert row.area is not None
    corners = row.area["coordinates"][0]
    assert len(corners) == 65 and corners[0] == corners[-1]
    from pyproj import Geod

    distances = [Geod("+a=6371008.8 +b=6371008.8").inv(25, 60, *corner)[2] for corner in corners]
    assert max(abs(distance - 10_000) for distance in distances) < 0.01
    assert row.details["areas"][0]["circles"] == [[25, 60, 10_000]]
    assert row.details["areas"][0]["altitude_m"] == 30.48
    (row,) = rows(alert(info(area="<area><areaDesc>x</areaDesc><circle>-16,-179.99 50</circle></area>")))
    assert row.area == {"type": "Point", "coordinates": [-179.99, -16]}
    coded = "<area><areaDesc>y</areaDesc><geocode><valueName>UGC</valueName><value>UUC003</value></geocode></area>"
    (row,) = rows(alert(info(area=f"<area><areaDesc>x</areaDesc>{ring}</area>{coded}")))
    assert [one["drawn"] for one in row.details["areas"]] == [True, False]
    both = f"<area><areaDesc>x</areaDesc>{ring}<circle>0,0 0</circle></area>"
    (row,) = rows(alert(info(area=both)))
    assert row.area is not None and row.area["type"] == "GeometryCollection"


@pytest.mark.parametrize(
    "wrong",
    [
        "<polygon>0,0 0,2 1,2 1,0</polygon>",
        "<polygon>0,0 0,2 0,0</polygon>",
        "<polygon>0,0 0,200 1,2 0,0</polygon>",
        "<polygon>91,0 0,2 1,2 91,0</polygon>",
        "<polygon>0,0 nan,2 1,2 0,0</polygon>",
        "<polygon>0 0,2 1,2 0</polygon>",
        "<polygon/>",
        "<circle>0,0</circle>",
        "<circle>0,0 -1</circle>",
        "<circle>0,0 1e9</circle>",
        "<circle>0 0 1</circle>",
    ],
)
def test_a_place_that_is_none_is_a_fault_and_the_warning_is_kept(wrong: str) -> None:
    result = understood(CAP, alert(info(area=f"<area><areaDesc>x</areaDesc>{wrong}</area>")))
    (row,) = result.records
    assert isinstance(row, Situation) and row.area is None
    assert len(result.faults) == 1 and result.faults[0].place.startswith("alert/info[1]/area[1]/")


def test_times_of_the_event_and_of_the_message() -> None:
    late = "<onset>2026-06-02T00:00:00+00:00</onset><expires>2026-05-31T00:00:00+00:00</expires>"
    (row,) = rows(alert(info(times=late)))
    assert row.begin == at(0), "what expires first is the message, not the event"
    result = understood(CAP, alert(info(times="<expires>2026-05-29T00:00:00+00:00</expires>")))
    assert not result.records and "before it begins" in result.faults[0].what
    future = alert(info()).replace(b"2026-05-30T08", b"2027-05-30T08")
    assert not understood(CAP, future).records


def test_in_envelopes_and_other_encodings() -> None:
    one = alert(
        info(headline="暴雨"),
        more='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><status>x</status></Signature>',
    )
    (plain,) = rows(one)
    soap = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' + one + b"</s:Body></s:Envelope>"
    assert rows(soap) == (plain,)
    text = one.decode()
    assert rows(b"\xef\xbb\xbf" + one) == (plain,)
    assert rows(text.encode("utf-16")) == (plain,)
    assert rows(('<?xml version="1.0" encoding="GB18030"?>' + text).encode("gb18030")) == (plain,)
    assert rows(("<?xml version='1.0' encoding='gb2312'?>" + text).encode("gbk")) == (plain,)
    with pytest.raises(BadInput):
        understood(
            CAP,
            ('<?xml version="1.0" encoding="GB18030"?>' + text + "<!--é-->").encode("latin-1", "replace")[:-9]
            + b"\xff",
        )
    with pytest.raises(BadInput):
        understood(CAP, ('<?xml version="1.0" encoding="utf-8"?>' + text).encode("gb18030"))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b"{}", "cannot be read as XML"),
        (b"<html/>", "no alert in its <html>"),
        (b'<alert xmlns="http://www.incident.com/cap/1.0"/>', "no alert"),
        (b"<alert/>", "not in a namespace of CAP"),
        (b"<a>" * 3000 + b"</a>" * 3000, "nested too deeply"),
        (b"<a>" + b"<b/>" * 600_000 + b"</a>", "too many elements"),
        (b"<a>" + b" " * 8_000_000 + b"</a>", "larger than 8 MB"),
    ],
    ids=["empty", "json", "html", "1.0", "no namespace", "deep", "many", "large"],
)
def test_what_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        understood(CAP, payload)


def test_messages_that_would_take_long_do_not() -> None:
    many = alert(*(info(f"x-{number}", times="") for number in range(20_000)))
    (row,) = rows(many)
    assert len(row.words) == 20_000
    for endless in ("a" * 1_000_000, '"' * 90_000, "a," * 45_000, "a" * 90_000):
        result = understood(CAP, alert(info(), message="Update", references=endless))
        assert {fault.place for fault in result.faults} - {""} == {"alert/references"}


def samples() -> list[bytes]:
    area = "<area><areaDesc>x</areaDesc><polygon>0,0 0,2 1,2 0,0</polygon><circle>60,25 10</circle></area>"
    entry = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1"><entry>
<id>e1</id><updated>2026-05-30T08:00:00+08:00</updated><title>t</title><cap:event>Flood</cap:event>
<cap:status>Actual</cap:status><cap:polygon>0,0 0,2 1,2 0,0</cap:polygon></entry></feed>"""
    return [
        alert(info("en", area=area), info("zh", headline="暴雨")),
        alert(info(), message="Update", references="met@city,A1,2026-05-30T07:00:00+08:00", identifier="A2"),
        entry,
    ]


def test_fuzzed() -> None:
    good, refused = fuzz(CAP, samples(), n=1000)
    assert good > 50 and refused > 50


@pytest.mark.full
def test_fuzzed_long() -> None:
    good, refused = fuzz(CAP, samples(), n=100_000)
    assert good > 5_000 and refused > 5_000


def test_the_plugin_has_its_name() -> None:
    form: Any = format_named("cap")
    assert form is Cap and form.Options is CapOptions
