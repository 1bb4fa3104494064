"""Turn restrictions of the map: relations that forbid a turn, or allow only one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from networks.osm.extract import Extract, Relation, Tags

_EXCEPT = {
    "psv": ("bus", "taxi"),
    "bus": ("bus",),
    "taxi": ("taxi",),
    "bicycle": ("bicycle",),
    "motorcar": ("passenger", "taxi"),
    "emergency": ("emergency",),
}
_FOR_CARS = ("restriction", "restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle")


@dataclass(frozen=True)
class Restriction:
    """A turn restriction; ways are written ids.

    Attributes:
        osm_id: The relation.
        only: Only this turn is allowed; else it is forbidden.
        from_ways, to_ways: Written ways that it leads from and to.
        via_nodes: Junction nodes, one as a rule.
        via_ways: Written ways between, none as a rule.
        excepted: Classes that it does not hold for (`bicycle`, `bus`, ...).
        hours: Text of the condition where it holds at some times only, "" where always.
        u_turn: It is about turning back.
    """

    osm_id: int
    only: bool
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    excepted: tuple[str, ...]
    hours: str
    u_turn: bool


def read_restrictions(
    extract: Extract, written: Mapping[int, Collection[int]], way_nodes: Mapping[int, tuple[int, ...]]
) -> tuple[Restriction, ...]:
    """The restrictions for cars whose members the roads have, by relation id.

    Args:
        extract: The map.
        written: OSM way -> ways that it was written as.
        way_nodes: Written way -> its nodes.
    """
    found = (
        _restriction(relation, written, way_nodes)
        for relation in sorted(extract.relations, key=lambda r: r.osm_id)
        if relation.tags.get("type", "").startswith("restriction")
    )
    return tuple(one for one in found if one is not None)


def _restriction(
    relation: Relation, written: Mapping[int, Collection[int]], way_nodes: Mapping[int, tuple[int, ...]]
) -> Restriction | None:
    value, hours = _meaning(relation.tags)
    members: dict[str, list[tuple[str, int]]] = {"from": [], "to": [], "via": []}
    for kind, ref, role in relation.members:
        if role in members:
            members[role].append((kind, ref))
    via_nodes = tuple(ref for kind, ref in members["via"] if kind == "n")
    via_ways = [ref for kind, ref in members["via"] if kind == "w"]
    ways = [ref for role in ("from", "to") for kind, ref in members[role] if kind == "w"]
    if not value or not ways or any(ref not in written for ref in ways + via_ways):
        return None
    between = tuple(sorted(w for ref in via_ways for w in written[ref]))
    joints = set(via_nodes) | {node for w in between for node in way_nodes[w]}
    sources = _touching(members["from"], written, way_nodes, joints)
    targets = _touching(members["to"], written, way_nodes, joints)
    if not joints or not sources or not targets:
        return None
    excepted = {cls for word in relation.tags.get("except", "").split(";") for cls in _EXCEPT.get(word.strip(), ())}
    if "passenger" in excepted:
        return None
    return Restriction(
        relation.osm_id,
        value.startswith("only_"),
        sources,
        targets,
        via_nodes,
        between,
        tuple(sorted(excepted | _spared(relation.tags))),
        hours,
        "u_turn" in value,
    )


def _touching(
    members: list[tuple[str, int]],
    written: Mapping[int, Collection[int]],
    way_nodes: Mapping[int, tuple[int, ...]],
    joints: set[int],
) -> tuple[int, ...]:
    """The written ways of members that end or begin at one of the nodes between."""
    ways = sorted(w for _, ref in members for w in written[ref])
    return tuple(w for w in ways if joints & {way_nodes[w][0], way_nodes[w][-1]})


def _meaning(tags: Tags) -> tuple[str, str]:
    """(`no_left_turn`, ... for cars or "", the condition or "")."""
    for key in _FOR_CARS:
        value = tags.get(key, "")
        if value.startswith(("no_", "only_")):
            limited = " ".join(tags[k] for k in ("day_on", "day_off", "hour_on", "hour_off") if k in tags)
            return value, limited
        found = re.match(r"\s*((?:no|only)_\w+)\s*@\s*(.+)", tags.get(f"{key}:conditional", ""))
        if found:
            return found[1], found[2].strip()
    return "", ""


def _spared(tags: Tags) -> set[str]:
    """Who is not meant by a restriction for motor vehicles or cars."""
    if "restriction" in tags or "restriction:conditional" in tags or "restriction:vehicle" in tags:
        return set()
    if any(key.startswith("restriction:motor_vehicle") for key in tags):
        return {"bicycle"}
    return {"bicycle", "bus"}


def holds_by_day(hours: str) -> bool:
    """Whether a condition covers working-day traffic, which is what is simulated: always, weekdays, or peak hours.

    A condition on the night, the weekend, weight or weather does not.
    """
    text = hours.casefold()
    if not text:
        return True
    if re.search(r"weight|wet|snow|length|height|axle|trailer|sunset|sunrise|\bph\b(?!\s*off)", text):
        return False
    days = re.search(r"\b(mo|tu|we|th|fr|monday|tuesday|wednesday|thursday|friday)\b", text)
    if not days and re.search(r"\b(sa|su|saturday|sunday)\b", text):
        return False
    spans = [(int(a), int(b)) for a, b in re.findall(r"(\d{1,2}):\d\d\s*-?\s*(\d{1,2}):\d\d", text)]
    return not spans or any(_covers_day(start, end) for start, end in spans)


def _covers_day(start: int, end: int) -> bool:
    hours = set(range(start, end if end > start else end + 24))
    return bool({h % 24 for h in hours} & {7, 8, 9, 12, 16, 17, 18})
