"""A controller that keeps a table of rules: what is assembled from it passes them."""

from __future__ import annotations

import math
from dataclasses import replace

from networks.rules.ground import Ground, ground_of, ruled_crossing, slow_walk_s
from networks.rules.table import RuleTable
from networks.signals.controllers.building import build_controller, with_time_to_walk
from networks.signals.controllers.controller import Controller
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.intergreen_matrix import IntergreenMatrix
from networks.signals.layouts.layout import Layout


def rule_controller(layout: Layout, table: RuleTable, *, loose: frozenset[str] = frozenset()) -> Controller:
    """The controller of a signal with the yellows, intergreens, least greens and walking times of a table.

    Times are whole seconds, rounded up, as plans are assembled in seconds. The longest red is not in it: it hangs on
    the greens that are chosen.

    Args:
        layout: The ground.
        table: The rules.
        loose: Edges whose turns over the oncoming lanes may give way although the table protects them: plans then fail
            its `protected_turn`, and nothing else.
    """
    controller = build_controller(layout, loose=loose)
    ground = ground_of(layout, controller.groups, table, loose=loose)
    groups = tuple(_whole(lamp, ground) for lamp in ground.lamps)
    least = {group.name: group.min_green_s for group in groups}
    stages = tuple(
        replace(one, min_green_s=float(math.ceil(max([one.min_green_s, *(least[name] for name in one.groups)]))))
        for one in controller.stages
    )
    seconds = {pair: _up(value) for pair, value in ground.intergreens.seconds.items()}
    return with_time_to_walk(
        replace(
            controller,
            groups=groups,
            conflicts=ground.protected,
            intergreens=IntergreenMatrix(seconds),
            stages=stages,
            crossings=tuple(ruled_crossing(table, one) for one in controller.crossings),
        )
    )


def _whole(lamp: SignalGroup, ground: Ground) -> SignalGroup:
    green = lamp.min_green_s
    if lamp.kind == "pedestrian":
        lengths = [m.length_m for m in ground.layout.movements if m.index in lamp.links]
        green = max(green, slow_walk_s(ground.table, max(lengths, default=0.0)) - lamp.clearance_s)
    return replace(lamp, min_green_s=_up(green), yellow_s=_up(lamp.yellow_s), red_amber_s=_up(lamp.red_amber_s))


def _up(seconds: float) -> float:
    return float(math.ceil(seconds - 1e-6))
