"""The ledger of forecasts: scored when their time has come, against persistence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from calibration import CountForecast, ForecastLedger, Observation, ObservationTable

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


def forecast(begin_min: int, value: float, persistence: float) -> CountForecast:
    return CountForecast("d1", NOW, NOW + timedelta(minutes=begin_min), 300.0, value, persistence)


def observed(minutes: range, result: float) -> ObservationTable:
    table = ObservationTable()
    for minute in minutes:
        begin = NOW + timedelta(minutes=minute)
        table.add(Observation("d1", "vehicle_count", begin, 60.0, result, "good", begin))
    return table


def test_errors_by_horizon_and_gain_over_persistence() -> None:
    ledger = ForecastLedger()
    ledger.issue(forecast(0, 22.0, 30.0))
    ledger.issue(forecast(5, 19.0, 30.0))
    assert ledger.settle(observed(range(10), 4.0), NOW + timedelta(minutes=10)) == 2
    near, far = ledger.skill()
    assert (near.horizon_s, near.n, near.mae, near.mae_persistence) == (300.0, 1, 2.0, 10.0)
    assert far.mae == 1.0 and near.gain == pytest.approx(0.8) and far.gain == pytest.approx(0.9)


def test_it_waits_for_its_time_and_for_late_data_but_not_for_ever() -> None:
    ledger = ForecastLedger()
    ledger.issue(forecast(0, 20.0, 20.0))
    assert ledger.settle(observed(range(5), 4.0), NOW + timedelta(minutes=4)) == 0
    assert ledger.settle(observed(range(3), 4.0), NOW + timedelta(minutes=7)) == 0
    assert ledger.settle(observed(range(3), 4.0), NOW + timedelta(minutes=11)) == 0
    assert ledger.unanswered == 1 and ledger.skill() == []


def test_a_forecast_of_the_past_is_none() -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        ForecastLedger().issue(forecast(-1, 1.0, 1.0))
