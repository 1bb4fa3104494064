"""Water put on cells or taken out of them in one pass: what rounding adds is kept, the sum is compensated."""

from __future__ import annotations

from typing import Any

import numba as nb

Array = Any


@nb.njit(cache=True, nogil=True)
def book(h: Array, lost: Array, qx: Array, qy: Array, places: Array, depth: Array, taking: bool, moving: bool) -> float:
    """Change depths in place.

    Args:
        h: (n,) depths (m).
        lost: (n,) what rounding has added to each so far (m).
        qx: (n,) momentum east, of which what is taken takes its part along; untouched unless `moving`.
        qy: (n,) the same, south.
        places: (k,) cells, none twice.
        depth: (k,) depths (m), none negative.
        taking: Take them, at most what is there; else put them.
        moving: Cells have a momentum.

    Returns:
        Sum of the depths that were put or taken (m), exact but for one rounding (Neumaier's sum).
    """
    total, rest = 0.0, 0.0
    for i in range(places.size):
        cell = places[i]
        before = float(h[cell])
        amount = min(depth[i], before) if taking else depth[i]
        gain = (-amount if taking else amount) - lost[cell]
        h[cell] = max(before + gain, 0.0)
        lost[cell] = (h[cell] - before) - gain
        if moving and before > 0.0 and h[cell] < before:
            qx[cell] *= h[cell] / before
            qy[cell] *= h[cell] / before
        larger = total + amount
        rest += (total - larger) + amount if total >= amount else (amount - larger) + total
        total = larger
    return total + rest
