"""Legal column: `CITYTWIN_DATA=... python -m benchmarks.signals.legal [NETWORK ...] [--class zones] [--rules rilsa]`.

Plans of legal stages: intergreens from geometry, time to walk wherever a crossing exists, nobody kept waiting for more
than 120 s (`networks.rules`), no movement's 95th-percentile delay above 1.25 times that of the shipped plan. Peers by
the same rules in the same run: SUMO's `actuated` control with its own settings, and our own Webster seed: flow-based
splits at the best of a grid of cycles. Ten seeds that no search has seen. Goal: 15 % less delay than the better peer.
`--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kept_table import files_of, keep_table, row_of_draws, table_option
from models.sumo import SumoCase, read_case
from models.sumo.spent import end_running
from networks import SignalPlan
from networks.sentence import say
from scenarios.budget.threads import ThreadExecutor
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.seeding import start_grid
from scenarios.signals.designing.stage_set import StageSet
from scenarios.signals.searching.optimising import CLASSES, Answer, Wish, optimise
from scenarios.signals.searching.search import TRAINING, Rules
from scenarios.signals.trying.movements import Limits, Movement, limits_of
from scenarios.signals.trying.trials import Outcome, Trials
from twin.validation import Row

HANGZHOU = "hangzhou_4x4_gudang_18041610_1h"
CASES = {
    "cologne1": "resco/cologne1/cologne1.sumocfg",
    "cologne8": "resco/cologne8/cologne8.sumocfg",
    "ingolstadt21": "resco/ingolstadt21/ingolstadt21.sumocfg",
    "hamburg": "sumo/hamburg/run_simulation.sumocfg",
    "hangzhou_4x4": f"sumo/hangzhou_4x4/{HANGZHOU}.sumocfg",
}
GOAL, LIMIT = 0.15, 1.25
SUMO_LONGEST_S, SUMO_GAP_S, SUMO_DETECTOR_GAP_S = 50.0, 3.0, 2.0
"""Longest green that netconvert writes for an actuated phase, and SUMO's own max-gap and detector-gap."""
SEEDS = tuple(range(1, 11))
FIXED = say(
    "Rules of the locale, limits per movement and ten seeds that no search has seen; the gates are 15 % below the "
    "better peer in the same run, and no movement of 20 vehicles above its limit.",
    "当地规则、各流向限值与十个搜索未见过的种子均已固定；限值为比同次运行中较优对照低15%，且20辆以上的流向均不超限。",
)


@dataclass(frozen=True)
class Peer:
    """Plans to be beaten, and how they did on the judged seeds."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def mean_s(self) -> float:
        """Delay in s per vehicle."""
        return sum(one.cost for one in self.outcomes) / len(self.outcomes)


def main() -> None:
    """Print each network's table."""
    asked, rows, read = _arguments(), list[Row](), list[Path]()
    for name in asked.networks or list(CASES):
        file = Path(os.environ["CITYTWIN_DATA"]) / CASES[name]
        case = read_case(file).between(None, asked.end) if asked.end else read_case(file)
        read += files_of(case)
        executor, began = ThreadExecutor(asked.workers, end_running), time.perf_counter()
        rules = Rules(asked.budget, limit=LIMIT)
        answer = optimise(case, Wish(rules, asked.plan_class, asked.rules, (), SEEDS, asked.seed), executor)
        took_s, load = time.perf_counter() - began, os.getloadavg()[0]
        print(
            f"\n{name}: {len(answer.plans)} signals, {answer.before[0].delays.vehicles} vehicles, rules {asked.rules}, "
            f"class {asked.plan_class}, {answer.simulations} simulations, {took_s:.0f} s, load {load:.1f}"
        )
        peers = _peers(case, answer, executor)
        _print(answer, peers)
        rows += _rows(name, answer, peers)
    left_out = [f"{name}: not asked for" for name in CASES if asked.networks and name not in asked.networks]
    keep_table(asked.table, "legal", rows, fixed=FIXED, data=read, left_out=left_out)


