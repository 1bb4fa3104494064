"""GB/T 20999-2017: rows of a controller as values with addresses, and back (a declared subset).

Identifiers and lengths after the secondary sources of `frame`; where a list of names and a recorded answer
were both there they agree. A number stands in a set of bits as bit number - 1 of a big-endian integer, in a list as
byte (or pair of bytes) number - 1 from its end: as a controller sent 04 03 02 01 for the stages 1, 2, 3, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from networks.errors import BadInput
from networks.protocols.gbt20999.frame import Address, Item
from networks.protocols.gbt20999.tree import (
    GREEN_FLASHES,
    MOST_CHAIN,
    RED,
    RED_AMBER,
    YELLOW,
    DayRow,
    LampRow,
    PhaseRow,
    PlanRow,
    ScheduleRow,
    StageRow,
    Tree,
)

LAMPS, PHASES, STAGES, CONFLICTS, INTERGREENS, PLANS, DAYS, SCHEDULES = (
    (3, 2),
    (4, 2),
    (6, 2),
    (7, 1),
    (7, 2),
    (9, 2),
    (11, 2),
    (12, 2),
)
"""(class, object) of each table; the attribute 1 is the number of the row."""
RUNNING_PLAN, RUNNING_MODE, ASSIGNED_PLAN = (13, 2, 3, 1), (13, 2, 2, 1), (17, 3, 1, 1)
SIZES: Mapping[tuple[int, int], tuple[int, ...]] = {
    LAMPS: (1, 1),
    PHASES: (1, 8, *(1,) * 12, *(1,) * 12, 2, 2, 2, 2, 8),
    STAGES: (1, 8, 64, 64),
    CONFLICTS: (1, 8),
    INTERGREENS: (1, 64),
    PLANS: (1, 1, 4, 1, 2, 16, 32, 16),
    DAYS: (1, 1, 96, 48, 48),
    SCHEDULES: (1, 1, 1, 1, 2, 4, 1),
}
"""Bytes of each attribute of a row, from attribute 1 on. Attributes 15 to 26 of a phase are its lights at power-up."""
COUNTS: Mapping[Address, int] = {
    (3, 1, 0, 0): 64,
    (4, 1, 0, 0): 64,
    (6, 1, 0, 0): 64,
    (9, 1, 0, 0): 128,
    (11, 1, 0, 0): 16,
    (12, 1, 0, 0): 16,
}
"""Address of how many rows a table has room for -> its room in the emulator."""
_FIXED_STAGE = 0x10
"""A stage that comes in every cycle."""
_POWER_UP = (0x31, 10, RED, 5, RED, 0, 0x31, 10, RED, 5, RED, 0)
"""Yellow flashes for 10 s, then all red for 5 s: as a controller sent them."""
_EXTENSION_S = 5
_ROW_OF_CROSSING = 1
_MOST_SWITCHES = 48


def bits(numbers: Iterable[int], size: int = 8) -> bytes:
    """A set of numbers from 1 on."""
    return sum(1 << number - 1 for number in set(numbers)).to_bytes(size, "big")


def numbers_in(value: bytes) -> frozenset[int]:
    """The numbers of a set of bits."""
    whole = int.from_bytes(value, "big")
    return frozenset(n + 1 for n in range(8 * len(value)) if whole >> n & 1)


def chain(values: Iterable[int], size: int, width: int = 1) -> bytes:
    """A list, first value last."""
    own = list(values)
    return b"".join(v.to_bytes(width, "big") for v in reversed(own)).rjust(size, b"\0")


def chain_in(value: bytes, width: int = 1) -> list[int]:
    """The values of a list, first value first; with the zeros behind it."""
    return [int.from_bytes(value[n : n + width], "big") for n in range(len(value) - width, -1, -width)]


def lamp_items(row: LampRow) -> list[Item]:
    """A lamp group."""
    return _items(LAMPS, row.number, [_byte(row.number), _byte(row.kind)])


def phase_items(row: PhaseRow) -> list[Item]:
    """A phase: what its lamps show when it loses and gains the way, and its limits."""
    losing = (GREEN_FLASHES, row.flashing_s, YELLOW, row.yellow_s, RED, 0)
    gaining = (RED_AMBER, row.red_amber_s, RED, 0, RED, 0)
    times = (row.least_s, row.most_s, row.most_s, _EXTENSION_S)
    values = [_byte(row.number), bits(row.lamps), *map(_byte, losing + gaining + _POWER_UP)]
    return _items(PHASES, row.number, [*values, *(seconds.to_bytes(2, "big") for seconds in times), bytes(8)])


def stage_items(row: StageRow) -> list[Item]:
    """A stage."""
    lists = [chain((times.get(n, 0) for n in range(1, 65)), 64) for times in (row.late_s, row.early_s)]
    return _items(STAGES, row.number, [_byte(row.number), bits(row.phases), *lists])


def plan_items(row: PlanRow) -> list[Item]:
    """A plan."""
    values = [_byte(row.number), _byte(_ROW_OF_CROSSING), row.cycle_s.to_bytes(4, "big"), _byte(0)]
    values += [row.offset_s.to_bytes(2, "big"), chain(row.stages, 16), chain(row.times_s, 32, 2)]
    return _items(PLANS, row.number, [*values, chain([_FIXED_STAGE] * len(row.stages), 16)])


def safety_items(tree: Tree, phase: int) -> list[Item]:
    """Conflicts and intergreens of a phase with all others."""
    own, foes, times = tree.phases[phase].lamps, set[int](), dict[int, int]()
    for number, row in tree.phases.items():
        pairs = [(a, b) for a in own for b in row.lamps]
        if any((min(pair), max(pair)) in tree.conflicts for pair in pairs):
            foes.add(number)
        times[number] = max((tree.intergreens_s.get(pair, 0) for pair in pairs), default=0)
    intergreens = chain((times.get(n, 0) for n in range(1, 65)), 64)
    return [
        *_items(CONFLICTS, phase, [_byte(phase), bits(foes)]),
        *_items(INTERGREENS, phase, [_byte(phase), intergreens]),
    ]


def day_items(row: DayRow) -> list[Item]:
    """A day plan; its times as minutes after midnight."""
    minutes, plans, modes = (list(column) for column in zip(*row.switches, strict=True))
    values = [_byte(row.number), _byte(_ROW_OF_CROSSING), chain(minutes, 96, 2), chain(plans, 48), chain(modes, 48)]
    return _items(DAYS, row.number, values)


def schedule_items(row: ScheduleRow) -> list[Item]:
    """A schedule."""
    values = [_byte(row.number), _byte(_ROW_OF_CROSSING), _byte(row.priority), _byte(row.week)]
    values += [row.month.to_bytes(2, "big"), row.day.to_bytes(4, "big"), _byte(row.day_plan)]
    return _items(SCHEDULES, row.number, values)


def tree_items(tree: Tree) -> list[Item]:
    """Everything of a tree, row by row."""
    found = [one for row in tree.lamps.values() for one in lamp_items(row)]
    found += [one for row in tree.phases.values() for one in phase_items(row)]
    found += [one for number in tree.phases for one in safety_items(tree, number)]
    found += [one for row in tree.stages.values() for one in stage_items(row)]
    found += [one for row in tree.plans.values() for one in plan_items(row)]
    found += [one for row in tree.days.values() for one in day_items(row)]
    found += [one for row in tree.schedules.values() for one in schedule_items(row)]
    return [*found, Item(RUNNING_PLAN, _byte(tree.running))]


def tree_in(values: Mapping[Address, bytes]) -> Tree:
    """The tree that values tell; rows whose number is 0 are empty.

    Raises:
        BadInput: A value has another length, or a row is not whole.
    """
    phases = {n: _phase(values, n) for n in _rows(values, PHASES)}
    lamp_of = {number: row.lamps for number, row in phases.items()}
    conflicts = {
        (min(a, b), max(a, b))
        for n in _rows(values, CONFLICTS)
        for m in numbers_in(_value(values, (*CONFLICTS, 2, n)))
        for a in lamp_of.get(n, ())
        for b in lamp_of.get(m, ())
        if a != b
    }
    intergreens: dict[tuple[int, int], int] = {}
    for n in _rows(values, INTERGREENS):
        for m, seconds in enumerate(chain_in(_value(values, (*INTERGREENS, 2, n))), 1):
            for pair in ((a, b) for a in lamp_of.get(n, ()) for b in lamp_of.get(m, ()) if seconds):
                intergreens[pair] = max(seconds, intergreens.get(pair, 0))
    return Tree(
        {n: LampRow(n, _value(values, (*LAMPS, 2, n))[0]) for n in _rows(values, LAMPS)},
        phases,
        {n: _stage(values, n) for n in _rows(values, STAGES)},
        {n: _plan(values, n) for n in _rows(values, PLANS)},
        {n: _day(values, n) for n in _rows(values, DAYS)},
        {n: _schedule(values, n) for n in _rows(values, SCHEDULES)},
        frozenset(conflicts),
        intergreens,
        values.get(RUNNING_PLAN, b"\1")[0],
    )


def _phase(values: Mapping[Address, bytes], n: int) -> PhaseRow:
    lights = [_value(values, (*PHASES, attribute, n))[0] for attribute in range(3, 15)]
    shown = {GREEN_FLASHES: 0, YELLOW: 0}
    for kind, seconds in zip(lights[:6:2], lights[1:6:2], strict=True):
        if kind in shown:
            shown[kind] += seconds
    amber = sum(seconds for kind, seconds in zip(lights[6::2], lights[7::2], strict=True) if kind == RED_AMBER)
    least, most = (int.from_bytes(_value(values, (*PHASES, attribute, n)), "big") for attribute in (27, 28))
    lamps = numbers_in(_value(values, (*PHASES, 2, n)))
    return PhaseRow(n, lamps, shown[GREEN_FLASHES], shown[YELLOW], amber, least, most)


def _stage(values: Mapping[Address, bytes], n: int) -> StageRow:
    late, early = (
        {phase: seconds for phase, seconds in enumerate(chain_in(_value(values, (*STAGES, a, n))), 1) if seconds}
        for a in (3, 4)
    )
    return StageRow(n, numbers_in(_value(values, (*STAGES, 2, n))), late, early)


def _plan(values: Mapping[Address, bytes], n: int) -> PlanRow:
    cycle, offset = (int.from_bytes(_value(values, (*PLANS, attribute, n)), "big") for attribute in (3, 5))
    stages = chain_in(_value(values, (*PLANS, 6, n)))
    count = next((k for k, stage in enumerate(stages) if stage == 0), MOST_CHAIN)
    times = chain_in(_value(values, (*PLANS, 7, n)), 2)
    return PlanRow(n, cycle, offset, tuple(stages[:count]), tuple(times[:count]))


def _day(values: Mapping[Address, bytes], n: int) -> DayRow:
    minutes = chain_in(_value(values, (*DAYS, 3, n)), 2)
    plans, modes = (chain_in(_value(values, (*DAYS, attribute, n))) for attribute in (4, 5))
    count = next((k for k in range(_MOST_SWITCHES) if plans[k] == 0), _MOST_SWITCHES)
    return DayRow(n, tuple(zip(minutes[:count], plans[:count], modes[:count], strict=True)))


def _schedule(values: Mapping[Address, bytes], n: int) -> ScheduleRow:
    priority, week, month, day, plan = (int.from_bytes(_value(values, (*SCHEDULES, a, n)), "big") for a in range(3, 8))
    return ScheduleRow(n, plan, priority, week, month, day)


def _rows(values: Mapping[Address, bytes], table: tuple[int, int]) -> list[int]:
    own = [n for (*home, attribute, n), value in values.items() if (*home, attribute) == (*table, 1) and any(value)]
    return sorted(own)


def _value(values: Mapping[Address, bytes], address: Address) -> bytes:
    value = values.get(address)
    size = SIZES[address[:2]][address[2] - 1]
    if value is None or len(value) != size:
        what = "is not told" if value is None else f"has {len(value)} bytes"
        raise BadInput(f"{'.'.join(map(str, address))} {what}", place="GB/T 20999 rows", expected=f"{size} bytes")
    return value


def _items(table: tuple[int, int], row: int, values: list[bytes]) -> list[Item]:
    return [Item((*table, attribute, row), value) for attribute, value in enumerate(values, 1)]


def _byte(value: int) -> bytes:
    return value.to_bytes(1, "big")
