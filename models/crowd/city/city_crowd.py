"""Everybody who walks through a city, as one Mesa model: up to millions of people in steps of a second."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import mesa
import numpy as np

from models.crowd.city import _cells as kernel
from models.crowd.city.ahead import AHEAD
from models.crowd.city.individual import Individual, Population
from models.crowd.city.link_state import densities_pm2, mean_speeds_mps, people_on
from models.crowd.city.streets import WAIT, Streets, lay_streets
from models.crowd.city.turning import look_again
from models.crowd.city.walkers import (
    ARRIVED,
    BLOCK,
    DUE,
    EASE,
    GOAL,
    INSIDE,
    MOVES,
    NODE,
    PATIENCE_S,
    SQUEEZED,
    STRANDED,
    THRESHOLDS_PM2,
    Walkers,
    gather,
)  # fmt: skip
from models.crowd.city.ways import CityWays
from models.crowd.city.whereabouts import repace_all
from models.crowd.plans import VisitorPlans, arrangement, check_departures, check_nodes, rows_of
from models.crowd.speed import CAPACITY_PMS, SpeedTable, speed_table
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

LONGEST_STEPS = 250_000
"""Steps after which the clocks would run over."""


class CityCrowd(mesa.Model):
    """People on foot in a whole city.

    Speed falls with density (Weidmann 1993, or a calibrated table); a link takes in and lets out what its width
    carries, holds what its area holds, and blocks back when it is full. Where a crowd gathers a link is cut into cells
    of ten metres at most, so that a long one cannot hide a crush; elsewhere it is one cell, in which everybody walks
    within 0.3 % of the free speed. Everybody takes the way of least free walking time; waiting at crossings is an
    expected value. Links close, and slow people down (`close`, `slow`); `models.crowd.CoupledCrowd` does so by water.

    Args:
        graph: The walk graph.
        plans: Who walks; sorted here, so that the order in which they come changes nothing.
        step_s: Length of a step (s).
        table: Speed by density; None: Weidmann's.
        capacity_pms: Largest flow through either end of a link (persons/s for each metre of width).
        wait_s: Expected wait before each link (s): crossings.
        patience_s: Time without anybody entering a full cell after which one person squeezes in (s).
        goals: Nodes that people may be sent to, beside those of the plans.
        kinds: Kinds of walkers who may go by different ways; see `CityWays`.

    Attributes:
        order: Row of the given plans of each walker, shape (walkers,).
        beside: What is done after each step: another model takes over who was handed to it (`hand_over.py`).

    Raises:
        BadInput: Nodes that the graph does not have, a link without length or width.
    """

    def __init__(
        self,
        graph: WalkGraph,
        plans: VisitorPlans,
        *,
        step_s: float = 1.0,
        table: SpeedTable | None = None,
        capacity_pms: float = CAPACITY_PMS,
        wait_s: np.ndarray | float = 0.0,
        patience_s: float = PATIENCE_S,
        goals: np.ndarray | None = None,
        kinds: int = 1,
    ) -> None:
        super().__init__(rng=0)
        check_nodes(graph, plans)
        check_departures(plans)
        table = table or speed_table()
        self.order = arrangement(plans)
        self.graph, self.plans = graph, rows_of(plans, self.order)
        self.streets: Streets = lay_streets(
            graph, step_s=step_s, table=table, capacity_pms=capacity_pms, wait_s=wait_s
        )  # fmt: skip
        wait = np.broadcast_to(np.asarray(wait_s, dtype=np.float64), (len(graph.length_m),))
        wanted = np.concatenate(
            [self.plans.destination_node, np.asarray([] if goals is None else goals, dtype=np.int32)]
        )
        self.routes = CityWays(graph, wanted, wait, kinds=kinds)
        goal = self.routes.destination(self.plans.destination_node)
        self.thresholds = np.asarray(THRESHOLDS_PM2)
        self.population = Population(self, gather(self.plans, goal, self.streets, len(self.thresholds)))
        self.steps_done, self.agent_steps = 0, 0
        self.beside: list[Callable[[], None]] = []
        self._patience = int(patience_s / step_s)
        self._room = np.empty(max(len(plans), 2 * len(self.streets.link_of_cell)) + AHEAD, dtype=np.int64)
        self.datacollector = mesa.DataCollector({key: partial(_figure, key) for key in self.summary})

    @property
    def walkers(self) -> Walkers:
        """Everybody."""
        return self.population.walkers

    @property
    def now_s(self) -> float:
        """Seconds since the run's start."""
        return self.steps_done * self.streets.step_s

    def step(self) -> None:
        """Everybody walks for one step."""
        self.walk(1)

    def advance_to(self, until_s: float) -> None:
        """Walk to `until_s` (s)."""
        self.walk(round((until_s - self.now_s) / self.streets.step_s))

    def walk(self, steps: int) -> None:
        """So many steps at once.

        Raises:
            BadInput: Beyond the last step that the clocks can count.
        """
        end = self.steps_done + steps
        if end > LONGEST_STEPS:
            raise BadInput(f"{end} steps", expected=f"{LONGEST_STEPS} at most", remedy="make the steps longer")
        stride = 1 if self.beside else max(1, steps)
        for beyond in range(self.steps_done + stride, end + 1, stride) if steps > 0 else ():
            self.agent_steps += kernel.walk(
                self.steps_done, beyond, self.streets, self.walkers, self.routes.next_link, self.routes.goal_node,
                self.thresholds, self._patience, self._room,
            )  # fmt: skip
            self.steps_done = beyond
            for look in self.beside:
                look()

    def take_arrived(self) -> np.ndarray:
        """Who arrived since this was asked last, in order of arrival, int32."""
        total = self.walkers.total
        who = self.walkers.arrived[: total[ARRIVED]].copy()
        total[ARRIVED] = 0
        return who

    def send(
        self, who: np.ndarray, node: np.ndarray, depart_s: np.ndarray, kind: np.ndarray | int = 0
    ) -> None:  # fmt: skip
        """Send people who have arrived on to other nodes: goals of the plans, or of `goals`; not before now.

        `kind`: by whose ways.
        """
        people, wake = self.walkers.people, np.maximum(depart_s / self.streets.step_s, self.steps_done)
        people[who, GOAL] = self.routes.destination(node, kind)
        people[who, DUE] = 0
        self.walkers.wake[who] = np.ceil(wake)
        self.walkers.arrive_s[who] = np.nan
        low = self.walkers.low
        np.minimum.at(low, who // BLOCK, self.walkers.wake[who])

    def close(self, closed: np.ndarray) -> None:
        """Close exactly the links of `closed`, bool, shape (links,): nobody enters them any more.

        Everybody knows at once. Who is under way turns round where that is quicker; who is caught on a closed link goes
        on to the end from which the goal is nearest, or else from which a way leads out, over other closed links if
        need be. Who has no way stays where they are until one opens.
        """
        if self.routes.close(closed):
            self.walkers.closed[:] = closed
            self._look_again()

    def charge(self, toll_s: np.ndarray) -> None:
        """Have people take links to be so much longer, each kind by itself: see `CityWays.charge`."""
        if self.routes.charge(toll_s):
            self._look_again()

    def _look_again(self) -> None:
        kernel.bring_all(self.steps_done - 1, self.streets, self.walkers, self.thresholds)
        look_again(self.steps_done, self.streets, self.walkers, self.routes)

    def slow(self, share: np.ndarray) -> None:
        """Leave people `share` of their speed on each link, 0.25 to 1, shape (links,); counted in 1/256."""
        ease = np.rint(np.clip(share, 0.25, 1.0) * EASE).astype(np.int32)
        if np.array_equal(ease, self.walkers.ease):
            return
        kernel.bring_all(self.steps_done - 1, self.streets, self.walkers, self.thresholds)
        self.walkers.ease[:] = ease
        repace_all(self.streets, self.walkers)

    def hold(self, held: np.ndarray, signalled: np.ndarray) -> None:
        """Have whoever comes to a link of `held` wait at its ends until it is none of them, bool, shape (links,).

        Nobody waits an expected time before a link of `signalled` any more; the ways reckon with it as before.
        """
        self.walkers.held[:] = held
        self.streets.links[signalled, WAIT] = 0

    def individual(self, row: int) -> Individual:
        """One walker as a Mesa agent.

        Raises:
            BadInput: There is no such walker.
        """
        if not 0 <= row < len(self.plans):
            raise BadInput(f"there is no walker {row}", expected=f"0 to {len(self.plans) - 1}")
        return Individual(self, self.walkers, self.streets, row, lambda: self.steps_done)

    def link_people(self) -> np.ndarray:
        """People on each link by heading, int, shape (links, 2)."""
        return people_on(self.streets, self.walkers)

    def link_density_pm2(self) -> np.ndarray:
        """Density of each link's fullest cell (persons/m2), shape (links,)."""
        return densities_pm2(self.streets, self.walkers)

    def link_speed_mps(self) -> np.ndarray:
        """Mean speed of those on each link, who wait counted as standing (m/s), shape (links,); NaN where nobody is."""
        return mean_speeds_mps(self.steps_done, self.streets, self.walkers)

    def person_seconds_above(self, density: float) -> np.ndarray:
        """Person-seconds in cells denser than 2.0, 3.5 or 5.0 persons/m2, by link, shape (links,).

        Raises:
            BadInput: Another density.
        """
        if density not in THRESHOLDS_PM2:
            raise BadInput(f"person-seconds above {density} persons/m2 are not counted", expected=str(THRESHOLDS_PM2))
        kernel.bring_all(self.steps_done - 1, self.streets, self.walkers, self.thresholds)
        return np.asarray(self.walkers.crowded[:, THRESHOLDS_PM2.index(density)] * self.streets.step_s)

    @property
    def summary(self) -> dict[str, float]:
        """Time (s); people on the streets, arrived and without any way; squeezed in (times); cells entered (times)."""
        total = self.walkers.total
        return {
            "time_s": self.now_s,
            "walking": int(total[INSIDE]),
            "arrived": int(np.isfinite(self.walkers.arrive_s).sum()),
            "stranded": int(total[STRANDED]),
            "squeezed": int(total[SQUEEZED]),
            "moves": int(total[MOVES]),
        }

    @property
    def node(self) -> np.ndarray:
        """Node at which each walker set out, or arrived last, int32."""
        return np.asarray(self.walkers.people[:, NODE])


def _figure(key: str, model: CityCrowd) -> float:
    return model.summary[key]
