"""GA/T 1049.2: objects of XML as a crossing with its plans; the edition is told by the objects themselves."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from networks.errors import BadInput
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gat1049.writing import ARROWS, EARLY, LATE, TYPES
from networks.protocols.staged.plan import NO_ARM, StagedGroup, StagedPlan, StagedStage, limited_as
from networks.protocols.staged.split import StageSplit, served_of, yellows_of
from networks.timing.timing import Control

_LINKS = re.compile(r"^(.*?) ?\[([\d ]+)\]$")
_CONTROLS = {"22": Control.ACTUATED, "23": Control.ACTUATED, "31": Control.COORDINATED, "41": Control.COORDINATED}
_LONGEST_S = 3600


def crossing_in(objects: Sequence[ET.Element], now: StagedPlan | None = None) -> CrossingRecord:
    """The crossing that objects tell; all must be of one crossing.

    What the objects lack is kept from what runs: red-amber, who has no yellow, least greens, and of the edition of 2013
    limits of greens and the plans' names.

    Args:
        objects: SignalGroupParam or PhaseParam, StageParam, PlanParam, and perhaps CrossCtrlInfo or CrossPlan.
        now: The plan of the network's signal: groups without links in their names are its groups of the same numbers.
            None: groups must tell their links, who is not on foot has yellow, nobody has red-amber.

    Raises:
        BadInput: Something is missing, no number, or leads nowhere, or times do not add up to the cycle.
    """
    now = now or _bare(objects)
    groups = _groups(objects, now)
    stages = {_int(one, "StageNo"): one for one in objects if one.tag == "StageParam"}
    running = [one for one in objects if one.tag in ("CrossCtrlInfo", "CrossPlan")]
    plans = {}
    for one in objects:
        if one.tag == "PlanParam":
            control = _control(one, stages, running, now)
            plans[_int(one, "PlanNo")] = _plan(one, stages, groups, control, now)
    if not plans:
        _wrong(now.tls_id, "it has no PlanParam", "a plan with its stages")
    number = _int(running[-1], "PlanNo") if running else min(plans)
    return CrossingRecord(now.tls_id, plans, number if number in plans or running else min(plans))


def _bare(objects: Sequence[ET.Element]) -> StagedPlan:
    """A plan without stages, of the groups that the objects tell."""
    cross_id = next((text.strip() for one in objects if (text := one.findtext("CrossID"))), "?")
    lamps = {one.findtext("LampGroupNo"): one for one in objects if one.tag == "LampGroup"}
    names = {code: kind for kind, code in TYPES.items()}
    turns = {code: turn for turn, code in ARROWS.items()}
    groups = []
    for one in objects:
        if one.tag in ("SignalGroupParam", "PhaseParam"):
            number = _int(one, "SignalGroupNo" if one.tag == "SignalGroupParam" else "PhaseNo")
            told = _LINKS.match((one.findtext("Name") or one.findtext("PhaseName") or "").strip())
            if not told:
                _wrong(cross_id, f"group {number} does not tell its links", "a name that ends with them: A [0 3]")
            lamp = lamps.get(str(number), ET.Element("none"))
            code, arm = lamp.findtext("Type") or "", lamp.findtext("Direction") or ""
            kind = names.get(code, "vehicle")
            links = tuple(sorted({int(word) for word in told[2].split()}))
            group = StagedGroup(number, told[1], "", kind, links, 0.0 if kind == "pedestrian" else 3.0)
            arm_told = int(arm) if arm in "12345678" and arm else NO_ARM
            groups.append(replace(group, arm=arm_told, turn=turns.get(code, "")))
    if not groups:
        _wrong(cross_id, "it tells no groups", "SignalGroupParam (2024) or PhaseParam (2013)")
    return StagedPlan(cross_id, "", Control.FIXED, 0.0, tuple(groups), ())


def _groups(objects: Sequence[ET.Element], now: StagedPlan) -> tuple[StagedGroup, ...]:
    told = [(one, "SignalGroupNo", "Name") for one in objects if one.tag == "SignalGroupParam"]
    told += [(one, "PhaseNo", "PhaseName") for one in objects if one.tag == "PhaseParam"]
    if not told:
        return now.groups
    own, by_links = {group.number: group for group in now.groups}, {group.links: group for group in now.groups}
    found = []
    for one, number_tag, name_tag in told:
        number, name = _int(one, number_tag), (one.findtext(name_tag) or "").strip()
        match = _LINKS.match(name)
        if match:
            links = tuple(sorted({int(word) for word in match[2].split()}))
            home = next((group for group in now.groups if set(group.links) & set(links)), None)
            twin = by_links.get(links) or home or StagedGroup(number, match[1], "", "vehicle", links, yellow_s=3.0)
            found.append(replace(twin, number=number, name=match[1], links=links))
        elif number in own and len(told) == len(own):
            found.append(own[number])
        else:
            _wrong(
                now.tls_id, f"group {number} ({name}) does not tell its links", "a name that ends with them: V1 [0 3]"
            )
    _fits(found, now)
    return tuple(sorted(found, key=lambda group: group.number))


def _fits(found: list[StagedGroup], now: StagedPlan) -> None:
    links = sorted(link for group in found for link in group.links)
    if links != sorted(link for group in now.groups for link in group.links):
        _wrong(
            now.tls_id, f"its groups drive links {', '.join(map(str, links))}", "each link of the signal in one group"
        )
    if len({group.number for group in found}) < len(found):
        _wrong(now.tls_id, "two groups have one number", "a number for each group")


def _control(plan: ET.Element, stages: dict[int, ET.Element], running: list[ET.Element], now: StagedPlan) -> Control:
    """How greens are decided: as the stages' attributes say, and of which kind as the control mode says."""
    own = [stages[number] for number in _stage_numbers(plan) if number in stages]
    if all((one.findtext("Attribute") or "0").strip() == "0" for one in own):
        return Control.FIXED
    modes = [_CONTROLS.get((one.findtext("ControlMode") or "").strip()) for one in running]
    kept = now.control if now.control is not Control.FIXED else Control.ACTUATED
    return next((mode for mode in modes if mode and mode is not Control.ACTUATED), kept)


