"""The designs that a search starts from: splits by flow over a grid of cycles; longest greens over a grid of gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from networks import SignalLink
from networks.sentence import Sentence, say
from scenarios.signals.designing.design import Control, Design
from scenarios.signals.designing.stage_set import StageSet

SATURATION_VPH = 1800.0
"""Vehicles per hour of green and lane (HCM 2016, chapter 19: base 1900, lowered for narrow urban lanes)."""
YIELDING = 1.3
"""A stream that gives way counts so many times: opposed left turns take that much more green (guess)."""
CYCLES_S = (30.0, 40.0, 50.0, 65.0, 80.0, 100.0)
LONGEST_S = (20.0, 35.0, 60.0)
GAPS_S = (2.0, 3.0)
ZONES_M = (25.0, 50.0, 80.0)
_LEAST_RATIO = 0.02

Flows = Mapping[tuple[str, str], float]


def flow_ratios(stages: StageSet, links: Sequence[SignalLink], flows: Flows) -> np.ndarray:
    """Flow ratio of each stage: the busiest lane's flow over its saturation flow, shape (stages,).

    Flows of a pair of edges are shared by its lanes; those of a lane that is green in several of today's stages by
    them. Source: Webster 1958, Road Research Technical Paper 39.
    """
    lanes: dict[tuple[str, int], float] = {}
    ways: dict[tuple[str, str], set[int]] = {}
    for link in links:
        ways.setdefault((link.from_edge, link.to_edge), set()).add(link.from_lane)
    for (begin, end), own in ways.items():
        for lane in own:
            lanes[begin, lane] = lanes.get((begin, lane), 0.0) + flows.get((begin, end), 0.0) / len(own)
    ratios = np.full(len(stages.states), _LEAST_RATIO)
    for link in links:
        shown = [n for n, state in enumerate(stages.states) if state[link.index] in "Gg"]
        today = sum(n < stages.own for n in shown)
        for n in shown:
            weight = YIELDING if stages.states[n][link.index] == "g" else 1.0
            load = weight * lanes[link.from_edge, link.from_lane] / SATURATION_VPH / max(today, 1)
            ratios[n] = max(ratios[n], load)
    return ratios


def split(stages: StageSet, chosen: Sequence[int], ratios: np.ndarray, cycle_s: float) -> tuple[float, ...]:
    """Whole-second greens in proportion to the flow ratios, none below its least; the cycle grows if they need it."""
    least = np.array([stages.least_s[n] for n in chosen])
    room = max(cycle_s - stages.lost_s(chosen), float(least.sum()))
    weights = ratios[list(chosen)]
    greens = np.maximum(least, room * weights / weights.sum())
    for _ in range(len(greens)):
        above = greens > least
        over = greens.sum() - room
        if over <= 0 or not above.any():
            break
        greens[above] = np.maximum(least[above], greens[above] - over * greens[above] / greens[above].sum())
    return stages.within_red(chosen, greens.tolist())


def start_grid(
    stage_sets: Mapping[str, StageSet],
    ratios: Mapping[str, np.ndarray],
    controls: Sequence[Control],
    *,
    fewest: bool,
) -> list[tuple[Sentence, dict[str, Design]]]:
    """Named designs for all signals alike.

    Args:
        stage_sets: By signal.
        ratios: Flow ratios by signal.
        controls: Those allowed.
        fewest: Also with the fewest stages that serve everybody, which drops those that are served elsewhere.
    """
    found = []
    for few in (True, False) if fewest else (False,):
        chosen = {tls: one.covers()[0] if few else tuple(range(one.own)) for tls, one in stage_sets.items()}
        told, zh = (", fewest stages", "，阶段最少") if few else ("", "")
        if "static" in controls:
            for cycle in CYCLES_S:
                name = say(f"fixed, cycle {cycle:g} s{told}", f"定时，周期{cycle:g}秒{zh}")
                found.append((name, {
                    tls: Design("static", chosen[tls], split(one, chosen[tls], ratios[tls], cycle))
                    for tls, one in stage_sets.items()
                }))  # fmt: skip
        for longest in LONGEST_S:
            greens = {tls: one.within_red(chosen[tls], [longest] * len(chosen[tls])) for tls, one in stage_sets.items()}
            if "actuated" in controls:
                for gap in GAPS_S:
                    made = {t: Design("actuated", chosen[t], greens[t], max_gap_s=gap) for t in stage_sets}
                    name = say(
                        f"actuated to {longest:g} s, gap {gap:g} s{told}",
                        f"感应，最长绿灯{longest:g}秒，间隙{gap:g}秒{zh}",
                    )
                    found.append((name, made))
            if "on_call" in controls:
                for gap in GAPS_S:
                    made = {
                        t: Design("on_call", chosen[t], greens[t], max_gap_s=gap, detector_gap_s=2.0)
                        for t in stage_sets
                    }
                    name = say(
                        f"on call to {longest:g} s, gap {gap:g} s{told}",
                        f"请求感应，最长绿灯{longest:g}秒，间隙{gap:g}秒{zh}",
                    )
                    found.append((name, made))
            if "delay_based" in controls:
                for zone in ZONES_M:
                    made = {t: Design("delay_based", chosen[t], greens[t], zone_m=zone) for t in stage_sets}
                    name = say(
                        f"zones of {zone:g} m to {longest:g} s{told}",
                        f"区域检测{zone:g}米，最长绿灯{longest:g}秒{zh}",
                    )
                    found.append((name, made))
    return found
