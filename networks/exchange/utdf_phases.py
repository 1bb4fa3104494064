"""The phases and the offset of one intersection of a UTDF file, with their order held against their begins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

from networks.errors import BadInput
from networks.exchange.utdf_lanes import MOST_SERVING, Served
from networks.exchange.utdf_tables import Cells, Utdf

_SAME_S = 0.051
"""Begins are written with one decimal."""
_FIRST_GREEN_CODES = (0, 3)
_REFERENCES = {0: "the last phase's green", 1: "yellow", 2: "red", 3: "the first phase's green", 4: "flashing"}


@dataclass(frozen=True)
class UtdfPhase:
    """A phase as UTDF tells it, in seconds.

    Attributes:
        number: Of its column: D1 is 1.
        place: Barrier, ring and position: the digits of BRP.
        min_green_s, max_green_s, yellow_s, red_s, walk_s, dont_walk_s: As they are called there.
        act_green_s: The average actuated green; None where it is not told.
        start_s: When it begins after the local reference point; None where it is not told.
    """

    number: int
    place: tuple[int, int, int]
    min_green_s: float
    max_green_s: float
    yellow_s: float
    red_s: float
    walk_s: float
    dont_walk_s: float
    act_green_s: float | None
    start_s: float | None

    @property
    def split_s(self) -> float:
        """Green, yellow and all-red."""
        return self.max_green_s + self.yellow_s + self.red_s


def read_phases(tables: Utdf, node: str, tls: str) -> tuple[UtdfPhase, ...]:
    """The phases that have a greatest green, by barrier, ring and position.

    Raises:
        BadInput: A place is claimed twice or is no three digits, a figure is missing or no number, or the begins that
            the file tells follow another order than the places.
    """
    records = tables.of("phases", node)
    columns = [c for c, cell in records.get("maxgreen", {}).items() if cell and _number(cell) != 0]
    if not columns:
        raise _wrong(tables, node, tls, "no phase has a MaxGreen", "a MaxGreen for each phase that runs")
    found = sorted((_phase(tables, node, tls, records, column) for column in columns), key=lambda p: p.place)
    for place, members in groupby(found, key=lambda phase: phase.place):
        own = [phase.number for phase in members]
        if len(own) > 1:
            code = "".join(map(str, place))
            raise _wrong(
                tables, node, tls, f"phases {own[0]} and {own[1]} both claim BRP {code}", "each BRP once", "BRP"
            )
    _check_order(tables, node, tls, found)
    return tuple(found)


def read_offset(tables: Utdf, node: str, tls: str, phases: tuple[UtdfPhase, ...]) -> tuple[int, float]:
    """Control type, and the second after a multiple of the cycle at which the first barrier's phases begin.

    Raises:
        BadInput: The control type or the offset's reference is unknown, or a phase that it refers to is not there.
    """
    plan = tables.of("timeplans", node)
    control = int(_of(plan, "control type") or 0)
    if control not in range(4):
        raise _wrong(tables, node, tls, f"Control Type is {control}", "0 to 3", "Control Type")
    offset, point = _of(plan, "offset") or 0.0, int(_of(plan, "referenced to") or 0)
    code = int(_of(plan, "reference phase") or 0)
    numbers = [n for n in (code // 100, code % 100) if n]
    named = [phase for phase in phases if phase.number in numbers]
    if point not in _REFERENCES or point == 4 or (numbers and len(named) < len(numbers)):
        raise _wrong(
            tables,
            node,
            tls,
            f"the offset refers to {_REFERENCES.get(point, point)} of phase {code}",
            "green, yellow or red (0 to 3) of phases that the intersection has",
            "Referenced To, Reference Phase",
        )
    cycle = cycle_s(phases)
    return control, (offset - _local(phases, named or [phases[0]], point)) % cycle


def cycle_s(phases: tuple[UtdfPhase, ...]) -> float:
    """Sum over the barriers of the longer ring's splits."""
    total = 0.0
    for _, members in groupby(phases, key=lambda phase: phase.place[0]):
        rings = groupby(members, key=lambda phase: phase.place[1])
        total += max(sum(phase.split_s for phase in own) for _, own in rings)
    return total


def _local(phases: tuple[UtdfPhase, ...], named: list[UtdfPhase], point: int) -> float:
    """Second after the first barrier's begin at which the reference point lies."""
    begins = _begins(phases)
    later = {0: 0.0, 3: 0.0}
    moments = [begins[p.number] + later.get(point, p.max_green_s + (p.yellow_s if point == 2 else 0.0)) for p in named]
    return max(moments) if point == 0 else min(moments)


