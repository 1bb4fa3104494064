"""What may be done with plans that a search found: whether they are offered in the place of today's, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.traffic.validity import Limits
from networks.sentence import Sentence, say
from scenarios.signals.trying.gain import DEFINITIONS, Gain
from scenarios.signals.trying.trials import Outcome

FEW_SEEDS = 5
"""With fewer judged seeds the t interval is so wide that more of them are advised."""
Standing = Literal["better", "lawful", "unproven", "worse", "gridlock"]


@dataclass(frozen=True)
class Offer:
    """What the judged runs allow to say of the plans found.

    Attributes:
        standing: `better`: the whole 90 % interval lies on the good side; `lawful`: it spans zero, but today's plans
            fail rules that these keep; `unproven`: it spans zero; `worse`: it lies on the bad side; `gridlock`: more
            runs seized up than with today's plans, whatever the interval says.
        gain: By which it was judged: that of the search's aim, without one delay of all planned vehicles.
        locked_before, locked_after: Judged runs that gridlocked, today and with the plans found.
        faults: Figures of today's plans that fail the rules.
    """

    standing: Standing
    gain: Gain
    locked_before: int
    locked_after: int
    faults: int

    @property
    def offered(self) -> bool:
        """Whether the plans found may take the place of today's."""
        return self.standing in ("better", "lawful")

    @property
    def advised_against(self) -> bool:
        """Whether today's plans are better."""
        return self.standing in ("worse", "gridlock")

    @property
    def words(self) -> Sentence:
        """What is told to the engineer; empty where they are simply better."""
        return _WORDS[self.standing](self)

    def as_json(self) -> dict[str, Any]:
        """As JSON."""
        return {"standing": self.standing, "offered": self.offered, "words": self.words}


def offer_of(
    gains: Sequence[Gain], before: Sequence[Outcome], after: Sequence[Outcome], *, faults: int, failing: bool
) -> Offer:
    """What to make of plans found.

    Args:
        gains: From `gains_of`: definitions of delay first, then the search's aim if there is one.
        before: Outcomes of today's plans on the judged seeds.
        after: Of those found.
        faults: Figures of today's plans that fail the rules.
        failing: Whether the plans found fail any of them without leave.

    A run counts as gridlocked where more than a tenth of its trips still waits for room to enter at its end, as in
    `models.traffic.validity`, or where it was ended early.
    """
    gain = gains[-1] if len(gains) > len(DEFINITIONS) else gains[0]
    locked = [sum(map(_locked, side)) for side in (before, after)]
    standing: Standing = "unproven"
    if locked[1] > locked[0]:
        standing = "gridlock"
    elif gain.verdict in ("better", "worse"):
        standing = "better" if gain.verdict == "better" else "worse"
    elif faults and not failing:
        standing = "lawful"
    return Offer(standing, gain, locked[0], locked[1], faults)


def _locked(run: Outcome) -> bool:
    told = run.delays
    return run.ended_early or told.vehicles - told.inserted > Limits().waiting * told.vehicles


def _worse(offer: Offer) -> Sentence:
    gain = offer.gain
    change = f"{gain.after - gain.before:+.1f} ({gain.low:+.1f}, {gain.high:+.1f})"
    return say(
        f"The plans found are worse than today's on the judged seeds: {gain.before:.1f} becomes {gain.after:.1f}, "
        f"{change}. They are not offered.{_cost(offer)['en']}",
        f"在评判种子上新方案劣于现状：{gain.before:.1f}变为{gain.after:.1f}，{change}。不予推荐。{_cost(offer)['zh']}",
    )


def _gridlock(offer: Offer) -> Sentence:
    seeds, locked, before = offer.gain.seeds, offer.locked_after, offer.locked_before
    return say(
        f"With the plans found {locked} of {seeds} judged runs gridlock (a tenth of the trips finds no room to enter), "
        f"with today's {before}. They are not offered.{_cost(offer)['en']}",
        f"采用新方案时{seeds}次评判仿真中有{locked}次陷入锁死（十分之一以上的出行无法入网），现状为{before}次。"
        f"不予推荐。{_cost(offer)['zh']}",
    )


def _unproven(offer: Offer) -> Sentence:
    gain = offer.gain
    if gain.seeds < 2:
        return say(
            "One judged seed shows no interval, so nothing can be said; today's plans stay.",
            "只有一个评判种子，无法给出区间，不能下结论；保留现状方案。",
        )
    few = say("", "")
    if gain.seeds < FEW_SEEDS:
        few = say(
            f" {gain.seeds} seeds make a wide interval: --judge 10 tells more.",
            f"仅{gain.seeds}个种子，区间较宽：可用--judge 10。",
        )
    return say(
        f"No better plan found with this budget: the interval of the change ({gain.low:+.1f}, {gain.high:+.1f}) spans "
        f"zero; today's plans stay.{few['en']}",
        f"在此预算内未找到更优方案：变化区间（{gain.low:+.1f}, {gain.high:+.1f}）包含零；保留现状方案。{few['zh']}",
    )


def _lawful(offer: Offer) -> Sentence:
    return say(
        f"No difference can be shown on the judged seeds, but today's plans fail the rules in {offer.faults} figures, "
        "which the plans found keep: they are offered for that.",
        f"评判种子上未见可证实的差异，但现状方案有{offer.faults}项不符合规则，而新方案均符合：故予推荐。",
    )


def _cost(offer: Offer) -> Sentence:
    """That today's plans are no choice by the rules, so that the loss is what keeping them costs."""
    if not offer.faults:
        return say("", "")
    return say(
        f" Today's plans fail the rules in {offer.faults} figures: whether keeping the rules is worth this is "
        "the engineer's decision.",
        f"现状方案有{offer.faults}项不符合规则：遵守规则是否值此代价，由工程师决定。",
    )


_WORDS: dict[Standing, Callable[[Offer], Sentence]] = {
    "better": lambda _: say("", ""),
    "lawful": _lawful,
    "unproven": _unproven,
    "worse": _worse,
    "gridlock": _gridlock,
}
