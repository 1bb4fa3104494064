"""Follows the small town, a line before and after each cycle, until somebody ends it: FOLDER STATE_EVERY."""

from __future__ import annotations

import sys
from pathlib import Path

from live_streets import RHYTHM, WATCHED, at, counted_day, small_case, usual_of

from calibration.live import LiveTown

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    case = small_case(folder)
    usual = usual_of(case)
    day = counted_day(case, usual, (2.0, 0.6, 0.6), folder)
    with LiveTown(case, usual, WATCHED, WATCHED, folder / "live", rhythm=RHYTHM, state_every=int(sys.argv[2])) as live:
        for now_s in (900.0, 1200.0, 1500.0, 1800.0, 2100.0):
            print("begin", now_s, flush=True)
            live.cycle(now_s, at(day, WATCHED, now_s))
            print("end", now_s, flush=True)
