"""GA/T 1049.2: a crossing as objects of XML, after the edition of 2013 or of 2024."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace

from networks.errors import BadInput
from networks.protocols.crossing_record import CrossingRecord, whole
from networks.protocols.gat1049.message import element
from networks.protocols.staged.plan import StagedGroup, StagedPlan
from networks.protocols.staged.split import StageSplit, stage_splits
from networks.protocols.staged.unshifting import without_shifts
from networks.timing.timing import Control

EDITIONS = (2013, 2024)
MOST_GROUPS, MOST_PLANS = 99, 999
STAGES_A_PLAN = 100
"""A stage of plan 3 has a number from 301 on: unique at the crossing (edition of 2024, secondary source)."""
LATE, EARLY = "1", "2"
ARROWS = {"s": "21", "l": "22", "r": "23"}
TYPES = {"vehicle": "10", "bicycle": "30", "pedestrian": "40", "tram": "61"}
"""Kinds of lamp groups, and of vehicles' where all go one way (edition of 2024, secondary source)."""
_FIXED, _ACTUATED, _COORDINATED = "21", "22", "31"
"""Control modes: single with fixed times, single actuated, coordinated along a line."""


def crossing_elements(record: CrossingRecord, edition: int) -> list[ET.Element]:
    """Every object that tells the crossing, its groups, stages and plans, and which plan runs.

    Of the edition of 2024: late starts and early ends of groups within a stage, limits of greens. That of 2013 tells
    groups as phases and the times of a stage with the stage, so stages are parted where groups start late or end early
    (plans of fixed times). A group's name ends with the links that it drives, [0 3].

    Raises:
        BadInput: A time is no whole second, numbers do not reach, or a stage cannot be told as green, yellow, all-red.
    """
    if edition == 2013:
        record = replace(record, plans={number: without_shifts(plan) for number, plan in record.plans.items()})
    last = max(record.plans)
    if len(record.groups) > MOST_GROUPS or last > MOST_PLANS:
        raise record.plan.wrong(f"{len(record.groups)} groups and plan {last}, at most {MOST_GROUPS} and {MOST_PLANS}")
    stages = [no * STAGES_A_PLAN + stage.number for no, plan in sorted(record.plans.items()) for stage in plan.stages]
    made = [_cross(record, stages, edition)]
    made += [_lamps(record.cross_id, group) for group in record.groups]
    made += [_group(record.cross_id, group, edition) for group in record.groups]
    for number, plan in sorted(record.plans.items()):
        made += plan_elements(record.cross_id, number, plan, edition)
    return [*made, running_element(record.cross_id, record.running, record.plan.control, edition)]


def plan_elements(cross_id: str, number: int, plan: StagedPlan, edition: int) -> list[ET.Element]:
    """The stages of a plan, and the plan.

    Raises:
        BadInput: As `crossing_elements`.
    """
    plan = without_shifts(plan) if edition == 2013 else plan
    splits = stage_splits(plan)
    if edition == 2013:
        return [*_stages_2013(cross_id, number, plan, splits), _plan_2013(cross_id, number, plan)]
    return [*_stages_2024(cross_id, number, plan), _plan_2024(cross_id, number, plan, splits)]


def running_element(cross_id: str, number: int, control: Control, edition: int) -> ET.Element:
    """Which plan runs, or shall run."""
    if edition == 2013:
        return element("CrossPlan", [("CrossID", cross_id), ("PlanNo", number)])
    mode = {Control.FIXED: _FIXED, Control.COORDINATED: _COORDINATED}.get(control, _ACTUATED)
    return element("CrossCtrlInfo", [("CrossID", cross_id), ("ControlMode", mode), ("PlanNo", number), ("Time", "")])


def _cross(record: CrossingRecord, stages: list[int], edition: int) -> ET.Element:
    made = element("CrossParam", [("CrossID", record.cross_id), ("CrossName", record.cross_id)])
    groups = [group.number for group in record.groups]
    lists = [("PhaseNo", groups)] if edition == 2013 else [("LampGroupNo", groups), ("SignalGroupNo", groups)]
    for name, numbers in (*lists, ("StageNo", stages), ("PlanNo", sorted(record.plans))):
        ET.SubElement(made, f"{name}List").extend(_numbers(name, numbers))
    return made


def _numbers(name: str, numbers: list[int]) -> Iterator[ET.Element]:
    for number in numbers:
        one = ET.Element(name)
        one.text = str(number)
        yield one


def _lamps(cross_id: str, group: StagedGroup) -> ET.Element:
    arrow = ARROWS.get(group.turn) if group.kind == "vehicle" else None
    told = [("LampGroupNo", group.number), ("Direction", group.arm), ("Type", arrow or TYPES.get(group.kind, "99"))]
    return element("LampGroup", [("CrossID", cross_id), *told])


