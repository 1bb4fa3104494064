"""Detectors of actuated greens."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from networks.rules.judging import Judge
from networks.rules.verdict import Verdict
from networks.safe_xml import read_xml
from networks.sentence import say
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import STATIC, SignalPlan

Lane = tuple[str, int]
_TAGS = ("inductionLoop", "e1Detector", "laneAreaDetector", "e2Detector", "instantInductionLoop")


def read_detectors(path: Path) -> frozenset[Lane]:
    """Lanes, as (edge, number), that a SUMO additional file puts a detector on.

    Raises:
        BadInput: It is no such file.
    """
    root = read_xml(path, roots=("additional",))
    lanes = [one.get("lane", "") for one in root if one.tag in _TAGS]
    lanes += [word for one in root if one.tag in _TAGS for word in one.get("lanes", "").split()]
    return frozenset((edge, int(number)) for edge, _, number in (lane.rpartition("_") for lane in lanes if lane))


def judge_detectors(
    judge: Judge, layout: Layout, plan: SignalPlan, detectors: Collection[Lane] | None
) -> Iterator[Verdict]:
    """A verdict on every phase of an actuated plan that traffic may stretch."""
    if plan.kind == STATIC or not judge.asks("detectors"):
        return
    for number, phase in enumerate(plan.phases, 1):
        if not phase.min_s < phase.max_s:
            continue
        lanes = {(m.from_edge, m.from_lane) for m in layout.movements if phase.state[m.index] in "Gg"}
        subject = f"phase {number}"
        if detectors is None:
            why = say(
                "actuated, and nobody says which lanes have detectors: SUMO makes its own, a street does not",
                "感应控制，但未说明哪些车道有检测器：SUMO会自动生成，实际道路不会",
            )
            yield judge.untold("detectors", subject, why)
            continue
        why = say(
            f"signal {plan.tls_id} is actuated, and no lane that phase {number} lets go has a detector",
            f"信号{plan.tls_id}为感应控制，但阶段{number}放行的车道均无检测器",
        )
        count = len(lanes & set(detectors))
        yield judge.verdict("detectors", subject, float(count), why=say("", "") if count else why)
