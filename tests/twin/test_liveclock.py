"""The replay's clock: speed, holding, and no catching up afterwards."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from twin import ReplayClock

BEGIN = datetime(2026, 7, 17, 14, tzinfo=UTC)


def test_it_runs_at_its_speed_and_stands_when_held() -> None:
    real = [100.0]
    clock = ReplayClock(BEGIN, 60.0, monotonic=lambda: real[0])
    real[0] += 10
    assert clock.now() == BEGIN + timedelta(minutes=10)
    clock.hold_at(BEGIN + timedelta(minutes=12))
    real[0] += 1
    assert clock.now() == BEGIN + timedelta(minutes=11) and not clock.held
    real[0] += 100
    assert clock.now() == BEGIN + timedelta(minutes=12) and clock.held
    clock.hold_at(None)
    assert clock.now() == BEGIN + timedelta(minutes=12)  # what it stood is not made up for
    real[0] += 1
    assert clock.now() == BEGIN + timedelta(minutes=13)


def test_a_hold_in_the_past_does_not_turn_it_back() -> None:
    real = [0.0]
    clock = ReplayClock(BEGIN, 1.0, monotonic=lambda: real[0])
    real[0] += 600
    clock.hold_at(BEGIN)
    assert clock.now() == BEGIN + timedelta(minutes=10)


def test_who_sleeps_wakes_only_after_the_hold() -> None:
    async def scene() -> bool:
        clock = ReplayClock(BEGIN, 600.0, pace_s=0.01)
        clock.hold_at(BEGIN + timedelta(seconds=30))
        sleeper = asyncio.create_task(clock.sleep_until(BEGIN + timedelta(seconds=60)))
        await asyncio.sleep(0.3)
        early = sleeper.done()
        clock.hold_at(None)
        await asyncio.wait_for(sleeper, 5)
        return early

    assert asyncio.run(scene()) is False
    with pytest.raises(ValueError, match="speed"):
        ReplayClock(BEGIN, 0.0)
