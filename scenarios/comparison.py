"""Two ensembles side by side: paired differences with intervals, and the courage to say "cannot tell"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from networks.sentence import Sentence, joined, say
from scenarios.ensembles.ensemble import Ensemble
from scenarios.measures import MEASURES

Verdict = Literal["better", "worse", "cannot tell"]
CONFIDENCE = 0.90


@dataclass(frozen=True)
class Row:
    """One measure of b against a, over the seeds that both have and that are valid in both.

    Attributes:
        difference: Mean of b - a.
        low: Lower end of its 90 % interval (paired t); NaN below two pairs.
        high: Upper end.
        n: Pairs.
        correlation: Between a and b over seeds; NaN where one does not vary.
        variance_ratio: Variance of the difference had they been independent, over what it is: the gain of pairing,
            so many times fewer seeds give the same interval. Below 1 pairing did harm.
        verdict: What the interval allows to say.
    """

    measure: str
    unit: str
    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    n: int
    correlation: float
    variance_ratio: float
    verdict: Verdict

    @property
    def variance_reduction(self) -> float:
        """Share of the variance of the difference that pairing took away: 1 - 1 / `variance_ratio`."""
        return 1.0 - 1.0 / self.variance_ratio


@dataclass(frozen=True)
class Comparison:
    """What changes from ensemble `a` to ensemble `b`.

    Attributes:
        left_out: Sentences that name every pair left out, and why.
        pairs: Seeds that are valid on both sides: what the rows rest on, where a measure is there at all.
        seeds: Seeds that were run on both sides.
    """

    a: str
    b: str
    rows: tuple[Row, ...]
    left_out: tuple[Sentence, ...]
    pairs: int = 0
    seeds: int = 0

    def row(self, measure: str) -> Row:
        """The row of a measure; KeyError if it is not compared."""
        for row in self.rows:
            if row.measure == measure:
                return row
        raise KeyError(measure)


def compare(a: Ensemble, b: Ensemble, *, measures: tuple[str, ...] = ()) -> Comparison:
    """Compare two ensembles seed by seed.

    Args:
        a: What it is compared with.
        b: What is judged.
        measures: Names; without them all that both have.
    """
    left_out = _left_out(a, b)
    runs_a = {run.seed: run.measures for run in a.runs if run.valid}
    runs_b = {run.seed: run.measures for run in b.runs if run.valid}
    names = measures or tuple(MEASURES)
    rows = [compare_measure(name, runs_a, runs_b) for name in names]
    told = tuple(row for row in rows if row is not None)
    both = {run.seed for run in a.runs} & {run.seed for run in b.runs}
    return Comparison(a.scenario.name, b.scenario.name, told, left_out, len(set(runs_a) & set(runs_b)), len(both))


def compare_measure(
    name: str, a: Mapping[int, Mapping[str, float]], b: Mapping[int, Mapping[str, float]]
) -> Row | None:
    """One row from measures by seed, or None when no seed has it on both sides."""
    seeds = [seed for seed in sorted(set(a) & set(b)) if name in a[seed] and name in b[seed]]
    if not seeds:
        return None
    x = np.array([a[seed][name] for seed in seeds])
    y = np.array([b[seed][name] for seed in seeds])
    low, high = paired_interval(x, y)
    measure = MEASURES[name]
    difference = float((y - x).mean())
    return Row(
        name,
        measure.unit,
        float(x.mean()),
        float(y.mean()),
        difference,
        low,
        high,
        len(seeds),
        *_pairing(x, y),
        verdict_of(low, high, measure.better),
    )


def paired_interval(x: np.ndarray, y: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of the mean of y - x by the paired t-test (Student 1908, doi:10.2307/2331554).

    NaN below two pairs, and for two pairs with the same difference: they tell nothing about its spread.
    """
    from scipy.stats import t

    difference = np.asarray(y, dtype=float) - np.asarray(x, dtype=float)
    n = len(difference)
    if n < 2:
        return math.nan, math.nan
    if n == 2 and difference[0] == difference[1] != 0.0:
        return math.nan, math.nan
    half = float(t.ppf(0.5 + confidence / 2, n - 1)) * float(difference.std(ddof=1)) / math.sqrt(n)
    middle = float(difference.mean())
    return middle - half, middle + half


def verdict_of(low: float, high: float, better: Literal["lower", "higher"]) -> Verdict:
    """Better or worse only when the whole interval lies on one side of zero."""
    if high < 0:
        return "better" if better == "lower" else "worse"
    if low > 0:
        return "worse" if better == "lower" else "better"
    return "cannot tell"


def _pairing(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Correlation and variance ratio as achieved over the seeds: (var x + var y) / var (y - x).

    Common random numbers: Law 2015, Simulation Modeling and Analysis, 5th ed., 11.2. Where both vary alike the ratio
    is 1 / (1 - correlation).
    """
    if len(x) < 3 or x.std() == 0 or y.std() == 0:
        return math.nan, math.nan
    spread = float((y - x).var(ddof=1))
    apart = float(x.var(ddof=1) + y.var(ddof=1))
    return float(np.corrcoef(x, y)[0, 1]), apart / spread if spread > 0 else math.inf


def _left_out(a: Ensemble, b: Ensemble) -> tuple[Sentence, ...]:
    sentences = []
    for ensemble in (a, b):
        for run in ensemble.runs:
            if not run.valid:
                why = joined(run.reasons or (say("invalid", "无效"),))
                sentences.append(
                    say(
                        f"seed {run.seed} of {ensemble.scenario.name} ({run.run_id}): {why['en']}",
                        f"{ensemble.scenario.name}的种子{run.seed}（{run.run_id}）：{why['zh']}",
                    )
                )
    only = {run.seed for run in a.runs} ^ {run.seed for run in b.runs}
    sentences += [say(f"seed {seed}: only one side has it", f"种子{seed}：仅一方有此运行") for seed in sorted(only)]
    return tuple(sentences)
