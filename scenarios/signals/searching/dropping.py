"""Stages for turns that a table protects: which of them an engineer may permit to drop, and whether that helps."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from networks import Layout, RuleTable, SignalLink, rule_controller
from networks.errors import BadInput
from networks.signals.groups.grouping import own_turn_lanes
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.seeding import Flows, flow_ratios, split
from scenarios.signals.designing.stage_set import StageSet, legal_stages
from scenarios.signals.trying.trials import Trials

ALL = "all"
_CYCLE_S = 65.0
_SEEDS = (72001, 72002)
"""Of the two runs that decide; nobody else uses them."""


@dataclass(frozen=True)
class Droppable:
    """A signal with stages that serve turns which other stages could serve while they give way.

    Attributes:
        tls_id: The signal.
        edges: Approaches whose turns over the oncoming lanes have lanes of their own.
        stages, fewer: How many stages with them, and without.
        permitted: Approaches of those that the engineer gave leave for.
        dropped: Whether that leave was used: it lost less in simulation.
    """

    tls_id: str
    edges: tuple[str, ...]
    stages: int
    fewer: int
    permitted: tuple[str, ...] = ()
    dropped: bool = False


def find_droppable(layout: Layout, table: RuleTable, stages: int) -> Droppable | None:
    """The approaches of a signal whose protected turns cost stages of their own; None where there are none.

    Args:
        layout: Of the signal.
        table: The rules.
        stages: How many it has when all of them are protected.
    """
    edges = own_turn_lanes(layout)
    fewer = len(rule_controller(layout, table, loose=edges).stages) if edges else stages
    return Droppable(layout.tls_id, tuple(sorted(edges)), stages, fewer) if fewer < stages else None


def permitted_edges(wanted: Collection[str], layouts: Mapping[str, Layout]) -> frozenset[str]:
    """The approaches that leave is given for.

    Args:
        wanted: Edges, or `all`.
        layouts: Of the signals that may change.

    Raises:
        BadInput: An edge leads to none of these signals.
    """
    edges = {m.from_edge for layout in layouts.values() for m in layout.movements}
    if ALL in wanted:
        return frozenset(edges)
    strange = sorted(set(wanted) - edges)
    if strange:
        raise BadInput(
            f"no signal that may change has an approach {strange[0]}",
            place="--may-drop",
            expected=f"{ALL}, or edges such as {', '.join(sorted(edges)[:4])}",
        )
    return frozenset(wanted)


def with_fewer_stages(
    trials: Trials,
    sets: Mapping[str, StageSet],
    layouts: Mapping[str, Layout],
    table: RuleTable,
    flows: Flows,
    permitted: frozenset[str],
) -> tuple[dict[str, StageSet], tuple[Droppable, ...]]:
    """Stage sets in which protected turns gave way where leave was given and less was lost.

    Both kinds run once on each of two seeds, at fixed times by flow, all signals alike; each signal takes what loses
    less on its own approaches. Without any leave nothing is run, and what could be dropped is only told.

    Args:
        trials: Makes the runs.
        sets: The legal stages.
        layouts: Of these signals.
        table: The rules.
        flows: Vehicles per hour from edge to edge.
        permitted: Approaches with leave.
    """
    found = {tls: one for tls in sets if (one := find_droppable(layouts[tls], table, sets[tls].own)) is not None}
    given = {tls: tuple(edge for edge in one.edges if edge in permitted) for tls, one in found.items()}
    looser = {
        tls: legal_stages(
            rule_controller(layouts[tls], table, loose=frozenset(own)), longest_red_s=sets[tls].longest_red_s
        )
        for tls, own in given.items()
        if own
    }
    chosen = _better(trials, {tls: sets[tls] for tls in looser}, looser, flows) if looser else set()
    told = tuple(
        Droppable(tls, one.edges, one.stages, one.fewer, given[tls], tls in chosen) for tls, one in found.items()
    )
    return {tls: looser[tls] if tls in chosen else one for tls, one in sets.items()}, told


def _better(trials: Trials, strict: Mapping[str, StageSet], looser: Mapping[str, StageSet], flows: Flows) -> set[str]:
    """Signals that lose less with the looser stages."""
    plans = [
        {tls: plan_of(_seed(one, trials.links[tls], flows), one) for tls, one in sets.items()}
        for sets in (strict, looser)
    ]
    runs = trials.run([(one, seed) for one in plans for seed in _SEEDS])
    half = len(_SEEDS)
    lost = [{tls: sum(run.lost_s[tls] for run in side) for tls in strict} for side in (runs[:half], runs[half:])]
    return {tls for tls in strict if math.isfinite(lost[1][tls]) and lost[1][tls] < lost[0][tls]}


def _seed(stages: StageSet, links: tuple[SignalLink, ...], flows: Flows) -> Design:
    every = tuple(range(stages.own))
    return Design("static", every, split(stages, every, flow_ratios(stages, links, flows), _CYCLE_S))
