"""A recommendation survives its way through JSON, and says when it may no longer be approved."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from networks.errors import BadInput
from scenarios import Recommendation, recommend
from scenarios.comparison import Comparison, Row
from scenarios.searches.recommendation import Alternative, Effect

NOW = datetime(2026, 7, 17, 14, 0, tzinfo=UTC)
NAN = float("nan")
ROWS = (
    Row("mean_delay_s", "s", 100.0, 90.0, -10.0, -14.0, -6.0, 8, 0.8, 4.0, "better"),
    Row("teleports", "vehicles", 2.0, 2.0, 0.0, NAN, NAN, 1, NAN, float("inf"), "cannot tell"),
)


def make(**changes: object) -> Recommendation:
    fields: dict[str, object] = {
        "title": {"en": "Offsets", "zh": "相位差"},
        "action": [{"kind": "signal_plan", "plans": []}],
        "comparison": Comparison("a", "b", ROWS, ({"en": "seed 3 of b (x): gridlock", "zh": "b的种子3：瘫痪"},)),
        "goal": "mean_delay_s",
        "evidence": ["r1", "r2"],
        "created": NOW,
        "valid_until": NOW + timedelta(minutes=30),
        "alternatives": [
            Alternative("none", {"en": "Nothing", "zh": "无"}, None, {"en": "slower", "zh": "更慢"}),
            Alternative("x", {"en": "X", "zh": "X"}, Effect.of(ROWS[1])),
        ],
    }
    return recommend("signal_timing", **{**fields, **changes})  # type: ignore[arg-type]


def test_it_survives_json() -> None:
    rec = make()
    text = json.loads(json.dumps(rec.to_json(), allow_nan=False))
    again = Recommendation.from_json(text)
    assert again.to_json() == rec.to_json()
    assert again.effect == rec.effect
    assert again.alternatives[0] == rec.alternatives[0]


def test_members_left_out_are_among_what_it_rests_on() -> None:
    assert "gridlock" in make().rests_on[0]["en"]


def test_the_id_is_that_of_action_evidence_and_moment() -> None:
    assert make().rec_id == make(title={"en": "Other words"}).rec_id
    assert make().rec_id != make(evidence=["r1"]).rec_id
    assert make().rec_id != make(action=[]).rec_id
    assert make().rec_id != make(created=datetime(2031, 1, 1, tzinfo=UTC)).rec_id


def test_times_need_an_offset() -> None:
    with pytest.raises(ValueError, match="UTC offset"):
        make(valid_until=datetime(2026, 7, 17, 15, 0))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "maybe"},
        {"created": "2026-07-17T14:00:00"},
        {"new": 1},
        {"risks": ["English"]},
        {"rests_on": [{"en": "a", "zh": " "}]},
        {"title": {"en": "a"}},
    ],
)
def test_what_is_no_recommendation_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        Recommendation.from_json({**make().to_json(), **change})
