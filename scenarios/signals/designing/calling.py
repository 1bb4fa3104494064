"""The condition that ends a green on call: a gap in its own traffic, or its longest time, while somebody waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TRAPPED_S = 4.0
"""Who passed a loop so shortly before the light turned red may stand between the two, and has called as well."""
NEVER, AT_ONCE = "0 > 1", "1 > 0"


def call_of(state: str, loops: Mapping[int, Sequence[str]], longest_s: float, gap_s: float) -> str:
    """The condition in SUMO's words (`earlyTarget`), evaluated once the least green is over.

    A stage in which no vehicle goes ends at once; one in which every vehicle may go has nobody to wait for, and lasts
    as long as it may.

    Args:
        state: What the stage shows.
        loops: Names of the loops by link.
        longest_s: Green after which a gap is not waited for any longer.
        gap_s: Time since the last vehicle at each of its loops that counts as a gap.

    Source: SUMO's documentation, Simulation/Traffic_Lights, "Type actuated with custom switching rules".
    """
    going = [k for k in sorted(loops) if state[k] in "Gg"]
    held = [k for k in sorted(loops) if state[k] not in "Gg"]
    if not going:
        return AT_ONCE
    own = sorted({name for k in going for name in loops[k]})
    asking = {name: k for k in reversed(held) for name in loops[k]}
    if not asking:
        return NEVER
    gap = " and ".join(f"(z:{name} > {gap_s:.2f})" for name in own)
    calls = " or ".join(f"((r:{k} + {TRAPPED_S:g}) > z:{name})" for name, k in sorted(asking.items()))
    return f"(({gap}) or (g:{going[0]} >= {longest_s:g})) and ({calls})"
