"""An action that is switched on and off by a coin: what it brings, whatever else the day brings.

Periods come in pairs that follow one another; a coin decides which of the two has the action. The begin of each period
is left out, since the street remembers what was before (carry-over). What the usual day has is taken off first, which
costs no assumption and makes the interval shorter. After I. Bojinov, D. Simchi-Levi and J. Zhao, Design and Analysis
of Switchback Experiments, Management Science 69 (2023), with the paired design.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from calibration.outcomes.estimate import Estimate
from calibration.outcomes.sign_flips import sign_flip_interval
from models.streams import stream
from networks.errors import BadInput


@dataclass(frozen=True, slots=True)
class Period:
    """A time with the action or without; it counts from `counts_from` on."""

    begin: datetime
    counts_from: datetime
    end: datetime
    on: bool


def schedule(begin: datetime, end: datetime, period: timedelta, settle: timedelta, seed: int) -> tuple[Period, ...]:
    """Pairs of periods between two moments, a coin for each pair.

    Args:
        begin: With a zone.
        end: What does not make a whole pair is left over.
        period: Length of one.
        settle: Time at the begin of each that does not count.
        seed: Of the coins.

    Raises:
        BadInput: No pair fits, or nothing of a period would count.
    """
    if settle >= period:
        raise BadInput(f"a period of {period} of which {settle} do not count", expected="a longer period")
    pairs = int((end - begin) / (2 * period))
    if pairs < 1:
        raise BadInput(f"no pair of periods of {period} fits in {end - begin}", expected="a longer time")
    first_on = stream(seed, "switchback").integers(0, 2, pairs)
    made = []
    for number in range(2 * pairs):
        at = begin + number * period
        on = bool(first_on[number // 2]) == (number % 2 == 0)
        made.append(Period(at, at + settle, at + period, on))
    return tuple(made)


def switchback(
    periods: Sequence[Period], values: Sequence[float], usual: Sequence[float] | None = None, *, level: float = 0.9
) -> Estimate:
    """The mean difference between periods with the action and without.

    Args:
        periods: As scheduled (2n), in order.
        values: What was measured in each from `counts_from` on (2n); NaN where nothing was: its pair is left out.
        usual: What was to be expected there without looking at these periods (2n).
        level: Of the interval.

    Raises:
        BadInput: Not one value for each period, or a pair that is none.
    """
    if len(values) != len(periods) or (usual is not None and len(usual) != len(periods)):
        raise BadInput(f"{len(values)} values for {len(periods)} periods", expected="one for each")
    on = np.array([one.on for one in periods], dtype=bool).reshape(-1, 2)
    if (on.sum(axis=1) != 1).any():
        raise BadInput("a pair in which both periods have the action, or none", expected="periods as scheduled")
    beyond = np.asarray(values, dtype=float) - (0.0 if usual is None else np.asarray(usual, dtype=float))
    pair: NDArray[np.float64] = beyond.reshape(-1, 2)
    differences = np.where(on[:, 0], pair[:, 0] - pair[:, 1], pair[:, 1] - pair[:, 0])
    known = differences[np.isfinite(differences)]
    low, high = sign_flip_interval(known, level)
    middle = float(known.mean()) if len(known) else math.nan
    return Estimate("switchback", middle, low, high, level, len(known))
