"""What a file of a visitor day knows beforehand, in the periods of the counters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from calibration.choices.arrivals import arrived
from calibration.choices.expected_day import Ground
from calibration.choices.vector import PEOPLE_SD
from calibration.observation import ObservationTable
from calibration.occupancy.counters import Layout
from models.crowd.city.site_table import SiteTable
from models.crowd.city.ways import CityWays
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import WalkGraph
    from scenarios.visits import VisitDay


def ground_of(
    day: VisitDay, layout: Layout, table: ObservationTable, times: Sequence[datetime], period_s: float
) -> tuple[Ground, float, tuple[Sentence, ...]]:
    """The day as told; how far off its number of people may be; what was counted of them.

    A zone of the counters that is named as a source of the day counts who sets out there, by its doors, the vehicles
    that stand there or those who go home there (`arrived`): those numbers take the place of the file's.

    Args:
        day: The day.
        layout: Zones, doors and counters.
        table: What they told.
        times: Begins of the periods, UTC.
        period_s: Length of a period (s).
    """
    sites = day.site_table
    arrivals = _foretold(day, len(times), period_s)
    told = list[Sentence]()
    doubt = np.full(len(arrivals), PEOPLE_SD)
    for row, source in enumerate(day.sources):
        found = arrived(source.source_id, arrivals[row], layout, table, times, period_s)
        if found is not None:
            arrivals[row] = found.people
            doubt[row] = PEOPLE_SD if found.sd is None else found.sd
            told.append(found.told)
    middles = (np.arange(len(times)) + 0.5) * period_s
    rain = np.zeros(len(times))
    if day.rain_s is not None:
        rain = ((day.rain_s[0] <= middles) & (middles < day.rain_s[1])).astype(float)
    hours = sites.opening
    opened = np.array([hours.is_open(at) for at in middles]).T if hours else np.ones((len(sites), len(times)))
    held = np.array([one.site_id in day.one_out_one_in for one in day.sites])
    nodes = np.array([one.node for one in day.sources])
    ground = Ground(
        sites, arrivals, walking_s(day.graph, nodes, sites), rain, opened.astype(float), day.home_s, held, period_s
    )
    people = arrivals.sum(axis=1)
    people_sd = float(doubt @ people / max(people.sum(), 1e-9))
    return ground, people_sd, (_summed(day, len(told)), *told)


def walking_s(graph: WalkGraph, sources: np.ndarray, sites: SiteTable) -> np.ndarray:
    """(sources + sites, sites) walking time to the gate reached first (s); from a site it starts at its first gate."""
    ways = CityWays(graph, sites.nodes, np.zeros(len(graph.length_m)))
    begins = np.concatenate([np.asarray(sources, dtype=np.int64), sites.node])
    gates = sites.gates or tuple((int(node),) for node in sites.node)
    rows = [ways.destination(np.array(one)) for one in gates]
    return np.array([ways.cost_s[row][:, begins].min(axis=0) for row in rows], dtype=float).T


def _foretold(day: VisitDay, periods: int, period_s: float) -> np.ndarray:
    """(sources, periods) people by the file's own arrivals."""
    told, people = day.arrivals, np.array([one.people for one in day.sources], dtype=float)
    ends = told.first_s + told.slice_s * np.arange(told.share.shape[1] + 1)
    edges = np.arange(periods + 1) * period_s
    sums = np.cumsum(np.hstack([np.zeros((len(people), 1)), told.share]), axis=1)
    until = np.array([np.interp(edges, ends, row / row[-1]) for row in sums])
    return np.asarray(people[:, None] * np.diff(until, axis=1))


def _summed(day: VisitDay, counted: int) -> Sentence:
    rest = len(day.sources) - counted
    return say(
        f"{counted} of {len(day.sources)} sources are counted; of {rest} the day's file says who comes and when",
        f"{len(day.sources)}个来源中{counted}个有计数；其余{rest}个的到达人数与时间取自日文件",
    )
