"""Tags that list something for each lane from left to right: arrows, bus lanes, bicycle lanes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from networks.osm.extract import Tags
from networks.osm.values import read_lanes, tidy

_CLOSING = ("vehicle", "motor_vehicle", "motorcar", "access")
_KINDS = ("turn", "bus", "psv", "bicycle", *_CLOSING)
ARROWS = frozenset(
    [f"{how}{side}" for side in ("left", "right") for how in ("", "slight_", "sharp_", "merge_to_")]
    + ["through", "reverse"]
)
"""Values of turn:lanes that the OpenStreetMap wiki names, but `none`."""


@dataclass(frozen=True)
class LaneList:
    """What the lists of one direction say.

    Attributes:
        key: A key that the length was taken from.
        motor: Lanes for motor vehicles, None where nothing is listed.
        bicycle: Lanes for bicycles alone, left out of the others.
        turns: Arrows of each motor lane, left to right, `left;through`, "" for none.
        bus: For each motor lane whether it is for buses alone.
    """

    key: str = ""
    motor: int | None = None
    bicycle: int = 0
    turns: tuple[str, ...] = ()
    bus: tuple[bool, ...] = ()


def read_lane_list(tags: Tags, suffixes: Sequence[str]) -> LaneList:
    """The lists of one direction; `suffixes` are "", ":forward" or ":backward" after `:lanes`, first come first served.

    Lists of another length than the arrows' (or than most) are not used.
    """
    lists: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for kind in _KINDS:
        for suffix in suffixes:
            key = f"{kind}:lanes{suffix}"
            if key in tags and kind not in lists:
                lists[kind], keys[kind] = [tidy(item) for item in tags[key].split("|")], key
    if not lists:
        return LaneList()
    lengths = Counter(len(items) for items in lists.values())
    length = len(lists["turn"]) if "turn" in lists else min(lengths, key=lambda n: (-lengths[n], n))
    chosen = {kind: items for kind, items in lists.items() if len(items) == length}
    key = keys["turn"] if "turn" in lists else keys[next(iter(chosen))]
    own = [_bicycles(chosen, i) for i in range(length)]
    stay = [i for i in range(length) if not own[i]]
    turns = tuple(_arrows(chosen["turn"][i]) for i in stay) if "turn" in chosen else ()
    return LaneList(key, len(stay) or None, sum(own), turns, tuple(_buses(chosen, i) for i in stay))


def _closed(lists: dict[str, list[str]], i: int) -> bool:
    return any(lists[kind][i] == "no" for kind in _CLOSING if kind in lists)


def _bicycles(lists: dict[str, list[str]], i: int) -> bool:
    word = lists["bicycle"][i] if "bicycle" in lists else ""
    if _buses(lists, i):
        return False
    return word == "designated" or (word == "yes" and _closed(lists, i))


def _buses(lists: dict[str, list[str]], i: int) -> bool:
    words = {lists[kind][i] for kind in ("bus", "psv") if kind in lists}
    return "designated" in words or (bool(words & {"yes", "official"}) and _closed(lists, i))


def _arrows(text: str) -> str:
    words = [word.strip().replace("straight", "through") for word in text.split(";")]
    return ";".join(dict.fromkeys(word for word in words if word in ARROWS))


def reserve_at_side(
    tags: Tags, count: int | None, direction: str, *, left_hand: bool, one_way: bool
) -> tuple[bool, ...]:
    """Bus lanes that are counted (`lanes:bus`, `lanes:psv`) at the kerb, or placed by side (`busway:left|right`)."""
    if count is None:
        return ()
    near, far = ("left", "right") if left_hand else ("right", "left")
    side = near if direction == "forward" or one_way else far
    reserved, at_kerb = _counted(tags, direction, one_way), True
    if not reserved and any(tags.get(key) == "lane" for key in ("busway", "busway:both", f"busway:{side}")):
        reserved = 1
    if not reserved and one_way and tags.get(f"busway:{far}") == "lane":
        reserved, at_kerb = 1, False
    reserved = min(reserved, count)
    lanes = [False] * (count - reserved) + [True] * reserved
    return tuple(reversed(lanes)) if left_hand == at_kerb else tuple(lanes)


def _counted(tags: Tags, direction: str, one_way: bool) -> int:
    """Reserved lanes of one direction by count; a count for both directions is halved."""

    def most(suffix: str) -> int:
        return max(read_lanes(tags.get(f"lanes:{kind}{suffix}")).whole or 0 for kind in ("bus", "psv"))

    return most(f":{direction}") or (most("") if one_way else most("") // 2)


def bus_lane_guests(tags: Tags) -> frozenset[str]:
    """Who may use the bus lanes of a way beside buses: taxis where they are for public service vehicles, bicycles."""
    guests = set()
    if any(key.startswith(("psv:lanes", "lanes:psv")) or key in ("oneway:psv", "psv:oneway") for key in tags):
        guests.add("taxi")
    if any(key.startswith("taxi:lanes") for key in tags) or tags.get("taxi") in ("yes", "designated"):
        guests.add("taxi")
    if any(key.startswith("cycleway") and value == "share_busway" for key, value in tags.items()):
        guests.add("bicycle")
    return frozenset(guests)
