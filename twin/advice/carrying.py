"""What interventions are in a simulation: an action that was carried out in the street is carried out in the twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.sumo.change import Change
from models.sumo.diverted import Diverted
from models.sumo.switched import SignalSwitched
from networks import SignalPlan
from scenarios.plan_text import PlanText
from twin.advice.ground import AdviceGround
from twin.advice.proposing import BARRIER_S, BARRIER_SHARE, RADIO_SHARE, SIGN_SHARE
from twin.advice.trouble import REACH

HOUR_S = 3600.0
"""A diversion is believed to hold for so long: nobody says when drivers forget it (guess)."""


def changes_of(
    interventions: Sequence[Mapping[str, Any]], ground: AdviceGround, seed: int
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """What the twin does for an action, and kinds of intervention that it cannot do.

    Args:
        interventions: As an approved recommendation has them.
        ground: The streets.
        seed: Who follows a diversion is drawn from it, as when it was proposed.
    """
    changes: list[Change] = []
    unknown: list[str] = []
    for one in interventions:
        kind = str(one.get("kind"))
        if kind == "signal_plan":
            changes += map(_switched, plans_of([one]))
        elif kind == "diversion":
            changes += _diverted(one, seed)
        elif kind == "road_closure" and not one.get("open"):
            changes += _closed([str(edge) for edge in one.get("edges", ())], ground, seed)
        elif kind != "road_closure":
            unknown.append(kind)
    return tuple(changes), tuple(unknown)


def plans_of(interventions: Sequence[Mapping[str, Any]]) -> list[SignalPlan]:
    """The signal plans in an action."""
    return [
        PlanText.model_validate(text).plan()
        for one in interventions
        if one.get("kind") == "signal_plan"
        for text in one.get("plans", ())
    ]


def _switched(plan: SignalPlan) -> SignalSwitched:
    return SignalSwitched(plan.tls_id, tuple((phase.duration_s, phase.state) for phase in plan.phases))


def _diverted(one: Mapping[str, Any], seed: int) -> list[Change]:
    """None where it brings back what was: drivers who turned off do not turn back."""
    avoid = tuple(map(str, one.get("avoid", ())))
    if not avoid:
        return []
    signs = tuple(map(str, one.get("signs", ())))
    return [Diverted(avoid, SIGN_SHARE if signs else RADIO_SHARE, seed, signs, for_s=HOUR_S)]


def _closed(edges: Sequence[str], ground: AdviceGround, seed: int) -> list[Change]:
    ahead = tuple(sorted(edge for edge, hop in ground.upstream(edges, REACH).items() if hop > 1))
    return [Diverted(tuple(edges), BARRIER_SHARE, seed, ahead, BARRIER_S, HOUR_S)] if ahead else []
