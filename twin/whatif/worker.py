"""The process that answers one what-if: `python -m twin.whatif.worker FOLDER CITY RUNS`, on one CPU, niced.

It runs what `twin run --responses` runs, a seed at a time on all sides, and writes the comparison anew after each.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import TwinError
from networks.sentence import say
from twin.whatif.spent import Spent
from twin.whatif.what_if import ASKED, PROBLEM, RESULT, SCENARIO, STREETS, read_json, write_json

if TYPE_CHECKING:
    from networks import City
    from scenarios import Scenario


def main(folder: Path, city_folder: Path, runs: Path) -> int:
    """Answer it; the exit status says whether something went wrong, and `problem.json` what."""
    try:
        answer(folder, city_folder, runs)
    except TwinError as error:
        remedy = f" ({error.remedy})" if error.remedy else ""
        write_json(folder / PROBLEM, say(f"{error.what}{remedy}", f"无法计算：{error.what}{remedy}"))
        return error.exit_status
    return 0


def answer(folder: Path, city_folder: Path, runs: Path) -> None:
    """Run, compare and draw until all members are done, or the next one would not fit into the budget.

    Raises:
        BadScenario: The scenario does not fit the city.
        EngineFailed: SUMO stopped.
    """
    from networks import City
    from scenarios import SerialExecutor, Store, check_scenario, read_responses, read_scenario, run_side_by_side, sweep
    from twin.ensemble_file import save_ensemble
    from twin.whatif.planned import planned
    from twin.whatif.streets import street_figures
    from twin.whatif.telling import result_of

    asked = read_json(folder / ASKED)
    clock = Spent(folder, asked["members"])
    city: City = City.open(city_folder)
    scenario: Scenario = read_scenario(folder / SCENARIO)
    check_scenario(scenario, city, file=folder / SCENARIO)
    settled = planned(folder, city, scenario, clock)
    responses = read_responses(asked["responses"])
    store, executor = Store(runs), SerialExecutor()
    sweep(store)
    seeds = scenario.seeds.all
    for number, seed in enumerate(seeds, 1):
        if number > 1 and not clock.fits(asked["budget_s"]):
            break
        clock.member(number)
        run_side_by_side(city, scenario, responses, [seed], store, executor, clock.runs)
        done = run_side_by_side(city, scenario, responses, seeds[:number], store, executor)
        for ensemble in (done.before, *(column.ensemble for column in done.columns)):
            save_ensemble(runs, ensemble, city_digest=city.digest)
        write_json(folder / STREETS, street_figures(city, done, settled))
        write_json(folder / RESULT, result_of(scenario, done, settled, asked, clock.seconds))
    clock.tell("over", 0, 0)


def stay_behind() -> None:
    """Never slow the loop: the lowest priority, one CPU."""
    os.nice(19)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def leave_with_parent() -> None:
    """End, with all that was started, when whoever started this process is gone: its end of our input is closed."""

    def wait() -> None:
        while os.read(0, 1):  # no Python buffer: its lock would be held when we leave
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    stay_behind()
    leave_with_parent()
    sys.exit(main(*(Path(given) for given in sys.argv[1:4])))
