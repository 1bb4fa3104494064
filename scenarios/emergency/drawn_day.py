"""What a day that might be is like on its roads: how they are, what is known of it, and what is foretold."""

from __future__ import annotations

from dataclasses import dataclass

from models.emergency.dispatching import Outlook, RoadTimes
from networks import Sentence, say

LASTS_S = 3600.0
"""Mean length of such a closure, exponential (guess)."""
KNOWN_S = 600.0
"""The control room learns of it so long after it began, or from the first crew that meets it (guess)."""


@dataclass(frozen=True)
class DrawnDay:
    """Roads of one seed.

    Attributes:
        believed: What the control room sees: traffic and water of now, closures once they are known.
        true: What they are.
        outlook: Which roads the flood forecast says will shut; None where there is none, or it is always right.
    """

    believed: RoadTimes
    true: RoadTimes
    outlook: Outlook | None


def days_told(hidden: int | None, members: int, closures: int) -> list[Sentence]:
    """What is drawn, and what of it is guessed.

    Args:
        hidden: Hidden floods that the days meet in turn; None where the forecast's own middle comes.
        members: Members of the forecast.
        closures: Roads that are shut on each day.
    """
    told: list[Sentence] = []
    if hidden is not None:
        told.append(
            say(
                f"each day meets one of {hidden} hidden floods in turn; the forecast has {members} members",
                f"每一天依次遇到{hidden}场未公开的洪水之一；预报有{members}个成员",
            )
        )
    if closures:
        told.append(
            say(
                f"{closures} roads shut at random on each day, {LASTS_S / 60:.0f} min on the mean, known "
                f"{KNOWN_S / 60:.0f} min later or from the first crew that meets it (guesses)",
                f"每天随机封闭{closures}条道路，平均{LASTS_S / 60:.0f}分钟，"
                f"{KNOWN_S / 60:.0f}分钟后或首辆救援车遇到时获知（均为估计）",
            )
        )
    return told
