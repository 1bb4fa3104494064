"""The scenario that fits what was seen so far: corrected demand, rain as it fell, calls as they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from calibration import Observation, ObservationTable

if TYPE_CHECKING:
    from scenarios import Scenario

RECENT_S = 600.0
HALVING_S = 900.0
STEP_S = 60.0
NOWCAST = (
    "rain: as the gauge measured it until now, then the mean of the last 10 minutes, halved every 15 minutes "
    "(persistence with decay; no radar)"
)


@dataclass(frozen=True, slots=True)
class Losses:
    """What the city knows about its own drains (mm/h), and whether its plan trusts the depths of a coarse terrain."""

    drain_capacity_mm_h: float = 12.0
    infiltration_mm_h: float = 0.0
    assume_depths: bool = False


def planned(scenario: Scenario) -> tuple[Scenario, Losses]:
    """What is known beforehand: the scenario without its rain and its calls; and the drains."""
    from scenarios import EmergencyCall, Rainfall

    rain = scenario.of(Rainfall)
    losses = Losses()
    if rain:
        losses = Losses(rain[0].drain_capacity_mm_h, rain[0].infiltration_mm_h, rain[0].assume_depths)
    kept = [i for i in scenario.interventions if not isinstance(i, Rainfall | EmergencyCall)]
    return _with(scenario, kept, name=f"{scenario.name}.live"), losses


def scenario_now(
    plan: Scenario, losses: Losses, table: ObservationTable, now: datetime, *, horizon_s: float, factor: float
) -> Scenario:
    """The plan from its start until `now + horizon_s`, with what came in.

    Args:
        plan: From `planned`.
        losses: From `planned`.
        table: Observations until now.
        now: With a zone.
        horizon_s: How far the forecast goes (s).
        factor: Correction of the overall demand.
    """
    end = now + timedelta(seconds=horizon_s)
    kept = [item.model_dump(mode="json") for item in plan.interventions if _matters(item, plan, end)]
    if abs(factor - 1.0) >= 0.005:
        kept.append({"kind": "demand_change", "scale": round(factor, 3)})
    rain = rain_now(table, losses, now, end)
    calls = [call_heard(o) for o in table.series("emergency_call") if plan.start <= o.begin <= now]
    text = plan.model_dump(mode="json")
    text["interventions"] = kept + ([rain] if rain else []) + calls
    text["period"]["end"] = end.astimezone(plan.period.begin.tzinfo).isoformat()
    return type(plan).model_validate(text)


def rain_now(table: ObservationTable, losses: Losses, now: datetime, end: datetime) -> dict[str, Any] | None:
    """A rainfall intervention in steps of a minute, or None when the gauges saw none; several gauges are averaged."""
    by_minute: dict[datetime, list[float]] = {}
    for seen in table.series("rain_intensity"):
        if seen.result is None or seen.end > now:
            continue
        for k in range(max(1, round(seen.period_s / STEP_S))):
            by_minute.setdefault(seen.begin + timedelta(seconds=k * STEP_S), []).append(seen.result)
    wet = {minute: sum(values) / len(values) for minute, values in by_minute.items()}
    if not any(wet.values()):
        return None
    begin = min(minute for minute, value in wet.items() if value > 0)
    recent = [value for minute, value in wet.items() if (now - minute).total_seconds() <= RECENT_S]
    level = sum(recent) / len(recent) if recent else 0.0
    steps = int((end - begin).total_seconds() // STEP_S)
    newest = max(wet)
    intensity = []
    for k in range(max(1, steps)):
        minute = begin + timedelta(seconds=k * STEP_S)
        ahead_s = (minute - newest).total_seconds()
        intensity.append(wet.get(minute, 0.0) if ahead_s <= 0 else level * 0.5 ** (ahead_s / HALVING_S))
    return {
        "kind": "rainfall",
        "hyetograph": {
            "begin": begin.isoformat(),
            "step_s": STEP_S,
            "intensity_mm_h": [round(value, 2) for value in intensity],
        },
        "drain_capacity_mm_h": losses.drain_capacity_mm_h,
        "infiltration_mm_h": losses.infiltration_mm_h,
        "assume_depths": losses.assume_depths,
        "source": NOWCAST,
    }


def call_heard(seen: Observation) -> dict[str, Any]:
    """A call for help as an intervention."""
    details = seen.details
    return {
        "kind": "emergency_call",
        "call_id": str(details.get("call_id", f"call {seen.begin.isoformat()}")),
        "time": seen.begin.isoformat(),
        "at": {"edge": str(details["edge_id"])},
        "call_kind": str(details.get("call_kind", "medical")),
        "priority": int(details.get("priority", 1)),
    }


def _matters(item: Any, plan: Scenario, end: datetime) -> bool:
    """It begins, or an event ends, before the forecast's end."""
    begins = getattr(item, "ends", None) or getattr(item, "begin", None)
    guided = getattr(item, "event", None)
    if guided is not None:
        return any(getattr(e, "name", None) == guided and _matters(e, plan, end) for e in plan.interventions)
    return begins is None or begins < end


def _with(scenario: Scenario, interventions: list[Any], *, name: str) -> Scenario:
    text = scenario.model_dump(mode="json")
    text |= {"name": name, "interventions": [item.model_dump(mode="json") for item in interventions]}
    return type(scenario).model_validate(text)
