"""`Judged`: candidates on draws of their own; some draws choose among them, others say what the choice brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from networks.sentence import Sentence, say
from scenarios.comparison import paired_interval
from scenarios.searches.candidate import Candidate
from scenarios.searches.recommendation import Effect
from scenarios.visits.advising.proposals import AS_IT_IS, Measures
from scenarios.visits.advising.search import VISITS_KEPT, Bench

CHOOSING_SEEDS = (80001, 80002, 80003, 80004)
"""Draws that choose among finalists. Whoever is chosen there looks better there than it is, so no figure of it is told
from them: it is judged once more, on draws that neither the search nor the choice saw."""
MEASURES = (
    ("dense_min", "person min", "lower"), ("trouble_h", "person h", "lower"), ("visit_h", "person h", "higher"),
    ("lost_h", "person h", "lower"), ("gate_h", "person h", "lower"), ("held_h", "person h", "lower"),
    ("shuttle_h", "person h", "lower"), ("platform_h", "person h", "lower"), ("refused", "people", "lower"),
    ("shortened", "visits", "lower"), ("shifted", "people", "lower"), ("moved", "people", "lower"),
    ("out", "people", "lower"),
)  # fmt: skip
"""What is compared: a property of `DayOutcome`, its unit, and which direction is better."""


@dataclass(frozen=True)
class Judged:
    """A candidate on draws of its own.

    Attributes:
        candidate: What.
        effects: Each of MEASURES, against things as they are on the same draws.
        kept: Share of the visit-hours that is kept, over all draws.
        less_between: The 90 % interval of `less`, a ratio of two means over the same draws (Cochran 1977, Sampling
            Techniques, 3rd ed., 6.3).
    """

    candidate: Candidate[Measures]
    effects: dict[str, Effect]
    kept: float
    less_between: tuple[float, float]

    @property
    def less(self) -> float:
        """Share of the person-minutes above 3.5 persons/m2 that it takes away."""
        dense = self.effects["dense_min"]
        return -dense.difference / dense.base if dense.base else math.nan

    @property
    def worse(self) -> Sentence | None:
        """What these draws show against it; None: nothing."""
        trouble, dense = self.effects["trouble_h"], self.effects["dense_min"]
        if self.kept < VISITS_KEPT:
            return say(f"keeps {self.kept:.1%} of the visit-hours only", f"仅保留{self.kept:.1%}的游览时间")
        if trouble.verdict == "worse":
            more = trouble.difference
            return say(f"people lose {more:,.0f} hours more than they are spared", f"游客损失的时间多出{more:,.0f}小时")
        if dense.verdict == "worse":
            return say("brings more minutes in dense crowds", "高密度时间反而增加")
        return None

    @property
    def why_not(self) -> Sentence | None:
        """Why it must not be chosen: it is worse, or cannot be told to be better; None: it may be."""
        if self.worse is not None:
            return self.worse
        if self.effects["dense_min"].verdict != "better":
            return say("fewer minutes in dense crowds cannot be told from chance", "高密度时间的减少无法与偶然区分")
        if self.effects["trouble_h"].verdict != "better":
            return say("whether it costs more than it spares cannot be told", "无法判断其得失")
        return None


def choose(bench: Bench, finalists: Sequence[Candidate[Measures]]) -> tuple[tuple[Judged, ...], Judged | None]:
    """Finalists on CHOOSING_SEEDS, and of them the first, in the order of the search, that nothing speaks against."""
    if not finalists:
        return (), None
    bench.live("draws of the choice", [AS_IT_IS, *finalists], CHOOSING_SEEDS)
    weighed = tuple(judge(bench, one, CHOOSING_SEEDS) for one in finalists)
    return weighed, next((one for one in weighed if one.why_not is None), None)


def judge(
    bench: Bench, candidate: Candidate[Measures], seeds: Sequence[int], compliance: float | None = None
) -> Judged:  # fmt: skip
    """What a candidate does on draws on which it and things as they are were lived."""
    before = [bench.of(AS_IT_IS.name, seed).outcome for seed in seeds]
    after = [bench.of(candidate.name, seed, compliance).outcome for seed in seeds]
    effects = {
        name: Effect.paired(
            name,
            unit,
            [getattr(one, name) for one in before],
            [getattr(one, name) for one in after],
            "lower" if better == "lower" else "higher",
        )
        for name, unit, better in MEASURES
    }
    kept = sum(one.visit_h for one in after) / max(1e-9, sum(one.visit_h for one in before))
    dense = [np.array([one.dense_min for one in days]) for days in (before, after)]
    return Judged(candidate, effects, kept, _less_between(*dense))


def _less_between(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    base = float(before.mean())
    if not base:
        return math.nan, math.nan
    left = float(after.mean()) / base
    low, high = paired_interval(left * before, after)  # of residuals, whose mean is 0
    return 1.0 - left - high / base, 1.0 - left - low / base
