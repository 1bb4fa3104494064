"""The search's own record of one signal."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say
from scenarios.signals.design import Design
from scenarios.signals.explaining.neighbours import Neighbour
from scenarios.signals.stage_set import StageSet


@dataclass(frozen=True)
class Record:
    """What the search knows of the design of one signal.

    Attributes:
        design: The one found.
        stages: What the signal may show.
        looks: (name, lost at the signal in s per vehicle of the case) of the settings for all signals alike, on one
            seed, the best for all first.
        neighbours: Designs beside it, as far as they were run.
        found_at: Simulations after which it was found.
    """

    design: Design
    stages: StageSet
    looks: tuple[tuple[Sentence, float], ...]
    neighbours: tuple[Neighbour, ...]
    found_at: int

    @property
    def limits(self) -> tuple[Sentence, ...]:
        """The limits that it touches."""
        found = []
        for number, (stage, green) in enumerate(zip(self.design.stages, self.design.greens_s, strict=True), 1):
            least = self.stages.least_s[stage]
            if green <= least:
                found.append(
                    say(
                        f"green {number} is its least of {least:g} s (least green, or people who walk meanwhile)",
                        f"第{number}个绿灯为其最短时间{least:g}秒（最小绿灯或同时过街行人所需）",
                    )
                )
        longest = self.stages.longest_red_s
        red = self.stages.lost_s(self.design.stages) + sum(self.design.greens_s) - min(self.design.greens_s)
        if red > longest - 1.0:
            found.append(
                say(
                    f"nobody may wait for longer than {longest:g} s: a longer cycle would",
                    f"红灯不得超过{longest:g}秒：周期不能更长",
                )
            )
        return tuple(found)
