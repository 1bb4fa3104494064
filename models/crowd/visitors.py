"""Visitors who walk through the city: a Mesa model on the twin's clock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from models.clock import Exchange
from models.crowd import _kernels, reference
from models.crowd.crossings import Crossings, signal_wait_s
from models.crowd.ground import Flow, Ground, Walkers, empty_flow, gather_walkers, lay_ground
from models.crowd.plans import VisitorPlans, check_nodes
from models.crowd.routes import WalkRoutes
from models.crowd.snapshots import Snapshots, fullest_cell_pm2
from models.crowd.speed import CAPACITY_PMS, FREE_SPEED_MPS, JAM_DENSITY_PM2, speed_table
from models.flood.on_roads.limits import WaterLimit, limit_of
from networks import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

THRESHOLDS_PM2 = (2.0, 3.5, 5.0)
"""Densities above which person-seconds are counted: uncomfortable, dangerous, emergency (persons/m2)."""
SNAPSHOT_S = 60.0
"""Time between two snapshots of the links (s)."""
PATIENCE_S = 60.0
"""When nobody could enter a full link for so long (s), one of those who wait squeezes in: an assumption, so that people
who block each other at a corner come apart, as SUMO's pedestrians do after `jamtime`. `summary` counts how often."""
_KERNELS = {"numba": _kernels.step, "numpy": reference.step}


class Population(mesa.Agent):
    """The one Mesa agent: everybody, as arrays.

    Attributes:
        walkers: Where everybody is.
        flow: Who is where on the ground, and what its gates let through.
        active: Walkers that have set out and not arrived.
    """

    def __init__(self, model: mesa.Model, plans: VisitorPlans, ground: Ground, routes: WalkRoutes) -> None:
        super().__init__(model)
        self.walkers: Walkers = gather_walkers(plans, routes.destination(plans.destination_node))
        self.flow: Flow = empty_flow(ground, len(THRESHOLDS_PM2))
        self.active = np.empty(0, dtype=np.int64)
        self._ground, self._routes, self._depart_s, self._next = ground, routes, plans.depart_s, 0
        self._scratch = np.empty((2, len(plans) + 1), dtype=np.int64)

    def walk(self, kernel: Any, now: float, dt: float, patience_s: float) -> None:
        """Let those whose time has come set out, and everybody walk for `dt` (s)."""
        routes, walkers = self._routes, self.walkers
        due = int(np.searchsorted(self._depart_s, now + dt, side="left"))
        if due > self._next:
            new = np.arange(self._next, due, dtype=np.int64)
            walkers.stands[new] = routes.cut_off[walkers.destination[new], walkers.origin_node[new]]
            self.active, self._next = np.concatenate([self.active, new]), due
        left = kernel(
            now, dt, self.active, self._ground, walkers, self.flow, routes.next_link, routes.goal_node, routes.cut_off,
            np.asarray(THRESHOLDS_PM2), patience_s, self._scratch,
        )  # fmt: skip
        self.active = self.active[:left]

    def look_again(self) -> None:
        """After links closed or opened: turn round where that is quicker, and know whether the way is cut off."""
        ground, walkers, routes = self._ground, self.walkers, self._routes
        inside = self.active[walkers.link[self.active] >= 0]
        link, goal = walkers.link[inside], walkers.destination[inside]
        backward = walkers.heading[inside] == 1
        ahead = np.where(backward, ground.link_from[link], ground.link_to[link])
        behind = np.where(backward, ground.link_to[link], ground.link_from[link])
        along, length = walkers.along_m[inside], ground.length_m[link]
        onward = (length - along) / FREE_SPEED_MPS + np.minimum(routes.cost_s[goal, ahead], 1e15)
        back = along / FREE_SPEED_MPS + np.minimum(routes.cost_s[goal, behind], 1e15)
        self._turn(inside[(back < onward) | (routes.next_link[goal, ahead] == link)])
        ends = np.where(walkers.heading[inside] == 1, ground.link_from[link], ground.link_to[link])
        walkers.stands[inside] = routes.cut_off[goal, ends]
        outside = self.active[walkers.link[self.active] < 0]
        walkers.stands[outside] = routes.cut_off[walkers.destination[outside], walkers.origin_node[outside]]

    def _turn(self, who: np.ndarray) -> None:
        walkers, flow = self.walkers, self.flow
        np.subtract.at(flow.people, (walkers.cell[who], walkers.heading[who]), 1)
        walkers.along_m[who] = self._ground.length_m[walkers.link[who]] - walkers.along_m[who]
        walkers.heading[who] = 1 - walkers.heading[who]
        walkers.cell[who] = reference.cell_of(
            self._ground, walkers.link[who], walkers.heading[who], walkers.along_m[who]
        )
        np.add.at(flow.people, (walkers.cell[who], walkers.heading[who]), 1)


