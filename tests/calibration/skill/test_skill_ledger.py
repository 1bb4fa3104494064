"""The ledger of forecasts: nothing lost, nothing half written, nothing scored before its time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from calibration.skill import Forecast, Ledger, Seen
from networks import BadInput

PERIOD_S = 300.0


def said(made_s: float, members: list[list[list[float]]], source: str = "twin") -> Forecast:
    return Forecast(source, "flow", ("a", "b"), made_s, made_s, PERIOD_S, np.array(members))


def seen(begin_s: float, *columns: list[float]) -> Seen:
    return Seen("flow", ("b", "a"), begin_s, PERIOD_S, np.array(columns).T)


def test_a_period_is_scored_when_its_time_has_come_and_not_before(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.issue([said(0.0, [[[10.0, 20.0], [1.0, 2.0]]])])
    came = seen(0.0, [3.0, 12.0], [4.0, 25.0])
    assert ledger.settle([came], 299.0) == () and ledger.waiting == 4
    (first,) = ledger.settle([came], 300.0)
    assert first.places.tolist() == ["a", "b"] and first.seen.tolist() == [12.0, 3.0] and first.horizon_s == 300.0
    assert first.crps.tolist() == [2.0, 2.0] and ledger.waiting == 2
    (second,) = ledger.settle([came], 600.0)
    assert (second.seen - second.median).tolist() == [5.0, 2.0] and second.horizon_s == 600.0
    assert ledger.settle([came], 9e9) == () and ledger.waiting == 0


def test_late_words_are_waited_for_and_missing_ones_told_as_unanswered(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, patience_s=600.0)
    ledger.issue([said(0.0, [[[10.0], [1.0]]])])
    (early,) = ledger.settle([seen(0.0, [2.0, np.nan])], 300.0)
    assert early.places.tolist() == ["b"]
    assert ledger.settle([seen(0.0, [5.0, np.nan])], 900.0) == (), "b is settled, a may still come"
    (unanswered,) = ledger.settle([], 901.0)
    assert unanswered.places.tolist() == ["a"] and np.isnan(unanswered.seen[0]) and np.isnan(unanswered.crps[0])


def test_periods_that_are_not_the_forecasts_do_not_answer_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.issue([said(0.0, [[[10.0], [1.0]]])])
    wrong = Seen("speed", ("a", "b"), 0.0, PERIOD_S, np.ones((2, 1))), Seen("flow", ("a",), 0.0, 60.0, np.ones((1, 9)))
    assert ledger.settle([*wrong, seen(150.0, [1.0, 1.0])], 600.0) == ()


def test_a_source_that_says_nothing_of_a_place_is_not_asked_about_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.issue([said(0.0, [[[10.0], [np.nan]]])])
    (only,) = ledger.settle([seen(0.0, [1.0, 1.0])], 300.0)
    assert only.places.tolist() == ["a"] and ledger.waiting == 0


def test_opened_again_it_goes_on_where_it_stood(tmp_path: Path) -> None:
    forecasts = [said(0.0, [[[10.25, 20.1], [1.0, 2.0]]] * 3), said(0.0, [[[9.0, 9.0], [1.0, 2.0]]], "persistence")]
    served = said(0.0, [[[9.0, 20.0], [1.0, 2.0]]], "served")
    by = np.array([["persistence", "twin"], ["twin", "twin"]])
    ledger = Ledger(tmp_path)
    ledger.issue([*forecasts, served], by={"flow": by})
    before = ledger.settle([seen(0.0, [3.0, 12.0])], 300.0)
    again = Ledger(tmp_path)
    assert again.waiting == ledger.waiting == 6
    again.issue(forecasts)
    assert again.waiting == 6, "what was said is said: a cycle run again after a crash changes nothing"
    kept = {one.source: one for one in again.settled()}
    for one in before:
        assert kept[one.source].crps == pytest.approx(one.crps) and kept[one.source].by.tolist() == one.by.tolist()
    assert kept["served"].by.tolist() == ["persistence", "twin"]
    late = [seen(300.0, [4.0, 25.0])]
    for one, two in zip(ledger.settle(late, 600.0), again.settle(late, 600.0), strict=True):
        assert one.crps.tolist() == two.crps.tolist() and one.by.tolist() == two.by.tolist()


def test_what_is_settled_stays_where_its_forecast_was_let_go(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for now_s in (0.0, 300.0):
        ledger.issue([said(now_s, [[[10.0, 20.0], [1.0, 2.0]]] * 3)])
        ledger.settle([seen(now_s, [3.0, 12.0])], now_s + 300.0)
    min((tmp_path / "issued").glob("*.parquet")).unlink()
    again = Ledger(tmp_path)
    assert again.waiting == ledger.waiting == 2
    assert {one.made_s for one in again.settled()} == {0.0, 300.0}


def test_a_ledger_of_weeks_is_opened_by_its_last_hours(tmp_path: Path) -> None:
    """A forecast a half hour, each of two periods: what waits is found, and what came of it is the same, though of 60
    files of each kind all but 15 cannot be read.
    """
    ledger = Ledger(tmp_path, patience_s=0.0)
    for at in range(60):
        ledger.settle([seen(1800.0 * (at - 1), [3.0, 12.0])], 1800.0 * at)
        ledger.issue([said(1800.0 * at, [[[10.0, 20.0], [1.0, 2.0]]] * 3)])
    for kind in ("issued", "settled"):
        for path in sorted((tmp_path / kind).glob("*.parquet"))[:-15]:
            path.write_text("no")
    again = Ledger(tmp_path, patience_s=0.0)
    assert again.waiting == ledger.waiting == 4
    last = [seen(1800.0 * 59, [3.0, 12.0], [4.0, 5.0])]
    one, two = ledger.settle(last, 1800.0 * 60), again.settle(last, 1800.0 * 60)
    assert [told.crps.tolist() for told in one] == [told.crps.tolist() for told in two] and len(one) == 2
    lately = [told.begin_s for told in again.settled(7200.0)]
    assert min(lately) == 1800.0 * 55 and max(lately) == 1800.0 * 59 + PERIOD_S
    with pytest.raises(BadInput):
        list(again.settled())


def test_it_survives_a_kill_in_the_middle_of_its_work(tmp_path: Path) -> None:
    work = """
        import sys
        import numpy as np
        from pathlib import Path
        from calibration.skill import Forecast, Ledger, Seen
        ledger = Ledger(Path(sys.argv[1]))
        for turn in range(10_000):
            now = 300.0 * turn
            places = tuple(map(str, range(50)))
            ledger.settle([Seen("flow", places, now - 300.0, 300.0, np.ones((50, 1)))], now)
            ledger.issue([Forecast("twin", "flow", places, now, now, 300.0, np.ones((4, 50, 2)))])
            print(turn, flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(work), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(6)]
        os.kill(child.pid, signal.SIGKILL)
        told += [int(line) for line in child.stdout]
    ledger = Ledger(tmp_path)
    settled = list(ledger.settled())
    assert len(settled) >= 2 * told[-1] - 1 and all(len(one.places) == 50 for one in settled)
    assert ledger.waiting in (50, 100, 150)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.endswith(".parquet")]
    assert all(path.name.startswith(".") for path in left)


def test_a_file_that_is_no_part_of_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "settled").mkdir()
    (tmp_path / "settled" / "00000001.parquet").write_text("no")
    with pytest.raises(BadInput, match="00000001"):
        Ledger(tmp_path)
