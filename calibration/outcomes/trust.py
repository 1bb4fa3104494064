"""How far promises of a kind of action came true, by what was measured in the street."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.outcomes.sign_flips import sign_flip_interval

WORDS = ("not known yet", "no effect shown", "less than promised", "as promised", "more than promised")


@dataclass(frozen=True, slots=True)
class Trust:
    """How far promises came true.

    Attributes:
        n: Actions that were measured by design.
        share: What came of what was promised (1: all of it); NaN without any.
        low: Lower end of its interval; minus infinity where there are too few for one (below 5 at 90 %).
        high: Upper end.
        level: Of the interval.
        word: One of WORDS.
    """

    n: int
    share: float
    low: float
    high: float
    level: float
    word: str


def trust(promised: Sequence[float], measured: Sequence[float], level: float = 0.9) -> Trust:
    """The share of promised changes that came true, with the shares that sign flips do not refuse.

    Each action counts alike, whatever its unit. If a share of each promise comes true, and what else moves a
    measurement pushes it up as often as down, then what is beyond that share may be flipped at will.

    Args:
        promised: What each action was expected to change (n), none of them 0.
        measured: What was measured (n), in the same unit as its promise; NaN is left out.
        level: Of the interval.
    """
    p, m = (np.asarray(one, dtype=float) for one in (promised, measured))
    known = np.isfinite(p) & np.isfinite(m) & (p != 0.0)
    shares = m[known] / p[known]
    low, high = sign_flip_interval(shares, level)
    share = float(shares.mean()) if len(shares) else math.nan
    return Trust(len(shares), share, low, high, level, WORDS[0] if math.isinf(low) else _word(low, high))


def _word(low: float, high: float) -> str:
    if low <= 0.0:
        return WORDS[1]
    return WORDS[2] if high < 1.0 else WORDS[4] if low > 1.0 else WORDS[3]
