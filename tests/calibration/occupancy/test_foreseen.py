"""The next hour, judged on what then happened; observations from a file."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from calibration.observation_file import read_observations
from calibration.occupancy import OUTSIDE, Counter, OccupancyFilter, follow, foresee
from calibration.occupancy.counters import layout_of
from networks.errors import BadInput

sys.path.insert(0, str(Path(__file__).parent))
from counted_day import BEGIN, a_day, time_of


def test_the_next_hour_holds_what_happened_and_beats_no_change() -> None:
    held, miss, still = [], [], []
    for seed in range(3):
        day = a_day(seed)
        for cut in (40, 70, 100):
            found = follow(day.layout, day.table, BEGIN, time_of(cut))
            soon = foresee(found.filter, found.times[-1], 12)
            assert soon.times[-1] == time_of(cut + 12)
            for zone, true in day.people.items():
                said, came = soon.people[zone][-1], true[cut + 11]
                held.append(said.low <= came <= said.high)
                miss.append(abs(said.mean - came))
                still.append(abs(true[cut - 1] - came))
    assert np.mean(held) > 0.8 and np.mean(miss) < 0.75 * np.mean(still)


def test_it_is_the_same_every_time_and_leaves_the_filter_alone_and_nobody_is_made() -> None:
    doors = [Counter("out", "person_count", "hall", OUTSIDE, 1.0, 0.05, "t")]
    filter_ = OccupancyFilter(layout_of(doors), people={"hall": 500.0}, people_sd=1.0)
    for _ in range(5):
        filter_.step(300.0, {"out": 50.0})
    before = filter_.people("hall")
    first, second = (foresee(filter_, BEGIN, 24).people["hall"] for _ in range(2))
    assert first == second and filter_.people("hall") == before
    highs = [one.high for one in first]
    assert highs == sorted(highs, reverse=True) and highs[0] < before.high and first[-1].low >= 0.0


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("g,person_count,2026-05-01T09:00:00,300,4", "begin is '2026-05-01T09:00:00'"),
        ("g,people,2026-05-01T09:00:00+08:00,300,4", "no measure is 'people'"),
        ("g,person_count,2026-05-01T09:00:00+08:00,300,-4", "result is '-4'"),
        ("g,person_count,2026-05-01T09:00:00+08:00,nan,4", "period_s is 'nan'"),
    ],
)
def test_observations_that_cannot_be_read(row: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    file.write_text("sensor_id,measure,begin,period_s,result\n" + row, encoding="utf-8")
    with pytest.raises(BadInput, match="line 2: " + re.escape(told)):
        read_observations(file)


def test_observations_are_read_and_an_empty_result_is_a_gap(tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    rows = ["g,person_count,2026-05-01T09:00:00+08:00,300,4", "g,person_count,2026-05-01T09:05:00+08:00,300,"]
    file.write_text("\n".join(["sensor_id,measure,begin,period_s,result", *rows]), encoding="utf-8")
    told = list(read_observations(file))
    assert [(one.result, one.quality) for one in told] == [(4.0, "good"), (None, "missing")]
    file.write_text("sensor_id,begin\ng,2026\n", encoding="utf-8")
    with pytest.raises(BadInput, match="columns missing or unknown"):
        read_observations(file)
