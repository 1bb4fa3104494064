"""An incident that goes on: what was reported is kept, in order, and the board follows from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.emergency import Unit
from models.emergency.incidents import Board, Task
from models.emergency.incidents.board import State
from networks.claim import claimed
from networks.errors import BadInput, NotThere, Refused, TwinError
from scenarios.emergency import kept_incident
from scenarios.emergency.ends import End
from scenarios.emergency.incident import Approach, Incident
from scenarios.emergency.kept_incident import KeptIncident, keep_incident

TIMES = np.array([[100.0, 200.0, np.inf, 300.0], [np.inf, 250.0, 150.0, 400.0]])


def kept(folder: Path) -> KeptIncident:
    """Two tasks, four units; unit u2 cannot do the first, u0 not the second."""
    tasks = [
        Task("close", ("car",), 1, "", 0, 300.0, "", "trial", "封闭"),
        Task("pump", ("car",), 1, "pump", 1, 600.0, "close", "trial"),
    ]
    units = [Unit(f"u{i}", "car", f"e{i}", f"station {i}") for i in range(4)]
    ways = {("close", f"u{i}"): Approach(1.0, (), 0.0, "") for i in range(4)}
    ways |= {("pump", f"u{i}"): Approach(1.0, (), 0.0, "store") for i in range(4)}
    found = Incident("fire", End("here", 0.0, 0.0, (), 0.0), Board(tasks, units, TIMES, 1000.0), ways, {})
    told = {"city": "town", "on_clock": None, "notes": []}
    keep_incident(folder, found, dict.fromkeys(ways, "Long Street"), told)
    return KeptIncident(folder)


def test_who_is_silent_is_replaced_and_told_so_when_it_answers_late(tmp_path: Path) -> None:
    board = kept(tmp_path)
    board.report("u2", "acknowledged", 1010.0, who="desk")
    assert [one.unit.unit_id for one in board.look(1060.0)] == ["u0"]
    with pytest.raises(Refused, match="nobody acknowledged it within 60 s; u1 goes instead"):
        board.report("u0", "acknowledged", 1065.0, who="desk")
    again = KeptIncident(tmp_path)
    assert [(one.unit.unit_id, one.state) for one in again.board.orders] == [
        ("u0", "withdrawn"), ("u2", "acknowledged"), ("u1", "ordered"),
    ]  # fmt: skip
    assert [(one.unit_id, one.state, bool(one.refused)) for one in again.log] == [
        ("u2", "acknowledged", False), ("u0", "silent", False), ("u0", "acknowledged", True),
    ]  # fmt: skip
    assert "call by voice" in again.board.told(1065.0)[0]["en"] and "封闭" in again.board.told(1065.0)[0]["zh"]
    assert "should have been there 1.2 min ago" in again.board.told(1220.0)[-1]["en"]


def test_a_late_word_counts_where_nobody_else_was_ordered_yet(tmp_path: Path) -> None:
    board = kept(tmp_path)
    assert board.report("u0", "acknowledged", 1090.0, who="desk").state == "acknowledged"
    assert [one.unit.unit_id for one in board.look(1090.0)] == ["u2"]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["look", *get_args(State)]), st.integers(0, 50)), max_size=9)
)
def test_what_is_read_again_is_what_was(reports: list[tuple[int, str, int]]) -> None:
    with TemporaryDirectory() as name:
        board, now = kept(Path(name)), 1000.0
        for unit, state, wait in reports:
            now += wait
            try:
                if state == "look":
                    board.look(now)
                else:
                    board.report(f"u{unit}", state, now, who="desk")  # type: ignore[arg-type]
            except TwinError:
                pass
        assert KeptIncident(Path(name)).board.orders == board.board.orders
        assert len({one.unit.unit_id for one in board.board.orders if one.live}) == sum(
            one.live for one in board.board.orders
        )


def test_two_who_write_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = kept(tmp_path), KeptIncident(tmp_path)
    one.report("u0", "acknowledged", 1005.0, who="desk 1")
    other.report("u2", "acknowledged", 1006.0, who="desk 2")
    assert [entry.who for entry in KeptIncident(tmp_path).log] == ["desk 1", "desk 2"]
    monkeypatch.setattr(kept_incident, "PATIENCE_S", 0.0)
    with claimed(tmp_path), pytest.raises(Refused, match="somebody else is writing"):
        one.report("u0", "under_way", 1007.0, who="desk 1")


def test_bad_reports_and_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="no incident is kept here"):
        KeptIncident(tmp_path)
    board = kept(tmp_path)
    with pytest.raises(BadInput, match="nobody says who"):
        board.report("u0", "acknowledged", 1001.0, who=" ")
    board.report("u0", "acknowledged", 1050.0, who="desk")
    with pytest.raises(Refused, match="49 s after the orders is before the last report, 50 s"):
        board.look(1049.0)
    text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
    (tmp_path / "log.jsonl").write_text(text + text[:20] + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no readable report") as told:
        KeptIncident(tmp_path)
    assert told.value.place == "line 2"
    about = json.loads((tmp_path / "incident.json").read_text(encoding="utf-8"))
    (tmp_path / "incident.json").write_text(json.dumps(about | {"tasks": [{}]}), encoding="utf-8")
    with pytest.raises(BadInput, match="no readable incident"):
        KeptIncident(tmp_path)


def test_the_clock_counts_from_the_orders(tmp_path: Path) -> None:
    board = kept(tmp_path)
    later = datetime.fromisoformat(board.about["ordered_at"]) + timedelta(seconds=42)
    assert KeptIncident(tmp_path, wall=lambda: later.astimezone(UTC)).now_s() == 1042.0
    assert board.now_s(7.0) == 1007.0
