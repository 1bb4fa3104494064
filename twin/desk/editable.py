"""`Figure`: a figure of an action that people may set, and how far; what a screen offers before it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from twin.desk.assets import touched
from twin.desk.authority import Authority
from twin.desk.figures import figures, name_of, words_of
from twin.desk.signal_edits import between_greens


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be set.

    Attributes:
        place: As `change` names it: "0.plans.0.phases.1.duration_s".
        value: As proposed.
        low: Least that it may be.
        high: Most that it may be.
        group: What it belongs to: a signal; "" where it stands alone.
        phase: Number of its phase in a signal plan; None elsewhere.
        cycle: The group's figures must keep their sum: the cycle of a signal keeps its length.
    """

    place: str
    value: float
    low: float
    high: float
    group: str = ""
    phase: int | None = None
    cycle: bool = False


def editable(action: Any, rules: Authority) -> list[Figure]:
    """Every figure of an action that the rules let people set, as `changed` will judge it."""
    found: list[Figure] = []
    for number, one in enumerate(action if isinstance(action, list | tuple) else ()):
        if not isinstance(one, Mapping):
            continue
        limits = [edit.limits for edit in rules.edits if edit.is_about(str(one.get("kind", "")), touched(one))]
        for at, value in figures(one):
            spans = [limit[name_of(at)] for limit in limits if name_of(at) in limit]
            if spans and len(spans) == len(limits):
                low, high = max(low for low, _ in spans), min(high for _, high in spans)
                found += _within(one, (number, *at), value, low, high)
    return found


def _within(one: Mapping[str, Any], at: tuple[Any, ...], value: float, low: float, high: float) -> Iterator[Figure]:
    """The figure with its own bounds; none where it is time between greens, or has no room."""
    group, number = "", None
    if len(at) > 3 and at[1] == "plans":
        plan = one["plans"][at[2]]
        group = str(plan.get("tls_id", ""))
        if at[3] == "phases":
            number, phase = int(at[4]), plan["phases"][at[4]]
            if at[5] != "duration_s" or between_greens(str(phase.get("state", ""))):
                return
            least, most = phase.get("min_s"), phase.get("max_s")
            if least is not None and most is not None and least < most:
                low, high = max(low, float(least)), min(high, float(most))
    if low < high and low <= value <= high:
        yield Figure(words_of(at), value, low, high, group, number, cycle=number is not None)
