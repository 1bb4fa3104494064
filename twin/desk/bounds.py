"""Whether a bound lets something happen without a person, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from twin.desk.assets import touched
from twin.desk.authority import Bound
from twin.desk.book import text_of
from twin.desk.figures import figures, name_of, outside, same_but_figures, words_of
from twin.desk.tables import decisions


def why_not(link: Connection, bound: Bound, document: Mapping[str, Any], mode: str, now: datetime) -> str | None:
    """Why this lies without a bound, in words; None: it lies within.

    Args:
        link: The desk's transaction.
        bound: The bound.
        document: The recommendation; `before` holds what its action replaces, in the same shape.
        mode: "normal" or "emergency".
        now: The desk's time.
    """
    action: Sequence[Mapping[str, Any]] = document.get("action") or []
    if not action or not all(bound.covers(str(one.get("kind", "")), touched(one)) for one in action):
        return "it is about other kinds or other assets"
    if mode not in bound.modes:
        return f"it does not hold in {mode} mode"
    if not bound.holds_at(now.astimezone(ZoneInfo(bound.zone)).time()):
        return f"it holds {bound.hours} ({bound.zone}) only"
    effect = document.get("effect")
    if bound.only_if_better and (not isinstance(effect, Mapping) or effect.get("verdict") != "better"):
        return "the expected effect is not better beyond chance"
    return _figures(bound, action, document.get("before")) or _rate(link, bound, now)


def _figures(bound: Bound, action: Sequence[Mapping[str, Any]], before: Any) -> str | None:
    there = {name_of(at) for at, _ in figures(action)}
    for name in (*bound.limits, *bound.changes_at_most):
        if name not in there:
            return f"it says nothing of {name}"
    beyond = outside(action, bound.limits)
    if beyond or not bound.changes_at_most:
        return beyond
    if not same_but_figures(before, list(action)):
        return "what was there before is not told in the same shape"
    old = dict(figures(before))
    for at, figure in figures(action):
        most = bound.changes_at_most.get(name_of(at))
        if most is not None and abs(figure - old[at]) > most:
            return f"{words_of(at)} goes from {old[at]:g} to {figure:g}, and may change by {most:g}"
    return None


def _rate(link: Connection, bound: Bound, now: datetime) -> str | None:
    since = (decisions.c.bound == bound.id) & (decisions.c.clock_at > text_of(now - timedelta(hours=1)))
    used = link.execute(select(func.count()).select_from(decisions).where(since)).scalar() or 0
    return f"it was used {used} times in the last hour" if used >= bound.per_hour else None
