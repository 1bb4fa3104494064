"""The best fixed times of a grid, once more in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from networks.sentence import Sentence, say
from scenarios.signals.coordinating.green_waves import GreenWaves
from scenarios.signals.design import Design

MOST_STARTS = 2
Named = tuple[Sentence, dict[str, Design]]


def best_in_step(
    named: Sequence[tuple[Sentence, Mapping[str, Design]]], costs: Sequence[float], waves: GreenWaves
) -> list[Named]:
    """The best designs of fixed times brought into step, under names that say so.

    Args:
        named: Designs that were tried.
        costs: Of each.
        waves: Brings designs into step.
    """
    fixed = [n for n, (_, designs) in enumerate(named) if all(one.control == "static" for one in designs.values())]
    found = list[Named]()
    for n in sorted(fixed, key=lambda n: costs[n])[:MOST_STARTS]:
        name, designs = named[n]
        if (made := waves.of(designs)) is not None:
            share = f"{made[1].flow_vph:.0f}"
            told = say(
                f"{name['en']}, in step ({share} vehicles an hour within green bands)",
                f"{name['zh']}，协调（每小时{share}辆在绿波带内通过）",
            )
            found.append((told, made[0]))
    return found
