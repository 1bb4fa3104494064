"""Progress in a log: not too often, with the time left."""

from __future__ import annotations

import pytest

from twin.progress import Lines


def test_a_line_now_and_then_with_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    lines = Lines(lambda: now[0])
    for done in range(9):
        now[0] = done * 10.0
        lines.show("evening", done, 8)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "evening: 2 of 8, about 60 s left"
    assert len(told) == 4 and told[-1] == "evening: 8 of 8, about 0 s left"
