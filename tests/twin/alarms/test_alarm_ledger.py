"""The ledger of alarms: how early, how many false, and what is known of those that nobody judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from networks.sentence import say
from twin.alarms import Alarm, Finding, Judgement, lead_s, ledger

T = datetime(2026, 11, 2, 8, tzinfo=UTC)


def alarm(name: str, *, there_min: float | None = None, cleared: bool = True, verdict: str = "") -> Alarm:
    found = Finding("ponding", name, "III", say(name, name), T, T)
    there = None if there_min is None else T + timedelta(minutes=there_min)
    over = T + timedelta(hours=2) if cleared else None
    said = Judgement(verdict, "Li", "seen", T) if verdict else None
    return Alarm(name, (found,), "III", T, T, T, T, T, there, over, None, said)


def test_judged_and_not_judged_are_counted_apart() -> None:
    told = [
        alarm("a", there_min=20, verdict="confirm"),
        alarm("b", there_min=10, verdict="false"),
        alarm("c", there_min=40),
        alarm("d"),
        alarm("e", cleared=False),
        alarm("f", verdict="unsure"),
    ]
    (row,) = ledger(told, T - timedelta(days=1), T + timedelta(days=1))
    assert (row.alarms, row.per_day) == (6, 3.0)
    assert (row.confirmed, row.false, row.unsure) == (1, 1, 1)
    assert (row.came, row.stayed_away, row.pending) == (1, 1, 1)
    assert row.precision == 0.5
    assert row.lead_min == 30.0  # of a and c; what was false leads nowhere


def test_lead_is_negative_where_the_trouble_was_there_before() -> None:
    assert lead_s(alarm("a", there_min=-15)) == -900.0
    assert lead_s(alarm("a")) is None


def test_what_asked_nobody_or_lies_outside_is_not_counted() -> None:
    quiet = replace(alarm("a"), asked=None)
    assert ledger([quiet, alarm("b")], T + timedelta(minutes=1), T + timedelta(days=1)) == []
    with pytest.raises(ValueError, match="no time"):
        ledger([], T, T)
