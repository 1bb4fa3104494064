"""The orders of an incident as a recommendation: what they gain over sending the nearest, in the forecast's worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from models.emergency.incidents import assign
from networks.sentence import Sentence, say
from scenarios.emergency.incident import Incident
from scenarios.emergency.worlds import open_in
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise

LOST_S = 1800.0
"""A place that nobody takes, or whose unit meets water on its way, counts as so late (guess)."""
VALID = timedelta(minutes=10)
"""So long orders may be approved (guess)."""
Chosen = tuple[tuple[int, ...], ...]


def incident_advice(
    found: Incident, *, rests_on: Sequence[Sentence], evidence: Sequence[str] = (), created: datetime | None = None
) -> Recommendation:
    """The orders against the nearest unit for each task in turn; the loser beside it: tasks by their deadlines.

    Args:
        found: The incident.
        rests_on: What the page says it rests on.
        evidence: Folders that it rests on.
        created: Now, if not told.
    """
    board, moment = found.board, created or datetime.now(UTC)
    turn = _greedy(found, range(len(board.tasks)))
    hurried = _greedy(found, sorted(range(len(board.tasks)), key=lambda i: board.tasks[i].deadline_s))
    best = assign(board.tasks, board.arrival_s).carriers
    late = {name: _late_s(found, who) for name, who in (("best", best), ("turn", turn), ("hurried", hurried))}
    action = [
        {
            "kind": "order",
            "unit": one.unit.unit_id,
            "task": one.task.name,
            "due_s": round(one.due_s),
            "depot": way.depot,
        }
        for one in board.orders
        for way in (found.approach(one),)
    ]
    names = ", ".join(dict.fromkeys(one.unit.unit_id for one in board.orders))
    other = Alternative(
        "by_deadline",
        say("the nearest for each task, by deadlines", "按时限逐项派最近单元"),
        _effect(late["turn"], late["hurried"]),
        say("not less late over all tasks", "各任务合计晚到不更少")
        if late["hurried"].mean() >= late["best"].mean()
        else say("the exact assignment weighs driving too", "精确指派同时计入行驶时间"),
    )
    return advise(
        "incident_orders",
        title=say(
            f"{found.kind.replace('_', ' ')} at {found.place.told}: send {names}", f"{found.place.told}：派{names}"
        ),
        action=action,
        effect=_effect(late["turn"], late["best"]),
        alternatives=[other],
        evidence=list(evidence),
        created=moment,
        valid_until=moment + VALID,
        rests_on=[*rests_on, _worlds_told(len(late["best"]))],
        risks=board.told(),
    )


def _effect(base: np.ndarray, values: np.ndarray) -> Effect:
    return Effect.paired("incident_late", "s", base, values, "lower")


def _greedy(found: Incident, order: Sequence[int]) -> Chosen:
    """Tasks one after the other take the nearest that is free."""
    board, free = found.board, set(range(len(found.board.units)))
    chosen: list[tuple[int, ...]] = [()] * len(board.tasks)
    for i in order:
        near = sorted((j for j in free if np.isfinite(board.arrival_s[i, j])), key=lambda j: (board.arrival_s[i, j], j))
        chosen[i] = tuple(near[: board.tasks[i].count])
        free -= set(chosen[i])
    return tuple(chosen)


def _late_s(found: Incident, chosen: Chosen) -> np.ndarray:
    """(worlds,) s that all tasks are late together."""
    board, total = found.board, np.zeros(1)
    for i, (task, who) in enumerate(zip(board.tasks, chosen, strict=True)):
        total = total + LOST_S * (task.count - len(who))
        for j in who:
            unit = board.units[j]
            way = found.approaches[task.name, unit.unit_id]
            late = max(0.0, float(board.arrival_s[i, j]) - task.deadline_s)
            total = total + np.where(open_in(found.services[unit.kind], way.edges, way.entered_s), late, LOST_S)
    return total


def _worlds_told(number: int) -> Sentence:
    if number == 1:
        return say("one world: no interval can be told", "仅一种情景：无区间")
    return say(
        f"{number} worlds of the flood forecast; a unit that meets water counts as {LOST_S / 60:.0f} min late",
        f"积水预报的{number}种情景；遇水受阻的单元按晚到{LOST_S / 60:.0f}分钟计",
    )
