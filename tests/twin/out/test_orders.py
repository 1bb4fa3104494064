"""Who gets which part of a recommendation, and files of receivers with mistakes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from networks.errors import BadInput, NotThere, Refused
from twin.out import assets_of, orders_of, read_receivers

FILE = """receivers:
  - id: north
    takes: [signal_plan, rollback]
    assets: [A, B]
    way: {kind: mqtt}
  - id: south
    takes: [signal_plan]
    assets: ['signal:C']
    way: {kind: mqtt}
  - id: signs
    takes: [vms, situation]
    way: {kind: mqtt}
    done_within_s: 60
"""
PLANS = {"kind": "signal_plan", "plans": [{"tls_id": one, "phases": []} for one in "ABC"]}
CLOSED = {"kind": "lanes_closed", "lanes": ["e1_0", "e1_1"]}


def document(*action: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"en": "Round the incident", "zh": "绕行"}
    return {"rec_id": "r1", "title": title, "action": list(action), "valid_until": "2026-07-01T09:00:00+00:00", **more}


@pytest.fixture
def everybody(tmp_path: Path) -> Any:
    (tmp_path / "receivers.yaml").write_text(FILE)
    return read_receivers(tmp_path / "receivers.yaml").all


def test_each_gets_its_own_part_and_the_same_words_have_the_same_key(everybody: Any) -> None:
    orders = orders_of(document(PLANS, CLOSED), everybody, run_id="run-1")
    assert [(one.channel, one.kind) for one in orders] == [
        *(("north", "signal_plan"), ("south", "signal_plan"), ("signs", "situation"))
    ]
    told = {one.channel: one.body["interventions"] for one in orders}
    assert [plan["tls_id"] for plan in told["north"][0]["plans"]] == ["A", "B"]
    assert [plan["tls_id"] for plan in told["south"][0]["plans"]] == ["C"] and told["signs"] == [CLOSED]
    assert {one.not_after for one in orders} == {datetime(2026, 7, 1, 9, tzinfo=UTC)}
    again = orders_of(document(PLANS, CLOSED), everybody, run_id="run-2")
    assert [one.key for one in again] == [one.key for one in orders] and len({one.key for one in orders}) == 3
    changed = orders_of(document(PLANS, CLOSED | {"lanes": ["e1_0"]}), everybody)
    assert [a.key == b.key for a, b in zip(orders, changed, strict=True)] == [True, True, False]


def test_half_a_plan_is_not_ordered(everybody: Any) -> None:
    with pytest.raises(Refused, match="nobody takes signal_plan of A, D"):
        orders_of(document(CLOSED, {"kind": "signal_plan", "plans": [{"tls_id": "A"}, {"tls_id": "D"}]}), everybody)
    with pytest.raises(Refused, match="nobody takes transit_fleet"):
        orders_of(document(CLOSED, {"kind": "transit_fleet", "line": "18"}), everybody)
    with pytest.raises(BadInput, match="valid_until"):
        orders_of({"rec_id": "r1", "action": [CLOSED]}, everybody)


def test_a_rollback_says_what_it_undoes(everybody: Any) -> None:
    (order,) = orders_of(document({"kind": "signal_program", "signal": "A", "program": "0"}, undoes="r0"), everybody)
    assert (order.kind, order.channel, order.body["undoes"]) == ("rollback", "north", "r0")


def test_what_was_changed_at_the_desk_is_what_leaves(everybody: Any) -> None:
    class Leave:
        allowed_by, not_after = "bound:b1", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
        action = ({"kind": "lanes_closed", "lanes": ["e1_1"]},)

    (order,) = orders_of(document(CLOSED), everybody, allowed=Leave(), where={"e1_1": (9.0, 50.0)}.get)
    assert order.body["interventions"] == [{"kind": "lanes_closed", "lanes": ["e1_1"]}]
    assert (order.allowed_by, order.not_after) == ("bound:b1", Leave.not_after)
    assert order.body["places"] == {"e1_1": (9.0, 50.0)}


def test_assets_are_found_wherever_they_stand() -> None:
    assert assets_of(PLANS) == {"A", "B", "C"} and assets_of(CLOSED) == {"e1_0", "e1_1"}
    assert assets_of({"kind": "x", "deep": [{"edges": ["e2"]}, {"signal": "S"}], "lane": "e3_0"}) == {"e2", "S", "e3_0"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("takes: [vms, situation]", "takes: [gossip]", "line 11"),
        ("kind: mqtt}\n    done", "kind: pigeon}\n    done", "line 12"),
        ("id: south", "id: north", "a second receiver is called north"),
        ("done_within_s: 60", "done_within_s: -1", "line 13"),
        ("done_within_s: 60", "dun_within_s: 60", "line 13"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "receivers.yaml"
    file.write_text(FILE.replace(old, new))
    with pytest.raises(BadInput) as told:
        read_receivers(file)
    assert said in str(told.value) and "receivers.yaml" in str(told.value)
    with pytest.raises(BadInput, match="no such file"):
        read_receivers(tmp_path / "none.yaml")


def test_one_receiver_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "receivers.yaml").write_text(FILE)
    read = read_receivers(tmp_path / "receivers.yaml")
    assert read.receiver("signs").done_within_s == 60.0
    with pytest.raises(NotThere, match="no receiver 'x'"):
        read.receiver("x")
