"""What takes long to make is begun before anybody asks, made once, and tried again where it failed."""

from __future__ import annotations

import threading

import pytest

from twin.api.beforehand import Beforehand


def test_it_is_made_once_and_before_anybody_asks() -> None:
    begun, made = threading.Event(), list[str]()

    def make() -> str:
        begun.set()
        made.append("x")
        return "packed"

    one = Beforehand(make)
    assert begun.wait(10.0)
    assert [one.text(), one.text()] == ["packed", "packed"] and made == ["x"]


def test_who_asks_is_told_why_there_is_none_and_the_next_one_may_have_luck() -> None:
    tries = list[int]()

    def make() -> str:
        tries.append(len(tries))
        if len(tries) < 3:
            raise OSError(f"try {len(tries)}")
        return "packed"

    one = Beforehand(make)
    while not tries:
        threading.Event().wait(0.01)
    with pytest.raises(OSError, match="try 2"):
        one.text()
    assert one.text() == "packed"
