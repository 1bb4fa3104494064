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
from benchmarks.kept_table import keep_table, row_of_share, table_option
from calibration.parameters import SEARCHES, USUAL, FittedParameters, fit_parameters
from networks.sentence import say
from scenarios import RayExecutor, SerialExecutor
from twin.validation import Row

UNITS = {"flow": "vehicles / 5 min", "speed": "m/s", "travel_time": "s"}
FIXED = say(
    "Hidden drivers, sensors and streets that judge are drawn by number; the gate is the error of the values before.",
    "隐藏驾驶参数、检测器与评判路段按编号抽取；限值为反演前取值的误差。",
)


def main() -> None:
    """Print each town's tables."""
    given, rows, read = _arguments(), list[Row](), list[Path]()
    executor = RayExecutor(workers=given.workers) if given.workers > 1 else SerialExecutor()
    with tempfile.TemporaryDirectory(prefix="citytwin-parameters-") as own, executor:
        for name in given.towns or ["cologne8"]:
            for draw in range(1, given.draws + 1):
                folder = (given.folder or Path(own)).absolute() / f"{name}-{draw}"
                folder.mkdir(parents=True, exist_ok=True)
                where = hidden(name, folder, given.minutes, draw)
                read.append(where.case.net)
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
                    rows += _rows(f"{name}, {given.minutes:g} min, draw {draw}, {search}", where, found)
    left_out = ["bologna: not asked for"] if "bologna" not in given.towns else []
    keep_table(given.table, "parameters", rows, fixed=FIXED, data=read, left_out=left_out)


def _rows(case: str, where: Hidden, found: FittedParameters) -> list[Row]:
    """Errors where nobody looked, and how many intervals hold the truth."""
    verdict, rows = found.judgement, list[Row]()
    assert verdict.held_before is not None and verdict.held_after is not None
    for kind, unit in UNITS.items():
        before, after = verdict.held_before.errors[kind], verdict.held_after.errors[kind]
        rows.append(Row(case, "real", f"held out, mean absolute error of {kind} ({unit})", after, before))
    known = [one for one in found.found if one.informed]
    held = sum(one.low <= where.values.get(one.parameter.name, one.parameter.start) <= one.high for one in known)
    return [
        *rows,
        row_of_share(case, "real", "informed parameters whose 90 % interval holds the truth", held, len(known)),
    ]


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
    for kind, unit in UNITS.items():
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
    table_option(parser)
    return parser.parse_args()


def _spent_s() -> float:
    mine, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
