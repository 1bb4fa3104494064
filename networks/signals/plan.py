"""Signal plans: one model behind every format, read from and written to SUMO files."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.landing import landing_file
from networks.safe_xml import read_xml
from networks.signals.phase_terms import FREE, PhaseTerms

CHANGE = "change"
"""Phases between stages have names that begin with it, also those that show no yellow."""
STATIC, ACTUATED = "static", "actuated"
LEAST_GREEN_S = 5.0
LEAST_YELLOW_S = 3.0
"""Least yellow at 50 km/h: 3 s in the German RiLSA (2015) and within 3-6 s of the MUTCD (2009, section 4D.26)."""


@dataclass(frozen=True)
class SignalPhase:
    """One phase of a plan.

    Attributes:
        duration_s: How long it lasts.
        state: One letter for each controlled link, SUMO's: G g green (g yields), y yellow, r red, u red-yellow, s stop,
            o O off.
        min_s, max_s: Limits for actuated control; equal to the duration where there are none.
        name: A name, perhaps empty.
        following: Numbers, from 0, of the phases that may come next; empty where it is the one behind it in the file.
        terms: What else its begin and end hang on: the clock of the cycle, a condition.
    """

    duration_s: float
    state: str
    min_s: float
    max_s: float
    name: str = ""
    following: tuple[int, ...] = ()
    terms: PhaseTerms = FREE

    @property
    def changing(self) -> bool:
        """Whether it lies between stages: its length is a matter of safety, not of choice."""
        return self.name.startswith(CHANGE) or any(letter in "yYu" for letter in self.state)


@dataclass(frozen=True)
class SignalPlan:
    """A plan of one signal.

    Attributes:
        tls_id: The signal controller's id in the network.
        program_id: The plan's name at this signal.
        offset_s: The cycle begins this long after a multiple of the cycle time.
        phases: In their order.
        source: Where the plan comes from: `measured`, `imported`, `guessed`, or in words.
        kind: `static`, or `actuated`: green until `max_s` while vehicles come, at least `min_s`. Other types of SUMO's
            (NEMA, delay_based) keep their name.
        params: Further parameters that SUMO takes, by name: `max-gap` (s) and `detector-gap` (s) of actuated control;
            `coordinated` where the ends of its phases keep to the clock of the cycle.
    """

    tls_id: str
    program_id: str
    offset_s: float
    phases: tuple[SignalPhase, ...]
    source: str
    kind: str = STATIC
    params: tuple[tuple[str, str], ...] = ()

    @property
    def cycle_s(self) -> float:
        """Sum of the phases."""
        return sum(phase.duration_s for phase in self.phases)

    @property
    def coordinated(self) -> bool:
        """Whether it is actuated, and in step all the same: coordinated-actuated."""
        return self.kind == ACTUATED and dict(self.params).get("coordinated") in ("true", "1")

    @property
    def control(self) -> str:
        """Its kind, or `coordinated`, or `on_call` where conditions end its greens: it rests where nobody calls."""
        if any(phase.terms.early_target for phase in self.phases):
            return "on_call"
        return "coordinated" if self.coordinated else self.kind

    def check(self, against: SignalPlan) -> list[str]:
        """What makes this plan unsafe or unfit for the signal of `against`; empty when it may run.

        It must serve the same signal and number of links, use only states that `against` uses (so no new conflict of
        greens), give green at least 5 s in a row and at least 3 s of yellow between green and red, for every link,
        around the end of the cycle too; links that lose green without yellow in `against` are pedestrians'. Every link
        that gets green in `against` must get it here.
        """
        wrong = []
        if self.tls_id != against.tls_id:
            wrong.append(f"it is for signal {self.tls_id}, not {against.tls_id}")
        if not self.phases or any(phase.duration_s <= 0 for phase in self.phases):
            return [*wrong, "it has no phases, or one without duration"]
        links = len(against.phases[0].state)
        if any(len(phase.state) != links for phase in self.phases):
            return [*wrong, f"its states do not have {links} links"]
        known = {phase.state for phase in against.phases}
        for number, phase in enumerate(self.phases, 1):
            if phase.state not in known:
                wrong.append(f"phase {number}: state {phase.state} is not one of the reference plan")
        for link in range(links):
            wrong.extend(self._check_link(link, against))
        return wrong

    def _check_link(self, link: int, against: SignalPlan) -> Iterator[str]:
        runs, known = self._runs(link), against._runs(link)
        walks = any(a == "green" and b == "red" for (a, _), (b, _) in zip(known, known[1:] + known[:1], strict=True))
        served = any(phase.state[link] in "Gg" for phase in against.phases)
        if served and not any(colour == "green" for colour, _ in runs):
            yield f"link {link}: never green"
        for (colour, seconds), (following, _) in zip(runs, runs[1:] + runs[:1], strict=True):
            if len(runs) == 1:
                break
            if colour == "green" and seconds < LEAST_GREEN_S - 1e-9:
                yield f"link {link}: green for {seconds:g} s, at least {LEAST_GREEN_S:g} s needed"
            if colour == "green" and following == "red" and not walks:
                yield f"link {link}: green is followed by red without yellow"
            if colour == "yellow" and seconds < LEAST_YELLOW_S - 1e-9:
                yield f"link {link}: yellow for {seconds:g} s, at least {LEAST_YELLOW_S:g} s needed"

    def _runs(self, link: int) -> list[tuple[str, float]]:
        """(colour, seconds) in a row for one link, joined around the end of the cycle."""
        runs: list[tuple[str, float]] = []
        for phase in self.phases:
            colour = _colour(phase.state[link])
            if runs and runs[-1][0] == colour:
                runs[-1] = (colour, runs[-1][1] + phase.duration_s)
            else:
                runs.append((colour, phase.duration_s))
        if len(runs) > 1 and runs[0][0] == runs[-1][0]:
            colour, seconds = runs.pop()
            runs[0] = (colour, runs[0][1] + seconds)
        return runs


def _colour(letter: str) -> str:
    if letter in "Gg":
        return "green"
    return {"y": "yellow", "Y": "yellow", "r": "red", "u": "red", "s": "red", "o": "off", "O": "off"}.get(
        letter, letter
    )


def read_signal_plans(path: Path, *, source: str = "guessed") -> dict[str, SignalPlan]:
    """Plans by signal id, in the file's order, from a SUMO network or additional file; of several the last counts.

    Raises:
        BadInput: It is not such a file, or a plan in it makes no sense.
    """
    root = read_xml(path, roots=("net", "additional", "tlLogics"))
    return {plan.tls_id: plan for plan in plans_in(root, path, source=source)}


def plans_in(root: ET.Element, path: Path, *, source: str = "guessed") -> list[SignalPlan]:
    """Every plan in an element of a file, in the file's order.

    Raises:
        BadInput: A plan makes no sense.
    """
    return [_plan(logic, path, source) for logic in root.iter("tlLogic")]


def _plan(logic: ET.Element, path: Path, source: str) -> SignalPlan:
    tls = logic.get("id", "?")
    try:
        phases = tuple(_phase(phase) for phase in logic.iter("phase"))
        said = {p.get("key", ""): p.get("value", "") for p in logic.iter("param")}
        noted = said.pop("source", source)
        plan = SignalPlan(
            logic.attrib["id"],
            logic.get("programID", "0"),
            float(logic.get("offset", "0")),
            phases,
            noted,
            logic.get("type", STATIC),
            tuple(sorted(said.items())),
        )
    except (KeyError, ValueError) as error:
        raise BadInput(
            f"the plan lacks something or holds no number: {error}",
            file=path,
            place=f"signal {tls}",
            expected="a tlLogic with phases",
        ) from error
    if not phases or len({len(phase.state) for phase in phases}) != 1:
        raise BadInput(
            "its phases have states of different lengths, or there are none", file=path, place=f"signal {tls}"
        )
    if odd := sorted({n for phase in phases for n in phase.following if not 0 <= n < len(phases)}):
        raise BadInput(
            f"a phase is followed by phase {odd[0]}, there are {len(phases)}", file=path, place=f"signal {tls}"
        )
    return plan


def _phase(element: ET.Element) -> SignalPhase:
    duration = float(element.attrib["duration"])
    least, most = float(element.get("minDur", duration)), float(element.get("maxDur", duration))
    following = tuple(int(word) for word in element.get("next", "").split())
    begin, end = (None if (said := element.get(key)) is None else float(said) for key in ("earliestEnd", "latestEnd"))
    state, name, early = element.attrib["state"], element.get("name", ""), element.get("earlyTarget", "")
    return SignalPhase(duration, state, least, most, name, following, PhaseTerms(begin, end, early))


def write_signal_plans(plans: Mapping[str, SignalPlan], path: Path) -> None:
    """Write plans as a SUMO additional file that holds nothing but `tlLogic`; signals in the order of their ids.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    root = ET.Element("additional")
    root.extend(plan_element(plans[tls]) for tls in sorted(plans))
    ET.indent(root, "    ")
    with landing_file(path) as beside:
        ET.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)


def plan_element(plan: SignalPlan) -> ET.Element:
    """The plan as SUMO's `tlLogic`."""
    logic = ET.Element(
        "tlLogic", id=plan.tls_id, type=plan.kind, programID=plan.program_id, offset=f"{plan.offset_s:g}"
    )
    for phase in plan.phases:
        words = {"duration": f"{phase.duration_s:g}", "state": phase.state}
        if (phase.min_s, phase.max_s) != (phase.duration_s, phase.duration_s):
            words |= {"minDur": f"{phase.min_s:g}", "maxDur": f"{phase.max_s:g}"}
        for key, end in zip(("earliestEnd", "latestEnd"), phase.terms.ends_s, strict=True):
            if end is not None:
                words[key] = f"{end:g}"
        if phase.name:
            words["name"] = phase.name
        if phase.following:
            words["next"] = " ".join(map(str, phase.following))
        if phase.terms.early_target:
            words["earlyTarget"] = phase.terms.early_target
        ET.SubElement(logic, "phase", words)
    for key, value in (*plan.params, ("source", plan.source)):
        ET.SubElement(logic, "param", key=key, value=value)
    return logic
