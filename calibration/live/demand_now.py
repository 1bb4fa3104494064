"""The demand of now: the usual one, as the counts of the last half hour correct it, as vehicles that set out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.flows.passing import passing
from calibration.live.belief import Groups, Spread
from calibration.live.correcting import Correction, correct
from calibration.live.ground import Ground
from calibration.live.heard import Heard
from calibration.live.rhythm import Rhythm
from calibration.live.sending import sent
from calibration.live.usual import Floats, Usual
from models import stream
from models.sumo.sent import Manners, VehiclesSent


@dataclass(frozen=True, slots=True)
class DemandNow:
    """What sets out, from what was counted.

    Attributes:
        usual: The demand of a usual day.
        groups: How it may stray.
        spread: By how much.
        ground: The streets, and how slow they were lately.
        heard: What was counted.
        rows: The edge that each sensor watches (S), rows of `ground`.
        rhythm: Window, horizon and members.
        begin_s: First second of the simulation.
        seed: Of every draw.
    """

    usual: Usual
    groups: Groups
    spread: Spread
    ground: Ground
    heard: Heard
    rows: NDArray[np.int64]
    rhythm: Rhythm
    begin_s: float
    seed: int

    def corrected(self, now_s: float, anchor_s: float) -> Correction:
        """Flows of a window from before the oldest count's vehicles set out until the end of the forecast."""
        period_s, rhythm = self.usual.period_s, self.rhythm
        begin_s = max(self.begin_s, min(now_s - 2.0 * rhythm.window_s, anchor_s))
        past = round((now_s - begin_s) / period_s)
        usual = self.usual.between(begin_s, past + round(rhythm.horizon_s / period_s))
        vehicles, _ = self.heard.between(begin_s, past)
        vehicles = np.where(begin_s + period_s * np.arange(past) >= now_s - rhythm.window_s, vehicles, np.nan)
        every, row = np.unique(self.rows, return_inverse=True)
        watched = np.full(len(self.ground.edges), -1, dtype=np.int64)
        watched[every] = np.arange(len(every))
        edge_s = self.ground.between(begin_s, past)
        at_sensors = watched[self.usual.paths.indices]
        passed = passing(self.usual.paths, at_sensors, len(every), edge_s, np.zeros_like(edge_s), period_s)
        passed = passed[(row[:, None] * past + np.arange(past)).ravel()]
        return correct(
            usual, self.groups, passed, vehicles, noise=self.spread.count, begin_s=begin_s,
            period_s=period_s, members=rhythm.members, seed=self.draw_seed("members", now_s),
        )  # fmt: skip

    def between(self, correction: Correction, begin_s: float, to_s: float) -> Floats:
        """Corrected flows from one moment to another (P, periods); before the correction's window, the usual ones."""
        period_s = self.usual.period_s
        flows = self.usual.between(begin_s, round((to_s - begin_s) / period_s))
        before = max(round((correction.begin_s - begin_s) / period_s), 0)
        first = max(round((begin_s - correction.begin_s) / period_s), 0)
        flows[:, before:] = correction.flows[:, first : first + flows.shape[1] - before]
        return flows

    def drawn(self, correction: Correction, begin_s: float) -> list[Floats]:
        """The members' own draws from a moment on (P, periods each)."""
        first = round((begin_s - correction.begin_s) / self.usual.period_s)
        return [flows[:, first:] for flows in correction.draws]

    def sent(self, name: str, flows: Floats, begin_s: float, seed: int) -> VehiclesSent:
        """Whole vehicles of these flows."""
        return sent(
            self.usual.paths, flows, name=name, vehicle_type=self.usual.vehicle_type, begin_s=begin_s,
            period_s=self.usual.period_s, seed=seed,
        )  # fmt: skip

    def draw_seed(self, purpose: str, moment_s: float) -> int:
        """The seed of a draw at a moment."""
        return int(stream(self.seed, f"live {purpose} {moment_s:.0f}").integers(2**31))


def manners(seed: int) -> Manners:
    """A member's own drivers: what nobody knows of them, as a whole (guess: 5 % of headway and gap)."""
    headway, gap = np.exp(0.05 * stream(seed, "live drivers").standard_normal(2))
    return Manners(float(headway), float(gap))
