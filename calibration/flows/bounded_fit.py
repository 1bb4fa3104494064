"""Flows nearest to those believed before that agree with counts and ask of no street more than it carries.

    minimise   sum h log(h / q) - h + q  +  sum rho((A h - c) / s)  +  sum rho(max(0, B h - b) / s)

by its dual, h = q exp(A' m + B' n) with |m| s <= K and -K <= n s <= 0: the entropy estimate of `fitting` with any
assignment A, and with capacities b. Sources as there.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from calibration.flows.roads import Floats

HUBER = 6.0
"""Hardest pull of one count, in its standard deviations."""
_STEEP = 20.0


def bounded_fit(
    before: Floats,
    counted: tuple[csr_matrix, Floats, Floats],
    carried: tuple[csr_matrix, Floats, Floats],
    *,
    huber: float = HUBER,
    steps: int = 200,
) -> Floats:
    """The flows.

    Args:
        before: Flows believed before (N), above or at 0.
        counted: A (M, N), what was counted (M), its standard deviation (M).
        carried: B (K, N), what each street carries at most (K), its standard deviation (K).
        huber: See HUBER.
        steps: Most iterations.

    Returns:
        Flows (N).
    """
    rows = vstack([counted[0], carried[0]]).tocsr()
    wanted, scale = np.concatenate([counted[1], carried[1]]), np.concatenate([counted[2], carried[2]])
    across = rows.T.tocsr()

    def flows_at(x: Floats) -> Floats:
        return np.asarray(before * np.exp(np.clip(across @ (x / scale), -_STEEP, _STEEP)))

    def loss(x: Floats) -> tuple[float, Floats]:
        flows = flows_at(x)
        value = flows.sum() + 0.5 * float(x @ x) - float(wanted @ (x / scale))
        return value, (rows @ flows - wanted) / scale + x

    limits = [(-huber, huber)] * len(counted[1]) + [(-huber, 0.0)] * len(carried[1])
    found = minimize(
        loss,
        np.zeros(len(limits)),
        jac=True,
        bounds=limits,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxcor": 30},
    )
    return flows_at(found.x)
