"""Who takes which task: least lateness over all tasks at once, solved exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.emergency.incidents.task import Task
from models.routing import Floats
from networks.errors import BadInput, EngineFailed

LATE = 10.0
"""A second late weighs so many seconds of driving (guess: deadlines first, then quick arrivals)."""
MISSING_S = 1e6
"""A place that nobody takes weighs more than any lateness."""


@dataclass(frozen=True)
class Assignment:
    """Who goes.

    Attributes:
        carriers: Task by task, the carriers' places in the list that was given.
        missing: Task by task, how many more are needed.
    """

    carriers: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]


def assign(tasks: Sequence[Task], arrival_s: Floats) -> Assignment:
    """Each carrier takes one task at most; tasks that cannot be filled are left short, the fewest possible.

    Args:
        tasks: All tasks.
        arrival_s: (tasks, carriers) s after the order at which each carrier would be there with what it must bring;
            infinite where it cannot do the task, or cannot get there.

    Raises:
        BadInput: Shapes that do not fit.

    Source: the generalised assignment problem as an integer program, solved by HiGHS (`scipy.optimize.milp`).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_matrix, hstack, identity, vstack

    if arrival_s.shape[0] != len(tasks):
        raise BadInput(f"arrivals of shape {arrival_s.shape}", expected=f"({len(tasks)}, carriers)")
    number, carriers = arrival_s.shape
    task, carrier = np.nonzero(np.isfinite(arrival_s))
    pairs, counts = len(task), np.array([one.count for one in tasks], dtype=np.float64)
    if not pairs:
        return Assignment(tuple(() for _ in tasks), tuple(one.count for one in tasks))
    spent = arrival_s[task, carrier]
    late = np.maximum(0.0, spent - np.array([one.deadline_s for one in tasks])[task])
    filled = coo_matrix((np.ones(pairs), (task, np.arange(pairs))), shape=(number, pairs))
    used = coo_matrix((np.ones(pairs), (carrier, np.arange(pairs))), shape=(carriers, pairs))
    rows = vstack([hstack([filled, identity(number)]), hstack([used, coo_matrix((carriers, number))])]).tocsr()
    found = milp(
        np.concatenate([spent + LATE * late, np.full(number, MISSING_S)]),
        constraints=LinearConstraint(
            rows, np.concatenate([counts, np.zeros(carriers)]), np.concatenate([counts, np.ones(carriers)])
        ),
        integrality=np.ones(pairs + number),
        bounds=Bounds(np.zeros(pairs + number), np.concatenate([np.ones(pairs), counts])),
    )
    if found.x is None:
        raise EngineFailed(f"HiGHS found no assignment: {found.message}")
    taken = np.rint(found.x[:pairs]) > 0
    chosen = tuple(
        tuple(sorted(carrier[taken & (task == i)].tolist(), key=lambda c, i=i: (arrival_s[i, c], c)))  # type: ignore[misc]
        for i in range(number)
    )
    return Assignment(chosen, tuple(int(k) - len(who) for k, who in zip(counts.tolist(), chosen, strict=True)))