def _stage_numbers(plan: ET.Element) -> list[int]:
    if (timings := plan.find("StageTimingList")) is not None:
        return [_int(one, "StageNo") for one in timings.iter("StageTiming")]
    return [_number(one.text, plan, "StageNo") for one in plan.iter("StageNo")]


def _plan(
    plan: ET.Element, stages: dict[int, ET.Element], groups: tuple[StagedGroup, ...], control: Control, now: StagedPlan
) -> StagedPlan:
    numbers = _stage_numbers(plan)
    if not numbers or (strange := sorted(set(numbers) - stages.keys())):
        _wrong(now.tls_id, f"there is no stage {strange[0]}" if numbers else "a plan has no stages", "its StageParam")
    known = {group.number for group in groups}
    serving = [_serving(stages[number], known, now) for number in numbers]
    timings = list(plan.iter("StageTiming"))
    rows = timings or [stages[number] for number in numbers]
    splits = [_split(row, known, now) for row in rows]
    yellows = yellows_of(groups, splits, serving)
    laid = [
        StagedStage(n, (stages[no].findtext("StageName") or str(n)).strip(), split.seconds, served)
        for n, (no, split, served) in enumerate(zip(numbers, splits, served_of(splits, serving), strict=True), 1)
    ]
    laid = _limited(laid, timings, splits, now)
    found = StagedPlan(
        now.tls_id,
        (plan.findtext("PlanName") or now.program_id).strip(),
        control,
        float(_int(plan, "Offset" if timings else "OffSet")),
        tuple(replace(group, yellow_s=yellows[group.number]) for group in groups),
        tuple(laid),
    )
    if abs(found.cycle_s - _int(plan, "CycleLen")) > 1e-6:
        _wrong(
            now.tls_id,
            f"the stages of plan {_int(plan, 'PlanNo')} add up to {found.cycle_s:g} s",
            f"its cycle of {_int(plan, 'CycleLen')} s",
        )
    found.greens()
    return found


def _serving(stage: ET.Element, known: set[int], now: StagedPlan) -> list[int]:
    """The groups that are green in a stage."""
    if (phases := stage.find("PhaseNoList")) is not None:
        own = [_number(one.text, stage, "PhaseNo") for one in phases.iter("PhaseNo")]
    else:
        own = []
        for one in stage.iter("SignalGroupStatus"):
            lamps = (one.findtext("LampStatus") or "").strip()
            if not re.fullmatch("[0-3]{3}", lamps):
                _wrong(now.tls_id, f"LampStatus is {lamps!r}", "three digits from 0 to 3: red, yellow, green lamp")
            if lamps[2] in "23":
                own.append(_int(one, "SignalGroupNo"))
    if strange := sorted(set(own) - known):
        _wrong(now.tls_id, f"a stage serves group {strange[0]}", "groups that are told")
    return own


def _split(row: ET.Element, known: set[int], now: StagedPlan) -> StageSplit:
    late, early = dict[int, float](), dict[int, float]()
    for one in row.iter("Adjust"):
        group, seconds = (_number(one.get(name), row, name) for name in ("SignalGroupNo", "Len"))
        oper = {LATE: late, EARLY: early}.get(one.get("Oper", ""))
        if oper is None or group not in known:
            _wrong(now.tls_id, f"Adjust {one.get('Oper')} of group {group}", "Oper 1 or 2 of a group that is told")
        oper[group] = float(seconds)
    amber = _int(row, "RedYellow") if row.find("RedYellow") is not None else 0
    green, yellow, red = (float(_int(row, tag)) for tag in ("Green", "Yellow", "AllRed"))
    return StageSplit(green, yellow, red + amber, late, early)


def _limited(
    laid: list[StagedStage], timings: list[ET.Element], splits: list[StageSplit], now: StagedPlan
) -> list[StagedStage]:
    """The stages with the limits of their greens."""
    if not timings:
        same = len(laid) == len(now.stages)
        return [limited_as(one, stage) for one, stage in zip(now.stages, laid, strict=True)] if same else laid
    found = []
    for stage, row, split in zip(laid, timings, splits, strict=True):
        least = _int(row, "MinGreen") if row.find("MinGreen") is not None else split.green_s
        most = _int(row, "MaxGreen") if row.find("MaxGreen") is not None else split.green_s
        shorter, longer = round(split.green_s - least, 6), round(most - split.green_s, 6)
        found.append(replace(stage, shorter_s=shorter, longer_s=longer))
    return found


def _int(one: ET.Element, tag: str) -> int:
    return _number(one.findtext(tag), one, tag)


def _number(text: str | None, one: ET.Element, tag: str) -> int:
    words = (text or "").strip()
    if not re.fullmatch(r"\d{1,6}", words) or (tag in ("Green", "Len", "Yellow", "AllRed") and int(words) > _LONGEST_S):
        cross = one.findtext("CrossID") or "?"
        raise BadInput(f"{tag} of {one.tag} is {words!r}", place=f"crossing {cross}", expected="a whole number")
    return int(words)


def _wrong(tls: str, what: str, expected: str) -> NoReturn:
    raise BadInput(what, place=f"crossing {tls}", expected=expected)
