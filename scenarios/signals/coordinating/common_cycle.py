"""One cycle for signals that shall keep step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.signals.designing.design import Design
from scenarios.signals.designing.stage_set import StageSet


def with_cycle(design: Design, stages: StageSet, ratios: np.ndarray, cycle_s: float) -> Design | None:
    """The design with greens that make its cycle so long: seconds are given to, and taken from, the stages in turn.

    A second goes to the stage with the most traffic for its green, and is taken from the one with the least that is
    above its least green.

    Args:
        design: Of fixed times.
        stages: Of its signal.
        ratios: Flow ratio of each stage of the set.
        cycle_s: Whole seconds.

    Returns:
        None where least greens, or the longest red, do not allow it, or the signal has one stage alone.
    """
    greens = list(design.greens_s)
    lack = round(cycle_s - stages.lost_s(design.stages) - sum(greens))
    if len(greens) < 2 or abs(cycle_s - stages.lost_s(design.stages) - sum(greens) - lack) > 1e-6:
        return None
    load = [float(ratios[n]) for n in design.stages]
    least = [stages.least_s[n] for n in design.stages]
    for _ in range(abs(lack)):
        if lack > 0:
            greens[max(range(len(greens)), key=lambda k: (load[k] / greens[k], -k))] += 1.0
            continue
        able = [k for k in range(len(greens)) if greens[k] - 1.0 >= least[k]]
        if not able:
            return None
        greens[min(able, key=lambda k: (load[k] / greens[k], k))] -= 1.0
    if stages.within_red(design.stages, greens) != tuple(greens):
        return None
    return replace(design, greens_s=tuple(greens))
