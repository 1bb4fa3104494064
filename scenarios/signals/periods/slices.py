"""The demand at the signals of a case, slice by slice of its time."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Collection
from pathlib import Path

import numpy as np

from scenarios.signals.trying.movements import read_courses
from scenarios.signals.trying.trials import ROUTES, Trials, run_in

SLICE_S = 900.0


def demand_slices(trials: Trials, signals: Collection[str], *, slice_s: float = SLICE_S) -> np.ndarray:
    """Vehicles per hour that reached each approach, shape (slices, approaches), in a run of the case as it is.

    An approach is an edge that leads to one of the signals; a vehicle counts when it came onto it, or would have: who
    waits to enter counts at the time of the planned departure. The last slice may be shorter, and is left out where it
    is shorter than half.

    Args:
        trials: Of the case; one simulation is counted.
        signals: Whose approaches.
        slice_s: Length of a slice.
    """
    begin_s, end_s = trials.case.begin_s, trials.case.end_s or 0.0
    edges = {edge: n for n, edge in enumerate(sorted({e for tls in signals for e in trials.approaches.get(tls, ())}))}
    count = max(math.floor((end_s - begin_s) / slice_s + 0.5), 1)
    found = np.zeros((count, len(edges)))
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        run_in(trials.job({}, 1), Path(scratch))
        trials.count += 1
        text = (Path(scratch) / ROUTES).read_text(encoding="utf-8")
    for depart_s, way, exits in read_courses(text):
        reached_s = depart_s
        for place, edge in enumerate(way):
            slot = int((reached_s - begin_s) // slice_s)
            if edge in edges and 0 <= slot < count:
                found[slot, edges[edge]] += 1.0
            if place >= len(exits) or exits[place] < 0:
                break
            reached_s = exits[place]
    lengths_s = np.full(count, slice_s)
    lengths_s[-1] = end_s - begin_s - slice_s * (count - 1)
    return found * 3600.0 / lengths_s[:, None]
