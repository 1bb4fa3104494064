"""`Hour`: now and the next hour in steps, as the cockpit's time line reads it: answer of GET /api/hour.

    id             of the picture that it is of; it changes when anything below does
    made_at        ISO time of the picture; step k begins k x `step_s` after it
    step_s, steps  length of a step, and how many there are
    speed          packed (steps, edges): 0..200 is 200 x speed / free speed; 255: nobody drives there
    queue          packed (steps, edges): 0..200 is 200 x the share of the street that its queue fills; 255: not known
    spread         packed (steps, edges): width of the 90 % interval of `speed`, 0..200; 255: not known
    sure           packed (steps, edges): one of SURE
    depth          packed (steps, edges): depth of water in cm, 254 is 2.54 m and more; null: no model of water
    closed         by step: rows of edges that are closed
    crowd          links: packed walk links (int32); density: packed (steps, links): 0 nobody, else 1 + 40 x persons per
                   m2, 254 is 6.3 and more; null where nobody is followed
    rows           what else there is, by layer of the map: see `twin.live.rows_now`

Packed arrays are uint8 as `viz.pack` makes them; edges are in the order of GET /api/city's `edge_ids`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
PER_DENSITY = 40
"""Codes of a person per m2."""

NOT_KNOWN = 255
SURE = {"nothing": 0, "no_skill": 1, "unchecked": 2, "skilled": 3}
"""How far a street's forecast can be trusted.

nothing: no forecast; no_skill: measured there, and no better than the usual; unchecked: nobody counts there;
skilled: measured there, and better than the usual.
"""


@dataclass(frozen=True)
class Hour:
    """Now and the next hour.

    Attributes:
        hour_id: Of the picture.
        made_at: Its moment; with a zone.
        step_s: Length of a step.
        ratio: Speed over free speed (steps, edges); NaN where nobody drives.
        sure: Codes of SURE (steps, edges).
        queue: Share of the street that its queue fills (steps, edges); NaN: not known. None: of no street.
        spread: Width of the 90 % interval of `ratio` (steps, edges); NaN: not known. None: of no street.
        depth_m: Water (steps, edges). None: no model of water.
        closed: Rows of closed edges, by step; empty: none ever.
        crowd: (walk link, persons per m2), by step; empty: nobody is followed.
        rows: More, by layer of the map.
    """

    hour_id: str
    made_at: datetime
    step_s: float
    ratio: Floats
    sure: Codes
    queue: Floats | None = None
    spread: Floats | None = None
    depth_m: Floats | None = None
    closed: Sequence[Sequence[int]] = ()
    crowd: Sequence[Sequence[Sequence[float]]] = ()
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def head(self) -> dict[str, Any]:
        """What the state tells of it: enough to know whether to ask for it."""
        made_at = self.made_at.isoformat(timespec="seconds")
        return {"id": self.hour_id, "made_at": made_at, "step_s": self.step_s, "steps": len(self.ratio)}

    def told(self) -> dict[str, Any]:
        """The document, JSON-ready."""
        from viz import pack

        unknown = np.full(self.ratio.shape, np.nan)
        shares = {"speed": self.ratio, "queue": self.queue, "spread": self.spread}
        packed = {name: pack(codes(unknown if one is None else one, 200.0, 200)) for name, one in shares.items()}
        depth = None if self.depth_m is None else pack(codes(self.depth_m, 100.0, 254))
        closed = [list(one) for one in self.closed]
        return {
            **self.head(), **packed, "sure": pack(self.sure), "depth": depth, "closed": closed,
            "crowd": self._crowd(),
            "rows": {name: [dict(row) for row in rows] for name, rows in self.rows.items()},
        }  # fmt: skip

    def _crowd(self) -> dict[str, Any] | None:
        from viz import pack

        steps = [np.asarray(one, float).reshape(-1, 2) for one in self.crowd]
        links = (
            np.unique(np.concatenate([one[:, 0] for one in steps])).astype(np.int32) if steps else np.empty(0, np.int32)
        )
        if not len(links):
            return None
        density = np.zeros((len(self.ratio), len(links)), np.uint8)
        for step, one in enumerate(steps[: len(density)]):
            code = np.where(one[:, 1] > 0, 1 + np.minimum(np.rint(one[:, 1] * PER_DENSITY), 253), 0)
            density[step, np.searchsorted(links, one[:, 0])] = code.astype(np.uint8)
        return {"links": pack(links), "density": pack(density)}


def codes(values: Floats, per_unit: float, most: int) -> Codes:
    """Values as bytes: 0..most, NOT_KNOWN for NaN."""
    with np.errstate(invalid="ignore"):
        whole = np.clip(np.rint(values * per_unit), 0, most)
    return np.where(np.isnan(values), NOT_KNOWN, whole).astype(np.uint8)
