"""The hidden city's signal controllers: they refuse what is unsafe, and go over at the end of a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks.safe_xml import read_xml

SHORTEST_CYCLE_S, LONGEST_CYCLE_S, SHORTEST_AMBER_S, SHORTEST_GREEN_S = 20.0, 300.0, 3.0, 4.0

Phases = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Plan:
    """A fixed-time plan, or the name of a program that the controller has."""

    signal: str
    phases: Phases = ()
    program: str = ""
    offset_s: float | None = None


class Controllers:
    """All signals of a town.

    Args:
        sumo: libsumo, with the town running.
        net_file: Its network: which links cross each other.
    """

    def __init__(self, sumo: Any, net_file: Path) -> None:
        self._light = sumo.trafficlight
        self._clock = sumo.simulation
        self._foes = _foes(net_file)
        self._pending: dict[str, Plan] = {}
        self._was: dict[str, int] = {}

    def why_not(self, plan: Plan) -> str:
        """Why a plan is refused; empty when it is not."""
        if plan.signal not in self._light.getIDList():
            return f"there is no signal {plan.signal}"
        own = {logic.programID: logic for logic in self._light.getAllProgramLogics(plan.signal)}
        if plan.program:
            return "" if plan.program in own else f"signal {plan.signal} has no program {plan.program}"
        links = len(self._light.getRedYellowGreenState(plan.signal))
        if not plan.phases or any(len(state) != links for _, state in plan.phases):
            return f"signal {plan.signal} has {links} links, the plan is of another length"
        if any(set(state) - set("GgryYuosO") for _, state in plan.phases):
            return "the plan has a letter that is no light"
        cycle_s = sum(duration for duration, _ in plan.phases)
        if not SHORTEST_CYCLE_S <= cycle_s <= LONGEST_CYCLE_S:
            return f"a cycle of {cycle_s:g} s is outside {SHORTEST_CYCLE_S:g} to {LONGEST_CYCLE_S:g} s"
        shipped = [state for logic in own.values() if logic.programID != "ordered" for state in _states(logic)]
        return self._clash(plan, shipped) or _no_amber(plan.phases, shipped)

    def _clash(self, plan: Plan, shipped: list[str]) -> str:
        for one, other in sorted(self._foes.get(plan.signal, ())):
            together = [state for _, state in plan.phases if state[one] == state[other] == "G"]
            if together and not any(state[one] == state[other] == "G" for state in shipped):
                return f"links {one} and {other} of signal {plan.signal} cross, and would both have green"
        return ""

    def now(self, signal: str) -> Plan:
        """The plan that runs."""
        program = self._light.getProgram(signal)
        logic = next(one for one in self._light.getAllProgramLogics(signal) if one.programID == program)
        if program != "ordered":
            return Plan(signal, program=program)
        return Plan(signal, tuple((phase.duration, phase.state) for phase in logic.phases))

    def switch(self, plan: Plan) -> None:
        """Go over to a plan when the present cycle ends."""
        self._pending[plan.signal] = plan
        self._was[plan.signal] = self._light.getPhase(plan.signal)

    def after_step(self) -> set[str]:
        """Carry out what is due; the signals that went over now."""
        done = set()
        for signal, plan in sorted(self._pending.items()):
            phase = self._light.getPhase(signal)
            begins = phase == 0 and self._was[signal] != 0
            self._was[signal] = phase
            if begins:
                self._go_over(plan)
                done.add(signal)
        for signal in done:
            del self._pending[signal]
        return done

    def _go_over(self, plan: Plan) -> None:
        if plan.program:
            self._light.setProgram(plan.signal, plan.program)
            return
        phases = [self._light.Phase(duration, state, duration, duration) for duration, state in plan.phases]
        self._light.setProgramLogic(plan.signal, self._light.Logic("ordered", 0, 0, phases))
        self._light.setProgram(plan.signal, "ordered")
        self._light.setPhase(plan.signal, 0)
        wait_s = 0.0
        if plan.offset_s is not None:  # the first phase is held until the plan is in step
            wait_s = (plan.offset_s - self._clock.getTime()) % sum(duration for duration, _ in plan.phases)
        self._light.setPhaseDuration(plan.signal, plan.phases[0][0] + wait_s)


def _states(logic: Any) -> list[str]:
    return [phase.state for phase in logic.phases]


def _no_amber(phases: Phases, shipped: list[str]) -> str:
    """Why a plan takes a green away without a warning, or gives one too short to be used; as shipped plans never do."""
    for at, (duration_s, state) in enumerate(phases):
        _, after = phases[(at + 1) % len(phases)]
        for link, (now, then) in enumerate(zip(state, after, strict=True)):
            cut = now in "Gg" and then in "r"
            if cut and any("y" in one[link] for one in shipped):
                return f"link {link} loses its green without amber"
            if now == "y" and then == "r" and duration_s < SHORTEST_AMBER_S and _ambers(shipped, link):
                return f"link {link} has only {duration_s:g} s of amber"
        if "G" in state and "y" not in state and duration_s < SHORTEST_GREEN_S:
            return f"phase {at} is a green of {duration_s:g} s"
    return ""


def _ambers(shipped: list[str], link: int) -> bool:
    return any(one[link] == "y" for one in shipped)


def _foes(net_file: Path) -> dict[str, set[tuple[int, int]]]:
    """Signal -> pairs of its links that cross each other, by the network's own request tables."""
    root = read_xml(net_file)
    place: dict[str, tuple[str, int]] = {}
    rows: dict[tuple[str, int], str] = {}
    for junction in root.iter("junction"):
        if junction.get("type") == "internal":
            continue
        name = junction.attrib["id"]
        place |= {lane: (name, at) for at, lane in enumerate((junction.get("intLanes") or "").split())}
        rows |= {(name, int(one.attrib["index"])): one.attrib["foes"][::-1] for one in junction.iter("request")}
    links: dict[str, dict[tuple[str, int], int]] = {}
    for one in root.iter("connection"):
        if one.get("tl") and one.get("via") in place:
            links.setdefault(one.attrib["tl"], {})[place[one.attrib["via"]]] = int(one.attrib["linkIndex"])
    found: dict[str, set[tuple[int, int]]] = {}
    for signal, of in links.items():
        crossing = (
            (link, of[junction, other])
            for (junction, number), link in of.items()
            for other, bit in enumerate(rows.get((junction, number), ""))
            if bit == "1" and (junction, other) in of
        )
        found[signal] = {(min(pair), max(pair)) for pair in crossing if pair[0] != pair[1]}
    return found
