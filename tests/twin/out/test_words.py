"""What is written, held against the trades' schemas and read back by the twin's own formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.errors import BadInput
from twin.feeds import Message, Situation, format_named
from twin.out import OutMessage
from twin.out.words.cap import CapWords
from twin.out.words.datex2 import Publisher, SituationWords, VmsWords
from twin.out.words.gbt35965 import Gbt35965Words
from twin.out.words.robots import DingTalkWords, WeComWords

Valid = Callable[[str, bytes], None]
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
CAP = CapWords(format="cap", sender="twin@city.example", sender_name="City of X", utc_offset_h=8)
DATEX = SituationWords(format="datex2", publisher=Publisher(country="fi", name="twin"))
VMS = VmsWords(format="datex2-vms", publisher=Publisher(country="fi", name="twin"), table="signs", columns=16, lines=3)
GBT = Gbt35965Words(
    format="gbt35965",
    sender="某市气象局",
    sender_code="41000041600000",
    person="李飞",
    event_types={"wind": "11B06"},
    geocode="410000000000",
    area="某市",
)
TITLE = {"en": "Water on Ring <2> & under it", "zh": "二环积水"}
WARNING: dict[str, Any] = {
    "title": TITLE,
    "text": {"en": "Stay away", "zh": "请绕行"},
    "level": "II",
    "event": "ponding",
    "at": AT.isoformat(),
    "begins": (AT + timedelta(minutes=30)).isoformat(),
    "ends": (AT + timedelta(hours=2)).isoformat(),
    "probability": 0.8,
    "polygon": [[[24.93, 60.16], [24.95, 60.16], [24.95, 60.18]]],
}
CLOSED = {"kind": "lanes_closed", "lanes": ["e1_0"]}


def message(body: dict[str, Any], kind: str = "warning") -> OutMessage:
    return OutMessage("key1", "x", kind, body, "r1", "decision:r1", AT + timedelta(hours=1), "run-7")


def rows(name: str, payload: bytes) -> tuple[Situation, ...]:
    form = format_named(name)
    understood = form(form.Options()).understand(Message(payload, "test", AT))
    assert not understood.faults, understood.faults
    return tuple(row for row in understood.records if isinstance(row, Situation))


def test_a_warning_in_cap_is_valid_and_read_back(valid: Valid) -> None:
    payload = CAP.written(message(WARNING)).payload
    valid("cap/CAP-v1.2.xsd", payload)
    (row,) = rows("cap", payload)
    assert (row.situation, row.status, row.severity) == ("twin@city.example,key1", "actual", "severe")
    assert (row.told, row.begin, row.end) == (AT, AT + timedelta(minutes=30), AT + timedelta(hours=2))
    assert row.area is not None and row.area["type"] == "Polygon"
    assert row.area["coordinates"][0][0] == pytest.approx([24.93, 60.16])
    assert set(row.words) == {"zh-CN", "en-US"} and "Ring <2> & under it" in row.words["en-US"]
    assert row.details["urgency"] == "expected" and row.details["certainty"] == "likely"


def test_a_drill_is_an_exercise_and_a_cancel_names_what_it_cancels(valid: Valid) -> None:
    (row,) = rows("cap", CAP.written(message(WARNING | {"exercise": True})).payload)
    assert row.status == "exercise"
    later = WARNING | {"at": (AT + timedelta(hours=1)).isoformat(), "message": "Cancel"}
    payload = CAP.written(message(later | {"replaces": [{"key": "key0", "at": AT.isoformat()}]})).payload
    valid("cap/CAP-v1.2.xsd", payload)
    (row,) = rows("cap", payload)
    assert (row.situation, row.status) == ("twin@city.example,key0", "cancelled")
    with pytest.raises(BadInput, match="names no message"):
        CAP.written(message(later))
    with pytest.raises(BadInput, match="'at' is missing"):
        CAP.written(message({name: told for name, told in WARNING.items() if name != "at"}))
    with pytest.raises(BadInput, match="where it is"):
        CAP.written(message(WARNING | {"polygon": []}))
    with pytest.raises(BadInput, match="corners"):
        CAP.written(message(WARNING | {"polygon": [[[1, 2], [3, 4], [1, 2]]]}))


TEXTS = st.text(min_size=1, max_size=80)


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["I", "II", "III", "IV", ""]), st.floats(0, 1) | st.none())
def test_any_text_gives_valid_xml(valid: Valid, title: str, text: str, level: str, probability: float | None) -> None:
    body = WARNING | {"title": title, "text": text, "level": level, "probability": probability}
    body["places"] = {"e1_0": [24.9, 60.2]}
    valid("cap/CAP-v1.2.xsd", CAP.written(message(body)).payload)
    ElementTree.fromstring(DATEX.written(message(body | {"interventions": [CLOSED | {"text": text}]})).payload)
    json.loads(WeComWords(format="wecom").written(message(body)).payload)


def test_measures_in_datex2_are_valid_and_read_back(valid: Valid) -> None:
    measures = [
        CLOSED,
        {"kind": "road_closure", "edges": ["e2"]},
        {"kind": "diversion", "edges": ["e3"]},
        {"kind": "speed_limit", "edge": "e4", "speed_mps": 12.5},
        {"kind": "signal_program", "signal": "A"},
    ]
    places = {name: [24.9, 60.0 + n / 100] for n, name in enumerate(("e1_0", "e2", "e3", "e4", "A"))}
    body = WARNING | {"interventions": measures, "places": places}
    payload = DATEX.written(message(body, "situation")).payload
    valid("datex2/DATEXIISchema_2_2_3_with_definitions_FI.xsd", payload)
    found = rows("datex2", payload)
    assert [row.kind for row in found[:2]] == ["lane closure", "closure"] and len(found) == 5
    assert {row.situation for row in found} == {"r1"} and len({row.part for row in found}) == 5
    assert found[1].area == {"type": "Point", "coordinates": [24.9, 60.01]}
    assert found[3].details["speed_limit_mps"] == 12.5 and found[0].severity == "severe"
    assert (found[0].begin, found[0].end) == (AT + timedelta(minutes=30), AT + timedelta(hours=2))
    back = DATEX.written(message(body | {"undoes": "r0"}, "rollback")).payload
    valid("datex2/DATEXIISchema_2_2_3_with_definitions_FI.xsd", back)
    assert {(row.situation, row.status) for row in rows("datex2", back)} == {("r0", "cancelled")}
    drill = DATEX.written(message(body | {"exercise": True}, "situation")).payload
    assert {row.status for row in rows("datex2", drill)} == {"exercise"}
    with pytest.raises(BadInput, match="where lanes_closed is"):
        DATEX.written(message(body | {"places": {}}))


def test_signs_show_what_fits_and_refuse_what_does_not(valid: Valid) -> None:
    shown = {"kind": "diversion", "signs": ["S1", "S2"], "text": {"en": "RING CLOSED USE BRIDGE", "zh": "绕行"}}
    payload = VMS.written(message(WARNING | {"interventions": [shown]}, "vms")).payload
    valid("datex2/DATEXIISchema_2_2_3_with_definitions_FI.xsd", payload)
    root = ElementTree.fromstring(payload)
    space = "{http://datex2.eu/schema/2/2_0}"
    assert [unit.get("id") for unit in root.iter(f"{space}vmsUnitReference")] == ["S1", "S2"]
    lines = [line.text for line in root.iter(f"{space}vmsTextLine") if line.text and line.text.strip()]
    assert lines == ["RING CLOSED USE", "BRIDGE"] * 2
    for wrong in (
        {"text": "x" * 80},
        {"lines": ["a", "b", "c", "d"]},
        {"text": "word " + "y" * 30},
        {"text": "", "lines": []},
    ):
        with pytest.raises(BadInput):
            VMS.written(message(WARNING | {"interventions": [shown | wrong]}, "vms"))
    with pytest.raises(BadInput, match="names no sign"):
        VMS.written(message(WARNING | {"interventions": [{"kind": "diversion"}]}, "vms"))


def test_a_warning_after_gbt_35965_has_the_elements_of_a_real_one_in_order() -> None:
    body = WARNING | {"event": "wind", "level": "IV", "replaces": [{"key": "key0", "at": AT.isoformat()}]}
    root = ElementTree.fromstring(GBT.written(message(body)).payload)
    assert [one.tag for one in root] == [
        *("identifier", "sender", "senderCode", "sendTime", "status", "msgType", "scope"),
        *("secClassification", "note", "references", "info"),
    ]
    info = root.find("info")
    assert info is not None and [one.tag for one in info] == [
        *("language", "eventType", "urgency", "severity", "certainty", "effective", "onset", "expires"),
        *("senderName", "headline", "description", "instruction", "web", "area"),
    ]
    assert root.findtext("identifier", "")[:29] == "41000041600000_20260701160000" and root.findtext("sendTime") == (
        "2026-07-01 16:00:00+08:00"
    )
    assert len(root.findtext("identifier", "")) == 31
    assert (info.findtext("severity"), info.findtext("eventType")) == ("Blue", "11B06")
    with pytest.raises(BadInput, match="no code for 'ponding'"):
        GBT.written(message(WARNING))
    with pytest.raises(BadInput, match="level"):
        GBT.written(message(body | {"level": ""}))


def test_robots_tell_people_and_bear_the_key() -> None:
    told = message({"title": TITLE, "interventions": [CLOSED], "exercise": True}, "task")
    said = json.loads(DingTalkWords(format="dingtalk").written(told).payload)
    assert said["msgtype"] == "markdown" and said["markdown"]["title"].startswith("【演练】任务")
    assert "车道封闭：e1_0" in said["markdown"]["text"] and "key1" in said["markdown"]["text"]
    long = WeComWords(format="wecom").written(message(WARNING | {"text": "长" * 5000})).payload
    content = json.loads(long)["markdown"]["content"]
    assert len(content.encode()) <= 4096 and content.endswith("key1") and " …" in content


def test_the_same_message_is_the_same_bytes() -> None:
    told = message(WARNING | {"interventions": [CLOSED], "places": {"e1_0": [24.9, 60.2]}})
    for words in (CAP, DATEX):
        assert words.written(told) == words.written(replace(told, allowed_by="bound:b1"))
