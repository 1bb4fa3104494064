"""`CrowdAdvice`: what to do about a visitor day, judged on fresh draws; nothing, where everything makes it worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.crowd.city.controls import Controls
from networks.digest import digest_json
from networks.sentence import Sentence, say
from scenarios.ensembles.executor import Executor
from scenarios.searches.candidate import Candidate
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise
from scenarios.visits.advising.case import Case
from scenarios.visits.advising.lived import Lived
from scenarios.visits.advising.proposals import AS_IT_IS, Measures
from scenarios.visits.advising.search import TRAINING_SEEDS, VISITS_KEPT, Bench, Searched, Tell, search
from scenarios.visits.advising.told import rests_on_told, risks_of

VALID = timedelta(hours=24)
FINALISTS = 3
BESIDE = (0.1, 0.6)
"""Compliance shown beside the one that was asked for."""
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
    """A candidate on fresh draws.

    Attributes:
        candidate: What.
        effects: Each of MEASURES, against things as they are on the same draws.
        kept: Share of the visit-hours that is kept, over all draws.
        why_not: Why it is not advised; None: it may be.
    """

    candidate: Candidate[Measures]
    effects: dict[str, Effect]
    kept: float
    why_not: Sentence | None

    @property
    def less(self) -> float:
        """Share of the person-minutes above 3.5 persons/m2 that it takes away."""
        dense = self.effects["dense_min"]
        return -dense.difference / dense.base if dense.base else math.nan


@dataclass(frozen=True)
class CrowdAdvice:
    """The answer.

    Attributes:
        recommendation: What operators may approve; None: as it is, nothing found is better.
        chosen: The judged candidate that it is; None likewise.
        why: Why that, or why nothing.
        judged: The finalists on fresh draws.
        beside: The chosen one at other shares of people who follow.
        searched: What the search found.
        behind: What the search tried and left behind: candidate, its effect on the draws of the search, and why.
        rests_on: What the answer rests on.
        base, after: Days as they are and with the chosen measures, by fresh draw.
        seeds: The fresh draws.
        compliance: Share of groups who follow advice.
        cpu_s: Processor time of all days.
        days: How many were lived.
    """

    recommendation: Recommendation | None
    chosen: Judged | None
    why: Sentence
    judged: tuple[Judged, ...]
    beside: tuple[tuple[float, Judged], ...]
    searched: Searched
    behind: tuple[tuple[Candidate[Measures], Effect, Sentence], ...]
    rests_on: tuple[Sentence, ...]
    base: tuple[Lived, ...]
    after: tuple[Lived, ...]
    seeds: tuple[int, ...]
    compliance: float
    cpu_s: float
    days: int


def advise_day(
    case: Case,
    executor: Executor,
    *,
    created: datetime,
    compliance: float = 0.3,
    draws: int = 5,
    budget_s: float | None = None,
    tell: Tell | None = None,
    rests_on: Sequence[Sentence] = (),
) -> CrowdAdvice:
    """Search measures for a day, and judge the best on fresh draws; never advises what these show to be worse.

    A candidate is advised where the 90 % intervals of its paired differences lie below zero both for the person-minutes
    above 3.5 persons/m2 and for the trouble in all (see `DayOutcome.trouble_h`), and 97 % of the visit-hours are kept.

    Args:
        case: The day.
        executor: Workers.
        created: When (with a UTC offset).
        compliance: Share of groups who follow advice.
        draws: Fresh draws, two at least.
        budget_s: Time for the search (s); None: all is tried.
        tell: Told (what, done, in all).
        rests_on: What the day itself rests on.
    """
    bench = Bench(case, executor, compliance, tell)
    searched = search(bench, budget_s=budget_s)
    seeds = tuple(range(1, draws + 1))
    finalists = searched.ranked[:FINALISTS]
    bench.live("fresh draws", [AS_IT_IS, *finalists], seeds)
    judged = tuple(_judge(bench, one, seeds) for one in finalists)
    chosen = next((one for one in judged if one.why_not is None), None)
    beside: list[tuple[float, Judged]] = []
    if chosen is not None:
        for share in BESIDE:
            bench.live(f"{share:.0%} follow", [chosen.candidate], seeds, share)
            beside.append((share, _judge(bench, chosen.candidate, seeds, share)))
    why, told = _why(chosen, judged, searched, draws), (*rests_on_told(compliance), *rests_on)
    behind = tuple(
        (one, *_in_search(bench, one, raced.scores)) for one, raced in searched.tried if one.name != AS_IT_IS.name
    )
    recommendation = None
    if chosen is not None:
        recommendation = _recommend(bench, chosen, judged, behind, seeds, created, (why, *told))
    return CrowdAdvice(
        recommendation, chosen, why, judged, tuple(beside), searched, behind, told,
        tuple(bench.of(AS_IT_IS.name, seed) for seed in seeds),
        tuple(bench.of(chosen.candidate.name, seed) for seed in seeds) if chosen else (),
        seeds, compliance, sum(one.cpu_s for one in bench.found.values()), len(bench.found),
    )  # fmt: skip


def _judge(
    bench: Bench, candidate: Candidate[Measures], seeds: Sequence[int], compliance: float | None = None
) -> Judged:  # fmt: skip
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
    return Judged(candidate, effects, kept, _objection(effects, kept))


def _objection(effects: dict[str, Effect], kept: float) -> Sentence | None:
    """Why something must not be advised."""
    trouble, dense = effects["trouble_h"], effects["dense_min"]
    if kept < VISITS_KEPT:
        return say(f"keeps {kept:.1%} of the visit-hours only", f"仅保留{kept:.1%}的游览时间")
    if trouble.verdict == "worse":
        more = trouble.difference
        return say(f"people lose {more:,.0f} hours more than they are spared", f"游客损失的时间多出{more:,.0f}小时")
    if dense.verdict != "better":
        return say("fewer minutes in dense crowds cannot be told from chance", "高密度时间的减少无法与偶然区分")
    if trouble.verdict != "better":
        return say("whether it costs more than it spares cannot be told", "无法判断其得失")
    return None


def _why(chosen: Judged | None, judged: Sequence[Judged], searched: Searched, draws: int) -> Sentence:
    if chosen is not None:
        return say(
            f"{chosen.less:.0%} fewer person-minutes above 3.5 persons/m2 at {chosen.kept:.1%} of the visit-hours, "
            f"over {draws} draws that the search never saw",
            f"在搜索未用过的{draws}个随机样本上，每平方米3.5人以上的人·分钟减少{chosen.less:.0%}，保留{chosen.kept:.1%}的游览时间",
        )
    if searched.trouble is None:
        return say("do nothing: nobody stands above 3.5 persons/m2", "无需措施：街道密度均低于每平方米3.5人")
    if not judged:
        number = len(searched.tried) - 1
        return say(
            f"do nothing: each of {number} measures cost people more than it spared them",
            f"建议不采取措施：{number}项措施均得不偿失",
        )
    return say(
        f"do nothing: the best, {judged[0].candidate.name}, {(judged[0].why_not or say('', ''))['en']}",
        f"建议不采取措施：最佳方案“{judged[0].candidate.zh}”{(judged[0].why_not or say('', ''))['zh']}",
    )


def _recommend(
    bench: Bench, chosen: Judged, judged: Sequence[Judged],
    behind: Sequence[tuple[Candidate[Measures], Effect, Sentence]], seeds: Sequence[int], created: datetime,
    rests_on: tuple[Sentence, ...],
) -> Recommendation:  # fmt: skip
    controls = Controls(chosen.candidate.what or (), bench.compliance)
    known = {one.candidate.name for one in judged}
    others = [
        Alternative(one.candidate.name, one.candidate.title, one.effects["dense_min"], one.why_not or ranked_lower())
        for one in judged
        if one is not chosen
    ]
    others += [Alternative(one.name, one.title, effect, why) for one, effect, why in behind if one.name not in known]
    name = bench.case.name
    return advise(
        "visitor_day",
        title=say(f"{name}: {chosen.candidate.name}", f"{name}：{chosen.candidate.zh}"),
        action=controls.to_json(),
        effect=chosen.effects["dense_min"],
        side_effects=[effect for key, effect in chosen.effects.items() if key != "dense_min"],
        evidence=[f"draw {seed}: {digest_json([seed, name, controls.to_json()])[:12]}" for seed in seeds],
        created=created,
        valid_until=created + VALID,
        alternatives=others,
        rests_on=list(rests_on),
        risks=risks_of(controls.measures),
    )


def ranked_lower() -> Sentence:
    """Why a finalist is not advised against which nothing else speaks."""
    return say("may be taken too, but the search ranked it lower", "亦可采用，但搜索排名较低")


def _in_search(bench: Bench, one: Candidate[Measures], scores: Sequence[float]) -> tuple[Effect, Sentence]:
    """What a candidate did on the draws of the search, and why it was left behind."""
    seeds = TRAINING_SEEDS[: len(scores)]
    before, after = ([bench.of(name, seed).outcome for seed in seeds] for name in (AS_IT_IS.name, one.name))
    dense = Effect.paired(
        "dense_min", "person min", [o.dense_min for o in before], [o.dense_min for o in after], "lower"
    )
    more = sum(o.trouble_h for o in after) - sum(o.trouble_h for o in before)
    kept = sum(o.visit_h for o in after) / max(1e-9, sum(o.visit_h for o in before))
    if kept < VISITS_KEPT:
        return dense, say(f"keeps {kept:.1%} of the visit-hours only", f"仅保留{kept:.1%}的游览时间")
    if more >= 0:
        return dense, say("costs people more than it spares them", "得不偿失")
    return dense, say("helps less than the chosen one", "效果不及所选方案")
