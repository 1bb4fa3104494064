"""What a person may not change in a signal plan by hand: what protects people from one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def unsafe_edit(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Why a plan may not be changed so, in words; None: it may.

    Times between greens (yellow, all red) stay as they are, a phase stays between its shortest and longest time, and
    the cycle keeps its length, on which its neighbours count.

    Args:
        before: As proposed: `phases` with `state` (SUMO's letters), `duration_s` and perhaps `min_s` and `max_s`.
        after: With other figures.
    """
    pairs = list(zip(before.get("phases") or [], after.get("phases") or [], strict=True))
    for number, (old, new) in enumerate(pairs):
        for name in set(old) - {"duration_s"}:
            if old[name] != new[name]:
                return f"{name} of phase {number} is no time that is set by hand"
        if new["duration_s"] == old["duration_s"]:
            continue
        if between_greens(str(old.get("state", ""))):
            return f"phase {number} clears the junction: its {old['duration_s']:g} s stay"
        low, high = old.get("min_s"), old.get("max_s")
        if low is not None and high is not None and low < high and not low <= new["duration_s"] <= high:
            return f"phase {number} would last {new['duration_s']:g} s, and may last {low:g} to {high:g} s"
    cycle, other = (
        (sum(phase["duration_s"] for phase in phases) for phases in zip(*pairs, strict=True)) if pairs else (0, 0)
    )
    if abs(cycle - other) > 1e-6:
        return f"the cycle would last {other:g} s instead of {cycle:g} s: take from one green what another gets"
    return None


def between_greens(state: str) -> bool:
    """Whether a phase clears the junction: yellow, or nobody has green."""
    return "y" in state.lower() or "u" in state.lower() or "g" not in state.lower()
