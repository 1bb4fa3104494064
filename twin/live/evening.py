"""The stage of an evening that is replayed: the plan simulated anew, with what came in, every model coupled.

Where a followed town is one simulation that goes on, this one begins at the plan's start in each cycle, with the demand
that agrees with the counts so far, the rain of the gauges and the calls that were heard: it is dear, and it has water,
people on foot and ambulances in it. What it makes is what `Traffic` makes, so all further stages are the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.skill import Forecast
from networks.errors import EngineFailed
from networks.sentence import Sentence, joined, say
from twin.cycle import Picture, Turn
from twin.live.fields import LiveFields, fields_of
from twin.live.nowcast import planned, scenario_now
from twin.live.simulated import STEP_S, Simulated, compared

if TYPE_CHECKING:
    from calibration import DemandCorrection, ObservationTable
    from calibration.skill import Served
    from networks import City
    from scenarios import Ensemble, Executor, Scenario, Store
    from twin.live.counts_now import CountsNow
    from twin.live.ladder import Ladder
    from twin.live.wet_streets import WetStreets
    from twin.town_skill import TownSkill

FIRST_SEED = 81_001


@dataclass
class Evening:
    """Simulates an evening.

    Attributes:
        city: Where.
        scenario: The whole plan as a file says it; its rain and calls are forgotten, they must come in by feed.
        counts: What sensors say.
        heard: Everything that was heard: rain and calls.
        store: Where runs land.
        executor: Workers.
        skill: The ledger of what was forecast at the sensors.
        wet: Streets as ponding points.
        ladder: Told how long a member runs before its forecast begins; None: nobody asks.
        cycle: What the last cycle simulated; None before the first.
        served: What is served at the sensors.
        gain: 1 - mean absolute error of what was served over that of persistence; None before anything was scored.
    """

    city: City
    scenario: Scenario
    counts: CountsNow
    heard: ObservationTable
    store: Store
    executor: Executor
    skill: TownSkill
    wet: WetStreets
    ladder: Ladder | None = None
    cycle: Simulated | None = None
    served: dict[str, Served] = field(default_factory=dict)
    gain: float | None = None
    carried: None = None
    name: str = "traffic"

    def __post_init__(self) -> None:
        self.plan, self._losses = planned(self.scenario)
        self._row = {str(edge): row for row, edge in enumerate(self.city.layer("edges")["edge_id"])}

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Flow, speed and water of every street.

        Raises:
            EngineFailed: No member is usable.
        """
        from scenarios import run_ensemble

        now_s = (turn.now - picture.origin).total_seconds()
        counts, speeds = self.counts.up_to(now_s)
        correction, misfit = compared(self.cycle, counts, picture.origin, self._row) if self.cycle else (None, math.nan)
        factor = correction.overall.value if correction else 1.0
        scenario = scenario_now(
            self.plan, self._losses, self.heard, turn.now, horizon_s=turn.horizon_s, factor=factor
        )  # fmt: skip
        if self.ladder is not None:
            self.ladder.lag_s = (turn.now - self.plan.start).total_seconds()
        ensemble = run_ensemble(
            self.city, scenario, tuple(range(FIRST_SEED, FIRST_SEED + turn.members)), self.store, self.executor
        )
        if not ensemble.valid:
            raise EngineFailed("no member is usable")
        fields = fields_of(self.city, ensemble, self.store)
        forecasts = self._forecasts(fields, turn.now, now_s, water=self._heeded(scenario))
        self.cycle = Simulated(
            turn.now.astimezone(UTC), scenario, ensemble, fields, factor, correction, misfit, forecasts, now_s
        )
        self.served, self.gain = self.skill.step(counts, speeds, forecasts), self.skill.gain
        silent = int(np.isnan(counts.vehicles[:, -1]).sum()) if counts.vehicles.shape[1] else 0
        told = (*picture.left_out, *self._told(ensemble, correction, silent))
        return replace(picture, forecasts=(*picture.forecasts, *forecasts), left_out=told)

    def open_calls(self, now: datetime) -> tuple[str, ...]:
        """Calls heard that nobody has reached by now, as the first member sees it."""
        if self.cycle is None:
            return ()
        fields = self.cycle.fields
        now_s = (now - fields.start).total_seconds()
        return tuple(one.call_id for one in fields.calls if one.time_s <= now_s and not one.arrival_s <= now_s)

    def beside(self, picture: Picture) -> Mapping[str, Any]:
        """What the hour of a picture shows beside streets: water, what is closed, crowds."""
        if self.cycle is None or self.cycle.made_at != picture.now:
            return {}
        fields = self.cycle.fields
        first = fields.minute(picture.now)
        at = list(range(first, fields.minutes, round(STEP_S / 60.0)))[: (fields.minutes - first) // 5]
        return {
            "depth_m": fields.depth_m[at].astype(np.float64),
            "closed": [np.flatnonzero(fields.closed[one]).tolist() for one in at],
            "crowd": [fields.crowd.get(one, ()) for one in at],
        }

    def _forecasts(self, fields: LiveFields, now: datetime, now_s: float, *, water: bool) -> tuple[Forecast, ...]:
        """Vehicles, speeds and, where it may be told, water by street, in steps."""
        edges = tuple(self._row)
        made = {
            "flow": (edges, fields.in_steps(fields.counts, now, STEP_S)),
            "speed": (edges, fields.speed_mps(now, STEP_S)),
        }
        if water:
            streets, deepest = self.wet.deepest(fields.deepest_m(now, STEP_S))
            made |= {"depth": (streets, deepest[None])} if streets else {}
        return tuple(
            Forecast("twin", quantity, places, now_s, now_s, STEP_S, members)
            for quantity, (places, members) in made.items()
        )

    def _heeded(self, scenario: Scenario) -> bool:
        """Whether depths may be told as such: not by themselves where the terrain is for screening alone."""
        from scenarios import Rainfall

        rain = scenario.of(Rainfall)
        return bool(rain) and (rain[0].assume_depths or not self.city.terrain().screening)

    def _told(self, ensemble: Ensemble, correction: DemandCorrection | None, silent: int) -> list[Sentence]:
        """What this simulation lacks, or assumes."""
        from scenarios import water_words

        told = []
        if silent:
            told.append(say(f"traffic: {silent} of {len(self.counts.sensors)} sensors said nothing of the last period",
                            f"交通：{len(self.counts.sensors)}个检测器中{silent}个无最新数据"))  # fmt: skip
        for run in ensemble.runs:
            if not run.valid:
                why = joined(run.reasons)
                told.append(say(f"traffic: member {run.seed} left out: {why['en']}",
                                f"交通：成员{run.seed}未采用：{why['zh']}"))  # fmt: skip
        for sensor, reason in (correction.left_out if correction else {}).items():
            if "silent" not in reason["en"] and "no model" not in reason["en"]:
                told.append(say(f"traffic: sensor {sensor} left out: {reason['en']}",
                                f"交通：传感器{sensor}未采用：{reason['zh']}"))  # fmt: skip
        water = water_words(self.city, ensemble.scenario)
        return [*told, *([water] if water else [])]
