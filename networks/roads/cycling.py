"""Where bicycles and e-bikes ride on a road: lanes and tracks beside it, and whether they may use it at all."""

from __future__ import annotations

from dataclasses import dataclass

from networks.osm.extract import Tags
from networks.osm.values import tidy

_BESIDE = {
    "lane": "lane",
    "yes": "lane",
    "exclusive": "lane",
    "opposite_lane": "lane",
    "track": "track",
    "opposite_track": "track",
}
_PAINT_ONLY = ("advisory", "pictogram", "suggestive", "soft_lane")


@dataclass(frozen=True)
class Cycling:
    """Bicycles on a way.

    Attributes:
        allowed: Whether they may ride on the road, None where the road's class decides.
        forward, backward: "lane", "track" or "" beside the motor lanes of each direction.
        contraflow: They may ride against a one-way street.
    """

    allowed: bool | None
    forward: str
    backward: str
    contraflow: bool


def read_cycling(tags: Tags, *, one_way: bool, reverse: bool, left_hand: bool) -> Cycling:
    """Read `bicycle`, `cycleway*`, `oneway:bicycle`.

    A lane that is only painted for motorists' attention (`cycleway:lane=advisory|pictogram`) is no lane of its own. On
    a one-way street, a lane on either side runs with the traffic unless it is said to be `opposite`.
    """
    near, far = ("left", "right") if left_hand else ("right", "left")
    whole, opposite = _beside(tags, ""), tidy(tags.get("cycleway")).startswith("opposite")
    by_side = {side: _beside(tags, side) for side in (near, far)}
    contraflow = one_way and (tidy(tags.get("oneway:bicycle")) in ("no", "-1") or opposite)
    contraflow = contraflow or (
        one_way and any(tidy(tags.get(f"cycleway:{s}")).startswith("opposite") for s in by_side)
    )
    if one_way:
        along = next((kind for side in (near, far) if (kind := by_side[side]) and not _against(tags, side)), "")
        along = along or ("" if opposite else whole)
        return Cycling(_allowed(tags), "" if reverse else along, along if reverse else "", contraflow)
    return Cycling(_allowed(tags), by_side[near] or whole, by_side[far] or whole, False)


def _beside(tags: Tags, side: str) -> str:
    """What lies on a side: its own tag first, then the one for both."""
    for key in (f"cycleway:{side}", "cycleway:both") if side else ("cycleway",):
        if key in tags:
            paint = tidy(tags.get(f"{key}:lane"))
            return "" if paint in _PAINT_ONLY else _BESIDE.get(tidy(tags[key]), "")
    return ""


def _against(tags: Tags, side: str) -> bool:
    own = tidy(tags.get(f"cycleway:{side}"))
    return own.startswith("opposite") or tidy(tags.get(f"cycleway:{side}:oneway")) == "-1"


def _allowed(tags: Tags) -> bool | None:
    word = tidy(tags.get("bicycle"))
    if word in ("no", "prohibited") or (tags.get("motorroad") == "yes" and not word):
        return False
    if word in ("yes", "designated", "permissive", "official", "destination"):
        return True
    return None
