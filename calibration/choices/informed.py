"""Sites of which counts told next to nothing: their figures are beliefs, not measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.choices.expected_day import Figures
from calibration.choices.fitting import Fitted
from calibration.choices.vector import Vector
from networks.sentence import Sentence, say

LEARNT = 0.7
"""A figure whose own part is wider still, in standard deviations of what was believed, was hardly learnt (guess: on
hidden days those of counted sites come to .2-.68, those of uncounted ones to .72-1)."""
DRAWS = 400

Span = tuple[float, float]


@dataclass(frozen=True)
class Uninformed:
    """A site and what no count told of it.

    Attributes:
        site: Row of the site.
        draw, stay: Whether its draw and its stay are beliefs still.
        spans: Figure ("draw", relative; "stay", min) -> 90 % interval now, and that before anything was counted.
    """

    site: int
    draw: bool
    stay: bool
    spans: dict[str, tuple[Span, Span]]

    def told(self, name: str) -> Sentence:
        """The warning, with the numbers."""
        parts = [one for one, unknown in (("draw", self.draw), ("stay", self.stay)) if unknown]
        en = " and ".join(f"{_EN[one]} ({_numbers(self.spans[one], 'en')})" for one in parts)
        zh = "、".join(f"{_ZH[one]}（{_numbers(self.spans[one], 'zh')}）" for one in parts)
        return say(
            f"{name}: no counter informs its {en}: believed, not measured", f"{name}：无计数可说明其{zh}，仅为假定"
        )


_EN, _ZH = {"draw": "draw", "stay": "stay in min"}, {"draw": "吸引力", "stay": "停留（分钟）"}


def uninformed(vector: Vector, found: Fitted) -> tuple[Uninformed, ...]:
    """Sites of whose draw or stay the counts told next to nothing, in the order of the rows."""
    believed = vector.figures(np.random.default_rng(0).standard_normal((DRAWS, len(vector))))
    now, before = draws_and_stays(found.drawn), draws_and_stays(believed)
    rows = []
    for site, (draw, stay) in enumerate(found.own_sd.T > LEARNT):
        if draw or stay:
            spans = {name: (span_of(now[name][:, site]), span_of(before[name][:, site])) for name in now}
            rows.append(Uninformed(site, bool(draw), bool(stay), spans))
    return tuple(rows)


def draws_and_stays(figures: Figures) -> dict[str, np.ndarray]:
    """(B, sites) draws over their geometric mean, and stays (min)."""
    pull = figures.pull - figures.pull.mean(axis=1, keepdims=True)
    return {"draw": np.exp(pull), "stay": figures.stay_median_s / 60.0}


def span_of(drawn: Sequence[float] | np.ndarray) -> Span:
    """5 and 95 % of some draws."""
    low, high = np.quantile(drawn, (0.05, 0.95))
    return float(low), float(high)


def _numbers(spans: tuple[Span, Span], language: str) -> str:
    now, before = (f"{low:.3g}..{high:.3g}" for low, high in spans)
    return f"90 % {now}, before {before}" if language == "en" else f"90% {now}，计数前{before}"