def _rows(name: str, answer: Answer, peers: Sequence[Peer]) -> list[Row]:
    delay, gate = "delay, all planned (s)", (1.0 - GOAL) * min(one.mean_s for one in peers)
    told = [Peer("shipped", answer.before), *peers]
    rows = [row_of_draws(f"{name}, {one.name}", "peer", delay, [run.cost for run in one.outcomes]) for one in told]
    rows.append(row_of_draws(f"{name}, ours", "verification", delay, [run.cost for run in answer.after], gate))
    slower = f"movements above {LIMIT} x the shipped plan's"
    limits = limits_of([run.movements for run in answer.before], LIMIT)
    for one in (*peers, Peer("ours", answer.after)):
        above, held = len(_above(limits, one)), (0.0 if one.name == "ours" else None)
        kind = "peer" if held is None else "verification"
        rows.append(Row(f"{name}, {one.name}", kind, slower, float(above), held, n=len(limits.most_s)))
    return [*rows, Row(f"{name}, ours", "verification", "figures that fail a rule", float(len(answer.failing)), 0.0)]


def _above(limits: Limits, one: Peer) -> dict[Movement, float]:
    """Movements that lose more than they may, as shares of what they may lose."""
    return {way: ratio for way, ratio in limits.ratios([run.movements for run in one.outcomes]).items() if ratio > 1}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", choices=[*CASES, []])
    parser.add_argument("--class", dest="plan_class", choices=tuple(CLASSES), default="actuated")
    parser.add_argument("--rules", default="rilsa")
    parser.add_argument("--budget", type=int, default=300, help="simulations")
    parser.add_argument("--seed", type=int, default=1, help="of the search's draws")
    parser.add_argument("--end", type=float, help="s, instead of the case's own end")
    parser.add_argument("--workers", type=int, default=2)
    table_option(parser)
    return parser.parse_args()


def _peers(case: SumoCase, answer: Answer, executor: ThreadExecutor) -> list[Peer]:
    """SUMO's actuated control and the best of the Webster grid (chosen on one seed of the training), both legal."""
    sets = {tls: one.stages for tls, one in answer.grounds.items()}
    ratios = {tls: one.ratios for tls, one in answer.grounds.items()}
    trials = Trials(case, executor)
    try:
        webster = [
            (name["en"], {tls: plan_of(one, sets[tls]) for tls, one in designs.items()})
            for name, designs in start_grid(sets, ratios, ("static",), fewest=False)
        ]
        first = trials.run([(plans, TRAINING) for _, plans in webster])
        best = min(range(len(webster)), key=lambda n: first[n].cost)
        chosen = {"SUMO actuated, legal": _sumo_actuated(sets), f"Webster, legal: {webster[best][0]}": webster[best][1]}
        ran = trials.run([(plans, seed) for plans in chosen.values() for seed in SEEDS])
    finally:
        trials.close()
    return [Peer(name, tuple(ran[n * len(SEEDS) : (n + 1) * len(SEEDS)])) for n, name in enumerate(chosen)]


def _sumo_actuated(sets: dict[str, StageSet]) -> dict[str, SignalPlan]:
    found = {}
    for tls, stages in sets.items():
        chosen = tuple(range(stages.own))
        longest = stages.within_red(chosen, [SUMO_LONGEST_S] * len(chosen))
        design = Design("actuated", chosen, longest, max_gap_s=SUMO_GAP_S, detector_gap_s=SUMO_DETECTOR_GAP_S)
        found[tls] = plan_of(design, stages)
    return found


def _print(answer: Answer, peers: Sequence[Peer]) -> None:
    limits = limits_of([one.movements for one in answer.before], LIMIT)
    print("plans | delay, all planned: mean, worst seed | movements (20 vehicles) above 1.25 x the shipped")
    ours = Peer("ours", answer.after)
    for one in (Peer("shipped", answer.before), *peers, ours):
        over = _above(limits, one)
        worst = f", the worst {LIMIT * max(over.values()):.1f} x" if over else ""
        most = max(run.cost for run in one.outcomes)
        print(f"{one.name} | {one.mean_s:.2f}, {most:.2f} | {len(over)} of {len(limits.most_s)}{worst}")
    better = min(one.mean_s for one in peers)
    share = 1.0 - ours.mean_s / better
    print(f"below the better peer by {share:.1%}, goal {GOAL:.0%}: {'met' if share >= GOAL else 'missed'}")
    print(f"figures of the plans that fail a rule: {len(answer.failing)}")


if __name__ == "__main__":
    main()
