"""Where stations and units should stand: p-median, maximal covering and maximal expected covering, solved exactly.

HiGHS (`scipy.optimize.milp`) solves the integer programs. Scenarios (dry, and under each flood that may come) enter as
more places: stack their columns, with the weights shared out by how likely each is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.routing import Floats
from networks.errors import BadInput, EngineFailed

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Siting:
    """An answer.

    Attributes:
        counts: (sites,) stations or units at each site.
        value: What was optimised: mean time (s) for p-median, else the weight that is covered.
        bound: No other answer is better than this; equal to `value` where the answer is proven best.
        unreached: (places,) True where no site at all reaches a place; such places count in no answer.
    """

    counts: NDArray[np.int64]
    value: float
    bound: float
    unreached: Mask


def p_median(
    times_s: Floats, weights: Floats, count: int, *, fixed: Sequence[int] = (), limit_s: float = 60.0
) -> Siting:
    """The `count` sites from which the weighted mean time to the places, each from its nearest, is least.

    Args:
        times_s: (sites, places), infinite where there is no way.
        weights: (places,).
        count: How many sites, those that are fixed included.
        fixed: Sites that stay.
        limit_s: The solver stops then, with the best it has and a bound.

    Raises:
        BadInput: `count` does not fit, or so few sites cannot reach every place that some site reaches.

    Source: Hakimi (1964), Operations Research 12(3), doi:10.1287/opre.12.3.450; as an integer program ReVelle & Swain
    (1970), Geographical Analysis 2(1), doi:10.1111/j.1538-4632.1970.tb00142.x (secondary source: titles and DOIs as
    others cite them, the texts were not at hand).
    """
    from scipy.sparse import coo_matrix, hstack, identity, vstack

    sites = _check(times_s, weights, count, fixed)
    unreached = ~np.isfinite(times_s).any(axis=0) | (weights <= 0)
    site, place = np.nonzero(np.isfinite(times_s) & ~unreached)
    pairs, places = len(site), np.cumsum(~unreached) - 1
    served = coo_matrix((np.ones(pairs), (places[place], np.arange(pairs))), shape=(int((~unreached).sum()), pairs))
    at = coo_matrix((np.ones(pairs), (np.arange(pairs), site)), shape=(pairs, sites))
    rows = vstack([
        hstack([coo_matrix((served.shape[0], sites)), served]),
        hstack([-at, identity(pairs)]),
        hstack([np.ones((1, sites)), coo_matrix((1, pairs))]),
    ]).tocsr()  # fmt: skip
    low = np.concatenate([np.ones(served.shape[0]), np.full(pairs, -np.inf), [count]])
    high = np.concatenate([np.ones(served.shape[0]), np.zeros(pairs), [count]])
    total = float(weights[~unreached].sum()) or 1.0
    cost = np.concatenate([np.zeros(sites), weights[place] * times_s[site, place] / total])
    found = _solve(cost, rows, low, high, sites, _lower(sites, fixed, pairs), np.ones(sites + pairs), limit_s)
    return Siting(np.rint(found.x[:sites]).astype(np.int64), float(found.fun), _bound(found), unreached)


def max_covering(
    reach: Mask, weights: Floats, count: int, *, fixed: Sequence[int] = (), limit_s: float = 60.0
) -> Siting:
    """The `count` sites that reach most weight in time (MCLP).

    Args:
        reach: (sites, places) True where a place is reached in time.
        weights: (places,).
        count: How many sites, those that are fixed included.
        fixed: Sites that stay.
        limit_s: See `p_median`.

    Raises:
        BadInput: `count` does not fit.

    Source: Church & ReVelle (1974), Papers of the Regional Science Association 32, 101-118, doi:10.1007/BF01942293
    (secondary source: title and DOI as others cite them, the text was not at hand).
    """
    sites = _check(reach, weights, count, fixed)
    return _covering(reach, weights, np.ones((1, 1)), count, _lower(sites, fixed, 0), np.ones(sites), limit_s)


def max_expected_covering(
    reach: Mask, weights: Floats, units: int, busy: float, *, most: int | None = None, limit_s: float = 60.0
) -> Siting:
    """Where `units` units should stand, each busy a share `busy` of the time (MEXCLP).

    Args:
        reach: (sites, places) True where a place is reached in time.
        weights: (places,).
        units: How many.
        busy: q.
        most: Units that a site holds; no limit by default.
        limit_s: See `p_median`.

    Raises:
        BadInput: They do not fit into the sites, or `busy` is no share.

    Source: Daskin (1983), Transportation Science 17(1), 48-70, doi:10.1287/trsc.17.1.48 (secondary source: title and
    DOI as others cite them, the text was not at hand).
    """
    if not 0.0 <= busy < 1.0:
        raise BadInput(f"a busy share of {busy:g}", expected="at least 0 and below 1")
    sites, room = len(reach), most or units
    if units < 1 or room * sites < units:
        raise BadInput(f"{units} units do not fit into {sites} sites", expected=f"from 1 to {room * sites}")
    steps = (1.0 - busy) * busy ** np.arange(units, dtype=np.float64)
    return _covering(reach, weights, steps[None, :], units, np.zeros(sites), np.full(sites, float(room)), limit_s)


def _covering(
    reach: Mask, weights: Floats, steps: Floats, count: int, low_at: Floats, high_at: Floats, limit_s: float
) -> Siting:
    """Places covered k times are worth the sum of the first k of `steps`: falling, so that the first fill first."""
    from scipy.sparse import csr_matrix, hstack, identity, kron, vstack

    sites = len(reach)
    unreached = ~reach.any(axis=0) | (weights <= 0)
    kept, depth = np.flatnonzero(~unreached), steps.shape[1]
    covered = kron(identity(len(kept)), np.ones((1, depth)))
    rows = vstack([
        hstack([-csr_matrix(reach[:, kept].T.astype(np.float64)), covered]),
        hstack([np.ones((1, sites)), csr_matrix((1, len(kept) * depth))]),
    ]).tocsr()  # fmt: skip
    worth = (weights[kept, None] * steps).ravel()
    found = _solve(
        np.concatenate([np.zeros(sites), -worth]), rows,
        np.concatenate([np.full(len(kept), -np.inf), [count]]), np.concatenate([np.zeros(len(kept)), [count]]),
        sites, np.concatenate([low_at, np.zeros(len(worth))]), np.concatenate([high_at, np.ones(len(worth))]), limit_s,
    )  # fmt: skip
    return Siting(np.rint(found.x[:sites]).astype(np.int64), -float(found.fun), -_bound(found), unreached)


def _solve(
    cost: Floats, rows: Any, low: Floats, high: Floats, whole: int, least: Floats, most: Floats, limit_s: float
) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        cost,
        constraints=LinearConstraint(rows, low, high),
        integrality=np.arange(len(cost)) < whole,
        bounds=Bounds(least, most),
        options={"time_limit": limit_s, "mip_rel_gap": 1e-9},
    )
    if found.status == 2:
        raise BadInput("so few sites cannot serve every place", remedy="allow more of them")
    if found.x is None:
        raise EngineFailed(f"HiGHS found no answer: {found.message}", remedy="give it more time, or fewer sites")
    return found


def _bound(found: Any) -> float:
    return float(found.fun if found.mip_dual_bound is None else found.mip_dual_bound)


def _lower(sites: int, fixed: Sequence[int], more: int) -> Floats:
    least = np.zeros(sites + more)
    least[list(fixed)] = 1.0
    return least


def _check(table: NDArray[Any], weights: Floats, count: int, fixed: Sequence[int]) -> int:
    sites, places = table.shape
    if weights.shape != (places,):
        raise BadInput(f"weights of shape {weights.shape}", expected=f"({places},)")
    if not max(1, len(set(fixed))) <= count <= sites:
        raise BadInput(f"{count} sites are asked for", expected=f"from {max(1, len(set(fixed)))} to {sites}")
    return sites
