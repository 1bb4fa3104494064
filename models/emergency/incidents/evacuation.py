"""Getting people out: who goes to which shelter, within places, deadlines and ways that stay open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.routing import Floats
from networks.errors import BadInput, EngineFailed

LEFT_S = 1e5
"""A person who is left behind weighs more than any way."""


@dataclass(frozen=True)
class Evacuation:
    """Who goes where.

    Attributes:
        people: (origins, shelters) how many.
        left: (origins,) how many find no place or no way in time.
        person_s: Sum of all their travel times.
    """

    people: Floats
    left: Floats
    person_s: float


def evacuate(people: Floats, places: Floats, times_s: Floats, deadline_s: Floats | None = None) -> Evacuation:
    """The fewest left behind, then the least travel time in sum, exactly.

    Args:
        people: (origins,) how many must leave each place.
        places: (shelters,) how many each takes.
        times_s: (origins, shelters) s on ways that stay open for as long as they are needed; infinite without one.
        deadline_s: (origins,) they must have arrived by then; none by default.

    Raises:
        BadInput: Shapes that do not fit.

    Source: the transportation problem, Hitchcock (1941), Journal of Mathematics and Physics 20,
    doi:10.1002/sapm1941201224; solved by HiGHS (`scipy.optimize.linprog`), whose corners are whole people.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix, hstack, identity

    origins, shelters = times_s.shape
    if people.shape != (origins,) or places.shape != (shelters,):
        raise BadInput("people, places and times do not fit", expected="(origins,), (shelters,), (origins, shelters)")
    late = np.zeros_like(times_s, dtype=bool) if deadline_s is None else times_s > deadline_s[:, None]
    origin, shelter = np.nonzero(np.isfinite(times_s) & ~late)
    pairs = len(origin)
    leave = coo_matrix((np.ones(pairs), (origin, np.arange(pairs))), shape=(origins, pairs))
    room = coo_matrix((np.ones(pairs), (shelter, np.arange(pairs))), shape=(shelters, pairs))
    found = linprog(
        np.concatenate([times_s[origin, shelter], np.full(origins, LEFT_S)]),
        A_eq=hstack([leave, identity(origins)]).tocsr(),
        b_eq=people,
        A_ub=hstack([room, coo_matrix((shelters, origins))]).tocsr(),
        b_ub=places,
        method="highs-ds",
    )
    if found.x is None:
        raise EngineFailed(f"HiGHS found no evacuation: {found.message}")
    sent = np.zeros_like(times_s, dtype=np.float64)
    sent[origin, shelter] = found.x[:pairs]
    return Evacuation(sent, np.asarray(found.x[pairs:]), float(found.x[:pairs] @ times_s[origin, shelter]))
