"""The hidden city obeys once, safely, in time; and lies when it is told to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import Open

from benchmarks.live.street import Street
from benchmarks.live.street_orders import Order, read_order
from benchmarks.live.street_signals import Plan


def order(key: str, act: dict[str, Any], kind: str = "situation", **more: Any) -> Order:
    body = {"interventions": [act]} | more.pop("body", {})
    return read_order("roads", json.dumps({"key": key, "kind": kind, "body": body, "rec_id": "rec", **more}).encode())


CLOSED = {"kind": "road_closure", "edges": ["bc"]}


def through(street: Street, to_s: float, edge: str = "bc") -> float:
    told = [o for o in street.advance(to_s) if o.sensor_id == edge and o.measure == "vehicle_count"]
    assert len(told) == 1 and told[0].result is not None
    return told[0].result


def shipped(street: Street, signal: str = "b") -> list[list[Any]]:
    logic = street._sumo.trafficlight.getAllProgramLogics(signal)[0]
    return [[phase.duration, phase.state] for phase in logic.phases]


def test_a_closure_closes_and_what_undoes_it_opens(opened: Open) -> None:
    street = opened()
    free = through(street, 300.0)
    assert free > 20
    assert street.take(order("k", CLOSED)) == {"key": "k", "state": "taken", "detail": ""}
    street.advance(360.0)
    assert [ack["state"] for _, ack in street.answers()] == ["done"]
    assert through(street, 600.0) == 0
    back = order("r", {}, "rollback", body={"undoes": "rec"})
    assert (street.take(back) or {})["state"] == "taken"
    assert through(street, 900.0) > 20
    assert not street._roads.closed()


def test_the_same_key_is_done_once_and_answered_each_time(opened: Open) -> None:
    street = opened()
    street.advance(60.0)
    street.take(order("k", CLOSED))
    street.advance(120.0)
    street.take(order("o", CLOSED | {"open": True}))
    street.advance(180.0)
    assert not street._roads.closed()
    assert street.take(order("k", CLOSED)) == {"key": "k", "state": "done", "detail": ""}
    street.advance(240.0)
    assert not street._roads.closed(), "it was done twice"
    other = street.take(order("k", {"kind": "road_closure", "edges": ["ab"]}))
    assert other is not None and other["state"] == "refused" and "another order" in other["detail"]


def test_a_lie_is_a_lie_late_is_late_and_silence_acts(opened: Open) -> None:
    liar = {"name": "roads", "from": 0, "to": 3600}
    street = opened(receivers=[liar | {"does": "lies"}])
    street.advance(60.0)
    assert (street.take(order("k", CLOSED)) or {})["state"] == "done"
    street.advance(120.0)
    assert not street._roads.closed() and street._orders.carried_out() == []
    street = opened(receivers=[liar | {"does": "late", "late_s": 120}])
    assert street.take(order("k", CLOSED)) is None
    street.advance(110.0)
    assert not street._roads.closed() and not street.answers()
    street.advance(130.0)
    assert street._roads.closed() and [ack["state"] for _, ack in street.answers()] == ["done"]
    street = opened(receivers=[liar | {"does": "silent"}])
    assert street.take(order("k", CLOSED)) is None
    street.advance(60.0)
    assert street._roads.closed() and not street.answers()


def test_nothing_is_done_late_or_to_streets_that_are_not_there(opened: Open) -> None:
    street = opened()
    street.advance(300.0)
    late = street.take(order("k", CLOSED, not_after=datetime(2026, 11, 2, 0, 4, tzinfo=UTC).isoformat()))
    assert late is not None and late["state"] == "refused" and late["detail"].startswith("too late")
    strange = street.take(order("s", {"kind": "road_closure", "edges": ["nowhere"]}))
    assert strange is not None and strange["detail"] == "there is no street nowhere"
    nothing = street.take(order("u", {}, "rollback", body={"undoes": "never"}))
    assert nothing is not None and nothing["state"] == "refused"
    street.advance(360.0)
    assert not street._roads.closed()
    with pytest.raises(ValueError, match="needs a key"):
        read_order("roads", b'{"kind": "vms"}')


def test_a_plan_comes_at_the_end_of_a_cycle_and_goes_back(opened: Open) -> None:
    street = opened()
    before = shipped(street)
    longest = max(range(len(before)), key=lambda at: before[at][0])
    longer = [[d + 20 if at == longest else d, state] for at, (d, state) in enumerate(before)]
    act = {"kind": "signal_plan", "plans": [{"tls_id": "b", "phases": longer}]}
    cycle_s = sum(d for d, _ in before)
    street.advance(round(cycle_s * 1.5))
    street.take(order("k", act, "signal_plan"))
    street.advance(street.now_s + 1)
    assert not street.answers(), "it went over in the middle of a cycle"
    street.advance(2 * cycle_s + 3)
    assert [ack["state"] for _, ack in street.answers()] == ["done"]
    assert street._sumo.trafficlight.getProgram("b") == "ordered"
    assert street._controllers.now("b") == Plan("b", tuple((float(d), s) for d, s in longer))
    street.take(order("r", {}, "rollback", body={"undoes": "k"}))
    street.advance(street.now_s + 2 * cycle_s + 30)
    assert street._sumo.trafficlight.getProgram("b") != "ordered"


def test_unsafe_plans_are_refused(opened: Open) -> None:
    street = opened()
    good = shipped(street)
    links = len(good[0][1])
    for phases, word in (
        ([[40.0, "G" * links]], "cross"),
        ([[d, s] for d, s in good if "y" not in s], "amber"),
        ([[d / 10, s] for d, s in good], "cycle"),
        ([[d, s + "r"] for d, s in good], "links"),
    ):
        act = {"kind": "signal_plan", "plans": [{"tls_id": "b", "phases": phases}]}
        ack = street.take(order(f"k-{word}", act, "signal_plan"))
        assert ack is not None and ack["state"] == "refused" and word in ack["detail"], ack
    ack = street.take(order("x", {"kind": "signal_plan", "plans": [{"tls_id": "z", "phases": good}]}, "signal_plan"))
    assert ack is not None and ack["detail"] == "there is no signal z"
