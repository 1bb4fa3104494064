"""Outcomes: of what was approved only, kept once, and trusted by what the street said."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration.live import BothWays
from calibration.live.streets_now import Seen
from calibration.outcomes import Estimate, schedule
from networks.errors import BadInput, NotThere, Refused
from twin import Desk
from twin.outcome import OutcomeBook, past_sensors, promise, trust_text
from twin.outcome.measuring import by_days, by_trial, by_twin

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.open(tmp_path / "desk.sqlite", now=lambda: NOON)


def approved(desk: Desk, rec_id: str, promised: float = -10.0) -> str:
    effect = {"measure": "vehicle_hours", "unit": "h", "difference": promised, "base": 100.0}
    desk.propose({
        "rec_id": rec_id, "kind": "diversion", "created": NOON.isoformat(), "effect": effect,
        "valid_until": (NOON + HOUR).isoformat(), "title": {"en": "Divert", "zh": "分流"}, "action": [],
    })  # fmt: skip
    desk.decide(rec_id, "approve", who="operator 1", why="the queue is growing")
    return rec_id


def test_nothing_comes_of_what_was_never_approved(desk: Desk) -> None:
    kept, found = OutcomeBook(desk.book), Estimate("switchback", -1.0, -2.0, -0.5, 0.9, 6)
    kept_of = {"base": 10.0, "since": NOON, "until": NOON + HOUR, "measure": "time", "unit": "s"}
    with pytest.raises(NotThere):
        kept.keep("rec-1", found, **kept_of)  # type: ignore[arg-type]
    approved(desk, "rec-1")
    told = kept.keep("rec-1", found, **kept_of)  # type: ignore[arg-type]
    assert told.share == -0.1 and told.promised == -0.1
    assert told.text["en"] == "switchback: time -10.0 % (90% -20.0 to -5.0 %), 6 pairs or days; promised -10.0 %"
    assert "预期" in told.text["zh"]
    again = kept.keep("rec-1", Estimate("switchback", 5.0, 4.0, 6.0, 0.9, 6), **kept_of)  # type: ignore[arg-type]
    assert again == told and kept.all() == [told]  # the first word stands
    assert [one.action for one in desk.audit("rec-1")].count("outcome") == 1
    desk.propose({"rec_id": "rec-2", "kind": "x", "created": NOON.isoformat(),
                  "valid_until": (NOON + HOUR).isoformat()})  # fmt: skip
    with pytest.raises(Refused, match="nothing was done"):
        kept.keep("rec-2", found, **kept_of)  # type: ignore[arg-type]


def test_what_has_no_interval_comes_back_so(desk: Desk) -> None:
    approved(desk, "rec-1")
    kept = OutcomeBook(desk.book)
    told = kept.keep(
        "rec-1", Estimate("matched days", math.nan, -math.inf, math.inf, 0.9, 1), base=math.nan, since=NOON,
        until=NOON + HOUR, measure="time", unit="s",
    )  # fmt: skip
    (back,) = kept.all("rec-1")
    assert math.isnan(back.difference) and back.low == -math.inf and back.high == math.inf
    assert told.text["en"] == back.text["en"] == "matched days: nothing could be compared"


def test_switched_periods_are_drawn_once_and_measured(desk: Desk) -> None:
    approved(desk, "rec-1")
    kept = OutcomeBook(desk.book)
    with pytest.raises(BadInput, match="no periods are planned"):
        by_trial(kept, "rec-1", lambda *_: 1.0)
    periods = schedule(NOON, NOON + 3 * HOUR, QUARTER, QUARTER / 3, 4)
    kept.plan("rec-1", periods, who="engineer 1")
    assert kept.planned("rec-1") == periods
    with pytest.raises(Refused, match="drawn already"):
        kept.plan("rec-1", periods, who="engineer 1")
    on = {one.counts_from for one in periods if one.on}
    told = by_trial(kept, "rec-1", lambda begin, _end: 45.0 if begin in on else 50.0)
    assert (told.difference, told.base, told.n) == pytest.approx((-5.0, 50.0, 6)) and told.share == pytest.approx(-0.1)


def test_days_that_began_alike_say_what_would_have_been(desk: Desk) -> None:
    approved(desk, "rec-1")

    def taken(begin: datetime, end: datetime) -> float:
        back = (NOON.date() - begin.date()).days
        level = 50.0 + back % 5
        return level + 20.0 - (8.0 if back == 0 else 0.0) if end - begin == HOUR else level

    told = by_days(OutcomeBook(desk.book), "rec-1", taken, NOON, NOON + HOUR, days=20)
    assert told.difference == pytest.approx(-8.0) and told.base == pytest.approx(70.0) and told.n == 20
    with pytest.raises(BadInput, match="is not after"):
        by_days(OutcomeBook(desk.book), "rec-1", taken, NOON, NOON)
    with pytest.raises(BadInput, match="sensors said too little"):
        by_days(OutcomeBook(desk.book), "rec-1", lambda *_: math.nan, NOON, NOON + HOUR)


def test_the_twins_own_word_is_kept_and_not_trusted(desk: Desk) -> None:
    kept = OutcomeBook(desk.book)

    def seen(vehicle_s: float) -> Seen:
        one = np.ones((1, 2))
        return Seen(one, one, one, one * vehicle_s, one, one)

    both = BothWays(0.0, 300.0, ((seen(3600.0), seen(5400.0)),) * 3, np.ones(2), 0)
    for number in range(6):
        told = by_twin(kept, approved(desk, f"rec-{number}"), both, NOON, NOON + HOUR)
    assert (told.difference, told.low, told.high, told.base) == pytest.approx((-1.0, -1.0, -1.0, 3.0))
    assert kept.trust() == {}
    for number, share in enumerate((0.8, 1.1, 0.9, 1.0, 1.2, 1.05)):
        found = Estimate("switchback", -10.0 * share, -12.0, -8.0, 0.9, 6)
        kept.keep(f"rec-{number}", found, base=100.0, since=NOON, until=NOON + HOUR, measure="time", unit="s")
    trusted = kept.trust()["diversion"]
    assert trusted.n == 6 and trusted.word == "as promised" and trusted.share == pytest.approx(1.00833, abs=1e-4)
    assert "came true" in trust_text(trusted)["en"] and "符合预期" in trust_text(trusted)["zh"]


def test_vehicles_waiting_to_enter_count_as_time() -> None:
    empty = np.zeros((1, 3))
    entered = Seen(empty, np.array([[0.0, 5.0, 0.0]]), empty, empty, empty, empty)
    both = BothWays(0.0, 300.0, ((entered, entered),), np.array([5.0, 0.0, 0.0]), 0)
    assert both.vehicle_hours()[0][0] == pytest.approx(5 * 300.0 / 3600.0)


def test_time_past_sensors_is_the_mean_over_vehicles() -> None:
    vehicles = np.array([[10.0, np.nan], [30.0, 20.0]])
    speeds = np.array([[10.0, 5.0], [5.0, np.nan]])
    # 10 vehicles take 100 m at 10 m/s, 30 take 200 m at 5 m/s; the others were not counted or have no speed.
    assert past_sensors(vehicles, speeds, np.array([100.0, 200.0])) == pytest.approx((10 * 10 + 30 * 40) / 40)
    assert math.isnan(past_sensors(vehicles * np.nan, speeds, np.array([100.0, 200.0])))


def test_a_promise_is_a_share_of_how_things_are() -> None:
    assert promise({"effect": {"difference": -5.0, "base": 50.0}}) == -0.1
    assert math.isnan(promise({"effect": {"difference": -5.0, "base": 0.0}})) and math.isnan(promise({}))
