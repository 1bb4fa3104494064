"""`twin outcome` as an engineer calls it: periods drawn, sensors' words in the store, what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calibration import Observation
from calibration.outcomes import schedule
from tests.calibration.live.live_streets import small_case
from twin import Desk
from twin.cli import run
from twin.store import FeedStore

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
STEP = timedelta(minutes=5)
FEEDS = """feeds:
  - id: loops
    title: {en: Loops, zh: 线圈}
    source: {kind: folder, path: in}
    format: sensorthings
    owner: The town
    licence: CC BY 4.0
store: {folder: data}
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A day on which a street of 298 m is driven at 10 m/s, and at 12.5 m/s while the action is on."""
    case = small_case(tmp_path)
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    (tmp_path / "sensors.csv").write_text("sensor_id,edge\nd1,in\nd2,left\n", encoding="utf-8")
    desk = Desk.open(tmp_path / "desk.sqlite", now=lambda: NOON)
    desk.propose({
        "rec_id": "rec-1", "kind": "diversion", "created": NOON.isoformat(), "action": [],
        "valid_until": (NOON + timedelta(hours=1)).isoformat(), "title": {"en": "Divert", "zh": "分流"},
        "effect": {"measure": "vehicle_hours", "unit": "h", "difference": -10.0, "base": 50.0},
    })  # fmt: skip
    desk.decide("rec-1", "approve", who="operator 1", why="the queue is growing")
    desk.close()
    periods = schedule(NOON, NOON + timedelta(hours=3), timedelta(minutes=15), STEP, 1)
    rows = []
    for number in range(36):
        begin = NOON + number * STEP
        on = next(one.on for one in periods if one.begin <= begin < one.end)
        for sensor in ("d1", "d2"):
            rows.append(Observation(sensor, "vehicle_count", begin, 300.0, 20.0, "good", begin + STEP))
            rows.append(Observation(sensor, "speed", begin, 300.0, 12.5 if on else 10.0, "good", begin + STEP))
    with FeedStore(tmp_path / "data") as store:
        store.take("loops", 0, len(rows), list(enumerate(rows)), ())
    monkeypatch.chdir(tmp_path)
    assert case.net.name == "made.net.xml"
    return tmp_path


@pytest.mark.usefixtures("town")
def test_from_the_coin_to_what_it_brought(capsys: pytest.CaptureFixture[str]) -> None:
    desk = ["outcome", "--desk", "desk.sqlite"]
    at = ["--begin", NOON.isoformat(), "--end", (NOON + timedelta(hours=3)).isoformat(), "--who", "engineer 1"]
    assert run([*desk, "plan", "rec-1", *at]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12 and sorted(line.split()[1] for line in lines) == ["off"] * 6 + ["on"] * 6
    assert run([*desk, "plan", "rec-1", *at]) == 4
    assert "drawn already" in capsys.readouterr().err
    ground = ["--feeds", "feeds.yaml", "--net", "made.net.xml", "--sensors", "sensors.csv"]
    assert run([*desk, "measure", "rec-1", *ground]) == 0
    said = "switchback: time past the sensors -20.0 % (90% -20.0 to -20.0 %), 6 pairs or days; promised -20.0 %"
    assert capsys.readouterr().out.strip() == said
    assert run([*desk, "list"]) == 0
    assert said in capsys.readouterr().out
    assert run([*desk, "trust", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.strip() == "diversion: 尚不可知：仅1次实测，至少需5次"


def test_what_cannot_be_measured_is_told(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = ["outcome", "--desk", "desk.sqlite"]
    ground = ["--feeds", "feeds.yaml", "--net", "made.net.xml", "--sensors", "sensors.csv"]
    assert run([*desk, "list"]) == 0
    assert "nothing was measured yet" in capsys.readouterr().err
    assert run([*desk, "measure", "rec-1", *ground]) == 2
    assert "twin outcome plan draws them" in capsys.readouterr().err
    window = ["--since", NOON.isoformat(), "--until", (NOON + timedelta(hours=1)).isoformat()]
    assert run([*desk, "measure", "rec-1", *ground, *window]) == 2
    assert "sensors said too little of the hour before" in capsys.readouterr().err
    (town / "sensors.csv").write_text("sensor_id,edge\nd1,nowhere\n", encoding="utf-8")
    assert run([*desk, "measure", "rec-1", *ground]) == 2
    assert "sensors.csv: no sensor stands on a street of the network" in capsys.readouterr().err
    assert run(["outcome", "--desk", "none.sqlite", "trust"]) == 2
