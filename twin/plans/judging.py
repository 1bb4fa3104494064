"""Which level of a plan holds now, and because of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.alarms import LEVELS, Finding
from twin.plans.plan import FindingCondition, Plan, SignalCondition, Trigger
from twin.plans.signals import Signal


@dataclass(frozen=True, slots=True)
class Held:
    """A level that holds.

    Attributes:
        level: "IV" to "I".
        signals: Official signals that it rests on.
        findings: Findings that it rests on.
    """

    level: str
    signals: tuple[Signal, ...]
    findings: tuple[Finding, ...]


def judge(plan: Plan, signals: Sequence[Signal], findings: Sequence[Finding], now: datetime) -> dict[str, Held]:
    """The worst level that holds, by subject; a plan for the whole city has the one subject "".

    Args:
        plan: The plan.
        signals: In force now.
        findings: Of this cycle.
        now: With a zone.
    """
    if plan.per == "city":
        held = _worst(plan, signals, findings, now)
        return {} if held is None else {"": held}
    by_subject: dict[str, list[Finding]] = {}
    for one in findings:
        by_subject.setdefault(one.subject, []).append(one)
    judged = {subject: _worst(plan, signals, of, now) for subject, of in sorted(by_subject.items())}
    return {subject: held for subject, held in judged.items() if held is not None}


def worse(level: str, than: str) -> bool:
    """It is worse than the other."""
    return LEVELS.index(level) > LEVELS.index(than)


def _worst(plan: Plan, signals: Sequence[Signal], findings: Sequence[Finding], now: datetime) -> Held | None:
    for name, level in reversed(plan.from_mildest()):
        met = [found for trigger in level.when if (found := _met(trigger, signals, findings, now)) is not None]
        if met:
            return Held(
                name,
                tuple({signal.signal_id: signal for one, _ in met for signal in one}.values()),
                tuple({finding.key: finding for _, of in met for finding in of}.values()),
            )
    return None


def _met(
    trigger: Trigger, signals: Sequence[Signal], findings: Sequence[Finding], now: datetime
) -> tuple[list[Signal], list[Finding]] | None:
    """What a trigger rests on, if all of it holds."""
    heard = [one for one in signals if trigger.signal is not None and _fits(trigger.signal, one)]
    if trigger.signal is not None and not heard:
        return None
    grounds: list[Finding] = []
    for condition in trigger.findings:
        found = [one for one in findings if _counts(condition, one, heard, now)]
        if len({one.subject for one in found}) < condition.count:
            return None
        grounds += found
    return heard, grounds


def _fits(condition: SignalCondition, signal: Signal) -> bool:
    """A warning that tells no level counts as the mildest."""
    level = signal.level or "IV"
    return (signal.official or condition.own) and not worse(condition.at_least, level) and signal.says(condition.events)


def _counts(condition: FindingCondition, finding: Finding, signals: Sequence[Signal], now: datetime) -> bool:
    if finding.kind != condition.kind or finding.probability < condition.probability:
        return False
    if worse(condition.level, finding.level) or (finding.ends is not None and finding.ends <= now):
        return False
    if condition.within_min is not None and finding.begins > now + timedelta(minutes=condition.within_min):
        return False
    return condition.area is None or _inside(condition, finding, signals)


def _inside(condition: FindingCondition, finding: Finding, signals: Iterable[Signal]) -> bool:
    """It lies in the area; a finding without a place lies nowhere, a warning without an area holds everywhere."""
    if condition.area == "signal" and any(one.area is None for one in signals):
        return True
    if finding.place is None:
        return False
    from shapely import Point, Polygon
    from shapely.geometry import shape

    point = Point(*finding.place)
    if isinstance(condition.area, tuple):
        return bool(Polygon(condition.area).covers(point))
    return any(shape(one.area).covers(point) for one in signals)
