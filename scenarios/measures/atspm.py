"""Signal performance measures from the one event table, the same for a simulation and for the field.

After C. M. Day et al., "Performance Measures for Traffic Signal Systems: An Outcome-Oriented Approach", Purdue
University (2014), and for split failures R. S. Freije et al., "Graphical Performance Measures for Practitioners to
Triage Split Failure Trouble Calls", Transportation Research Record 2439 (2014). Neither text could be read here
(secondary source: the definitions in the `atspm` package, https://github.com/ShawnStrasser/atspm).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scenarios.measures.channels import Detector
from scenarios.measures.control_delay import SATURATION_VPH
from scenarios.measures.signal_events import DETECTOR_OFF, DETECTOR_ON, PHASE_GREEN, PHASE_YELLOW, YELLOW_END

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

RED_LOOKED_AT_S, OCCUPIED = 5.0, 0.8
"""A split fails where the stop line is occupied for this share of the green and of the first 5 s of red."""
_CYCLE = ["controller", "phase", "red_s", "green_s", "yellow_s", "end_s"]


def phase_cycles(events: pd.DataFrame) -> pd.DataFrame:
    """Every whole cycle of every phase: from the begin of red over green and yellow to the next begin of red.

    Args:
        events: time_s, controller, code, parameter.

    Returns:
        controller, phase, red_s (begin of red), green_s, yellow_s (begin of each), end_s (next begin of red). Cycles at
        the edges of the data, or with an event missing, are left out.
    """
    import pandas as pd

    wanted = events[events["code"].isin((PHASE_GREEN, PHASE_YELLOW, YELLOW_END))]
    rows = []
    for (controller, phase), own in wanted.groupby(["controller", "parameter"], sort=True):
        codes, times = own["code"].to_numpy(), own["time_s"].to_numpy()
        for n in range(len(codes) - 3):
            if tuple(codes[n : n + 4]) == (YELLOW_END, PHASE_GREEN, PHASE_YELLOW, YELLOW_END):
                rows.append((controller, int(phase), *map(float, times[n : n + 4])))
    return pd.DataFrame(rows, columns=_CYCLE)


def coordination_points(events: pd.DataFrame, detectors: Sequence[Detector]) -> pd.DataFrame:
    """The points of the Purdue coordination diagram: every arrival with its place in the cycle.

    An arrival is when a vehicle over an advance detector would reach the stop line unhindered.

    Args:
        events: The event table.
        detectors: Those with the role `advance` count.

    Returns:
        controller, phase, arrival_s, in_cycle_s (since the begin of red), shown (`red`, `green`, `yellow`), and the
        cycle's red_s, green_s, yellow_s, end_s; arrivals outside whole cycles are left out.
    """
    import pandas as pd

    cycles, found = phase_cycles(events), []
    for (controller, phase), own in cycles.groupby(["controller", "phase"], sort=True):
        arrivals = _arrivals(events, [d for d in detectors if (d.controller, d.phase) == (controller, phase)])
        arrivals = arrivals[_within(arrivals, own)]
        at = np.searchsorted(own["red_s"].to_numpy(), arrivals, side="right") - 1
        rows = own.iloc[at].reset_index(drop=True)
        rows["arrival_s"] = arrivals
        rows["in_cycle_s"] = rows["arrival_s"] - rows["red_s"]
        late = np.where(rows["arrival_s"] >= rows["yellow_s"], "yellow", "green")
        rows["shown"] = np.where(rows["arrival_s"] < rows["green_s"], "red", late)
        found.append(rows)
    names = ["controller", "phase", "arrival_s", "in_cycle_s", "shown", "red_s", "green_s", "yellow_s", "end_s"]
    return pd.concat(found, ignore_index=True)[names] if found else pd.DataFrame(columns=names)


def _arrivals(events: pd.DataFrame, detectors: Sequence[Detector]) -> Floats:
    on = events[events["code"] == DETECTOR_ON]
    each = [
        on.loc[(on["controller"] == d.controller) & (on["parameter"] == d.channel), "time_s"].to_numpy() + d.lag_s
        for d in detectors
        if d.role == "advance"
    ]
    return np.sort(np.concatenate(each)) if each else np.array([])


def arrivals_on_green(events: pd.DataFrame, detectors: Sequence[Detector]) -> pd.DataFrame:
    """How many arrive while their phase is green, and what that is worth.

    Returns:
        controller, phase, arrivals, on_green (share), green_share (of the time), platoon_ratio: on_green over
        green_share, 1 where arrivals know nothing of the signal (HCM).
    """
    import pandas as pd

    points, cycles, rows = coordination_points(events, detectors), phase_cycles(events), []
    for (controller, phase), own in cycles.groupby(["controller", "phase"], sort=True):
        arrived = points[(points["controller"] == controller) & (points["phase"] == phase)]
        time_s = float((own["end_s"] - own["red_s"]).sum())
        green = float((own["yellow_s"] - own["green_s"]).sum()) / time_s if time_s else 0.0
        share = float((arrived["shown"] == "green").mean()) if len(arrived) else float("nan")
        rows.append((controller, phase, len(arrived), share, green, share / green if green else float("nan")))
    names = ["controller", "phase", "arrivals", "on_green", "green_share", "platoon_ratio"]
    return pd.DataFrame(rows, columns=names)


def split_failures(events: pd.DataFrame, detectors: Sequence[Detector]) -> pd.DataFrame:
    """Cycles whose green was too short: somebody stood at the stop line nearly all green long, and after it.

    Args:
        events: The event table.
        detectors: Those with the role `stop_bar` count; each lane is judged by itself.

    Returns:
        controller, phase, red_s, green_s, yellow_s, end_s of each cycle with green_occupancy, red_occupancy (first 5 s
        of red; both of its worst lane) and failed. A phase without such a detector is left out.
    """
    import pandas as pd

    found = []
    for (controller, phase), own in phase_cycles(events).groupby(["controller", "phase"], sort=True):
        lanes = [d for d in detectors if (d.controller, d.phase, d.role) == (controller, phase, "stop_bar")]
        if not lanes:
            continue
        pairs = []
        for lane in lanes:
            spans = _occupied(events, lane)
            green = _share(spans, own["green_s"].to_numpy(), own["yellow_s"].to_numpy())
            ends = own["end_s"].to_numpy()
            pairs.append((green, _share(spans, ends, ends + RED_LOOKED_AT_S)))
        worst = np.argmax([np.minimum(green, red) for green, red in pairs], axis=0)
        across = np.arange(len(own))
        rows = own.reset_index(drop=True)
        rows["green_occupancy"] = np.stack([green for green, _ in pairs])[worst, across]
        rows["red_occupancy"] = np.stack([red for _, red in pairs])[worst, across]
        rows["failed"] = (rows["green_occupancy"] >= OCCUPIED) & (rows["red_occupancy"] >= OCCUPIED)
        found.append(rows)
    names = [*_CYCLE, "green_occupancy", "red_occupancy", "failed"]
    return pd.concat(found, ignore_index=True)[names] if found else pd.DataFrame(columns=names)


def _occupied(events: pd.DataFrame, detector: Detector) -> Floats:
    """(n, 2): from when to when a detector was on; one that is still on at the end stays on."""
    own = events[(events["controller"] == detector.controller) & (events["parameter"] == detector.channel)]
    own = own[own["code"].isin((DETECTOR_ON, DETECTOR_OFF))]
    spans, since = [], None
    for time, code in zip(own["time_s"], own["code"], strict=True):
        if code == DETECTOR_ON and since is None:
            since = float(time)
        elif code == DETECTOR_OFF and since is not None:
            spans.append((since, float(time)))
            since = None
    if since is not None:
        spans.append((since, float("inf")))
    return np.array(spans).reshape(-1, 2)


def _share(spans: Floats, begins: Floats, ends: Floats) -> Floats:
    """Share of each time from begin to end that the spans, which do not overlap, cover."""
    low = np.maximum(spans[:, 0][:, None], begins[None, :])
    high = np.minimum(spans[:, 1][:, None], ends[None, :])
    length = np.maximum(ends - begins, 1e-9)
    return np.asarray(np.clip(high - low, 0.0, None).sum(axis=0) / length)


def volume_to_capacity(
    events: pd.DataFrame, detectors: Sequence[Detector], saturation_vph: float = SATURATION_VPH
) -> pd.DataFrame:
    """Vehicles that arrive over what the green could let go, by phase; the busiest lane counts.

    Args:
        events: The event table.
        detectors: Those with the role `advance` count: at the stop line nobody is counted who cannot leave.
        saturation_vph: Of a lane, vehicles per hour of green.

    Returns:
        controller, phase, volume_vph (of the busiest lane), capacity_vph, ratio, over the time of whole cycles.
    """
    import pandas as pd

    on, rows = events[events["code"] == DETECTOR_ON], []
    for (controller, phase), own in phase_cycles(events).groupby(["controller", "phase"], sort=True):
        time_s = float((own["end_s"] - own["red_s"]).sum())
        seen = on[(on["controller"] == controller) & _within(on["time_s"].to_numpy(), own)]
        lanes = [d for d in detectors if (d.controller, d.phase, d.role) == (controller, phase, "advance")]
        counts = [int((seen["parameter"] == lane.channel).sum()) for lane in lanes]
        if counts and time_s > 0:
            share = float((own["yellow_s"] - own["green_s"]).sum()) / time_s
            volume = max(counts) * 3600.0 / time_s
            capacity = saturation_vph * share
            rows.append((controller, phase, volume, capacity, volume / capacity if capacity else float("nan")))
    return pd.DataFrame(rows, columns=["controller", "phase", "volume_vph", "capacity_vph", "ratio"])


def _within(times: Floats, cycles: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which times lie in one of the cycles of a phase."""
    at = np.searchsorted(cycles["red_s"].to_numpy(), times, side="right") - 1
    return np.asarray((at >= 0) & (times < cycles["end_s"].to_numpy()[np.maximum(at, 0)]))
