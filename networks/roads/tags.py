"""The tags of a road as netconvert reads them without guessing: one way to say each thing, odd values gone."""

from __future__ import annotations

from networks.osm.extract import Tags
from networks.osm.values import read_layer, read_length
from networks.roads.statement import Side, Statement

_KEPT = (
    "name",
    "ref",
    "junction",
    "bridge",
    "tunnel",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "bus",
    "psv",
    "taxi",
    "foot",
)
_LANE_WIDTH_M = (2.3, 5.5)
_MIRRORED = {"left": "right", "right": "left"}


def road_tags(tags: Tags, said: Statement, *, left_hand: bool = False) -> Tags:
    """Tags for netconvert.

    `highway=road` is read as unclassified. Tram tracks on the street (`railway`), pavements, parking lanes and marks
    that forbid changing lanes (`change:lanes`, which strand simulated drivers on the short edges of a map) stay out.
    A `width` that gives no sane lane stays out too.
    """
    kept = {key: tags[key] for key in _KEPT if key in tags}
    kept["highway"] = "unclassified" if tags["highway"] == "road" else tags["highway"]
    layer = read_layer(tags.get("layer"))
    if layer.whole:
        kept["layer"] = str(layer.whole)
    if said.bicycle is not None:
        kept["bicycle"] = "yes" if said.bicycle else "no"
    kept["oneway"] = "no" if said.forward and said.backward else "yes" if said.forward else "-1"
    if said.bus_contraflow:
        kept["oneway:bus"] = "no"
    kept |= _lane_counts(said) | _speeds(said) | _width(tags, said)
    for side, end in ((said.forward, "forward"), (said.backward, "backward")):
        if side is not None:
            kept |= _lane_lists(side, end, left_hand)
    return kept | _cycle_lanes(said)


def _lane_counts(said: Statement) -> Tags:
    ahead, back = said.forward, said.backward
    if ahead is None or back is None:
        side = ahead or back
        if side is None or side.lanes is None:
            return {}
        end = "forward" if ahead else "backward"
        return {"lanes": str(said.lanes)} | ({f"lanes:{end}": str(side.lanes)} if said.bus_contraflow else {})
    if said.lanes is not None:
        return {"lanes": str(said.lanes), "lanes:forward": str(ahead.lanes)}
    return {f"lanes:{end}": str(s.lanes) for end, s in (("forward", ahead), ("backward", back)) if s.lanes is not None}


def _speeds(said: Statement) -> Tags:
    ahead = (said.forward or said.backward or Side(None, None)).speed_mps
    back = said.backward.speed_mps if said.backward else None
    found = {"maxspeed": f"{ahead * 3.6:.2f}"} if ahead is not None else {}
    return found | ({"maxspeed:backward": f"{back * 3.6:.2f}"} if back is not None else {})


def _width(tags: Tags, said: Statement) -> Tags:
    width = read_length(tags.get("width"), most=100.0).value
    if width is None or not said.lanes:
        return {}
    least, most = _LANE_WIDTH_M
    return {"width": f"{width:.2f}"} if least <= width / said.lanes <= most else {}


def _lane_lists(side: Side, end: str, left_hand: bool) -> Tags:
    found: Tags = {}
    if side.turns:
        turns = [";".join(map(_mirrored, t.split(";"))) for t in reversed(side.turns)] if left_hand else side.turns
        found[f"turn:lanes:{end}"] = "|".join(t or "none" for t in turns)
    if side.bus:
        found[f"bus:lanes:{end}"] = "|".join("designated" if bus else "yes" for bus in side.bus)
    return found


def _mirrored(arrow: str) -> str:
    """Netconvert turns a map of left-hand traffic over, but not the arrows."""
    return "_".join(_MIRRORED.get(word, word) for word in arrow.split("_"))


def _cycle_lanes(said: Statement) -> Tags:
    """For netconvert, `right` is along the way and `left` against it, wherever traffic keeps."""
    ahead, back = bool(said.forward and said.forward.cycle), bool(said.backward and said.backward.cycle)
    if not ahead and not back:
        return {}
    return {"cycleway:right": "lane" if ahead else "no", "cycleway:left": "lane" if back else "no"}
