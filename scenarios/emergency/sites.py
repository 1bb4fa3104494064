"""Stations that should stand elsewhere, or be added: the best of all choices, dry and in a flood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.emergency import Unit
from models.emergency.dispatching import Delays
from models.emergency.siting import Siting, max_covering, max_expected_covering, p_median
from scenarios.emergency.service import Service

Aim = Literal["cover", "expected", "median"]
USUAL = Delays()


@dataclass(frozen=True)
class Proposal:
    """Stations as proposed.

    Attributes:
        kept: Edges of today's stations that stay.
        new: Edges of new stations.
        units: The service's own units, spread over the stations.
        today: The aim's value with today's stations: a share, or mean response in s.
        value: With the proposed ones.
        bound: No choice is better.
    """

    kept: tuple[int, ...]
    new: tuple[int, ...]
    units: tuple[Unit, ...]
    today: float
    value: float
    bound: float


def propose(
    service: Service, stations: int, *, aim: Aim = "cover", within_s: float = 480.0, keep: bool = True,
    busy: float = 0.3, delays: Delays = USUAL,
) -> Proposal:  # fmt: skip
    """Stations for the service.

    Candidates are today's stations and the roads of the demand. With a flood half of the weight is the city dry, half
    the city at the end of the run, with the roads that are shut then.

    Args:
        service: Units, roads, demand.
        stations: How many in all; for `expected` how many units.
        aim: Most weight in time (MCLP), most expected weight in time (MEXCLP), least mean response (p-median).
        within_s: In time, from the call.
        keep: Today's stations stay.
        busy: Share of the time that a unit is busy, for `expected`.
        delays: Steps without driving.

    Raises:
        BadInput: So many stations do not fit.
    """
    used = {unit.station_id for unit in service.units if not unit.mutual_aid}
    old = list(dict.fromkeys(service.index[s.edge_id] for s in service.resources.stations if s.site_id in used))
    sites = list(dict.fromkeys([*old, *service.demand.edges.tolist()]))
    live = service.live(sites)
    moments = [0.0] if service.roads.water is None else [0.0, service.end_s]
    fixed_s = delays.handling_s + delays.turnout_s
    times = fixed_s + np.hstack([live.times(sites, service.demand.edges, moment) for moment in moments])
    weights = np.tile(service.demand.weights, len(moments)) / len(moments)
    fixed = range(len(old)) if keep else ()
    reach = times <= within_s
    found: Siting
    now = np.arange(len(old))
    if aim == "median":
        found = p_median(times, weights, stations, fixed=tuple(fixed))
        today = p_median(times[now], weights, len(old)).value if len(old) else np.inf
    elif aim == "cover":
        found = max_covering(reach, weights, stations, fixed=tuple(fixed))
        today = float(weights[reach[now].any(axis=0)].sum())
    else:
        found = max_expected_covering(reach, weights, stations, busy)
        own = [service.index[unit.edge_id] for unit in service.units if not unit.mutual_aid]
        count = reach[[sites.index(edge) for edge in own]].sum(axis=0)
        today = float((weights * (1.0 - busy**count)).sum())
    chosen = [sites[i] for i in np.repeat(np.arange(len(sites)), found.counts).tolist()]
    kept = tuple(edge for edge in dict.fromkeys(chosen) if edge in old)
    new = tuple(edge for edge in dict.fromkeys(chosen) if edge not in old)
    return Proposal(kept, new, _spread(service, chosen), today, found.value, found.bound)


def _spread(service: Service, chosen: list[int]) -> tuple[Unit, ...]:
    """One unit at each chosen place: the service's own first, then more like them."""
    own = [unit for unit in service.units if not unit.mutual_aid]
    ids = service.roads.graph.edge_ids
    return tuple(
        replace(own[i % len(own)], unit_id=f"{own[i % len(own)].kind} {i + 1}", edge_id=ids[edge], station_id=ids[edge])
        for i, edge in enumerate(chosen)
    )
