"""The reasons that a report gives, against figures done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from test_timing_stage_set import stage_set, today

from networks.sentence import say
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.reasons import Grounds, grounds_of, reasons_of

RATIOS = np.array([0.2, 0.1, 0.3, 0.15, 0.02])
GRID = (
    (say("zones of 50 m to 20 s", "z"), 18.9),
    (say("fixed, cycle 40 s", "f"), 30.0),
    (say("fixed, cycle 50 s", "f"), 31.0),
)


def told(design: Design) -> dict[tuple[str, str], str]:
    stages = stage_set()
    grounds = Grounds(stages, RATIOS, 7.0, 3.5)
    return {key: one["en"] for key, one in reasons_of(today(), plan_of(design, stages), grounds, GRID).items()}


def test_why_this_cycle_is_told_beside_websters() -> None:
    found = told(Design("static", (0, 1, 2, 3), (10.0, 10.0, 10.0, 10.0)))
    # from 0 to 1 nobody loses the green: three changes of 3 s; (1.5 x 9 + 5) / (1 - .75)
    assert "critical flow ratio 0.75, 9 s lost in a cycle: Webster's cycle would be 74 s" in found["cycle", ""]
    assert found["stages", ""] == "today's stages, in the order that lost least in simulation"
    assert "flow ratio of 0.30 (stages: 0.20, 0.10, 0.30, 0.15)" in found["split", "3"] == found["limits", "3"]


def test_what_was_dropped_and_tried_is_named() -> None:
    found = told(Design("delay_based", (1, 2), (20.0, 30.0)))
    assert found["stages", ""].startswith("dropped: 1, 4.")
    assert "zones 18.9, fixed 30.0" in found["control", ""] and "zones here" in found["control", ""]
    assert "a cycle lasts 16 to 56 s" in found["cycle", ""]
    assert "lose 3.50 s per vehicle of the case, 7.00 s today" in found["offset", ""]


def test_more_flow_than_a_cycle_can_carry_is_said() -> None:
    grounds = Grounds(stage_set(), RATIOS * 2, 1.0, 1.0)
    plan = plan_of(Design("static", (0, 1, 2, 3), (10.0,) * 4), stage_set())
    assert "more flow than any cycle" in reasons_of(today(), plan, grounds, GRID)["cycle", ""]["en"]


def test_losses_are_means_over_the_seeds() -> None:
    grounds = grounds_of({"a": (stage_set(), RATIOS)}, [{"a": 100.0}, {"a": 300.0}], [{"a": 50.0}, {"a": 50.0}], 100)
    assert (grounds["a"].lost_before_s, grounds["a"].lost_after_s) == pytest.approx((2.0, 0.5))
