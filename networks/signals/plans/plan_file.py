"""Signal plans in SUMO files: networks and additional files."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

from networks.errors import BadInput
from networks.landing import landing_file
from networks.safe_xml import read_xml
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.phase_terms import PhaseTerms
from networks.signals.plans.plan import STATIC, SignalPlan


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
