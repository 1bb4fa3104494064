"""Named random streams, and the clock that couples models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

from models import Clock, Exchange
from models.streams import stream


def test_a_stream_is_its_seed_and_its_name() -> None:
    draws = {(seed, name): tuple(stream(seed, name).random(4)) for seed in (1, 2) for name in ("demand", "rain")}
    assert len(set(draws.values())) == 4
    assert tuple(stream(1, "demand").random(4)) == draws[1, "demand"]


def test_a_stream_is_the_same_in_another_process() -> None:
    code = "from models.streams import stream; print(repr(float(stream(7, 'drivers').random())))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(told) == float(stream(7, "drivers").random())


class Counter:
    """Adds what it reads to what it wrote before."""

    def __init__(self, name: str, reads: Sequence[str], writes: Sequence[str], log: list[str]) -> None:
        self.name, self.reads, self.writes, self.log = name, reads, writes, log

    def start(self, exchange: Exchange) -> None:
        exchange.fields.update({field: 0 for field in self.writes})

    def advance(self, until: float, exchange: Exchange) -> None:
        self.log.append(f"{self.name} {until:g}")
        for field in self.writes:
            exchange.fields[field] += 1 + sum(exchange.fields[read] for read in self.reads)
        if self.name == "broken" and until > 1:
            raise RuntimeError("broken")

    def close(self) -> None:
        self.log.append(f"{self.name} closed")


def test_models_advance_in_their_order_and_the_last_step_is_cut_to_the_end() -> None:
    log: list[str] = []
    clock = Clock([Counter("first", (), ("a",), log), Counter("second", ("a",), ("b",), log)], step_s=2.0)
    exchange = clock.run(3.0)
    assert clock.order == ["first", "second"]
    assert log == ["first 2", "second 2", "first 3", "second 3", "first closed", "second closed"]
    # the second reads what the first wrote in the same step: 1 + 1, then 2 + 1 + 2
    assert (exchange.fields["a"], exchange.fields["b"]) == (2, 5)


def test_two_writers_and_a_reader_without_a_writer_are_refused() -> None:
    with pytest.raises(ValueError, match="written by both x and y"):
        Clock([Counter("x", (), ("a",), []), Counter("y", (), ("a",), [])], step_s=1.0)
    with pytest.raises(ValueError, match="which no model writes"):
        Clock([Counter("x", ("nothing",), (), [])], step_s=1.0)


def test_every_model_is_closed_when_one_breaks() -> None:
    log: list[str] = []
    clock = Clock([Counter("whole", (), (), log), Counter("broken", (), (), log)], step_s=1.0)
    with pytest.raises(RuntimeError, match="broken"):
        clock.run(5.0)
    assert log[-2:] == ["whole closed", "broken closed"]


def test_a_command_is_taken_once_and_in_order() -> None:
    exchange = Exchange()
    exchange.post("traffic", 1)
    exchange.post("traffic", 2)
    assert exchange.take("traffic") == [1, 2]
    assert exchange.take("traffic") == []
