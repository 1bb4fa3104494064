"""A hot spot: people who come in by doors, cross a polygon in continuous space, and leave by doors."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
from shapely import contains_xy
from shapely.geometry import Polygon

from models.crowd.hotspot.area import Door, SlowGround, ground, open_doors, with_ground_behind
from models.crowd.hotspot.continuum import Continuum
from models.crowd.hotspot.jostling import Jostling
from models.crowd.hotspot.person import Person
from models.crowd.hotspot.tracks import Tracks, tracks_of
from models.crowd.hotspot.walking import Walking
from models.streams import stream
from networks import BadInput

EVERY_S = 0.5
"""Time between frames (s)."""


class HotSpot:
    """One polygon, its obstacles and doors, and everybody in it. Times in s from 0, coordinates in m.

    The same seed, doors and people give the same tracks to the last digit on one machine.

    Args:
        polygon: Where people may walk.
        obstacles: Where not: stalls, trees, fountains.
        doors: Where people come and go.
        slow: Where they walk more slowly; of two that overlap the slower one holds. Known to a frame.
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
        slow: Sequence[SlowGround] = (),
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
        self._slow = sorted(slow, key=lambda ground: -ground.share)
        self.now_s = 0.0
        self.people: dict[int, Person] = {}
        self._there: set[int] = set()
        self._waiting: list[deque[tuple[int, float]]] = [deque() for _ in self.mouths]
        self._outflow = [mouth.door.outflow_ps for mouth in self.mouths]
        self._owed = np.zeros(len(self.mouths))
        self._draw = stream(seed, "hotspot doors")
        self._frames: list[tuple[np.ndarray, np.ndarray]] = []
        self._continuum = Continuum(with_ground_behind(self.area, self.mouths), self.walking)
        self._ways = [self._ways_to(number) for number in range(len(self.mouths))]
        self._piece: dict[int, int] = {}
        self._jostling = Jostling()

    def _ways_to(self, number: int) -> list[tuple[int, int]]:
        """(journey, stage) of each piece of a door: an exit, or a place to wait at where the door holds people back."""
        mouth, ways = self.mouths[number], []
        for end, (x, y) in zip(mouth.ends, mouth.middle_m, strict=True):
            if mouth.door.outflow_ps is None:
                stage = self._continuum.exit_at(end)
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
        share = float(self._shares(np.array([[x_m, y_m]]))[0])
        person = Person(door, speed_mps, start_s, self.now_s, share=share, moves=start_s <= self.now_s)
        number = self._continuum.put(x_m, y_m, person.wants_mps, *self._ways[door][piece])
        if number is None:
            return None
        self.people[number] = person
        self._piece[number] = piece
        self._there.add(number)
        return number

    def enter(self, by: str, to: str, speeds_mps: Iterable[float]) -> None:
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
            self._pace()
            self._continuum.walk(self._steps)
            self.now_s = round(self.now_s + self.every_s, 9)
            self._see()
            self._steer()
            self._jostle()

    def _come_in(self) -> None:
        for by, (mouth, waiting) in enumerate(zip(self.mouths, self._waiting, strict=True)):
            for piece in self._draw.permutation(len(mouth.pieces)):
                if not waiting:
                    break
                to, speed = waiting[0]
                x, y = mouth.middle_m[piece]
                number = self.put(float(x), float(y), self.mouths[to].door.name, speed)
                if number is not None:
                    self.people[number].by = by
                    waiting.popleft()

    def _shares(self, where: np.ndarray) -> np.ndarray:
        share = np.ones(len(where))
        for slow in self._slow:
            share[contains_xy(slow.shape, where[:, 0], where[:, 1])] = slow.share
        return share

    def _pace(self) -> None:
        """Let those set out whose time has come, and give everybody the speed of the ground they are on."""
        who, where = self._frames[-1]
        for number, share in zip(who.tolist(), self._shares(where).tolist(), strict=True):
            person = self.people[number]
            moves = person.moves or person.start_s <= self.now_s + 1e-9
            if moves != person.moves or share != person.share:
                person.moves, person.share = moves, share
                self._continuum.set_speed(number, person.wants_mps)

    def here(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of all who are inside, int64, shape (n,), and where they are (m), shape (n, 2)."""
        return self._frames[-1] if self._frames else self._continuum.positions()

    def redirect(self, number: int, to: str) -> None:
        """Send somebody to another door.

        Raises:
            BadInput: There is no such door.
        """
        self.people[number].to = self.door(to)
        self._piece[number] = -1

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

    def _jostle(self) -> None:
        who, where = self._frames[-1]
        people = [self.people[number] for number in who.tolist()]
        wants = np.array([person.moves and self._outflow[person.to] is None for person in people], dtype=np.bool_)
        for number, share in self._jostling.look(self.now_s, who, where, wants).items():
            self._continuum.set_radius(number, share * self.walking.radius_m)

    def _let_go(self, door: int, who: np.ndarray, apart_m2: np.ndarray, outflow_ps: float) -> None:
        due = outflow_ps * self.every_s
        self._owed[door] += due
        reach = (2 * self.walking.radius_m + 0.3) ** 2
        for row in np.argsort(apart_m2, kind="stable"):
            if apart_m2[row] > reach:
                break
            if self._owed[door] < 1 - 1e-9:
                return
            self._continuum.remove(int(who[row]))
            self._owed[door] -= 1
        self._owed[door] = min(self._owed[door], max(0.0, 1 - due))

    def tracks(self) -> Tracks:
        """Everybody's positions on the area so far, a frame every `every_s`; who is through a door is left out."""
        return tracks_of(self._frames, self.area, self.every_s)

    def still_there(self) -> int:
        """How many are inside now, or just through a door."""
        return len(self._there)

    def close(self) -> None:
        """Give the simulation's memory back; tracks stay."""
        self._continuum.close()

    def __enter__(self) -> HotSpot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
