"""The Highway Capacity Manual's control delay at signals, reckoned from volumes and greens, and its level of service.

Simulated delay (`mean_delay_s`, SUMO's timeLoss) is another thing: it counts every slowing-down anywhere, and its
queues spill back. So a letter is given for a `ControlDelay` alone, and only the formula here makes one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from networks import SignalPlan

SATURATION_VPH = 1900.0
"""Base saturation flow of a lane, passenger cars per hour of green (HCM); no adjustment for width, grade or turns."""
QUARTER_H = 0.25
PRETIMED_K = 0.5
LETTERS: tuple[tuple[float, str], ...] = ((10.0, "A"), (20.0, "B"), (35.0, "C"), (55.0, "D"), (80.0, "E"))


@dataclass(frozen=True)
class ControlDelay:
    """HCM control delay of a lane group.

    Attributes:
        uniform_s: d1 x PF, s per vehicle.
        incremental_s: d2, s per vehicle.
        initial_queue_s: d3, s per vehicle.
        degree: Volume over capacity.
    """

    uniform_s: float
    incremental_s: float
    initial_queue_s: float
    degree: float

    @property
    def total_s(self) -> float:
        """All together: d1 PF + d2 + d3, s per vehicle."""
        return self.uniform_s + self.incremental_s + self.initial_queue_s


def control_delay(
    volume_vph: float,
    capacity_vph: float,
    green_share: float,
    cycle_s: float,
    *,
    period_h: float = QUARTER_H,
    k: float = PRETIMED_K,
    upstream: float = 1.0,
    progression: float = 1.0,
    initial_queue_s: float = 0.0,
) -> ControlDelay:
    """Control delay of a lane group.

    Args:
        volume_vph: Demand, vehicles per hour.
        capacity_vph: Saturation flow times green share.
        green_share: Effective green over cycle, 0 to 1.
        cycle_s: Cycle.
        period_h: Period of analysis.
        k: Incremental delay factor; .5 for fixed times (less for actuated, so .5 is on the safe side).
        upstream: Filtering by signals upstream (I); 1 for an isolated one.
        progression: PF; 1 for random arrivals.
        initial_queue_s: d3.

    Raises:
        ValueError: No capacity, no cycle, or a share outside 0..1.

    Source: HCM 2000, equations 16-9 to 16-12; the same terms in HCM 6th ed., chapter 19 (pretimed, no initial queue).
    """
    if capacity_vph <= 0 or cycle_s <= 0 or not 0 <= green_share <= 1 or volume_vph < 0:
        raise ValueError("control delay needs a capacity, a cycle and a green share from 0 to 1")
    degree = volume_vph / capacity_vph
    red = 1.0 - green_share
    uniform = 0.5 * cycle_s * red * red / (1.0 - min(1.0, degree) * green_share) if red > 0 else 0.0
    beyond = degree - 1.0
    root = math.sqrt(beyond * beyond + 8.0 * k * upstream * degree / (capacity_vph * period_h))
    return ControlDelay(uniform * progression, 900.0 * period_h * (beyond + root), initial_queue_s, degree)


def level_of_service(delay: ControlDelay) -> str:
    """A to F of a signalised lane group (HCM 6th ed., exhibit 19-8): F above 80 s, and where volume exceeds capacity.

    Raises:
        TypeError: Anything but a `ControlDelay`; simulated delay has no level of service.
    """
    if not isinstance(delay, ControlDelay):
        raise TypeError("a level of service follows from the HCM's control delay alone, not from simulated delay")
    if delay.degree > 1.0:
        return "F"
    return next((letter for most, letter in LETTERS if delay.total_s <= most), "F")


def signal_table(net_file: Path, plans: Mapping[str, SignalPlan], volumes_vph: Mapping[str, float]) -> pd.DataFrame:
    """Control delay and level of service of every signalised approach, each taken as one lane group.

    Args:
        net_file: SUMO network.
        plans: The plans that run, by signal; of actuated ones their stated durations are taken.
        volumes_vph: Vehicles per hour by edge, such as `peak_volumes_vph` of a run.

    Returns:
        tls_id, edge_id, volume_vph, capacity_vph, green_share (mean over lanes; a lane is green while any of its turns
        is), cycle_s, control_delay_s, level. An estimate: no turning volumes, no opposing traffic, greens as displayed.
    """
    import pandas as pd

    rows = []
    for (tls_id, edge_id), lanes in _lanes_of(net_file).items():
        plan = plans.get(tls_id)
        if plan is None or plan.cycle_s <= 0:
            continue
        shares = [_green_share(plan, links) for links in lanes.values()]
        share, capacity = sum(shares) / len(shares), SATURATION_VPH * sum(shares)
        if capacity > 0:
            told = control_delay(volumes_vph.get(edge_id, 0.0), capacity, share, plan.cycle_s)
            rows.append((tls_id, edge_id, volumes_vph.get(edge_id, 0.0), capacity, share, plan.cycle_s, told.total_s,
                         level_of_service(told)))  # fmt: skip
    names = ["tls_id", "edge_id", "volume_vph", "capacity_vph", "green_share", "cycle_s", "control_delay_s", "level"]
    return pd.DataFrame(rows, columns=names)


def peak_volumes_vph(edges: pd.DataFrame, interval_s: float, *, after_s: float = 0.0) -> dict[str, float]:
    """Hourly rate of each edge's busiest quarter of an hour, from the table `edges` of a run (entered)."""
    table = edges[edges["time_s"] >= after_s]
    if not len(table):
        return {}
    wide = table.pivot_table(index="time_s", columns="edge_id", values="entered", aggfunc="sum", fill_value=0)
    width = max(round(QUARTER_H * 3600.0 / interval_s), 1)
    busiest = wide.rolling(min(width, len(wide))).sum().max()
    hours = min(width, len(wide)) * interval_s / 3600.0
    return {str(edge): float(count) / hours for edge, count in busiest.items()}


def _lanes_of(net_file: Path) -> dict[tuple[str, str], dict[int, list[int]]]:
    """(signal, approach) -> lane -> its links in the signal's state; turns back left out."""
    from networks.roads.net_file import read_net

    found: dict[tuple[str, str], dict[int, list[int]]] = {}
    for link in read_net(net_file).links:
        if link.tls_id is not None and link.tls_index is not None and not link.turnaround and link.allows:
            lanes = found.setdefault((link.tls_id, link.from_edge), {})
            lanes.setdefault(link.from_lane, []).append(link.tls_index)
    return found


def _green_share(plan: SignalPlan, links: list[int]) -> float:
    green = sum(p.duration_s for p in plan.phases if any(p.state[i : i + 1].lower() == "g" for i in links))
    return green / plan.cycle_s
