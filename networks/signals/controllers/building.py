"""A controller from the ground: groups, conflicts, intergreens, legal stages, and the time that people on foot need."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from networks.signals.controllers.assembling import assemble_plan
from networks.signals.controllers.checking import walk_time_s
from networks.signals.controllers.controller import Controller
from networks.signals.controllers.demand import flow_ratio
from networks.signals.controllers.stage import Stage
from networks.signals.controllers.staging import choose_stages
from networks.signals.equipment.crossings import find_crossings
from networks.signals.equipment.waiting_area import stuck_in, waiting_areas
from networks.signals.groups.conflicts import PROTECT_LANES, find_conflicts
from networks.signals.groups.crossing import Crossing
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.grouping import form_groups
from networks.signals.layouts.layout import Layout, read_layouts
from networks.signals.layouts.movement import turned
from networks.signals.layouts.streams import find_streams, lag_s, short_inner

_MAIN_GREEN_S = 8.0
_TURN_GREEN_S = 5.0
_ROUNDS = 12


def read_controllers(net_file: Path) -> dict[str, Controller]:
    """The controller of every signal in a SUMO net, by id.

    Raises:
        BadInput: It is no SUMO network.
    """
    return {tls: build_controller(layout) for tls, layout in read_layouts(net_file).items()}


def build_controller(
    layout: Layout, *, protect_lanes: int = PROTECT_LANES, loose: frozenset[str] = frozenset()
) -> Controller:
    """The controller of one signal: see `find_conflicts` for `protect_lanes` and `loose`."""
    groups = form_groups(layout)
    conflicts, intergreens = find_conflicts(layout, groups, protect_lanes=protect_lanes, loose=loose)
    ratios = {group.name: flow_ratio(layout, group) for group in groups}
    lags = _lags(layout, groups)
    carried, mates = _carried(layout, groups), _mates(layout, groups)
    served = choose_stages(groups, conflicts, intergreens, carried, mates, ratios, _stuck(layout, groups))
    crossings = find_crossings(layout, groups)
    stages = [Stage(str(n), names, _least(names, groups, ratios)) for n, names in enumerate(served, 1)]
    if len(stages) == 1 and not any(group.kind == "pedestrian" for group in groups):
        stages.append(_walk_stage(crossings))
    walked = tuple(one for one in crossings if any(not set(one.stopped) & set(s.groups) for s in stages))
    yields = frozenset((layout.movements[a].index, layout.movements[b].index) for a, b in layout.yields)
    controller = Controller(
        tls_id=layout.tls_id,
        groups=groups,
        conflicts=conflicts,
        intergreens=intergreens,
        stages=tuple(stages),
        crossings=walked,
        yields=frozenset(pair for pair in yields if pair[0] != pair[1]),
        lags=lags,
        red=layout.red,
    )
    return with_time_to_walk(controller)


def _stuck(layout: Layout, groups: tuple[SignalGroup, ...]) -> Callable[[tuple[tuple[str, ...], ...]], int]:
    """How often an order of stages lets traffic across while others may stand in a waiting area."""
    areas, links = waiting_areas(layout), {group.name: group.links for group in groups}

    def count(order: tuple[tuple[str, ...], ...]) -> int:
        shown = tuple(frozenset(link for name in names for link in links[name]) for names in order)
        return sum(stuck_in(area, shown) for area in areas)

    return count


def _carried(layout: Layout, groups: tuple[SignalGroup, ...]) -> dict[str, tuple[str, ...]]:
    """Entry -> the groups inside the controller that its streams pass, nearest to straight on first."""
    home = {link: group.name for group in groups for link in group.links}
    passed: dict[str, list[tuple[float, int, str]]] = {}
    for stream in find_streams(layout):
        way = [layout.movements[m] for m in stream]
        turn = abs(turned(way[0].heading_in, way[-1].heading_out))
        entry = passed.setdefault(home[way[0].index], [])
        entry += [(round(turn, 2), n, home[m.index]) for n, m in enumerate(way[1:])]
    order = [group.name for group in groups if group.name in passed]
    return {name: tuple(dict.fromkeys(one for *_, one in sorted(passed[name]) if one != name)) for name in order}


def _mates(layout: Layout, groups: tuple[SignalGroup, ...]) -> frozenset[tuple[str, str]]:
    """Pairs of groups that share a lane of a short edge inside the controller."""
    home = {link: group.name for group in groups for link in group.links}
    short, lanes = short_inner(layout), dict[tuple[str, int], set[str]]()
    for movement in layout.movements:
        if movement.from_edge in short:
            lanes.setdefault((movement.from_edge, movement.from_lane), set()).add(home[movement.index])
    return frozenset((a, b) for names in lanes.values() for a in names for b in names if a != b)


def _lags(layout: Layout, groups: tuple[SignalGroup, ...]) -> dict[tuple[str, str], float]:
    home = {link: group.name for group in groups for link in group.links}
    lags: dict[tuple[str, str], float] = {}
    for stream in find_streams(layout):
        for a, b in itertools.pairwise(stream):
            key = (home[layout.movements[a].index], home[layout.movements[b].index])
            if key[0] != key[1]:
                lags[key] = max(lags.get(key, 0.0), lag_s(layout, a))
    return dict(sorted(lags.items()))


def _least(names: tuple[str, ...], groups: tuple[SignalGroup, ...], ratios: dict[str, float]) -> float:
    """Least green of a stage: of its groups, and a little more for those that carry a road."""
    own = [group for group in groups if group.name in names]
    main = _MAIN_GREEN_S if max(ratios[name] for name in names) > 0.1 else _TURN_GREEN_S
    return max(main, *(group.min_green_s for group in own))


def _walk_stage(crossings: tuple[Crossing, ...]) -> Stage:
    """The stage of people on foot at a signal that has no other reason: all red while they walk."""
    need = max((one.need_s for one in crossings), default=12.0)
    return Stage("walk", (), float(math.ceil(need - 1e-6)))


def with_time_to_walk(controller: Controller) -> Controller:
    """Least greens raised until every crossing has its time even in the shortest cycle."""
    for _ in range(_ROUNDS):
        plan = assemble_plan(controller, [stage.min_green_s for stage in controller.stages])
        short = [(one, one.need_s - walk_time_s(plan, one, controller)) for one in controller.crossings]
        worst, missing = max(short, key=lambda pair: pair[1], default=(None, 0.0))
        if worst is None or missing <= 1e-6:
            return controller
        able = [n for n, s in enumerate(controller.stages) if not set(worst.stopped) & set(s.groups)]
        chosen = max(able, key=lambda n: (controller.stages[n].min_green_s, -n))
        longer = controller.stages[chosen].min_green_s + float(math.ceil(missing - 1e-6))
        raised = replace(controller.stages[chosen], min_green_s=longer)
        controller = replace(controller, stages=(*controller.stages[:chosen], raised, *controller.stages[chosen + 1 :]))
    return controller
