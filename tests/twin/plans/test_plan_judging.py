"""Which level holds: signals as services tell them, and findings as conditions count them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plan import NOON, TEXT, at, ponding, signal

from twin.alarms import LEVELS
from twin.feeds import Situation
from twin.plans import Plan, judge, plan_named, rain_signals, signals_of, stored_signals
from twin.plans.plan import FindingCondition
from twin.store import FeedStore

RING = [[11.3, 44.4], [11.4, 44.4], [11.4, 44.6], [11.3, 44.6], [11.3, 44.4]]
CLOUDBURST = plan_named("cloudburst")
ELSEWHERE = [[10.0, 44.0], [10.1, 44.0], [10.1, 44.1], [10.0, 44.0]]


def warning(name: str = "w1", minute: float = 0, **more: Any) -> Situation:
    given_ = {"kind": "weather", "begin": NOON, "end": at(240), "severity": "moderate", "words": {"zh-CN": "暴雨预警"}}
    return Situation(situation=name, part=more.pop("part", ""), told=at(minute), **(given_ | more))


def levels(*rows: Situation, minute: float = 10) -> list[str | None]:
    return [one.level for one in signals_of(rows, at(minute))]


def test_the_last_version_of_a_warning_holds() -> None:
    assert levels(warning(), warning(minute=5, severity="severe")) == ["II"]
    assert levels(warning(), warning(minute=15, severity="severe")) == ["III"], "not known yet"
    assert levels(warning(), warning(minute=5, status="cancelled")) == []
    assert levels(warning(), minute=241) == [] and levels(warning(begin=at(20)), minute=19) == []
    assert levels(warning(end=None), minute=9999) == ["III"]
    assert levels(warning(status="draft")) == []


def test_the_end_of_a_warning_ends_all_its_parts() -> None:
    parts = [warning(part="1"), warning(part="2", severity="severe")]
    assert levels(*parts) == ["III", "II"]
    assert levels(*parts, warning(minute=5, status="ended")) == []
    assert levels(*parts, warning(minute=5, status="ended"), warning(minute=6, part="2")) == ["III"]


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"words": {"zh-CN": "暴雨红色预警信号"}}, "I"),
        ({"words": {"zh-CN": "暴雨橙色预警"}, "severity": "unknown"}, "II"),
        ({"details": {"parameters": {"awareness_level": ["2; yellow; Moderate"]}}, "severity": "severe"}, "III"),
        ({"words": {"en": "Red River flood watch"}, "severity": "minor"}, "IV"),
        ({"words": {"en": "Amber warning of rain"}, "severity": "unknown"}, "II"),
        ({"words": {"en": "Red River is rising"}, "severity": "unknown"}, None),
        ({"severity": "extreme"}, "I"),
    ],
)
def test_levels_as_services_tell_them(more: dict[str, Any], level: str | None) -> None:
    assert levels(warning(**more)) == [level]


def test_warnings_come_from_the_feeds_store(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    rows = [warning(), warning(minute=5, severity="extreme", area={"type": "Polygon", "coordinates": [RING]})]
    store.take("cap", 0, 2, [(number, row) for number, row in enumerate(rows)], [])
    (found,) = stored_signals(store, at(10))
    assert found.level == "I" and found.area is not None and found.says(["暴雨"]) and not found.exercise
    assert stored_signals(store, at(10) + timedelta(days=30)) == []


def test_rain_that_the_twin_holds_counts_only_where_the_plan_says_so() -> None:
    from models.flood.rain import read_signal_table
    from models.flood.rain.signals.rain_signals import Reached

    level = read_signal_table("cma").levels[-1]
    held = [Reached(level, 120.0, 1.0, at(-30), 1.0, None, (120.0, 120.0, 120.0))]
    (own,) = rain_signals("Reno", held, at(0))
    assert own.level == "I" and not own.official and own.begins == at(-30)
    assert judge(plan_named("cloudburst"), [own], [ponding("III")], at(0))[""].level == "III"
    red = plan_named("cloudburst").levels["I"].when[0].signal
    assert red is not None and not red.own, "the worst level asks for the service's word"
    assert rain_signals("Reno", [Reached(level, 1.0, 1.0, None, 0.1, None, (1.0, 1.0, 1.0))], at(0)) == []


def made(condition: str) -> Plan:
    import yaml

    text = TEXT.replace("{kind: ponding, level: III, probability: 0.5, within_min: 60}", condition)
    return Plan.model_validate(yaml.safe_load(text))


def test_findings_are_counted_by_subject_level_probability_time_and_place() -> None:
    plan = made("{kind: ponding, level: III, count: 2, probability: 0.5, within_min: 60}")
    two = [ponding(), ponding(subject="p2")]
    assert judge(plan, [signal()], two, at(0))[""].level == "III"
    assert judge(plan, [signal()], [ponding(), ponding()], at(0)) == {}, "one subject twice is one"
    for spoilt in (ponding("IV", "p2"), ponding(subject="p2", probability=0.4), ponding(subject="p2", minute=61)):
        assert judge(plan, [signal()], [ponding(), spoilt], at(0)) == {}
    assert judge(plan, [signal("IV")], two, at(0)) == {} and judge(plan, [signal(None)], two, at(0)) == {}


def test_an_area_is_the_signals_or_the_plans_own() -> None:
    here = {"type": "Polygon", "coordinates": [RING]}
    there = {"type": "Polygon", "coordinates": [ELSEWHERE]}
    by_signal = made("{kind: ponding, level: III, area: signal}")
    assert judge(by_signal, [signal(area=here)], [ponding()], at(0))
    assert not judge(by_signal, [signal(area=there)], [ponding()], at(0))
    assert judge(by_signal, [signal()], [ponding()], at(0)), "a warning without an area holds everywhere"
    assert judge(made(f"{{kind: ponding, level: III, area: {RING}}}"), [signal()], [ponding()], at(0))
    assert not judge(made(f"{{kind: ponding, level: III, area: {ELSEWHERE}}}"), [signal()], [ponding()], at(0))


def test_one_case_a_subject_is_judged_subject_by_subject() -> None:
    from twin.alarms import Finding

    found = [
        Finding("incident", edge, level, {"en": "x", "zh": "堵"}, at(0), at(0))
        for edge, level in (("e1", "III"), ("e2", "II"))
    ]
    held = judge(plan_named("incident"), [], found, at(0))
    assert {subject: one.level for subject, one in held.items()} == {"e1": "III", "e2": "II"}


@settings(max_examples=60, deadline=None)
@given(
    signal_level=st.sampled_from(LEVELS),
    finding_levels=st.lists(st.sampled_from(LEVELS), max_size=6),
    more=st.sampled_from(LEVELS),
)
def test_more_trouble_never_means_a_milder_level(signal_level: str, finding_levels: list[str], more: str) -> None:
    plan = CLOUDBURST
    found = [ponding(level, f"p{number}") for number, level in enumerate(finding_levels)]
    rank = {None: -1} | {name: number for number, name in enumerate(LEVELS)}

    def level(*signals: str) -> str | None:
        held = judge(plan, [signal(one) for one in signals], found, at(0)).get("")
        return held.level if held else None

    before = level(signal_level)
    assert rank[level(signal_level, more)] >= rank[before]
    found.append(ponding(more, "new"))
    assert rank[level(signal_level)] >= rank[before]


def test_a_ring_of_two_corners_is_refused() -> None:
    with pytest.raises(ValueError, match="three corners"):
        FindingCondition(kind="ponding", area=((1.0, 1.0), (2.0, 2.0)))
