"""Guessed plans: what a signal would plausibly run where nobody has told us, legal in every second."""

from __future__ import annotations

import math
from pathlib import Path

from networks.signals.controllers.assembling import assemble_plan
from networks.signals.controllers.building import build_controller
from networks.signals.controllers.controller import Controller
from networks.signals.controllers.demand import flow_ratio
from networks.signals.controllers.detecting import detectable_stages
from networks.signals.groups.conflicts import PROTECT_LANES
from networks.signals.guesses.splitting import LONGEST_CYCLE_S, split_greens
from networks.signals.layouts.layout import Layout, read_layouts
from networks.signals.plans.plan import ACTUATED, SignalPlan

GUESSED = "guessed"
_STRETCH = 1.6


def guess_plans(net_file: Path, *, kind: str = ACTUATED, protect_lanes: int = PROTECT_LANES) -> dict[str, SignalPlan]:
    """A plan for every signal of a SUMO net, by id; the same net gives the same plans.

    Stages from the conflict matrix, changes from the intergreens, least greens with time for people on foot, splits and
    cycle from assumed flows by road class and lanes.

    Args:
        net_file: `.net.xml` or `.net.xml.gz`.
        kind: `actuated`, or `static` with the same stages.
        protect_lanes: See `find_conflicts`.

    Raises:
        BadInput: It is no SUMO network.
    """
    return {
        tls: guess_plan(layout, build_controller(layout, protect_lanes=protect_lanes), kind=kind)
        for tls, layout in read_layouts(net_file).items()
    }


def guess_plan(layout: Layout, controller: Controller, *, kind: str = ACTUATED) -> SignalPlan:
    """The guessed plan of one signal.

    Where detectors cannot tell the traffic of a stage, an actuated plan gives it a fixed green between the least one
    and its share of a busy hour; where they can in no stage, the plan is static.
    """
    ratios = {group.name: flow_ratio(layout, group) for group in controller.groups}
    greens = split_greens(controller, ratios)
    most = None
    if kind == ACTUATED and len(controller.stages) > 1:
        able = detectable_stages(layout, controller)
        longest = [min(math.ceil(green * _STRETCH) + 5.0, max(green, LONGEST_CYCLE_S / 2)) for green in greens]
        most = [long if n in able else 0.0 for n, long in enumerate(longest)] if able else None
        greens = tuple(
            green if n in able else float(math.ceil((green + stage.min_green_s) / 2))
            for n, (green, stage) in enumerate(zip(greens, controller.stages, strict=True))
        )
    return assemble_plan(controller, greens, most_s=most, source=GUESSED)
