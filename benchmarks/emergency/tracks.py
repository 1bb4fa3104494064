"""How many drives against a one-way street are told, and how many lawful drives are accused: `... tracks`.

Central Helsinki (or --city). A position every --every metres, off by a normal error; drives against the direction of
every street of 80 m or more that the map makes one-way, and random lawful drives.
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from models.routing import vehicle
from networks import City, build_city, demo_extract
from networks.osm.objects import read_objects
from networks.roads.net_file import read_net
from networks.roads.statement import state_way
from scenarios.emergency.compliance import Breach, moves
from scenarios.emergency.drivable import Drivable
from scenarios.emergency.matching import match_track
from scenarios.emergency.track import Track

BEGIN = datetime.fromisoformat("2026-07-17T12:00:00+03:00")
LONG_M, BEFORE, AFTER = 80.0, 3, 15
WHO = vehicle("tanker")


def main(words: list[str]) -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.emergency tracks", description=__doc__)
    parser.add_argument("--city", type=Path)
    parser.add_argument("--drives", type=int, default=25, help="of each sort, at most")
    parser.add_argument("--every", type=float, default=40.0, help="m between positions")
    parser.add_argument("--error", type=float, default=6.0, help="standard error of a position, m")
    given, begin = parser.parse_args(words), time.process_time()
    with TemporaryDirectory() as folder:
        city = City.open(given.city) if given.city else build_city(demo_extract(), Path(folder) / "helsinki")
        drives = Drives(city, given.every, given.error)
        told, against = drives.against(given.drives)
        accused, lawful, km = drives.lawful(given.drives)
    print(f"# {city.name}: a position every {given.every:g} m, off by {given.error:g} m")
    print(f"against a one-way street: {told} of {against} told")
    print(f"lawful: {accused} of {lawful} accused, {km:.1f} km")
    print(f"{time.process_time() - begin:.0f} CPU s")


class Drives:
    """Made-up drives through a city, matched and judged."""

    def __init__(self, city: City, every_m: float, error_m: float) -> None:
        self.city, self.every_m, self.error_m = city, every_m, error_m
        self.ways, self.edges = Drivable(city, WHO.vclass), read_net(city.net_file).edges
        self.shapes = city.layer("edges").geometry.to_numpy()
        graph = city.road_graph(WHO.vclass)
        self.turns = list(zip(graph.conn_from.tolist(), graph.conn_to.tolist(), strict=True))
        self.draw, self._objects = np.random.default_rng(5), read_objects(city.folder)

    def against(self, most: int) -> tuple[int, int]:
        """(told, drives)."""
        told = drives = 0
        streets = [s for s in np.flatnonzero(self.ways.backward).tolist() if self._one_way(s)]
        for state in self.draw.choice(streets, min(most, len(streets)), replace=False).tolist():
            edge = self.edges[self.ways.edge[state]]
            into = [n for n, one in enumerate(self.edges) if one.to_node == edge.to_node and self.ways.allowed[n]]
            into = [n for n in into if self.edges[n] != edge]
            if into:
                found, _ = self._judged([*self._walk(into[0], BEFORE, back=True), state])
                told, drives = told + any(one.edge_id == edge.edge_id for one in found), drives + 1
        return told, drives

    def lawful(self, most: int) -> tuple[int, int, float]:
        """(accused, drives, km)."""
        accused, drives, metres = 0, 0, 0.0
        inside = [n for n, one in enumerate(self.edges) if one.kind != "outside" and self.ways.allowed[n]]
        for start in self.draw.choice(inside, most).tolist():
            way = [n for n in self._walk(start, AFTER) if self.edges[n].kind != "outside"]
            if (length_m := float(self.ways.length_m[way].sum())) > 5 * self.every_m:
                accused, drives, metres = accused + bool(self._judged(way)[0]), drives + 1, metres + length_m
        return accused, drives, metres / 1000

    def _one_way(self, state: int) -> bool:
        ways = [self._objects.get(f"w{abs(way)}") for way in self.edges[self.ways.edge[state]].osm_ways]
        said = [state_way(one.tags) for one in ways if one is not None]
        one_way = any(one.side(forward=True) is None or one.side(forward=False) is None for one in said)
        return one_way and self.ways.length_m[state] > LONG_M

    def _walk(self, start: int, steps: int, *, back: bool = False) -> list[int]:
        way = [start]
        for _ in range(steps):
            near = [(a if back else b) for a, b in self.turns if (b if back else a) == way[-1]]
            near = [n for n in near if n not in way and self.ways.allowed[n]]
            if not near:
                break
            way.append(int(self.draw.choice(near)))
        return way[::-1] if back else way

    def _judged(self, states: list[int]) -> tuple[list[Breach], list[tuple[datetime, str]]]:
        places, begin_m = list[tuple[float, float]](), self.every_m / 2
        for state in states:
            line = self.shapes[self.ways.edge[state]]
            line = line.reverse() if self.ways.backward[state] else line
            places += [line.interpolate(at).coords[0] for at in np.arange(begin_m, line.length, self.every_m)]
            begin_m = max(0.0, begin_m + self.every_m * np.ceil((line.length - begin_m) / self.every_m) - line.length)
        xy = np.array(places).reshape(-1, 2) + self.draw.normal(0.0, self.error_m, (len(places), 2))
        track = Track(tuple(BEGIN + timedelta(seconds=5.0 * n) for n in range(len(xy))), xy)
        return moves(match_track(self.city, track, WHO.vclass), self.city, WHO)
