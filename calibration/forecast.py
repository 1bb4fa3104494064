"""Was the forecast right? Every forecast count is kept until its time has come, then scored against persistence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from calibration.observation import ObservationTable


@dataclass(frozen=True, slots=True)
class CountForecast:
    """What a sensor will count.

    Attributes:
        sensor_id: The sensor.
        made_at: When the forecast was made, UTC.
        begin: Start of the period that it is about, UTC.
        period_s: Length of that period (s).
        value: Forecast count.
        persistence: The baseline: the count of the last whole period of that length before `made_at`.
    """

    sensor_id: str
    made_at: datetime
    begin: datetime
    period_s: float
    value: float
    persistence: float

    @property
    def end(self) -> datetime:
        """End of the period, UTC."""
        return self.begin + timedelta(seconds=self.period_s)

    @property
    def horizon_s(self) -> float:
        """From making it to the end of its period (s)."""
        return (self.end - self.made_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Skill:
    """Mean absolute errors at one horizon, in vehicles per period.

    Attributes:
        horizon_s: From making the forecast to the end of its period (s).
        n: Forecasts whose time has come.
        mae: Mean absolute error of the forecast.
        mae_persistence: Mean absolute error of persistence on the same cases.
    """

    horizon_s: float
    n: int
    mae: float
    mae_persistence: float

    @property
    def gain(self) -> float:
        """1 - MAE / MAE of persistence: 0 is no better, below 0 is worse. 0 when both are perfect."""
        if self.mae_persistence == 0.0:
            return 0.0 if self.mae == 0.0 else float("-inf")
        return 1.0 - self.mae / self.mae_persistence


class ForecastLedger:
    """Forecasts that wait for their time, and the errors of those whose time has come."""

    def __init__(self) -> None:
        self._waiting: list[CountForecast] = []
        self._errors: dict[float, list[tuple[float, float]]] = {}
        self.unanswered = 0

    def issue(self, forecast: CountForecast) -> None:
        """Keep a forecast until its time has come.

        Raises:
            ValueError: It was made after its period began: that is no forecast.
        """
        if forecast.made_at > forecast.begin:
            raise ValueError(f"a forecast for {forecast.begin} cannot be made at {forecast.made_at}")
        self._waiting.append(forecast)

    def settle(self, table: ObservationTable, now: datetime, *, patience_s: float = 300.0) -> int:
        """Score what is due and fully observed; returns how many.

        One that stays without a whole observation `patience_s` after its time counts as unanswered.
        """
        still: list[CountForecast] = []
        scored = 0
        windows = {(f.begin, f.end) for f in self._waiting if f.end <= now}
        totals = {window: table.totals("vehicle_count", *window) for window in sorted(windows)}
        for forecast in self._waiting:
            seen = totals.get((forecast.begin, forecast.end), {}).get(forecast.sensor_id)
            if seen is not None and seen.covered_s >= forecast.period_s:
                errors = (abs(forecast.value - seen.total), abs(forecast.persistence - seen.total))
                self._errors.setdefault(forecast.horizon_s, []).append(errors)
                scored += 1
            elif forecast.end + timedelta(seconds=patience_s) < now:
                self.unanswered += 1
            else:
                still.append(forecast)
        self._waiting = still
        return scored

    def skill(self) -> list[Skill]:
        """One row per horizon, shortest first."""
        rows = []
        for horizon_s in sorted(self._errors):
            errors = self._errors[horizon_s]
            n = len(errors)
            rows.append(Skill(horizon_s, n, sum(e[0] for e in errors) / n, sum(e[1] for e in errors) / n))
        return rows
