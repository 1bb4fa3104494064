"""The best fixed times of a grid, once more in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from networks.sentence import Sentence, say
from scenarios.signals.coordinating.green_waves import MANY, GreenWaves
from scenarios.signals.coordinating.held import held, within_red
from scenarios.signals.designing.design import Control, Design
from scenarios.signals.designing.stage_set import StageSet

MOST_STARTS = 2
"""With many signals one: the offsets of 247 take half a minute."""
Named = tuple[Sentence, dict[str, Design]]


def further_starts(
    named: Sequence[Named],
    costs: Sequence[float],
    waves: GreenWaves | None,
    stages: Mapping[str, StageSet],
    ratios: Mapping[str, np.ndarray],
    controls: Sequence[Control],
) -> list[Named]:
    """The best designs of fixed times once more: in step, and coordinated-actuated where that is allowed.

    Args:
        named: Designs for all signals alike that were tried.
        costs: Of each.
        waves: Brings designs into step; None where nothing drives from signal to signal.
        stages: Stage set by signal.
        ratios: Flow ratios by signal.
        controls: Those allowed.
    """
    fixed = [n for n, (_, designs) in enumerate(named) if all(one.control == "static" for one in designs.values())]
    best = [named[n] for n in sorted(fixed, key=lambda n: costs[n])[: MOST_STARTS if len(stages) <= MANY else 1]]
    in_step = [] if waves is None else best_in_step(best, waves)
    return [*in_step, *(with_held(in_step or best, stages, ratios) if "coordinated" in controls else [])]


def with_held(named: Sequence[Named], stages: Mapping[str, StageSet], ratios: Mapping[str, np.ndarray]) -> list[Named]:
    """Designs of fixed times as coordinated-actuated ones, the busiest stage of each signal held."""
    found = list[Named]()
    for name, designs in named:
        told = say(f"coordinated: {name['en']}", f"协调感应：{name['zh']}")
        busiest = {tls: int(np.argmax(ratios[tls][list(one.stages)])) for tls, one in designs.items()}
        made = {tls: held(one, stages[tls], busiest[tls]) for tls, one in designs.items()}
        found.append((told, {tls: within_red(one, stages[tls]) for tls, one in made.items()}))
    return found


def best_in_step(named: Sequence[Named], waves: GreenWaves) -> list[Named]:
    """Designs of fixed times brought into step, under names that say so."""
    found = list[Named]()
    for name, designs in named:
        if (made := waves.of(designs)) is not None:
            share, most = f"{made[1].flow_vph:.0f}", f"{made[1].most_vph:.0f}"
            told = say(
                f"{name['en']}, in step ({share} of at most {most} vehicles an hour within green bands)",
                f"{name['zh']}，协调（每小时{share}辆在绿波带内通过，上限{most}辆）",
            )
            found.append((told, made[0]))
    return found
