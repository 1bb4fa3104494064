"""Where people were, frame by frame: of a hot spot's run or of a laboratory's cameras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from shapely import contains_xy
from shapely.geometry import Polygon

from networks import BadInput


@dataclass(frozen=True)
class Tracks:
    """Positions at equal intervals.

    Attributes:
        frame: Frame of each position, int64, shape (n,), rising; frame 0 is time 0.
        person: Who, int64, shape (n,).
        xy_m: Where (m), shape (n, 2).
        every_s: Time between frames (s).

    Raises:
        BadInput: Arrays of different lengths, an interval that is not above 0, or a person twice in a frame.
    """

    frame: np.ndarray
    person: np.ndarray
    xy_m: np.ndarray
    every_s: float

    def __post_init__(self) -> None:
        if not (len(self.frame) == len(self.person) == len(self.xy_m)) or self.xy_m.shape[1:] != (2,):
            raise BadInput("tracks need a frame, a person and x, y for each position", place="tracks")
        if not self.every_s > 0:
            raise BadInput(f"{self.every_s} s between frames", place="tracks", expected="more than 0")
        order = np.lexsort((self.person, self.frame))
        for name in ("frame", "person", "xy_m"):
            object.__setattr__(self, name, getattr(self, name)[order])
        twice = np.flatnonzero((np.diff(self.frame) == 0) & (np.diff(self.person) == 0))
        if len(twice):
            raise BadInput(
                "a person is in two places at once",
                place=f"person {int(self.person[twice[0]])}, frame {int(self.frame[twice[0]])}",
            )

    def frames(self) -> Iterator[tuple[int, slice]]:
        """Each frame in which somebody is, and its rows."""
        numbers, first = np.unique(self.frame, return_index=True)
        for number, start, stop in zip(numbers, first, [*first[1:], len(self.frame)], strict=True):
            yield int(number), slice(int(start), int(stop))

    def velocity_mps(self, over_s: float = 0.4) -> np.ndarray:
        """Velocity at each position (m/s), shape (n, 2), from `over_s` / 2 before to as long after.

        Where a track begins or ends the half that there is counts; NaN for somebody seen once only.
        """
        reach = max(1, round(over_s / 2 / self.every_s))
        order = np.lexsort((self.frame, self.person))
        frame, person, xy = self.frame[order], self.person[order], self.xy_m[order]
        row = np.arange(len(frame))
        first = np.maximum.accumulate(np.where(np.r_[True, person[1:] != person[:-1]], row, 0))
        last = np.minimum.accumulate(np.where(np.r_[person[1:] != person[:-1], True], row, len(row))[::-1])[::-1]
        before, after = np.maximum(row - reach, first), np.minimum(row + reach, last)
        took = (frame[after] - frame[before]) * self.every_s
        velocity = np.full_like(xy, np.nan)
        seen = took > 0
        velocity[seen] = (xy[after[seen]] - xy[before[seen]]) / took[seen, None]
        back = np.empty_like(velocity)
        back[order] = velocity
        return back

    def crossings_s(self, start_m: tuple[float, float], end_m: tuple[float, float]) -> np.ndarray:
        """When each person first crosses the line from `start_m` to `end_m` (s), either way, sorted."""
        order = np.lexsort((self.frame, self.person))
        frame, person, xy = self.frame[order], self.person[order], self.xy_m[order]
        a, b = np.asarray(start_m), np.asarray(end_m)
        along, side = b - a, (xy - a) @ np.array([-(b - a)[1], (b - a)[0]])
        same = person[1:] == person[:-1]
        turned = same & (np.sign(side[1:]) != np.sign(side[:-1])) & (side[:-1] != 0)
        share = np.zeros(len(turned))
        share[turned] = side[:-1][turned] / (side[:-1] - side[1:])[turned]
        at = xy[:-1] + share[:, None] * (xy[1:] - xy[:-1])
        place = (at - a) @ along / (along @ along)
        hit = np.flatnonzero(turned & (place >= 0) & (place <= 1))
        when = (frame[hit] + share[hit] * (frame[hit + 1] - frame[hit])) * self.every_s
        _, once = np.unique(person[hit], return_index=True)
        return np.sort(when[once])


def tracks_of(frames: Sequence[tuple[np.ndarray, np.ndarray]], area: Polygon, every_s: float) -> Tracks:
    """Tracks from who was where in each frame, (n,) and (n, 2); places off the area are left out."""
    counts = [len(who) for who, _ in frames]
    frame = np.repeat(np.arange(len(counts)), counts)
    who = np.concatenate([who for who, _ in frames]) if counts else np.empty(0, dtype=np.int64)
    where = np.concatenate([where for _, where in frames]) if counts else np.empty((0, 2))
    inside = contains_xy(area, where[:, 0], where[:, 1])
    return Tracks(frame[inside], who[inside], where[inside], every_s)
