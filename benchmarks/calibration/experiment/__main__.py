"""Forecasts of hidden days: `CITYTWIN_DATA=... python -m benchmarks.calibration.experiment TOWN --folder DIR`.

Ours beside baselines, where no sensor is, 5 to 60 minutes ahead. The truth is a hidden simulation: IDM drivers instead
of Krauss, own ways and rerouting, another demand with two tides, other signal splits and offsets, rain, and a lane
closed at some time. A fifth of the streets have sensors that err by 5 %; a fifth of these lie. `--sum` prints the
tables of a folder again without simulating. `--table docs/validation` writes what `twin validation` shows.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from benchmarks.calibration.experiment.forecasters import FORECASTERS, opened
from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.judging import keep_rows, kept_rows, rows
from benchmarks.calibration.experiment.known import cut_places
from benchmarks.calibration.experiment.setting import Setting
from benchmarks.calibration.experiment.tables import print_tables, rows_at_30
from benchmarks.calibration.towns import TOWNS, town
from benchmarks.kept_table import files_of, keep_table, table_option
from networks.sentence import say

FIRST_S, LAST_S = 2700.0, 9000.0
"""First and last moment of a forecast, from the begin of the day."""
FIXED = say(
    "Hidden days, sensors and liars are drawn by number; gates are the plan's: 20 % below the best baseline, "
    "90 % intervals that hold .85 to .95.",
    "隐藏日、检测器与失真检测器按编号抽取；限值取自计划：比最优基准低20%，90%区间覆盖率.85至.95。",
)


def main() -> None:
    """Simulate what is not there, forecast, judge, print."""
    given = _arguments()
    folder = given.folder / given.town
    hidden = HiddenTown(town(given.town, given.folder / "towns"), folder, given.seed, past=given.past)
    if not given.sum:
        hidden.make(given.days)
        for number in range(1, given.days + 1):
            for source in given.sources:
                _forecast(hidden, "truth" if number == 1 else f"truth-{number}", source, given)
    print(f"{given.town}, seed {given.seed}, load {os.getloadavg()[0]:.1f}")
    table = kept_rows(folder / "rows")
    print_tables(table, hidden)
    left_out = [f"{name}: not asked for" for name in TOWNS if name != given.town]
    left_out += [f"{name}: not asked for" for name in FORECASTERS if name not in given.sources]
    kept, read = rows_at_30(given.town, table), files_of(hidden.town.case)
    keep_table(given.table, "forecasts", kept, fixed=FIXED, data=read, left_out=left_out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("town", choices=list(TOWNS))
    parser.add_argument("--folder", type=Path, required=True, help="where days and scores are kept, and found again")
    parser.add_argument("--days", type=int, default=1, help="hidden days")
    parser.add_argument("--past", type=int, default=10, help="days of history")
    parser.add_argument("--sources", nargs="+", choices=FORECASTERS, default=list(FORECASTERS))
    parser.add_argument("--every", type=float, default=300.0, help="seconds between forecasts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sum", action="store_true", help="only print the tables of what was judged before")
    table_option(parser)
    return parser.parse_args()


def _forecast(hidden: HiddenTown, day: str, source: str, given: argparse.Namespace) -> None:
    """All forecasts of a source on a day; rows are kept after every one, so that a broken run is worth something."""
    setting = Setting(hidden, day, hidden.folder / "work" / source / day, given.seed)
    truth = cut_places(setting.truth, setting.held)
    opening, oracle = opened(source)
    began, found = time.perf_counter(), []
    with opening(setting) as forecast:
        for step in range(int((LAST_S - FIRST_S) // given.every) + 1):
            known = setting.known(FIRST_S + step * given.every, oracle=oracle)
            if said := forecast(known):
                found.append(rows(said, truth, day))
                keep_rows(found, hidden.folder / "rows", source, day)
    print(f"{day} {source}: {len(found)} forecasts in {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
