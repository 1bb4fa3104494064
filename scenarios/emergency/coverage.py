"""How soon somebody is anywhere: response times to every road at a moment, dry or in the water of a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.emergency import Unit
from models.emergency.dispatching import Delays
from models.routing import Floats
from scenarios.emergency.service import Service

USUAL = Delays()
LIMITS_MIN = (5, 8, 12, 15)
"""Minutes that targets speak of (`models/emergency/resources/targets.csv`)."""


@dataclass(frozen=True)
class Coverage:
    """Response at a moment.

    Attributes:
        moment_s: s of the run.
        response_s: (edges,) from the call until the first unit is there, all units at their stations; infinite where
            none gets.
        shut: (edges,) True where water shuts the road then.
        within: Share of the demand within each of LIMITS_MIN.
        cut_off: Share of the demand that nobody gets to.
        stations: Stations with a unit on duty then.
        hospitals: Names of hospitals that no station's unit gets to.
    """

    moment_s: float
    response_s: Floats
    shut: np.ndarray
    within: tuple[float, ...]
    cut_off: float
    stations: tuple[str, ...]
    hospitals: tuple[str, ...]


def coverage_at(
    service: Service, moment_s: float, *, units: Sequence[Unit] | None = None, delays: Delays = USUAL
) -> Coverage:
    """Response times to calls at `moment_s`, on roads that are still open when they are passed; without neighbours.

    Args:
        service: Units, roads, demand.
        moment_s: s of the run.
        units: Others than the service's own, e.g. at proposed stations.
        delays: Steps without driving.
    """
    router, found = service.roads.router, np.full(service.roads.router.edges, np.inf)
    on_duty = [u for u in units or service.units if not u.mutual_aid and any(a <= moment_s < b for a, b in u.duty_s)]
    first = dict[str, float]()
    for unit in on_duty:
        turnout_s = delays.turnout_s if unit.turnout_s is None else unit.turnout_s
        first[unit.edge_id] = min(turnout_s, first.get(unit.edge_id, np.inf))
    for edge, turnout_s in first.items():
        start, leaves_s = router.index[edge], moment_s + delays.handling_s + turnout_s
        entered, _ = router.times_at(start, leaves_s, service.passing(start))
        found = np.minimum(found, entered - moment_s)
    shut = ~np.isfinite(service.true.edge_s[service.true.slot(moment_s)]) & np.asarray(service.roads.graph.allowed)
    at, weights = found[service.demand.edges], service.demand.weights
    cut = [h.name or h.site_id for h in service.resources.hospitals if not np.isfinite(found[router.index[h.edge_id]])]
    return Coverage(
        moment_s, found, shut, tuple(float(weights[at <= 60.0 * m].sum()) for m in LIMITS_MIN),
        float(weights[~np.isfinite(at)].sum()), tuple(dict.fromkeys(u.station_id for u in on_duty)), tuple(cut),
    )  # fmt: skip
