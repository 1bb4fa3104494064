"""A changed plan as a recommendation: it lies on the desk until people decide, and goes nowhere by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from networks.digest import digest_json
from networks.errors import BadInput, Refused
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import Override, SignalPlan, Verdict
    from twin.desk import Desk, DeskEntry
    from twin.signals.ground import SignalGround

KIND = "signal_plan"


@dataclass(frozen=True)
class Wish:
    """What an engineer wants to run.

    Attributes:
        plans: One for each signal that changes.
        made_for: Digests (`twin.advice.plan_digest`) of the plans that were looked at, by signal.
        rules: Name of a locale that the plans are held against.
        why: The engineer's reason.
        reasons: Reasons of single changes: (signal, kind, subject) of a `PlanChange` -> words.
        overrides: Leave to fail, with reasons.
        valid_for: How long it may be approved.
    """

    plans: tuple[SignalPlan, ...]
    made_for: Mapping[str, str]
    rules: str
    why: str
    reasons: Mapping[tuple[str, str, str], str]
    overrides: tuple[Override, ...] = ()
    valid_for: timedelta = timedelta(hours=8)


def propose(wish: Wish, ground: SignalGround, desk: Desk, *, who: str) -> DeskEntry:
    """Put it on the desk; the same plans that still wait there are not put twice.

    Args:
        wish: What shall run.
        ground: The signals.
        desk: Whose clock counts.
        who: Proposes.

    Raises:
        BadInput: A plan does not fit its signal, two are for one signal, or nothing is changed.
        Refused: A rule fails that nobody gave leave for, or a signal runs another plan than was looked at.
        NotThere: There is no such signal.
    """
    document = proposal(wish, ground, desk, who=who)
    waiting = {entry.rec_id: entry for entry in desk.entries("proposed")}
    return waiting.get(document["rec_id"]) or desk.propose(document, by=who)


def proposal(wish: Wish, ground: SignalGround, desk: Desk, *, who: str) -> dict[str, Any]:
    """The document for `twin.desk.Desk.propose`; errors as of `propose`."""
    from scenarios import plan_text
    from twin.advice import plan_digest

    today = [_of_today(plan, wish, ground) for plan in wish.plans]
    verdicts = _judged(wish, ground)
    now, names = desk.clock(), [plan.tls_id for plan in wish.plans]
    action = [{"kind": KIND, "plans": [plan_text(plan)]} for plan in wish.plans]
    again = sum(e.status != "proposed" and list(e.document.get("action", ())) == action for e in desk.entries())
    return {
        "rec_id": digest_json([KIND, action, dict(wish.made_for), again])[:12],
        "kind": KIND,
        "created": now.isoformat(timespec="seconds"),
        "valid_until": (now + wish.valid_for).isoformat(timespec="seconds"),
        "title": say(
            f"Another plan at {', '.join(names)}, by {who}", f"{'、'.join(names)}改用另一配时方案（{who}提出）"
        ),
        "action": action,
        "before": [{"kind": KIND, "plans": [plan_text(plan)]} for plan in today],
        "rests_on_assets": {f"signal:{plan.tls_id}": plan_digest(plan) for plan in today},
        "effect": None,
        "side_effects": [],
        "alternatives": [],
        "evidence": [],
        "why": [say(wish.why, wish.why), *_changes(wish, today, ground)],
        "rests_on": [_held(wish, verdicts), *_guessed(today)],
        "risks": [
            say("Nobody simulated what it brings.", "未经仿真，效果未知。"),
            *(_let_through(leave, verdicts) for leave in wish.overrides),
        ],
        "proposed_by": who,
    }


def _of_today(plan: SignalPlan, wish: Wish, ground: SignalGround) -> SignalPlan:
    """What a signal runs, if it is what was looked at and something is changed."""
    from twin.advice import plan_digest

    today = ground.plan(plan.tls_id)
    place = f"signal {plan.tls_id}"
    if sum(one.tls_id == plan.tls_id for one in wish.plans) > 1:
        raise BadInput("two plans are for one signal", place=place, expected="one plan for each signal")
    if wish.made_for.get(plan.tls_id) != plan_digest(today):
        raise Refused(
            f"signal {plan.tls_id} runs another plan than the one that was changed",
            place=place, remedy="load the signal again and make the change on what it runs now",
        )  # fmt: skip
    if (plan.phases, plan.offset_s, plan.kind) == (today.phases, today.offset_s, today.kind):
        raise BadInput(f"nothing is changed at signal {plan.tls_id}", place=place, expected="another plan")
    return today


def _judged(wish: Wish, ground: SignalGround) -> list[Verdict]:
    """Verdicts on the plans and on the change to them.

    Raises:
        Refused: A rule fails that nobody gave leave for.
    """
    from networks.rules.overriding import uncovered

    verdicts = ground.judged(wish.plans, wish.rules)
    if left := uncovered(verdicts, wish.overrides):
        names = ", ".join(sorted({one.rule for one in left}))
        raise Refused(
            f"the plan fails {len(left)} figures of {wish.rules}: {names}",
            place=f"signal {left[0].tls_id}, {left[0].rule}, {left[0].subject}",
            expected="a plan that passes, or leave with a reason for each rule that fails",
        )
    return verdicts


def _changes(wish: Wish, today: Sequence[SignalPlan], ground: SignalGround) -> list[Sentence]:
    """Each change that has a reason, in words."""
    from viz.signals.plans.plan_change import plan_changes
    from viz.text import words

    lines = []
    for plan, old in zip(wish.plans, today, strict=True):
        for one in plan_changes(old, plan, ground.sheet(old, wish.rules).controller):
            if given := wish.reasons.get((plan.tls_id, one.kind, one.subject)):
                name, figures = words(f"diff.{one.kind}"), f"{one.before or '–'} → {one.after or '–'}"
                en, zh = (f"{plan.tls_id}, {name[tongue]} {one.subject}".rstrip() for tongue in ("en", "zh"))
                lines.append(say(f"{en}: {figures}: {given}", f"{zh}：{figures}：{given}"))
    return lines


def _held(wish: Wish, verdicts: Sequence[Verdict]) -> Sentence:
    from networks import read_rules

    title, count = read_rules(wish.rules).title, len(verdicts)
    wrong = sum(one.passed is False for one in verdicts)
    return say(
        f"Held against {title['en']}: {count} figures, {wrong} fail", f"依据{title['zh']}核查{count}项，{wrong}项不符合"
    )


def _guessed(today: Sequence[SignalPlan]) -> list[Sentence]:
    names = [plan.tls_id for plan in today if plan.source == "guessed"]
    return [
        say(f"Guessed: what {name} runs today; nobody gave its plan", f"推测：{name}现行方案未提供，为推测值")
        for name in names
    ]


def _let_through(leave: Override, verdicts: Sequence[Verdict]) -> Sentence:
    from networks.rules.meanings import MEANINGS

    count, meaning = sum(one.passed is False and leave.covers(one) for one in verdicts), MEANINGS[leave.rule]
    return say(
        f"Let through although it fails ({meaning['en']}, {count} figures): {leave.reason}",
        f"虽不符合仍予放行（{meaning['zh']}，{count}项）：{leave.reason}",
    )
