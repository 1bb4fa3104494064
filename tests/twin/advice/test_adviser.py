"""Advice on a blocked lane: what helps is found and judged, goes to the desk, and can be repeated to the last digit."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from calibration.live import Tried
from models.sumo.tallied import Tally
from networks.errors import BadInput, NotThere
from networks.sentence import say
from twin.advice import Adviser, Option, Plan, raced, repeat
from twin.commands.replay import replay_command
from twin.desk import Desk

PLAN = Plan(choosing=2, judging=4, best=2)


@pytest.fixture(scope="module")
def advised(place, tmp_path_factory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("kept")
    turn = replace(place.turn, mode=replace(place.turn.mode, members=4))
    adviser = Adviser(place.town, place.ground, folder, plan=PLAN, horizon_s=900.0, delay_s=60.0)
    adviser.advise([place.finding], turn, place.picture)
    return adviser, folder, turn


def test_what_leads_round_a_blocked_lane_is_better_than_nothing(advised, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    adviser, _, turn = advised
    (advice,) = adviser.last
    names = {one.name for one in advice.options}
    assert {"nothing", "signs", "broadcast", "closure", "meter"} <= names and "signs+meter" in names
    assert not advice.race.left_out and len(advice.race.judging) == 4
    (document,) = adviser.documents
    assert "signs" in document["option"] or document["option"] in {"broadcast", "closure"}
    assert document["effect"]["high"] < 0 and document["effect"]["n"] == 4
    assert document["run_id"] == turn.run_id and document["interval"]["jointly"] == 2
    assert [one["name"] for one in document["alternatives"]][-1] == "nothing"
    judged = [one for one in document["alternatives"] if one["effect"]]
    assert judged and all(one["action"] for one in judged)
    desk = Desk.open(tmp_path / "desk.sqlite", now=lambda: turn.now)
    entry = desk.propose(document)
    desk.close()
    assert entry.status == "proposed" and entry.rec_id == document["rec_id"]


def test_the_receipt_says_it_in_both_languages(advised) -> None:  # type: ignore[no-untyped-def]
    adviser, folder, _ = advised
    (document,) = adviser.documents
    page = (folder / f"{document['rec_id']}.html").read_text(encoding="utf-8")
    assert "a lane of main is blocked" in page and "main 一条车道受阻" in page
    assert "valid until" in page and "有效期至" in page and f"twin replay {document['rec_id']}" in page


def test_what_was_tried_is_repeated_exactly_and_what_was_changed_is_found(advised) -> None:  # type: ignore[no-untyped-def]
    adviser, folder, _ = advised
    rec_id = adviser.documents[0]["rec_id"]
    found = repeat(folder, rec_id[:6])
    assert found.same and found.then == found.now and found.runs == 2 * len(adviser.last[0].options) + 4 * 3
    file = folder / f"{rec_id}.evidence.json.gz"
    told = json.loads(gzip.decompress(file.read_bytes()))
    name = next(iter(told["counted"]))
    told["counted"][name]["vehicle_h"] -= 1.0
    (folder / "forged.evidence.json.gz").write_bytes(gzip.compress(json.dumps(told).encode()))
    answer = CliRunner().invoke(replay_command, ["forged", "--advice", str(folder)])
    assert answer.exit_code == 6 and name in answer.output
    with pytest.raises(NotThere):
        repeat(folder, "nobody")
    told["past"]["digests"] = {next(iter(told["past"]["digests"])): "0"}
    (folder / "moved.evidence.json.gz").write_bytes(gzip.compress(json.dumps(told).encode()))
    with pytest.raises(BadInput, match="another than it was"):
        repeat(folder, "moved")


def test_trouble_elsewhere_or_of_another_kind_is_left_to_others(place, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    adviser = Adviser(place.town, place.ground, tmp_path, plan=PLAN)
    other = [replace(place.finding, kind="sensor"), replace(place.finding, subject="nowhere")]
    assert adviser.advise(other, place.turn, place.picture) == [] and adviser.last == ()


class Slow:
    """Members that cost what a table says, and take their time on a clock."""

    def __init__(self, hours: dict[str, float], each_s: float) -> None:
        self.hours, self.each_s, self.now_s = hours, each_s, 0.0

    def tried(self, alternatives, members, **_):  # type: ignore[no-untyped-def]
        draws = [(name, member) for member in members for name in alternatives]
        self.now_s += self.each_s * len(draws)
        return Tried({(n, m): Tally(self.hours[n] + m, 0.0, 0, 0, 0, 0) for n, m in draws}, {}, 0.0)


@pytest.mark.parametrize(
    ("each_s", "chose", "judged"), [(0.01, 4, 16), (1.0, 4, 16), (4.0, 4, 4), (6.0, 2, 4), (50.0, 2, 2)]
)
def test_where_time_is_short_fewer_members_choose_and_judge_and_the_order_stays(
    each_s: float, chose: int, judged: int
) -> None:
    options = [Option(name, say(name, name)) for name in ("nothing", "worse", "best", "good")]
    futures = Slow({"nothing": 10.0, "worse": 11.0, "best": 5.0, "good": 7.0}, each_s)
    race = raced(options, futures, Plan(best=2, left_s=120.0), since_s=0.0, clock=lambda: futures.now_s)
    assert [row.option.name for row in race.ranked] == ["best", "good", "worse"]
    assert sum(len(members) for _, members in race.rounds[:-1]) == chose and len(race.judging) == judged
    best = race.ranked[0].effect
    assert best is not None and best.difference == pytest.approx(-5.0) and race.ranked[0].better
