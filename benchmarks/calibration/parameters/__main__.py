"""Hidden drivers found again: `CITYTWIN_DATA=... python -m benchmarks.calibration.parameters [TOWN ...]`.

A town is simulated with drivers that nobody knows; a fifth of its driven streets have sensors that count with 5 % error
and measure speeds with 3 %. Both searches get the same number of simulations. Judged on fresh seeds: the parameters
themselves, speeds on streets without sensor, travel times of twenty paths. `--demand` hides the demand too: it is
estimated from the same counts, then drivers, then both again.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from pathlib import Path

from benchmarks.calibration.parameters.alternating import alternated
from benchmarks.calibration.parameters.hidden import Hidden, hidden
from calibration.parameters import SEARCHES, USUAL, FittedParameters, fit_parameters
from scenarios import RayExecutor, SerialExecutor


def main() -> None:
    """Print each town's tables."""
    given = _arguments()
    executor = RayExecutor(workers=given.workers) if given.workers > 1 else SerialExecutor()
    with tempfile.TemporaryDirectory(prefix="citytwin-parameters-") as own, executor:
        for name in given.towns or ["cologne8"]:
            for draw in range(1, given.draws + 1):
                folder = (given.folder or Path(own)).absolute() / f"{name}-{draw}"
                folder.mkdir(parents=True, exist_ok=True)
                where = hidden(name, folder, given.minutes, draw)
                edges = len(where.street.counts.edges)
                print(
                    f"\n{name}, {given.minutes:g} min, draw {draw}, load {os.getloadavg()[0]:.1f}: {edges} driven edges"
                )
                if given.demand:
                    alternated(where, folder, given.simulations, draw, executor, tuple(given.fit))
                    continue
                for search in given.searches:
                    before = _spent_s()
                    found = fit_parameters(
                        where.case, where.street, where.held, folder / "bare", search=search, fit=tuple(given.fit),
                        simulations=given.simulations, fresh=given.fresh, seed=draw, executor=executor,
                    )  # fmt: skip
                    print(f"{search}: {_spent_s() - before:.0f} CPU s here", flush=True)
                    told(where, found)


def told(where: Hidden, found: FittedParameters) -> None:
    """Print what was found beside the truth."""
    print("| parameter | start | truth | found | 90 % interval | data |\n|---|---|---|---|---|---|")
    for one in found.found:
        name = one.parameter.name
        truth = where.values.get(name, one.parameter.start)
        data = "informed" if one.informed else "not informed"
        data += f", trades with {', '.join(one.trades)}" if one.trades else ""
        values = f"{one.parameter.start:.2f} | {truth:.2f} | {one.value:.2f} | {one.low:.2f} to {one.high:.2f}"
        print(f"| {name} | {values} | {data} |")
    verdict = found.judgement
    assert verdict.held_before is not None and verdict.held_after is not None
    print(f"used: misfit {verdict.used_before.misfit:.2f} -> {verdict.used_after.misfit:.2f}; {verdict.reason['en']}")
    for kind, unit in (("flow", "vehicles / 5 min"), ("speed", "m/s"), ("travel_time", "s")):
        old, new = verdict.held_before.errors[kind], verdict.held_after.errors[kind]
        print(f"held out, mean absolute error of {kind}: {old:.2f} -> {new:.2f} {unit}")
    print(flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towns", nargs="*", choices=["cologne8", "bologna", []])
    parser.add_argument("--searches", nargs="+", choices=SEARCHES, default=list(SEARCHES))
    parser.add_argument("--fit", nargs="+", default=list(USUAL))
    parser.add_argument("--simulations", type=int, default=120)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--fresh", type=int, default=4)
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="on Ray from two on")
    parser.add_argument("--demand", action="store_true", help="the demand is hidden too")
    parser.add_argument("--folder", type=Path, help="where runs stay; none is kept without it")
    return parser.parse_args()


def _spent_s() -> float:
    mine, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
