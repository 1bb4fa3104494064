"""NTCIP 1202: objects read against the signals that they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.ntcip_objects import BOTH, MAXIMUM, OMITTED, Index, Objects, read_sheet
from networks.exchange.ntcip_writing import concurrent, held_figures, sequences
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

_SAME_S = 1e-6
Places = Mapping[int, tuple[int, int, int]]


def read_ntcip(path: Path, today: Mapping[str, RingPlan]) -> dict[str, RingPlan]:
    """The ring plans of a sheet, by signal; of several patterns of one signal the first.

    What the objects do not tell is kept from the ring plan of today: the links of each phase, red-amber, the greens of
    a plan that runs free, and figures that only rounding changed.

    Raises:
        BadInput: It is no such sheet, a signal or a phase is not of the network, an object is missing, or rings do not
            meet at their barriers or do not fill the cycle.
    """
    sheet, found = read_sheet(path), dict[str, RingPlan]()
    if strange := sorted(sheet.keys() - today.keys()):
        what, expected = (
            "the network has no such signal, or its plan is not told in rings",
            ", ".join(sorted(today)[:3]),
        )
        raise BadInput(what, file=path, place=f"signal {strange[0]}", expected=f"e.g. {expected}")
    for tls, objects in sorted(sheet.items()):
        try:
            found[tls] = _ring_plan(objects, today[tls], path.name)
        except BadInput as error:
            raise BadInput(error.what, file=path, place=f"signal {tls}", expected=error.expected) from error
        except ValueError as error:
            expected = "the objects of a plan as `export` writes them"
            raise BadInput(str(error), file=path, place=f"signal {tls}", expected=expected) from error
    return found


def _ring_plan(objects: Objects, now: RingPlan, name: str) -> RingPlan:
    patterns = sorted(index for kind, index in objects if kind == "patternCycleTime")
    if not patterns:
        raise ValueError("patternCycleTime is missing")
    cycle = _one(objects, "patternCycleTime", patterns[0])
    split = _one(objects, "patternSplitNumber", patterns[0])
    order = _one(objects, "patternSequenceNumber", patterns[0])
    numbers = sorted(index[0] for kind, index in objects if kind == "phaseRing")
    _same_phases(numbers, now)
    control = _control(cycle, [_one(objects, "splitMode", (split, n)) for n in numbers], now)
    places = _places(objects, order, numbers, now)
    phases = [_phase(objects, n, split, places[n], now, control) for n in numbers]
    read = replace(
        now,
        control=control,
        phases=tuple(sorted(phases, key=lambda phase: phase.place)),
        source=f"NTCIP 1202 {name}",
    )
    if not cycle:
        read.barrier_lengths()
        return read
    if abs(read.cycle_s - cycle) > _SAME_S:
        raise ValueError(f"patternCycleTime is {cycle} s, the splits add up to {read.cycle_s:g} s")
    begins = read.begins_s()
    led = [begins[n] for n in numbers if objects.get(("splitCoordPhase", (split, n))) == (1,)]
    offset = _one(objects, "patternOffsetTime", patterns[0])
    if offset >= cycle:
        raise ValueError(f"patternOffsetTime is {offset} s, less than the cycle of {cycle} s is needed")
    return replace(read, offset_s=(offset - min(led, default=0.0)) % cycle)


def _one(objects: Objects, name: str, index: Index) -> int:
    value = objects.get((name, index))
    if value is None:
        raise ValueError(f"{name}.{'.'.join(map(str, index))} is missing")
    return value[0]


def _same_phases(numbers: list[int], now: RingPlan) -> None:
    own = sorted(phase.number for phase in now.phases)
    if numbers != own:
        told, needed = (", ".join(map(str, some)) or "none" for some in (numbers, own))
        raise ValueError(f"it tells the phases {told}; the signal has {needed}")


def _control(cycle: int, modes: list[int], now: RingPlan) -> Control:
    if OMITTED in modes:
        raise ValueError("a phase is omitted (splitMode 7): its links would never be green")
    if not cycle:
        return now.control if now.control is Control.MAX_PRESSURE else Control.ACTUATED
    return Control.FIXED if set(modes) <= {MAXIMUM, BOTH} else Control.COORDINATED


def _places(objects: Objects, order: int, numbers: list[int], now: RingPlan) -> Places:
    """Where each phase stands; as today where rings, order and concurrency are today's."""
    rings = {n: _one(objects, "phaseRing", (n,)) for n in numbers}
    told = {index[1]: value for (kind, index), value in objects.items() if kind == "sequenceData" and index[0] == order}
    beside = {n: tuple(sorted(objects.get(("phaseConcurrency", (n,)), ()))) for n in numbers}
    told = {ring: own for ring, own in sorted(told.items()) if own}
    if sorted(n for own in told.values() for n in own) != numbers:
        raise ValueError(f"sequence {order} does not hold each phase once")
    if any(rings[n] != ring for ring, own in told.items() for n in own):
        raise ValueError(f"sequence {order} has a phase in another ring than phaseRing says")
    if told == sequences(now) and beside == concurrent(now):
        return {phase.number: phase.place for phase in now.phases}
    groups = _groups(numbers, beside)
    for n in numbers:
        others = tuple(sorted(k for k in numbers if groups[k] == groups[n] and rings[k] != rings[n]))
        if others != beside[n]:
            raise ValueError(f"phaseConcurrency.{n} does not fit barriers that both rings cross together")
    places: dict[int, tuple[int, int, int]] = {}
    ranks: dict[int, int] = {}
    for own in told.values():
        for n in own:
            ranks.setdefault(groups[n], len(ranks) + 1)
    for ring, own in told.items():
        barriers = [ranks[groups[n]] for n in own]
        if barriers != sorted(barriers):
            raise ValueError(f"ring {ring} crosses the barriers in another order than the ring beside it")
        places |= {n: (ranks[groups[n]], ring, 1 + own.index(n) - barriers.index(ranks[groups[n]])) for n in own}
    return places


