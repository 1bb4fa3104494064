"""Copies of a live city: how long a fork takes, and whether every copy is exact.

    python -m benchmarks.traffic.forks [--networks bologna,hamburg] [--warm 1800] [--horizon 1800] [--forks 50]
                                       [--run 5] [--no-peer]

Each network runs to --warm. Then it is forked --forks times; all but --run copies are compared with it at once, --run
of them and the city itself run on for --horizon and are compared at the end, every vehicle to the last digit. A fork's
time is from the wish until the child has its own files. The peer is SUMO's own save and load: a state saved at the same
moment (with its random generators, 15 digits) and loaded into a fresh process, run as far.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from models.sumo import SumoCase, read_case
from models.sumo.branch import Branch, Ended
from models.sumo.positions import Positions
from models.sumo.prepared import prepared
from models.sumo.warm import WarmCity

GOAL_MS = 50.0
FILES = {"bologna": "bologna/run.sumocfg", "hamburg": "hamburg/run_simulation.sumocfg"}


def measure(
    case: SumoCase, warm_s: float, horizon_s: float, forks: int, run: int, folder: Path
) -> tuple[bool, Positions]:
    """One network; prints its row, says whether the goal is met, and where the city ended."""
    end_s = warm_s + horizon_s
    with WarmCity(prepared(case, 1, tables=("trips",)), folder) as city:
        moment = city.step_until(warm_s)
        at_once = city.fork([Branch(f"copy {k}", warm_s) for k in range(forks - run)], at_once=1)
        running = [Branch(f"run {k}", end_s, tables=True) for k in range(run)]
        on = city.fork(running, at_once=os.cpu_count(), step_until=end_s)
        parent = city.now
        exact = [one.before == moment and one.after == moment for one in at_once]
        exact += [one.before == moment and one.after == parent for one in on]
        _print(case.file.parent.name, moment, parent, [*at_once, *on], exact)
    return all(exact) and max(one.ready_ms for one in (*at_once, *on)) <= GOAL_MS, parent


def _print(name: str, moment: Positions, parent: Positions, all_of_them: list[Ended], exact: list[bool]) -> None:
    ms = np.array([one.ready_ms for one in all_of_them])
    dirty = max(one.dirty_mb for one in all_of_them)
    cpu_s = sum(one.cpu_s for one in all_of_them)
    within = int((ms <= GOAL_MS).sum())
    print(f"{name}: {moment.vehicles} vehicles copied, {parent.vehicles} at the end; load {os.getloadavg()[0]:.1f}")
    print(f"  fork ms: median {np.median(ms):.1f}, 95 % {np.percentile(ms, 95):.1f}, worst {ms.max():.1f}")
    print(f"  within {GOAL_MS:.0f} ms: {within} of {len(ms)}; exact: {sum(exact)} of {len(exact)}")
    print(f"  dirty at most {dirty:.0f} MB a child; all children {cpu_s:.0f} CPU s", flush=True)
    for one in all_of_them:
        if one.problem:
            print(f"  {one.name}: {one.problem}")


def _print_peer(case: SumoCase, warm_s: float, end_s: float, folder: Path, parent: Positions) -> None:
    """Save, load into a fresh process, run as far, and print how long it took and whether it is the same city."""
    state = folder / "state.xml.gz"
    saving = {"save-state.rng": "true", "save-state.precision": "15", "save-state.times": f"{warm_s:g}"}
    with WarmCity(prepared(case, 1, options={**saving, "save-state.files": str(state)}), folder / "saving") as city:
        city.step_until(warm_s + case.step_s)
    loading = {"load-state": str(state), "begin": f"{warm_s:g}"}
    began = time.perf_counter()
    with WarmCity(prepared(case, 1, options=loading), folder / "loading") as city:
        loaded_ms = (time.perf_counter() - began) * 1e3
        same = city.step_until(end_s).digest == parent.digest
    print(
        f"  SUMO's save/load: loaded in {loaded_ms:.0f} ms, {'equal' if same else 'NOT equal'} at the end", flush=True
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", default="bologna,hamburg")
    parser.add_argument("--warm", type=float, default=1800.0)
    parser.add_argument("--horizon", type=float, default=1800.0)
    parser.add_argument("--forks", type=int, default=50)
    parser.add_argument("--run", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    given = parser.parse_args()
    data = Path(os.environ["CITYTWIN_DATA"]) / "sumo"
    met = True
    for name in given.networks.split(","):
        case = read_case(data / FILES[name]).between(0.0, given.warm + given.horizon)
        with tempfile.TemporaryDirectory(prefix="citytwin-") as folder:
            ours, parent = measure(case, given.warm, given.horizon, given.forks, given.run, Path(folder) / "run")
            met &= ours
            if not given.no_peer:
                _print_peer(case, given.warm, given.warm + given.horizon, Path(folder), parent)
    print(f"goal (every fork <= {GOAL_MS:.0f} ms, every copy exact): {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
