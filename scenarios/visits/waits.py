"""What a day of visitors is told to wait at crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.crowd import crossing_wait_s
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import WalkGraph


def told_waits(graph: WalkGraph) -> tuple[Sentence, ...]:
    """How long people wait at crossings, where there are any."""
    wait_s = crossing_wait_s(graph)
    crossings = int(np.count_nonzero(wait_s))
    if not crossings:
        return ()
    return (
        say(
            f"at {crossings} crossings of roads people wait {wait_s.max():.0f} s, the expected wait of a guessed "
            "signal: no traffic and no lights run beside a day of visitors",
            f"{crossings}处过街点按估计信号的期望等待{wait_s.max():.0f}秒：游客一日仿真不含车流与信号灯",
        ),
    )
