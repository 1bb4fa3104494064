"""Carrying measures out while the day goes on: who is held back, rides, waits for its turn, or walks another way."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.crowd.city.attractions import LOOK_S
from models.crowd.city.city_crowd import CityCrowd
from models.crowd.city.controls.controls import Controls
from models.crowd.city.controls.measures import Closure, Hold, Line, OneWay, Runs, Shuttle, Signs, Stagger
from models.crowd.city.controls.standing import Standing
from models.crowd.city.people import DayPeople
from models.crowd.city.walkers import NEVER, NODE


class Guide:
    """Sends people on for a `CityDay`, as its measures have it; without any, straight to where they want to go.

    Attributes:
        follows: Which groups follow advice, bool, shape (groups,).
        held: Where people are held back, by `Hold`.
        stops: Where people wait for a shuttle, by `Shuttle`.
        platforms: Where people wait for a run home, by `Line`.
        shut: Links that measures have closed now, bool, shape (links,).
        ridden: People who took a shuttle.
        staggered_s: Waits before going home (person-seconds).
    """

    def __init__(self, crowd: CityCrowd, people: DayPeople, controls: Controls, lines: tuple[Line, ...]) -> None:
        self.crowd, self.people, self.controls, self.lines = crowd, people, controls, lines
        self.follows = controls.follows(people.follow_u) if controls.measures else np.zeros(0, dtype=bool)
        self.holds, self.shuttles = controls.of(Hold), controls.of(Shuttle)
        self.staggers, self.runs = controls.of(Stagger), controls.of(Runs)
        self.held = [Standing(one.area_m2) for one in self.holds]
        self.stops = [Standing(one.area_m2) for one in self.shuttles]
        self.platforms = [Standing(one.area_m2) for one in lines]
        self.shut = np.zeros(len(crowd.graph.length_m), dtype=bool)
        self.ridden, self.staggered_s = 0, 0.0
        self._credit = np.zeros(len(self.holds))
        self._last_run = np.full(len(lines), -np.inf)
        self._last_bus = np.full(len(self.shuttles), -np.inf)
        self._goal = np.full(len(people), -1, dtype=np.int32)
        self._bus = np.full(len(people), -1, dtype=np.int16)
        self._ends: dict[int, list[tuple[np.ndarray, np.ndarray]]] = defaultdict(list)
        self._now: tuple[bool, ...] | None = None
        self._over: list[np.ndarray] = []

    @property
    def standing(self) -> tuple[Standing, ...]:
        """Every place where measures or lines let people wait."""
        return (*self.held, *self.stops, *self.platforms)

    def kind(self, party: np.ndarray) -> np.ndarray:
        """Which table of ways groups go by: 1 with signs, 0 without."""
        if self.crowd.routes.kinds == 1 or not len(self.follows):
            return np.zeros(len(party), dtype=np.int64)
        return self.follows[party].astype(np.int64)

    def begin(self) -> bool:
        """Put up and take down what holds from now on: signs, one-way streets, closures; whether ways have changed."""
        crowd, now = self.crowd, self.crowd.now_s
        laid: tuple[Signs | OneWay | Closure, ...] = (
            *self.controls.of(Signs),
            *self.controls.of(OneWay),
            *self.controls.of(Closure),
        )
        active = tuple(one.from_s <= now < one.until_s for one in laid)
        if active == self._now or not (laid or self.holds):
            return False
        self._now = active
        up = [one for one, on in zip(laid, active, strict=True) if on]
        self.shut = np.zeros(len(crowd.graph.length_m), dtype=bool)
        toll = np.zeros((crowd.routes.kinds, 2, len(self.shut)))
        for one in up:
            if isinstance(one, Signs):
                toll[-1][:, list(one.links)] += one.toll_s
            elif isinstance(one, OneWay):
                toll[:, 1 - np.array(one.heading, dtype=np.int64), list(one.links)] = np.inf
            else:
                self.shut[list(one.links)] = True
        crowd.charge(toll)
        return True

    def look_ahead(self) -> None:
        """Find again whose way leads over what is to be kept free: ways have changed."""
        self._over = [self.crowd.routes.crosses(np.array(one.links)) for one in self.holds]

    def lead(self, who: np.ndarray, goal: np.ndarray, when_s: np.ndarray, home: np.ndarray) -> None:
        """Send people from where they are to `goal` (nodes): at once, or after a wait."""
        for number, one in enumerate(self.staggers):
            waits = home & self._asked(who, one.binding) & (one.from_s <= when_s) & (when_s < one.until_s)
            if waits.any():
                self._stagger(number, who[waits], goal[waits], when_s[waits])
                who, goal, when_s, home = (column[~waits] for column in (who, goal, when_s, home))
        self._by_bus(who, goal, when_s)

    def _by_bus(self, who: np.ndarray, goal: np.ndarray, when_s: np.ndarray) -> None:
        routes, node = self.crowd.routes, self.crowd.walkers.people[:, NODE]
        for number, one in enumerate(self.shuttles):
            row = routes.destination(goal, self.kind(self.people.party[who]))
            stop = routes.destination(np.full(len(who), one.from_node), self.kind(self.people.party[who]))
            by_bus = routes.cost_s[stop, node[who]] + routes.cost_s[row, one.to_node] + one.headway_s / 2 + one.ride_s
            rides = self._asked(who, False) & (by_bus < routes.cost_s[row, node[who]])
            rides &= (one.from_s <= when_s) & (when_s < one.until_s)
            if rides.any():
                going = who[rides]
                self._goal[going], self._bus[going] = goal[rides], number
                self._walk(going, np.full(len(going), one.from_node), when_s[rides])
                who, goal, when_s = who[~rides], goal[~rides], when_s[~rides]
        self._walk(who, goal, when_s)

    def _walk(self, who: np.ndarray, goal: np.ndarray, when_s: np.ndarray) -> None:
        node = self.crowd.walkers.people[:, NODE]
        for number, one in enumerate(self.holds):
            row = self.crowd.routes.destination(goal, self.kind(self.people.party[who]))
            kept = self._asked(who, one.binding) & self._over[number][row, node[who]]
            kept &= (one.from_s <= when_s) & (when_s < one.until_s)
            if kept.any():
                self._goal[who[kept]] = np.where(self._bus[who[kept]] >= 0, self._goal[who[kept]], goal[kept])
                self._keep(who[kept])
                self.held[number].join(who[kept])
                who, goal, when_s = who[~kept], goal[~kept], when_s[~kept]
        self._send(who, goal, when_s)

    def _keep(self, who: np.ndarray) -> None:
        """Nobody sets out by itself who was about to."""
        walkers = self.crowd.walkers
        walkers.wake[who], walkers.arrive_s[who] = NEVER, self.crowd.now_s

    def _send(self, who: np.ndarray, goal: np.ndarray, when_s: np.ndarray) -> None:
        if len(who):
            self.crowd.send(who, goal, when_s, self.kind(self.people.party[who]))

    def _asked(self, who: np.ndarray, binding: bool) -> np.ndarray:
        return np.full(len(who), True) if binding else self.follows[self.people.party[who]]

    def _stagger(self, number: int, who: np.ndarray, goal: np.ndarray, when_s: np.ndarray) -> None:
        one, draw = self.staggers[number], self.people.follow_u[self.people.party[who]]
        share = draw if one.binding else draw / max(self.controls.compliance, 1e-9)
        ends = np.ceil((when_s + np.minimum(share, 1.0) * one.spread_s) / LOOK_S).astype(np.int64)
        self.staggered_s += float((ends * LOOK_S - when_s).sum())
        for end in np.unique(ends).tolist():
            self._ends[end].append((who[ends == end], goal[ends == end]))

    def arrived(self, who: np.ndarray) -> np.ndarray:
        """Who of those that arrived somewhere wanted to go there; the others now wait for their bus."""
        bus = self._bus[who]
        for number, stop in enumerate(self.stops):
            stop.join(who[bus == number])
        return who[bus < 0]

    def come_home(self, who: np.ndarray) -> None:
        """People who are back at their source wait for a run, where there is a line."""
        source = self.people.source[who]
        for line, platform in zip(self.lines, self.platforms, strict=True):
            platform.join(who[source == line.source])

    def look(self, looks: int, every_s: float) -> None:
        """Let those go on whose wait is over; looked at every `every_s` seconds."""
        now = self.crowd.now_s
        for place in self.standing:
            place.wait(every_s)
        for who, goal in self._ends.pop(looks, []):
            self._by_bus(who, goal, np.full(len(who), now))
        self._release(now, every_s)
        self._depart(now, looks, every_s)
        self._run(now)

    def _release(self, now: float, every_s: float) -> None:
        for number, one in enumerate(self.holds):
            over = now >= one.until_s
            most = one.rate_ps * every_s
            self._credit[number] = min(self._credit[number] + most, most + 1.0)
            going = self.held[number].take(len(self.held[number]) if over else int(self._credit[number]))
            self._credit[number] -= 0 if over else len(going)
            bus = self._bus[going]
            stop = np.array([shuttle.from_node for shuttle in self.shuttles] or [0])
            goal = np.where(bus >= 0, stop[np.maximum(bus, 0)], self._goal[going])
            self._send(going, goal, np.full(len(going), now))

    def _depart(self, now: float, looks: int, every_s: float) -> None:
        for number, (one, stop) in enumerate(zip(self.shuttles, self.stops, strict=True)):
            if now >= one.until_s:
                left = stop.take(len(stop))
                self._bus[left] = -1
                self._walk(left, self._goal[left], np.full(len(left), now))
            elif now - self._last_bus[number] >= one.headway_s:
                self._last_bus[number] = now
                on = stop.take(one.places)
                self.ridden += len(on)
                self.crowd.walkers.people[on, NODE], self._bus[on] = one.to_node, -1
                self._ends[looks + max(1, round(one.ride_s / every_s))].append((on, self._goal[on]))

    def _run(self, now: float) -> None:
        for number, (line, platform) in enumerate(zip(self.lines, self.platforms, strict=True)):
            headway = line.headway_s
            for more in self.runs:
                if more.source == line.source and more.from_s <= now < more.until_s:
                    headway = min(headway, more.headway_s)
            if now - self._last_run[number] >= headway:
                self._last_run[number] = now
                platform.take(line.places)
