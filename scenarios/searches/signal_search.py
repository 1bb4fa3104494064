"""Search for signal timings around a place: seeds from flows, then simulation decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from models import RouteKernel, stream
from networks import City, SignalLink, SignalPlan, read_signal_links, read_signal_plans
from scenarios.interventions import PhaseText, PlanText, SignalPlanChange
from scenarios.searches.candidate import Candidate
from scenarios.searches.signal_timing import (
    Leg,
    fixed_time,
    flow_ratios,
    is_green,
    webster_cycle_s,
    with_progression,
    with_splits,
)

Plans = dict[str, SignalPlan]


@dataclass(frozen=True)
class SignalArea:
    """The signals that a search may change, and the flows that it starts from.

    Attributes:
        plans: Today's plan by signal.
        links: Links by signal.
        flow_vph: Vehicles per hour by edge, measured in the base case.
        lanes: Lanes by edge.
        legs: Ways from one signal of the area to the next.
    """

    plans: dict[str, SignalPlan]
    links: dict[str, tuple[SignalLink, ...]]
    flow_vph: dict[str, float]
    lanes: dict[str, int]
    legs: tuple[Leg, ...]

    @cached_property
    def ratios(self) -> dict[str, np.ndarray]:
        """Critical flow ratios of each signal's phases."""
        return {tls: flow_ratios(plan, self.links[tls], self.flow_vph, self.lanes) for tls, plan in self.plans.items()}

    @cached_property
    def timed(self) -> dict[str, SignalPlan]:
        """Today's plans at fixed times; what actuated ones show when nobody measures."""
        return {tls: fixed_time(plan) for tls, plan in self.plans.items()}

    @property
    def critical_cycle_s(self) -> float:
        """The longest of the signals' own Webster cycles, s: the one that a common cycle must serve."""
        return max(webster_cycle_s(plan, self.ratios[tls]) for tls, plan in self.plans.items())


def signals_near(city: City, x: float, y: float, *, most: int = 16, within_m: float = 900.0) -> list[str]:
    """Ids of the signals nearest to a point (m, city CRS), nearest first; those with at least two greens to share."""
    layer = city.layer("signals")
    plans = read_signal_plans(city.net_file)
    distance = np.hypot(layer.geometry.x.to_numpy() - x, layer.geometry.y.to_numpy() - y)
    near = sorted(zip(distance.tolist(), layer["tls_id"].tolist(), strict=True))
    able = [tls for metres, tls in near if metres <= within_m and sum(map(is_green, plans[tls].phases)) >= 2]
    return able[:most]


def signal_area(
    city: City, signals: Sequence[str], edge_tables: Sequence[pd.DataFrame], duration_s: float
) -> SignalArea:
    """The area's plans, links, legs, and its flows as the mean over the members' edge tables."""
    every = read_signal_links(city.net_file)
    links = {tls: every[tls] for tls in signals}
    known = read_signal_plans(city.net_file, source=city.plan_source)
    plans = {tls: plan for tls, plan in known.items() if tls in links}
    entered = pd.concat(edge_tables).groupby("edge_id")["entered"].sum() / len(edge_tables) * 3600.0 / duration_s
    edges = city.layer("edges")
    lanes = dict(zip(edges["edge_id"], edges["lanes"].astype(int), strict=True))
    flow = {str(edge): float(value) for edge, value in entered.items()}
    return SignalArea(plans, links, flow, lanes, tuple(_legs(city, links, flow)))


