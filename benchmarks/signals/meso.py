"""Does meso rank plans as micro does? `CITYTWIN_DATA=... python -m benchmarks.signals.meso [NETWORK ...]`.

Legal plans for all signals alike, a grid of cycles and of longest greens, run by both on one seed: Kendall's tau, what
the best by meso costs in micro, and the CPU seconds of each. A search may screen by meso only where it ranks well.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau

from benchmarks.signals.legal import CASES
from models.sumo import SumoCase, read_case
from models.sumo.spent import end_running
from scenarios.budget.case_plans import plans_today
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.designing.design import plan_of
from scenarios.signals.designing.seeding import start_grid
from scenarios.signals.searching.changeable import variations_of
from scenarios.signals.searching.wish import Wish
from scenarios.signals.trying.trials import Outcome, Trials

MESO = {"mesosim": "true", "meso-junction-control": "true"}
FIXED = 6
"""The grid begins with so many fixed cycles."""


def main() -> None:
    """Print each network's table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", choices=[*CASES, []])
    for name in parser.parse_args().networks or ["cologne1", "cologne8"]:
        _print(name, read_case(Path(os.environ["CITYTWIN_DATA"]) / CASES[name]))


def _print(name: str, case: SumoCase) -> None:
    executor = ThreadExecutor(1, end_running)
    trials = Trials(case, executor)
    variations, _ = variations_of(case, Wish(plan_class="actuated"), plans_today(case), trials, trials.flows())
    sets = {tls: one.stages for tls, one in variations.items()}
    ratios = {tls: one.ratios for tls, one in variations.items()}
    named = start_grid(sets, ratios, ("static", "actuated"), fewest=False)
    plans = [{tls: plan_of(one, sets[tls]) for tls, one in designs.items()} for _, designs in named]
    micro = trials.run([(one, 1) for one in plans])
    coarse = Trials(replace(case, options={**case.options, **MESO}), executor)
    meso = coarse.run([(one, 1) for one in plans])
    print(f"\n{name}: delay in s per vehicle, micro | meso")
    for (told, _), one, other in zip(named, micro, meso, strict=True):
        print(f"{told['en']} | {one.cost:.1f} | {other.cost:.1f}")
    _ranked("fixed", micro[:FIXED], meso[:FIXED])
    _ranked("actuated", micro[FIXED:], meso[FIXED:])
    spent = [sum(one.cpu_s for one in side) / len(plans) for side in (micro, meso)]
    print(f"a run: {spent[0]:.2f} CPU s micro, {spent[1]:.2f} meso")
    trials.close()
    coarse.close()


def _ranked(kind: str, micro: Sequence[Outcome], meso: Sequence[Outcome]) -> None:
    costs, coarse = [one.cost for one in micro], [one.cost for one in meso]
    tau = kendalltau(costs, coarse).statistic
    print(
        f"{kind}: Kendall's tau {tau:.2f}; best by meso {costs[int(np.argmin(coarse))]:.1f} s, best {min(costs):.1f} s"
    )


if __name__ == "__main__":
    main()
