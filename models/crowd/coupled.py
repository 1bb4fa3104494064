"""Everybody on foot, on the twin's clock: shut in and slowed by water, counted at crossings, told by the minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from models.clock import Exchange
from models.crowd.city.city_crowd import CityCrowd
from models.crowd.crossings import Crossings, signal_wait_s
from models.crowd.plans import VisitorPlans
from models.crowd.roadside import Roadside
from models.crowd.setting_out import Starts, waiting
from models.crowd.snapshots import SNAPSHOT_S, Snapshots
from models.flood.on_roads.limits import WaterLimit, limit_of

if TYPE_CHECKING:
    from networks import WalkGraph

LIGHTS = ("exit_green", "entry_green")
"""Fields that the traffic model writes: whether vehicles may come out of each edge, and straight into it."""
LONGEST_RED_S = 150.0
"""After so long a red (s) people cross between the vehicles: signals that never stop them are on the map, too. Longer
than a cycle mostly is; an assumption."""
CROWD_GOES_PM2 = 2.0
"""A crowd as dense as this at the kerb (persons/m2) does not wait for the lights; an assumption, so that a red does not
press people together who in a street would not let themselves be pressed."""
WADING = 0.5
"""Share of the speed left in water that closes a path; an assumption. Below, it falls with the depth in a line."""


class CoupledCrowd:
    """Clock model "crowd": a `CityCrowd` whose paths the water closes, and whose crossings slow the traffic.

    Links close and open as `limit` says; in less deep water people are slower. Who is caught wades out, and whose goal
    is cut off stays where they are (see `CityCrowd.close`). What it does not: nobody is diverted by a crowd ahead.

    Where a traffic model runs beside it (`ends`), people wait at a signal's crossings until no vehicle may come over
    them, at two looks in a row, so that nobody sets out between two greens; a look is a call of `advance`. After
    LONGEST_RED_S, or as a crowd of CROWD_GOES_PM2, they cross all the same. At other crossings, and without a traffic
    model, they wait an expected time (`signal_wait_s`).

    Args:
        graph: The walk graph.
        plans: Who walks; arranged here, see `CityCrowd.order`.
        edge_ids: Road edges, in the order of `crossing_walkers`.
        limit: Up to which water people enter a link; None: the class `walker` of models/flood/on_roads/limits.csv.
        notice_s: How often people notice which links are under water (s); 0 is at every call of `advance`.
        crossing_wait_s: Expected wait before a link that crosses a road (s); one value, or one for each link.
        ends: Where each edge begins and ends (m), shape (edges, 2) each: signals are read as they run.
        along: Rows (link, edge) of links that run along roads: their density is told as `roadside_pm2`.
        held: Walkers who set out when a `SetOut` says so, bool, shape (walkers,); everybody's arrival is then told to
            "visits" (`models.visits`). None: all leave as planned.
        more: Passed to `CityCrowd`.

    Raises:
        BadInput: Nodes that the graph does not have, a link without length or width, limits that are not positive.
    """

    name = "crowd"

    def __init__(
        self, graph: WalkGraph, plans: VisitorPlans, *, edge_ids: Sequence[str], limit: WaterLimit | None = None,
        notice_s: float = 0.0, crossing_wait_s: float | np.ndarray | None = None,
        ends: tuple[np.ndarray, np.ndarray] | None = None, along: np.ndarray | None = None,
        held: np.ndarray | None = None, **more: Any,
    ) -> None:  # fmt: skip
        self.writes: Sequence[str] = ("link_density_pm2", "crossing_walkers", *["roadside_pm2"] * (along is not None))
        self.roadside = None if along is None else Roadside(graph, len(edge_ids), along)
        self.reads: Sequence[str] = ("link_depth_m", "link_force_m2s", *LIGHTS * (ends is not None))
        self.crossings = Crossings(graph, edge_ids, ends)
        self._red = np.zeros(len(graph.length_m), dtype=np.bool_)
        self._held_since_s = np.full(len(graph.length_m), np.inf)
        wait_s = self.crossings.wait_s(signal_wait_s() if crossing_wait_s is None else crossing_wait_s)
        self.city = CityCrowd(graph, waiting(plans, held), wait_s=wait_s, **more)
        self._starts, self._tells_arrivals = Starts(self.city), held is not None
        self.limit = limit or limit_of("walker")
        self.notice_s, self._looks_at_s = float(notice_s), 0.0
        self._snapshots = Snapshots()

    @property
    def now_s(self) -> float:
        """Seconds since the run's start."""
        return self.city.now_s

    @property
    def closed(self) -> np.ndarray:
        """Links that are under water, bool, shape (links,)."""
        return self.city.walkers.closed

    def start(self, exchange: Exchange) -> None:
        """Write the fields of an empty city."""
        self._tell(exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        """Walk to `until` (s) with links closed as the water on them says; write density and crossings."""
        for command in exchange.take(self.name):
            self._starts.set_out(command)
        if self.now_s >= self._looks_at_s:
            self.set_water(exchange.fields["link_depth_m"], exchange.fields["link_force_m2s"])
            self._looks_at_s = self.now_s + self.notice_s
        if LIGHTS[0] in self.reads:
            self._look_at_lights(exchange)
        while self.now_s < until - 1e-6:
            minute = (np.floor((self.now_s + 1e-6) / SNAPSHOT_S) + 1) * SNAPSHOT_S
            self.city.advance_to(min(until, minute))
            if self.now_s >= minute - 1e-6:
                self._snapshots.take(self.city)
        self._tell(exchange)
        if self._tells_arrivals and len((walked := self._starts.take_walked()).rows):
            exchange.post("visits", walked)

    def close(self) -> None:
        """Nothing to give back: no files, no engines."""

    def set_water(self, depth_m: np.ndarray, force_m2s: ArrayLike = 0.0) -> None:
        """Close the links whose water is beyond the limit, open those well below it, and slow people by the depth.

        Args:
            depth_m: (links,) depth (m).
            force_m2s: (links,) depth times speed (m2/s).
        """
        closed = self.limit.closes(depth_m, force_m2s, was_closed=self.closed)
        deep = np.where(closed, 1.0, np.clip(depth_m / self.limit.depth_m, 0.0, 1.0))
        self.city.close(closed)
        self.city.slow(1.0 - (1.0 - WADING) * deep)

    @property
    def summary(self) -> dict[str, float]:
        """Time (s), and how many people are walking, waiting to set out, stranded, arrived, and squeezed in (times)."""
        told = self.city.summary
        out = int((self._starts.depart_s < self.now_s).sum())
        return told | {"waiting": out - told["walking"] - told["arrived"]}

    def tables(self) -> dict[str, pd.DataFrame]:
        """What happened.

        `walkers`, one row each in the order of `CityCrowd.plans`: depart_s (s, NaN if still held), arrive_s (s, NaN if
        not there), origin_node, destination_node, group. `links`, every minute and only where somebody is: time_s (s),
        link_id (row of `walk_links`), walkers, density_pm2 (fullest cell of the link, persons/m2), speed_mps (mean of
        those on it, m/s).
        """
        starts = self._starts
        people = {
            "depart_s": starts.depart_s,
            "arrive_s": np.where(np.isfinite(self.city.walkers.arrive_s), self.city.walkers.arrive_s, np.nan),
            "origin_node": starts.origin_node,
            "destination_node": starts.destination_node,
            "group": self.city.plans.group,
        }
        return {"walkers": pd.DataFrame(people), "links": self._snapshots.table()}

    def _look_at_lights(self, exchange: Exchange) -> None:
        red, signalled = self.crossings.lights(*(exchange.fields[name] for name in LIGHTS))
        held = red | self._red
        self._held_since_s = np.where(held, np.minimum(self._held_since_s, self.now_s), np.inf)
        patient = self.now_s - self._held_since_s < LONGEST_RED_S
        self.city.hold(held & patient & (self._kerb_pm2() < CROWD_GOES_PM2), signalled)
        self._red = red

    def _kerb_pm2(self) -> np.ndarray:
        """Density of the fullest link at either end of each link (persons/m2), shape (links,)."""
        graph, density = self.city.graph, self.city.link_density_pm2()
        node = np.zeros(len(graph.node_x))
        for ends in (graph.link_from, graph.link_to):
            np.maximum.at(node, ends, density)
        return np.asarray(np.maximum(node[graph.link_from], node[graph.link_to]))

    def _tell(self, exchange: Exchange) -> None:
        exchange.fields["link_density_pm2"] = self.city.link_density_pm2()
        there = self.city.link_people().sum(axis=1)
        exchange.fields["crossing_walkers"] = self.crossings.occupancy(there)
        if self.roadside is not None:
            exchange.fields["roadside_pm2"] = self.roadside.density_pm2(there)
