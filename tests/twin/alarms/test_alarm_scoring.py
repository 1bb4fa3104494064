"""Alarms held against what was planted: kind, time and place, each by its own rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from networks.sentence import say
from twin.alarms import Alarm, Finding, Planted, Street, Streets, score

T = datetime(2026, 11, 2, 8, tzinfo=UTC)
ROW = Streets({f"e{at}": Street(f"n{at}", f"n{at + 1}", 100.0, 1, 13.9) for at in range(20)})


def alarm(name: str, subject: str, at_min: float, *, kind: str = "incident", place=None) -> Alarm:  # type: ignore[no-untyped-def]
    at = T + timedelta(minutes=at_min)
    edges = (subject,) if subject.startswith("e") else ()
    found = Finding(kind, subject, "III", say(name, name), at, at, edges=edges, place=place)
    return Alarm(name, (found,), "III", at, at, at, at, at)


def block(name: str = "block", **more) -> Planted:  # type: ignore[no-untyped-def]
    given = {"kinds": frozenset({"incident", "spillback"}), "edges": ("e10",)} | more
    return Planted(name, begins=T, ends=T + timedelta(minutes=30), **given)


def test_one_right_one_false_one_repeat_one_missed() -> None:
    told = [alarm("right", "e11", 5), alarm("again", "e9", 20), alarm("far", "e16", 6)]
    found = score(told, [block(), block("other", edges=("e1",))], ROW, hours=2.0)
    assert (found.alarms, found.right, found.repeats, found.false, found.missed) == (3, 2, 1, ("far",), ("other",))
    assert [found.precision, found.recall, found.per_seat_hour] == pytest.approx([2 / 3, 0.5, 1.5])
    assert found.lead_s == {"block": -300.0}


@pytest.mark.parametrize(("at_min", "right"), [(-1, 0), (0, 1), (45, 1), (46, 0)])
def test_an_incident_is_not_known_before_and_not_told_long_after(at_min: float, right: int) -> None:
    assert score([alarm("a", "e10", at_min)], [block()], ROW, hours=1.0).right == right


def test_what_weather_announces_may_be_told_an_hour_before() -> None:
    early = [alarm("a", "e10", -60)]
    assert score(early, [block(ahead_s=3600.0)], ROW, hours=1.0).lead_s == {"block": 3600.0}
    assert not score(early, [block(ahead_s=3599.0)], ROW, hours=1.0).right


def test_three_junctions_are_near_and_four_are_not() -> None:
    assert score([alarm("a", "e13", 1)], [block()], ROW, hours=1.0).right == 1
    assert score([alarm("a", "e14", 1)], [block()], ROW, hours=1.0).right == 0


def test_another_kind_is_not_right_and_a_sensor_is_named_exactly() -> None:
    assert not score([alarm("a", "e10", 1, kind="sensor")], [block()], ROW, hours=1.0).right
    broken = block("s7", kinds=frozenset({"sensor"}), subjects=frozenset({"s7"}), edges=())
    told = [alarm("a", "s7", 1, kind="sensor"), alarm("b", "s8", 1, kind="sensor")]
    assert score(told, [broken], ROW, hours=1.0).false == ("b",)


def test_places_without_streets_are_near_by_distance() -> None:
    pond = block("pond", kinds=frozenset({"ponding"}), edges=(), place=(9.99, 53.55))
    near, far = (9.991, 53.55), (9.999, 53.55)
    told = [alarm("near", "p1", 1, kind="ponding", place=near), alarm("far", "p2", 1, kind="ponding", place=far)]
    assert score(told, [pond], ROW, hours=1.0).false == ("far",)


def test_what_nobody_planted_but_happened_makes_an_alarm_right_and_is_not_asked_for() -> None:
    found = score([alarm("a", "e10", 1)], [block(must=False)], ROW, hours=1.0)
    assert (found.right, found.events, found.missed) == (1, 0, ())


def test_alarms_that_asked_nobody_to_act_do_not_count_and_seats_share_the_load() -> None:
    from dataclasses import replace

    quiet = replace(alarm("a", "e10", 1), asked=None)
    found = score([quiet, alarm("b", "e10", 2)], [block()], ROW, hours=2.0, seats=2)
    assert (found.alarms, found.per_seat_hour) == (1, 0.25)
    with pytest.raises(ValueError, match="nobody watched"):
        score([], [], ROW, hours=0.0)
