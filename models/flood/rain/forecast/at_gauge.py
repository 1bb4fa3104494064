"""What may fall at a gauge within the next half hour, by what it measured alone: no radar, no model.

Rain at a point goes on as it did elsewhere after rain of that strength: multiples of the mean of the last ten minutes,
by strength and lead, as quantiles. The shipped table was measured at the pixels of twelve radar frames around Helsinki
(FMI, 2016-09-28 16:10 to 17:05 UTC, one autumn evening, up to some 10 mm/h; `multiples` makes one of other frames). A
cloudburst was not among them: for 20 mm/h and more it is a guess, halved each quarter of an hour, as wide as everything
that was measured (the logarithm's standard deviation was 1.0 in each class).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from networks.text_file import read_rows

Floats = NDArray[np.float64]
SHIPPED = Path(__file__).parent / "tables" / "helsinki_2016.csv"
STEP_S, STEPS = 300.0, 6
SHARES = tuple((one + 0.5) / 10.0 for one in range(10))
STRENGTHS_MM_H = (0.5, 2.0, 5.0)
"""Lower bounds of the classes of strength; below the first nothing more is said to come."""
GUESSED_MM_H, HALVED_S, SPREAD = 20.0, 900.0, 1.0
FEWEST = 200
"""Pixels that a class needs."""


@dataclass(frozen=True)
class Multiples:
    """How rain at a point goes on.

    Attributes:
        mm_h: (classes,) median strength of each class, mm/h, increasing.
        quantiles: (classes, steps, members) rain of each step over that of the last ten minutes, increasing by member.
    """

    mm_h: Floats
    quantiles: Floats

    def ahead(self, mm_h: float) -> Floats:
        """(members, steps) mm in each step after ten minutes of this strength: between the classes, by logarithm.

        A member keeps its rank from step to step, so sums over steps are a little wider than what came.
        """
        steps, members = self.quantiles.shape[1:]
        if not mm_h >= STRENGTHS_MM_H[0]:
            return np.zeros((members, steps))
        at, of = np.log(mm_h), np.log(self.mm_h)
        cells = self.quantiles.reshape(len(of), -1).T
        times = np.array([np.interp(at, of, one) for one in cells]).reshape(steps, members).T
        return np.asarray(times * mm_h * STEP_S / 3600.0)


def multiples(rate_mm_h: Floats) -> Multiples:
    """Measure how rain goes on at the pixels of radar frames.

    Args:
        rate_mm_h: (frames, rows, cols), a frame each five minutes; NaN where the radar does not see.

    Raises:
        ValueError: Too few pixels with rain of some class.
    """
    bounds = (*STRENGTHS_MM_H, np.inf)
    mm_h, found = [], []
    for low, high in pairwise(bounds):
        last, then = list[Floats](), [list[Floats]() for _ in range(STEPS)]
        for now in range(2, len(rate_mm_h) - STEPS + 1):
            recent = rate_mm_h[now - 2 : now].mean(axis=0)
            ahead = rate_mm_h[now : now + STEPS]
            here = (recent >= low) & (recent < high) & np.isfinite(ahead).all(axis=0)
            last.append(recent[here])
            for step in range(STEPS):
                then[step].append(ahead[step][here] / recent[here])
        if sum(map(len, last)) < FEWEST:
            raise ValueError(f"fewer than {FEWEST} pixels with {low:g} to {high:g} mm/h")
        mm_h.append(float(np.median(np.concatenate(last))))
        found.append([np.quantile(np.concatenate(one), SHARES) for one in then])
    return Multiples(np.array(mm_h), np.array(found))


@cache
def shipped_multiples() -> Multiples:
    """Those of the shipped table, and the guess for rain beyond it."""
    from scipy.stats import norm

    rows = [row for _, row in read_rows(SHIPPED, ("mm_h", "lead_min"))]
    names: Sequence[str] = [f"q{100 * share:02.0f}" for share in SHARES]
    strengths = list(dict.fromkeys(float(row["mm_h"]) for row in rows))
    values = np.array([[float(row[name]) for name in names] for row in rows])
    lead_s = STEP_S * (np.arange(STEPS) + 1.0)
    guess = 0.5 ** (lead_s / HALVED_S)[:, None] * np.exp(SPREAD * norm.ppf(SHARES))
    measured = values.reshape(len(strengths), STEPS, len(names))
    return Multiples(np.array([*strengths, GUESSED_MM_H]), np.concatenate([measured, guess[None]]))
