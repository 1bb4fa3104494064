"""The stage that reviews sensors: which of them are not believed any more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.health import Finding, after_review, read_issues, review, write_issues
from networks.sentence import say
from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from calibration.counting import WatchedNet
    from twin.live.counts_now import CountsNow

Floats = NDArray[np.float64]
BACK_S, LEAST_S = 6 * 3600.0, 2 * 3600.0
FALSE_ALARMS = 0.001
"""Of one review; there are hundreds in a day."""
QUIET_S = 1800.0
"""A sensor that says zero for less may stand where a street is blocked; its fault can wait."""
LIKELY = 0.1
"""Probability from which a street is where an incident may be: zero is then no lie."""
TOLD_AFTER, SLOW_AFTER = 3, 12
"""Reviews in a row that must name a fault before it is told; the second of faults that come and go with the traffic."""
SLOW = ("drifting", "level", "noise", "clock")


@dataclass
class Sensors:
    """Reviews the counts of the last hours.

    Attributes:
        counts: What sensors say.
        net: The streets they stand on.
        file: The list of issues (`twin sensors issue`).
        usual: What they counted on earlier days (M, S, T), from the same second on as `counts`; None: nobody knows.
    """

    counts: CountsNow
    net: WatchedNet
    file: Path
    usual: Floats | None = None
    name: str = "sensors"
    _seen: dict[str, int] = field(default_factory=dict)

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Issues that are seen now, and have been for some reviews; nothing before there are two hours of counts."""
        now_s = (turn.now - picture.origin).total_seconds()
        known, speeds = self.counts.up_to(now_s)
        first = max(known.vehicles.shape[1] - round(BACK_S / known.period_s), 0)
        if (known.vehicles.shape[1] - first) * known.period_s < LEAST_S:
            words = say("sensors: reviewed from two hours of counts on", "传感器：累计两小时数据后开始检查")
            return replace(picture, left_out=(*picture.left_out, words))
        begin_s = known.begin_s + first * known.period_s
        lately = Counts(known.sensors, known.edges, begin_s, known.period_s, known.vehicles[:, first:])
        spoken = speeds[:, first:] if not np.isnan(speeds[:, first:]).all() else None
        found = review(
            lately, self.net, before=self._before(first, lately), speeds_mps=spoken, false_alarms=FALSE_ALARMS
        ).findings
        edge_of = dict(zip(known.sensors, known.edges, strict=True))
        steady = self._steady([one for one in found if _is_fault(one, edge_of[one.sensor], picture)])
        issues = after_review(read_issues(self.file), steady, turn.now)
        write_issues(self.file, issues)
        now = turn.now.astimezone(UTC).isoformat(timespec="seconds")
        return replace(picture, issues=tuple(one for one in issues if one.last_seen == now))

    def _before(self, first: int, lately: Counts) -> Floats | None:
        """Earlier days in the periods of `lately` (M, S, T); None where they do not know all of them."""
        if self.usual is None or first + lately.vehicles.shape[1] > self.usual.shape[2]:
            return None
        return self.usual[:, :, first : first + lately.vehicles.shape[1]]

    def _steady(self, found: list[Finding]) -> list[Finding]:
        """Those that so many reviews in a row have named."""
        keys = {f"{one.sensor}:{one.fault}" for one in found}
        self._seen = {key: self._seen.get(key, 0) + 1 for key in keys}
        return [
            one for one in found
            if self._seen[f"{one.sensor}:{one.fault}"] >= (SLOW_AFTER if one.fault in SLOW else TOLD_AFTER)
        ]  # fmt: skip


def _is_fault(one: Finding, edge: str, picture: Picture) -> bool:
    """Whether it can be told; who says zero may stand where a street is blocked."""
    if one.fault == "silent" and one.until_s is not None:
        blocked = {edge for of in picture.verdicts if of.kind == "incident" for edge, p in of.places if p >= LIKELY}
        return one.until_s - one.since_s >= QUIET_S and edge not in blocked
    return one.fault != "doubtful"
