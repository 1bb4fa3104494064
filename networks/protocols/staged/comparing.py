"""What a staged plan changes of another, and the plan of SUMO's that comes of it."""

from __future__ import annotations

from networks.errors import BadInput
from networks.protocols.staged.plan import Served, StagedPlan, StagedStage
from networks.protocols.staged.showing import plan_of_staged
from networks.protocols.staged.unshifting import without_shifts
from networks.protocols.staged.wiring import wired_as
from networks.signals.controllers.controller import Controller
from networks.signals.plans.plan import SignalPlan

_SAME_S = 1e-3
_MOST_NAMES = 3


def changes(now: StagedPlan, then: StagedPlan) -> list[str]:
    """What differs, a phrase each; empty when nothing: stages may be parted otherwise where they show the same."""
    found = _differences(now, then)
    if not found:
        return []
    try:
        parted = without_shifts(now), without_shifts(then)
    except BadInput:
        return found
    finer = _differences(*parted)
    other = len(now.stages) != len(then.stages) and len(parted[0].stages) == len(parted[1].stages)
    return finer if not finer or other else found


def _differences(now: StagedPlan, then: StagedPlan) -> list[str]:
    found = []
    if now.control is not then.control:
        found.append(f"control {now.control.value} -> {then.control.value}")
    for what, a, b in (("cycle", now.cycle_s, then.cycle_s), ("offset", now.offset_s, then.offset_s)):
        if abs(a - b) > _SAME_S:
            found.append(f"{what} {a:g} -> {b:g} s")
    wired = wired_as(then, now.groups)
    if wired is None:
        now, wired = wired_as(now, then.groups) or now, then
        if [(g.number, g.links) for g in now.groups] != [(g.number, g.links) for g in then.groups]:
            return [*found, "other groups of lamps"]
    then = wired
    found += _lamp_changes(now, then)
    if len(now.stages) != len(then.stages):
        return [*found, f"{len(now.stages)} -> {len(then.stages)} stages"]
    for before, after in zip(now.stages, then.stages, strict=True):
        found += _stage_changes(now, before, after)
    return found


def _lamp_changes(now: StagedPlan, then: StagedPlan) -> list[str]:
    """New yellows and red-ambers; where many groups change alike their number."""
    found = []
    for name in ("yellow", "red_amber"):
        alike: dict[tuple[float, float], list[str]] = {}
        for one, other in zip(now.groups, then.groups, strict=True):
            a, b = getattr(one, f"{name}_s"), getattr(other, f"{name}_s")
            if abs(a - b) > _SAME_S:
                alike.setdefault((a, b), []).append(one.name)
        for (a, b), names in alike.items():
            whose = ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} groups"
            found.append(f"{name.replace('_', '-')} of {whose} {a:g} -> {b:g} s")
    return found


def changed_plan(today: SignalPlan, now: StagedPlan, then: StagedPlan, controller: Controller) -> SignalPlan:
    """Today's plan to the last digit where nothing differs, or else what the staged plan shows."""
    return plan_of_staged(then, today, controller) if changes(now, then) else today


def _stage_changes(plan: StagedPlan, before: StagedStage, after: StagedStage) -> list[str]:
    found = []
    limits: tuple[tuple[str, float, float], ...] = (
        ("", before.seconds, after.seconds),
        (" at least", before.seconds - before.shorter_s, after.seconds - after.shorter_s),
        (" at most", before.seconds + before.longer_s, after.seconds + after.longer_s),
    )
    if not any((before.shorter_s, before.longer_s, after.shorter_s, after.longer_s)):
        limits = limits[:1]
    found += [f"stage {before.number}{what} {a:g} -> {b:g} s" for what, a, b in limits if abs(a - b) > _SAME_S]
    names = {group.number: group.name for group in plan.groups}
    own, new = ({one.group: one for one in stage.served} for stage in (before, after))
    for number in sorted(own.keys() | new.keys()):
        a, b = own.get(number), new.get(number)
        if a is None or b is None:
            found.append(f"stage {before.number} {'no longer serves' if b is None else 'serves'} {names[number]}")
        elif not _alike(a, b):
            found.append(
                f"stage {before.number}: {names[number]} from {a.late_s:g} s on to {a.early_s:g} s before its end"
                f" -> from {b.late_s:g} s on to {b.early_s:g} s before"
            )
    return found


def _alike(one: Served, other: Served) -> bool:
    return abs(one.late_s - other.late_s) < _SAME_S and abs(one.early_s - other.early_s) < _SAME_S
