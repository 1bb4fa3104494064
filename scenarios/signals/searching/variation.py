"""A design changed a little: what a search tries next at one signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenarios.signals.coordinating.held import held, within_red
from scenarios.signals.designing.design import Control, Design
from scenarios.signals.designing.seeding import split
from scenarios.signals.designing.stage_set import StageSet

LONGEST_S = 120.0
ALONE_S = 12.0
"""Longest green of an approach that goes alone, at first."""
USUAL_CYCLE_S = 65.0
_CYCLES = (0.7, 0.85, 0.93, 1.07, 1.15, 1.4)


@dataclass(frozen=True)
class Variation:
    """How a signal's design may change.

    Attributes:
        stages: What the signal may show.
        ratios: Flow ratio of each stage.
        controls: Those allowed.
        free_order: Whether stages may be left out, added and put in another order.
    """

    stages: StageSet
    ratios: np.ndarray
    controls: Sequence[Control]
    free_order: bool

    def allowed(self, design: Design) -> Design:
        """A design, or fixed times with its stages where its control is not allowed here."""
        if design.control in self.controls:
            return design
        greens = split(self.stages, design.stages, self.ratios, USUAL_CYCLE_S)
        return Design("static", design.stages, greens)

    def of(self, design: Design, draw: np.random.Generator) -> Design:
        """A neighbour of a design."""
        made = self._near(design, draw)
        return within_red(made, self.stages) if made.control == "coordinated" else made

    def _near(self, design: Design, draw: np.random.Generator) -> Design:
        kind = draw.random()
        if kind < 0.12 and len(self.controls) > 1:
            return self._other_control(design, draw)
        if kind < 0.3 and self.free_order:
            return self._other_stages(design, draw)
        if design.control == "static" or (design.control == "coordinated" and draw.random() < 0.6):
            return self._timed(design, draw)
        if design.control == "coordinated":
            return self._stepped(design, draw)
        return self._limited(design, draw)

    def _timed(self, design: Design, draw: np.random.Generator) -> Design:
        """At fixed times: seconds from one stage to another, a longer or shorter cycle, another offset."""
        kind, greens = draw.random(), list(design.greens_s)
        if kind < 0.35 and len(greens) > 1:
            giver, taker = (int(n) for n in draw.choice(len(greens), 2, replace=False))
            seconds = min(float(draw.integers(1, 7)), greens[giver] - self.stages.least_s[design.stages[giver]])
            greens[giver] -= max(seconds, 0.0)
            greens[taker] += max(seconds, 1.0)
            return replace(design, greens_s=self._whole(design.stages, greens))
        if kind < 0.65:
            factor = float(draw.choice(_CYCLES))
            return replace(design, greens_s=self._whole(design.stages, [green * factor for green in greens]))
        return replace(design, offset_s=float(round(design.offset_s + draw.normal(0.0, 12.0))))

    def _stepped(self, design: Design, draw: np.random.Generator) -> Design:
        """Coordinated: another gap, another place of the loops, or another stage that is held."""
        kind = draw.random()
        if kind < 0.4:
            return replace(design, max_gap_s=_near(design.max_gap_s, draw, 0.3, 0.5, 8.0))
        if kind < 0.6:
            return replace(design, detector_gap_s=_near(design.detector_gap_s, draw, 0.4, 0.3, 5.0))
        return held(design, self.stages, int(draw.integers(len(design.stages))))

    def _limited(self, design: Design, draw: np.random.Generator) -> Design:
        """Actuated: another longest green, or what a detector must see to hold it."""
        kind, greens = draw.random(), list(design.greens_s)
        if kind < 0.5:
            chosen = int(draw.integers(len(greens)))
            greens[chosen] *= float(np.exp(draw.normal(0.0, 0.4)))
            return replace(design, greens_s=self._whole(design.stages, greens))
        if design.control in ("actuated", "on_call"):
            if kind < 0.8:
                return replace(design, max_gap_s=_near(design.max_gap_s, draw, 0.3, 0.5, 8.0))
            return replace(design, detector_gap_s=_near(design.detector_gap_s, draw, 0.4, 0.3, 5.0))
        if kind < 0.8:
            return replace(design, zone_m=float(round(_near(design.zone_m, draw, 0.35, 10.0, 120.0))))
        return replace(design, least_loss_s=_near(design.least_loss_s, draw, 0.4, 0.2, 5.0))

    def _other_control(self, design: Design, draw: np.random.Generator) -> Design:
        others = [one for one in self.controls if one != design.control]
        control = others[int(draw.integers(len(others)))]
        chosen, timed = design.stages, ("static", "coordinated")
        if control == "coordinated" and design.control == "static":
            return held(design, self.stages, int(np.argmax(self.ratios[list(chosen)])))
        if control == "static" and design.control == "coordinated":
            return replace(design, control="static")
        if control in timed:
            greens = split(self.stages, chosen, self.ratios, float(draw.choice([30, 40, 50, 65, 80])))
            return Design("static" if control == "static" else "coordinated", chosen, greens, float(draw.integers(90)))
        longest = float(draw.choice([15, 25, 40, 60]))
        greens = self._whole(chosen, [longest] * len(chosen))
        return Design(control, chosen, greens, detector_gap_s=2.0 if control == "on_call" else 1.0)

    def _other_stages(self, design: Design, draw: np.random.Generator) -> Design:
        own, kind = self.stages.own, draw.random()
        chosen = list(design.stages)
        if kind < 0.4:
            covers = self.stages.covers()
            chosen = list(covers[min(int(draw.integers(len(covers))), int(draw.integers(len(covers))))])
            if draw.random() < 0.5:
                draw.shuffle(chosen)
        elif kind < 0.6:
            draw.shuffle(chosen)
        elif kind < 0.8 and own < len(self.stages.states):
            alone = int(draw.integers(own, len(self.stages.states)))
            if alone not in chosen:
                chosen.insert(int(draw.integers(len(chosen) + 1)), alone)
        else:
            del chosen[int(draw.integers(len(chosen)))]
        if not chosen or not self.stages.serves(chosen):
            return design
        return replace(design, stages=tuple(chosen), greens_s=self._greens(design, chosen))

    def _greens(self, design: Design, chosen: Sequence[int]) -> tuple[float, ...]:
        if design.control in ("static", "coordinated"):
            cycle_s = sum(design.greens_s) + self.stages.lost_s(design.stages)
            return split(self.stages, chosen, self.ratios, cycle_s)
        known = dict(zip(design.stages, design.greens_s, strict=True))
        usual = max(design.greens_s)
        greens = [known.get(n, ALONE_S if n >= self.stages.own else usual) for n in chosen]
        return self._whole(chosen, greens)

    def _whole(self, chosen: Sequence[int], greens_s: Sequence[float]) -> tuple[float, ...]:
        return self.stages.within_red(chosen, [min(green, LONGEST_S) for green in greens_s])


def _near(value: float, draw: np.random.Generator, spread: float, least: float, most: float) -> float:
    return round(float(np.clip(value * np.exp(draw.normal(0.0, spread)), least, most)), 2)