def _group(cross_id: str, group: StagedGroup, edition: int) -> ET.Element:
    name = f"{group.name} [{' '.join(map(str, group.links))}]"
    if edition == 2013:
        return element(
            "PhaseParam", [("CrossID", cross_id), ("PhaseNo", group.number), ("PhaseName", name), ("Attribute", 0)]
        )
    flashing = round(group.flashing_s)
    told = [("CrossID", cross_id), ("SignalGroupNo", group.number), ("Name", name), ("GreenFlushLen", flashing)]
    made = element("SignalGroupParam", told)
    ET.SubElement(made, "LampGroupNoList").extend(_numbers("LampGroupNo", [group.number]))
    return made


def _stages_2013(cross_id: str, number: int, plan: StagedPlan, splits: list[StageSplit]) -> Iterator[ET.Element]:
    for stage, split in zip(plan.stages, splits, strict=True):
        if split.late_s or any(split.early_s.values()):
            raise plan.wrong(f"in stage {stage.number} groups start late or end early, which the edition of 2013 lacks")
        green, yellow, red = (whole(s, plan, "a time") for s in (split.green_s, split.yellow_s, split.all_red_s))
        told = [("StageNo", number * STAGES_A_PLAN + stage.number), ("StageName", stage.name)]
        told += [("Attribute", int(plan.control is not Control.FIXED)), ("Green", green)]
        told += [("RedYellow", 0), ("Yellow", yellow), ("AllRed", red)]
        made = element("StageParam", [("CrossID", cross_id), *told])
        ET.SubElement(made, "PhaseNoList").extend(_numbers("PhaseNo", [one.group for one in stage.served]))
        yield made


def _plan_2013(cross_id: str, number: int, plan: StagedPlan) -> ET.Element:
    told = [("CrossID", cross_id), ("PlanNo", number), ("CycleLen", whole(plan.cycle_s, plan, "the cycle"))]
    told += [("CoordPhaseNo", 0), ("OffSet", whole(plan.offset_s, plan, "the offset"))]
    made = element("PlanParam", told)
    ET.SubElement(made, "StageNoList").extend(
        _numbers("StageNo", [number * STAGES_A_PLAN + stage.number for stage in plan.stages])
    )
    return made


def _stages_2024(cross_id: str, number: int, plan: StagedPlan) -> Iterator[ET.Element]:
    for stage in plan.stages:
        told = [("StageNo", number * STAGES_A_PLAN + stage.number), ("StageName", stage.name)]
        made = element(
            "StageParam", [("CrossID", cross_id), *told, ("Attribute", int(plan.control is not Control.FIXED))]
        )
        states = ET.SubElement(made, "SignalGroupStatusList")
        green = {one.group for one in stage.served}
        for group in plan.groups:
            lamps = _lamp_status(group, green=group.number in green)
            states.append(element("SignalGroupStatus", [("SignalGroupNo", group.number), ("LampStatus", lamps)]))
        yield made


def _lamp_status(group: StagedGroup, *, green: bool) -> str:
    """Red, yellow, green lamp: 0 there is none, 1 dark, 2 lit (edition of 2024, secondary source)."""
    yellow = "0" if group.kind == "pedestrian" else "1"
    return f"1{yellow}2" if green else f"2{yellow}1"


def _plan_2024(cross_id: str, number: int, plan: StagedPlan, splits: list[StageSplit]) -> ET.Element:
    first = number * STAGES_A_PLAN + plan.stages[0].number
    told = [("CrossID", cross_id), ("PlanNo", number), ("PlanName", plan.program_id)]
    told += [("CycleLen", whole(plan.cycle_s, plan, "the cycle"))]
    told += [("CoordStageNo", first), ("Offset", whole(plan.offset_s, plan, "the offset"))]
    made = element("PlanParam", told)
    timings = ET.SubElement(made, "StageTimingList")
    for stage, split in zip(plan.stages, splits, strict=True):
        green, yellow, red = (whole(s, plan, "a time") for s in (split.green_s, split.yellow_s, split.all_red_s))
        limits = (split.green_s + stage.longer_s, max(0.0, split.green_s - stage.shorter_s))
        most, least = (whole(seconds, plan, "a limit of a green") for seconds in limits)
        told = [("StageNo", number * STAGES_A_PLAN + stage.number), ("Green", green), ("Yellow", yellow)]
        one = element("StageTiming", [*told, ("AllRed", red), ("MaxGreen", most), ("MinGreen", least)])
        adjusts = ET.SubElement(one, "AdjustList")
        for oper, times in ((LATE, split.late_s), (EARLY, split.early_s)):
            for group, seconds in sorted(times.items()):
                words = {"Oper": oper, "SignalGroupNo": str(group), "Len": str(whole(seconds, plan, "a late start"))}
                ET.SubElement(adjusts, "Adjust", words)
        timings.append(one)
    return made


def unknown_edition(edition: int) -> BadInput:
    """There is no such edition."""
    return BadInput(f"GA/T 1049.2 has no edition of {edition} here", expected=" or ".join(map(str, EDITIONS)))
