"""The best rule of a control room as a recommendation, from paired days; what was tried beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from networks.sentence import Sentence, say
from scenarios.emergency.service import Service
from scenarios.emergency.trials import BASELINE, PLANNED, Trials
from scenarios.searches.recommendation import Alternative, Effect, Recommendation, advise

GOAL = "median_s"
BOUNDS = ("no_lights", "green_wave")
"""What signals could give is no rule for units: told, never recommended here."""
VALID = timedelta(days=7)
"""So long it may be approved (guess): rosters and roads change."""


def dispatch_advice(
    services: Sequence[Service], done: Trials, titles: dict[str, Sentence], *,
    rests_on: list[Sentence], evidence: Sequence[str] = (), created: datetime | None = None,
) -> Recommendation | None:  # fmt: skip
    """The rule that lowers the median response most and beyond chance, or None where none does.

    Args:
        services: Whose units.
        done: All ways to work on the same calls.
        titles: Way -> its name.
        rests_on: What the page says it rests on.
        evidence: Folders that it rests on.
        created: Now, if not told.
    """
    rules = [name for name in done.deltas if name not in (PLANNED, *BOUNDS)]
    better = [name for name in rules if done.deltas[name][GOAL].verdict == "better"]
    if not better:
        return None
    best = min(better, key=lambda name: done.deltas[name][GOAL].difference)
    classes = " ".join(one.roads.vehicle.name for one in services)
    moment = created or datetime.now(UTC)
    others = [
        Alternative(name, titles[name], _effect(done, name, GOAL), _why_not(done, name))
        for name in done.deltas
        if name != best
    ]
    side = [key for key in ("p90_s", *(f"within_{aim.name}" for aim in done.aims))]
    return advise(
        "dispatch_rule",
        title=say(f"{services[0].city.name}: {titles[best]['en']}", f"{services[0].city.name}：{titles[best]['zh']}"),
        action=[{"kind": "dispatch_rule", "rule": best, "class": classes}],
        effect=_effect(done, best, GOAL),
        side_effects=[_effect(done, best, key) for key in side],
        alternatives=others,
        evidence=[*evidence, *(f"seed {seed}" for seed in done.seeds)],
        created=moment,
        valid_until=moment + VALID,
        rests_on=rests_on,
    )


def _effect(done: Trials, name: str, key: str) -> Effect:
    lower = key.endswith("_s")
    unit, base, values = ("s" if lower else "share"), done.measures[BASELINE][key], done.measures[name][key]
    return Effect.paired(f"response_{key.removesuffix('_s')}", unit, base, values, "lower" if lower else "higher")


def _why_not(done: Trials, name: str) -> Sentence:
    if name == PLANNED:
        return say("a plan for years, no rule for today", "属长期规划，并非当日规则")
    if name in BOUNDS:
        return say("what signals could give, no rule for units", "属信号优先的效果，并非派遣规则")
    verdict = done.deltas[name][GOAL].verdict
    if verdict == "better":
        return say("better too, but less", "亦有改善，但较小")
    if verdict == "worse":
        return say("makes the median worse", "中位响应变差")
    return say("cannot be told from no change", "无法与无变化区分")
