"""Where emergency vehicles are at a moment, as the model's first member sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from twin.live.fields import CallState, LiveFields


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """Where an emergency vehicle is, and what it is doing."""

    unit_id: str
    x: float
    y: float
    state: str


def unit_places(
    units: Sequence[Any], fields: LiveFields, lines: Mapping[str, Any], moment: datetime
) -> list[UnitPlace]:
    """Units at a moment: at their base, on the way along their route, or at the scene, as the first member sees it."""
    now_s = (moment - fields.start).total_seconds()
    places = []
    for unit in units:
        base = lines[unit.edge_id].interpolate(0.5, normalized=True)
        x, y, state = base.x, base.y, "base"
        for call in fields.calls:
            if call.unit_id == unit.unit_id and call.route and now_s >= call.dispatch_s:
                share, state = _progress(call, now_s)
                x, y = _along([lines[edge] for edge in call.route], share)
        places.append(UnitPlace(unit.unit_id, float(x), float(y), state))
    return places


def _progress(call: CallState, now_s: float) -> tuple[float, str]:
    if np.isfinite(call.arrival_s) and now_s >= call.arrival_s:
        return 1.0, "at scene"
    until_s = call.arrival_s if np.isfinite(call.arrival_s) else call.dispatch_s + 900.0
    return float(np.clip((now_s - call.dispatch_s) / max(until_s - call.dispatch_s, 1.0), 0.0, 1.0)), "under way"


def _along(lines: Sequence[Any], share: float) -> tuple[float, float]:
    left_m = share * sum(line.length for line in lines)
    for line in lines:
        if left_m <= line.length:
            point = line.interpolate(left_m)
            return point.x, point.y
        left_m -= line.length
    return lines[-1].coords[-1][:2]
