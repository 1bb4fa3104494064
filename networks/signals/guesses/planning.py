"""The last step of a road network: every signal gets a guessed plan, and a doubt that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from networks.doubts import Doubt
from networks.sentence import say
from networks.signals.controllers.building import build_controller
from networks.signals.controllers.checking import check_plan
from networks.signals.controllers.controller import Controller
from networks.signals.controllers.demand import flow_ratio
from networks.signals.guesses.guess import guess_plan
from networks.signals.guesses.splitting import critical_shares
from networks.signals.layouts.layout import Layout, read_layouts
from networks.signals.plans.embed import embed_plans
from networks.signals.plans.plan import SignalPlan

_LEAST_INFLUENCE, _MOST_INFLUENCE = 0.2, 1.0


def plan_signals(net_file: Path) -> list[Doubt]:
    """Guess a plan for every signal of a network and write them into it; one doubt for each, two for an unsafe one.

    Raises:
        BadInput: It is no SUMO network.
        StorageFailed: The disk is full or may not be written.
    """
    plans: dict[str, SignalPlan] = {}
    doubts = []
    for tls, layout in read_layouts(net_file).items():
        controller = build_controller(layout)
        plans[tls] = guess_plan(layout, controller)
        doubts.append(_doubt(layout, controller, plans[tls]))
        if unsafe := check_plan(plans[tls], controller):
            doubts.append(_unsafe(doubts[-1], unsafe))
    embed_plans(net_file, plans)
    return doubts


def _doubt(layout: Layout, controller: Controller, plan: SignalPlan) -> Doubt:
    """More hangs on a plan the more of its cycle is needed, after road classes and lanes."""
    ratios = {group.name: flow_ratio(layout, group) for group in controller.groups}
    needed = sum(critical_shares(controller, ratios))
    stages = sum(1 for stage in controller.stages if stage.groups)
    ends = [movement.path[0] for movement in layout.movements]
    roads = sorted({layout.edges[m.from_edge].road for m in layout.movements if m.from_edge in layout.edges} - {""})
    x, y = (sum(point[axis] for point in ends) / len(ends) for axis in (0, 1))
    return Doubt(
        kind="guessed_plan",
        osm="",
        net=layout.tls_id,
        what=say(
            f"the signal plan is guessed: {stages} stages, cycle {plan.cycle_s:g} s ({', '.join(roads)})",
            f"信号配时方案为推测：{stages}个阶段，周期{plan.cycle_s:g}秒（{'、'.join(roads)}）",
        ),
        remedy=say(
            "give the plan that the signal really runs: stages, greens, intergreens, offset",
            "提供该信号机实际运行的方案：阶段、绿灯时间、绿灯间隔、相位差",
        ),
        influence=min(max(_LEAST_INFLUENCE, needed), _MOST_INFLUENCE),
        x=x,
        y=y,
    )


def _unsafe(guess: Doubt, found: Sequence[str]) -> Doubt:
    """The same signal's plan does not pass the checks of `networks.signals.controllers.checking`."""
    return replace(
        guess,
        kind="unsafe_plan",
        what=say(f"the guessed plan is unsafe: {'; '.join(found)}", f"推测的配时方案不安全：{'；'.join(found)}"),
        influence=1.0,
    )
