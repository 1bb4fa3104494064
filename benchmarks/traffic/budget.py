"""Signal plans for Bologna within a budget: `CITYTWIN_DATA=... python -m benchmarks.traffic.budget`.

Ours: `scenarios.budget` screens on the mesoscopic model and confirms in micro. Peers in the same run: taking one of the
random plans at random, and running random plans in micro for the same time. On a machine that is shared, `--clock cpu`
counts the simulations' processor seconds over the workers instead of the time that passes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.sumo import read_case
from models.sumo.spent import end_running
from scenarios.budget.answer import Answer
from scenarios.budget.answering import Wish, answer_within
from scenarios.budget.clock import Clock, read_budget
from scenarios.budget.schedule import Rules
from scenarios.budget.threads import ThreadExecutor

GOAL_CANDIDATES, GOAL_REGRET = 200, 0.02
CORES = 2


class Metered(ThreadExecutor):
    """Adds up the processor time of the trials that it gives back."""

    def __init__(self, workers: int | None = None, on_stop: Callable[[], None] | None = None) -> None:
        super().__init__(workers, on_stop)
        self.cpu_s, self.micro_cpu_s = 0.0, list[float]()

    def map(self, fn: Callable[[Any], Any], items: Sequence[Any], *more: Any) -> list[Any]:
        """See `Executor.map`."""
        results = super().map(fn, items, *more)
        for trial in results:
            if trial is not None:
                self.cpu_s += trial.cpu_s
                if trial.member.fidelity == "micro" and trial.complete:
                    self.micro_cpu_s.append(trial.cpu_s)
        return results


class CpuClock(Clock):
    """The time that CORES idle cores would show; a batch that has begun ends."""

    def until(self, share: float = 1.0) -> float:  # noqa: ARG002
        """Never: batches are not cut."""
        return float("inf")


def main() -> None:
    """Print candidates, time, effect and regret beside the goal and the peers."""
    given = _arguments()
    budget_s = read_budget(given.budget)
    executor = Metered(given.workers, end_running)
    case = read_case(Path(os.environ["CITYTWIN_DATA"]) / "sumo" / given.case).between(end_s=given.end)
    began = time.perf_counter()
    clock = CpuClock(budget_s, lambda: executor.cpu_s / CORES) if given.clock == "cpu" else Clock(budget_s)
    wish = Wish(budget_s, Rules(candidates=given.candidates), regret=given.regret, seed=given.seed)
    answer, _ = answer_within(case, wish, executor, clock=clock, tell=_tell(began))
    load = f"load {os.getloadavg()[0]:.1f}, {time.perf_counter() - began:.0f} s here, clock: {given.clock}"
    print(f"{given.case}, {answer.horizon_s:g} s, {answer.vehicles} vehicles; {load}")
    print("what | goal | peers, this run | ours")
    counted = f"{answer.screened} ({answer.stopped} stopped early)"
    print(f"candidates within {given.budget} | >= {GOAL_CANDIDATES} | | {counted}, {answer.spent_s:.1f} s")
    print(f"runs | | | {answer.runs['meso']} meso, {answer.runs['micro']} micro, {answer.cpu_s:.0f} CPU s")
    _print_effect(answer)
    _print_regret(answer, budget_s, executor)
    for sentence in answer.missing:
        print(f"not done: {sentence['en']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", default="bologna/run.sumocfg", help="under CITYTWIN_DATA/sumo")
    parser.add_argument("--end", type=float, default=3600.0)
    parser.add_argument("--budget", default="60s")
    parser.add_argument("--candidates", type=int, default=GOAL_CANDIDATES)
    parser.add_argument("--regret", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="of the candidates")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    return parser.parse_args()


def _tell(began: float) -> Callable[[str, int, int], None]:
    def tell(part: str, runs: int, names: int) -> None:
        print(f"  {time.perf_counter() - began:6.0f} s  {part}: {runs} runs, {names - 1} candidates", flush=True)

    return tell


def _print_effect(answer: Answer) -> None:
    for what, effect in (("time per vehicle", answer.effect), ("delay", answer.delay)):
        if effect is not None:
            share = effect.difference / effect.as_it_is
            interval = f"{effect.low:+.1f} to {effect.high:+.1f}, {effect.seeds} fresh seeds"
            print(f"{what}, s | | as it is {effect.as_it_is:.1f} | {effect.difference:+.1f} ({share:+.1%}), {interval}")


def _print_regret(answer: Answer, budget_s: float, executor: Metered) -> None:
    regret = answer.regret
    if regret is None:
        return
    costs = np.array(regret.costs)
    one_s = executor.micro_cpu_s or [budget_s]
    several = max(1, int(budget_s / float(np.mean(one_s))) * CORES)
    best = min(regret.best_cost, regret.chosen_cost)
    lost = [(value - best) / best for value in (costs.mean(), costs[:several].min())]
    peers = f"one at random: {lost[0]:.1%} or more; the best of {several} in micro: {lost[1]:.1%} or more"
    told = f"{regret.share:.2%} against {regret.drawn} random ones, seeds {', '.join(map(str, regret.seeds))}"
    print(f"regret | <= {GOAL_REGRET:.0%} | {peers} | {told}")
    print(f"costs of the random ones, s | | {np.sort(costs).round(1).tolist()} | {regret.chosen_cost:.1f}")


if __name__ == "__main__":
    main()