def _groups(numbers: list[int], beside: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """Phases that stand between the same barriers, by the least of them."""
    groups = {n: n for n in numbers}
    for _ in numbers:
        for n in numbers:
            for k in beside[n]:
                if k not in groups:
                    raise ValueError(f"phaseConcurrency.{n} names phase {k}, which is not told")
                groups[n] = groups[k] = min(groups[n], groups[k])
    return groups


def _phase(
    objects: Objects, number: int, split: int, place: tuple[int, int, int], now: RingPlan, control: Control
) -> RingPhase:
    before = next(phase for phase in now.phases if phase.number == number)
    key, fixed = (number,), control is Control.FIXED
    yellow, red = (_one(objects, f"phase{name}", key) / 10 for name in ("YellowChange", "RedClear"))
    least, most = (float(_one(objects, f"phase{name}", key)) for name in ("MinimumGreen", "Maximum1"))
    if control in (Control.FIXED, Control.COORDINATED):
        green = round(_one(objects, "splitTime", (split, number)) - yellow - red, 6)
        if green <= 0:
            raise ValueError(f"splitTime.{split}.{number} is not longer than the yellow and red of phase {number}")
    else:
        green = before.green_s if (least, most) == (before.least_s, before.most_s) else most
    rounded = held_figures(before, fixed=fixed)
    least = before.least_s if rounded.get("phaseMinimumGreen") == least else least
    walk, clearance = (float(objects.get((f"phase{name}", key), (0,))[0]) for name in ("Walk", "PedestrianClear"))
    same = fixed and now.control is Control.FIXED and abs(green - before.green_s) < _SAME_S
    barrier, ring, position = place
    return replace(
        before,
        barrier=barrier,
        ring=ring,
        position=position,
        green_s=green,
        least_s=least,
        most_s=before.most_s if same else green if fixed else most,
        yellow_s=yellow,
        red_s=red,
        walk_s=before.walk_s if rounded["phaseWalk"] == walk else walk,
        clearance_s=before.clearance_s if rounded["phasePedestrianClear"] == clearance else clearance,
    )
