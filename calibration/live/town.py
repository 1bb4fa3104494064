"""`LiveTown`: a simulated town that follows a real one, some minutes behind it, and runs ahead of it in copies.

    with LiveTown(case, usual, sensors, edges, folder) as town:
        cycle = town.cycle(now_s, counts, speeds_mps)

The warm simulation (the anchor) stands `lag_s` behind now. In each cycle the demand of the window is estimated anew
from the counts, the anchor moves on one period with it, and its copies, each with its own draw of that demand, run
from the anchor through now and on into the next hour. So what was counted after a vehicle set out still decides
whether it did, and the streets of now are those of the corrected demand.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from calibration.counting import Counts
from calibration.flows.passing import passing
from calibration.live.belief import Spread, groups
from calibration.live.correcting import Correction, correct
from calibration.live.cycle import Cycle
from calibration.live.ground import read_ground
from calibration.live.heard import Heard
from calibration.live.members import Members, gathered, travel_times_s
from calibration.live.sending import sent
from calibration.live.streets_now import FILE, asked
from calibration.live.usual import Floats, Usual
from calibration.proof import geh
from calibration.skill import Forecast
from models import stream
from models.sumo import Branch, SumoCase, WarmCity
from models.sumo.change import Change
from models.sumo.prepared import prepared
from models.sumo.sent import Later, Manners, VehiclesSent
from networks.errors import BadInput

OPTIONS = {"save-state.rng": "true", "save-state.precision": "15", "ignore-route-errors": "true"}
"""States as exact as SUMO writes them; whoever is to drive through a road that is closed waits and stops nothing."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The times of a live town, s, and how many members it has.

    Attributes:
        lag_s: The anchor stands so far behind now.
        window_s: Counts of this time correct the demand.
        horizon_s: Members run so far beyond now.
        members: Copies.
        at_once: Copies that run at a time; None is one per CPU.
        limit_s: A member that takes longer (wall-clock) is ended and left out.
    """

    lag_s: float = 900.0
    window_s: float = 1800.0
    horizon_s: float = 3600.0
    members: int = 8
    at_once: int | None = None
    limit_s: float = 600.0


class LiveTown:
    """A town that is followed.

    Args:
        case: Net, vehicle types, signals and what drives by timetable; the usual cars are not in it.
        usual: Their demand; its periods are the cycle.
        sensors: Names of the sensors (S).
        edges: The edge that each watches (S).
        folder: All that is kept.
        seed: Of every draw.
        rhythm: Its times.
        ways: Edges of each way whose travel time is forecast, by name.
        spread: How demand strays from the usual.
        begin_s: First second of the simulation; the usual demand's begin by default. The streets are empty then.

    Raises:
        BadInput: Sensors on edges that no car may use, ways that are none, or times that are no whole periods.
        EngineFailed: SUMO refused to start.
    """

    def __init__(
        self, case: SumoCase, usual: Usual, sensors: Sequence[str], edges: Sequence[str], folder: Path, *,
        seed: int = 1, rhythm: Rhythm | None = None, ways: Mapping[str, Sequence[str]] | None = None,
        spread: Spread | None = None, begin_s: float | None = None,
    ) -> None:  # fmt: skip
        self.usual, self.seed, self.rhythm = usual, seed, rhythm or Rhythm()
        self.spread = spread or Spread()
        self.ground = read_ground(case.net, usual.paths, usual.period_s)
        self.heard = Heard(tuple(sensors), usual.period_s)
        self._rows = self._sensor_rows(sensors, edges)
        self._ways = {name: self.ground.way(way, name) for name, way in (ways or {}).items()}
        self._groups = groups(usual, self.spread)
        self._check()
        self.begin_s = usual.begin_s if begin_s is None else begin_s
        self.folder = folder.absolute()
        prepare = prepared(
            case.between(self.begin_s), seed, options=OPTIONS,
            additionals=lambda place: asked(place, usual.period_s),
        )  # fmt: skip
        self._city = WarmCity(prepare, self.folder / "anchor")
        self._known: tuple[tuple[float, Change], ...] = ()
        self._correction: Correction | None = None
        self._now_s = self.begin_s

    def __enter__(self) -> LiveTown:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the simulation; what was kept stays."""
        self._city.__exit__(kind or KeyboardInterrupt, error, trace)

    @property
    def anchor_s(self) -> float:
        """The moment of the warm simulation."""
        return self._city.now.time_s

    def cycle(
        self, now_s: float, counts: Counts, speeds_mps: Floats | None = None, *,
        known: Sequence[tuple[float, Change]] = (),
    ) -> Cycle:  # fmt: skip
        """Correct, advance, copy and forecast.

        Args:
            now_s: The moment, an end of a period and later than the last cycle's.
            counts: What was counted lately: at least the period that ends now; earlier periods are remembered.
            speeds_mps: Harmonic speeds at the sensors (S, T) beside the counts.
            known: Closures and other changes that are known by now, each with the moment since which it holds.

        Raises:
            BadInput: Counts of other sensors or periods, or a moment that is over.
            EngineFailed: The warm simulation itself stopped.
        """
        began = time.monotonic()
        self._check_moment(now_s)
        self.heard.hear(counts, speeds_mps, now_s)
        self._known = tuple(known)
        correction = self._corrected(now_s)
        self._advance(max(self.begin_s, now_s - self.rhythm.lag_s), correction)
        members = self._members(now_s, correction)
        self.ground.learn(members)
        self._correction, self._now_s = correction, now_s
        self._forget(now_s)
        return self._told(now_s, correction, members, time.monotonic() - began)

    def _corrected(self, now_s: float) -> Correction:
        """Flows of a window from before the oldest count's vehicles set out until the end of the forecast."""
        period_s, rhythm = self.usual.period_s, self.rhythm
        begin_s = max(self.begin_s, min(now_s - 2.0 * rhythm.window_s, self.anchor_s))
        past = round((now_s - begin_s) / period_s)
        periods = past + round(rhythm.horizon_s / period_s)
        usual = self.usual.between(begin_s, periods)
        vehicles, _ = self.heard.between(begin_s, past)
        vehicles = np.where(begin_s + period_s * np.arange(past) >= now_s - rhythm.window_s, vehicles, np.nan)
        every, row = np.unique(self._rows, return_inverse=True)
        watched = np.full(len(self.ground.edges), -1, dtype=np.int64)
        watched[every] = np.arange(len(every))
        paths = self.usual.paths
        edge_s = self.ground.between(begin_s, past)
        passed = passing(paths, watched[paths.indices], len(every), edge_s, np.zeros_like(edge_s), period_s)
        passed = passed[(row[:, None] * past + np.arange(past)).ravel()]
        return correct(
            usual, self._groups, passed, vehicles, (self.spread.count * vehicles) ** 2, begin_s=begin_s,
            period_s=period_s, members=self.rhythm.members, seed=self._draw_seed("members", now_s),
        )  # fmt: skip

    def _advance(self, to_s: float, correction: Correction) -> None:
        """Move the anchor on with the corrected demand; before the correction's window, with the usual one."""
        if to_s <= self.anchor_s:
            return
        begin_s, period_s = self.anchor_s, self.usual.period_s
        flows = self.usual.between(begin_s, round((to_s - begin_s) / period_s))
        known = round((correction.begin_s - begin_s) / period_s)
        flows[:, max(known, 0) :] = correction.flows[:, max(-known, 0) :][:, : flows.shape[1] - max(known, 0)]
        self._city.change([self._sent(f"a{begin_s:g}", flows, begin_s, self._draw_seed("anchor", begin_s))])
        self._city.step_until(to_s)
        os.truncate(self.folder / "anchor" / FILE, 0)  # SUMO writes on behind the hole: nobody reads what was there

    def _members(self, now_s: float, correction: Correction) -> Members:
        period_s, anchor_s = self.usual.period_s, self.anchor_s
        first = round((anchor_s - correction.begin_s) / period_s)
        branches, planned = [], {}
        for number, flows in enumerate(correction.draws):
            name = f"member-{number + 1}"
            seed = self._draw_seed(name, now_s)
            vehicles = self._sent("m", flows[:, first:], anchor_s, seed)
            changes = (self._manners(seed), *self._later(), vehicles)
            planned[name] = len(vehicles.leaving)
            branches.append(Branch(name, now_s + self.rhythm.horizon_s, changes, tables=True, past=False))
        return self._run(branches, planned, round((now_s + self.rhythm.horizon_s - anchor_s) / period_s))

    def _run(self, branches: list[Branch], planned: Mapping[str, int] | None, periods: int) -> Members:
        anchor = self.folder / "anchor"
        _clear(anchor / "branches")
        ended = self._city.fork(branches, at_once=self.rhythm.at_once, limit_s=self.rhythm.limit_s)
        found = gathered(
            ended, planned, anchor, self.ground.row, begin_s=self.anchor_s, period_s=self.usual.period_s,
            periods=periods,
        )  # fmt: skip
        _clear(anchor / "branches")
        return found

    def _sent(self, name: str, flows: Floats, begin_s: float, seed: int) -> VehiclesSent:
        return sent(
            self.usual.paths, flows, name=name, vehicle_type=self.usual.vehicle_type, begin_s=begin_s,
            period_s=self.usual.period_s, seed=seed,
        )  # fmt: skip

    def try_changes(
        self,
        alternatives: Mapping[str, Sequence[Change]],
        *,
        since_s: float | None = None,
        until_s: float | None = None,
    ) -> dict[str, tuple[Floats, Floats]]:
        """What the sensors would have said between anchor and now if things were different.

        All alternatives meet the same vehicles, those of the last correction, beside what is known already.

        Args:
            alternatives: Changes of each, by name.
            since_s: Since when they hold; what was before the anchor cannot be changed any more. The anchor by default.
            until_s: End of the last period; the last cycle's now by default.

        Returns:
            For each alternative that ran to its end, counts and harmonic speeds (S, periods from the anchor on).

        Raises:
            BadInput: There was no cycle yet.
        """
        if self._correction is None:
            raise BadInput("nothing was corrected yet", expected="a cycle before alternatives are tried")
        end_s = min(self._now_s if until_s is None else until_s, self._now_s)
        first = round((self.anchor_s - self._correction.begin_s) / self.usual.period_s)
        periods = round((end_s - self.anchor_s) / self.usual.period_s)
        flows = self._correction.flows[:, first : first + periods]
        vehicles = self._sent("m", flows, self.anchor_s, self._draw_seed("alternatives", self._now_s))
        at_s = self.anchor_s if since_s is None else max(since_s, self.anchor_s)
        names = list(alternatives)
        branches = [
            Branch(
                f"alternative-{number}", end_s,
                (*self._later(), *(Later(at_s, change) for change in alternatives[name]), vehicles),
                tables=True, past=False,
            )
            for number, name in enumerate(names)
        ]  # fmt: skip
        found = self._run(branches, None, periods)
        valid = [name for name, branch in zip(names, branches, strict=True) if branch.name not in found.left_out]
        return {
            name: (one.flow[self._rows], one.speed_mps[self._rows])
            for name, one in zip(valid, found.seen, strict=True)
        }  # fmt: skip

    def _told(self, now_s: float, correction: Correction, members: Members, seconds: float) -> Cycle:
        period_s, anchor_s = self.usual.period_s, self.anchor_s
        since = round((now_s - anchor_s) / period_s)
        counted, _ = self.heard.between(anchor_s, since)
        valid = len(members.seen)
        shape = (valid, len(self._rows), since)
        flow = members.flow(anchor_s, self._rows)[:, :, :since] if valid else np.zeros(shape)
        speed = members.speed_mps(anchor_s, self._rows)[:, :, :since] if valid else np.zeros(shape)
        misfit = np.nan
        if valid and np.isfinite(counted).any():
            hourly = 3600.0 / period_s
            misfit = float(np.nanmean(geh(hourly * np.median(flow, axis=0), hourly * counted)))
        window_s = min(self.rhythm.window_s, now_s - correction.begin_s)
        return Cycle(
            now_s, anchor_s, self._forecasts(now_s, members), correction.factor(now_s - window_s, now_s), misfit,
            valid, members.left_out, seconds, False, flow, speed,
        )  # fmt: skip

    def _forecasts(self, now_s: float, members: Members) -> tuple[Forecast, ...]:
        if not members.seen:
            return ()
        period_s, edges = self.usual.period_s, self.ground.edges
        flow, speed = members.flow(now_s), members.speed_mps(now_s)
        told = [
            Forecast("twin", "flow", edges, now_s, now_s, period_s, flow),
            Forecast("twin", "speed", edges, now_s, now_s, period_s, speed),
        ]
        if self._ways:
            ways = list(self._ways.values())
            times_s = np.array([travel_times_s(ways, one, period_s) for one in speed])
            told.append(Forecast("twin", "travel_time", tuple(self._ways), now_s, now_s, period_s, times_s))
        return tuple(told)

    def _later(self) -> tuple[Change, ...]:
        return tuple(Later(since_s, change) for since_s, change in self._known)

    def _manners(self, seed: int) -> Manners:
        """A member's own drivers: what nobody knows of them, as a whole (guess: 5 % of headway and gap)."""
        headway, gap = np.exp(0.05 * stream(seed, "live drivers").standard_normal(2))
        return Manners(float(headway), float(gap))

    def _draw_seed(self, purpose: str, moment_s: float) -> int:
        return int(stream(self.seed, f"live {purpose} {moment_s:.0f}").integers(2**31))

    def _forget(self, now_s: float) -> None:
        before_s = min(now_s - 2.0 * self.rhythm.window_s, self.anchor_s) - self.usual.period_s
        self.heard.forget(before_s)
        self.ground.forget(before_s)

    def _sensor_rows(self, sensors: Sequence[str], edges: Sequence[str]) -> np.ndarray:
        for sensor, edge in zip(sensors, edges, strict=True):
            if edge not in self.ground.row:
                raise BadInput(
                    f"sensor {sensor} watches edge {edge!r}", expected="an edge of the network that cars may use"
                )  # fmt: skip
        return np.array([self.ground.row[edge] for edge in edges], dtype=np.int64)

    def _check(self) -> None:
        for name in ("lag_s", "window_s", "horizon_s"):
            value = getattr(self.rhythm, name)
            if value % self.usual.period_s or value < 0:
                raise BadInput(
                    f"{value:g} s", place=name, expected=f"whole periods of {self.usual.period_s:g} s, 0 or more"
                )  # fmt: skip
        if self.rhythm.members < 1:
            raise BadInput(f"{self.rhythm.members} members", expected="1 or more")

    def _check_moment(self, now_s: float) -> None:
        if now_s <= self._now_s or (now_s - self.usual.begin_s) % self.usual.period_s:
            after = f"an end of a period of {self.usual.period_s:g} s, after {self._now_s:g} s"
            raise BadInput(f"a cycle at {now_s:g} s", expected=after)


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
