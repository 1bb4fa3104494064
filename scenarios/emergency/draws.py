"""Calls of one day that might be: drawn from named streams, so that every policy meets the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.emergency import Call
from models.emergency.resources import call_kind
from models.streams import stream

if TYPE_CHECKING:
    from scenarios.emergency.service import Service

PRIORITIES = (0.3, 0.5, 0.2)
"""Shares of the priorities 1, 2 and 3 (guess)."""
SPREAD = 0.5
"""Standard deviation of the logarithm of the time on scene (guess)."""


def drawn_calls(service: Service, seed: int, *, per_hour: float, kind: str = "medical") -> tuple[Call, ...]:
    """Calls of a Poisson process over the run, at the demand's places.

    Streams: `emergency calls` (moments), `emergency places`, `emergency priorities`, `emergency stays`; of other kinds
    than medical with the kind's name behind.
    """
    of = "" if kind == "medical" else f" {kind}"
    rng, moments, now = stream(seed, f"emergency calls{of}"), list[float](), 0.0
    while True:
        now += float(rng.exponential(3600.0 / per_hour))
        if now >= service.end_s:
            break
        moments.append(now)
    number, demand = len(moments), service.demand
    places = stream(seed, f"emergency places{of}").choice(len(demand.edges), number, p=demand.weights)
    priorities = stream(seed, f"emergency priorities{of}").choice(3, number, p=PRIORITIES) + 1
    stays = stream(seed, f"emergency stays{of}").lognormal(math.log(call_kind(kind).on_scene_s), SPREAD, number)
    ids, letter = service.roads.graph.edge_ids, kind if of else "c"
    return tuple(
        Call(f"{letter}{i:04d}", moment, ids[int(demand.edges[place])], kind, int(priority), on_scene_s=float(stay))
        for i, (moment, place, priority, stay) in enumerate(zip(moments, places, priorities, stays, strict=True))
    )
