"""Futures of the live city: what each member's copy saw, and which members are no picture of traffic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.live.streets_now import FILE, Seen, read_seen
from calibration.live.usual import Floats
from models.sumo import Ended
from networks.sentence import Sentence, say

TELEPORTED, STANDING, OUTSIDE = 0.05, 0.75, 0.25
"""Shares beyond which a member is left out: of its vehicles that SUMO moved by force, of the time on the road in the
last quarter of an hour that was spent standing, and of its vehicles that found no room to enter (guesses; the limits of
`models.traffic` with room for towns that are jammed on a usual day)."""
QUARTER_S = 900.0


Way = tuple[Floats, np.ndarray, Floats]
"""Lengths of its edges (m), their rows, and what they take in free flow with the turn behind (s)."""


@dataclass(frozen=True, slots=True)
class Members:
    """Copies that ran from the anchor to the end of the forecast.

    Attributes:
        begin_s: Begin of their first period (the anchor).
        period_s: Length of a period.
        seen: What each valid member saw.
        left_out: Why others are left out, by name.
        cpu_s: Processor time of all of them.
    """

    begin_s: float
    period_s: float
    seen: tuple[Seen, ...]
    left_out: Mapping[str, Sentence]
    cpu_s: float = 0.0

    def flow(self, from_s: float, rows: slice | np.ndarray = slice(None)) -> Floats:
        """Vehicles (M, E, periods from `from_s` on)."""
        return np.array([one.flow[rows, self._first(from_s) :] for one in self.seen])

    def speed_mps(self, from_s: float, rows: slice | np.ndarray = slice(None)) -> Floats:
        """Harmonic speeds (M, E, periods from `from_s` on); NaN where nobody was."""
        return np.array([one.speed_mps[rows, self._first(from_s) :] for one in self.seen])

    def _first(self, from_s: float) -> int:
        return round((from_s - self.begin_s) / self.period_s)


def gathered(
    ended: list[Ended], planned: Mapping[str, int] | None, folder: Path, edges: Mapping[str, int], *,
    begin_s: float, period_s: float, periods: int,
) -> Members:  # fmt: skip
    """Read every member, and name those that crashed or seized up.

    Args:
        ended: How each ended.
        planned: Vehicles that each was to send; None where whoever stands still was meant to.
        folder: Of the city that was copied.
        edges: Row of each edge.
        begin_s: When they were copied.
        period_s: Length of a period.
        periods: How many periods they ran.
    """
    seen, left_out = [], {}
    for one in ended:
        if one.problem is not None:
            left_out[one.name] = say(one.problem, f"仿真中断：{one.problem}")
            continue
        file = one.files[str(folder / FILE)]
        told = read_seen(file, dict(edges), begin_s, period_s, periods)
        why = seized_up(told, planned[one.name], period_s) if planned is not None else None
        if why is None:
            seen.append(told)
        else:
            left_out[one.name] = why
    return Members(begin_s, period_s, tuple(seen), left_out, sum(one.cpu_s for one in ended))


def seized_up(seen: Seen, planned: int, period_s: float) -> Sentence | None:
    """Why this is no picture of traffic any more, or None."""
    moved = seen.teleported.sum() / max(planned, 1)
    last = max(1, round(QUARTER_S / period_s))
    spent = float(seen.vehicle_s[:, -last:].sum())
    stood = float(seen.standing_s[:, -last:].sum()) / spent if spent else 0.0
    outside = 1.0 - seen.set_out.sum() / planned if planned else 0.0
    if moved > TELEPORTED:
        return say(f"gridlock: {moved:.0%} of its vehicles were moved by force", f"锁死：{moved:.0%} 的车辆被强制移动")
    if stood > STANDING:
        return say(f"gridlock: {stood:.0%} of the time on the road was spent standing", f"锁死：{stood:.0%} 的时间停驶")
    if outside > OUTSIDE:
        return say(
            f"gridlock: {outside:.0%} of its vehicles found no room to enter", f"锁死：{outside:.0%} 的车辆无法驶入"
        )
    return None


def travel_times_s(ways: list[Way], speed_mps: Floats, period_s: float) -> Floats:
    """Time to drive each way when setting out in the middle of each period (N, T), s.

    Each edge takes what it takes in the period in which it is entered; beyond the last period, what it took then.

    Args:
        ways: Some.
        speed_mps: Speed of each edge in each period (E, T); NaN where nobody was.
        period_s: Length of a period.
    """
    periods = speed_mps.shape[1]
    out = np.empty((len(ways), periods))
    for number, (length_m, rows, free_s) in enumerate(ways):
        at_s = (np.arange(periods) + 0.5) * period_s
        begun_s = at_s.copy()
        for step in range(len(rows)):
            period = np.minimum((at_s / period_s).astype(int), periods - 1)
            speed = speed_mps[rows[step], period]
            with np.errstate(divide="ignore", invalid="ignore"):
                taken = np.where(np.isfinite(speed) & (speed > 0), length_m[step] / speed, free_s[step])
            at_s = at_s + np.minimum(np.maximum(taken, 0.5 * free_s[step]), 3600.0)
        out[number] = at_s - begun_s
    return out