def _legs(city: City, links: Mapping[str, Sequence[SignalLink]], flow: Mapping[str, float]) -> list[Leg]:
    graph = city.road_graph("passenger")
    row = {edge: number for number, edge in enumerate(graph.edge_ids)}
    free_s = graph.length_m / np.maximum(graph.speed_mps, 0.1)
    leaving = {tls: sorted({link.to_edge for link in links[tls]} & row.keys()) for tls in links}
    coming = {tls: sorted({link.from_edge for link in links[tls]} & row.keys()) for tls in links}
    kernel, legs = RouteKernel(graph), []
    for tls in sorted(links):
        if not leaving[tls]:
            continue
        times = kernel.times_from([row[edge] for edge in leaving[tls]], free_s)
        for other in sorted(links):
            ways = [
                (float(times[i, row[end]]), begin, end)
                for i, begin in enumerate(leaving[tls])
                for end in coming[other]
                if other != tls and times[i, row[end]] <= 60.0
            ]
            for seconds, begin, end in sorted(ways)[:2]:
                feeding = max(
                    sorted({link.from_edge for link in links[tls] if link.to_edge == begin}),
                    key=lambda edge: flow.get(edge, 0.0),
                )
                legs.append(Leg(tls, other, feeding, end, seconds, min(flow.get(feeding, 0.0), flow.get(end, 0.0))))
    return legs


def signal_candidates(area: SignalArea, *, seed: int, mutants: int = 2) -> list[Candidate[Plans]]:
    """Plans to race; the first is the state of things.

    Webster splits over a grid of common cycles around the critical one, with and without progression, plus random
    shifts of the progression's offsets and splits from the stream `signal-search`. Candidates run at fixed times, also
    where today's plan is actuated.
    """
    found: list[Candidate[Plans]] = [
        Candidate("as it is", "维持现状", None),
        Candidate("offsets alone", "仅调相位差", with_progression(area.timed, area.links, area.legs)),
    ]
    grid = sorted({float(round(min(max(area.critical_cycle_s * factor, 40), 110))) for factor in (1.0, 1.25)})
    for cycle in grid:
        split = {tls: fixed_time(with_splits(plan, area.ratios[tls], cycle)) for tls, plan in area.plans.items()}
        green = with_progression(split, area.links, area.legs)
        found.append(Candidate(f"splits, cycle {cycle:.0f} s", f"绿信比，周期{cycle:.0f}秒", split))
        found.append(Candidate(f"splits and offsets, cycle {cycle:.0f} s", f"绿信比与相位差，周期{cycle:.0f}秒", green))
    draw = stream(seed, "signal-search")
    for number in range(1, mutants + 1):
        cycle = grid[number % len(grid)]
        name, zh = f"variation {number}, cycle {cycle:.0f} s", f"变异方案{number}，周期{cycle:.0f}秒"
        found.append(Candidate(name, zh, _mutant(area, cycle, draw)))
    return [one for one in found if not one.what or _safe(area, one.what)]


def _safe(area: SignalArea, plans: Plans) -> bool:
    return not any(plan.check(area.plans[tls]) for tls, plan in plans.items())


def _mutant(area: SignalArea, cycle_s: float, draw: np.random.Generator) -> dict[str, SignalPlan]:
    split = {
        tls: fixed_time(with_splits(plan, area.ratios[tls] * draw.lognormal(0.0, 0.3, len(plan.phases)), cycle_s))
        for tls, plan in sorted(area.plans.items())
    }
    placed = with_progression(split, area.links, area.legs)
    return {
        tls: replace(plan, offset_s=float(round((plan.offset_s + draw.normal(0.0, cycle_s / 10)) % plan.cycle_s)))
        for tls, plan in sorted(placed.items())
    }


def as_intervention(plans: Mapping[str, SignalPlan], *, program_id: str, source: str) -> SignalPlanChange:
    """The plans as an intervention of a scenario."""
    return SignalPlanChange(
        kind="signal_plan",
        plans=tuple(
            PlanText(
                tls_id=tls,
                program_id=program_id,
                control="actuated" if plan.kind == "actuated" else "static",
                offset_s=plan.offset_s,
                phases=tuple(
                    PhaseText(duration_s=p.duration_s, state=p.state, min_s=p.min_s, max_s=p.max_s, name=p.name or "")
                    for p in plan.phases
                ),
                source=source,
            )
            for tls, plan in sorted(plans.items())
        ),
    )
