"""`CrowdAdvice`: what to do about a visitor day, judged on fresh draws; nothing, where everything makes it worse."""

from __future__ import annotations

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
from scenarios.visits.advising.judging import Judged, choose, judge
from scenarios.visits.advising.lived import Lived
from scenarios.visits.advising.proposals import AS_IT_IS, Measures
from scenarios.visits.advising.search import TRAINING_SEEDS, VISITS_KEPT, Bench, Searched, Tell, search
from scenarios.visits.advising.told import rests_on_told, risks_of

VALID = timedelta(hours=24)
FINALISTS = 3
BESIDE = (0.1, 0.6)
"""Compliance shown beside the one that was asked for."""


@dataclass(frozen=True)
class CrowdAdvice:
    """The answer.

    Attributes:
        recommendation: What operators may approve; None: as it is, nothing found is better.
        chosen: The candidate that it is, on the fresh draws; None likewise.
        withdrawn: What was chosen, and then shown to be worse by the fresh draws; None: nothing was.
        why: Why that, or why nothing.
        weighed: The finalists on the draws that chose among them: where they are compared, not what they bring.
        beside: The chosen one at other shares of people who follow.
        searched: What the search found.
        behind: What the search tried and left behind: candidate, its effect on the draws of the search, and why.
        rests_on: What the answer rests on.
        base, after: Days as they are and with the chosen measures, by fresh draw.
        seeds: The fresh draws: neither the search nor the choice saw them.
        compliance: Share of groups who follow advice.
        cpu_s: Processor time of all days.
        days: How many were lived.
    """

    recommendation: Recommendation | None
    chosen: Judged | None
    withdrawn: Judged | None
    why: Sentence
    weighed: tuple[Judged, ...]
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
    """Search measures for a day, choose among the best, and judge the choice on fresh draws.

    Three sets of draws. The search ranks candidates on its own (TRAINING_SEEDS). The first of the best is chosen for
    which, on CHOOSING_SEEDS, the 90 % intervals of the paired differences lie below zero both for the person-minutes
    above 3.5 persons/m2 and for the trouble in all (see `DayOutcome.trouble_h`), and 97 % of the visit-hours are kept.
    What it brings is told from fresh draws on which nothing was selected, so that its interval holds the truth as
    often as it says (selective inference by splitting the sample: Cox 1975, doi:10.1093/biomet/62.2.441; the winner's
    curse otherwise). These can but withdraw it: never advised is what they show to be worse.

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
    weighed, choice = choose(bench, searched.ranked[:FINALISTS])
    bench.live("fresh draws", [AS_IT_IS, *([choice.candidate] if choice else [])], seeds)
    judged = judge(bench, choice.candidate, seeds) if choice else None
    chosen, withdrawn = (None, judged) if judged and judged.worse else (judged, None)
    beside: list[tuple[float, Judged]] = []
    if chosen is not None:
        for share in BESIDE:
            bench.live(f"{share:.0%} follow", [chosen.candidate], seeds, share)
            beside.append((share, judge(bench, chosen.candidate, seeds, share)))
    why, told = _why(chosen or withdrawn, weighed, searched, draws), (*rests_on_told(compliance), *rests_on)
    behind = tuple(
        (one, *_in_search(bench, one, raced.scores)) for one, raced in searched.tried if one.name != AS_IT_IS.name
    )
    recommendation = None
    if chosen is not None:
        recommendation = _recommend(bench, chosen, weighed, behind, seeds, created, (why, *told))
    return CrowdAdvice(
        recommendation, chosen, withdrawn, why, weighed, tuple(beside), searched, behind, told,
        tuple(bench.of(AS_IT_IS.name, seed) for seed in seeds),
        tuple(bench.of(chosen.candidate.name, seed) for seed in seeds) if chosen else (),
        seeds, compliance, sum(one.cpu_s for one in bench.found.values()), len(bench.found),
    )  # fmt: skip


def _why(judged: Judged | None, weighed: Sequence[Judged], searched: Searched, draws: int) -> Sentence:
    if judged is not None and (worse := judged.worse) is not None:
        return say(
            f"do nothing: {judged.candidate.name} was chosen, but on {draws} fresh draws it {worse['en']}",
            f"建议不采取措施：所选方案“{judged.candidate.zh}”在{draws}个新随机样本上{worse['zh']}",
        )
    if judged is not None:
        low, high = judged.less_between
        return say(
            f"{judged.less:.0%} fewer person-minutes above 3.5 persons/m2 ({low:.0%} to {high:.0%}) at "
            f"{judged.kept:.1%} of the visit-hours, over {draws} draws that neither the search nor the choice saw",
            f"在搜索与选择均未用过的{draws}个随机样本上，每平方米3.5人以上的人·分钟减少{judged.less:.0%}"
            f"（{low:.0%}至{high:.0%}），保留{judged.kept:.1%}的游览时间",
        )
    if searched.trouble is None:
        return say("do nothing: nobody stands above 3.5 persons/m2", "无需措施：街道密度均低于每平方米3.5人")
    if not weighed:
        number = len(searched.tried) - 1
        return say(
            f"do nothing: each of {number} measures cost people more than it spared them",
            f"建议不采取措施：{number}项措施均得不偿失",
        )
    return say(
        f"do nothing: the best, {weighed[0].candidate.name}, {(weighed[0].why_not or say('', ''))['en']}",
        f"建议不采取措施：最佳方案“{weighed[0].candidate.zh}”{(weighed[0].why_not or say('', ''))['zh']}",
    )


def _recommend(
    bench: Bench, chosen: Judged, weighed: Sequence[Judged],
    behind: Sequence[tuple[Candidate[Measures], Effect, Sentence]], seeds: Sequence[int], created: datetime,
    rests_on: tuple[Sentence, ...],
) -> Recommendation:  # fmt: skip
    controls = Controls(chosen.candidate.what or (), bench.compliance)
    known = {one.candidate.name for one in weighed}
    others = [
        Alternative(one.candidate.name, one.candidate.title, one.effects["dense_min"], one.why_not or ranked_lower())
        for one in weighed
        if one.candidate.name != chosen.candidate.name
    ]
    others += [Alternative(one.name, one.title, effect, why) for one, effect, why in behind if one.name not in known]
    name, of = bench.case.name, bench.case.title
    return advise(
        "visitor_day",
        title=say(f"{of['en']}: {chosen.candidate.name}", f"{of['zh']}：{chosen.candidate.zh}"),
        action=controls.to_json(),
        effect=chosen.effects["dense_min"],
        side_effects=[effect for key, effect in chosen.effects.items() if key != "dense_min"],
        evidence=[f"draw {seed}: {digest_json([seed, name, controls.to_json()])[:12]}" for seed in seeds],
        created=created,
        valid_until=created + VALID,
        alternatives=others,
        rests_on=list(rests_on),
        risks=risks_of_advice(chosen),
    )


def risks_of_advice(chosen: Judged) -> list[Sentence]:
    """What to check before what was chosen is done, with what its own draws leave open."""
    return [*doubts_of(chosen), *risks_of(chosen.candidate.what or ())]


def doubts_of(chosen: Judged) -> list[Sentence]:
    """Where the fresh draws do not rule out that a choice brings nothing."""
    if chosen.why_not is None:
        return []
    return [say(f"on the fresh draws {chosen.why_not['en']}", f"新样本上：{chosen.why_not['zh']}")]


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
