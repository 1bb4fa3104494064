"""Flow ratios of a plan's phases against closed-form answers."""

import pytest

from networks import SignalLink, SignalPhase, SignalPlan
from scenarios.budget.flow_ratios import SATURATION_VPHPL, flow_ratios


def plan(tls: str = "A", greens: tuple[float, float] = (30.0, 24.0), offset: float = 0.0) -> SignalPlan:
    steps = ((greens[0], "Gr"), (3.0, "yr"), (greens[1], "rG"), (3.0, "ry"))
    phases = tuple(SignalPhase(seconds, state, min_s=seconds, max_s=seconds) for seconds, state in steps)
    return SignalPlan(tls_id=tls, program_id="0", offset_s=offset, phases=phases, source="guessed")


def links(tls: str = "A") -> tuple[SignalLink, ...]:
    return (SignalLink(tls, 0, "main", 0, "out", "s"), SignalLink(tls, 1, "side", 0, "out2", "s"))


def test_flow_ratio_is_lane_flow_over_saturation_flow() -> None:
    ratios = flow_ratios(plan(), links(), {"main": 900.0, "side": 300.0}, {"main": 1, "side": 2})
    assert ratios == pytest.approx([900 / SATURATION_VPHPL, 0, 150 / SATURATION_VPHPL, 0])
