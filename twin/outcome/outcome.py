"""`Outcome`: what one action brought, by one method."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from calibration.outcomes import AsIf, Trust
from networks.sentence import Sentence, say

AT_ALL = "done at all"
"""Whether the street looks as if it had been done; the difference is the logarithm of the odds for that."""
METHODS = ("not done", "switchback", "matched days", AT_ALL)
BY_DESIGN = METHODS[1:3]
"""Measured in the street; "not done" is the twin's own word for it, and trust does not rest on that."""
_MEASURES_ZH = {"vehicle hours": "车辆小时", "time past the sensors": "经过检测断面的时间"}
_ZH = {"not done": "仿真对照（未执行）", "switchback": "交替启停", "matched days": "相似日对照"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a recommendation that was carried out.

    Attributes:
        rec_id: The recommendation.
        kind: Its kind.
        method: One of METHODS.
        since: Begin of what was measured; with a zone.
        until: Its end.
        measure: What was measured.
        unit: Its unit.
        difference: Done minus not done; NaN where nothing could be compared.
        low: Lower end of its interval; minus infinity where there is none.
        high: Upper end.
        level: Of the interval.
        n: Pairs, or days.
        base: The mean without the action, in the unit.
        promised: What the recommendation promised, as a share of its own base (-0.1: a tenth less); NaN without.
    """

    rec_id: str
    kind: str
    method: str
    since: datetime
    until: datetime
    measure: str
    unit: str
    difference: float
    low: float
    high: float
    level: float
    n: int
    base: float
    promised: float

    @property
    def share(self) -> float:
        """The difference as a share of the base."""
        return self.difference / self.base if self.base else math.nan

    @property
    def undone(self) -> bool:
        """A receiver said that it was done, and the street looks as if it had not been."""
        return self.method == AT_ALL and AsIf(self.difference, self.n).word == "not done"

    @property
    def text(self) -> Sentence:
        """In words."""
        if self.method == AT_ALL:
            return _at_all(AsIf(self.difference, self.n))
        if not math.isfinite(self.share):
            return say(f"{self.method}: nothing could be compared", f"{_ZH[self.method]}：无可比数据")
        interval, zh = " (too few for an interval)", "（数量不足，无区间）"
        if math.isfinite(self.low) and math.isfinite(self.high):
            ends = f"{100 * self.low / self.base:+.1f} to {100 * self.high / self.base:+.1f} %"
            interval, zh = f" ({self.level:.0%} {ends})", f"（{self.level:.0%}区间 {ends.replace(' to ', ' 至 ')}）"
        told = "" if math.isnan(self.promised) else f"; promised {100 * self.promised:+.1f} %"
        told_zh = "" if math.isnan(self.promised) else f"；预期 {100 * self.promised:+.1f} %"
        change, zh_name = f"{100 * self.share:+.1f} %", _MEASURES_ZH.get(self.measure, self.measure)
        return say(
            f"{self.method}: {self.measure} {change}{interval}, {self.n} pairs or days{told}",
            f"{_ZH[self.method]}：{zh_name} {change}{zh}，{self.n} 对（日）{told_zh}",
        )


def _at_all(told: AsIf) -> Sentence:
    odds, n = f"{math.exp(min(abs(told.log_odds), 6.0)):.0f}", told.n
    if told.word == "not done":
        return say(
            f"the receiver says that it is done, and the street looks as if it were not: odds {odds} to 1, {n} sensors",
            f"接收方称已执行，但路面表现如同未执行：可能性{odds}比1，{n}个检测器",
        )
    if told.word == "done":
        return say(
            f"the street looks as if it was done: odds {odds} to 1, {n} sensors",
            f"路面表现与已执行相符：可能性{odds}比1，{n}个检测器",
        )
    return say(
        f"whether it was done does not show in the street ({n} sensors could tell)",
        f"路面数据尚不能判断是否已执行（{n}个检测器可供判断）",
    )


_WORDS_ZH = {
    "not known yet": "尚不可知",
    "no effect shown": "未显示效果",
    "less than promised": "低于预期",
    "as promised": "符合预期",
    "more than promised": "高于预期",
}


def trust_text(trust: Trust) -> Sentence:
    """How far promises came true, in words."""
    if not math.isfinite(trust.low):
        return say(
            f"{trust.word}: {trust.n} measured, five are the least",
            f"{_WORDS_ZH[trust.word]}：仅{trust.n}次实测，至少需5次",
        )
    share, ends = f"{100 * trust.share:.0f} %", (f"{100 * trust.low:.0f}", f"{100 * trust.high:.0f} %")
    return say(
        f"{trust.word}: {share} of what was promised came true ({trust.level:.0%} {' to '.join(ends)}, n {trust.n})",
        f"{_WORDS_ZH[trust.word]}：实现预期的{share}（{trust.level:.0%}区间 {' 至 '.join(ends)}，n={trust.n}）",
    )
