"""Is this run a picture of traffic, or of a simulator that seized up?"""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say

MOST_TELEPORTS = 0.03
"""Of all vehicles that drove, at most this share may have been moved by SUMO because they stood too long (guessed: runs
that flow stay below 1 %, runs that gridlock exceed 5 % within the hour)."""
MOST_WAITING = 0.10
"""At the end, at most this share of the planned trips may still wait for room to enter (guessed)."""
MOST_STANDING = 0.65
"""Over the last quarter of an hour, at most this mean share of the vehicles on the road may stand (guessed: red lights
alone make 15-35 %)."""
STANDING_OVER_S = 900.0


@dataclass(frozen=True)
class Validity:
    """What the watchdog saw.

    Attributes:
        valid: No threshold was passed.
        reasons: One sentence for each that was.
        teleports: Vehicles that SUMO moved because they stood too long, counted each time.
        waiting_to_enter: Trips that were due and found no room before the end.
        standing_share: Mean share of vehicles standing in the last 15 minutes.
    """

    valid: bool
    reasons: tuple[Sentence, ...]
    teleports: int
    waiting_to_enter: int
    standing_share: float


def judge(*, planned: int, inserted: int, waiting: int, teleports: int, standing_share: float) -> Validity:
    """Hold a run's counts against the thresholds of this module."""
    reasons = []
    if teleports > MOST_TELEPORTS * max(inserted, 1):
        reasons.append(
            say(
                f"{teleports} teleports for {inserted} vehicles: more than {MOST_TELEPORTS:.0%}",
                f"{inserted}辆车中发生{teleports}次瞬移：超过{MOST_TELEPORTS:.0%}",
            )
        )
    if waiting > MOST_WAITING * max(planned, 1):
        reasons.append(
            say(
                f"{waiting} of {planned} trips found no room to enter: more than {MOST_WAITING:.0%}",
                f"{planned}次出行中有{waiting}次因无空间而未能驶入路网：超过{MOST_WAITING:.0%}",
            )
        )
    if standing_share > MOST_STANDING:
        reasons.append(
            say(
                f"{standing_share:.0%} of the vehicles stood in the last 15 minutes: more than {MOST_STANDING:.0%}",
                f"最后15分钟有{standing_share:.0%}的车辆停滞：超过{MOST_STANDING:.0%}",
            )
        )
    return Validity(not reasons, tuple(reasons), teleports, waiting, standing_share)
