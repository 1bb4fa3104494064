"""`Picture`: what one cycle knows: the city now and in the next hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from calibration.health import Issue
from calibration.incidents import Verdict
from calibration.skill import Forecast
from networks.sentence import Sentence


@dataclass(frozen=True)
class Picture:
    """What one cycle found out.

    Attributes:
        run_id: The cycle; every forecast, finding, recommendation and message of it carries this.
        now: Its moment; with a zone.
        origin: Second 0 of the clock of forecasts; with a zone.
        forecasts: Members of what comes, by quantity: "flow" (vehicles in the period) and "speed" (m/s) of edges,
            "travel_time" (s) of ways, "depth" (m) of ponding points, "people" of zones, "response_time" (s) of areas.
        verdicts: Incidents that are suspected or told.
        issues: Sensors that are not believed.
        left_out: What this cycle did without, in the stated order, and why.
        seconds: Wall seconds by stage.
        zone: Of the city's clock, in which people are told times.
    """

    run_id: str
    now: datetime
    origin: datetime
    forecasts: tuple[Forecast, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    issues: tuple[Issue, ...] = ()
    left_out: tuple[Sentence, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    zone: tzinfo = UTC

    def of(self, quantity: str) -> Forecast | None:
        """The forecast of a quantity, if this cycle made one."""
        return next((one for one in self.forecasts if one.quantity == quantity), None)

    def told(self, moment: datetime) -> str:
        """A time of the day as the city's clock has it: "17:15", or "14:15 UTC" where no zone was given."""
        return f"{moment.astimezone(self.zone):%H:%M}" + (" UTC" if self.zone == UTC else "")

    def moment(self, second: float) -> datetime:
        """The time of a second on the clock of forecasts."""
        return self.origin + timedelta(seconds=second)
