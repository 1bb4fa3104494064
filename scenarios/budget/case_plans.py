"""The signal plans of a SUMO case: what it runs today, what flows they meet, and what somebody wants tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from models.sumo import SumoCase
from networks import Controller, SignalPlan, build_controller, check_plan, read_layouts, read_signal_links
from networks.errors import BadInput
from networks.safe_xml import read_xml
from networks.signals.plans.plan_file import plans_in
from networks.signals.plans.stretching import joined_phases, new_faults, stretches
from scenarios.budget.candidates import Plans
from scenarios.budget.flow_ratios import flow_ratios


def plans_today(case: SumoCase) -> Plans:
    """The plan that each signal of a case runs: of several the one that SUMO loads last.

    Raises:
        BadInput: A plan makes no sense, or the case switches plans by the time of day.
    """
    plans: Plans = {}
    for file in (case.net, *case.additionals):
        root = read_xml(file)
        if root.find(".//WAUT") is not None:
            raise BadInput(
                "it switches signal plans by the time of day, and would switch a candidate off",
                file=file,
                place="<WAUT>",
                expected="one plan for each signal",
                remedy="take the WAUT out, and give --begin and --end of one of its periods",
            )
        plans |= {plan.tls_id: plan for plan in plans_in(root, file, source="imported")}
    return plans


def fault_finder(case: SumoCase, today: Mapping[str, SignalPlan]) -> Callable[[SignalPlan], list[str]]:
    """A check of changed plans: what is wrong with one that is not as wrong with today's plan of the signal."""
    layouts = read_layouts(case.net)

    @cache  # built when it is asked for: a large city has hundreds of signals, and a minute is short
    def known(tls: str) -> tuple[Controller | None, list[str]]:
        controller = build_controller(layouts[tls]) if tls in layouts else None
        return controller, _faults(today[tls], today[tls], controller)

    def find(plan: SignalPlan) -> list[str]:
        controller, own = known(plan.tls_id)
        return new_faults(_faults(plan, today[plan.tls_id], controller), own)

    return find


def _faults(plan: SignalPlan, today: SignalPlan, controller: Controller | None) -> list[str]:
    found = plan.check(today)
    return [*found, *check_plan(plan, controller)] if controller is not None and not found else found


def flow_shares(case: SumoCase, today: Mapping[str, SignalPlan], edges: pd.DataFrame) -> dict[str, np.ndarray]:
    """Critical flow ratio of each stretch of each signal, from the vehicles counted on edges in a run of the case."""
    hours = max((case.end_s or 0.0) - case.begin_s, 1.0) / 3600.0
    came = edges.assign(came=edges["entered"] + edges["departed"]).groupby("edge_id")["came"].sum()
    flow = {str(edge): float(count) / hours for edge, count in came.items()}
    shares = {}
    for tls, links in read_signal_links(case.net).items():
        if tls in today and stretches(joined_phases(today[tls])):
            plan = joined_phases(today[tls])
            lanes: dict[str, int] = {}
            for link in links:
                lanes[link.from_edge] = max(lanes.get(link.from_edge, 0), link.from_lane + 1)
            ratios = flow_ratios(plan, links, flow, lanes)
            shares[tls] = np.array([ratios[one.phase] for one in stretches(plan)])
    return shares


def read_given(
    file: Path, today: Mapping[str, SignalPlan], faults: Callable[[SignalPlan], list[str]]
) -> dict[str, Plans]:
    """Candidates from an additional file: the plans of one programID are one candidate.

    Raises:
        BadInput: It has no plan, one for an unknown signal, or an unsafe one.
    """
    given: dict[str, Plans] = {}
    for plan in plans_in(read_xml(file), file, source="given"):
        place = f"signal {plan.tls_id}, program {plan.program_id}"
        if plan.tls_id not in today:
            raise BadInput("the case has no such signal", file=file, place=place, expected=", ".join(sorted(today)[:8]))
        if wrong := faults(plan):
            raise BadInput(
                f"the plan is not safe where today's is: {'; '.join(wrong[:3])}",
                file=file,
                place=place,
                remedy="keep today's states, least greens, yellows and intergreens",
            )
        given.setdefault(plan.program_id, {})[plan.tls_id] = plan
    if not given:
        raise BadInput("it holds no plan", file=file, expected="<tlLogic> elements; one programID is one candidate")
    return given
