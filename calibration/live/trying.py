"""Alternatives of the last minutes, each in a copy of the town that meets the same vehicles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.live.anchor import Anchor
from calibration.live.usual import Floats
from models.sumo import Branch
from models.sumo.change import Change
from models.sumo.sent import Later, VehiclesSent


def tried(
    anchor: Anchor, vehicles: VehiclesSent, alternatives: Mapping[str, Sequence[Change]],
    known: Sequence[tuple[float, Change]], rows: NDArray[np.int64], *, since_s: float, until_s: float,
) -> dict[str, tuple[Floats, Floats]]:  # fmt: skip
    """Counts and harmonic speeds at the sensors (S, periods from the anchor on), where an alternative ran to its end.

    Args:
        anchor: The warm town.
        vehicles: What sets out in all of them.
        alternatives: Changes of each, by name.
        known: What holds in all of them, and since when.
        rows: The edge that each sensor watches (S).
        since_s: Since when the alternatives hold.
        until_s: Their end.
    """
    names = {f"alternative-{number}": name for number, name in enumerate(alternatives)}
    branches = [
        Branch(
            branch, until_s, (*(Later(since_s, change) for change in alternatives[name]), vehicles),
            tables=True, past=False,
        )
        for branch, name in names.items()
    ]  # fmt: skip
    found = anchor.copies(branches, None, until_s=until_s, known=known)
    valid = [name for branch, name in names.items() if branch not in found.left_out]
    return {name: (one.flow[rows], one.speed_mps[rows]) for name, one in zip(valid, found.seen, strict=True)}
