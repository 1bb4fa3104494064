"""A flood that runs as an ensemble, and is corrected by gauges on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from models.flood.assimilation.gauges import LevelGauge
from models.flood.assimilation.kalman import Method, kalman_increments
from models.flood.assimilation.ponds import pond_of
from models.flood.inflow import InflowCells
from models.flood.rain import Rain
from models.flood.surface.water import Forcing, Water
from models.streams import stream
from networks.errors import BadInput

BOOKED = "assimilated"
"""Under this name the ledger books what updates add; what they take is booked under the same name, negative."""


@dataclass
class FloodMember:
    """One member: its water, its rain and who else acts on it.

    Attributes:
        water: Its water.
        rain: Its rain, or None.
        rain_factor: By which its rain is multiplied; gauges correct it together with the depths.
        forcings: Who adds water or takes it.
        inflows: Water that comes in.
    """

    water: Water
    rain: Rain | None = None
    rain_factor: float = 1.0
    forcings: Sequence[Forcing] = ()
    inflows: InflowCells | None = None

    def copy(self) -> FloodMember:
        """The same member once more, over the same ground.

        Raises:
            BadInput: Somebody who acts on it cannot be copied: pipes, whose engine is one per process.
        """
        shared = {id(one): one for one in (self.water.ground, self.rain, self.inflows)}
        try:
            return deepcopy(self, shared)
        except TypeError as error:
            names = ", ".join(one.name for one in self.forcings)
            raise BadInput(f"a member that cannot be copied: {error}", place=names, remedy="leave pipes out") from error

    def advance(self, until_s: float) -> None:
        """Let it run until a moment (s)."""
        begin = self.water.time_s
        longest = min([until_s - begin, *(one.every_s for one in self.forcings)])
        pieces = max(1, int(np.ceil((until_s - begin) / longest - 1e-9))) if longest > 0 else 0
        moments = [*(begin + k * longest for k in range(pieces)), until_s]
        rain = None if self.rain is None else _Scaled(self.rain, self.rain_factor)
        for first, last in pairwise(moments):
            for forcing in self.forcings:
                forcing.act(self.water, first, last)
            self.water.advance(last, rain, self.inflows)


@dataclass(frozen=True)
class Update:
    """What one update did.

    Attributes:
        used: Gauges that counted.
        unheard: Gauges that stand dry in every member, or whose members all say the same: they move nothing.
        moved_m3: Mean over members of the water that was added, less what was taken (m3).
    """

    used: tuple[str, ...]
    unheard: tuple[str, ...]
    moved_m3: float


@dataclass
class FloodEnsemble:
    """Members that run side by side over the same cells.

    Attributes:
        members: At least two.
        seed: From which perturbed observations are drawn, by the stream `gauges`.
        method: Of the update; see `kalman_increments`.
        correct_rain: True lets gauges correct each member's rain factor too, in logarithms.
    """

    members: Sequence[FloodMember]
    seed: int = 0
    method: Method = "deterministic"
    correct_rain: bool = True
    _updates: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        shapes = {one.water.depth_m.shape for one in self.members}
        if len(self.members) < 2 or len(shapes) != 1:
            raise BadInput(f"{len(self.members)} members over {shapes}", expected="two or more over the same cells")

    def advance(self, until_s: float) -> None:
        """Let every member run until a moment (s)."""
        for one in self.members:
            one.advance(until_s)

    def depth_m(self) -> np.ndarray:
        """(members, rows, cols) depths (m)."""
        return np.array([one.water.depth_m for one in self.members], np.float64)

    def forecast_m(self, until_s: float, every_s: float, cells: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """What every member would do from now on; the members themselves stay where they are.

        Args:
            until_s: Moment (s) of the last output.
            every_s: Time between outputs (s).
            cells: (k,) flat indices of the places asked for.

        Returns:
            (n,) moments (s) after now, and (members, n, k) depths (m).

        Raises:
            BadInput: No time lies ahead, or a member is coupled to an engine that cannot be copied.
        """
        now = self.members[0].water.time_s
        if not (until_s > now and every_s > 0):
            raise BadInput(f"a forecast from {now:g} to {until_s:g} s", place="until_s", expected="time ahead")
        times = np.append(np.arange(now + every_s, until_s - 1e-6, every_s), until_s)
        depth = np.zeros((len(self.members), len(times), np.size(cells)))
        for row, member in enumerate(self.members):
            ahead = member.copy()
            for at, moment in enumerate(times.tolist()):
                ahead.advance(moment)
                depth[row, at] = ahead.water.depth_m.reshape(-1)[np.asarray(cells)]
        return times, depth

    def assimilate(self, gauges: Sequence[LevelGauge], observed_m: Mapping[str, float]) -> Update:
        """Correct the depths of each pond by the gauges that stand in it, and the rain by all of them.

        A pond is the water that connects with a gauge in any member; what a gauge says stays within it. Depths never
        fall below 0. Gauges without an observation, or with one that is no number, are left out.

        Args:
            gauges: Where they stand.
            observed_m: Gauge name -> depth (m).

        Raises:
            BadInput: An observation that is negative.
        """
        speaking = [one for one in gauges if np.isfinite(observed_m.get(one.name, np.nan))]
        if any(observed_m[one.name] < 0 for one in speaking):
            raise BadInput("a gauge that shows a negative depth", place="observed_m", expected="depths in m")
        depth = self.depth_m()
        flat = depth.reshape(len(depth), -1)
        heard = [one for one in speaking if float(np.ptp(flat[:, one.cell])) > 0]
        ponds: dict[bytes, tuple[np.ndarray, list[LevelGauge]]] = {}
        for one in heard:
            pond = pond_of(depth, one.cell)
            pond = pond if pond.size else np.array([one.cell])
            ponds.setdefault(pond.tobytes(), (pond, []))[1].append(one)
        draws = stream(self.seed, f"gauges {self._updates}")
        moved = 0.0
        for pond, inside in ponds.values():
            moved += self._move(pond, self._increments(flat[:, pond], flat, inside, observed_m, draws))
        if self.correct_rain and heard:
            self._correct_rain(flat, heard, observed_m, draws)
        self._updates += 1
        unheard = tuple(one.name for one in speaking if one not in heard)
        return Update(tuple(one.name for one in heard), unheard, moved / len(self.members))

    def _increments(
        self,
        state: np.ndarray,
        flat: np.ndarray,
        gauges: Sequence[LevelGauge],
        observed_m: Mapping[str, float],
        draws: np.random.Generator,
    ) -> np.ndarray:
        said = np.array([observed_m[one.name] for one in gauges])
        error = np.array([one.error_m for one in gauges])
        predicted = flat[:, [one.cell for one in gauges]]
        return kalman_increments(state, predicted, said, error, method=self.method, draws=draws)

    def _move(self, pond: np.ndarray, increments_m: np.ndarray) -> float:
        """Add and take; gives the sum over members (m3)."""
        moved = 0.0
        for one, rise in zip(self.members, increments_m, strict=True):
            volume = rise * one.water.cell_m**2
            up, down = volume > 0, volume < 0
            one.water.add(BOOKED, pond[up], volume[up])
            moved += float(volume[up].sum()) - one.water.take(BOOKED, pond[down], -volume[down])
        return moved

    def _correct_rain(
        self,
        flat: np.ndarray,
        gauges: Sequence[LevelGauge],
        observed_m: Mapping[str, float],
        draws: np.random.Generator,
    ) -> None:
        factors = np.log([[max(one.rain_factor, 1e-3)] for one in self.members])
        moved = self._increments(factors, flat, gauges, observed_m, draws)
        for one, log, move in zip(self.members, factors[:, 0], moved[:, 0], strict=True):
            one.rain_factor = float(np.exp(np.clip(log + move, -7.0, 3.0)))


@dataclass(frozen=True)
class _Scaled:
    """Rain times a factor."""

    rain: Rain
    factor: float

    @property
    def times_s(self) -> np.ndarray:
        return self.rain.times_s

    @property
    def source(self) -> str:
        return self.rain.source

    def rate_mm_h(self, begin_s: float, end_s: float) -> float | np.ndarray:
        return self.rain.rate_mm_h(begin_s, end_s) * self.factor
