"""Everybody who walks through a city, as one Mesa model: up to millions of people in steps of a second."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import mesa
import numpy as np

from models.crowd.city import _cells as kernel
from models.crowd.city.streets import CELLS, FIRST, Streets, cell_area_m2, lay_streets
from models.crowd.city.walkers import (
    ARRIVED,
    BLOCK,
    CELL,
    CLOCK,
    DUE,
    GOAL,
    HEADING,
    HERE,
    INSIDE,
    LINK,
    MOVES,
    NEVER,
    NODE,
    RATE,
    SINCE,
    SQUEEZED,
    STRANDED,
    Walkers,
    gather,
)  # fmt: skip
from models.crowd.city.ways import CityWays
from models.crowd.plans import VisitorPlans, check_nodes
from models.crowd.speed import CAPACITY_PMS, SpeedTable, speed_table
from models.crowd.visitors import PATIENCE_S, THRESHOLDS_PM2
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

LONGEST_STEPS = 250_000
"""Steps after which the clocks would run over."""


class Population(mesa.Agent):
    """The one Mesa agent: everybody, as arrays. See `Walkers`."""

    def __init__(self, model: mesa.Model, walkers: Walkers) -> None:
        super().__init__(model)
        self.walkers = walkers


class Individual(mesa.Agent):
    """One walker as a Mesa agent, made when it is asked for; it reads the arrays, and does not walk by itself.

    Attributes:
        row: Its row in the plans, which are in order of departure.
    """

    def __init__(self, model: CityCrowd, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def link(self) -> int:
        """The link that it is on, -1 where it is on none."""
        return int(self.model.walkers.people[self.row, LINK])

    @property
    def along_m(self) -> float:
        """How far it is through its cell (or its calm link), in its own direction (m)."""
        return self.model.along_m(self.row)

    @property
    def arrive_s(self) -> float:
        """When it arrived (s), NaN before."""
        return float(self.model.walkers.arrive_s[self.row])


class CityCrowd(mesa.Model):
    """People on foot in a whole city.

    Speed falls with density (Weidmann 1993, or a calibrated table); a link takes in and lets out what its width
    carries, holds what its area holds, and blocks back when it is full. Where a crowd gathers a link is cut into cells
    of ten metres at most, so that a long one cannot hide a crush; elsewhere it is one cell, in which everybody walks
    within 0.3 % of the free speed. Everybody takes the way of least free walking time; waiting at crossings is an
    expected value. For paths under water see `VisitorCrowd`, which looks at each walker in each step.

    Args:
        graph: The walk graph.
        plans: Who walks; sorted here, so that the order in which they come changes nothing.
        step_s: Length of a step (s).
        table: Speed by density; None: Weidmann's.
        capacity_pms: Largest flow through either end of a link (persons/s for each metre of width).
        wait_s: Expected wait before each link (s): crossings.
        patience_s: Time without anybody entering a full cell after which one person squeezes in (s).
        goals: Nodes that people may be sent to, beside those of the plans.

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
    ) -> None:
        super().__init__(rng=0)
        _check(graph, plans)
        table = table or speed_table()
        self.graph, self.plans = graph, in_order(plans)
        self.streets: Streets = lay_streets(
            graph, step_s=step_s, table=table, capacity_pms=capacity_pms, wait_s=wait_s
        )  # fmt: skip
        wait = np.broadcast_to(np.asarray(wait_s, dtype=np.float64), (len(graph.length_m),))
        wanted = np.concatenate(
            [self.plans.destination_node, np.asarray([] if goals is None else goals, dtype=np.int32)]
        )
        self.routes = CityWays(graph, wanted, wait)
        goal = self.routes.destination(self.plans.destination_node)
        self.thresholds = np.asarray(THRESHOLDS_PM2)
        self.population = Population(self, gather(self.plans, goal, self.streets, len(self.thresholds)))
        self.steps_done, self.agent_steps = 0, 0
        self._patience = int(patience_s / step_s)
        self._room = np.empty(max(len(plans), 2 * len(self.streets.link_of_cell)) + 64, dtype=np.int64)
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
        beyond = self.steps_done + steps
        if beyond > LONGEST_STEPS:
            raise BadInput(f"{beyond} steps", expected=f"{LONGEST_STEPS} at most", remedy="make the steps longer")
        self.agent_steps += kernel.walk(
            self.steps_done, beyond, self.streets, self.walkers, self.routes.next_link, self.routes.goal_node,
            self.thresholds, self._patience, self._room,
        )  # fmt: skip
        self.steps_done = beyond

    def take_arrived(self) -> np.ndarray:
        """Who arrived since this was asked last, in order of arrival, int32."""
        total = self.walkers.total
        who = self.walkers.arrived[: total[ARRIVED]].copy()
        total[ARRIVED] = 0
        return who

    def send(self, who: np.ndarray, node: np.ndarray, depart_s: np.ndarray) -> None:
        """Send people who have arrived on to other nodes: goals of the plans, or of `goals`; not before now."""
        people, wake = self.walkers.people, np.maximum(depart_s / self.streets.step_s, self.steps_done)
        people[who, GOAL] = self.routes.destination(node)
        people[who, DUE] = 0
        self.walkers.wake[who] = np.ceil(wake)
        self.walkers.arrive_s[who] = np.nan
        low = self.walkers.low
        np.minimum.at(low, who // BLOCK, self.walkers.wake[who])

    def close(self, closed: np.ndarray) -> None:
        """Let nobody enter the links of `closed`, bool, shape (links,); who is on them walks on to the end.

        Everybody knows at once, and takes another way from the next node; who has none waits there until one opens.
        """
        walkers = self.walkers
        walkers.closed[:] = closed
        self.routes.close(closed)
        waits = np.flatnonzero((walkers.wake == NEVER) & np.isnan(walkers.arrive_s))
        self._call_up(waits)
        walkers.total[STRANDED] = 0

    def _call_up(self, who: np.ndarray) -> None:
        """Take people out of every queue, and have them look where to go in the next step."""
        walkers = self.walkers
        for rows, columns in ((walkers.cells, slice(8, 12)), (walkers.ends, slice(2, 4))):
            rows[:, columns] = -1
        walkers.waiting[:] = walkers.gated[:] = 0
        walkers.wake[who] = self.steps_done
        np.minimum.at(walkers.low, who // BLOCK, walkers.wake[who])

    def individual(self, row: int) -> Individual:
        """One walker as a Mesa agent.

        Raises:
            BadInput: There is no such walker.
        """
        if not 0 <= row < len(self.plans):
            raise BadInput(f"there is no walker {row}", expected=f"0 to {len(self.plans) - 1}")
        return Individual(self, row)

    def along_m(self, row: int) -> float:
        """How far a walker is through its cell, in its own direction (m); 0 when it is on no link."""
        walkers, streets = self.walkers, self.streets
        link, cell = walkers.people[row, LINK], walkers.people[row, CELL]
        if link < 0:
            return 0.0
        at = walkers.cells[cell]
        clock = at[CLOCK] + at[RATE] * max(0, self.steps_done - at[SINCE])
        length = float(self.graph.length_m[link]) / (streets.links[link, CELLS] if walkers.hot[link] == 1 else 1)
        left = max(0.0, float(walkers.people[row, DUE] - clock) / float(walkers.slow[row]))
        return float(max(0.0, length - left))

    def link_people(self) -> np.ndarray:
        """People on each link by heading, int, shape (links, 2)."""
        on = self.walkers.people[self.walkers.people[:, LINK] >= 0]
        there = np.bincount(2 * on[:, LINK] + on[:, HEADING], minlength=2 * len(self.graph.length_m))
        return np.asarray(there.reshape(-1, 2))

    def link_density_pm2(self) -> np.ndarray:
        """Density of each link's fullest cell (persons/m2), shape (links,)."""
        walkers, links = self.walkers, len(self.graph.length_m)
        hot = walkers.hot == 1
        here = walkers.cells[:, HERE : HERE + 2].sum(axis=1)
        first = self.streets.links[:, FIRST].astype(np.int64) - links
        most = np.where(hot, np.maximum.reduceat(here[links:], first), here[:links])
        return np.asarray(most / cell_area_m2(self.streets, hot))

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


def in_order(plans: VisitorPlans) -> VisitorPlans:
    """The same walkers by departure, and those who leave together by all else that is known of them."""
    columns = (plans.depart_s, plans.origin_node, plans.destination_node, plans.free_speed_mps, plans.group)
    order = np.lexsort(columns[::-1])
    return VisitorPlans(*(column[order] for column in columns))


def _figure(key: str, model: CityCrowd) -> float:
    return model.summary[key]


def _check(graph: WalkGraph, plans: VisitorPlans) -> None:
    check_nodes(graph, plans)
    early = np.flatnonzero(plans.depart_s < 0)
    if len(early):
        raise BadInput(
            f"a walker sets out at {plans.depart_s[early[0]]} s", place=f"row {int(early[0])}", expected="0 or later"
        )
