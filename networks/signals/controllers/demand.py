"""Flows that a guessed plan is made for: assumed from road classes and lanes, since nobody counted.

The figures are this project's assumption of a busy weekday hour, not a standard; they decide splits, never safety.
"""

from __future__ import annotations

from networks.signals.groups.group import SignalGroup
from networks.signals.groups.grouping import crosses_oncoming
from networks.signals.layouts.layout import Layout

SATURATION_VPHPL = 1800.0
"""Vehicles per hour of green and lane (HCM 2016, ch. 19: base 1900, lowered for narrow urban lanes)."""
LANE_VPH = {
    "motorway": 700.0,
    "trunk": 600.0,
    "primary": 500.0,
    "secondary": 400.0,
    "tertiary": 280.0,
    "unclassified": 160.0,
    "residential": 130.0,
    "living_street": 60.0,
    "service": 60.0,
}
"""Assumed vehicles per hour and lane in a busy hour."""
_OTHER_VPH = 200.0
_TURNING_SHARE = 0.2
_GIVING_WAY = 0.7
_OTHER_RATIO = 0.03


def lane_flow_vph(layout: Layout, edge: str) -> float:
    """Assumed vehicles per hour on each lane of an approach; links of ramps count as the road that they lead from."""
    known = layout.edges.get(edge)
    return LANE_VPH.get(known.road.removesuffix("_link"), _OTHER_VPH) if known else 0.0


def flow_ratio(layout: Layout, group: SignalGroup) -> float:
    """Assumed flow of a group's busiest lane over its saturation flow; 0 for pedestrians, little for the rest.

    A group of turns over the oncoming lanes alone carries a fifth of its approach's flow; where such turns share lanes
    with others, waiting for gaps lowers the saturation flow by up to three tenths.
    """
    if group.kind == "pedestrian":
        return 0.0
    if group.kind != "vehicle":
        return _OTHER_RATIO
    ratio = 0.0
    for edge in sorted({m.from_edge for m in layout.movements if m.index in group.links}):
        own = [m for m in layout.movements if m.index in group.links and m.from_edge == edge]
        every = {m.from_lane for m in layout.movements if m.from_edge == edge and m.kind == "vehicle"}
        turns = [crosses_oncoming(m, left_hand=layout.left_hand) for m in own]
        lanes = {m.from_lane for m in own}
        flow = lane_flow_vph(layout, edge)
        if all(turns) and len(lanes) < len(every):
            load = flow * len(every) * _TURNING_SHARE / len(lanes)
        elif len(lanes) < len(every):
            load = flow * len(every) * (1 - _TURNING_SHARE) / len(lanes)
        else:
            load = flow
        mixed = any(turns) and not all(turns)
        slowed = 1.0 - (1.0 - _GIVING_WAY) / len(lanes) if mixed else 1.0
        ratio = max(ratio, load / (SATURATION_VPHPL * slowed))
    return ratio