def _begins(phases: tuple[UtdfPhase, ...]) -> dict[int, float]:
    begins, now = dict[int, float](), 0.0
    for _, members in groupby(phases, key=lambda phase: phase.place[0]):
        longest = 0.0
        for _, own in groupby(members, key=lambda phase: phase.place[1]):
            begin = now
            for phase in own:
                begins[phase.number] = begin
                begin += phase.split_s
            longest = max(longest, begin - now)
        now += longest
    return begins


def read_served(tables: Utdf, node: str) -> dict[str, Served]:
    """Column -> its phases, for every column that the lanes' header names."""
    records = tables.of("lanes", node)
    columns = {column for cells in records.values() for column in cells}
    return {
        column: Served(_numbers(records, "phase", column), _numbers(records, "permphase", column)) for column in columns
    }


def _numbers(records: dict[str, Cells], name: str, column: str) -> tuple[int, ...]:
    cells = [records.get(f"{name}{n}", {}).get(column, "") for n in range(1, MOST_SERVING + 1)]
    return tuple(sorted({int(value) for cell in cells if cell and (value := _number(cell))}))


def _phase(tables: Utdf, node: str, tls: str, records: dict[str, Cells], column: str) -> UtdfPhase:
    brp = records.get("brp", {}).get(column, "")
    code = str(int(_number(brp) or 0))
    if len(code) != 3 or "0" in code or not column[1:].isdigit():
        wanted = "three digits from 1 on: barrier, ring, position"
        raise _wrong(tables, node, tls, f"BRP of {column} is {brp or 'empty'}", wanted, f"BRP, {column}")

    def value(name: str, default: float | None = None) -> float:
        cell = records.get(name.lower(), {}).get(column, "")
        number = _number(cell) if cell else default
        if number is None or number < 0:
            said = f"{name} of phase {column[1:]} is {cell or 'missing'}"
            raise _wrong(tables, node, tls, said, "a number of seconds", f"{name}, {column}")
        return number

    def perhaps(name: str) -> float | None:
        return _number(records.get(name, {}).get(column, ""))

    walks = bool(records.get("pedcalls", {}).get(column, "")) or bool(value("DontWalk", 0.0))
    barrier, ring, position = map(int, code)
    return UtdfPhase(
        number=int(column[1:]),
        place=(barrier, ring, position),
        min_green_s=value("MinGreen", 0.0),
        max_green_s=value("MaxGreen"),
        yellow_s=value("Yellow"),
        red_s=value("AllRed", 0.0),
        walk_s=value("Walk", 0.0) if walks else 0.0,
        dont_walk_s=value("DontWalk", 0.0) if walks else 0.0,
        act_green_s=perhaps("actgreen"),
        start_s=perhaps("localstart") if "localstart" in records else perhaps("start"),
    )


def _check_order(tables: Utdf, node: str, tls: str, phases: list[UtdfPhase]) -> None:
    """Where begins are told, each phase of a ring begins where the one before it ends."""
    cycle = cycle_s(tuple(phases))
    for ring in {phase.place[1] for phase in phases}:
        own = [phase for phase in phases if phase.place[1] == ring]
        for before, after in pairwise(own):
            if before.start_s is None or after.start_s is None or before.place[0] != after.place[0]:
                continue
            wait = (after.start_s - before.start_s) % cycle
            if abs(wait - before.split_s) > _SAME_S:
                raise _wrong(
                    tables,
                    node,
                    tls,
                    f"the order of phases is wrong: {after.number} stands behind {before.number} in ring {ring}, but"
                    f" begins {wait:g} s after it, and the split of {before.number} is {before.split_s:g} s",
                    "begins in the order of BRP",
                    f"BRP, LocalStart, D{after.number}",
                )


def _of(records: dict[str, Cells], name: str) -> float | None:
    return _number(records.get(name, {}).get("DATA", ""))


def _number(cell: str) -> float | None:
    """A number, also one marked with an asterisk as overridden by hand; None where it is none."""
    try:
        return float(cell.rstrip("* "))
    except ValueError:
        return None


def _wrong(tables: Utdf, node: str, tls: str, what: str, expected: str, where: str = "MaxGreen") -> BadInput:
    return BadInput(what, file=tables.path, place=f"[Phases] INTID {node} (signal {tls}), {where}", expected=expected)
