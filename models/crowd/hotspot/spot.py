"""A hot spot: people who come in by doors, cross a polygon in continuous space, and leave by doors."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon

from models.crowd.hotspot.area import Door, ground, open_doors
from models.crowd.hotspot.continuum import Continuum
from models.crowd.hotspot.tracks import Tracks
from models.crowd.hotspot.walking import Walking
from models.streams import stream
from networks import BadInput

EVERY_S = 0.5
"""Time between frames (s)."""
STAND_MPS = 1e-6
"""Speed of somebody who stands (m/s)."""


@dataclass
class Person:
    """Somebody's way through a hot spot.

    Attributes:
        to: Number of the door that they make for.
        speed_mps: Speed that they want to walk at (m/s).
        start_s: When they set out (s); until then they stand.
        entered_s: When they came in (s).
        left_s: When they were last seen (s), to a frame; NaN while they are there.
    """

    to: int
    speed_mps: float
    start_s: float
    entered_s: float
    left_s: float = float("nan")


class HotSpot:
    """One polygon, its obstacles and doors, and everybody in it. Times in s from 0, coordinates in m.

    The same seed, doors and people give the same tracks to the last digit on one machine.

    Args:
        polygon: Where people may walk.
        obstacles: Where not: stalls, trees, fountains.
        doors: Where people come and go.
        walking: How they walk.
        seed: Of the draws: where in a door somebody comes in.
        every_s: Time between frames (s), a whole number of steps.

    Raises:
        BadInput: See `ground`, `open_doors` and `Walking`; or frames that are no whole number of steps.
        EngineFailed: See `jupedsim`.
    """

    def __init__(
        self,
        polygon: Polygon,
        obstacles: Sequence[Polygon] = (),
        doors: Sequence[Door] = (),
        *,
        walking: Walking | None = None,
        seed: int = 1,
        every_s: float = EVERY_S,
    ) -> None:
        self.walking = walking or Walking()
        self.area = ground(polygon, obstacles)
        self.mouths = open_doors(self.area, doors, 2 * self.walking.radius_m)
        self.every_s = every_s
        self._steps = round(every_s / self.walking.step_s)
        if self._steps < 1 or abs(self._steps * self.walking.step_s - every_s) > 1e-9:
            raise BadInput(
                f"{every_s} s between frames",
                place="every_s",
                expected=f"a whole number of steps of {self.walking.step_s} s",
            )
        self.now_s = 0.0
        self.people: dict[int, Person] = {}
        self._there: set[int] = set()
        self._waiting: list[deque[tuple[int, float]]] = [deque() for _ in self.mouths]
        self._outflow = [mouth.door.outflow_ps for mouth in self.mouths]
        self._owed = np.zeros(len(self.mouths))
        self._draw = stream(seed, "hotspot doors")
        self._frames: list[tuple[np.ndarray, np.ndarray]] = []
        self._continuum = Continuum(self.area, self.walking)
        self._ways = [self._ways_to(number) for number in range(len(self.mouths))]
        self._piece: dict[int, int] = {}

    def _ways_to(self, number: int) -> list[tuple[int, int]]:
        """(journey, stage) of each piece of a door: an exit, or a place to wait at where the door holds people back."""
        mouth, ways = self.mouths[number], []
        for piece, (x, y) in zip(mouth.pieces, mouth.middle_m, strict=True):
            if mouth.door.outflow_ps is None:
                stage = self._continuum.exit_at(piece)
            else:
                stage = self._continuum.waypoint_at(float(x), float(y), self.walking.radius_m)
            ways.append((self._continuum.journey([stage]), stage))
        return ways

    def door(self, name: str) -> int:
        """Number of a door.

        Raises:
            BadInput: There is none of that name.
        """
        names = [mouth.door.name for mouth in self.mouths]
        if name not in names:
            raise BadInput(f"there is no door {name}", place="doors", expected=", ".join(names))
        return names.index(name)

    def put(self, x_m: float, y_m: float, to: str, speed_mps: float, start_s: float = 0.0) -> int | None:
        """Put somebody down now, to set out at `start_s`. Returns their number; None where there is no room."""
        door = self.door(to)
        piece = int(np.argmin(((self.mouths[door].middle_m - (x_m, y_m)) ** 2).sum(axis=1)))
        stands = start_s > self.now_s
        number = self._continuum.put(x_m, y_m, STAND_MPS if stands else speed_mps, *self._ways[door][piece])
        if number is None:
            return None
        self.people[number] = Person(door, speed_mps, start_s, self.now_s)
        self._piece[number] = piece
        self._there.add(number)
        return number

    def enter(self, by: str, to: str, speeds_mps: Sequence[float]) -> None:
        """Bring people to the outside of a door; they come in, in this order, as soon as there is room."""
        door = self.door(to)
        self._waiting[self.door(by)].extend((door, float(speed)) for speed in speeds_mps)

    def waiting(self, by: str) -> int:
        """How many stand outside a door because there is no room inside: what the city model keeps on its links."""
        return len(self._waiting[self.door(by)])

    def let_out(self, name: str, outflow_ps: float) -> None:
        """Change how many people a second a door lets out.

        Raises:
            BadInput: The door was built without an outflow, so its people leave by themselves; or a negative one.
        """
        door = self.door(name)
        if self._outflow[door] is None:
            raise BadInput(f"door {name} holds nobody back", place=f"door {name}", expected="a door with an outflow_ps")
        if not outflow_ps >= 0:
            raise BadInput(f"outflow {outflow_ps} persons/s", place=f"door {name}", expected="0 (closed) or more")
        self._outflow[door] = float(outflow_ps)

    def advance(self, until_s: float) -> None:
        """Walk on to `until_s`, a frame every `every_s`."""
        while self.now_s < until_s - 1e-9:
            if not self._frames:
                self._see()
            self._come_in()
            self._set_out()
            self._continuum.walk(self._steps)
            self.now_s = round(self.now_s + self.every_s, 9)
            self._see()
            self._steer()

    def _come_in(self) -> None:
        for mouth, waiting in zip(self.mouths, self._waiting, strict=True):
            for piece in self._draw.permutation(len(mouth.pieces)):
                if not waiting:
                    break
                to, speed = waiting[0]
                x, y = mouth.middle_m[piece]
                if self.put(float(x), float(y), self.mouths[to].door.name, speed) is not None:
                    waiting.popleft()

    def _set_out(self) -> None:
        for number in self._there:
            person = self.people[number]
            if self.now_s - self.every_s < person.start_s <= self.now_s and person.start_s > person.entered_s:
                self._continuum.set_speed(number, person.speed_mps)

    def _see(self) -> None:
        who, where = self._continuum.positions()
        self._frames.append((who, where))
        gone = self._there.difference(who.tolist())
        for number in gone:
            self.people[number].left_s = self.now_s
        self._there -= gone

    def _steer(self) -> None:
        """Send everybody to the nearest piece of their door, and let out whom a held door lets out."""
        who, where = self._frames[-1]
        to = np.array([self.people[number].to for number in who.tolist()], dtype=np.int64)
        for door, mouth in enumerate(self.mouths):
            rows = np.flatnonzero(to == door)
            if len(rows) == 0:
                self._owed[door] = 0.0
                continue
            apart = ((where[rows, None, :] - mouth.middle_m[None, :, :]) ** 2).sum(axis=2)
            nearest = apart.argmin(axis=1)
            for number, piece in zip(who[rows].tolist(), nearest.tolist(), strict=True):
                if self._piece[number] != piece:
                    self._continuum.send(number, *self._ways[door][piece])
                    self._piece[number] = piece
            outflow = self._outflow[door]
            if outflow is not None:
                self._let_go(door, who[rows], apart.min(axis=1), outflow)

    def _let_go(self, door: int, who: np.ndarray, apart_m2: np.ndarray, outflow_ps: float) -> None:
        self._owed[door] = min(self._owed[door] + outflow_ps * self.every_s, max(1.0, outflow_ps * self.every_s))
        reach = (2 * self.walking.radius_m + 0.3) ** 2
        for row in np.argsort(apart_m2, kind="stable"):
            if self._owed[door] < 1 - 1e-9 or apart_m2[row] > reach:
                break
            self._continuum.remove(int(who[row]))
            self._owed[door] -= 1

    def tracks(self) -> Tracks:
        """Everybody's positions so far, a frame every `every_s`."""
        counts = [len(who) for who, _ in self._frames]
        return Tracks(
            np.repeat(np.arange(len(counts)), counts),
            np.concatenate([who for who, _ in self._frames]) if counts else np.empty(0, dtype=np.int64),
            np.concatenate([where for _, where in self._frames]) if counts else np.empty((0, 2)),
            self.every_s,
        )

    def still_there(self) -> int:
        """How many are inside now."""
        return len(self._there)

    def close(self) -> None:
        """Give the simulation's memory back; tracks stay."""
        self._continuum.close()

    def __enter__(self) -> HotSpot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
