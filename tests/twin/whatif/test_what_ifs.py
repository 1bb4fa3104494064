"""The queue: one at a time, ended by hand, by time, by a crash; nothing is forgotten by a restart."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from planning_town import closure

from networks.errors import BadScenario, NotThere, Refused
from twin.whatif import Question, WhatIf, WhatIfs
from twin.whatif.what_if import write_json
from twin.whatif.what_ifs import MOST_WAITING

Queue = Callable[..., WhatIfs]
Until = Callable[[Callable[[], bool]], None]


def asked(queue: WhatIfs, **more: Any) -> WhatIf:
    return queue.ask(Question(scenario=closure(), **more), "Ann")


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_at_a_time_in_the_order_in_which_they_came(pretending: Queue, until: Until) -> None:
    queue = pretending()
    first = asked(queue)
    until(lambda: queue.one(first.key).progress != {})
    second = asked(queue)
    assert [one.state for one in (queue.one(first.key), queue.one(second.key))] == ["running", "waiting"]
    (queue.folder / "go").touch()
    until(lambda: queue.one(second.key).state == "done")
    told = (queue.folder / "order.txt").read_text().splitlines()
    assert told == [f"{one.key} {what}" for one in (first, second) for what in ("begins", "ends")]
    assert [one.who for one in queue.all()] == ["Ann", "Ann"]


def test_those_asked_within_one_second_are_answered_as_they_were_asked(pretending: Queue, until: Until) -> None:
    queue = pretending()
    asked_for = [asked(queue).key for _ in range(5)]
    assert [one.key for one in queue.all()] == asked_for[::-1]
    (queue.folder / "go").touch()
    until(lambda: queue.one(asked_for[-1]).state == "done")
    told = (queue.folder / "order.txt").read_text().splitlines()
    assert [line.split()[0] for line in told if line.endswith("begins")] == asked_for


def test_what_is_ended_is_gone_and_the_next_begins(pretending: Queue, until: Until) -> None:
    queue = pretending()
    first, second, third = asked(queue), asked(queue), asked(queue)
    until(lambda: "pid" in queue.one(first.key).progress)
    queue.end(second.key, "Bob")
    pid = queue.one(first.key).progress["pid"]
    assert queue.end(first.key, "Bob").state == "ended"
    until(lambda: queue.one(third.key).state == "running")
    until(lambda: gone(pid))
    assert queue.one(first.key).told == {"en": "ended by Bob", "zh": "由Bob结束"}
    with pytest.raises(Refused, match="over"):
        queue.end(first.key, "Bob")
    assert queue.one(second.key).progress == {}, "it never began"


def test_a_restart_goes_on_with_what_was_under_way(pretending: Queue, until: Until) -> None:
    before = pretending()
    first, second = asked(before), asked(before)
    until(lambda: "pid" in before.one(first.key).progress)
    pid = before.one(first.key).progress["pid"]
    before.close()
    assert gone(pid) and before.one(first.key).state == "waiting"
    (before.folder / "go").touch()
    after = pretending()
    until(lambda: after.one(second.key).state == "done")
    assert after.one(first.key).state == "done"


def test_a_service_that_was_killed_left_it_running_and_it_is_run_again(pretending: Queue, until: Until) -> None:
    queue = pretending()
    queue.close()
    one = asked(queue)
    write_json(one.folder / "state.json", {"state": "running", "told": None})
    (queue.folder / "go").touch()
    again = pretending()
    until(lambda: again.one(one.key).state == "done")


def test_who_does_not_end_in_time_is_ended_and_says_what_to_do(pretending: Queue, until: Until) -> None:
    queue = pretending()
    question = Question(scenario=closure(), budget_s=10.0).model_copy(update={"budget_s": 0.5})
    one = queue.ask(question, "Ann")
    until(lambda: queue.one(one.key).state == "failed")
    told = queue.one(one.key).told
    assert told is not None and "give it longer" in told["en"]
    again = queue.ask(question, "Ann")
    write_json(again.folder / "result.json", {})
    until(lambda: queue.one(again.key).state == "done")


def test_a_worker_that_dies_is_told_and_does_not_stop_the_queue(pretending: Queue, until: Until) -> None:
    queue = pretending("import os; os._exit(7)")
    first, second = asked(queue), asked(queue)
    until(lambda: queue.one(second.key).state == "failed")
    told = queue.one(first.key).told
    assert told is not None and "log" in told["en"]


def test_what_cannot_be_is_refused_before_it_waits(pretending: Queue) -> None:
    queue = pretending()
    for wrong, words in (
        (closure("no-such-street"), "not in the city"),
        (closure(name="../../etc"), "pattern"),
        (closure(period={"begin": "2026-07-17T17:00:00+03:00", "end": "2026-07-17T16:00:00+03:00"}), "not after"),
        (closure(interventions=[{"kind": "signal_plan", "file": "/etc/passwd"}]), "plans|file"),
    ):
        with pytest.raises(BadScenario) as told:
            queue.ask(Question(scenario=wrong), "Ann")
        assert any(word in str(told.value) + str(told.value.place) for word in words.split("|")), told.value
    with pytest.raises(BadScenario, match="response"):
        asked(queue, responses="panic")
    with pytest.raises(NotThere):
        queue.one("../runs")
    assert queue.all() == []


def test_the_queue_is_not_for_ever(pretending: Queue, until: Until) -> None:
    queue = pretending()
    first = asked(queue)
    until(lambda: queue.one(first.key).state == "running")
    for _ in range(MOST_WAITING):
        asked(queue)
    with pytest.raises(Refused, match="wait already"):
        asked(queue)
