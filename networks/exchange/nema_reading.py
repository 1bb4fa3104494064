"""SUMO's NEMA controller: `tlLogic` of type NEMA as ring plans."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.figures import equal
from networks.exchange.nema_writing import TYPE, coordinated_s, nema_element
from networks.safe_xml import read_xml
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

_ROOTS = ("add", "additional", "tlLogics", "net")

_ORDER_KEYS = ("ring1", "ring2", "barrierPhases", "barrier2Phases")


def read_nema(path: Path, today: Mapping[str, RingPlan]) -> dict[str, RingPlan]:
    """The ring plans of a SUMO file, by signal id.

    What the format does not hold is kept from the ring plan of today: people on foot, red-amber, the green of today of
    an actuated phase, and where a light turns red between two phases that both serve it.

    Raises:
        BadInput: It is no such file, a signal is not of the network, or its rings and phases do not agree.
    """
    found = {}
    for logic in read_xml(path, roots=_ROOTS).iter("tlLogic"):
        tls = logic.get("id", "?")
        if logic.get("type") != TYPE:
            continue
        if tls not in today:
            raise _wrong(path, tls, "the network has no such signal", f"signals of it, e.g. {min(today, default='?')}")
        try:
            found[tls] = _ring_plan(logic, path, today[tls])
        except (KeyError, ValueError) as error:
            raise _wrong(path, tls, f"something is missing or no number: {error}", "rings, barriers, phases") from error
    if not found:
        raise BadInput("it holds no NEMA plan", file=path, expected=f"a tlLogic of type {TYPE}")
    return found


def _ring_plan(logic: ET.Element, path: Path, now: RingPlan) -> RingPlan:
    told = {param.attrib["key"]: param.get("value", "") for param in logic.iter("param")}
    elements = {int(phase.attrib["name"]): phase for phase in logic.iter("phase")}
    places = _places(told, set(elements), path, now.tls_id)
    if _as_written(now) == tuple(told.get(key, "") for key in _ORDER_KEYS):
        places = {phase.number: phase.place for phase in now.phases}
    states = [phase.attrib["state"] for phase in elements.values()]
    if {len(state) for state in states} != {len(now.red)}:
        raise _wrong(path, now.tls_id, "its states have another number of links", f"{len(now.red)} letters")
    shown = [{state[link] for state in states} for link in range(len(now.red))]
    constant = {
        link: next(iter(letters))
        for link, letters in enumerate(shown)
        if not letters & {"G", "g"} or letters == {now.constant.get(link)}
    }
    recalled = set(_numbers(told.get("maxRecall", "")))
    fixed = set(elements) <= recalled
    coordinated = told.get("coordinate-mode", "false") in ("true", "1")
    control = Control.FIXED if fixed else Control.COORDINATED if coordinated else Control.ACTUATED
    if not fixed and not coordinated and now.control is Control.MAX_PRESSURE:
        control = now.control
    phases = [_phase(elements[n], n, place, constant, now, fixed=fixed) for n, place in places.items()]
    read = replace(
        now,
        program_id=logic.get("programID", now.program_id),
        control=control,
        phases=tuple(sorted(phases, key=lambda phase: phase.place)),
        constant=constant,
        source=told.get("source", path.name),
    )
    offset = float(logic.get("offset", "0")) - coordinated_s(read) if fixed or coordinated else now.offset_s
    return replace(read, offset_s=offset % read.cycle_s)


def _as_written(now: RingPlan) -> tuple[str, ...]:
    """The order of phases as today's plan is written; empty where it cannot be."""
    try:
        params = {param.attrib["key"]: param.attrib["value"] for param in nema_element(now).iter("param")}
    except BadInput:
        return ()
    return tuple(params[key] for key in _ORDER_KEYS)


def _places(told: Mapping[str, str], numbers: set[int], path: Path, tls: str) -> dict[int, tuple[int, int, int]]:
    """Phase -> barrier, ring, position; a phase that stands in both rings stands in the first."""
    ends = {*_numbers(told["barrierPhases"]), *_numbers(told.get("barrier2Phases") or told["coordinatePhases"])}
    places: dict[int, tuple[int, int, int]] = {}
    for ring in (1, 2):
        barrier, position = 1, 1
        for number in _numbers(told[f"ring{ring}"]):
            if number not in numbers:
                raise _wrong(path, tls, f"ring {ring} names phase {number}, which is not there", "phases of its rings")
            places.setdefault(number, (barrier, ring, position))
            position += 1
            if number in ends:
                barrier, position = barrier + 1, 1
    if left := sorted(numbers - set(places)):
        raise _wrong(path, tls, f"phase {left[0]} stands in no ring", "each phase in ring1 or ring2")
    return places


def _phase(
    element: ET.Element,
    number: int,
    place: tuple[int, int, int],
    constant: Mapping[int, str],
    now: RingPlan,
    *,
    fixed: bool,
) -> RingPhase:
    before = next((phase for phase in now.phases if phase.number == number), None)
    state, most = element.attrib["state"], float(element.attrib["maxDur"])
    least = float(element.attrib["minDur"])
    told = (min(before.least_s, before.most_s), before.most_s) if before else (least, most)
    same = equal(told[0], least) and equal(told[1], most)
    barrier, ring, position = place
    return RingPhase(
        number=number,
        barrier=barrier,
        ring=ring,
        position=position,
        protected=frozenset(k for k, letter in enumerate(state) if letter == "G" and k not in constant),
        permitted=frozenset(k for k, letter in enumerate(state) if letter == "g" and k not in constant),
        green_s=before.green_s if before and same and not fixed else most,
        least_s=before.least_s if before and equal(min(before.least_s, most), least) else least,
        most_s=_most(before, most) if before and fixed else most,
        yellow_s=float(element.get("yellow", "3")),
        red_s=float(element.get("red", "0")),
        walk_s=before.walk_s if before else 0.0,
        clearance_s=before.clearance_s if before else 0.0,
    )


def _most(before: RingPhase, green_s: float) -> float:
    """The longest green, which is not told at fixed times: today's."""
    return before.most_s if equal(before.green_s, green_s) else max(before.most_s, green_s)


def _numbers(words: str) -> list[int]:
    return [int(word) for word in words.split(",") if word.strip() not in ("", "0")]


def _wrong(path: Path, tls: str, what: str, expected: str) -> BadInput:
    return BadInput(what, file=path, place=f"signal {tls}", expected=expected)
