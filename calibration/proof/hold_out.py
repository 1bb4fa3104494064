"""Hold-outs: sensors that are kept from the calibration, to judge it by.

A model that is judged at the sensors it was fitted to looks right whatever it does (SUMO issue 18199: GEH < 5 on 84 %
of links with twenty times too many vehicles). So some are set aside first, whole edges, corridors or screenlines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration.counting import Counts
from calibration.proof.corridors import corridors
from calibration.proof.screenlines import screenlines
from models.streams import stream
from networks.errors import BadInput
from networks.roads.net_file import Net

RULES = ("edges", "corridors", "screenlines")


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Which sensors a calibration may see, and which judge it; no sensor is in both, and none is in neither.

    Attributes:
        rule: Of RULES.
        used: Sensors that the calibration sees, in the counts' order.
        held: Sensors that judge it, in the counts' order.
        parts: What was held out whole: name of the edge, corridor or screenline.
    """

    rule: str
    used: tuple[str, ...]
    held: tuple[str, ...]
    parts: tuple[str, ...]


def hold_out(counts: Counts, net: Net, rule: str, share: float, seed: int) -> HoldOut:
    """Hold out a share of the sensors by a rule.

    Args:
        counts: What was counted.
        net: Its network.
        rule: `edges`: random edges; `corridors`: whole corridors (`corridors`);
            `screenlines`: whole cuts (`screenlines`),
            both directions.
        share: Of the sensors (0 to 1); whole parts are held until it is reached.
        seed: Of the draw.

    Raises:
        BadInput: Nothing would be left to calibrate by, or nothing to judge by.
    """
    if rule == "edges":
        return hold_edges(counts, share, seed)
    if rule == "corridors":
        return hold_parts(counts, [[name] for name in _parts(counts, corridors(net))], rule, share, seed)
    lines = screenlines(net)
    crossed = [sorted({line.cut for line in lines if edge in line.edges}) for edge in counts.edges]
    return hold_parts(counts, crossed, rule, share, seed)


def hold_edges(counts: Counts, share: float, seed: int) -> HoldOut:
    """Hold out random edges, with every sensor on them; see `hold_out`."""
    return hold_parts(counts, [[edge] for edge in counts.edges], "edges", share, seed)


def hold_parts(counts: Counts, parts: Sequence[Sequence[str]], rule: str, share: float, seed: int) -> HoldOut:
    """Hold out whole parts in random order, each that still fits, until a share of the sensors is held.

    A part is left out of the draw where holding it would leave fewer than half of the wanted share of used sensors.

    Args:
        counts: What was counted.
        parts: Of each sensor (S), the parts that it belongs to; none: it is always used.
        rule: Told in the answer.
        share: Of the sensors (0 to 1).
        seed: Of the draw.

    Raises:
        BadInput: Nothing would be left to calibrate by, or nothing to judge by.
    """
    sensors = len(counts.sensors)
    members: dict[str, set[int]] = {}
    for at, names in enumerate(parts):
        for name in names:
            members.setdefault(name, set()).add(at)
    order = sorted(members)
    stream(seed, f"hold out {rule}").shuffle(order)
    wanted = max(1, round(share * sensors))
    most = max(wanted, sensors - max(1, round((1 - share) * sensors / 2)))
    held: set[int] = set()
    chosen: list[str] = []
    for name in order:
        if len(held) >= wanted:
            break
        if len(held | members[name]) <= most and len(held | members[name]) < sensors:
            held |= members[name]
            chosen.append(name)
    if not held or len(held) == sensors:
        raise BadInput(
            f"{sensors} sensors cannot be parted into some to calibrate by and some to judge by ({rule}, {share:.0%})",
            expected="at least two sensors on different edges, corridors or screenlines",
            remedy="give more counts, a smaller --hold-out, or --by edges",
        )
    told = tuple(counts.sensors[at] for at in range(sensors) if at in held)
    rest = tuple(counts.sensors[at] for at in range(sensors) if at not in held)
    return HoldOut(rule, rest, told, tuple(sorted(chosen)))


def _parts(counts: Counts, part_of: Mapping[str, str]) -> list[str]:
    return [part_of.get(edge, edge) for edge in counts.edges]