class VisitorCrowd(mesa.Model):
    """Everybody who walks to a goal, on links whose speed falls with density and which block back when full.

    What it does in each step is the docstring of `models.crowd._kernels`. What it does not: nobody is diverted by a
    crowd ahead, and waiting at crossings is an expected value (`signal_wait_s`), not a signal's phases.
    Links close and open as `limit` says. Who is caught on one wades out at half speed towards the
    end from which the goal is nearest. Whose goal is cut off stays where they are (once out of the water) and counts as
    stranded until it can be reached again.

    Args:
        graph: The walk graph.
        plans: Who walks; sorted by departure here.
        edge_ids: Road edges, in the order of `crossing_walkers`.
        step_s: Length of a step (s); the last one before a coupling time is shorter if need be.
        limit: Up to which water people enter a link; None: the class `walker` of models/flood/on_roads/limits.csv.
        notice_s: How often people notice which links are under water (s); 0 is at every call of `advance`.
        jam_density: Density at which nobody moves, and a link is full (persons/m2).
        capacity_pms: Largest flow through either end of a link (persons/s for each metre of width).
        crossing_wait_s: Expected wait before a link that crosses a road (s); one value, or one for each link.
        patience_s: Time without anybody entering a full link after which one person squeezes in (s).
        kernel: "numba" (compiled) or "numpy" (reference, slow).

    Raises:
        BadInput: Nodes that the graph does not have, a link without length or width, limits that are not positive.
    """

    name = "crowd"
    reads: ClassVar[Sequence[str]] = ("link_depth_m", "link_force_m2s")
    writes: ClassVar[Sequence[str]] = ("link_density_pm2", "crossing_walkers")

    def __init__(
        self,
        graph: WalkGraph,
        plans: VisitorPlans,
        *,
        edge_ids: Sequence[str],
        step_s: float = 1.0,
        limit: WaterLimit | None = None,
        notice_s: float = 0.0,
        jam_density: float = JAM_DENSITY_PM2,
        capacity_pms: float = CAPACITY_PMS,
        crossing_wait_s: float | np.ndarray | None = None,
        patience_s: float = PATIENCE_S,
        kernel: str = "numba",
    ) -> None:
        super().__init__(rng=0)
        _check(graph, plans, step_s, jam_density, capacity_pms, kernel)
        self.graph, self.plans = graph, plans.sorted
        self.step_s, self.patience_s = float(step_s), float(patience_s)
        self.limit = limit or limit_of("walker")
        self.notice_s, self._looks_at_s = float(notice_s), 0.0
        self.crossings = Crossings(graph, edge_ids)
        wait_s = self.crossings.wait_s(signal_wait_s() if crossing_wait_s is None else crossing_wait_s)
        table = speed_table(jam_density)
        self.ground = lay_ground(graph, capacity_pms=capacity_pms, wait_s=wait_s, table=table)
        self.routes = WalkRoutes(self.ground, len(graph.node_x), self.plans.destination_node)
        self.population = Population(self, self.plans, self.ground, self.routes)
        self.now_s = 0.0
        self._kernel, self._dt = _KERNELS[kernel], self.step_s
        self._snapshots = Snapshots(self.ground)
        self.datacollector = mesa.DataCollector(
            {key: partial(_figure, key) for key in ("time_s", "walking", "waiting", "stranded", "arrived", "squeezed")}
        )

    def step(self) -> None:
        """Everybody walks for one step; every minute the links and the totals are written down."""
        before = self.now_s
        self.agents.do("walk", self._kernel, before, self._dt, self.patience_s)
        self.now_s = before + self._dt
        if int((self.now_s + 1e-6) // SNAPSHOT_S) > int((before + 1e-6) // SNAPSHOT_S):
            people = self.population
            self._snapshots.take(self.now_s, self._dt, people.walkers, people.flow, people.active)
            self.datacollector.collect(self)

    def start(self, exchange: Exchange) -> None:
        """Write the fields of an empty city."""
        self.now_s = exchange.now
        self._tell(exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        """Walk to `until` (s) with links closed as the water on them says; write density and crossings."""
        if self.now_s >= self._looks_at_s:
            self.set_water(exchange.fields["link_depth_m"], exchange.fields["link_force_m2s"])
            self._looks_at_s = self.now_s + self.notice_s
        while self.now_s < until - 1e-6:
            self._dt = min(self.step_s, until - self.now_s)
            self.step()
        self._tell(exchange)

    def close(self) -> None:
        """Nothing to give back: no files, no engines."""

    def set_water(self, depth_m: np.ndarray, force_m2s: ArrayLike = 0.0) -> None:
        """Close the links whose water is beyond the limit, open those well below it.

        Args:
            depth_m: (links,) depth (m).
            force_m2s: (links,) depth times speed (m2/s).
        """
        closed = self.limit.closes(depth_m, force_m2s, was_closed=self.population.flow.closed)
        if np.array_equal(closed, self.population.flow.closed):
            return
        self.population.flow.closed[:] = closed
        if self.routes.close(closed) or len(self.population.active):
            self.population.look_again()

    @property
    def summary(self) -> dict[str, float]:
        """Time (s), and how many people are walking, waiting to set out, stranded, arrived, and squeezed in (times)."""
        walkers, active = self.population.walkers, self.population.active
        inside = int((walkers.link[active] >= 0).sum())
        return {
            "time_s": self.now_s,
            "walking": inside,
            "waiting": len(active) - inside,
            "stranded": int(walkers.stands[active].sum()),
            "arrived": int(np.isfinite(walkers.arrive_s).sum()),
            "squeezed": int(self.population.flow.squeezed[0]),
        }

    def person_seconds_above(self, density: float) -> float:
        """Person-seconds spent in cells denser than 2.0, 3.5 or 5.0 persons/m2, summed in every step.

        Raises:
            BadInput: Another density.
        """
        return float(self.link_person_seconds_above(density).sum())

    def link_person_seconds_above(self, density: float) -> np.ndarray:
        """The same by link, shape (links,)."""
        if density not in THRESHOLDS_PM2:
            raise BadInput(f"person-seconds above {density} persons/m2 are not counted", expected=str(THRESHOLDS_PM2))
        return self.population.flow.crowded_s[:, THRESHOLDS_PM2.index(density)].copy()

    def tables(self) -> dict[str, pd.DataFrame]:
        """What happened.

        `walkers`, one row each in order of departure: depart_s, arrive_s (s, NaN if not there), origin_node,
        destination_node, group, walked_m (m). `links`, every minute and only where somebody is: time_s (s), link_id
        (row of `walk_links`), walkers, density_pm2 (fullest cell of the link, persons/m2), speed_mps (mean over the
        last step, m/s).
        """
        plans, walkers = self.plans, self.population.walkers
        people = {
            "depart_s": plans.depart_s,
            "arrive_s": walkers.arrive_s,
            "origin_node": plans.origin_node,
            "destination_node": plans.destination_node,
            "group": plans.group,
            "walked_m": walkers.walked_m,
        }
        return {"walkers": pd.DataFrame(people), "links": self._snapshots.table()}

    def _tell(self, exchange: Exchange) -> None:
        flow = self.population.flow
        exchange.fields["link_density_pm2"] = fullest_cell_pm2(self.ground, flow.people)
        inside = self.population.walkers.link[self.population.active]
        exchange.fields["crossing_walkers"] = self.crossings.occupancy(inside[inside >= 0])


def _figure(key: str, model: VisitorCrowd) -> float:
    return model.summary[key]


def _check(graph: WalkGraph, plans: VisitorPlans, step_s: float, jam: float, capacity: float, kernel: str) -> None:
    limits = {"step_s": step_s, "jam_density": jam, "capacity_pms": capacity}
    for name, value in limits.items():
        if not value > 0:
            raise BadInput(f"{name} is {value}", expected="more than 0")
    if kernel not in _KERNELS:
        raise BadInput(f"no kernel {kernel!r}", expected=" or ".join(_KERNELS))
    check_nodes(graph, plans)
