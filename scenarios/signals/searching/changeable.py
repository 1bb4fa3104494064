"""Signals of a case that a search may change, and what it may change about them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.sumo import SumoCase
from networks import SignalPlan, equipment_of, equipped_for, read_layouts
from networks.errors import BadInput
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.signals.equipment.loops import read_loops
from networks.signals.plans.plan import STATIC
from scenarios.signals.coordinating.green_waves import GreenWaves
from scenarios.signals.coordinating.streams import Stream, find_streams, turn_links
from scenarios.signals.designing.seeding import flow_ratios
from scenarios.signals.designing.stage_set import StageSet, free_stages, legal_stages
from scenarios.signals.searching.dropping import Droppable, permitted_edges, with_fewer_stages
from scenarios.signals.searching.variation import Variation
from scenarios.signals.searching.wish import CLASSES, RESCO, Wish
from scenarios.signals.trying.trials import Trials


def variations_of(
    case: SumoCase,
    wish: Wish,
    today: Mapping[str, SignalPlan],
    trials: Trials,
    flows: Mapping[tuple[str, str], float],
) -> tuple[dict[str, Variation], tuple[Droppable, ...]]:
    """By signal: what may change; and the stages that could be dropped with leave.

    Raises:
        BadInput: The wish names a signal or an approach that is not there, or no signal can be changed.
    """
    missing = [tls for tls in wish.only if tls not in today]
    if missing:
        raise BadInput(
            f"the case has no signal {missing[0]}",
            file=case.file,
            place="--only",
            expected=", ".join(sorted(today)[:8]),
        )
    wanted = sorted(wish.only or today)
    sets, droppable = _stage_sets(case, wish, {tls: today[tls] for tls in wanted}, trials, flows)
    if not sets:
        raise BadInput(
            "it has no signal whose plan can be changed",
            file=case.file,
            expected="a static or actuated tlLogic with a green",
        )
    loops = read_loops(case.net) if wish.home is None else {}  # conditions came later than the SUMO of another home
    controls = tuple(one for one in CLASSES[wish.plan_class] if loops or one != "on_call")
    sets = {tls: replace(one, loops=loops.get(tls, {})) for tls, one in sets.items()}
    variations = {
        tls: Variation(
            one,
            flow_ratios(one, trials.links[tls], flows),
            ("static",) if equipment_of(today[tls]).countdown else controls,
            wish.law == RESCO,
        )
        for tls, one in sets.items()
    }
    return variations, droppable


def _stage_sets(
    case: SumoCase,
    wish: Wish,
    today: Mapping[str, SignalPlan],
    trials: Trials,
    flows: Mapping[tuple[str, str], float],
) -> tuple[dict[str, StageSet], tuple[Droppable, ...]]:
    able: Sequence[str] = [
        tls for tls, plan in today.items() if tls in trials.links and plan.kind in (STATIC, "actuated", "delay_based")
    ]
    if wish.law == RESCO:
        if wish.may_drop:
            raise BadInput("the rules of RESCO drop stages without leave", place="--may-drop", remedy="leave it out")
        return _serving({tls: free_stages(today[tls], trials.links[tls]) for tls in able}), ()
    table, known = read_rules(wish.law), read_layouts(case.net)
    layouts = {tls: equipped_for(known[tls], today[tls]) for tls in able if tls in known}
    longest_s = table.value("most_red") or math.inf
    sets = _serving(
        {tls: legal_stages(rule_controller(one, table), longest_red_s=longest_s) for tls, one in layouts.items()}
    )
    if not wish.may_drop and not wish.closely:
        return sets, ()
    permitted = permitted_edges(wish.may_drop, {tls: layouts[tls] for tls in sets})
    return with_fewer_stages(trials, sets, layouts, table, flows, permitted)


def _serving(sets: Mapping[str, StageSet]) -> dict[str, StageSet]:
    return {tls: one for tls, one in sets.items() if one.own and one.serves(range(one.own))}


def streams_of(case: SumoCase, trials: Trials, variations: Mapping[str, Variation]) -> list[Stream]:
    """The traffic that drives from one of these signals to another."""
    mine = {tls: trials.links[tls] for tls in variations}
    return find_streams(case.net, mine, trials.routes, trials.hours) if len(mine) > 1 else []


def waves_of(trials: Trials, variations: Mapping[str, Variation], streams: Sequence[Stream]) -> GreenWaves | None:
    """What brings fixed times into step; None where nothing drives from one of these signals to another."""
    if not streams or not any("static" in one.controls for one in variations.values()):
        return None
    sets = {tls: one.stages for tls, one in variations.items()}
    links = turn_links({tls: trials.links[tls] for tls in variations})
    return GreenWaves(sets, {tls: one.ratios for tls, one in variations.items()}, links, streams)
